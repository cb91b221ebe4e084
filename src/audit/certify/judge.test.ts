import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Counted, eventsNeeded, hoursNeeded, judge } from "./judge.ts";
import type { EventThresholds } from "./thresholds.ts";

const DEMANDED: EventThresholds = {
  recall: 0.9,
  precision: 0.8,
  falseAlarmsPerHour: 0.5,
  minimumEvents: 30,
};
const PERFECT: Counted = { references: 59, hits: 59, falseAlarms: 0, exposureHours: 24 };

const verdict = (counted: Partial<Counted>, demanded: Partial<EventThresholds> = {}, confidence = 0.95) =>
  judge({ ...PERFECT, ...counted }, { ...DEMANDED, ...demanded }, confidence).shortfalls.map(
    ({ what }) => what,
  );

describe("the bound that decides", () => {
  // Clopper and Pearson of n out of n is (alpha / 2)^(1 / n), Garwood of none -ln(alpha / 2) / hours: by hand.
  const lowest59 = 0.025 ** (1 / 59);
  const highest24 = -Math.log(0.025) / 24;

  it.each<[string, Partial<Counted>, Partial<EventThresholds>, readonly string[]]>([
    ["all found, nothing false", {}, {}, []],
    ["recall a hair below what 59 of 59 show", {}, { recall: lowest59 - 1e-9 }, []],
    ["recall a hair above it", {}, { recall: lowest59 + 1e-9 }, ["recall"]],
    ["precision a hair below it", {}, { precision: lowest59 - 1e-9 }, []],
    ["precision a hair above it", {}, { precision: lowest59 + 1e-9 }, ["precision"]],
    ["false alarms a hair above what 24 h show", {}, { falseAlarmsPerHour: highest24 + 1e-9 }, []],
    ["a hair below it", {}, { falseAlarmsPerHour: highest24 - 1e-9 }, ["falseAlarmsPerHour"]],
    ["false alarms that are not judged", { falseAlarms: 3 }, { falseAlarmsPerHour: null }, []],
    ["as many events as are demanded", {}, { minimumEvents: 59 }, []],
    ["one fewer", {}, { minimumEvents: 60 }, ["events"]],
    ["a rate of 0.95 that shows 0.86 only", { references: 60, hits: 57 }, {}, ["recall"]],
    ["nothing that happened", { references: 0, hits: 0 }, {}, ["events", "recall", "precision"]],
    ["no alert at all", { hits: 0 }, {}, ["recall", "precision"]],
    ["hours that are too few", { exposureHours: 1 }, {}, ["falseAlarmsPerHour"]],
  ])("%s", (_, counted, demanded, expected) => {
    expect(verdict(counted, demanded)).toEqual(expected);
  });

  it("agrees with tables of the literature: 27 of 30, and none in 24 h and in 720 h", () => {
    const of = (counted: Partial<Counted>) => judge({ ...PERFECT, ...counted }, DEMANDED, 0.95).bounds;
    const { recallInterval } = of({ references: 30, hits: 27 });
    expect(recallInterval[0]).toBeCloseTo(0.735, 3);
    expect(recallInterval[1]).toBeCloseTo(0.979, 3);
    expect(24 * of({}).falseAlarmsPerHourInterval[1]).toBeCloseTo(3.689, 3);
    expect(720 * of({ exposureHours: 720 }).falseAlarmsPerHourInterval[1]).toBeCloseTo(3.689, 3);
  });

  it("passes exactly from the number of events that it says it takes", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 0.995, noNaN: true }),
        fc.double({ min: 0.9, max: 0.999, noNaN: true }),
        (recall, confidence) => {
          const n = eventsNeeded(recall, confidence);
          const passes = (events: number) =>
            verdict(
              { references: events, hits: events, exposureHours: 1e6 },
              { recall, precision: 1e-6, minimumEvents: 1 },
              confidence,
            ).length === 0;
          expect(passes(n)).toBe(true);
          if (n > 1) expect(passes(n - 1)).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
    expect(eventsNeeded(0.95, 0.95)).toBe(72);
  });

  it("passes exactly from the hours that it says it takes", () => {
    const hours = hoursNeeded(0.1, 0.95);
    expect(hours).toBeCloseTo(36.89, 2);
    expect(verdict({ exposureHours: hours * 1.0001 }, { falseAlarmsPerHour: 0.1 })).toEqual([]);
    expect(verdict({ exposureHours: hours * 0.9999 }, { falseAlarmsPerHour: 0.1 })).toEqual([
      "falseAlarmsPerHour",
    ]);
  });

  it("never lets a worse result pass where a better one failed", () => {
    const counts = fc.record({ references: fc.nat(80), found: fc.nat(80), falseAlarms: fc.nat(20) });
    fc.assert(
      fc.property(counts, fc.constantFrom("miss", "false alarm", "confidence"), (drawn, worse) => {
        const references = Math.max(1, drawn.references);
        const hits = Math.min(drawn.found, references);
        const { falseAlarms } = drawn;
        const passes = (counted: Partial<Counted>, confidence = 0.9) =>
          verdict({ references, hits, falseAlarms, ...counted }, { minimumEvents: 1 }, confidence).length ===
          0;
        const after =
          worse === "miss"
            ? passes({ hits: Math.max(0, hits - 1) })
            : worse === "false alarm"
              ? passes({ falseAlarms: falseAlarms + 1 })
              : passes({}, 0.99);
        if (after) expect(passes({})).toBe(true);
      }),
    );
  });
});
