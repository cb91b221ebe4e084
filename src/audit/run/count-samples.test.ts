import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CountSamples } from "./count-samples.ts";

const measure = (at: number, best: number) => ({ at, count: { low: best, best, high: best } });

describe("CountSamples", () => {
  it("takes at each instant of the reference what was last measured", () => {
    const samples = new CountSamples({ rule: "hall", everySeconds: 1, values: [10, 11, 12, 13, 14] });
    samples.observe("other", measure(0, 99));
    samples.observe("hall", measure(0.5, 5));
    samples.observe("hall", measure(1.9995, 6));
    samples.observe("hall", measure(2.6, 7));
    // Nothing was measured at 0 s, and the clip ends before 4 s.
    expect(samples.facts(3.4).samples).toEqual([
      { at: 1, reference: 11, measured: 5 },
      { at: 2, reference: 12, measured: 6 },
      { at: 3, reference: 13, measured: 7 },
    ]);
  });

  it("never invents an instant, and never looks ahead", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        (ticks, every) => {
          const times = [...new Set(ticks)].sort((a, b) => a - b).map((tick) => tick / 10);
          const samples = new CountSamples({ rule: "r", everySeconds: every / 4, values: Array(50).fill(1) });
          for (const at of times) samples.observe("r", measure(at, at));
          const end = times.at(-1) ?? 0;
          for (const { at, measured } of samples.facts(end).samples) {
            expect(at).toBeLessThanOrEqual(end + 0.001);
            expect(measured).toBeLessThanOrEqual(at + 0.001);
            expect(measured).toBe(times.findLast((time) => time <= at + 0.001));
          }
        },
      ),
    );
  });
});
