import { type Box, intersectBoxes } from "../geometry/shapes.ts";
import type { PerspectiveCamera } from "./camera.ts";
import type { GroundPoint } from "./script.ts";

/** `[left, top, width, height]` in px of the picture, as a reference has it. */
export type BoxTuple = readonly [number, number, number, number];

/** The part of a box that lies in the picture, to a tenth of a px; null where none does. */
export function clippedBox(
  box: Box,
  picture: { readonly width: number; readonly height: number },
): BoxTuple | null {
  const { x, y, width, height } = intersectBoxes(box, {
    x: 0,
    y: 0,
    width: picture.width,
    height: picture.height,
  });
  if (width <= 0 || height <= 0) return null;
  const tenth = (length: number) => Math.round(length * 10) / 10;
  return [tenth(x), tenth(y), Math.max(0.1, tenth(width)), Math.max(0.1, tenth(height))];
}

/**
 * The box in the picture around upright cylinders that stand at places on the ground; null where none is in it.
 * @param size their radius and height, m
 */
export function boxAround(
  camera: PerspectiveCamera,
  places: readonly GroundPoint[],
  size: { readonly reach: number; readonly height: number },
  picture: { readonly width: number; readonly height: number },
): BoxTuple | null {
  const points = places.flatMap(({ x, y }) =>
    [0, size.height].flatMap((z) =>
      [
        [-1, -1],
        [1, -1],
        [-1, 1],
        [1, 1],
      ].map(([dx = 0, dy = 0]) => camera.project(x + dx * size.reach, y + dy * size.reach, z)),
    ),
  );
  if (points.length === 0 || points.some(({ depth }) => depth <= 0.1)) return null;
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return clippedBox(
    { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top },
    picture,
  );
}

/** Whether two boxes share any part. */
export function meet(a: BoxTuple, b: BoxTuple): boolean {
  return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
}
