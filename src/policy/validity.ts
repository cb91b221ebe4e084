import { Temporal } from "temporal-polyfill";
import type { UtcMilliseconds } from "../time/clock.ts";
import type { AnalyticAuthorisation, Authorisation, AuthorisationStatus } from "./authorisation.ts";
import type { SignatureState } from "./signature.ts";

/** Time as authorisations know it: calendar durations, windows of the day, what lapses and when. */

/** In which the law's dates and hours are read where a profile says nothing else. */
export const DEFAULT_TIME_ZONE = "Europe/Paris";

/**
 * Statuses that let something run, which count only with a valid signature. All others restrict, and count even
 * unsigned: to stop is nobody's privilege.
 */
const PERMITTING: readonly AuthorisationStatus[] = ["published", "active"];
/** After these nothing begins again. */
export const ENDED: readonly AuthorisationStatus[] = [
  "expired",
  "withdrawn",
  "annulled",
  "never_took_effect",
  "renewed",
];
/** What may follow what in a status history. A court may annul also what has ended. */
const NEXT: Readonly<Record<AuthorisationStatus, readonly AuthorisationStatus[]>> = {
  draft: ["published", "withdrawn", "never_took_effect"],
  published: ["active", "suspended", ...ENDED],
  active: ["suspended", ...ENDED],
  suspended: ["active", ...ENDED],
  expired: ["annulled", "never_took_effect", "renewed"],
  withdrawn: ["annulled", "never_took_effect"],
  renewed: ["expired", "withdrawn", "annulled", "never_took_effect"],
  annulled: [],
  never_took_effect: [],
};

/** Whether an authorisation may go from one status to another. */
export function mayFollow(from: AuthorisationStatus, to: AuthorisationStatus): boolean {
  return NEXT[from].includes(to);
}

/** A decision that was annulled, or that never took effect, is taken never to have been: also for what lies before. */
const FROM_THE_START: readonly AuthorisationStatus[] = ["annulled", "never_took_effect"];

/**
 * The status that an authorisation had at an instant, by its history alone.
 * @param history what became of the signature of each entry, in the history's order
 */
export function statusAt(
  a: Authorisation,
  history: readonly SignatureState[],
  at: UtcMilliseconds,
): AuthorisationStatus {
  const undone = a.statusHistory.find((entry) => FROM_THE_START.includes(entry.status));
  if (undone !== undefined) return undone.status;
  let status: AuthorisationStatus = "draft";
  for (const [index, entry] of a.statusHistory.entries()) {
    if (Date.parse(entry.at) > at) continue;
    if (ENDED.includes(status) && !ENDED.includes(entry.status)) continue;
    if (PERMITTING.includes(entry.status) && history[index] !== "valid") continue;
    status = entry.status;
  }
  return status;
}

type Condition = AnalyticAuthorisation["conditions"][number];

/**
 * Whether a condition is attested at an instant. `lapsed` from the first instant after `attestedAt` plus `validFor`,
 * or plus `maximum` where that is shorter. An attestation from after the instant does not count: `missing`.
 * The attestation's signature is looked at elsewhere.
 * @param maximum ISO 8601 duration, the profile's `limits.attestationValidFor`
 */
export function conditionState(
  condition: Pick<Condition, "attestedAt" | "validFor">,
  at: UtcMilliseconds,
  maximum: string,
  timeZone: string = DEFAULT_TIME_ZONE,
): "fresh" | "missing" | "lapsed" {
  if (condition.attestedAt === null) return "missing";
  const from = Date.parse(condition.attestedAt);
  if (from > at) return "missing";
  const end = Math.min(
    isoDurationEnd(from, condition.validFor, timeZone),
    isoDurationEnd(from, maximum, timeZone),
  );
  return at < end ? "fresh" : "lapsed";
}

/**
 * The first instant after a duration: calendar units on the calendar of the time zone, hours and less in exact time.
 * A month from 31 January ends on the last day of February.
 * @returns Infinity where that lies beyond the calendar
 */
export function isoDurationEnd(
  from: UtcMilliseconds,
  duration: string,
  timeZone: string = DEFAULT_TIME_ZONE,
): UtcMilliseconds {
  const start = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone);
  try {
    return start.add(Temporal.Duration.from(duration)).epochMilliseconds;
  } catch (thrown) {
    if (thrown instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw thrown;
  }
}

/** A month of 30 days, a year of 365: how calendar durations compare with durations in days. */
const REFERENCE = Temporal.PlainDateTime.from("2023-04-01T00:00");

/**
 * Whether one ISO 8601 duration is longer than another, both counted from 1 April 2023 in UTC: a month has 30 days and
 * a year 365, so that `P30D` is no longer than `P1M`, and `P31D` is.
 */
export function isLonger(duration: string, than: string): boolean {
  const start = REFERENCE.toZonedDateTime("UTC").epochMilliseconds;
  return isoDurationEnd(start, duration, "UTC") > isoDurationEnd(start, than, "UTC");
}

type DailyWindow = AnalyticAuthorisation["dailyWindows"][number];
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/**
 * Whether an instant lies in one of the windows of the day; no windows: always. A window that ends not after it
 * begins runs over midnight and belongs to the day on which it begins.
 *
 * In the nights when the clock changes every reading of the window must agree, since a permission in doubt is none.
 * Where an hour comes twice, a window that begins within it begins at the second reading, and one that ends within it
 * ends at the first; where an hour is left out, a time within it is the instant of the change.
 */
export function inDailyWindow(
  windows: readonly DailyWindow[],
  at: UtcMilliseconds,
  timeZone: string = DEFAULT_TIME_ZONE,
): boolean {
  if (windows.length === 0) return true;
  const now = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const today = now.toPlainDate();
  return windows.some((window) => {
    const from = minutesOf(window.from);
    const until =
      minutesOf(window.until) > from ? minutesOf(window.until) : minutesOf(window.until) + DAY_MINUTES;
    // A window from 24:00 over midnight ends two days after its own.
    return [0, 1, 2].some((back) => {
      const reading = now.hour * 60 + now.minute + back * DAY_MINUTES;
      // No reading of the window holds an instant at which the clock on the wall is outside it.
      if (reading < from || reading >= until) return false;
      const day = back === 0 ? today : today.subtract({ days: back });
      const name = DAYS[day.dayOfWeek - 1];
      if (window.days !== null && (name === undefined || !window.days.includes(name))) return false;
      return (
        instantOfDay(day, from, timeZone, "later") <= at && at < instantOfDay(day, until, timeZone, "earlier")
      );
    });
  });
}

const DAY_MINUTES = 1440;

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** When a time of day is reached. @param reading which of two instants is meant where the hour comes twice */
function instantOfDay(
  day: Temporal.PlainDate,
  minutes: number,
  timeZone: string,
  reading: "earlier" | "later",
): UtcMilliseconds {
  const date = day.add({ days: Math.floor(minutes / DAY_MINUTES) });
  const time = { hour: Math.floor((minutes % DAY_MINUTES) / 60), minute: minutes % 60 };
  const local = date.toPlainDateTime(time);
  const found = local.toZonedDateTime(timeZone, { disambiguation: reading });
  if (found.toPlainDateTime().equals(local)) return found.epochMilliseconds;
  // The hour is left out on this day: both readings are of the instant at which the clock jumps.
  const before = local.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  return (before.getTimeZoneTransition("next") ?? before).epochMilliseconds;
}
