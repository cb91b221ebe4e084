import type { Point } from "../geometry/shapes.ts";
import type { CameraSetup, GroundPoint } from "./script.ts";

/** A point in space: x and y as on the ground, z metres above it. */
export interface SpacePoint extends GroundPoint {
  readonly z: number;
}

/** Where a point in space is seen, and how far in front of the camera it is (metres along its axis). */
export interface Projected extends Point {
  readonly depth: number;
}

/** Nearer than this a point is not drawn. */
export const NEAR = 0.3;

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/**
 * An ideal pinhole camera over a flat ground. The ground's picture is an exact homography, so that what a
 * scene says in metres and what its calibration says in pixels agree to rounding.
 */
export class PerspectiveCamera {
  /** Picture coordinates of the axis. */
  readonly #centreX: number;
  readonly #centreY: number;
  /** Focal length in px. */
  readonly focal: number;
  readonly origin: SpacePoint;
  readonly forward: readonly [number, number, number];
  readonly right: readonly [number, number, number];
  readonly up: readonly [number, number, number];

  /**
   * @param width, height the picture's size in px
   * @param margin px by which all coordinates are shifted: a canvas that is wider than the picture on each side
   */
  constructor(setup: CameraSetup, width: number, height: number, margin = 0) {
    this.#centreX = width / 2 + margin;
    this.#centreY = height / 2 + margin;
    this.focal = Math.max(width, height) / 2 / Math.tan(radians(setup.fieldOfView) / 2);
    this.origin = { x: setup.at.x, y: setup.at.y, z: setup.height };
    const pan = radians(setup.pan);
    const tilt = radians(setup.tilt);
    this.forward = [Math.sin(pan) * Math.cos(tilt), Math.cos(pan) * Math.cos(tilt), -Math.sin(tilt)];
    this.right = [Math.cos(pan), -Math.sin(pan), 0];
    this.up = [Math.sin(pan) * Math.sin(tilt), Math.cos(pan) * Math.sin(tilt), Math.cos(tilt)];
  }

  /** Where a point is seen. Its picture makes no sense when `depth` is below NEAR: it is behind the camera. */
  project(x: number, y: number, z: number): Projected {
    const dx = x - this.origin.x;
    const dy = y - this.origin.y;
    const dz = z - this.origin.z;
    const depth = dx * this.forward[0] + dy * this.forward[1] + dz * this.forward[2];
    const across = dx * this.right[0] + dy * this.right[1] + dz * this.right[2];
    const above = dx * this.up[0] + dy * this.up[1] + dz * this.up[2];
    return {
      x: this.#centreX + (this.focal * across) / depth,
      y: this.#centreY - (this.focal * above) / depth,
      depth,
    };
  }

  /** Direction of the ray through a pixel, with length 1 along the axis, so that its parameter is the depth. */
  ray(px: number, py: number): readonly [number, number, number] {
    const a = (px - this.#centreX) / this.focal;
    const b = (this.#centreY - py) / this.focal;
    return [
      this.forward[0] + a * this.right[0] + b * this.up[0],
      this.forward[1] + a * this.right[1] + b * this.up[1],
      this.forward[2] + a * this.right[2] + b * this.up[2],
    ];
  }

  /** The point of the ground seen at a pixel, or null at and above the horizon. */
  ground(px: number, py: number): GroundPoint | null {
    const [dx, dy, dz] = this.ray(px, py);
    if (dz >= -1e-9) return null;
    const depth = this.origin.z / -dz;
    return { x: this.origin.x + dx * depth, y: this.origin.y + dy * depth };
  }
}
