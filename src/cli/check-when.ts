import { dateAndTime } from "../policy/time-words.ts";
import type { Language } from "../report/language.ts";

/** "30 November 2026 at 18:00 (Europe/Paris)". @param instant RFC 3339 */
export function whenOf(instant: string, timeZone: string, language: Language): string {
  return `${dateAndTime(instant, timeZone, language)} (${timeZone})`;
}

/** "22 November 2026". @param date such as 2026-11-22 */
export function dayOf(date: string, language: Language): string {
  const [day = date] = dateAndTime(`${date}T00:00:00Z`, "UTC", language).split(AT[language]);
  return day;
}

const AT: Readonly<Record<Language, string>> = { en: " at ", fr: " à " };
