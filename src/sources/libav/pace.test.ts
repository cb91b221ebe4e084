import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoff } from "./backoff.ts";
import { StallLimit } from "./stall.ts";

describe("backoff", () => {
  it.each([
    [0, 0, 0.25],
    [0, 1, 0.5],
    [1, 1, 1],
    [3, 0.5, 3],
    [6, 1, 30],
    [1000, 1, 30],
    [1000, 0, 15],
  ])("waits before attempt %d with chance %d for %d s", (attempt, random, seconds) => {
    expect(backoff(attempt, random)).toBeCloseTo(seconds, 9);
  });
});

describe("StallLimit", () => {
  it.each([
    ["25 a second", 0.04, 2],
    ["5 a second", 0.2, 2],
    ["2 a second", 0.5, 5],
    ["one in two seconds", 2, 20],
    ["one a minute", 60, 30],
  ])("learns from %s", (_, gap, seconds) => {
    const limit = new StallLimit(2);
    expect(limit.seconds).toBe(2);
    for (let i = 0; i < 60; i++) limit.note(gap);
    expect(limit.seconds).toBeCloseTo(seconds, 9);
  });

  it("stays within its bounds, and is not moved by a single pause", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 200 }), (gaps) => {
        const limit = new StallLimit(2);
        for (const gap of gaps) limit.note(gap);
        expect(limit.seconds).toBeGreaterThanOrEqual(2);
        expect(limit.seconds).toBeLessThanOrEqual(30);
      }),
    );
    const steady = new StallLimit(2);
    for (let i = 0; i < 50; i++) steady.note(i === 25 ? 100 : 0.5);
    expect(steady.seconds).toBe(5);
  });
});
