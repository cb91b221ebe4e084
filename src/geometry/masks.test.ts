import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coveredShare, rasterise } from "./masks.ts";
import { clipToBox, contains, distanceToSegment, polygonArea } from "./polygon.ts";
import type { Box, Polygon } from "./shapes.ts";

const coordinate = fc.double({ min: -40, max: 140, noNaN: true });
const triangle = fc.tuple(coordinate, coordinate, coordinate, coordinate, coordinate, coordinate).map(
  ([a, b, c, d, e, f]): Polygon => [
    { x: a, y: b },
    { x: c, y: d },
    { x: e, y: f },
  ],
);
const plane = fc.record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) });
const region = fc.record({
  x: fc.integer({ min: -20, max: 60 }),
  y: fc.integer({ min: -20, max: 60 }),
  width: fc.integer({ min: 1, max: 120 }),
  height: fc.integer({ min: 1, max: 120 }),
});

/** The part of the picture that one sample shows. */
function cellOf(box: Box, width: number, height: number, index: number): Box {
  const [w, h] = [box.width / width, box.height / height];
  return { x: box.x + (index % width) * w, y: box.y + Math.floor(index / width) * h, width: w, height: h };
}

describe("rasterise", () => {
  test("draws a polygon at any size", () => {
    const house: Polygon = [
      { x: 0, y: 40 },
      { x: 50, y: 0 },
      { x: 100, y: 40 },
      { x: 100, y: 100 },
      { x: 0, y: 100 },
    ];
    const drawn = (coverage: "centre" | "touch") =>
      rasterise([house], { x: 0, y: 0, width: 100, height: 100 }, 10, 5, coverage).reduce(
        (text, sample, index) =>
          `${text}${index % 10 === 0 && index > 0 ? "\n" : ""}${sample === 255 ? "#" : "."}`,
        "",
      );
    expect(drawn("centre")).toBe(
      ["....##....", ".########.", "##########", "##########", "##########"].join("\n"),
    );
    expect(drawn("touch")).toBe(
      ["..######..", "##########", "##########", "##########", "##########"].join("\n"),
    );
  });

  test("by centres: exactly the samples whose centre is inside", () => {
    fc.assert(
      fc.property(triangle, plane, region, (polygon, { width, height }, box) => {
        const drawn = rasterise([polygon], box, width, height, "centre");
        for (const [index, sample] of drawn.entries()) {
          const cell = cellOf(box, width, height, index);
          const centre = { x: cell.x + cell.width / 2, y: cell.y + cell.height / 2 };
          // A centre on a side may fall either way by rounding.
          const onSide = polygon.some((corner, at) => {
            const next = polygon[(at + 1) % polygon.length] ?? corner;
            return distanceToSegment(centre, corner, next) < 1e-6;
          });
          if (!onSide) expect(sample === 255).toBe(contains(polygon, centre));
        }
      }),
    );
  });

  test("by touch: nothing that a mask covers shows, not even in part of a sample", () => {
    fc.assert(
      fc.property(triangle, plane, region, (polygon, { width, height }, box) => {
        const drawn = rasterise([polygon], box, width, height, "touch");
        const centres = rasterise([polygon], box, width, height, "centre");
        for (const [index, sample] of drawn.entries()) {
          const cell = cellOf(box, width, height, index);
          const covered = polygonArea(clipToBox(polygon, cell));
          if (covered > 1e-9 * cell.width * cell.height) expect(sample).toBe(255);
          if (centres[index] === 255) expect(sample).toBe(255);
          // And no more than it touches: a sample that is set has some of the polygon in or next to it.
          if (sample === 255) {
            const grown = {
              x: cell.x - 1e-6,
              y: cell.y - 1e-6,
              width: cell.width + 2e-6,
              height: cell.height + 2e-6,
            };
            if (polygonArea(polygon) > 1e-3) expect(clipToBox(polygon, grown)).not.toEqual([]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("several polygons are one mask, and none is an empty one", () => {
    const left: Polygon = [
      { x: 0, y: 0 },
      { x: 5, y: 0 },
      { x: 5, y: 10 },
      { x: 0, y: 10 },
    ];
    const right = left.map(({ x, y }) => ({ x: x + 5, y }));
    const box = { x: 0, y: 0, width: 10, height: 10 };
    expect(coveredShare(rasterise([left], box, 10, 10, "centre"))).toBe(0.5);
    expect(coveredShare(rasterise([left, right], box, 10, 10, "centre"))).toBe(1);
    expect(coveredShare(rasterise([], box, 10, 10, "touch"))).toBe(0);
    expect(coveredShare(new Uint8Array(0))).toBe(0);
  });
});
