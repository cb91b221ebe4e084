import type { Detection, InputSize } from "../detectors/detector.ts";
import type { Plane } from "../frames/frame.ts";
import type { SceneState } from "../frames/scene.ts";
import { type Box, boxArea, intersectBoxes, uniteBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { Pace } from "./pace.ts";

/** A part of the picture and the size at which the network sees it. */
export interface Look {
  readonly region: Box;
  readonly width: number;
  readonly height: number;
}

/** What the detector sees at one instant. */
export interface LookPlan {
  readonly looks: readonly Look[];
  /** The looks cover the whole picture. */
  readonly whole: boolean;
}

export interface AttentionOptions {
  readonly picture: { readonly width: number; readonly height: number; readonly pixelAspect: number };
  readonly input: InputSize;
  /** Long side of the network's input for the whole view, px. It also sets the pixels a plan may spend. */
  readonly inputLongSide: number;
  /** Looks a second while something moves. */
  readonly detectionsPerSecond: number;
  /** How often to take the whole view in, and for how long, while the place is new and its background unknown. */
  readonly learning: { readonly every: Seconds; readonly during: Seconds };
}

/** Longest time between two whole views while something moves, and while nothing does. */
const WHOLE_EVERY: Seconds = 2;
const IDLE_EVERY: Seconds = 5;

/** How much closer than the whole view a crop looks: more detail than that costs more than it tells. */
const CLOSER = 1.5;
/** A plan of crops must save at least this share of the whole view's pixels, or the whole view is shown. */
const CROP_BUDGET = 0.6;
const MOST_CROPS = 4;
/** Room around what moves, as a share of its longer side: a network needs context, and boxes need an edge. */
const CONTEXT = 0.6;
/** Shortest side of a crop at the network's input, px. */
const SMALLEST_INPUT = 192;
const GRID = 32;

/**
 * Decides when the detector looks, and where. Nothing moves: a whole view now and then. Something moves: the
 * parts that move, closer, when that costs clearly less than the whole view; else the
 * whole view. Who sits still must be known to be covered, so even a quiet view is taken in now and then. Depends on stream time and pixels alone, so a recording gives the same plans each time.
 */
export class Attention {
  readonly #options: AttentionOptions;
  readonly #pace: Pace;
  readonly #wholeLook: Look;
  readonly #wholeScale: number;
  #lastWhole: Seconds | null = null;
  #firstAt: Seconds | null = null;

  constructor(options: AttentionOptions) {
    this.#options = options;
    this.#pace = new Pace(options.detectionsPerSecond);
    const { width, height } = options.picture;
    this.#wholeScale = this.#fit({ x: 0, y: 0, width, height }, options.inputLongSide);
    this.#wholeLook = this.#look({ x: 0, y: 0, width, height }, this.#wholeScale);
  }

  /** The plan for this instant, or null when there is nothing to look at yet. */
  plan(scene: SceneState): LookPlan | null {
    const since = this.#lastWhole === null ? Number.POSITIVE_INFINITY : scene.at - this.#lastWhole;
    this.#firstAt ??= scene.at;
    const learning =
      scene.at - this.#firstAt < this.#options.learning.during
        ? this.#options.learning.every
        : Number.POSITIVE_INFINITY;
    const busy = scene.regions.length > 0 || !scene.settled || scene.lightChanged;
    if (!busy) return since >= Math.min(IDLE_EVERY, learning) ? this.#whole(scene.at) : null;
    if (!this.#pace.due(scene.at)) return null;
    if (since >= Math.min(WHOLE_EVERY, learning) || !scene.settled || scene.lightChanged)
      return this.#whole(scene.at);
    const crops = this.#crops(scene.regions);
    return crops === null ? this.#whole(scene.at) : { looks: crops, whole: false };
  }

  reset(): void {
    this.#pace.reset();
    this.#lastWhole = null;
    this.#firstAt = null;
  }

  #whole(at: Seconds): LookPlan {
    this.#lastWhole = at;
    return { looks: [this.#wholeLook], whole: true };
  }

  #crops(regions: readonly Box[]): readonly Look[] | null {
    if (this.#options.input.kind === "fixed") return null;
    const clusters = cluster(regions.map((region) => this.#withContext(region)));
    if (clusters.length > MOST_CROPS) return null;
    const aspect = this.#options.picture.pixelAspect;
    const area = clusters.reduce((sum, box) => sum + boxArea(box) * aspect, 0);
    const budget = CROP_BUDGET * this.#wholeLook.width * this.#wholeLook.height;
    const scale = Math.min(1, CLOSER * this.#wholeScale, Math.sqrt(budget / area));
    if (scale < this.#wholeScale) return null;
    const looks = clusters.map((box) => this.#look(box, scale));
    const spent = looks.reduce((sum, look) => sum + look.width * look.height, 0);
    return spent <= budget * 1.25 ? looks : null;
  }

  #withContext(region: Box): Box {
    const { width, height } = this.#options.picture;
    const least = SMALLEST_INPUT;
    const margin = CONTEXT * Math.max(region.width, region.height);
    const w = Math.min(width, Math.max(least, region.width + 2 * margin));
    const h = Math.min(height, Math.max(least, region.height + 2 * margin));
    return {
      x: clamp(region.x + region.width / 2 - w / 2, 0, width - w),
      y: clamp(region.y + region.height / 2 - h / 2, 0, height - h),
      width: w,
      height: h,
    };
  }

  /** Input px per picture px that brings the region's long side, in square pixels, to `longSide`. */
  #fit(region: Box, longSide: number): number {
    const wide = region.width * this.#options.picture.pixelAspect;
    const { input } = this.#options;
    if (input.kind === "fixed") return Math.min(input.width / wide, input.height / region.height);
    return longSide / Math.max(wide, region.height);
  }

  #look(region: Box, scale: number): Look {
    return sizedLook(region, scale, this.#options.picture.pixelAspect, this.#options.input);
  }
}

/** A part of the picture at a scale, input px per picture px, as nearly as the network takes it. */
export function sizedLook(region: Box, scale: number, pixelAspect: number, input: InputSize): Look {
  const wide = region.width * pixelAspect * scale;
  const high = region.height * scale;
  if (input.kind === "fixed") {
    return { region, width: Math.max(1, Math.round(wide)), height: Math.max(1, Math.round(high)) };
  }
  const step = Math.max(GRID, input.of);
  return { region, width: toGrid(wide, step), height: toGrid(high, step) };
}

function toGrid(length: number, step: number): number {
  return Math.max(step, Math.round(length / step) * step);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

/** Joins boxes that overlap until none do. */
function cluster(boxes: readonly Box[]): Box[] {
  const clusters: Box[] = [];
  for (const box of boxes) {
    let merged = box;
    for (let i = clusters.length - 1; i >= 0; i -= 1) {
      const other = clusters[i];
      if (other !== undefined && boxArea(intersectBoxes(other, merged)) > 0) {
        merged = uniteBoxes(other, merged);
        clusters.splice(i, 1);
        i = clusters.length;
      }
    }
    clusters.push(merged);
  }
  return clusters;
}

/** Share of a box that must move before what was seen there is no longer taken to be there. */
const STILL_SHARE = 0.03;

/**
 * What was seen before and still stands where it stood: outside what the network has just looked at, a thing
 * in whose box nothing moves is still there. It saves looking again and again at who waits or is parked.
 *
 * @param previous what was known at the last instant
 * @param looked the parts that the network has seen now
 */
export function stillThere(
  previous: readonly Detection[],
  looked: readonly Look[],
  moving: Plane,
  picture: { readonly width: number; readonly height: number },
): Detection[] {
  return previous.filter((detection) => {
    const seenAgain = looked.some(
      (look) => boxArea(intersectBoxes(look.region, detection.box)) > 0.5 * boxArea(detection.box),
    );
    return !seenAgain && movingShare(detection.box, moving, picture) < STILL_SHARE;
  });
}

/** Share of a box that moves now. */
export function movingShare(
  box: Box,
  moving: Plane,
  picture: { readonly width: number; readonly height: number },
): number {
  const sx = moving.width / picture.width;
  const sy = moving.height / picture.height;
  const x0 = clamp(Math.floor(box.x * sx), 0, moving.width - 1);
  const y0 = clamp(Math.floor(box.y * sy), 0, moving.height - 1);
  const x1 = clamp(Math.ceil((box.x + box.width) * sx), x0 + 1, moving.width);
  const y1 = clamp(Math.ceil((box.y + box.height) * sy), y0 + 1, moving.height);
  let count = 0;
  for (let y = y0; y < y1; y += 1) {
    const row = y * moving.width;
    for (let x = x0; x < x1; x += 1) if (moving.data[row + x] !== 0) count += 1;
  }
  return count / ((x1 - x0) * (y1 - y0));
}
