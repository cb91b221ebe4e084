import type { Detection, ObjectClass } from "../detectors/detector.ts";
import type { Box, Point } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";

declare const trackId: unique symbol;
/**
 * Tells two things apart while both are in view, and nothing else: a random number that lives in memory for
 * one episode. It has no JSON form on purpose; nothing may store or send it.
 */
export type TrackId = number & { readonly [trackId]: true };

export interface Track {
  readonly id: TrackId;
  readonly class: ObjectClass;
  /** Where it is now: smoothed over its sightings, predicted while `coasting`. Image coordinates. */
  readonly box: Box;
  /** The anchor on the ground: middle of the lower edge of the smoothed box. */
  readonly foot: Point;
  /** Image px per second, of the foot point. */
  readonly velocity: Point;
  /** Confirmed tracks have been seen often and long enough to count; others never reach a rule. */
  readonly confirmed: boolean;
  /** True while it is only predicted, since `lastSeen`. */
  readonly coasting: boolean;
  readonly firstSeen: Seconds;
  readonly lastSeen: Seconds;
}

/**
 * Joins detections into tracks by motion alone: no appearance, no memory beyond `longestGap`.
 * Time is the stream's presentation time; calls come at any rate, uneven too.
 * Implementations must pass test/contracts/tracker.ts.
 */
export interface Tracker {
  /**
   * @param at presentation time, seconds, strictly increasing
   * @param detections what was seen, or null when the picture was not inferred (then tracks only coast)
   * @returns all live tracks, confirmed or not
   */
  update(at: Seconds, detections: readonly Detection[] | null): readonly Track[];
  /** Forgets everything, as after a cut or a moved view. */
  reset(): void;
}
