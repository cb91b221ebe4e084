import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { medianInterval, pairedBootstrap, pairedShareInterval } from "./paired-intervals.ts";

describe("pairedShareInterval", () => {
  // The first is an example of Newcombe 1998, table II; the others were worked out apart, from Wilson's intervals and phi.
  test.each([
    { finds: { both: 36, onlyA: 2, onlyB: 12, neither: 0 }, interval: [0.0569, 0.3404] },
    { finds: { both: 53, onlyA: 0, onlyB: 1, neither: 0 }, interval: [-0.0496, 0.0977] },
    { finds: { both: 20, onlyA: 1, onlyB: 5, neither: 1 }, interval: [-0.0475, 0.3401] },
    { finds: { both: 0, onlyA: 0, onlyB: 10, neither: 0 }, interval: [0.6075, 1] },
  ])("$finds", ({ finds, interval }) => {
    const [low, high] = pairedShareInterval(finds) ?? [Number.NaN, Number.NaN];
    expect(low).toBeCloseTo(interval[0] ?? Number.NaN, 4);
    expect(high).toBeCloseTo(interval[1] ?? Number.NaN, 4);
  });

  const finds = fc.record({
    both: fc.nat(40),
    onlyA: fc.nat(40),
    onlyB: fc.nat(40),
    neither: fc.nat(40),
  });

  test("holds the difference, within -1 and 1, and turns round with the systems", () => {
    fc.assert(
      fc.property(finds, (of) => {
        const n = of.both + of.onlyA + of.onlyB + of.neither;
        const interval = pairedShareInterval(of);
        if (n === 0) return expect(interval).toBeNull();
        const [low, high] = interval ?? [Number.NaN, Number.NaN];
        const difference = (of.onlyB - of.onlyA) / n;
        expect(low).toBeLessThanOrEqual(difference + 1e-12);
        expect(high).toBeGreaterThanOrEqual(difference - 1e-12);
        expect(low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        const [back, forth] = pairedShareInterval({ ...of, onlyA: of.onlyB, onlyB: of.onlyA }) ?? [0, 0];
        expect(back).toBeCloseTo(-high, 12);
        expect(forth).toBeCloseTo(-low, 12);
      }),
    );
  });
});

describe("pairedBootstrap", () => {
  const camera = (a: number, b: number, n: number) => ({
    a: { numerator: a, denominator: n },
    b: { numerator: b, denominator: n },
  });

  test("cameras that all say the same, or fewer than 5, give none", () => {
    expect(pairedBootstrap([])).toBeNull();
    expect(pairedBootstrap([1, 2, 3, 4].map((n) => camera(0, n, 4)))).toBeNull();
    expect(pairedBootstrap([1, 2, 3, 4, 5].map(() => camera(1, 2, 4)))).toBeNull();
    const silent = [1, 2, 3].map(() => camera(0, 0, 0));
    expect(pairedBootstrap([...silent, camera(1, 2, 4), camera(2, 1, 4)])).toBeNull();
  });

  test("systems that go up and down together differ less surely than cameras do", () => {
    const together = [0, 2, 4, 6, 8, 10, 1, 9].map((hits) => camera(hits, Math.min(10, hits + 1), 10));
    const [low, high] = pairedBootstrap(together) ?? [Number.NaN, Number.NaN];
    // B finds one more of 10 on seven cameras of eight, and as many on one: 0.0875.
    expect(low).toBeGreaterThan(0.05);
    expect(high).toBeCloseTo(0.1, 9);
    const apart = together.map((own, index) => ({
      a: own.a,
      b: together[together.length - 1 - index]?.b ?? own.b,
    }));
    const [lowApart, highApart] = pairedBootstrap(apart) ?? [Number.NaN, Number.NaN];
    expect(highApart - lowApart).toBeGreaterThan(5 * (high - low));
  });

  test("of ratios with their own denominators: a draw without any is left out", () => {
    const clusters = [0, 0, 0, 3, 2].map((hits, index) => ({
      a: { numerator: 1, denominator: 2 },
      b: { numerator: hits, denominator: index < 3 ? 0 : 4 },
    }));
    const [low, high] = pairedBootstrap(clusters) ?? [Number.NaN, Number.NaN];
    expect(low).toBeCloseTo(0, 9);
    expect(high).toBeCloseTo(0.25, 9);
  });

  test("turns round with the systems", () => {
    const clusters = [3, 1, 4, 1, 5, 9].map((hits, index) => camera(hits, 9 - index, 10));
    const [low, high] = pairedBootstrap(clusters) ?? [Number.NaN, Number.NaN];
    const [back, forth] = pairedBootstrap(clusters.map(({ a, b }) => ({ a: b, b: a }))) ?? [0, 0];
    expect(back).toBeCloseTo(-high, 12);
    expect(forth).toBeCloseTo(-low, 12);
  });
});

describe("medianInterval", () => {
  // Of the binomial (n, 1/2), the largest k with P(X <= k) <= 0.025, as tables of the sign test have it.
  test.each([
    [5, null],
    [6, [1, 6]],
    [8, [1, 8]],
    [9, [2, 8]],
    [12, [3, 10]],
    [20, [6, 15]],
    [25, [8, 18]],
  ])("of %i values: %j", (n, interval) => {
    const values = Array.from({ length: n }, (_, index) => n - index);
    expect(medianInterval(values)).toEqual(interval);
  });

  test("of none", () => expect(medianInterval([])).toBeNull());
});
