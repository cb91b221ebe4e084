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

/**
 * A point drawn into the picture. The feet of somebody whom the border cuts lie outside of it, and yet they
 * stand in a zone that reaches the border.
 */
export function intoPicture(view: ViewGeometry, point: Point): Point {
  const inset = 0.5;
  return {
    x: Math.min(Math.max(point.x, inset), view.width - inset),
    y: Math.min(Math.max(point.y, inset), view.height - inset),
  };
}
