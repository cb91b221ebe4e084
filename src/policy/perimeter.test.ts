import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Perimeter } from "./authorisation.ts";
import { looksOnlyWithin, seesOnlyWithin } from "./perimeter.ts";
import type { GateQuestion } from "./question.ts";

type Position = [number, number];

/** A metre to the north, in degrees; a metre to the east is more. */
const METRE = 1 / 111_320;

function square(west: number, south: number, east: number, north: number): Position[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

const PLAIN: Perimeter = { type: "Polygon", coordinates: [square(2, 48, 3, 49)] };
const HOLED: Perimeter = {
  type: "Polygon",
  coordinates: [square(2, 48, 3, 49), square(2.4, 48.4, 2.6, 48.6)],
};
/** A wall of no width would be no region: this U is open to the north. */
const U: Perimeter = {
  type: "Polygon",
  coordinates: [
    [
      [2, 48],
      [3, 48],
      [3, 49],
      [2.6, 49],
      [2.6, 48.5],
      [2.4, 48.5],
      [2.4, 49],
      [2, 49],
      [2, 48],
    ],
  ],
};
const TWO: Perimeter = {
  type: "MultiPolygon",
  coordinates: [[square(2, 48, 2.5, 49)], [square(2.5, 48, 3, 49)]],
};

function see(perimeter: Perimeter, location: Position | null, fieldOfView: readonly Position[] | null) {
  return seesOnlyWithin(perimeter, { id: "a", location, fieldOfView });
}

const SMALL = square(2.1, 48.1, 2.2, 48.2).slice(0, 4);

describe("seesOnlyWithin", () => {
  it.each<readonly [string, Perimeter, Position, readonly Position[], boolean]>([
    ["all inside", PLAIN, [2.5, 48.5], SMALL, true],
    ["on the border and on a corner", PLAIN, [2, 48], square(2, 48, 3, 49).slice(0, 4), true],
    ["a metre to the south of the border", PLAIN, [2.5, 48 - METRE], SMALL, false],
    ["a metre inside", PLAIN, [2.5, 48 + METRE], SMALL, true],
    ["a view that reaches a metre out", PLAIN, [2.5, 48.5], square(2.1, 48 - METRE, 2.2, 48.2), false],
    ["standing in the hole", HOLED, [2.5, 48.5], SMALL, false],
    ["standing on the border of the hole", HOLED, [2.4, 48.5], SMALL, true],
    ["a view around the hole", HOLED, [2.1, 48.1], square(2.3, 48.3, 2.7, 48.7), false],
    ["a view within the hole", HOLED, [2.1, 48.1], square(2.45, 48.45, 2.5, 48.5), false],
    ["a view that is the hole", HOLED, [2.1, 48.1], square(2.4, 48.4, 2.6, 48.6), false],
    ["a view up to the hole", HOLED, [2.1, 48.1], square(2.3, 48.4, 2.4, 48.6), true],
    [
      "a view across a corner of the hole",
      HOLED,
      [2.1, 48.1],
      [
        [2.35, 48.5],
        [2.5, 48.35],
        [2.5, 48.5],
      ],
      false,
    ],
    ["all corners inside, the middle not", U, [2.1, 48.1], square(2.1, 48.6, 2.9, 48.9), false],
    ["below the opening", U, [2.1, 48.1], square(2.1, 48.1, 2.9, 48.5), true],
    ["in one of two", TWO, [2.9, 48.5], SMALL, true],
    ["across two that touch", TWO, [2.9, 48.5], square(2.4, 48.1, 2.6, 48.2), false],
    [
      "a view without an area",
      PLAIN,
      [2.5, 48.5],
      [
        [2.1, 48.1],
        [2.2, 48.1],
        [2.3, 48.1],
      ],
      false,
    ],
    [
      "a view that is no number",
      PLAIN,
      [2.5, 48.5],
      [
        [Number.NaN, 48.1],
        [2.2, 48.1],
        [2.3, 48.2],
      ],
      false,
    ],
  ])("%s", (_what, perimeter, location, view, expected) => {
    expect(see(perimeter, location, view)).toBe(expected);
    expect(see(perimeter, location, view.toReversed())).toBe(expected);
  });

  it("holds nothing where a hole is none", () => {
    const hole: Position[] = square(2.4, 48.4, 2.6, 48.6).map(([x, y]) => [x, y === 48.6 ? Number.NaN : y]);
    const broken: Perimeter = { type: "Polygon", coordinates: [square(2, 48, 3, 49), hole] };
    expect(see(broken, [2.1, 48.1], SMALL)).toBe(false);
  });

  it("says that it does not know", () => {
    expect(see(PLAIN, null, SMALL)).toBeNull();
    expect(see(PLAIN, [2.5, 48.5], null)).toBeNull();
  });

  it("agrees with squares of which one can see whether they hold each other", () => {
    const side = fc.integer({ min: 0, max: 20 });
    const box = fc.tuple(side, side, side, side).map(([a, b, c, d]) => ({
      west: Math.min(a, b),
      east: Math.max(a, b) + 1,
      south: Math.min(c, d),
      north: Math.max(c, d) + 1,
    }));
    fc.assert(
      fc.property(box, box, box, (outside, hole, seen) => {
        const ring = (of: typeof seen) => square(of.west, of.south, of.east, of.north);
        const inside =
          outside.west <= seen.west &&
          seen.east <= outside.east &&
          outside.south <= seen.south &&
          seen.north <= outside.north;
        const clear =
          hole.east <= seen.west ||
          seen.east <= hole.west ||
          hole.north <= seen.south ||
          seen.north <= hole.south;
        const location: Position = [seen.west, seen.south];
        const stands = !(
          hole.west < seen.west &&
          seen.west < hole.east &&
          hole.south < seen.south &&
          seen.south < hole.north
        );
        const perimeter: Perimeter = { type: "Polygon", coordinates: [ring(outside), ring(hole)] };
        expect(see(perimeter, location, ring(seen).slice(0, 4))).toBe(inside && clear && stands);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("looksOnlyWithin", () => {
  const ZONE: Position[] = [
    [100, 100],
    [400, 100],
    [400, 300],
    [100, 300],
  ];
  const NOTCHED: Position[] = [
    [100, 100],
    [240, 100],
    [250, 290],
    [260, 100],
    [400, 100],
    [400, 300],
    [100, 300],
  ];
  const place = (kind: "zone" | "line", points: readonly Position[]): GateQuestion["place"] => ({
    kind,
    points: points.map(([x, y]) => ({ x, y })),
  });

  it.each<readonly [string, Position[], GateQuestion["place"], boolean]>([
    ["the zone itself", ZONE, place("zone", ZONE), true],
    [
      "a pixel larger all round",
      ZONE,
      place("zone", [
        [99, 100],
        [401, 100],
        [401, 300],
        [99, 300],
      ]),
      true,
    ],
    [
      "two pixels larger",
      ZONE,
      place("zone", [
        [98, 100],
        [400, 100],
        [400, 300],
      ]),
      false,
    ],
    [
      "a line inside",
      ZONE,
      place("line", [
        [100, 100],
        [400, 300],
      ]),
      true,
    ],
    [
      "a line that leaves",
      ZONE,
      place("line", [
        [100, 100],
        [402, 300],
      ]),
      false,
    ],
    [
      "a line across the notch",
      NOTCHED,
      place("line", [
        [110, 120],
        [390, 120],
      ]),
      false,
    ],
    [
      "a line below the notch",
      NOTCHED,
      place("line", [
        [110, 295],
        [390, 295],
      ]),
      true,
    ],
    [
      "a line across the tip of the notch, narrower than two pixels",
      NOTCHED,
      place("line", [
        [110, 283],
        [390, 283],
      ]),
      true,
    ],
    ["a zone around the notch", NOTCHED, place("zone", ZONE), false],
    ["the whole view", ZONE, { kind: "view", points: [] }, false],
    [
      "no number",
      ZONE,
      place("line", [
        [110, 120],
        [Number.NaN, 130],
      ]),
      false,
    ],
    [
      "a zone without an area",
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      place("line", [
        [1, 1],
        [2, 2],
      ]),
      false,
    ],
    [
      "a line around the world",
      ZONE,
      place("line", [
        [-1e300, 200],
        [1e300, 200],
      ]),
      false,
    ],
  ])("%s", (_what, zone, looks, expected) => {
    expect(looksOnlyWithin(zone, looks)).toBe(expected);
  });
});
