import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cluster, clusterBootstrap } from "./bootstrap.ts";
import { wilson } from "./proportion.ts";
import { sampleQuantile } from "./sample-quantile.ts";

const of = (...pairs: readonly [number, number][]): Cluster[] =>
  pairs.map(([numerator, denominator]) => ({ numerator, denominator }));

describe("the cluster bootstrap", () => {
  it.each([
    ["no cluster", of()],
    ["one cluster", of([9, 10])],
    ["one that says anything", of([9, 10], [0, 0], [0, 0])],
    ["clusters that all say the same", of([9, 9], [4, 4])],
  ])("refuses %s", (_, clusters) => {
    expect(clusterBootstrap(clusters)).toBeNull();
  });

  it("is the distribution of all draws, where these can be listed", () => {
    // Of two clusters 0/1 and 1/1 a draw of two gives 0 in a quarter, 1/2 in a half, 1 in a quarter of cases.
    expect(clusterBootstrap(of([0, 1], [1, 1]))).toEqual([0, 1]);
    expect(clusterBootstrap(of([0, 1], [1, 1]), { level: 0.4 })).toEqual([0.5, 0.5]);
  });

  it("is the same again, and another with another seed", () => {
    const clusters = of([9, 10], [3, 7], [1, 9], [20, 21], [4, 4]);
    expect(clusterBootstrap(clusters)).toEqual(clusterBootstrap(clusters));
    expect(clusterBootstrap(clusters, { seed: 2 })).not.toEqual(clusterBootstrap(clusters, { seed: 3 }));
  });

  it("agrees with Wilson where every event has a camera of its own", () => {
    const clusters = Array.from({ length: 200 }, (_, index) => ({
      numerator: index < 140 ? 1 : 0,
      denominator: 1,
    }));
    const [low, high] = clusterBootstrap(clusters) ?? [0, 0];
    const [wilsonLow, wilsonHigh] = wilson(140, 200);
    expect(Math.abs(low - wilsonLow)).toBeLessThan(0.012);
    expect(Math.abs(high - wilsonHigh)).toBeLessThan(0.012);
  });

  it("is wider where a camera's events go together", () => {
    const together = of(...Array.from({ length: 10 }, (_, i): [number, number] => [i < 7 ? 20 : 0, 20]));
    const [low, high] = clusterBootstrap(together) ?? [0, 0];
    const [wilsonLow, wilsonHigh] = wilson(140, 200);
    expect(high - low).toBeGreaterThan(3 * (wilsonHigh - wilsonLow));
  });
});

describe("a quantile of a sample", () => {
  /** numpy.quantile of NumPy 2.4.6. */
  it.each([
    [0.5, 6.5],
    [0.9, 13.9],
    [0.25, 3.25],
    [0, 1],
    [1, 16],
  ])("at %d of 4, 1, 9, 16 is %d", (share, expected) => {
    expect(sampleQuantile([4, 1, 9, 16], share)).toBeCloseTo(expected, 12);
  });

  it("is null of nothing and the value of one", () => {
    expect(sampleQuantile([], 0.5)).toBeNull();
    expect(sampleQuantile([7], 0.9)).toBe(7);
  });

  it("lies between the ends and rises with the share", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const found = sampleQuantile(values, share) ?? Number.NaN;
          expect(found).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
          expect(found).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
          expect(sampleQuantile(values, share / 2)).toBeLessThanOrEqual(found + 1e-9);
        },
      ),
    );
  });
});
