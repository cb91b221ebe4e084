import { describe, expect, it } from "vitest";
import { observationsOf, VIEW, type Walker, walker } from "../../test/support/walkers.ts";
import { LineCrossings, type SureCrossing } from "./line-crossings.ts";

const LINE = { from: { x: 320, y: 0 }, to: { x: 320, y: 480 } };

function crossings(
  walkers: readonly Walker[],
  { hz = 10, line = LINE, hold = 0.5 } = {},
): readonly SureCrossing[] {
  const watch = new LineCrossings({ line, picture: VIEW, hold });
  return observationsOf(walkers, hz, 16).flatMap(({ at, tracks }) => watch.observe(at, tracks));
}

const leftwards = walker({ from: { x: 560, y: 300 }, to: { x: 80, y: 300 }, takes: 8 });
const rightwards = walker({ from: { x: 80, y: 300 }, to: { x: 560, y: 300 }, takes: 8 });

describe("crossings of a line", () => {
  it.each<[string, readonly Walker[], number]>([
    ["one who crosses", [leftwards], 1],
    ["two side by side", [leftwards, { ...leftwards, from: { x: 575, y: 318 }, to: { x: 95, y: 318 } }], 2],
    [
      "two against each other",
      [leftwards, { ...rightwards, from: { x: 80, y: 340 }, to: { x: 560, y: 340 } }],
      2,
    ],
    ["a track that breaks before, at and after the line", [{ ...leftwards, breaks: [3.4, 4, 4.6] }], 1],
    ["one who is not seen while crossing", [{ ...leftwards, unseen: [[3.5, 4.7]] }], 1],
    [
      "one who is not seen while crossing, and is a new track then",
      [{ ...leftwards, unseen: [[3.5, 4.7]], breaks: [4.6] }],
      1,
    ],
    ["one who is never seen on the other side", [{ ...leftwards, unseen: [[3.7, 16]] }], 0],
    ["one who stops on the line", [{ ...leftwards, to: { x: 318, y: 300 }, stays: 6 }], 0],
    ["one who stops just short of it", [{ ...leftwards, to: { x: 330, y: 300 }, stays: 6 }], 0],
    ["a track that is doubled", [leftwards, { ...leftwards, height: 78 }], 1],
    ["somebody else long after", [leftwards, { ...leftwards, begin: 6 }], 2],
    ["one who comes from the line itself", [{ ...leftwards, from: { x: 321, y: 300 } }], 0],
  ])("of %s", (_, walkers, expected) => {
    for (const hz of [3.3, 5, 10, 25]) expect(crossings(walkers, { hz }), `${hz}/s`).toHaveLength(expected);
  });

  it("follows one whose track went over to somebody who stands at the line", () => {
    // Track a walks to the line and stays there with who stands; at once a new track begins where a was going.
    const swapped = [
      { ...leftwards, to: { x: 340, y: 300 }, takes: 3.65, stays: 8 },
      walker({ from: { x: 272, y: 300 }, to: { x: 80, y: 300 }, begin: 4.8, takes: 3.2 }),
    ];
    for (const hz of [3.3, 5, 10, 25]) expect(crossings(swapped, { hz }), `${hz}/s`).toHaveLength(1);
    // Where nobody turned aside, who begins beyond the line came from nowhere.
    const apart = [
      { ...leftwards, takes: 4, to: { x: 320, y: 300 } },
      walker({ from: { x: 250, y: 120 }, to: { x: 80, y: 120 }, begin: 4.5, takes: 3.5 }),
    ];
    expect(crossings(apart)).toHaveLength(0);
  });

  it("tells the instant at which the foot was on the line", () => {
    // 240 px of 480 in 8 s.
    for (const hz of [2, 5, 25]) expect(crossings([leftwards], { hz })[0]?.at).toBeCloseTo(4, 1);
  });

  it("tells the side, and tells both ways of one who turns back", () => {
    const [left] = crossings([leftwards]);
    const [right] = crossings([rightwards]);
    expect(left?.towards).toBe(-(right?.towards ?? 0));
    const back = { ...rightwards, begin: 8.05, breaks: [] };
    expect(crossings([leftwards, back]).map((c) => c.towards)).toEqual([left?.towards, right?.towards]);
  });

  it("lets one pass beside the end of a short line, but not beside an end at the picture's border", () => {
    const short = { from: { x: 320, y: 0 }, to: { x: 320, y: 200 } };
    expect(crossings([leftwards], { line: short })).toHaveLength(0);
    const low = { ...leftwards, from: { x: 560, y: 500 }, to: { x: 80, y: 500 } };
    expect(crossings([low])).toHaveLength(1);
  });

  it("asks for the whole holding time beyond the band", () => {
    const brief = { ...leftwards, to: { x: 290, y: 300 }, takes: 4.5, stays: 0 };
    expect(crossings([brief], { hold: 2 })).toHaveLength(0);
    expect(crossings([leftwards], { hold: 2 })).toHaveLength(1);
  });
});
