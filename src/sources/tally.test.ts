import { describe, expect, it } from "vitest";
import type { Clock } from "../time/clock.ts";
import { Tally } from "./tally.ts";

describe("Tally", () => {
  it("reports at once, then at most once a second, and loses nothing", () => {
    let time = 100;
    const clock: Clock = { now: () => 0, monotonic: () => time, sleep: async () => {} };
    const tally = new Tally(clock);
    expect(tally.due()).toBe(0);
    tally.add();
    expect(tally.due()).toBe(1);
    tally.add(3);
    tally.add(4);
    time += 0.9;
    expect(tally.due()).toBe(0);
    time += 0.2;
    expect(tally.due()).toBe(7);
    expect(tally.due()).toBe(0);
    tally.add(2);
    expect(tally.rest()).toBe(2);
    expect(tally.rest()).toBe(0);
  });
});
