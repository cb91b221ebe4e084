import type { Point } from "../geometry/shapes.ts";
import type { PersonScale } from "./person-scale.ts";
import type { ViewGeometry } from "./view-geometry.ts";

/** A person's height, m, where it is the yardstick: the mean of grown men and women in Europe, with shoes. */
const STATURE = 1.7;
/** Focal length where it is not known, of the picture's long side: a field of view of 60 degrees. */
const FOCAL = 0.87;
/** By how much motion along the view may be magnified, whatever the learnt perspective says. */
const MOST_FORESHORTENED = 5;
/** A step on the ground is followed for so long to see how fast it is, seconds. */
const STEP = 0.1;
/** Where a person's height in px is worth more ground than this, m, the view is too flat to measure a speed. */
const FLATTEST = 8;

/** A motion on the ground. */
export interface GroundVelocity {
  /** m/s; to the right and along the view where the camera is not calibrated. */
  readonly u: number;
  readonly v: number;
  /** Height in px of a person there. */
  readonly height: number;
}

/**
 * How fast what moves in the picture moves on the ground. With a calibrated camera by its homography; without, by
 * how tall people appear: a person's height is a ruler that stands everywhere, and how it shrinks upwards in
 * the picture says how steeply the camera looks down.
 */
export class GroundMotion {
  readonly #view: ViewGeometry;
  readonly #scale: PersonScale;

  /** @param scale learnt by whoever owns it */
  constructor(view: ViewGeometry, scale: PersonScale) {
    this.#view = view;
    this.#scale = scale;
  }

  /**
   * @param middle of somebody's body as the flow shows it, image px
   * @param velocity image px per second
   * @returns null where it cannot be said: no person's size is known there, or it is at the horizon
   */
  of(middle: Point, velocity: Point): GroundVelocity | null {
    const height = this.#heightAround(middle);
    if (height === null) return null;
    const foot = { x: middle.x, y: middle.y + height / 2 };
    return this.#view.homography === null
      ? this.#byBodies(foot, velocity, height)
      : this.#byGround(foot, velocity, height);
  }

  /** Of a person whose middle is there. */
  #heightAround({ y }: Point): number | null {
    if (!this.#scale.known) return null;
    const first = this.#scale.heightAt(y);
    return first === null ? null : this.#scale.heightAt(y + first / 2);
  }

  #byBodies(foot: Point, velocity: Point, height: number): GroundVelocity {
    const perPixel = STATURE / height;
    const slope = (this.#scale.heightAt(foot.y + 1) ?? height) - (this.#scale.heightAt(foot.y) ?? height);
    const focal = FOCAL * Math.max(this.#view.width, this.#view.height);
    // Depth is focal * STATURE / height: its change with the foot's row.
    const along = Math.min(MOST_FORESHORTENED, Math.max(1, (focal * slope) / height));
    return { u: velocity.x * perPixel, v: velocity.y * perPixel * along, height };
  }

  #byGround(foot: Point, velocity: Point, height: number): GroundVelocity | null {
    const { homography } = this.#view;
    const perPixel = homography?.metresPerPixel(foot) ?? Number.POSITIVE_INFINITY;
    if (perPixel * height > FLATTEST) return null;
    const from = homography?.toGround({
      x: foot.x - (velocity.x * STEP) / 2,
      y: foot.y - (velocity.y * STEP) / 2,
    });
    const to = homography?.toGround({
      x: foot.x + (velocity.x * STEP) / 2,
      y: foot.y + (velocity.y * STEP) / 2,
    });
    if (!from || !to) return null;
    return { u: (to.x - from.x) / STEP, v: (to.y - from.y) / STEP, height };
  }
}
