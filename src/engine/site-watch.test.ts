import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HandClock } from "../../test/support/hand-clock.ts";
import { ClockWatch } from "./site-watch.ts";

describe("a watch over the clocks", () => {
  it.each([
    ["on", 0, null],
    ["a leap second", -1, null],
    ["two seconds back", -2, null],
    ["more than that", -2.001, -2.001],
    ["an hour forth", 3600, 3600],
  ])("%s", (_, by, seen) => {
    const clock = new HandClock(1_000_000_000);
    const watch = new ClockWatch(clock);
    clock.pass(1);
    clock.set(clock.now() + by * 1000);
    const jump = watch.look();
    if (seen === null) expect(jump).toBeNull();
    else {
      expect(jump?.by).toBeCloseTo(seen, 6);
      expect(jump?.expected).toBe(1_000_001_000);
    }
    clock.pass(1);
    expect(watch.look()).toBeNull();
  });

  it("lets nobody hold the time back by more than two seconds and half a second a day, however it is cut up", () => {
    const step = fc.record({
      pass: fc.double({ min: 0.01, max: 3600, noNaN: true }),
      back: fc.double({ min: 0, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 100 }), (steps) => {
        const clock = new HandClock(1_000_000_000);
        const watch = new ClockWatch(clock);
        let [passed, stolen] = [0, 0];
        for (const { pass, back } of steps) {
          clock.pass(pass);
          clock.set(clock.now() - back * 1000);
          passed += pass;
          stolen += back;
          if (watch.look() !== null) return;
          expect(stolen).toBeLessThanOrEqual(2 + passed * (0.5 / 86_400) + 0.001);
        }
      }),
    );
  });

  it("forgives what comes slowly", () => {
    const clock = new HandClock(1_000_000_000);
    const watch = new ClockWatch(clock);
    for (let day = 0; day < 40; day += 1) {
      clock.pass(86_400);
      clock.set(clock.now() - 400);
      expect(watch.look()).toBeNull();
    }
  });
});
