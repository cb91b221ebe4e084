import type { Box } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Frame, Plane } from "./frame.ts";

/**
 * What the background model says of one frame. Planes are at analysis size and belong to the model: they
 * are valid until its next `observe`; copy what must last.
 */
export interface SceneState {
  readonly at: Seconds;
  /** 255 where the picture differs from the background (moving, or new and still), 0 elsewhere. Cleaned of speckle. */
  readonly foreground: Plane;
  /** 255 where it changed within the last half second: what moves now. */
  readonly moving: Plane;
  /** The picture's luma, smoothed, in the background's light and laid back on the background. */
  readonly picture: Plane;
  /** The background that it is compared with. It means nothing before it is settled. */
  readonly background: Plane;
  /** Boxes (image coordinates) around connected moving regions, merged when near, largest first, at most 32. */
  readonly regions: readonly Box[];
  /** Share of the view that is foreground / moving, 0 to 1. */
  readonly foregroundShare: number;
  readonly movingShare: number;
  /** The background is known well enough to rely on `foreground`. */
  readonly settled: boolean;
  /** The light of the whole view changed and the model is adapting: `foreground` covers too much for now. */
  readonly lightChanged: boolean;
  /** Displacement of the view against the background, image px: shake is small and passing, a moved view stays. */
  readonly shift: { readonly dx: number; readonly dy: number };
  /** The camera looks elsewhere than it did: the engine suspends the camera. */
  readonly viewMoved: boolean;
  /** Too dark, covered or washed out to see anything. */
  readonly unreadable: boolean;
}

/** Background and motion of one camera. */
export interface Scene {
  /** Takes the next frame's luma. */
  observe(frame: Frame): SceneState;
  /**
   * Says where things were detected in the last observed frame: nothing is learnt there.
   * Call it before the next `observe`. Not to call it means that nobody looked: the last cover then holds.
   */
  cover(boxes: readonly Box[]): void;
  /** Forgets the background, as after a cut or a view that moved for good. */
  reset(): void;
}
