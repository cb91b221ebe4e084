import type { Detection, SlotClass } from "../detectors/detector.ts";
import type { Box } from "../geometry/shapes.ts";

/** What the network that an operator brought for a rule saw in one part of the picture. */
export interface SlotLook {
  /** The part, image coordinates. */
  readonly region: Box;
  /** It is one that the rule asked for, at a larger scale than what the network sees first. */
  readonly closer: boolean;
  /** Image coordinates, any score; best first. */
  readonly detections: readonly Detection<SlotClass>[];
}

/** Of a rule that has a network of its own: where, and how often, that network looks. */
export interface SlotWish {
  /** Looks first around each person, or at the whole view. */
  readonly around: "persons" | "view";
  /** Instants a second at which it looks, at most. */
  readonly looksPerSecond: number;
  /** Parts of the picture to be looked at closer at the next instant, the most urgent first. */
  closer(): readonly Box[];
}

/** A box with room around it: shares of `unit` to the left and right, above and below. */
export function grown(box: Box, unit: number, room: { sides: number; above: number; below: number }): Box {
  return {
    x: box.x - room.sides * unit,
    y: box.y - room.above * unit,
    width: box.width + 2 * room.sides * unit,
    height: box.height + (room.above + room.below) * unit,
  };
}

/** A square around the middle of a box. */
export function squareAround(box: Box, side: number): Box {
  const { x, y } = middleOf(box);
  return { x: x - side / 2, y: y - side / 2, width: side, height: side };
}

export function middleOf(box: Box): { readonly x: number; readonly y: number } {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Length of a box's diagonal: the size of a long thing, however it is turned. */
export function diagonalOf({ width, height }: Box): number {
  return Math.hypot(width, height);
}

export function middleDistance(a: Box, b: Box): number {
  const [p, q] = [middleOf(a), middleOf(b)];
  return Math.hypot(p.x - q.x, p.y - q.y);
}
