import type { InputSize } from "../detectors/detector.ts";
import type { EventType } from "../event.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Seconds } from "../time/clock.ts";
import type { Look, LookPlan } from "./attention.ts";
import { Pace } from "./pace.ts";

export interface CountLooksOptions {
  readonly picture: { readonly width: number; readonly height: number; readonly pixelAspect: number };
  readonly input: InputSize;
  /** Long side of the network's input for the engine's usual whole view, px: a count look is never coarser. */
  readonly inputLongSide: number;
}

/** Long side of what the network sees of the whole view when it counts, px. */
const LONG_SIDE = 1280;
/** Beyond this an enlarged picture holds no more than it did. */
const LARGEST_SCALE = 2;
/** A crowd changes over seconds: time between two looks while anything moves, and while nothing does. */
const BUSY_EVERY: Seconds = 2;
const IDLE_EVERY: Seconds = 5;
/** A network of fixed input sees the view in so many parts a side, which overlap by this share of a part. */
const PARTS = 2;
const OVERLAP = 0.25;
const GRID = 32;
/** Events whose rules ask how many persons there are. */
const COUNTED: ReadonlySet<EventType> = new Set<EventType>(["crowd_density", "crowd_movement"]);

/** Whether any of these rules counts. */
export function anyCounts(rules: readonly { readonly event: EventType }[]): boolean {
  return rules.some(({ event }) => COUNTED.has(event));
}

/**
 * Looks for the rules that count, apart from those that tracks are made of: the whole view, seldom and closely.
 * At the usual size the network sees one body where two overlap; at about twice that it sees the head and
 * shoulders that stick out behind. Depends on stream time and pixels alone.
 */
export class CountLooks {
  readonly #plan: LookPlan;
  readonly #busy = new Pace(1 / BUSY_EVERY);
  #last: Seconds | null = null;

  constructor({ picture, input, inputLongSide }: CountLooksOptions) {
    const looks =
      input.kind === "fixed" ? partsOf(picture, input) : [closeLook(picture, input.of, inputLongSide)];
    this.#plan = { looks, whole: true };
  }

  /** The looks of this instant, or null where none is due. */
  plan(scene: SceneState): LookPlan | null {
    const quiet = scene.regions.length === 0 && scene.settled && !scene.lightChanged;
    if (quiet && this.#last !== null && scene.at - this.#last < IDLE_EVERY) return null;
    if (!quiet && !this.#busy.due(scene.at)) return null;
    this.#last = scene.at;
    return this.#plan;
  }

  /** After a cut or a suspension the next instant is due. */
  reset(): void {
    this.#busy.reset();
    this.#last = null;
  }
}

type Picture = CountLooksOptions["picture"];

function closeLook({ width, height, pixelAspect }: Picture, of: number, usual: number): Look {
  const wide = width * pixelAspect;
  const long = Math.max(wide, height);
  const scale = Math.max(usual, Math.min(LONG_SIDE, LARGEST_SCALE * long)) / long;
  const step = Math.max(GRID, of);
  return {
    region: { x: 0, y: 0, width, height },
    width: toGrid(wide * scale, step),
    height: toGrid(height * scale, step),
  };
}

function partsOf(
  picture: Picture,
  input: { readonly width: number; readonly height: number },
): readonly Look[] {
  const share = 1 / (PARTS - (PARTS - 1) * OVERLAP);
  const width = picture.width * share;
  const height = picture.height * share;
  const wide = width * picture.pixelAspect;
  const scale = Math.min(input.width / wide, input.height / height);
  return Array.from({ length: PARTS * PARTS }, (_, index) => ({
    region: {
      x: ((index % PARTS) * (picture.width - width)) / (PARTS - 1),
      y: (Math.floor(index / PARTS) * (picture.height - height)) / (PARTS - 1),
      width,
      height,
    },
    width: Math.round(wide * scale),
    height: Math.round(height * scale),
  }));
}

function toGrid(length: number, step: number): number {
  return Math.max(step, Math.round(length / step) * step);
}
