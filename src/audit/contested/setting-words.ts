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
