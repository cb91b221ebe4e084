import { describe, expect, it } from "vitest";
import { observationsOf, VIEW, walker } from "../../test/support/walkers.ts";
import { Homography } from "../geometry/homography.ts";
import { PerspectiveCamera } from "../scenes/camera.ts";
import { GroundMotion } from "./ground-motion.ts";
import { PersonScale } from "./person-scale.ts";

const SETUP = { at: { x: 0, y: 0 }, height: 6, pan: 0, tilt: 22, fieldOfView: 60 };
const camera = new PerspectiveCamera(SETUP, VIEW.width, VIEW.height);
const marks = [
  [-4, 9],
  [4, 9],
  [8, 24],
  [-8, 24],
] as const;
const homography = new Homography(marks.map(([x, y]) => ({ px: camera.project(x, y, 0), m: { x, y } })));

/** What the scale learns of people of 1.7 m who stand all over the ground. */
function learnt(): PersonScale {
  const scale = new PersonScale();
  for (let y = 9; y < 26; y += 1.5) {
    for (const x of [-3, 0.5, 4]) {
      const foot = camera.project(x, y, 0);
      const head = camera.project(x, y, 1.7);
      const stands = walker({ from: foot, to: foot, height: foot.y - head.y });
      for (const { at, tracks } of observationsOf([stands], 2, 3)) {
        scale.observe(y * 100 + x * 10 + at, tracks, VIEW);
      }
    }
  }
  return scale;
}

/** The picture's motion of somebody's middle who goes from (x, y) at (u, v) m/s. */
function seen(x: number, y: number, u: number, v: number) {
  const middle = (dt: number) => camera.project(x + dt * u, y + dt * v, 0.85);
  const [before, now, after] = [middle(-0.05), middle(0), middle(0.05)];
  return { now, velocity: { x: (after.x - before.x) / 0.1, y: (after.y - before.y) / 0.1 } };
}

describe("GroundMotion", () => {
  const scale = learnt();
  const cases = [
    [0, 12, 2, 0],
    [-4, 18, -1.3, 0.5],
    [3, 22, 0, -4],
    [1, 11, 0, 1.3],
    [2, 15, 3, 3],
  ] as const;

  it.each(cases)("by the calibration, of somebody at %d, %d m who goes at %d, %d m/s", (x, y, u, v) => {
    const { now, velocity } = seen(x, y, u, v);
    const motion = new GroundMotion({ ...VIEW, zones: [], lines: [], homography }, scale).of(now, velocity);
    expect(Math.abs((motion?.u ?? Number.NaN) - u)).toBeLessThan(0.15 * Math.hypot(u, v) + 0.1);
    expect(Math.abs((motion?.v ?? Number.NaN) - v)).toBeLessThan(0.3 * Math.hypot(u, v) + 0.1);
  });

  it.each(cases)("without one, by how tall people are, the same to a third", (x, y, u, v) => {
    const { now, velocity } = seen(x, y, u, v);
    const motion = new GroundMotion({ ...VIEW, zones: [], lines: [], homography: null }, scale).of(
      now,
      velocity,
    );
    const speed = Math.hypot(motion?.u ?? Number.NaN, motion?.v ?? Number.NaN);
    expect(speed / Math.hypot(u, v)).toBeGreaterThan(0.65);
    expect(speed / Math.hypot(u, v)).toBeLessThan(1.35);
  });

  it("says nothing before anybody's size is known", () => {
    const blank = new GroundMotion({ ...VIEW, zones: [], lines: [], homography }, new PersonScale());
    expect(blank.of({ x: 320, y: 300 }, { x: 50, y: 0 })).toBeNull();
  });
});
