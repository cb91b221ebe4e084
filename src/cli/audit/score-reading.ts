import {
  COLUMNS,
  type Column,
  DATE_ORDERS,
  type DateOrder,
  DEFAULT_READING,
  LOG_FORMATS,
  type LogFormat,
  type LogReading,
  TIME_UNITS,
  type TimeUnit,
} from "../../audit/logs/log.ts";
import { isTimeZone } from "../../audit/logs/times.ts";
import { eventName } from "../../audit/reference.ts";
import type { LogMap } from "../../audit/score/log-map.ts";
import type { LogNames } from "../../audit/score/read-log.ts";
import { hint } from "../../config/diagnostics.ts";
import { fault } from "../../errors.ts";

/** How the log is to be read, as the command line says it; it goes before the map. */
export interface ReadingOptions {
  readonly format?: string;
  readonly column: readonly string[];
  readonly delimiter?: string;
  readonly decimal?: string;
  /** False where --no-header was given. */
  readonly header: boolean;
  readonly timeUnit?: string;
  readonly timeZone?: string;
  readonly dateOrder?: string;
  readonly joinFrames?: string;
  readonly event?: string;
  readonly events?: string;
  readonly eventMap: readonly string[];
  readonly ruleMap: readonly string[];
  readonly clipMap: readonly string[];
  readonly clip?: string;
}

/** @throws LOG_OPTION */
export function readingOf(
  options: ReadingOptions,
  map: LogMap,
): { readonly format: LogFormat | null; readonly reading: LogReading; readonly names: LogNames } {
  const zone = options.timeZone ?? map.time?.zone ?? null;
  if (zone !== null && !isTimeZone(zone))
    throw wrong("--time-zone", zone, "Give the name of a time zone, such as Europe/Paris or UTC.");
  const joinFrames = options.joinFrames === undefined ? map.joinFrames : Number(options.joinFrames);
  if (joinFrames !== undefined && !(Number.isInteger(joinFrames) && joinFrames >= 1))
    throw wrong("--join-frames", options.joinFrames ?? "", "Give a whole number of pictures, from 1.");
  const scored = options.events === undefined ? null : options.events.split(",").map((name) => name.trim());
  for (const event of [...(scored ?? []), ...pairs("--event-map", options.eventMap).values()])
    if (!eventName.safeParse(event).success)
      throw wrong("an event", event, "Events are named in small letters, such as fight or zone_intrusion.");
  const delimiter = options.delimiter ?? map.delimiter;
  return {
    format: oneOf("--format", options.format, LOG_FORMATS) ?? map.format ?? null,
    reading: {
      time: {
        unit:
          oneOf<TimeUnit>("--time-unit", options.timeUnit, TIME_UNITS) ??
          map.time?.unit ??
          DEFAULT_READING.time.unit,
        zone,
        dateOrder:
          oneOf<DateOrder>("--date-order", options.dateOrder, DATE_ORDERS) ?? map.time?.dateOrder ?? null,
      },
      csv: {
        columns: { ...map.columns, ...columns(options.column) },
        delimiter: delimiter === undefined ? null : delimiterOf(delimiter),
        decimal: oneOf("--decimal", options.decimal, [",", "."] as const) ?? map.decimal ?? null,
        header: options.header && (map.header ?? true),
      },
      event: options.event ?? map.event ?? null,
      joinFrames: joinFrames ?? DEFAULT_READING.joinFrames,
    },
    names: {
      events: new Map([...Object.entries(map.events ?? {}), ...pairs("--event-map", options.eventMap)]),
      rules: new Map([...Object.entries(map.rules ?? {}), ...pairs("--rule-map", options.ruleMap)]),
      clips: new Map([...Object.entries(map.clips ?? {}), ...pairs("--clip-map", options.clipMap)]),
      clip: options.clip ?? null,
      scored,
    },
  };
}

function columns(given: readonly string[]): Partial<Record<Column, string | number>> {
  const found: Partial<Record<Column, string | number>> = {};
  for (const [name, value] of pairs("--column", given)) {
    const column = COLUMNS.find((one) => one === name);
    if (column === undefined)
      throw wrong("--column", name, `Columns are ${COLUMNS.join(", ")}${hint(name, COLUMNS)}.`);
    found[column] = /^[1-9]\d{0,3}$/.test(value) ? Number(value) : value;
  }
  return found;
}

/** `A=B`, at the last sign of equality: names of vendors may hold one. */
function pairs(option: string, given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((text): [string, string] => {
      const at = option === "--column" ? text.indexOf("=") : text.lastIndexOf("=");
      if (at < 1 || at === text.length - 1)
        throw wrong(
          option,
          text,
          `Give it as ${option === "--column" ? "time=Heure" : "IN-THE-LOG=IN-THE-REFERENCE"}.`,
        );
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function delimiterOf(text: string): ";" | "," | "\t" {
  if (text === "tab" || text === "\t") return "\t";
  if (text === ";" || text === ",") return text;
  throw wrong("--delimiter", text, 'Give ";", "," or tab.');
}

function oneOf<T extends string>(option: string, text: string | undefined, known: readonly T[]): T | null {
  if (text === undefined) return null;
  const found = known.find((one) => one === text);
  if (found === undefined) throw wrong(option, text, `Give one of ${known.join(", ")}${hint(text, known)}.`);
  return found;
}

function wrong(option: string, found: string, help: string) {
  return fault("LOG_OPTION", { what: `${option} is ${JSON.stringify(found)}`, help });
}
