import type { BoxTuple } from "./document.ts";

/** Size of the picture in px. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const SMALLEST_SIDE = 2;

/** Where a box begins that is drawn by keyboard: the middle, a fifth of the picture. */
export function startingBox({ width, height }: PictureSize): BoxTuple {
  return boxWithin(
    [Math.round(width * 0.4), Math.round(height * 0.4), Math.round(width * 0.2), Math.round(height * 0.2)],
    { width, height },
  );
}

/** The box between two corners, whichever comes first. */
export function boxBetween(
  a: readonly [number, number],
  b: readonly [number, number],
  picture: PictureSize,
): BoxTuple {
  return boxWithin(
    [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])],
    picture,
  );
}

/** Moves a box, and keeps it whole within the picture. */
export function movedBox([x, y, w, h]: BoxTuple, dx: number, dy: number, picture: PictureSize): BoxTuple {
  return [clamp(x + dx, 0, picture.width - w), clamp(y + dy, 0, picture.height - h), w, h];
}

/** Moves a box's lower right corner. */
export function resizedBox([x, y, w, h]: BoxTuple, dw: number, dh: number, picture: PictureSize): BoxTuple {
  return [
    x,
    y,
    clamp(w + dw, SMALLEST_SIDE, picture.width - x),
    clamp(h + dh, SMALLEST_SIDE, picture.height - y),
  ];
}

/** Whole px, at least 2 a side, within the picture. */
export function boxWithin([x, y, w, h]: BoxTuple, { width, height }: PictureSize): BoxTuple {
  const left = clamp(Math.round(x), 0, width - SMALLEST_SIDE);
  const top = clamp(Math.round(y), 0, height - SMALLEST_SIDE);
  return [
    left,
    top,
    clamp(Math.round(w), SMALLEST_SIDE, width - left),
    clamp(Math.round(h), SMALLEST_SIDE, height - top),
  ];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
