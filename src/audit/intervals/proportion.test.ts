import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differenceInterval } from "./difference.ts";
import {
  clopperPearson,
  clopperPearsonLower,
  clopperPearsonUpper,
  fewestEvents,
  wilson,
} from "./proportion.ts";

/** statsmodels 0.15.0, `proportion_confint` with method `wilson` and `beta`. */
const FIGURES: readonly [number, number, number, readonly number[], readonly number[]][] = [
  [27, 30, 0.95, [0.7437891742081593, 0.9654001112526658], [0.7347115495257919, 0.9788828629702774]],
  [29, 29, 0.95, [0.8830302015002593, 1.0], [0.8805551309304973, 1.0]],
  [59, 59, 0.95, [0.9388706294732116, 1.0], [0.9393910990496601, 1.0]],
  [0, 30, 0.95, [0.0, 0.11351339317396876], [0.0, 0.11570330822202778]],
  [1, 2, 0.95, [0.09453120573423074, 0.9054687942657693], [0.01257911709342506, 0.9874208829065749]],
  [5, 10, 0.99, [0.1842255182472355, 0.8157744817527646], [0.12831055393508328, 0.8716894460649167]],
  [13, 14, 0.975, [0.6412520041400667, 0.9895339394807268], [0.6227089034606957, 0.9991019190729402]],
  [
    40_000,
    100_000,
    0.95,
    [0.39696753405150986, 0.4030401485710069],
    [0.39696157351032885, 0.40304422765862385],
  ],
  [99_999, 100_000, 0.95, [0.9999433529034099, 0.9999982347522698], [0.9999442848396523, 0.9999997468219523]],
  [0, 1, 0.95, [0.0, 0.7934506856227626], [0.0, 0.975]],
  [3, 7, 0.8, [0.22598811161452578, 0.6583029463790934], [0.16963841739720056, 0.7213979514182869]],
];

describe("intervals of a proportion", () => {
  it.each(FIGURES)("%d of %d at %d", (k, n, level, byWilson, exact) => {
    for (const [found, expected] of [
      [wilson(k, n, level), byWilson],
      [clopperPearson(k, n, level), exact],
    ] as const)
      for (const end of [0, 1]) expect(found[end]).toBeCloseTo(expected[end] ?? Number.NaN, 12);
  });

  it("say nothing of nothing", () => {
    expect(wilson(0, 0)).toEqual([0, 1]);
    expect(clopperPearson(0, 0)).toEqual([0, 1]);
  });

  it.each([
    [5, 4],
    [-1, 4],
    [0.5, 4],
    [1, Number.NaN],
  ])("refuse %d of %d", (k, n) => {
    expect(() => wilson(k, n)).toThrow(RangeError);
    expect(() => clopperPearson(k, n)).toThrow(RangeError);
  });

  it("refuse a level that is none", () => {
    expect(() => wilson(1, 2, 95)).toThrow(RangeError);
  });

  it("bound one side as scipy.stats.beta.ppf(0.05, k, n - k + 1) does", () => {
    expect(clopperPearsonLower(27, 30)).toBeCloseTo(0.761402142706749, 12);
    expect(clopperPearsonLower(58, 58)).toBeCloseTo(0.9496606616695799, 12);
    expect(clopperPearsonLower(59, 59)).toBeCloseTo(0.950492390111773, 12);
  });

  it("follow the rule of three where nothing was found", () => {
    for (const n of [30, 100, 1000]) expect(clopperPearsonUpper(0, n) * n).toBeCloseTo(3, n < 100 ? 0 : 1);
  });

  it("hold the share, and each other, whatever is counted", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (n, any) => {
        const k = any % (n + 1);
        const [low, high] = clopperPearson(k, n);
        expect(low).toBeLessThanOrEqual(k / n);
        expect(high).toBeGreaterThanOrEqual(k / n);
        expect(clopperPearsonLower(k, n)).toBeGreaterThanOrEqual(low);
        // What is not found is the mirror of what is.
        expect(clopperPearson(n - k, n)[0]).toBeCloseTo(1 - high, 11);
        expect(wilson(n - k, n)[0]).toBeCloseTo(1 - wilson(k, n)[1], 11);
      }),
    );
  });

  it("know the fewest events that could show a target", () => {
    expect(fewestEvents(0.95, "one-sided")).toBe(59);
    expect(fewestEvents(0.95, "two-sided")).toBe(72);
    expect(fewestEvents(0.5, "one-sided")).toBe(5);
    for (const target of [0.6, 0.9, 0.99]) {
      const n = fewestEvents(target, "two-sided");
      expect(clopperPearson(n, n)[0]).toBeGreaterThanOrEqual(target);
      expect(clopperPearson(n - 1, n - 1)[0]).toBeLessThan(target);
    }
  });
});

describe("the interval of a difference", () => {
  /** statsmodels 0.15.0, `confint_proportions_2indep(compare="diff", method="newcomb")`. */
  it.each([
    [56, 70, 48, 80, [0.05243147240236498, 0.33387265403690614]],
    [9, 10, 3, 10, [0.1705227239345029, 0.809017973535488]],
    [10, 10, 0, 20, [0.6790860371419145, 1.0]],
    [27, 30, 20, 30, [0.022879494445879944, 0.423780896318067]],
  ])("%d of %d minus %d of %d", (k1, n1, k2, n2, expected) => {
    const found = differenceInterval(
      { value: k1 / n1, interval: wilson(k1, n1) },
      { value: k2 / n2, interval: wilson(k2, n2) },
    );
    for (const end of [0, 1]) expect(found[end]).toBeCloseTo(expected[end] ?? Number.NaN, 12);
  });
});
