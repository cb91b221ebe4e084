import { Temporal } from "temporal-polyfill";
import { fault } from "../errors.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import { readLeaves } from "./log-reader.ts";

/** A span of whole calendar days in a time zone. */
export interface Period {
  /** As it was asked for: 2024-W30, 2024-07, 2024-Q3, 2024, 2024-07-26. */
  readonly name: string;
  readonly timeZone: string;
  /** First instant, and the first that is not in it. */
  readonly from: UtcMilliseconds;
  readonly to: UtcMilliseconds;
  /** The same as RFC 3339 in UTC. */
  readonly fromUtc: string;
  readonly toUtc: string;
  /** First and last day, both included. */
  readonly firstDay: string;
  readonly lastDay: string;
}

/** Where the law is French and nothing else is said. */
export const DEFAULT_TIME_ZONE = "Europe/Paris";

/**
 * Reads the name of a period. Weeks are those of ISO 8601: from Monday, the first one has the year's first Thursday.
 * @throws PERIOD, TIME_ZONE
 */
export function parsePeriod(name: string, timeZone: string = DEFAULT_TIME_ZONE): Period {
  checkTimeZone(timeZone);
  const days = daysOf(name);
  if (days === null) throw fault("PERIOD", { period: name.slice(0, 40) });
  const { first, after } = days;
  const from = first.toZonedDateTime({ timeZone }).epochMilliseconds;
  const to = after.toZonedDateTime({ timeZone }).epochMilliseconds;
  return {
    name,
    timeZone,
    from,
    to,
    fromUtc: formatUtc(from),
    toUtc: formatUtc(to),
    firstDay: first.toString(),
    lastDay: after.subtract({ days: 1 }).toString(),
  };
}

/** The signed leaves that were written in a period: the first, and the first after it. Null where there is none. */
export async function leavesOfPeriod(
  folder: string,
  { fromUtc, toUtc }: Period,
): Promise<{ readonly from: number; readonly to: number } | null> {
  let from: number | null = null;
  let to = 0;
  // All of them, though times rise: after a clock that went back a leaf of the period may stand behind others.
  for await (const { seq, at } of readLeaves(folder)) {
    if (at < fromUtc || at >= toUtc) continue;
    from ??= seq;
    to = seq + 1;
  }
  return from === null ? null : { from, to };
}

function daysOf(name: string): { first: Temporal.PlainDate; after: Temporal.PlainDate } | null {
  const match = /^(\d{4})(?:-(?:W(\d{2})|Q([1-4])|(\d{2})(?:-(\d{2}))?))?$/.exec(name);
  if (match === null) return null;
  const [year, week, quarter, month, day] = match
    .slice(1)
    .map((part) => (part === undefined ? null : Number(part)));
  if (typeof year !== "number" || year < 1970) return null;
  try {
    if (typeof week === "number") {
      // 4 January is always in week 1.
      const fourth = Temporal.PlainDate.from({ year, month: 1, day: 4 });
      const first = fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: week - 1 });
      return first.yearOfWeek === year && first.weekOfYear === week
        ? { first, after: first.add({ weeks: 1 }) }
        : null;
    }
    const start = typeof quarter === "number" ? (quarter - 1) * 3 + 1 : (month ?? 1);
    const first = Temporal.PlainDate.from({ year, month: start, day: day ?? 1 }, { overflow: "reject" });
    if (typeof day === "number") return { first, after: first.add({ days: 1 }) };
    const months = typeof quarter === "number" ? 3 : typeof month === "number" ? 1 : 12;
    return { first, after: first.add({ months }) };
  } catch {
    return null;
  }
}

function checkTimeZone(name: string): void {
  try {
    // An offset such as +02:00 knows no summer time: days would begin an hour wrong for half of the year.
    if (!/^[A-Za-z]/.test(name)) throw new RangeError("an offset");
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch (thrown) {
    throw fault("TIME_ZONE", { name: name.slice(0, 60) }, thrown);
  }
}
