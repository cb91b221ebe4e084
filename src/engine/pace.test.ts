import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";

function kept(rate: number, perSecond: number, seconds: number): number {
  const pace = new Pace(perSecond);
  let count = 0;
  for (let i = 0; i < rate * seconds; i += 1) if (pace.due(i / rate)) count += 1;
  return count;
}

describe("Pace", () => {
  it.each([
    [25, 10, 100],
    [30, 5, 50],
    [10, 10, 100],
    [2, 10, 20],
    [29.97, 8, 80],
    [7, 5, 50],
  ])("of a stream at %d frames/s keeps at most %d a second", (rate, perSecond, expected) => {
    expect(Math.abs(kept(rate, perSecond, 10) - expected)).toBeLessThanOrEqual(1);
  });

  it("catches up after a gap with one instant, not a burst", () => {
    const pace = new Pace(5);
    pace.due(0);
    expect([10, 10.02, 10.04, 10.2].map((at) => pace.due(at))).toEqual([true, false, false, true]);
  });

  it("never exceeds its rate on uneven streams", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 0.5, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 30 }),
        (gaps, perSecond) => {
          const pace = new Pace(perSecond);
          let at = 0;
          let count = 0;
          for (const gap of gaps) {
            if (pace.due(at)) count += 1;
            at += gap;
          }
          expect(count).toBeLessThanOrEqual(Math.floor(at * perSecond) + 2);
        },
      ),
    );
  });
});
