import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Reference, ReferenceEvent } from "../../reference.ts";
import { agreementOf } from "./agreement.ts";
import { countAgreement } from "./count-agreement.ts";
import { overlapShare, pairEvents } from "./event-pairs.ts";
import { cohensKappa, timeTable } from "./kappa.ts";
import { agreementText } from "./text.ts";

const happened = (begin: number, end: number, more: Partial<ReferenceEvent> = {}): ReferenceEvent => ({
  event: "fire",
  rule: "yard",
  begin,
  end,
  tolerance: 0,
  box: null,
  conditions: {},
  ...more,
});
const reference = (...events: readonly ReferenceEvent[]): Reference => ({
  events,
  distractors: [],
  counts: null,
  tracks: null,
});
const OPTIONS = { seconds: 100, binSeconds: 1 };

describe("pairs", () => {
  test("two that overlap are one; two that only follow each other are not", () => {
    expect(pairEvents([happened(0, 5)], [happened(4, 9)]).pairs).toEqual([[0, 0]]);
    expect(pairEvents([happened(0, 5)], [happened(5.1, 9)])).toEqual({ pairs: [], onlyA: [0], onlyB: [0] });
  });

  test("tolerances of both together bridge a gap", () => {
    const a = [happened(0, 5, { tolerance: 0.5 })];
    expect(pairEvents(a, [happened(6, 9, { tolerance: 0.5 })]).pairs).toHaveLength(1);
    expect(pairEvents(a, [happened(6.1, 9, { tolerance: 0.5 })]).pairs).toHaveLength(0);
  });

  test("as many pairs as possible, then as much overlap as possible", () => {
    // The greedy pairing, b0 with a0, would leave a1 alone.
    const a = [happened(0, 10), happened(9, 12)];
    const b = [happened(1, 10), happened(0, 2)];
    expect(pairEvents(a, b).pairs).toEqual([
      [0, 1],
      [1, 0],
    ]);
    const two = [happened(0, 10), happened(10, 20)];
    expect(pairEvents(two, [happened(9, 20), happened(0, 11)]).pairs).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  const events = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 2 }))
      .map(([begin, length, tolerance]) => happened(begin, begin + length, { tolerance })),
    { maxLength: 5 },
  );

  test("no pairing of them all is better", () => {
    fc.assert(
      fc.property(events, events, (a, b) => {
        const { pairs } = pairEvents(a, b);
        const worth = pairs.reduce((sum, [i, j]) => sum + worthOf(a[i], b[j]), 0);
        expect(worth).toBeCloseTo(best(a, b, 0, new Set()), 6);
      }),
      { numRuns: 60 },
    );
  });

  test("who is asked first changes nothing", () => {
    fc.assert(
      fc.property(events, events, (a, b) => {
        const one = agreementOf(reference(...a), reference(...b), OPTIONS);
        const other = agreementOf(reference(...b), reference(...a), OPTIONS);
        expect(other.all.agreed).toBe(one.all.agreed);
        expect(other.all.f1).toBe(one.all.f1);
        expect(other.groups[0]?.kappa).toEqual(one.groups[0]?.kappa);
        expect(other.all.onlyA).toHaveLength(one.all.onlyB.length);
      }),
    );
  });

  /** By trying all. */
  function best(
    a: readonly ReferenceEvent[],
    b: readonly ReferenceEvent[],
    i: number,
    used: Set<number>,
  ): number {
    if (i === a.length) return 0;
    let found = best(a, b, i + 1, used);
    b.forEach((event, j) => {
      const worth = worthOf(a[i], event);
      if (used.has(j) || worth === 0) return;
      found = Math.max(found, worth + best(a, b, i + 1, new Set([...used, j])));
    });
    return found;
  }

  function worthOf(a: ReferenceEvent | undefined, b: ReferenceEvent | undefined): number {
    if (a === undefined || b === undefined) return 0;
    const gap = Math.max(a.begin, b.begin) - Math.min(a.end, b.end);
    return gap > a.tolerance + b.tolerance ? 0 : 1000 + overlapShare(a, b);
  }
});

describe("kappa", () => {
  // Cohen 1960's measure on the worked table of 50 proposals (20, 5, 10, 15): (0.7 - 0.5) / (1 - 0.5).
  test("of a worked table", () => {
    expect(cohensKappa({ both: 20, onlyA: 5, onlyB: 10, neither: 15 })).toBeCloseTo(0.4, 12);
  });

  test.each([
    ["the same", [happened(10, 20)], [happened(10, 20)], 1],
    ["each where the other is not", [happened(0, 50)], [happened(50, 100)], -1],
    ["neither ever", [], [], null],
    ["both always", [happened(0, 100)], [happened(0, 100)], null],
  ])("%s: %o and %o give %o", (_name, a, b, kappa) => {
    expect(cohensKappa(timeTable(a, b, 100, 0.5))).toBe(kappa);
  });

  test("a bin is what holds at its middle; an instant marks its own", () => {
    expect(timeTable([happened(0.5, 2.4)], [happened(2.6, 2.6)], 4, 1)).toEqual({
      both: 0,
      onlyA: 2,
      onlyB: 1,
      neither: 1,
    });
    // What lies beyond the recording is not counted, and an instant at its very end is.
    expect(timeTable([happened(99, 200)], [happened(100, 100)], 100, 1)).toMatchObject({
      both: 1,
      neither: 99,
    });
  });
});

describe("counts", () => {
  const counts = (everySeconds: number, ...values: number[]) => ({ rule: "hall", everySeconds, values });

  test("Lin's concordance of a hand-worked case", () => {
    // Means 3 and 4, variances 2 and 2, covariance 2: 2 * 2 / (2 + 2 + 1).
    const found = countAgreement(counts(5, 1, 2, 3, 4, 5), counts(5, 2, 3, 4, 5, 6));
    expect(found).toMatchObject({ samples: 5, bias: 1, meanAbsolute: 1 });
    expect(found?.concordance).toBeCloseTo(0.8, 12);
  });

  test("only instants that both counted", () => {
    const found = countAgreement(counts(0.1, 0, 9, 9, 3, 9, 9, 6), counts(0.3, 0, 3, 6));
    expect(found).toMatchObject({ samples: 3, meanAbsolute: 0, concordance: 1 });
    expect(countAgreement(counts(5, 1), { ...counts(5, 1), rule: "quay" })).toBeNull();
    expect(countAgreement(counts(5, 2, 2), counts(5, 2, 2))?.concordance).toBeNull();
  });
});

describe("a whole comparison", () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  const a = reference(
    happened(10, 20, { box }),
    happened(40, 50, { conditions: { light: "day" } }),
    happened(70, 71, { event: "fight", rule: null }),
  );
  const b = reference(happened(11, 20.5, { box: { ...box, width: 5 } }), happened(39, 49), happened(80, 90));
  const found = agreementOf(a, b, OPTIONS);

  test("events, times, boxes and conditions", () => {
    expect(found.all).toMatchObject({ inA: 3, inB: 3, agreed: 2, oneBox: 0, otherConditions: 1 });
    expect(found.all.f1).toBeCloseTo(2 / 3, 12);
    expect(found.all.share?.value).toBe(0.5);
    expect(found.all.begin).toEqual({ mean: 0, meanAbsolute: 1, median: 1, p90: 1, largest: 1 });
    expect(found.all.end).toMatchObject({ mean: -0.25, meanAbsolute: 0.75, largest: 1 });
    expect(found.all.boxes).toEqual({ pairs: 1, meanIou: 0.5, leastIou: 0.5 });
    expect(found.all.onlyA).toEqual([{ event: "fight", rule: null, begin: 70, end: 71 }]);
    expect(found.all.onlyB).toEqual([{ event: "fire", rule: "yard", begin: 80, end: 90 }]);
    expect(found.groups.map(({ event, agreed }) => [event, agreed])).toEqual([
      ["fight", 0],
      ["fire", 2],
    ]);
  });

  test("is said in both languages, the answer first, with every event that one alone has", () => {
    const names = { a: "a.json", b: "b.json" };
    const en = agreementText(found, names, "en");
    expect(en).toMatch(/^They agree on 2 of 4 events \(50%/);
    expect(en).toContain("1:20.0 – 1:30.0  fire (yard)");
    const fr = agreementText(found, names, "fr");
    expect(fr).toMatch(/^Accord sur 2 événements sur 4/);
    expect(fr).toContain("1:20.0 – 1:30.0  départ de feu (yard)");
  });

  test("of two files without events says so, and has no figures", () => {
    const none = agreementOf(reference(), reference(), { seconds: null, binSeconds: 1 });
    expect(none.all).toMatchObject({ f1: null, share: null, begin: null });
    expect(agreementText(none, { a: "a", b: "b" }, "en")).toMatch(/^Neither marked an event/);
  });
});
