import { Temporal } from "temporal-polyfill";
import type { UtcMilliseconds } from "../time/clock.ts";

/**
 * Whether a name is one of the IANA time zone database. An offset such as +02:00 is none: it knows no summer
 * time, and a day of the law would begin an hour early or late for half of the year.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * The first instant of a calendar day in a time zone. Where the clocks skip midnight it is the first instant
 * after the gap; where midnight comes twice, the first of the two.
 * @param date such as 2023-08-31
 * @param daysLater counts on from there
 * @throws RangeError where the date or the time zone does not exist
 */
export function startOfDay(date: string, timeZone: string, daysLater = 0): UtcMilliseconds {
  return Temporal.PlainDate.from(date).add({ days: daysLater }).toZonedDateTime({ timeZone })
    .epochMilliseconds;
}

/** The day so many days after another one, as 2025-04-01. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}
