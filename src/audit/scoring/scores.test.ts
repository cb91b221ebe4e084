import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  alertFact,
  auditRecord,
  clipFact,
  matchedRule,
  referenceFact,
  ruleFact,
} from "../../../test/support/audit-record.ts";
import { auditRecordSchema, type ClipFact } from "../record.ts";
import { scoresSchema } from "../scores.ts";
import { countErrors, fScore, scoresOf } from "./scores.ts";

describe("the scores of a record", () => {
  /** 2 of 3 falls found after 1 s and 4 s, 1 duplicate, 1 false alarm, in half an hour; worked out by hand. */
  const falls = clipFact("a", {
    seconds: 1800,
    conditions: { light: "day" },
    rules: [
      ruleFact("person_down", {
        rule: "down",
        references: [referenceFact(10, { alert: 0 }), referenceFact(100), referenceFact(200, { alert: 2 })],
        alerts: [
          alertFact(11, { outcome: "hit", reference: 0 }),
          alertFact(12, { outcome: "duplicate", reference: 0 }),
          alertFact(204, { outcome: "hit", reference: 2 }),
          alertFact(500),
        ],
      }),
    ],
    counts: {
      rule: "hall",
      samples: [
        { at: 0, reference: 10, measured: 12 },
        { at: 1, reference: 10, measured: 7 },
        { at: 2, reference: 10, measured: 10 },
        { at: 3, reference: 10, measured: 14 },
      ],
    },
  });

  it("are worked out as by hand", () => {
    const { events, clips, exposureHours } = scoresOf(auditRecord([falls]));
    expect(exposureHours).toBe(0.5);
    expect(events["person_down"]).toMatchObject({
      references: 3,
      hits: 2,
      misses: 1,
      falseAlarms: 1,
      duplicates: 1,
      recall: 2 / 3,
      precision: 2 / 3,
      f1: 2 / 3,
      falseAlarmsPerHour: 2,
      secondsToAlert: { p50: 2.5, p90: 3.7 },
    });
    const [low, high] = events["person_down"]?.recallInterval ?? [];
    // statsmodels 0.15.0, proportion_confint(2, 3, method="wilson"); Garwood of 1 in 0.5 h from chi2.ppf.
    expect(low).toBeCloseTo(0.20765960080204776, 12);
    expect(high).toBeCloseTo(0.9385080552796037, 12);
    const [least, most] = events["person_down"]?.falseAlarmsPerHourInterval ?? [];
    expect(least).toBeCloseTo(0.05063561596857979, 12);
    expect(most).toBeCloseTo(11.143286781877796, 12);
    expect(clips[0]?.rules[0]).toEqual({
      rule: "down",
      event: "person_down",
      references: 3,
      hits: 2,
      misses: 1,
      falseAlarms: 1,
      duplicates: 1,
      secondsToAlert: [1, 4],
    });
    // Errors 2, -3, 0, 4.
    expect(clips[0]?.counts).toEqual({
      rule: "hall",
      mae: 2.25,
      rmse: Math.sqrt(29 / 4),
      bias: 0.75,
      samples: 4,
    });
  });

  it("keep the exact shape of contrechamp/scores@1", () => {
    const scores = scoresOf(auditRecord([falls, clipFact("b", { rules: [ruleFact("fire")] })]));
    expect(scoresSchema.parse(JSON.parse(JSON.stringify(scores)))).toEqual(scores);
    expect(Object.keys(scores.events["fire"] ?? {})).toEqual(
      // Those of distractors are there only where references name any: see distractors.test.ts.
      Object.keys(scoresSchema.shape.events.valueType.shape).filter((key) => !/distractor/i.test(key)),
    );
  });

  it("say nothing of an event that neither happened nor was raised, but what was watched", () => {
    const { events } = scoresOf(auditRecord([clipFact("a", { seconds: 3600, rules: [ruleFact("fire")] })]));
    expect(events["fire"]).toMatchObject({
      references: 0,
      recall: null,
      precision: null,
      f1: null,
      recallInterval: [0, 1],
      precisionInterval: [0, 1],
      falseAlarmsPerHour: 0,
      secondsToAlert: { p50: null, p90: null },
    });
    expect(events["fire"]?.falseAlarmsPerHourInterval?.[1]).toBeCloseTo(3.6888794541139354, 12);
  });

  it("count what was not looked for as missed, without exposure", () => {
    const rule = matchedRule("fire", { references: 4, hits: 0 }, { watched: false, reason: "no such rule" });
    const { events, exposureHours } = scoresOf(
      auditRecord([clipFact("a", { seconds: 3600, rules: [rule] })]),
    );
    expect(exposureHours).toBe(1);
    expect(events["fire"]).toMatchObject({
      misses: 4,
      recall: 0,
      falseAlarmsPerHour: null,
      falseAlarmsPerHourInterval: null,
    });
  });

  it("count a clip's hours once for an event, however many rules watch it, and only where one does", () => {
    const clips = [
      clipFact("a", {
        seconds: 1800,
        rules: [matchedRule("fire", { references: 1, hits: 1, falseAlarms: 1 }), ruleFact("fire")],
      }),
      clipFact("b", { seconds: 900, rules: [ruleFact("fire", { watched: false }), ruleFact("fire")] }),
      clipFact("c", { seconds: 7200, rules: [ruleFact("wrong_way")] }),
    ];
    const { events } = scoresOf(auditRecord(clips));
    expect(events["fire"]?.falseAlarmsPerHour).toBeCloseTo(1 / 0.75, 12);
  });

  it("keep what was found before a clip broke off, and miss the rest", () => {
    const broken = clipFact("a", {
      seconds: 30,
      rules: [matchedRule("fire", { references: 5, hits: 2 })],
      fault: { code: "SOURCE_BROKEN", message: "it breaks off at 30 s" },
    });
    expect(scoresOf(auditRecord([broken])).events["fire"]).toMatchObject({
      references: 5,
      hits: 2,
      misses: 3,
    });
  });

  it("slice by the conditions of clips", () => {
    const night = clipFact("b", {
      conditions: { light: "night", rain: "yes" },
      rules: [matchedRule("person_down", { references: 2, hits: 1 })],
    });
    const bare = clipFact("c", { rules: [matchedRule("fire", { references: 1, hits: 1 })] });
    const { slices, events } = scoresOf(auditRecord([falls, night, bare]));
    expect(Object.keys(slices)).toEqual(["light=day", "light=night", "rain=yes"]);
    expect(slices["light=day"]?.["person_down"]?.hits).toBe(2);
    expect(slices["light=night"]?.["person_down"]).toMatchObject({ references: 2, hits: 1 });
    expect(slices["light=night"]?.["fire"]).toBeUndefined();
    const oddly = clipFact("oddly named", { conditions: { constructor: "crane" }, rules: falls.rules });
    expect(Object.keys(scoresOf(auditRecord([falls, oddly])).slices)).toEqual([
      "constructor=crane",
      "light=day",
    ]);
    expect(events["person_down"]?.references).toBe(5);
  });

  it("name a vendor's system in the place of the model", () => {
    const scores = scoresOf(
      auditRecord([falls], { system: { kind: "log", name: "Example Alerts 4", files: [] } }),
    );
    expect(scores.engine).toEqual({ version: "", model: "Example Alerts 4", modelSha256: "" });
  });

  it("add up, in every record", () => {
    const rule = fc
      .record({
        event: fc.constantFrom("fire", "wrong_way", "fight"),
        references: fc.nat(6),
        hits: fc.nat(6),
        falseAlarms: fc.nat(4),
        watched: fc.boolean(),
      })
      .map(({ event, watched, references, hits, falseAlarms }) =>
        matchedRule(event, { references, hits: Math.min(hits, references), falseAlarms }, { watched }),
      );
    const clip = fc
      .record({
        rules: fc.array(rule, { maxLength: 3 }),
        seconds: fc.integer({ min: 1, max: 9999 }),
        light: fc.constantFrom("day", "night"),
      })
      .map(({ rules, seconds, light }): ClipFact => clipFact("x", { rules, seconds, conditions: { light } }));
    fc.assert(
      fc.property(fc.array(clip, { maxLength: 6 }), (clips) => {
        const record = auditRecordSchema.parse(auditRecord(clips));
        const scores = scoresSchema.parse(scoresOf(record));
        for (const [event, found] of Object.entries(scores.events)) {
          expect(found.hits + found.misses).toBe(found.references);
          const own = scores.clips.flatMap(({ rules }) => rules.filter((one) => one.event === event));
          const slices = Object.values(scores.slices).flatMap((slice) => slice[event] ?? []);
          for (const key of ["references", "hits", "misses", "falseAlarms", "duplicates"] as const) {
            const total = (counts: readonly { [name in typeof key]: number }[]) =>
              counts.reduce((sum, one) => sum + one[key], 0);
            expect(total(own)).toBe(found[key]);
            expect(total(slices)).toBe(found[key]);
          }
          const [low, high] = found.recallInterval;
          expect(low).toBeLessThanOrEqual(found.recall ?? 1);
          expect(high).toBeGreaterThanOrEqual(found.recall ?? 0);
        }
      }),
      { numRuns: 60 },
    );
  });
});

it("count errors are null without a sample", () => {
  expect(countErrors({ rule: "hall", samples: [] })).toBeNull();
});

describe("the F score", () => {
  it.each([
    [0.5, 1, 1, 2 / 3],
    // (α+1) R P / (R + α P): 1.5 × 0.9 × 0.6 / (0.9 + 0.5 × 0.6).
    [0.9, 0.6, 0.5, 0.675],
    [0.9, 0.6, 60, (61 * 0.54) / 36.9],
    [0, 0, 1, 0],
    [null, 0.4, 1, null],
    [0.4, null, 1, null],
  ])("of recall %d and precision %d with bias %d is %d", (recall, precision, bias, expected) => {
    const found = fScore(recall, precision, bias);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 12);
  });

  it("comes to the recall as the bias grows", () => {
    expect(fScore(0.8, 0.1, 1e9)).toBeCloseTo(0.8, 6);
  });
});
