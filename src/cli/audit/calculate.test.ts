import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { auditRecord, clipFact, matchedRule } from "../../../test/support/audit-record.ts";
import { writeRecord } from "../../audit/record-file.ts";
import { scoresOf } from "../../audit/scoring/scores.ts";
import { CodedError } from "../../errors.ts";
import { calculateCommand } from "./calculate.ts";

/** What the command prints; what it throws is thrown. */
async function calculate(...args: readonly string[]): Promise<string> {
  let printed = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    await calculateCommand()
      .exitOverride()
      .parseAsync(["--lang", "en", ...args], { from: "user" });
  } finally {
    write.mockRestore();
  }
  // A space that does not break is a space here.
  return printed.replace(/[\u00a0\u202f]/g, " ");
}

const RARE = ["--recall", "0.9", "--false-alarms-per-day", "1", "--events-per-year", "12"];

describe("audit calculate", () => {
  it("says how many of 100 alerts are true, and how many come an hour", async () => {
    expect((await calculate(...RARE, "--cameras", "300")).split("\n")).toEqual([
      "It finds 90% of true events and raises 1 false alarm by camera and day. True events by camera and year: 12. Cameras: 300.",
      "Of 100 alerts about 3 are true.",
      "An operator gets 12.9 alerts an hour: one every 4 min 40 s.",
      "In a year: 112,740 alerts, of these 3,240 true and 109,500 false; 360 events are missed.",
      expect.stringContaining("given without counts"),
      "",
    ]);
  });

  it("says it in French", async () => {
    expect((await calculate(...RARE, "--cameras", "300", "--lang", "fr")).split("\n")).toEqual([
      "Le système trouve 90 % des événements réels et donne 1 fausse alerte par caméra et par jour. Événements réels par caméra et par an : 12. Caméras : 300.",
      "Sur 100 alertes, environ 3 sont vraies.",
      "L’opérateur reçoit 12,9 alertes par heure, soit une toutes les 4 min 40 s.",
      "En un an : 112 740 alertes, dont 3 240 vraies et 109 500 fausses ; 360 événements passent inaperçus.",
      expect.stringContaining("sans effectifs"),
      "",
    ]);
  });

  it("counts of more than 100 where fewer than one in 100 is true", async () => {
    const rarer = ["--recall", "90%", "--false-alarms-per-day", "1", "--events-per-year", "1"];
    expect(await calculate(...rarer)).toContain("Of 1,000 alerts about 2 are true.");
    const rarest = ["--recall", "90%", "--false-alarms-per-day", "4", "--events-per-year", "0.05"];
    expect(await calculate(...rarest)).toContain("Of 100,000 alerts about 3 are true.");
  });

  it.each([
    [
      ["--recall", "0", "--false-alarms-per-day", "0", "--events-per-year", "1"],
      "There would be no alert at all.",
    ],
    [["--recall", "0", "--false-alarms-per-day", "1", "--events-per-year", "1"], "No alert would be true."],
    [
      ["--recall", "0.9", "--false-alarms-per-day", "0", "--events-per-year", "1"],
      "All alerts would be true.",
    ],
  ])("has a sentence for %j", async (args, sentence) => {
    expect(await calculate(...args)).toContain(sentence);
  });

  it("gives ranges and costs of what was counted", async () => {
    const printed = await calculate(
      ...[
        "--recall",
        "27/30",
        "--false-alarms-per-day",
        "15/30",
        "--events-per-year",
        "1",
        "--cameras",
        "40",
      ],
      ...["--cost-per-year", "60000", "--seconds-per-alert", "30", "--wage", "28", "--useful-share", "0.25"],
    );
    // Figures as in meaning.test.ts, worked out in Python.
    expect(printed).toContain("raises 0.5 false alarms by camera");
    expect(printed).toContain("Of 1,000 alerts about 5 are true (between 2.2 and 10).");
    expect(printed).toContain("gets 0.84 alerts an hour (between 0.43 and 1.5)");
    expect(printed).toContain("Each true alert costs €1,714 (between €1,547 and €2,218).");
    expect(printed).toContain("Each that changed anything costs €6,857 (between €6,189 and €8,872).");
    expect(printed).toContain("at least 95% confidence");
  });

  it("prints JSON", async () => {
    const found = JSON.parse(await calculate(...RARE, "--json"));
    expect(found.given).toMatchObject({ recall: { value: 0.9, interval: null }, cameras: 1 });
    expect(found.meaning.precision).toEqual({
      value: expect.closeTo(0.02873869079297499, 12),
      interval: null,
    });
  });

  describe("from a result", () => {
    let folder: string;
    let scores: string;
    const record = auditRecord([
      clipFact("a", {
        seconds: 720 * 3600,
        rules: [
          matchedRule("fire", { references: 30, hits: 27, falseAlarms: 15 }),
          matchedRule("fight", { references: 0, hits: 0 }),
        ],
      }),
    ]);
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "contrechamp-calculate-"));
      scores = join(folder, "scores.json");
      await writeFile(scores, JSON.stringify(scoresOf(record)));
      await writeRecord(record, folder);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it("calculates with its counts: of scores, of a record, of its folder, as of the same counts given", async () => {
      const given = [
        "--recall",
        "27/30",
        "--false-alarms-per-day",
        "15/30",
        "--events-per-year",
        "12",
        "--json",
      ];
      const expected = JSON.parse(await calculate(...given));
      for (const from of [scores, join(folder, "audit.json"), folder]) {
        const found = JSON.parse(
          await calculate("--from", from, "--event", "fire", "--events-per-year", "12", "--json"),
        );
        expect(found.given.recall).toEqual(expected.given.recall);
        expect(found.meaning.precision.interval[0]).toBeCloseTo(expected.meaning.precision.interval[0], 10);
      }
    });

    it.each([
      ["which of several events", () => ["--from", scores], "CALCULATE_WHICH_EVENT", "fight, fire"],
      [
        "an event that it has not",
        () => ["--from", scores, "--event", "theft"],
        "CALCULATE_WHICH_EVENT",
        "theft",
      ],
      [
        "one that never happened",
        () => ["--from", scores, "--event", "fight"],
        "CALCULATE_NOTHING_MEASURED",
        "no reference event",
      ],
      ["the same twice", () => ["--from", scores, "--recall", "0.4"], "CALCULATE_TWICE", "--recall"],
      [
        "a file that is not there",
        () => ["--from", join(folder, "none.json")],
        "AUDIT_UNREADABLE",
        "none.json",
      ],
    ])("asks about %s", async (_, args, code, message) => {
      await expect(calculate(...args(), "--events-per-year", "1")).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
    });

    it.each([
      ["no JSON", "{", "no such result"],
      ["another format", '{"schema":"contrechamp/reference@1","events":[]}', "contrechamp/reference@1"],
      ["broken scores", '{"schema":"contrechamp/scores@1"}', "contrechamp/scores@1 with faults"],
    ])("refuses %s", async (_, text, found) => {
      const file = join(folder, "other.json");
      await writeFile(file, text);
      await expect(calculate("--from", file, "--events-per-year", "1")).rejects.toMatchObject({
        code: "CALCULATE_NO_FORMAT",
        message: expect.stringContaining(`${found};`),
      });
    });
  });

  it.each([
    [["--recall", "0.9", "--events-per-year", "1"], "CALCULATE_MISSING", "--false-alarms-per-day is"],
    [["--events-per-year", "1"], "CALCULATE_MISSING", "--recall and --false-alarms-per-day"],
    [RARE.slice(0, 4), "CALCULATE_MISSING", "--events-per-year"],
    [[...RARE, "--recall", "1.2"], "CALCULATE_VALUE", "found 1.2"],
    [[...RARE, "--recall", "31/30"], "CALCULATE_VALUE", "27/30"],
    [[...RARE, "--recall", "0/0"], "CALCULATE_VALUE", "found 0/0"],
    [[...RARE, "--recall", "0,9"], "CALCULATE_VALUE", "found 0,9"],
    [[...RARE, "--false-alarms-per-day", "-1"], "CALCULATE_VALUE", "found -1"],
    [[...RARE, "--false-alarms-per-day", "3/0"], "CALCULATE_VALUE", "camera-days above 0"],
    [[...RARE, "--events-per-year", "0"], "CALCULATE_VALUE", "a number above 0"],
    [[...RARE, "--cameras", "2.5"], "CALCULATE_VALUE", "a whole number from 1"],
    [[...RARE, "--operators", "0"], "CALCULATE_VALUE", "a whole number from 1"],
    [[...RARE, "--cost-per-year", "Infinity"], "CALCULATE_VALUE", "found Infinity"],
    [[...RARE, "--currency", "euro"], "CALCULATE_VALUE", "three letters"],
    [[...RARE, "--wage", "20"], "CALCULATE_NEEDS", "--seconds-per-alert"],
    [[...RARE, "--useful-share", "0.2"], "CALCULATE_NEEDS", "--cost-per-year"],
    [[...RARE, "--event", "fire"], "CALCULATE_NEEDS", "--from"],
  ])("refuses %j", async (args, code, message) => {
    const error = await calculate(...args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message), exit: 64 });
  });
});
