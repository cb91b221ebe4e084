import { type CodedError, fault } from "../../errors.ts";
import type { UtcMilliseconds } from "../../time/clock.ts";
import type { DateOrder, LoggedTime, LogReading, Origin } from "./log.ts";
import { place } from "./rows.ts";

/** Where bare numbers stop being seconds of a clip: 31 years of it. */
const LEAST_EPOCH_SECONDS = 1e9;
const LEAST_EPOCH_MILLISECONDS = 1e11;

const TIMECODE = /^(\d{1,3}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?$/;
const ISO =
  /^([+-]?\d{4,6})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/i;
const DATE_AND_TIME =
  /^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})[ T,]+(\d{1,2})[:h](\d{2})(?:[:m](\d{2})(?:[.,](\d{1,9}))?s?)?$/;

/**
 * A time of a log: a number (of the unit that is set; bare ones are seconds of the clip, or since 1970 where they are
 * too large for a clip), `hh:mm:ss.mmm` from the clip's beginning, ISO 8601 with or without an offset, or a date and a
 * time of day in the order that is set. Local times are of the zone that is set.
 * @returns the time, or what is wrong with it
 * @throws LOG_NO_ZONE, LOG_DATE_ORDER where the person who asked has to say something first
 */
export function readTime(
  text: string,
  reading: LogReading["time"],
  origin: Origin,
  number: (text: string) => number | null,
): LoggedTime | CodedError {
  const written = text.trim();
  if (written === "") return fault("LOG_ROW_NO_TIME", { at: place(origin) });
  const timecode = TIMECODE.exec(written);
  if (timecode !== null) {
    const [, hours, minutes, seconds, fraction] = timecode;
    if (Number(minutes) > 59 || Number(seconds) > 59) return unread(written, origin);
    const value = Number(hours) * 3600 + Number(minutes) * 60 + Number(`${seconds}.${fraction ?? "0"}`);
    return { kind: "seconds", value };
  }
  const iso = ISO.exec(written);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction, offset] = iso;
    return instant(
      { year, month, day, hour, minute, second, fraction },
      offset ?? null,
      reading,
      written,
      origin,
    );
  }
  const dated = DATE_AND_TIME.exec(written);
  if (dated !== null) {
    const [, a = "", b = "", c = "", hour, minute, second, fraction] = dated;
    const order: DateOrder | null = a.length === 4 ? "ymd" : reading.dateOrder;
    if (order === null) throw fault("LOG_DATE_ORDER", { at: place(origin), found: written });
    const [year, month, day] = order === "ymd" ? [a, b, c] : order === "dmy" ? [c, b, a] : [c, a, b];
    if (year?.length !== 4) return unread(written, origin);
    return instant({ year, month, day, hour, minute, second, fraction }, null, reading, written, origin);
  }
  const value = number(written);
  return value === null ? unread(written, origin) : numberTime(value, reading, written, origin);
}

/** A number as a time, of the unit that is set. */
export function numberTime(
  value: number,
  { unit }: Pick<LogReading["time"], "unit">,
  written: string,
  origin: Origin,
): LoggedTime | CodedError {
  if (!Number.isFinite(value)) return unread(written, origin);
  if (unit === "seconds") return { kind: "seconds", value };
  if (unit === "milliseconds") return { kind: "seconds", value: value / 1000 };
  if (unit === "frames") return { kind: "frame", value };
  if (unit === "epoch-milliseconds" || (unit === "auto" && value >= LEAST_EPOCH_MILLISECONDS))
    return { kind: "instant", utc: value, again: null };
  if (unit === "epoch-seconds" || (unit === "auto" && value >= LEAST_EPOCH_SECONDS))
    return { kind: "instant", utc: value * 1000, again: null };
  return { kind: "seconds", value };
}

interface Written {
  readonly year: string | undefined;
  readonly month: string | undefined;
  readonly day: string | undefined;
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly second: string | undefined;
  readonly fraction: string | undefined;
}

function instant(
  parts: Written,
  offset: string | null,
  reading: LogReading["time"],
  written: string,
  origin: Origin,
): LoggedTime | CodedError {
  const local = utcOf(parts);
  if (local === null) return unread(written, origin);
  const shift = offset === null ? null : offsetOf(offset);
  if (offset !== null && shift === null) return unread(written, origin);
  if (shift !== null) return { kind: "instant", utc: local - shift, again: null };
  const { zone } = reading;
  if (zone === null) throw fault("LOG_NO_ZONE", { at: place(origin), found: written });
  const [first, again] = instantsOf(local, zone);
  if (first === undefined) return fault("LOG_ROW_TIME_SKIPPED", { at: place(origin), found: written, zone });
  return { kind: "instant", utc: first, again: again ?? null };
}

/** The parts as if they were UTC, null where there is no such day or hour. */
function utcOf(parts: Written): UtcMilliseconds | null {
  const [year, month, day, hour, minute] = [parts.year, parts.month, parts.day, parts.hour, parts.minute].map(
    Number,
  );
  const second = Number(parts.second ?? 0);
  if (
    year === undefined ||
    month === undefined ||
    day === undefined ||
    hour === undefined ||
    minute === undefined
  )
    return null;
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  const exists = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 59) return null;
  const utc =
    midnight.getTime() + ((hour * 60 + minute) * 60 + second + Number(`0.${parts.fraction ?? "0"}`)) * 1000;
  return Number.isFinite(utc) ? Math.round(utc * 1000) / 1000 : null;
}

/** Of `Z`, `+01:00`, `+0100` or `+01`, in ms. */
function offsetOf(text: string): number | null {
  if (text.toUpperCase() === "Z") return 0;
  const digits = text.slice(1).replace(":", "");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2) || 0);
  if (hours > 14 || minutes > 59) return null;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** The instants at which the clocks of a zone showed a time: none, one, or two, the earlier first. */
function instantsOf(local: UtcMilliseconds, zone: string): readonly UtcMilliseconds[] {
  const day = 86_400_000;
  const offsets = new Set([zoneOffset(local - day, zone), zoneOffset(local + day, zone)]);
  return [...offsets]
    .map((offset) => local - offset)
    .filter((utc) => zoneOffset(utc, zone) === local - utc)
    .sort((a, b) => a - b);
}

/** Offsets change at quarters of an hour and nowhere between, so one is asked for once a quarter. */
const QUARTER = 900_000;
const offsets = new Map<string, number>();
const formats = new Map<string, Intl.DateTimeFormat>();
const MOST_OFFSETS = 100_000;

/** A zone's local time minus UTC at an instant, ms. @throws RangeError of a zone that does not exist */
function zoneOffset(utc: UtcMilliseconds, zone: string): number {
  const quarter = Math.floor(utc / QUARTER);
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
  }
  const at = quarter * QUARTER;
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  offsets.set(key, shown - at);
  return shown - at;
}

/** Whether there is such a time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function unread(found: string, origin: Origin): CodedError {
  return fault("LOG_ROW_TIME", { at: place(origin), found: JSON.stringify(found.slice(0, 80)) });
}
