import { describe, expect, it } from "vitest";
import {
  auditRecord,
  clipFact,
  matchedRule,
  referenceFact,
  ruleFact,
} from "../../../test/support/audit-record.ts";
import { assess } from "./assessment.ts";
import { compareSlices, MOST_VALUES } from "./slice-comparisons.ts";

function clip(light: string, of: { references: number; hits: number; falseAlarms: number }, hours: number) {
  return clipFact(light, {
    seconds: hours * 3600,
    conditions: { light, site: "north" },
    rules: [matchedRule("fire", of)],
  });
}

/** Found 19 of 20 by day, 9 of 10 at dusk, 10 of 20 at night; 1 false alarm in 10 h, 0 in 5 h, 12 in 10 h. */
const CLIPS = [
  clip("day", { references: 20, hits: 19, falseAlarms: 1 }, 10),
  clip("dusk", { references: 10, hits: 9, falseAlarms: 0 }, 5),
  clip("night", { references: 20, hits: 10, falseAlarms: 12 }, 10),
];

/** SciPy 1.17.1 (fisher_exact, binomtest) and statsmodels 0.15.0 (multipletests, Holm) on the same counts. */
const FIGURES = [
  ["recall", "day", "dusk", 1, 1],
  ["recall", "day", "night", 0.003342051729148504, 0.020052310374891025],
  ["recall", "dusk", "night", 0.048513106084320474, 0.14553931825296143],
  ["false_alarms_per_hour", "day", "dusk", 1, 1],
  ["false_alarms_per_hour", "day", "night", 0.00341796875, 0.020052310374891025],
  ["false_alarms_per_hour", "dusk", "night", 0.011562901620311566, 0.046251606481246266],
] as const;

describe("differences between slices", () => {
  it("are tested two by two and corrected together", () => {
    const { comparisons, uncompared } = compareSlices(CLIPS);
    expect(uncompared).toEqual([]);
    expect(
      comparisons.map(({ measure, a, b, p, adjustedP }) => [measure, a.slice, b.slice, p, adjustedP]),
    ).toEqual(
      FIGURES.map(([measure, a, b, p, adjusted]) => [
        measure,
        a,
        b,
        expect.closeTo(p, 10),
        expect.closeTo(adjusted, 9),
      ]),
    );
    expect(
      comparisons
        .filter(({ different }) => different)
        .map(({ measure, a, b }) => [measure, a.slice, b.slice]),
    ).toEqual([
      ["recall", "day", "night"],
      ["false_alarms_per_hour", "day", "night"],
      ["false_alarms_per_hour", "dusk", "night"],
    ]);
    expect(comparisons[1]).toMatchObject({
      difference: expect.closeTo(0.45, 12),
      family: 6,
      exploratory: true,
      declaredOf: "clips",
    });
    expect(comparisons[1]?.a).toEqual({ slice: "day", k: 19, n: 20, value: 0.95 });
  });

  it("are findings where their key was named before, corrected apart from the rest", () => {
    const clips = CLIPS.map((one, index) => ({
      ...one,
      conditions: { ...one.conditions, rain: index === 0 ? "no" : "yes" },
    }));
    const { comparisons } = compareSlices(clips, ["light"]);
    const light = comparisons.filter(({ key }) => key === "light");
    const rain = comparisons.filter(({ key }) => key === "rain");
    expect(light.every(({ exploratory, family }) => !exploratory && family === 6)).toBe(true);
    expect(light.map(({ adjustedP }) => adjustedP)).toEqual(
      FIGURES.map(([, , , , p]) => expect.closeTo(p, 9)),
    );
    expect(rain).toHaveLength(2);
    expect(rain.every(({ exploratory, family }) => exploratory && family === 2)).toBe(true);
  });

  it("are not looked for where there is nothing to compare, or too much", () => {
    expect(compareSlices(CLIPS.slice(0, 1)).comparisons).toEqual([]);
    const many = Array.from({ length: MOST_VALUES + 1 }, (_, i) =>
      clip(`light ${i}`, { references: 1, hits: 1, falseAlarms: 0 }, 1),
    );
    expect(compareSlices(many)).toEqual({
      comparisons: [],
      uncompared: [{ declaredOf: "clips", key: "light", values: MOST_VALUES + 1 }],
    });
  });

  it("are looked for between events of one clip too, in recall alone", () => {
    const references = Array.from({ length: 10 }, (_, i) =>
      referenceFact(i * 10, {
        alert: i < 5 ? i : null,
        conditions: { object: i < 5 ? "umbrella" : "stroller" },
      }),
    );
    const record = auditRecord([clipFact("a", { rules: [ruleFact("fall", { references })] })]);
    const { comparisons, events } = assess(record);
    // 5 of 5 against 0 of 5: 2 of the 252 tables.
    expect(comparisons.comparisons).toMatchObject([
      {
        declaredOf: "events",
        key: "object",
        measure: "recall",
        a: { slice: "stroller", k: 0 },
        b: { slice: "umbrella", k: 5 },
        p: expect.closeTo(2 / 252, 12),
      },
    ]);
    expect(events[0]?.byEventCondition.map(({ value, recall }) => [value, recall.value])).toEqual([
      ["stroller", 0],
      ["umbrella", 1],
    ]);
  });
});
