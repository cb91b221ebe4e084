import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Homography } from "../geometry/homography.ts";
import { PerspectiveCamera } from "./camera.ts";

const setup = fc.record({
  at: fc.record({
    x: fc.double({ min: -20, max: 20, noNaN: true }),
    y: fc.double({ min: -20, max: 20, noNaN: true }),
  }),
  height: fc.double({ min: 2, max: 15, noNaN: true }),
  pan: fc.double({ min: -180, max: 180, noNaN: true }),
  tilt: fc.double({ min: 3, max: 60, noNaN: true }),
  fieldOfView: fc.double({ min: 30, max: 100, noNaN: true }),
});

describe("PerspectiveCamera", () => {
  it("sees a hand-worked point where it must", () => {
    // 45 degrees down from 5 m: the axis meets the ground 5 m ahead; a right angle of view has a focal length of half the width.
    const camera = new PerspectiveCamera(
      { at: { x: 0, y: 0 }, height: 5, pan: 0, tilt: 45, fieldOfView: 90 },
      640,
      360,
    );
    expect(camera.focal).toBeCloseTo(320, 9);
    expect(camera.project(0, 5, 0)).toMatchObject({ x: 320, y: expect.closeTo(180, 9) });
    // 1 m to the right at a depth of 5 * sqrt(2).
    expect(camera.project(1, 5, 0).x).toBeCloseTo(320 + 320 / (5 * Math.SQRT2), 9);
    // Straight below the camera is 45 degrees under the axis.
    expect(camera.project(0, 0, 0).y).toBeCloseTo(180 + 320, 9);
    // A pan to the right brings a point on the right to the middle.
    const turned = new PerspectiveCamera(
      { at: { x: 0, y: 0 }, height: 5, pan: 90, tilt: 45, fieldOfView: 90 },
      640,
      360,
    );
    expect(turned.project(5, 0, 0)).toMatchObject({ x: expect.closeTo(320, 6), y: expect.closeTo(180, 6) });
  });

  it("finds the ground point of any pixel that shows ground, and its pixel again", () => {
    fc.assert(
      fc.property(
        setup,
        fc.double({ min: 0, max: 640, noNaN: true }),
        fc.double({ min: 0, max: 360, noNaN: true }),
        (camera, x, y) => {
          const pinhole = new PerspectiveCamera(camera, 640, 360);
          const ground = pinhole.ground(x, y);
          // Close to the horizon a pixel shows hundreds of metres: numbers lose their meaning there.
          if (!ground || Math.hypot(ground.x - camera.at.x, ground.y - camera.at.y) > 500) return;
          const back = pinhole.project(ground.x, ground.y, 0);
          expect(back.x).toBeCloseTo(x, 4);
          expect(back.y).toBeCloseTo(y, 4);
        },
      ),
    );
  });

  it("maps the ground by an exact homography, at any size and shape of the picture", () => {
    fc.assert(
      fc.property(
        setup,
        fc.constantFrom([640, 360], [360, 640], [1920, 1080]),
        (camera, [width = 0, height = 0]) => {
          const pinhole = new PerspectiveCamera(camera, width, height);
          const pairs = [
            [0.2, 0.95],
            [0.8, 0.9],
            [0.75, 0.6],
            [0.25, 0.55],
            [0.5, 0.8],
          ].flatMap(([u = 0, v = 0]) => {
            const px = { x: u * width, y: v * height };
            const m = pinhole.ground(px.x, px.y);
            return m ? [{ px, m }] : [];
          });
          fc.pre(
            pairs.length === 5 &&
              pairs.every(({ m }) => Math.hypot(m.x - camera.at.x, m.y - camera.at.y) < 60),
          );
          const homography = new Homography(pairs);
          expect(homography.residualPixels).toBeLessThan(0.01);
        },
      ),
    );
  });

  it("shifts everything by the margin and nothing else", () => {
    const place = { at: { x: 1, y: 2 }, height: 4, pan: 10, tilt: 20, fieldOfView: 60 };
    const plain = new PerspectiveCamera(place, 640, 360);
    const wide = new PerspectiveCamera(place, 640, 360, 12);
    const point = plain.project(2, 14, 1);
    expect(wide.project(2, 14, 1)).toEqual({ x: point.x + 12, y: point.y + 12, depth: point.depth });
  });
});
