import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodedError } from "../errors.ts";
import { Homography, type PointPair } from "./homography.ts";
import { polygonArea } from "./polygon.ts";
import type { Point } from "./shapes.ts";

/** A pinhole camera over the ground: `height` metres up, looking down by `tilt` radians, `focal` in px. */
interface Camera {
  readonly height: number;
  readonly tilt: number;
  readonly focal: number;
}

/** Where a point of the ground (x to the right, y ahead) is in its 1280x720 picture. */
function project({ height, tilt, focal }: Camera, { x, y }: Point): Point {
  const depth = y * Math.cos(tilt) + height * Math.sin(tilt);
  const below = height * Math.cos(tilt) - y * Math.sin(tilt);
  return { x: 640 + (focal * x) / depth, y: 360 + (focal * below) / depth };
}

const camera = fc.record({
  height: fc.double({ min: 2.5, max: 20, noNaN: true }),
  tilt: fc.double({ min: 0.15, max: 1.2, noNaN: true }),
  focal: fc.double({ min: 500, max: 2000, noNaN: true }),
});

/** Four corners of a piece of ground ahead, and points within it. */
function ground(c: Camera): Point[] {
  const near = c.height / Math.tan(c.tilt + 0.15);
  const far = c.height / Math.tan(Math.max(0.05, c.tilt - 0.1));
  const side = 0.4 * near + 1;
  return [
    { x: -side, y: near },
    { x: side, y: near },
    { x: side * 1.2, y: far },
    { x: -side * 0.9, y: far },
    { x: 0.1 * side, y: (near + far) / 2 },
    { x: -0.4 * side, y: near + 0.3 * (far - near) },
  ];
}

const pairsOf = (c: Camera, points: readonly Point[]): PointPair[] =>
  points.map((m) => ({ px: project(c, m), m }));
const pairs = (...values: [number, number, number, number][]): PointPair[] =>
  values.map(([x, y, u, v]) => ({ px: { x, y }, m: { x: u, y: v } }));
const RECTANGLE = pairs([212, 690, 0, 0], [1100, 684, 8, 0], [842, 236, 8, 24], [438, 238, 0, 24]);

describe("Homography", () => {
  test("recovers a camera from 4 points and from 6", () => {
    fc.assert(
      fc.property(camera, fc.constantFrom(4, 6), (c, count) => {
        const points = ground(c);
        const found = new Homography(pairsOf(c, points.slice(0, count)));
        expect(found.residualMetres).toBeLessThan(1e-6);
        expect(found.residualPixels).toBeLessThan(1e-6);
        for (const m of points) {
          const px = project(c, m);
          const back = found.toGround(px);
          expect(Math.hypot((back?.x ?? Number.NaN) - m.x, (back?.y ?? Number.NaN) - m.y)).toBeLessThan(1e-5);
          const again = found.toPicture(m);
          expect(Math.hypot((again?.x ?? Number.NaN) - px.x, (again?.y ?? Number.NaN) - px.y)).toBeLessThan(
            1e-5,
          );
        }
      }),
    );
  });

  test("keeps its digits in the coordinates of a national grid, whichever way its axes point", () => {
    fc.assert(
      fc.property(camera, (c) => {
        const pairsOfGrid = pairsOf(c, ground(c)).map(({ px, m }) => ({
          px,
          m: { x: 6_862_123.4 + m.y, y: 652_345.6 + m.x },
        }));
        const found = new Homography(pairsOfGrid);
        expect(found.residualMetres).toBeLessThan(1e-4);
      }),
    );
  });

  test("nothing at and beyond the horizon has a place on the ground", () => {
    fc.assert(
      fc.property(camera, fc.double({ min: 0, max: 1280, noNaN: true }), (c, x) => {
        const found = new Homography(pairsOf(c, ground(c)));
        const horizon = 360 - c.focal * Math.tan(c.tilt);
        for (const above of [0, 1, 50, 5000]) {
          const px = { x, y: horizon - above };
          expect(found.toGround(px)).toBeNull();
          expect(found.metresPerPixel(px)).toBeNull();
        }
        expect(
          found.groundArea([
            { x: 0, y: 720 },
            { x: 1280, y: 720 },
            { x, y: horizon - 1 },
          ]),
        ).toBeNull();
        expect(found.toGround({ x, y: 719 })).not.toBeNull();
        expect(found.toPicture({ x: 0, y: -1000 })).toBeNull();
      }),
    );
  });

  test("the area of a pixel is the square of its scale, and grows with distance", () => {
    const found = new Homography(RECTANGLE);
    let before = 0;
    for (const y of [700, 600, 500, 400, 300, 240]) {
      const scale = found.metresPerPixel({ x: 640, y }) ?? 0;
      const pixel = [
        { x: 639.5, y: y - 0.5 },
        { x: 640.5, y: y - 0.5 },
        { x: 640.5, y: y + 0.5 },
        { x: 639.5, y: y + 0.5 },
      ];
      expect(scale ** 2 / (found.groundArea(pixel) ?? 0)).toBeCloseTo(1, 3);
      expect(scale).toBeGreaterThan(before);
      before = scale;
    }
  });

  test("areas on the ground", () => {
    const found = new Homography(RECTANGLE);
    expect(found.groundArea(RECTANGLE.map((pair) => pair.px))).toBeCloseTo(8 * 24, 6);
    fc.assert(
      fc.property(camera, (c) => {
        const points = ground(c).slice(0, 4);
        const area = new Homography(pairsOf(c, points)).groundArea(points.map((m) => project(c, m)));
        expect((area ?? 0) / polygonArea(points)).toBeCloseTo(1, 6);
      }),
    );
  });

  test("a wrong measurement shows in the residual", () => {
    const c: Camera = { height: 5, tilt: 0.5, focal: 900 };
    const good = pairsOf(c, ground(c));
    const bad = good.map(({ px, m }, index) => ({ px, m: index === 4 ? { x: m.x + 1, y: m.y } : m }));
    expect(new Homography(good).residualMetres).toBeLessThan(1e-9);
    expect(new Homography(bad).residualMetres).toBeGreaterThan(0.1);
    expect(new Homography(bad).residualMetres).toBeLessThan(1);
    expect(new Homography(bad).residualPixels).toBeGreaterThan(5);
  });

  const line = [0, 1, 2, 3].map((i) => ({
    px: { x: 100 + 150 * i, y: 200 + 80 * i },
    m: { x: i, y: 2 * i },
  }));
  test.each<[string, PointPair[], RegExp]>([
    ["three pairs", RECTANGLE.slice(0, 3), /it has 3 point pairs, and 4 are needed/],
    [
      "one point four times",
      RECTANGLE.map(() => RECTANGLE[0] ?? line[0]).flatMap((p) => p ?? []),
      /all its points are the same/,
    ],
    ["all in a line", line, /lie in a line/],
    [
      "three of four in a line",
      pairs([0, 0, 0, 0], [384, 0, 5, 0], [768, 0, 10, 0], [300, 500, 4, 8]),
      /three of them nearly do/,
    ],
    [
      "three of four nearly in a line",
      pairs([0, 0, 0, 0], [384, 3, 5, 0.06], [768, 0, 10, 0], [300, 500, 4, 8]),
      /three of them nearly do/,
    ],
    [
      "three in a line in the picture, not on the ground",
      pairs([0, 0, 0, 0], [384, 0, 5, 4], [768, 0, 10, 0], [300, 500, 4, 8]),
      /three of them nearly do/,
    ],
    [
      "two ground points swapped",
      pairs([212, 690, 0, 0], [1100, 684, 8, 24], [842, 236, 8, 0], [438, 238, 0, 24]),
      /swapped/,
    ],
  ])("refuses %s", (_, given, what) => {
    let thrown: unknown;
    try {
      new Homography(given);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CodedError);
    if (!(thrown instanceof CodedError)) return;
    expect(thrown.code).toBe("CALIBRATION_DEGENERATE");
    expect(thrown.message).toMatch(what);
  });

  test("takes an extreme but real perspective", () => {
    const found = new Homography(
      pairs([379, 100, 0, 100], [389, 100, 10, 100], [768, 576, 10, 0], [0, 576, 0, 0]),
    );
    expect(found.toGround({ x: 384, y: 576 })?.x).toBeCloseTo(5, 6);
  });
});
