import { describe, expect, it } from "vitest";
import { HandClock } from "../../../test/support/hand-clock.ts";
import { Throttle } from "./throttle.ts";

const PACE = { free: 2, first: 4, longest: 10 };
const one = (key: string, forgiven = true) => [{ key, pace: PACE, forgiven }];

/** How long the next attempt has to wait, without counting it. */
function waitOf(throttle: Throttle, key: string): number {
  try {
    throttle.begin(one(key)).unjudged();
    return 0;
  } catch (error) {
    return Number(/([0-9]+) s/.exec(String(error))?.[1]);
  }
}

describe("a throttle", () => {
  it("lets some pass, and then doubles the waiting up to a longest one", () => {
    const clock = new HandClock();
    const throttle = new Throttle(clock);
    const waits: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      throttle.begin(one("a"));
      const wait = waitOf(throttle, "a");
      waits.push(wait);
      clock.pass(wait);
    }
    expect(waits).toEqual([0, 0, 4, 8, 10, 10]);
    expect(waitOf(throttle, "b")).toBe(0);
  });

  it("counts attempts from their beginning, so that many at once are many", () => {
    const throttle = new Throttle(new HandClock());
    for (let i = 0; i < 3; i += 1) throttle.begin(one("a"));
    expect(() => throttle.begin(one("a"))).toThrow(/counts in 4 s/);
  });

  it("forgives what is the person's own when an attempt is right, and of what is shared that one alone", () => {
    const throttle = new Throttle(new HandClock());
    throttle.begin(one("own"));
    throttle.begin(one("own")).right();
    expect(throttle.size).toBe(0);
    throttle.begin(one("shared", false));
    throttle.begin(one("shared", false));
    throttle.begin(one("shared", false)).right();
    throttle.begin(one("shared", false));
    expect(waitOf(throttle, "shared")).toBe(4);
  });

  it("counts none where one of several refuses", () => {
    const throttle = new Throttle(new HandClock());
    for (let i = 0; i < 3; i += 1) throttle.begin(one("slow"));
    for (let i = 0; i < 9; i += 1) expect(() => throttle.begin([...one("slow"), ...one("free")])).toThrow();
    expect(waitOf(throttle, "free")).toBe(0);
  });

  it("forgets after a day, and never remembers more than it may", () => {
    const clock = new HandClock();
    const throttle = new Throttle(clock, 100);
    for (let i = 0; i < 3; i += 1) throttle.begin(one("a"));
    clock.pass(86_401);
    throttle.begin(one("a"));
    expect(waitOf(throttle, "a")).toBe(0);
    for (let i = 0; i < 1000; i += 1) throttle.begin(one(`key ${i}`));
    expect(throttle.size).toBe(100);
  });
});
