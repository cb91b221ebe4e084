import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clipToBox, contains, polygonArea, polygonBounds, polygonFault } from "./polygon.ts";
import type { Point, Polygon } from "./shapes.ts";

const corners = (...pairs: [number, number][]): Polygon => pairs.map(([x, y]) => ({ x, y }));
const SQUARE = corners([0, 0], [10, 0], [10, 10], [0, 10]);
/** A U that is open at the top. */
const CUP = corners([0, 0], [3, 0], [3, 7], [7, 7], [7, 0], [10, 0], [10, 10], [0, 10]);

/** A simple polygon around a point: corners at rising angles, at any distances. */
const starShaped = fc
  .record({
    x: fc.integer({ min: -500, max: 500 }),
    y: fc.integer({ min: -500, max: 500 }),
    radii: fc.array(fc.integer({ min: 20, max: 300 }), { minLength: 3, maxLength: 12 }),
  })
  .map(({ x, y, radii }) =>
    radii.map((radius, index): Point => {
      const angle = (2 * Math.PI * index) / radii.length;
      return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
    }),
  );
const anyPoint = fc.record({
  x: fc.double({ min: -900, max: 900, noNaN: true }),
  y: fc.double({ min: -900, max: 900, noNaN: true }),
});

describe("contains", () => {
  test.each<[string, Polygon, Point, boolean]>([
    ["the middle", SQUARE, { x: 5, y: 5 }, true],
    ["a corner", SQUARE, { x: 10, y: 10 }, true],
    ["a side", SQUARE, { x: 5, y: 10 }, true],
    ["just outside a side", SQUARE, { x: 5, y: 10.001 }, false],
    ["level with a corner, outside", SQUARE, { x: -1, y: 0 }, false],
    ["in line with a side, outside", SQUARE, { x: 11, y: 10 }, false],
    ["the hollow of a cup", CUP, { x: 5, y: 3 }, false],
    ["the mouth of a cup", CUP, { x: 5, y: 0 }, false],
    ["the arm of a cup", CUP, { x: 8, y: 3 }, true],
    ["the floor of a cup", CUP, { x: 5, y: 7 }, true],
    ["a ray through a corner", corners([0, 0], [5, 5], [10, 0], [10, 10], [0, 10]), { x: 2, y: 5 }, true],
    ["nothing", [], { x: 0, y: 0 }, false],
  ])("%s", (_, polygon, point, inside) => {
    expect(contains(polygon, point)).toBe(inside);
  });

  test("a zone of the whole picture holds every point of it, its border included, and none beyond", () => {
    const size = fc.integer({ min: 1, max: 4000 });
    const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(
        size,
        size,
        share,
        share,
        fc.double({ min: 1e-6, max: 50, noNaN: true }),
        (w, h, fx, fy, out) => {
          const frame = corners([0, 0], [w, 0], [w, h], [0, h]);
          const point = { x: fx * w, y: fy * h };
          expect(contains(frame, point)).toBe(true);
          expect(contains(frame, { x: w + out, y: point.y })).toBe(false);
          expect(contains(frame, { x: point.x, y: -out })).toBe(false);
        },
      ),
    );
  });

  test("does not depend on where the list begins, which way round it goes, or on a mirror", () => {
    fc.assert(
      fc.property(starShaped, anyPoint, fc.nat(12), (polygon, point, start) => {
        const inside = contains(polygon, point);
        const turned = polygon.map((_, index) => polygon[(index + start) % polygon.length] ?? point);
        expect(contains(turned, point)).toBe(inside);
        expect(contains(polygon.toReversed(), point)).toBe(inside);
        const mirrored = polygon.map(({ x, y }) => ({ x: -x, y }));
        expect(contains(mirrored, { x: -point.x, y: point.y })).toBe(inside);
      }),
    );
  });

  test("every corner and every middle of a side is inside", () => {
    fc.assert(
      fc.property(starShaped, (polygon) => {
        for (const [index, a] of polygon.entries()) {
          const b = polygon[(index + 1) % polygon.length] ?? a;
          expect(contains(polygon, a)).toBe(true);
          expect(contains(polygon, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })).toBe(true);
        }
      }),
    );
  });
});

describe("polygonArea and polygonBounds", () => {
  test("areas", () => {
    expect(polygonArea(SQUARE)).toBe(100);
    expect(polygonArea(SQUARE.toReversed())).toBe(100);
    expect(polygonArea(CUP)).toBe(72);
    expect(polygonArea([])).toBe(0);
    const far = SQUARE.map(({ x, y }) => ({ x: x + 652_000, y: y + 6_862_000 }));
    expect(polygonArea(far)).toBe(100);
  });

  test("bounds", () => {
    expect(polygonBounds(corners([3, 4], [9, 1], [5, 8]))).toEqual({ x: 3, y: 1, width: 6, height: 7 });
    expect(polygonBounds([])).toEqual({ x: 0, y: 0, width: 0, height: 0 });
  });
});

describe("polygonFault", () => {
  test.each<[string, Polygon, ReturnType<typeof polygonFault>]>([
    ["a square", SQUARE, null],
    ["a cup", CUP, null],
    ["a triangle", corners([0, 0], [5, 0], [0, 5]), null],
    ["a corner in the middle of a side", corners([0, 0], [5, 0], [10, 0], [10, 10]), null],
    [
      "a bow tie",
      corners([0, 0], [10, 10], [10, 0], [0, 10]),
      { kind: "crossing_sides", corners: [0, 1, 2, 3] },
    ],
    [
      "the first corner again at the end",
      corners([0, 0], [10, 0], [10, 10], [0, 0]),
      { kind: "repeated_corner", corners: [0, 3] },
    ],
    ["a spike", corners([0, 0], [10, 0], [5, 0], [5, 5]), { kind: "crossing_sides", corners: [0, 1, 1, 2] }],
    [
      "a spike at the first corner",
      corners([5, 0], [0, 5], [0, 0], [10, 0]),
      { kind: "crossing_sides", corners: [0, 1, 2, 3] },
    ],
    [
      "a corner that touches another side",
      corners([0, 0], [10, 0], [10, 10], [5, 0], [0, 10]),
      { kind: "crossing_sides", corners: [0, 1, 2, 3] },
    ],
  ])("%s", (_, polygon, expected) => {
    expect(polygonFault(polygon)).toEqual(expected);
  });

  test("finds nothing in star-shaped polygons, and something once two corners are swapped across", () => {
    fc.assert(
      fc.property(
        starShaped.filter((polygon) => polygon.length >= 4),
        (polygon) => {
          expect(polygonFault(polygon)).toBeNull();
          const [a, b, c, d, ...rest] = polygon;
          if (!a || !b || !c || !d || rest.length > 0) return;
          expect(polygonFault([a, c, b, d])).not.toBeNull();
        },
      ),
    );
  });
});

describe("clipToBox", () => {
  test.each<[string, Polygon, number]>([
    ["all inside", corners([1, 1], [4, 1], [4, 4]), 4.5],
    ["half inside", corners([-5, 0], [5, 0], [5, 10], [-5, 10]), 50],
    ["around the box", corners([-50, -50], [50, -50], [50, 50], [-50, 50]), 100],
    ["outside", corners([20, 0], [30, 0], [30, 10]), 0],
    ["touching a side from outside", corners([10, 0], [20, 0], [20, 10], [10, 10]), 0],
    ["a cup that hangs in by both arms", CUP.map(({ x, y }) => ({ x, y: y - 5 + 10 })), 30],
  ])("%s", (_, polygon, area) => {
    const clipped = clipToBox(polygon, { x: 0, y: 0, width: 10, height: 10 });
    expect(polygonArea(clipped)).toBeCloseTo(area, 9);
    if (area === 0) expect(clipped).toEqual([]);
  });

  test("two halves of a box hold the polygon's whole area between them", () => {
    fc.assert(
      fc.property(starShaped, fc.integer({ min: -400, max: 400 }), (polygon, cut) => {
        const left = clipToBox(polygon, { x: -2000, y: -2000, width: 2000 + cut, height: 4000 });
        const right = clipToBox(polygon, { x: cut, y: -2000, width: 2000 - cut, height: 4000 });
        expect(polygonArea(left) + polygonArea(right)).toBeCloseTo(polygonArea(polygon), 4);
      }),
    );
  });
});
