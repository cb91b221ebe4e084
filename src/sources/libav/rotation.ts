import type { Box } from "../../geometry/shapes.ts";

/** By how many degrees the stored picture is turned clockwise to be shown. */
export type Rotation = 0 | 90 | 180 | 270;

/**
 * Reads a display matrix: nine int32 `a b u c d v x y w` that map a stored point to (ax + cy, bx + dy)
 * (ISO/IEC 14496-12, matrix of `tkhd`). Angles between right angles go to the nearest; a mirrored picture is
 * turned as far as its first axis says, and stays mirrored.
 */
export function readRotation(matrix: Uint8Array | null): Rotation {
  if (matrix === null || matrix.byteLength < 36) return 0;
  const view = new DataView(matrix.buffer, matrix.byteOffset, matrix.byteLength);
  const a = view.getInt32(0, true);
  const b = view.getInt32(4, true);
  if (a === 0 && b === 0) return 0;
  const quarters = (Math.round(Math.atan2(b, a) / (Math.PI / 2)) + 4) % 4;
  return quarters === 1 ? 90 : quarters === 2 ? 180 : quarters === 3 ? 270 : 0;
}

/** Where a box of the shown picture lies in the stored one. @param width, height stored size */
export function storedBox(shown: Box, width: number, height: number, rotation: Rotation): Box {
  switch (rotation) {
    case 0:
      return shown;
    case 90:
      return { x: shown.y, y: height - shown.x - shown.width, width: shown.height, height: shown.width };
    case 180:
      return {
        x: width - shown.x - shown.width,
        y: height - shown.y - shown.height,
        width: shown.width,
        height: shown.height,
      };
    case 270:
      return { x: width - shown.y - shown.height, y: shown.x, width: shown.height, height: shown.width };
  }
}

/**
 * Turns packed samples clockwise.
 * @param from width x height pixels of `channels` bytes, rows `stride` bytes apart
 * @param into receives the turned picture without padding: its width is `height` for 90 and 270 degrees
 */
export function rotatePixels(
  from: Uint8Array,
  width: number,
  height: number,
  stride: number,
  channels: 1 | 3,
  rotation: Rotation,
  into: Uint8Array,
): void {
  if (rotation === 0) {
    const row = width * channels;
    if (stride === row) into.set(from.subarray(0, row * height));
    else for (let y = 0; y < height; y++) into.set(from.subarray(y * stride, y * stride + row), y * row);
    return;
  }
  // Steps in `into` of one pixel to the right and one row down in `from`.
  const [start, right, down] =
    rotation === 90
      ? [height - 1, height, -1]
      : rotation === 180
        ? [width * height - 1, -1, -width]
        : [(width - 1) * height, -height, 1];
  for (let y = 0; y < height; y++) {
    let source = y * stride;
    let target = (start + y * down) * channels;
    const step = right * channels;
    for (let x = 0; x < width; x++) {
      into[target] = from[source] ?? 0;
      if (channels === 3) {
        into[target + 1] = from[source + 1] ?? 0;
        into[target + 2] = from[source + 2] ?? 0;
      }
      source += channels;
      target += step;
    }
  }
}
