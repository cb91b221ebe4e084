import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { detectFormat, readerOf } from "./formats.ts";
import { type ColumnMap, DEFAULT_READING, type LogFormat, type LogReading, type LogRow } from "./log.ts";
import { type LogSource, openLog, textSource } from "./log-source.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "contrechamp-logs-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function rowsOf(source: LogSource, reading: LogReading = DEFAULT_READING, format?: LogFormat) {
  const rows: LogRow[] = [];
  const reader = format === undefined ? detectFormat(source) : readerOf(format);
  for await (const row of reader.read(source, reading)) rows.push(row);
  return rows;
}

const csv = (columns: ColumnMap, more: Partial<LogReading["csv"]> = {}): LogReading => ({
  ...DEFAULT_READING,
  time: { unit: "auto", zone: "Europe/Paris", dateOrder: "dmy" },
  csv: { ...DEFAULT_READING.csv, columns, ...more },
});
const seconds = (rows: readonly LogRow[]) =>
  rows.map((row) =>
    row.kind === "alert" ? (row.at.kind === "instant" ? row.at.utc : row.at.value) : row.code,
  );

const lineOf = (row: LogRow) => (row.kind === "alert" ? row.origin.line : row.line);

describe("files of any encoding", () => {
  const text = "Heure;Événement\r\n12,5;Départ de feu\r\n";
  const latin = Buffer.from(text, "latin1");
  const big = Buffer.from(`\ufeff${text}`, "utf16le").swap16();
  test.each<readonly [string, Buffer]>([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a byte-order mark", Buffer.from(`\ufeff${text}`)],
    ["UTF-16, little-endian", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16, big-endian", big],
    ["Windows-1252", latin],
  ])("%s", async (name, bytes) => {
    const path = join(folder, `${name.replaceAll(/\W/g, "")}.csv`);
    await writeFile(path, bytes);
    const rows = await rowsOf(await openLog(path), csv({ time: "Heure", event: "événement" }));
    expect(rows).toMatchObject([{ kind: "alert", event: "Départ de feu", at: { value: 12.5 } }]);
  });

  test("letters of several bytes are whole, wherever pieces of the file end", async () => {
    const path = join(folder, "long.csv");
    await writeFile(path, `time;event\n${"1;é\n".repeat(60_000)}`);
    const rows = await rowsOf(await openLog(path));
    expect(rows).toHaveLength(60_000);
    expect(new Set(rows.map((row) => (row.kind === "alert" ? row.event : row.code)))).toEqual(new Set(["é"]));
  });
});

describe("CSV", () => {
  test("with date and time in two columns, tabs, and a quoted line end", async () => {
    const text = 'Jour\tHeure\tQuoi\n01/03/2026\t09:00:00\t"Bagarre\nrue X"\n01/03/2026\t09:00:10,5\tVol\n';
    const rows = await rowsOf(textSource("log", text), csv({ date: "jour", time: "heure", event: "quoi" }));
    expect(seconds(rows)).toEqual([Date.UTC(2026, 2, 1, 8), Date.UTC(2026, 2, 1, 8, 0, 10, 500)]);
    expect(rows.map((row) => (row.kind === "alert" ? row.origin.line : null))).toEqual([3, 4]);
  });

  test("without a header, by numbers of columns", async () => {
    const reading = csv({ time: 2, event: 1 }, { header: false });
    const rows = await rowsOf(textSource("log", "fight,10\nfight,11,more\nfight\n"), reading, "csv");
    expect(seconds(rows)).toEqual([10, 11, "LOG_ROW_NO_TIME"]);
    const named = rowsOf(textSource("log", "fight,10\n"), csv({ time: "t" }, { header: false }), "csv");
    await expect(named).rejects.toMatchObject({ code: "LOG_COLUMNS" });
  });

  test.each<readonly [string, string, ColumnMap]>([
    ["a column that is not there", "a,b\n1,2\n", { time: "c", event: "b" }],
    ["a number beyond the last", "a,b\n1,2\n", { time: 3, event: "b" }],
    ["two columns of one name", "a,b,A\n1,2,3\n", { time: "a", event: "b" }],
    ["no column for the event", "a,b\n1,2\n", { time: "a" }],
  ])("asks which column is which: %s", async (_, text, columns) => {
    await expect(rowsOf(textSource("log", text), csv(columns))).rejects.toMatchObject({
      code: "LOG_COLUMNS",
    });
  });

  test.each<readonly [string, string, readonly unknown[], readonly number[]]>([
    ["something after a quotation mark", '1,"a"b\n2,c\n', ["LOG_ROW_SHAPE", 2], [2, 3]],
    ["a quotation mark in a cell", '1,a"b\n2,c\n', ["LOG_ROW_SHAPE", 2], [2, 3]],
    [
      "a quotation mark that is never closed",
      '1,a\n2,"b\n3,c\n4,"d ""e"" f"\n',
      [1, "LOG_ROW_SHAPE", 3, 4],
      [2, 3, 4, 5],
    ],
    [
      "a quotation mark that is closed too late",
      `1,"a\n${"2,b\n".repeat(60)}3,"c\n`,
      ["LOG_ROW_SHAPE", ...Array(60).fill(2), "LOG_ROW_SHAPE"],
      Array.from({ length: 62 }, (_, i) => i + 2),
    ],
    ["a cell of two lines", '1,"a\nb"\n2,c\n', [1, 2], [3, 4]],
  ])("%s spoils one row, and none that follows", async (_, text, expected, lines) => {
    const rows = await rowsOf(textSource("log", `time,event\n${text}`));
    const ordered = rows.toSorted((a, b) => lineOf(a) - lineOf(b));
    expect(seconds(ordered)).toEqual(expected);
    expect(ordered.map(lineOf)).toEqual(lines);
  });
});

describe("Contrechamp's own alerts", () => {
  const line = (kind: "raised" | "closed", id: string, streamTime: number, more: object = {}) =>
    JSON.stringify({
      schema: "contrechamp/alert@1",
      id,
      kind,
      reason: kind === "closed" ? "cleared" : null,
      event: "fire",
      cameraId: "north",
      ruleId: "flames",
      place: { kind: "zone", id: "yard", box: { x: 1, y: 2, width: 3, height: 4 } },
      at: "2026-03-01T08:00:00.000Z",
      footage: "recording",
      decisionRef: "0".repeat(64),
      authorisationId: null,
      streamTime,
      since: 9,
      until: kind === "closed" ? 14 : null,
      countBand: null,
      densityPerM2: null,
      model: { name: "m", sha256: "0".repeat(64) },
      configSha256: "0".repeat(64),
      evidence: null,
      engineVersion: "1",
      ...more,
    });

  test("are the lines that raise; those that close say when it was over", async () => {
    const text = [
      line("raised", "a", 10),
      line("raised", "b", 12),
      line("closed", "a", 15),
      line("closed", "x", 16),
    ].join("\n");
    const rows = await rowsOf(textSource("alerts.jsonl", text));
    expect(rows).toMatchObject([
      {
        kind: "alert",
        rule: "flames",
        clip: "north",
        at: { value: 10 },
        since: { value: 9 },
        until: { value: 14 },
        origin: { line: 1 },
      },
      { kind: "rejected", code: "LOG_ROW_SHAPE", line: 4 },
      { kind: "alert", at: { value: 12 }, until: null, origin: { line: 2 } },
    ]);
  });

  test("that hold what an alert may not hold are left out", async () => {
    const rows = await rowsOf(textSource("alerts.jsonl", line("raised", "a", 10, { trackId: 7 })));
    expect(rows).toMatchObject([{ kind: "rejected", code: "LOG_ROW_SHAPE", line: 1 }]);
  });
});

describe("ONVIF states", () => {
  const message = (second: number, operation: string, item: string, value: string) =>
    `<NotificationMessage><Topic>tns1:RuleEngine/X</Topic><Message><Message UtcTime="2026-03-01T08:00:${String(second).padStart(2, "0")}Z" PropertyOperation="${operation}"><Source/><Data><SimpleItem Name="${item}" Value="${value}"/></Data></Message></Message></NotificationMessage>`;
  const read = (...messages: readonly string[]) =>
    rowsOf(textSource("log", `<MetadataStream>\n${messages.join("\n")}\n</MetadataStream>`));

  test("that are false from the beginning, or stay so, are no alert", async () => {
    expect(
      await read(message(1, "Initialized", "State", "false"), message(2, "Changed", "State", "0")),
    ).toEqual([]);
  });

  test("that are true when the camera connects are one, and said again on a new connection are left out", async () => {
    const rows = await read(
      message(1, "Initialized", "IsMotion", "true"),
      message(5, "Initialized", "IsMotion", "true"),
      message(9, "Changed", "IsMotion", "false"),
    );
    expect(rows).toMatchObject([
      { kind: "rejected", code: "LOG_ROW_DUPLICATE", line: 3 },
      { kind: "alert", until: { utc: Date.UTC(2026, 2, 1, 8, 0, 9) }, origin: { line: 2 } },
    ]);
  });

  test("are told from numbers that are none", async () => {
    const rows = await read(message(1, "Changed", "Speed", "0"), message(2, "Changed", "Speed", "1"));
    expect(rows.map(({ kind }) => kind)).toEqual(["alert", "alert"]);
  });

  test("that are gone are over", async () => {
    const rows = await read(message(1, "Changed", "State", "true"), message(4, "Deleted", "State", "true"));
    expect(rows).toMatchObject([{ kind: "alert", until: { utc: Date.UTC(2026, 2, 1, 8, 0, 4) } }]);
  });
});
