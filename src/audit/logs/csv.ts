import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { CodedError, fault } from "../../errors.ts";
import type { Box } from "../../geometry/shapes.ts";
import { soundRows } from "./csv-rows.ts";
import {
  COLUMNS,
  type Column,
  type ColumnMap,
  type LoggedTime,
  type LogReader,
  type LogReading,
  type LogRow,
} from "./log.ts";
import type { LogSource } from "./log-source.ts";
import { parseConfidence, parseNumber } from "./numbers.ts";
import { alertRow, malformed, place, rejectedRow } from "./rows.ts";
import { readTime } from "./times.ts";

const DELIMITERS = [";", ",", "\t"] as const;

/**
 * Comma-separated values (RFC 4180), and what is called that: separated by semicolons or tabs, with decimal commas,
 * with or without a header. Which column is which is told by name or number; a column of the bench's own names needs
 * no telling.
 */
export const csvReader: LogReader = {
  format: "csv",
  recognises: (head) => {
    const first = firstLine(head);
    return !/^\s*[<{[]/.test(head) && DELIMITERS.some((delimiter) => first.includes(delimiter));
  },
  read: readCsv,
};

async function* readCsv(source: LogSource, reading: LogReading): AsyncGenerator<LogRow> {
  const delimiter = reading.csv.delimiter ?? delimiterOf(firstLine(source.head));
  const decimal = reading.csv.decimal ?? (delimiter === "," ? null : ",");
  const refused: LogRow[] = [];
  const rows = soundRows(source, delimiter, (line, what) => {
    refused.push(malformed({ file: source.name, line }, what));
  });
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const input = Readable.from(rows);
  input.on("error", (error) => parser.destroy(error));
  input.pipe(parser);

  let places: ReadonlyMap<Column, number> | null = null;
  if (!reading.csv.header) places = numbered(source, reading.csv.columns);
  try {
    for await (const record of parser) {
      yield* refused.splice(0);
      const { cells, line } = recordOf(record);
      if (places === null) {
        places = headed(source, cells, reading);
        continue;
      }
      yield rowOf(cells, places, reading, decimal, { file: source.name, line });
    }
    yield* refused.splice(0);
  } finally {
    input.destroy();
    parser.destroy();
  }
}

function rowOf(
  cells: readonly string[],
  places: ReadonlyMap<Column, number>,
  reading: LogReading,
  decimal: "," | "." | null,
  origin: { readonly file: string; readonly line: number },
): LogRow {
  const cell = (column: Column) => {
    const index = places.get(column);
    return index === undefined ? "" : (cells[index] ?? "").trim();
  };
  const number = (text: string) => parseNumber(text, decimal);
  const time = (column: Column): LoggedTime | CodedError | null =>
    cell(column) === "" ? null : readTime(dated(cell("date"), cell(column)), reading.time, origin, number);

  const at = readTime(dated(cell("date"), cell("time")), reading.time, origin, number);
  if (at instanceof CodedError) return rejectedRow(origin, at);
  const since = time("since");
  if (since instanceof CodedError) return rejectedRow(origin, since);
  const until = time("until");
  if (until instanceof CodedError) return rejectedRow(origin, until);
  const event = cell("event") || reading.event;
  if (event === null) return rejectedRow(origin, fault("LOG_ROW_NO_EVENT", { at: place(origin) }));
  const sure = cell("confidence");
  const confidence = sure === "" ? null : parseConfidence(sure, decimal);
  if (sure !== "" && confidence === null) {
    const error = fault("LOG_ROW_NUMBER", {
      at: place(origin),
      what: "the confidence",
      found: JSON.stringify(sure),
    });
    return rejectedRow(origin, error);
  }
  const box = boxIn(
    ["left", "top", "width", "height"].map((column) => cell(asColumn(column))),
    number,
    origin,
  );
  if (box instanceof CodedError) return rejectedRow(origin, box);
  const named = (column: Column) => cell(column) || null;
  return alertRow({
    clip: named("clip"),
    event,
    rule: named("rule"),
    at,
    since,
    until,
    confidence,
    box,
    origin,
  });
}

/** A time of day that has its date in another column; one that has its own is left alone. */
function dated(date: string, time: string): string {
  return date === "" || time === "" ? time : `${date} ${time}`;
}

function boxIn(
  texts: readonly string[],
  number: (text: string) => number | null,
  origin: { readonly file: string; readonly line: number },
): Box | null | CodedError {
  if (texts.every((text) => text === "")) return null;
  const [x = null, y = null, width = null, height = null] = texts.map(number);
  if (x === null || y === null || width === null || height === null)
    return fault("LOG_ROW_BOX", { at: place(origin), what: "the place is no box of four numbers" });
  if (width <= 0 || height <= 0)
    return fault("LOG_ROW_BOX", { at: place(origin), what: `the box is ${width} by ${height} px` });
  return { x, y, width, height };
}

function headed(
  source: LogSource,
  header: readonly string[],
  reading: LogReading,
): ReadonlyMap<Column, number> {
  const names = header.map(normal);
  const at = `${source.name}:1`;
  const list = header
    .map((name) => JSON.stringify(name.slice(0, 60)))
    .slice(0, 30)
    .join(", ");
  const places = new Map<Column, number>();
  for (const column of COLUMNS) {
    const wanted = reading.csv.columns[column];
    if (wanted === undefined) {
      // The bench's own names.
      const own = names.indexOf(column);
      if (own >= 0) places.set(column, own);
      continue;
    }
    const index = typeof wanted === "number" ? wanted - 1 : names.indexOf(normal(wanted));
    if (index < 0 || index >= header.length) {
      throw fault("LOG_COLUMNS", {
        at,
        what: `there is no column ${JSON.stringify(wanted)}; there are ${list}`,
      });
    }
    if (typeof wanted === "string" && names.indexOf(normal(wanted), index + 1) >= 0) {
      throw fault("LOG_COLUMNS", {
        at,
        what: `two columns are called ${JSON.stringify(wanted)}: give its number`,
      });
    }
    places.set(column, index);
  }
  return sufficient(places, at, `the columns are ${list}`, reading);
}

function numbered(source: LogSource, columns: ColumnMap): ReadonlyMap<Column, number> {
  const at = `${source.name}:1`;
  const places = new Map<Column, number>();
  for (const column of COLUMNS) {
    const wanted = columns[column];
    if (wanted === undefined) continue;
    if (typeof wanted === "string") {
      const what = `column ${column} is given by its name, ${JSON.stringify(wanted)}, in a file without a header`;
      throw fault("LOG_COLUMNS", { at, what });
    }
    places.set(column, wanted - 1);
  }
  if (!places.has("time"))
    throw fault("LOG_COLUMNS", { at, what: "nothing says which column holds the time" });
  return places;
}

function sufficient(
  places: ReadonlyMap<Column, number>,
  at: string,
  list: string,
  reading: LogReading,
): ReadonlyMap<Column, number> {
  const missing = places.has("time")
    ? places.has("event") || reading.event !== null
      ? null
      : "event"
    : "time";
  if (missing !== null)
    throw fault("LOG_COLUMNS", { at, what: `nothing says which column is the ${missing}; ${list}` });
  return places;
}

function normal(name: string): string {
  return name.trim().normalize("NFC").toLowerCase();
}

function asColumn(name: string): Column {
  const found = COLUMNS.find((column) => column === name);
  if (found === undefined) throw new TypeError(`no column ${name}`);
  return found;
}

/** The one that stands most often in a line, outside of quotes. */
function delimiterOf(line: string): ";" | "," | "\t" {
  const bare = line.replace(/"(?:[^"]|"")*"/g, "");
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

function firstLine(head: string): string {
  return /^[^\r\n]*\S[^\r\n]*/m.exec(head)?.[0] ?? "";
}

/** What csv-parse hands over with `info`: the record, and the line it ends on. */
function recordOf(record: unknown): { readonly cells: readonly string[]; readonly line: number } {
  if (typeof record !== "object" || record === null || !("record" in record) || !("info" in record))
    throw new TypeError("csv-parse gave no record");
  const { record: cells, info } = record;
  const line = typeof info === "object" && info !== null && "lines" in info ? Number(info.lines) : 1;
  return { cells: Array.isArray(cells) ? cells.map(String) : [], line };
}
