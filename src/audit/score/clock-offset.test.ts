import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimateClockOffset } from "./clock-offset.ts";

/** Events at odd distances, so that they fit a log shifted by nothing else than what it was shifted by. */
const REFERENCES = [100, 731, 1490, 2711, 3302, 4903, 6104, 7555, 9206, 9990].map((begin) => ({
  begin,
  end: begin + 20,
  tolerance: 2,
}));

/** Seeded, so that the cases are the same each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const noise = (count: number, seed: number) => {
  const random = chance(seed);
  return Array.from({ length: count }, () => 10_000 * random());
};

describe("the clock of a log", () => {
  test("is told from alerts of events among false ones, delay included", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3600, max: 3600 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        (offset, wrong, seed) => {
          const random = chance(seed);
          const alerts = REFERENCES.slice(0, 9).map(({ begin }) => begin + 1 + random() + offset);
          const found = estimateClockOffset([
            { references: REFERENCES, alerts: [...alerts, ...noise(wrong, seed)] },
          ]);
          expect(found).not.toBeNull();
          expect(Math.abs((found?.seconds ?? 0) - (offset + 1.5))).toBeLessThan(3);
          expect(found?.pairs).toBeGreaterThanOrEqual(9);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("is not told where alerts are everywhere", () => {
    expect(estimateClockOffset([{ references: REFERENCES, alerts: noise(20_000, 1) }])).toBeNull();
  });

  test("is not told from chance: alerts of nothing, however many, show no clock", () => {
    const told = Array.from({ length: 40 }, (_, seed) =>
      estimateClockOffset([{ references: REFERENCES, alerts: noise(10 + 5 * seed, seed + 1) }]),
    ).filter((found) => found !== null);
    expect(told.length).toBeLessThanOrEqual(2);
  });

  test("is not told from two pairs", () => {
    const alerts = [REFERENCES[0]?.begin ?? 0, REFERENCES[1]?.begin ?? 0].map((begin) => begin + 30);
    expect(estimateClockOffset([{ references: REFERENCES, alerts }])).toBeNull();
    expect(estimateClockOffset([])).toBeNull();
  });

  test("of one that fits as it is, no other is preferred that fits as well", () => {
    const long = REFERENCES.map((reference) => ({ ...reference, end: reference.begin + 200 }));
    const alerts = long.map(({ begin }) => begin + 1);
    expect(estimateClockOffset([{ references: long, alerts }])).toEqual({ seconds: 1, pairs: 10, spread: 0 });
  });

  test("does not mix up what is of different rules", () => {
    const [first, second] = [REFERENCES.slice(0, 5), REFERENCES.slice(5)];
    const alerts = (part: typeof first) => part.map(({ begin }) => begin + 41);
    expect(
      estimateClockOffset([
        { references: first, alerts: alerts(first) },
        { references: second, alerts: alerts(second) },
      ])?.seconds,
    ).toBe(41);
    // Crossed, nothing fits.
    expect(
      estimateClockOffset([
        { references: first, alerts: alerts(second) },
        { references: second, alerts: alerts(first) },
      ]),
    ).toBeNull();
  });
});
