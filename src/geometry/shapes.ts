/**
 * Image coordinates are pixels of the picture as it is shown: the video's stored pixels after its rotation
 * is applied, x to the right, y down, origin at the top left corner. Pixel aspect is not applied: a suite's
 * author who reads coordinates off any player's or OpenCV's frame reads these.
 */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An axis-aligned box in image coordinates; `x`, `y` is the top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A simple closed polygon: at least 3 corners, the last joined to the first. */
export type Polygon = readonly Point[];

/** A segment with a direction: `from` towards `to`. */
export interface DirectedLine {
  readonly from: Point;
  readonly to: Point;
}

/** Where a person or a vehicle stands: the middle of the box's lower edge. */
export function footPoint(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height };
}

export function boxArea(box: Box): number {
  return Math.max(0, box.width) * Math.max(0, box.height);
}

/** The overlap of two boxes; width and height 0 where they do not meet. */
export function intersectBoxes(a: Box, b: Box): Box {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/** The smallest box that holds both. */
export function uniteBoxes(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** Intersection over union, 0 to 1. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const shared = boxArea(intersectBoxes(a, b));
  return shared === 0 ? 0 : shared / (boxArea(a) + boxArea(b) - shared);
}

/** The box on the way from one to another. @param share of the way, 0 to 1 */
export function interpolateBox(from: Box, to: Box, share: number): Box {
  const at = (a: number, b: number) => a + (b - a) * share;
  return {
    x: at(from.x, to.x),
    y: at(from.y, to.y),
    width: at(from.width, to.width),
    height: at(from.height, to.height),
  };
}
