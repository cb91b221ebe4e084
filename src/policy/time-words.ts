import type { LanguageMap } from "./fields.ts";

/** The languages that documents are written in. */
export type TextLanguage = keyof LanguageMap;

/** "26 juillet 2024 à 17:30" / "26 July 2024 at 17:30", in the clock of an IANA time zone. */
export function dateAndTime(instant: string, timeZone: string, language: TextLanguage): string {
  const at = new Date(instant);
  const locale = LOCALES[language];
  const date = new Intl.DateTimeFormat(locale, { timeZone, day: "numeric", month: "long", year: "numeric" });
  const time = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    // Whoever ends at 17:30:01 does not end at 17:30.
    ...(at.getTime() % 60_000 === 0 ? {} : { second: "2-digit" }),
    hourCycle: "h23",
  });
  // The first of a month is an ordinal in French, which Intl does not write.
  const day = language === "fr" ? date.format(at).replace(/^1 /, "1er ") : date.format(at);
  return `${day}${language === "fr" ? " à " : " at "}${time.format(at)}`;
}

/** "30 jours", "1 mois et 12 heures": an ISO 8601 duration of whole units in words. */
export function durationWords(duration: string, language: TextLanguage): string {
  const [, years, months, weeks, days, hours, minutes, seconds] = ISO_PARTS.exec(duration) ?? [];
  const names = UNITS[language];
  const parts = [years, months, weeks, days, hours, minutes, seconds].flatMap((digits, index) => {
    const count = Number(digits ?? 0);
    const [one, many] = names[index] ?? ["", ""];
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  if (parts.length === 0) return `0 ${names.at(-1)?.[1] ?? ""}`;
  return new Intl.ListFormat(LOCALES[language], { type: "conjunction" }).format(parts);
}

/** "tous les jours", or the days by name. */
export function dayWords(days: readonly Day[] | null, language: TextLanguage): string {
  if (days === null) return EVERY_DAY[language];
  return new Intl.ListFormat(LOCALES[language], { type: "conjunction" }).format(
    days.map((day) => DAY_NAMES[language][day]),
  );
}

export type Day = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

const LOCALES: Readonly<Record<TextLanguage, string>> = { fr: "fr-FR", en: "en-GB" };
const EVERY_DAY: Readonly<Record<TextLanguage, string>> = { fr: "tous les jours", en: "every day" };
const ISO_PARTS = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Of one and of many, from years to seconds. */
const UNITS: Readonly<Record<TextLanguage, readonly (readonly [string, string])[]>> = {
  fr: [
    ["an", "ans"],
    ["mois", "mois"],
    ["semaine", "semaines"],
    ["jour", "jours"],
    ["heure", "heures"],
    ["minute", "minutes"],
    ["seconde", "secondes"],
  ],
  en: [
    ["year", "years"],
    ["month", "months"],
    ["week", "weeks"],
    ["day", "days"],
    ["hour", "hours"],
    ["minute", "minutes"],
    ["second", "seconds"],
  ],
};

const DAY_NAMES: Readonly<Record<TextLanguage, Readonly<Record<Day, string>>>> = {
  fr: {
    mon: "lundi",
    tue: "mardi",
    wed: "mercredi",
    thu: "jeudi",
    fri: "vendredi",
    sat: "samedi",
    sun: "dimanche",
  },
  en: {
    mon: "Monday",
    tue: "Tuesday",
    wed: "Wednesday",
    thu: "Thursday",
    fri: "Friday",
    sat: "Saturday",
    sun: "Sunday",
  },
};
