import type { Language } from "../../report/language.ts";
import { ALL_CONTESTED_SETTINGS } from "../../rules/contested/registry.ts";
import { settingWords } from "../../rules/contested/words.ts";

/** A record's setting, which is in English, in the language of a reader; as it is where this version has none such. */
export function settingIn(language: Language, setting: string): string {
  for (const calibrated of [true, false]) {
    const found = ALL_CONTESTED_SETTINGS.find((each) => settingWords(each, calibrated) === setting);
    if (found !== undefined) return settingWords(found, calibrated, language);
  }
  return setting;
}

/** A record's setting as it would be of a calibrated view, and whether this one was; what is unknown stays as it is. */
export function apartFromCalibration(setting: string): {
  readonly setting: string;
  readonly calibrated: boolean;
} {
  const found = ALL_CONTESTED_SETTINGS.find((each) => settingWords(each, false) === setting);
  return found === undefined
    ? { setting, calibrated: true }
    : { setting: settingWords(found, true), calibrated: false };
}
