import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import * as answers from "./answers.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-answers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const PARIS = "Europe/Paris";

describe("instants", () => {
  test.each([
    ["2024-07-26T17:30:00+02:00", "2024-07-26T17:30:00+02:00"],
    ["2024-07-26T15:30:00Z", "2024-07-26T15:30:00Z"],
    ["2024-07-26 17:30", "2024-07-26T17:30:00+02:00"],
    ["2024-01-26 17:30", "2024-01-26T17:30:00+01:00"],
    [" 2024-07-26 ", "2024-07-26T00:00:00+02:00"],
    ["2024-07-26T17:30:15", "2024-07-26T17:30:15+02:00"],
  ])("reads %j", (text, value) => expect(answers.when(text, PARIS)).toEqual({ value }));

  test.each([
    ["skipped by the clocks", "2024-03-31 02:30"],
    ["struck twice", "2024-10-27 02:30"],
    ["no day", "2024-02-30"],
    ["another order", "26/07/2024"],
    ["words", "demain"],
    ["nothing", ""],
  ])("refuses what is %s", (_, text) => {
    expect(answers.when(text, PARIS).expected?.fr).toMatch(/2024-07-26 17:30/);
  });

  test("written in a zone mean the same instant as read in it", () => {
    const years = { min: new Date("2000-01-01"), max: new Date("2090-01-01"), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), (date) => {
        const minute = new Date(Math.floor(date.getTime() / 60_000) * 60_000);
        const shown = new Intl.DateTimeFormat("sv-SE", {
          timeZone: PARIS,
          dateStyle: "short",
          timeStyle: "short",
        }).format(minute);
        const answer = answers.when(shown, PARIS);
        // In the doubled hour there is no answer; everywhere else it is that instant.
        if (answer.expected === undefined) expect(Date.parse(String(answer.value))).toBe(minute.getTime());
        else expect(shown).toMatch(/-10-\d\d 02:/);
      }),
    );
  });
});

describe("files", () => {
  test("are taken by their hash", () => {
    const file = join(folder, "decision.pdf");
    writeFileSync(file, "abc");
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(answers.fileOrHash(file, PARIS)).toEqual({ value: abc });
    expect(answers.fileOrHash(abc.toUpperCase(), PARIS)).toEqual({ value: abc });
    expect(answers.fileOrHash(join(folder, "absent.pdf"), PARIS).expected).toBeDefined();
    expect(answers.fileOrHash(folder, PARIS).expected).toBeDefined();
  });

  const square = {
    type: "Polygon",
    coordinates: [
      [
        [2, 48],
        [3, 48],
        [3, 49],
        [2, 48],
      ],
    ],
  };
  test.each([
    ["a polygon", square],
    ["a feature", { type: "Feature", properties: {}, geometry: square }],
    ["the only feature", { type: "FeatureCollection", features: [{ type: "Feature", geometry: square }] }],
  ])("of a perimeter: %s", (_, shape) => {
    const file = join(folder, "perimeter.geojson");
    writeFileSync(file, JSON.stringify(shape));
    expect(answers.perimeterFile(file, PARIS)).toEqual({ value: square });
  });

  test.each([
    ["a point", '{"type":"Point","coordinates":[2,48]}'],
    ["two features", JSON.stringify({ type: "FeatureCollection", features: [{}, {}] })],
    ["a broken file", '{"type":'],
    ["a feature of nothing", '{"type":"Feature","geometry":null}'],
    ["no JSON", "POLYGON((2 48))"],
  ])("of a perimeter are not: %s", (_, text) => {
    const file = join(folder, "wrong.geojson");
    writeFileSync(file, text);
    expect(answers.perimeterFile(file, PARIS).expected).toBeDefined();
  });
});

test.each<[string, answers.Reader, string, unknown]>([
  ["hours", answers.dailyHours, "08:00-20:00", { from: "08:00", until: "20:00", days: null }],
  [
    "hours of days",
    answers.dailyHours,
    "22:00 - 06:00 fri,SAT",
    { from: "22:00", until: "06:00", days: ["fri", "sat"] },
  ],
  [
    "a condition",
    answers.conditionLine,
    "ouvert | Ouvert. | Open.",
    { id: "ouvert", text: { fr: "Ouvert.", en: "Open." }, validFor: "PT24H" },
  ],
  [
    "a condition with its time",
    answers.conditionLine,
    "a|b|c|PT2H",
    { id: "a", text: { fr: "b", en: "c" }, validFor: "PT2H" },
  ],
  ["a certificate", answers.certificateOfEvent, "fire=urn:a:b=c", { event: "fire", id: "urn:a:b=c" }],
  ["a SIREN with spaces", answers.siren, "552 049 447", "552049447"],
  ["a country", answers.country, " fr ", "FR"],
  ["a duration", answers.length, "pt24h", "PT24H"],
  ["a count", answers.countFrom(0), "0", 0],
])("reads %s", (_, read, text, value) => expect(read(text, PARIS)).toEqual({ value }));

test.each<[string, answers.Reader, string]>([
  ["hours", answers.dailyHours, "8h-20h"],
  ["a day", answers.dailyHours, "08:00-20:00 lundi"],
  ["a condition in one language", answers.conditionLine, "a|b"],
  ["a condition without a machine's name", answers.conditionLine, "Ouvert !|b|c"],
  ["a certificate of no event", answers.certificateOfEvent, "running=urn:a:b"],
  ["a certificate without its id", answers.certificateOfEvent, "fire"],
  ["an event", answers.eventName, "loitering"],
  ["a SIREN", answers.siren, "12345"],
  ["an address", answers.address, "example.org"],
  ["a duration", answers.length, "30 days"],
  ["a count", answers.countFrom(1), "0"],
  ["an empty line", answers.oneLine, "  "],
])("refuses as %s what is none, in both languages", (_, read, text) => {
  const { expected } = read(text, PARIS);
  expect(expected?.fr).toBeTruthy();
  expect(expected?.en).toBeTruthy();
});
