import type { LineConfig, ZoneConfig } from "../config/schema.ts";
import type { Homography } from "../geometry/homography.ts";
import type { Box, Point } from "../geometry/shapes.ts";

/** What a rule knows of the view it watches. Image coordinates. */
export interface ViewGeometry {
  readonly width: number;
  readonly height: number;
  readonly zones: readonly ZoneConfig[];
  readonly lines: readonly LineConfig[];
  /** From the picture to the ground, null where the camera is not calibrated. */
  readonly homography: Homography | null;
}

/** The whole picture as a box. */
export function wholeView(view: ViewGeometry): Box {
  return { x: 0, y: 0, width: view.width, height: view.height };
}

/** The part of a box inside the picture; where there is none, the nearest point of the picture, without size. */
export function clipToPicture(view: Box, box: Box): Box {
  const right = view.x + view.width;
  const bottom = view.y + view.height;
  const left = clamp(box.x, view.x, right);
  const top = clamp(box.y, view.y, bottom);
  return {
    x: left,
    y: top,
    width: clamp(box.x + box.width, left, right) - left,
    height: clamp(box.y + box.height, top, bottom) - top,
  };
}

/**
 * A point drawn into the picture. The feet of somebody whom the border cuts lie outside of it, and yet they
 * stand in a zone that reaches the border.
 */
export function intoPicture(view: ViewGeometry, point: Point): Point {
  const inset = 0.5;
  return {
    x: clamp(point.x, inset, view.width - inset),
    y: clamp(point.y, inset, view.height - inset),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
