import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exposureOf, garwood, highestRate } from "./rate.ts";

/** From scipy.stats.chi2.ppf of SciPy 1.17.1: chi2(a/2, 2c) / 2e and chi2(1-a/2, 2c+2) / 2e. */
const FIGURES: readonly [number, number, number, readonly number[]][] = [
  [0, 1, 0.95, [0.0, 3.6888794541139354]],
  [0, 24, 0.95, [0.0, 0.15370331058808065]],
  [0, 720, 0.95, [0.0, 0.005123443686269355]],
  [1, 1, 0.95, [0.025317807984289897, 5.571643390938898]],
  [3, 12.5, 0.95, [0.04949376983164812, 0.7013818455793859]],
  [15, 30, 0.975, [0.25610257935078506, 0.8756555798336616]],
  [100, 7, 0.99, [10.874356549098454, 18.394368588586065]],
  [100_000, 1000, 0.95, [99.38115266374473, 100.62174473974387]],
  [7, 0.25, 0.8, [15.57906721950474, 47.08365784619221]],
];

describe("the interval of a rate", () => {
  it.each(FIGURES)("%d in %d at %d", (count, exposure, level, expected) => {
    const found = garwood(count, exposure, level);
    for (const end of [0, 1]) expect(found[end]).toBeCloseTo(expected[end] ?? Number.NaN, 10);
  });

  it("tells the two-sided end of no alarm from the rule of three, which is one-sided", () => {
    // No false alarm in a day: at most 3.0 a day (one-sided), 3.7 as the end of an interval; in 30 days a thirtieth.
    expect(highestRate(0, 1)).toBeCloseTo(2.9957322735539895, 12);
    expect(garwood(0, 1)[1]).toBeCloseTo(3.6888794541139354, 12);
    expect(highestRate(0, 30)).toBeCloseTo(0.0998577424518, 12);
    expect(highestRate(3, 1)).toBeCloseTo(7.753656527932725, 12);
  });

  it("gives its exposure back", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.double({ min: 1e-3, max: 1e5, noNaN: true }), (count, exposure) => {
        const [low, high] = garwood(count, exposure);
        expect(low).toBeLessThanOrEqual(count / exposure);
        expect(high).toBeGreaterThan(count / exposure);
        expect(exposureOf(count, high) / exposure).toBeCloseTo(1, 12);
      }),
    );
  });

  it.each([
    [1, 0],
    [1, Number.POSITIVE_INFINITY],
    [1.5, 2],
    [-1, 2],
  ])("refuses %d in %d", (count, exposure) => {
    expect(() => garwood(count, exposure)).toThrow(RangeError);
    expect(() => highestRate(count, exposure)).toThrow(RangeError);
  });
});
