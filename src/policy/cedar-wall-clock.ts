import { Temporal } from "temporal-polyfill";
import type { UtcMilliseconds } from "../time/clock.ts";

/** What the clock on the wall says, as the context of a request has it. Minutes count from midnight. */
export interface WallClock {
  readonly [fact: string]: string | number | { from: number; until: number; second: boolean };
  readonly minute: number;
  readonly today: string;
  readonly yesterday: string;
  readonly dayBefore: string;
  /** In the night when an hour comes twice, and only while it does. */
  readonly repeated?: { from: number; until: number; second: boolean };
}

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
/** No clock is changed by more, and none twice within it, ms. */
const NEARBY = 4 * 60 * MINUTE;

/** @throws RangeError where the time zone does not exist */
export function wallClock(at: UtcMilliseconds, timeZone: string): WallClock {
  const now = zoned(at, timeZone);
  const day = (back: number) => NAMES[(now.dayOfWeek + 6 - back) % 7] ?? "";
  const repeated = repeatedHour(at, now);
  return {
    minute: now.hour * 60 + now.minute,
    today: day(0),
    yesterday: day(1),
    dayBefore: day(2),
    ...(repeated === null ? {} : { repeated }),
  };
}

function zoned(at: UtcMilliseconds, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
}

function offset(moment: Temporal.ZonedDateTime): number {
  return moment.offsetNanoseconds / 1e6;
}

/** The hour that the clock shows twice in one night, where this instant lies in either showing of it. */
function repeatedHour(
  at: UtcMilliseconds,
  now: Temporal.ZonedDateTime,
): NonNullable<WallClock["repeated"]> | null {
  const zone = now.timeZoneId;
  const earlier = offset(zoned(at - NEARBY, zone));
  const later = offset(zoned(at + NEARBY, zone));
  const back = earlier - later;
  if (back <= 0) return null;
  const second = offset(now) === later;
  const change = second
    ? now.add({ milliseconds: 1 }).getTimeZoneTransition("previous")
    : now.getTimeZoneTransition("next");
  if (change === null) return null;
  const since = at - change.epochMilliseconds;
  if (second ? since >= back : -since > back) return null;
  const from = minutesBetween(now, change);
  return { from, until: from + back / MINUTE, second };
}

/** The time on the wall at the change, new reading, in minutes from the midnight with which this day began. */
function minutesBetween(now: Temporal.ZonedDateTime, change: Temporal.ZonedDateTime): number {
  const days = now.toPlainDate().until(change.toPlainDate()).days;
  return days * DAY_MINUTES + change.hour * 60 + change.minute;
}
