import fc from "fast-check";
import { linearSumAssignment } from "linear-sum-assignment";
import { describe, expect, it } from "vitest";
import { ALIGNMENTS } from "../record.ts";
import { overlapsEnough } from "./align-actev.ts";
import type { AlignableAlert, AlignableReference, Alignment } from "./alignable.ts";
import { align } from "./alignment.ts";

const BOX = { x: 0, y: 0, width: 10, height: 10 };
const ELSEWHERE = { x: 50, y: 0, width: 10, height: 10 };
const BESIDE = { x: 10, y: 0, width: 10, height: 10 };

function reference(begin: number, end: number, more: Partial<AlignableReference> = {}): AlignableReference {
  return { begin, end, tolerance: 0, box: null, ...more };
}
function alert(at: number, more: Partial<AlignableAlert> = {}): AlignableAlert {
  return { at, until: null, confidence: null, box: null, ...more };
}
/** h0 a hit of reference 0, d0 a duplicate of it, x a false alarm: an alert a word. */
function outcomes({ alerts }: Alignment): string {
  return alerts
    .map(({ outcome, reference: of }) => (outcome === "false_alarm" ? "x" : `${outcome[0]}${of}`))
    .join(" ");
}

describe("alignment by instant", () => {
  it.each([
    ["at the begin", [reference(5, 9)], [alert(5)], "h0"],
    ["at the end", [reference(5, 9)], [alert(9)], "h0"],
    ["a hair outside, by rounding", [reference(0.3, 9)], [alert(0.1 + 0.2 - 1e-7)], "h0"],
    ["outside", [reference(5, 9)], [alert(4.99), alert(9.01)], "x x"],
    ["within the tolerance", [reference(5, 9, { tolerance: 2 })], [alert(3), alert(11)], "h0 d0"],
    ["outside the tolerance", [reference(5, 9, { tolerance: 2 })], [alert(2.9)], "x"],
    ["of no length", [reference(5, 5)], [alert(5)], "h0"],
    ["a second one", [reference(5, 9)], [alert(6), alert(7), alert(8)], "h0 d0 d0"],
    ["one each", [reference(5, 9), reference(20, 25)], [alert(6), alert(21)], "h0 h1"],
    ["the earliest of two that hold", [reference(6, 12), reference(5, 9)], [alert(7)], "h1"],
    ["then the other", [reference(6, 12), reference(5, 9)], [alert(7), alert(8), alert(8.5)], "h1 h0 d1"],
    ["in the order of time, not of the file", [reference(5, 9)], [alert(8), alert(6)], "d0 h0"],
    [
      "in its place",
      [reference(5, 9, { box: BOX })],
      [alert(6, { box: ELSEWHERE }), alert(7, { box: BOX })],
      "x h0",
    ],
    ["touching is no overlap", [reference(5, 9, { box: BOX })], [alert(6, { box: BESIDE })], "x"],
    ["of no known place", [reference(5, 9, { box: BOX })], [alert(6)], "h0"],
    ["wherever, where the reference has no box", [reference(5, 9)], [alert(6, { box: ELSEWHERE })], "h0"],
    [
      "two at once in two places",
      [reference(5, 9, { box: ELSEWHERE }), reference(5, 9, { box: BOX })],
      [alert(6, { box: BOX }), alert(6, { box: ELSEWHERE })],
      "h1 h0",
    ],
    ["without references", [], [alert(1)], "x"],
    ["without alerts", [reference(1, 2)], [], ""],
  ])("%s", (_, references, alerts, expected) => {
    expect(outcomes(align("instant", references, alerts))).toBe(expected);
  });
});

describe("alignment as the ActEV scorer does it", () => {
  it.each([
    ["a second of overlap is enough", [reference(5, 20)], [alert(19, { until: 40 })], "h0"],
    ["less is not", [reference(5, 20)], [alert(19.1, { until: 40 })], "x"],
    ["of a short reference half", [reference(5, 5.6)], [alert(5.3, { until: 9 })], "h0"],
    ["and no less", [reference(5, 5.6)], [alert(5.4, { until: 9 })], "x"],
    [
      "a second alert is a false alarm",
      [reference(5, 20)],
      [alert(6, { until: 8 }), alert(9, { until: 12 })],
      "h0 x",
    ],
    [
      "the surer one is taken",
      [reference(5, 20)],
      [alert(6, { until: 8, confidence: 0.2 }), alert(9, { until: 12, confidence: 0.7 })],
      "x h0",
    ],
    [
      "as many as can be are aligned, though the surest could have had another",
      [reference(0, 10), reference(8, 20)],
      [alert(8.5, { until: 15, confidence: 0.9 }), alert(2, { until: 5, confidence: 0.1 })],
      "h1 h0",
    ],
    ["tolerance does not count", [reference(5, 9, { tolerance: 5 })], [alert(10, { until: 14 })], "x"],
    ["nor does place", [reference(5, 9, { box: BOX })], [alert(5, { until: 9, box: ELSEWHERE })], "h0"],
    [
      "an alert without an end fits inside",
      [reference(5, 9), reference(20, 30)],
      [alert(9), alert(15)],
      "h0 x",
    ],
    ["an instant is found by what lasts through it", [reference(5, 5)], [alert(4, { until: 6 })], "h0"],
    ["and not by what ends before", [reference(5, 5)], [alert(2, { until: 4.9 })], "x"],
  ])("%s", (_, references, alerts, expected) => {
    expect(outcomes(align("actev", references, alerts))).toBe(expected);
  });

  it("takes as much as the best assignment of all by all", () => {
    fc.assert(
      fc.property(
        fc.array(anyReference, { minLength: 1, maxLength: 8 }),
        fc.array(anyAlert, { minLength: 1, maxLength: 8 }),
        (references, alerts) => {
          // The scorer's similarity, 1 + epsilon × confidence; what may not be aligned gives nothing.
          const gain = (r: AlignableReference, a: AlignableAlert) =>
            overlapsEnough(r, a) ? 1 + 1e-3 * (a.confidence ?? 0) : 0;
          const matrix = references.map((r) => alerts.map((a) => gain(r, a)));
          const best = linearSumAssignment(matrix, { maximaze: true }).rowAssignments;
          const most = [...best].reduce((sum, a, r) => sum + (a < 0 ? 0 : (matrix[r]?.[a] ?? 0)), 0);
          const found = align("actev", references, alerts);
          const got = found.references.reduce(
            (sum: number, a, r) => sum + (a === null ? 0 : (matrix[r]?.[a] ?? 0)),
            0,
          );
          expect(got).toBeCloseTo(most, 9);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("gives each reference only what overlaps it enough", () => {
    fc.assert(
      fc.property(fc.array(anyReference), fc.array(anyAlert), (references, alerts) => {
        for (const [r, a] of align("actev", references, alerts).references.entries()) {
          const [one, other] = [references[r], a === null ? undefined : alerts[a]];
          if (one !== undefined && other !== undefined) expect(overlapsEnough(one, other)).toBe(true);
        }
      }),
    );
  });
});

const quarter = fc.integer({ min: 0, max: 160 }).map((n) => n / 4);
const anyBox = fc.option(fc.constantFrom(BOX, BESIDE, ELSEWHERE));
const anyReference = fc
  .record({
    begin: quarter,
    length: fc.constantFrom(0, 0.5, 1, 3, 8, 20),
    tolerance: fc.constantFrom(0, 0.5, 2),
    box: anyBox,
  })
  .map(({ begin, length, ...more }): AlignableReference => ({ begin, end: begin + length, ...more }));
const anyAlert = fc
  .record({
    at: quarter,
    length: fc.option(fc.constantFrom(0, 0.5, 1, 4, 12)),
    confidence: fc.option(fc.constantFrom(0.1, 0.4, 0.7, 1)),
    box: anyBox,
  })
  .map(
    ({ at, length, ...more }): AlignableAlert => ({
      at,
      until: length === null ? null : at + length,
      ...more,
    }),
  );

describe.each(ALIGNMENTS)("any alignment: %s", (kind) => {
  it("is one to one, and adds up", () => {
    fc.assert(
      fc.property(fc.array(anyReference), fc.array(anyAlert), (references, alerts) => {
        const found = align(kind, references, alerts);
        expect([found.references.length, found.alerts.length]).toEqual([references.length, alerts.length]);
        const hits = found.references.filter((a) => a !== null);
        expect(new Set(hits).size).toBe(hits.length);
        for (const [index, { outcome, reference: of }] of found.alerts.entries()) {
          expect(of === null).toBe(outcome === "false_alarm");
          if (outcome === "hit") expect(found.references[of ?? -1]).toBe(index);
          if (outcome === "duplicate") expect(found.references[of ?? -1]).not.toBeNull();
        }
        expect(found.alerts.filter(({ outcome }) => outcome === "hit")).toHaveLength(hits.length);
      }),
    );
  });

  it("comes out the same in whatever order they are given", () => {
    fc.assert(
      fc.property(
        fc.array(anyReference),
        fc.array(anyAlert),
        fc.infiniteStream(fc.nat()),
        (references, alerts, keys) => {
          const shuffle = <T>(values: readonly T[]): T[] =>
            values
              .map((value) => ({ value, key: keys.next().value ?? 0 }))
              .toSorted((a, b) => a.key - b.key)
              .map(({ value }) => value);
          const [shuffledReferences, shuffledAlerts] = [shuffle(references), shuffle(alerts)];
          const told = (r: readonly AlignableReference[], a: readonly AlignableAlert[]) => {
            const found = align(kind, r, a);
            return {
              alerts: found.alerts
                .map(({ outcome }, index) => JSON.stringify([a[index], outcome]))
                .toSorted(),
              found:
                kind === "actev"
                  ? found.references.filter((one) => one !== null).length
                  : found.references.map((one, index) => JSON.stringify([r[index], one !== null])).toSorted(),
            };
          };
          expect(told(shuffledReferences, shuffledAlerts)).toEqual(told(references, alerts));
        },
      ),
    );
  });

  // Anything that grew with alerts times references would take longer than a test may.
  it("is done in a moment with a hundred thousand alerts", () => {
    const references = Array.from({ length: 20_000 }, (_, i) =>
      reference(i * 30, i * 30 + 20, { tolerance: 2 }),
    );
    const alerts = Array.from({ length: 100_000 }, (_, i) =>
      alert(i * 6, { until: i * 6 + 4, confidence: (i % 7) / 7 }),
    );
    const { references: found } = align(kind, references, alerts);
    expect(found.every((one) => one !== null)).toBe(true);
    // All of them inside one long event.
    const { alerts: all } = align(kind, [reference(0, 1e6)], alerts);
    expect(all.filter(({ outcome }) => outcome === "hit")).toHaveLength(1);
  });
});

describe("tolerance", () => {
  it("of references far apart never loses a hit", () => {
    fc.assert(
      fc.property(fc.array(anyAlert), fc.nat(8), fc.nat(8), (alerts, a, b) => {
        const at = (tolerance: number) =>
          [2, 22, 42].map((begin) => reference(begin, begin + 2, { tolerance }));
        const hits = (tolerance: number) =>
          align("instant", at(tolerance), alerts).references.filter((one) => one !== null).length;
        expect(hits(Math.max(a, b))).toBeGreaterThanOrEqual(hits(Math.min(a, b)));
      }),
    );
  });
});
