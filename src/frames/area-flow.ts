import type { Seconds } from "../time/clock.ts";

/**
 * How the parts of a picture move at an instant: one entry a part, `count` in each array. Nobody is told apart
 * in it, and where it comes from (pixels, or positions in a replay) makes no difference to who reads it.
 */
export interface AreaFlow {
  /** The instant it was worked out for; the same flow may be handed out again until there is a newer one. */
  readonly at: Seconds;
  /** Since the picture that it was compared with, seconds. */
  readonly elapsed: Seconds;
  readonly count: number;
  /** The part's middle, image px. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Image px per second. */
  readonly vx: Float32Array;
  readonly vy: Float32Array;
  /** Area of the part, image px². */
  readonly area: Float32Array;
}

/**
 * Works out the flow of the picture in view when it is asked, at most once; null where nothing can be said: no
 * earlier picture to compare with, one too long ago, a view that moved, a light that changed.
 */
export type FlowOnDemand = () => AreaFlow | null;
