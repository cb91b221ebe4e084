import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Timeline } from "./timeline.ts";

const milliseconds = { timeBase: { num: 1, den: 1000 }, gap: 0.04, longestLeap: 60 };

function place(stamps: readonly (number | null)[], elapsed?: number): (number | null)[] {
  const timeline = new Timeline(milliseconds);
  return stamps.map((stamp) => timeline.place(stamp === null ? null : BigInt(stamp), elapsed));
}

describe("Timeline", () => {
  it.each<[string, (number | null)[], (number | null)[]]>([
    ["counts from the first stamp", [5000, 5040, 5080], [0, 0.04, 0.08]],
    ["keeps a variable rate", [0, 10, 500, 501, 20_000], [0, 0.01, 0.5, 0.501, 20]],
    ["starts below zero", [-80, -40, 0], [0, 0.04, 0.08]],
    ["falls back on the rate without stamps", [null, null, null], [0, 0.04, 0.08]],
    ["goes on from a stamp that comes late", [null, null, 900, 950], [0, 0.04, 0.08, 0.13]],
    ["leaves a picture out whose time is past", [0, 40, 40, 30, 80], [0, 0.04, null, null, 0.08]],
    ["goes on after a restart of the clock", [0, 40, -90_000, -89_960], [0, 0.04, 0.08, 0.12]],
    ["goes on after a leap of the clock", [0, 40, 900_000, 900_040], [0, 0.04, 0.08, 0.12]],
  ])("%s", (_, stamps, expected) => {
    const placed = place(stamps);
    expect(placed).toHaveLength(expected.length);
    placed.forEach((time, index) => {
      const wanted = expected[index] ?? null;
      if (wanted === null) expect(time).toBeNull();
      else expect(time).toBeCloseTo(wanted, 9);
    });
  });

  it("does not wait for ever for a clock that stands", () => {
    const placed = place(Array.from({ length: 40 }, () => 7));
    expect(placed.filter((time) => time !== null).length).toBeGreaterThan(3);
  });

  it("takes a leap live for as long as it took", () => {
    const timeline = new Timeline({ ...milliseconds, startAt: 100, longestLeap: 10 });
    expect(timeline.place(0n, 0)).toBe(100);
    expect(timeline.place(90_000_000n, 3)).toBe(103);
    expect(timeline.place(90_000_040n, 0.04)).toBeCloseTo(103.04, 9);
    // A pause that the wall clock confirms is one.
    expect(timeline.place(90_030_040n, 30)).toBeCloseTo(133.04, 9);
  });

  it("is strictly increasing and finite, whatever the stamps", () => {
    const stamp = fc.oneof(
      fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
      fc.bigInt({ min: 0n, max: 200n }),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(stamp, fc.double({ min: 0, max: 40, noNaN: true }))), (stamps) => {
        const timeline = new Timeline(milliseconds);
        let last = -1;
        for (const [ticks, elapsed] of stamps) {
          const at = timeline.place(ticks, elapsed);
          if (at === null) continue;
          expect(Number.isFinite(at)).toBe(true);
          expect(at).toBeGreaterThan(last);
          last = at;
        }
      }),
    );
  });

  it("counts arrivals where the stream has no times", () => {
    const timeline = new Timeline(milliseconds);
    const times = [9, 0.2, 0.25, 0, 0.1].map((elapsed) => timeline.arrive(elapsed));
    expect(times.map((at) => Number(at.toFixed(3)))).toEqual([0, 0.2, 0.45, 0.451, 0.551]);
  });
});
