import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialTest, compareRates, fisherExact, holm, mcNemarExact } from "./significance.ts";

describe("Fisher's exact test", () => {
  /** scipy.stats.fisher_exact of SciPy 1.17.1, two-sided. */
  it.each([
    [27, 30, 20, 30, 0.05746627333208206],
    [0, 5, 5, 5, 0.007936507936507938],
    [3, 3, 0, 4, 0.028571428571428567],
    [10, 20, 10, 20, 1],
    [8, 10, 1, 10, 0.005477494641581329],
    [950, 1000, 900, 1000, 2.747498052166883e-5],
    [7, 12, 3, 5, 1],
    [60_000, 100_000, 39_500, 66_000, 0.5391693779782308],
    [1, 30, 0, 1, 1],
  ])("%d of %d against %d of %d", (k1, n1, k2, n2, expected) => {
    expect(fisherExact({ k: k1, n: n1 }, { k: k2, n: n2 }) / expected).toBeCloseTo(1, 8);
  });

  it("finds no difference where one side has nothing", () => {
    expect(fisherExact({ k: 0, n: 0 }, { k: 3, n: 9 })).toBe(1);
  });

  it("is the same from either side, and of misses instead of hits", () => {
    const side = fc
      .tuple(fc.integer({ min: 1, max: 60 }), fc.nat())
      .map(([n, any]) => ({ k: any % (n + 1), n }));
    fc.assert(
      fc.property(side, side, (a, b) => {
        const p = fisherExact(a, b);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(fisherExact(b, a)).toBeCloseTo(p, 11);
        expect(fisherExact({ k: a.n - a.k, n: a.n }, { k: b.n - b.k, n: b.n })).toBeCloseTo(p, 11);
      }),
    );
  });
});

describe("the test of two rates", () => {
  /** statsmodels 0.15.0, `test_poisson_2indep(method="exact-cond")`. */
  it.each([
    [3, 10, 9, 10, 0.14599609375],
    [0, 24, 4, 24, 0.125],
    [60, 51_477.5, 30, 54_308.7, 0.0006751826586863219],
    [5, 1, 5, 1, 1],
    [41, 28_010, 15, 19_017, 0.04085202628650178],
    [20, 1, 5, 0.5, 0.20374545891332846],
  ])("%d in %d against %d in %d", (c1, t1, c2, t2, expected) => {
    const p = compareRates({ count: c1, exposure: t1 }, { count: c2, exposure: t2 });
    expect(p / expected).toBeCloseTo(1, 9);
  });

  it("finds no difference where nothing happened, and refuses where nothing was watched", () => {
    expect(compareRates({ count: 0, exposure: 3 }, { count: 0, exposure: 4 })).toBe(1);
    expect(() => compareRates({ count: 1, exposure: 0 }, { count: 0, exposure: 4 })).toThrow(RangeError);
  });
});

describe("McNemar's exact test", () => {
  /** statsmodels 0.15.0, `mcnemar(exact=True)`. */
  it.each([
    [5, 1, 0.21875],
    [0, 6, 0.03125],
    [12, 12, 1],
    [59, 6, 4.964650327128616e-12],
    [3, 0, 0.25],
    [0, 0, 1],
  ])("%d against %d", (onlyA, onlyB, expected) => {
    expect(mcNemarExact(onlyA, onlyB) / expected).toBeCloseTo(1, 9);
  });
});

it("tests a share that is certain", () => {
  expect(binomialTest({ k: 3, n: 3 }, 1)).toBe(1);
  expect(binomialTest({ k: 2, n: 3 }, 1)).toBe(0);
});

describe("Holm's correction", () => {
  /** statsmodels 0.15.0, `multipletests(method="holm")`. */
  it.each([
    [
      [0.01, 0.04, 0.03, 0.005],
      [0.03, 0.06, 0.06, 0.02],
    ],
    [[0.5], [0.5]],
    [
      [0.02, 0.02, 0.02],
      [0.06, 0.06, 0.06],
    ],
    [
      [0.9, 0.001, 0.6, 0.2, 0.013],
      [1, 0.005, 1, 0.6, 0.052],
    ],
    [[], []],
  ])("of %j is %j", (ps, expected) => {
    const found = holm(ps);
    expect(found).toHaveLength(expected.length);
    for (const [index, p] of expected.entries()) expect(found[index]).toBeCloseTo(p, 12);
  });

  it("never makes a p smaller, and keeps their order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (ps) => {
        const found = holm(ps);
        for (const [i, p] of ps.entries()) {
          expect(found[i]).toBeGreaterThanOrEqual(p);
          for (const [j, q] of ps.entries()) if (p <= q) expect(found[i]).toBeLessThanOrEqual(found[j] ?? 0);
        }
      }),
    );
  });
});
