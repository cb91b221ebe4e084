import type { RgbImage } from "../frames/frame.ts";

/** Side of the blocks whose means are compared, px: shake, noise and compression are below it. */
const BLOCK = 4;
/** Below this share of comparable places nothing is said. */
const ENOUGH = 0.1;
/** Mean squared step between neighbouring blocks below which a picture counts as blank. */
const BLANK = 1;

/**
 * How well two pictures of the same size show the same place: the correlation of the steps between
 * neighbouring blocks, -1 to 1. Blind to brightness and contrast, so day fits night.
 *
 * @param known says of a pixel (index in either picture) whether both may be compared there
 * @returns null where too little can be compared; 1 where both are blank, for then nothing speaks against it
 */
export function structureMatch(a: RgbImage, b: RgbImage, known: (pixel: number) => boolean): number | null {
  if (a.width !== b.width || a.height !== b.height) return -1;
  const columns = Math.floor(a.width / BLOCK);
  const rows = Math.floor(a.height / BLOCK);
  const first = blockMeans(a, columns, rows, known);
  const second = blockMeans(b, columns, rows, known);
  let compared = 0;
  let product = 0;
  let firstSquares = 0;
  let secondSquares = 0;
  for (let row = 0; row < rows - 1; row++) {
    for (let column = 0; column < columns - 1; column++) {
      const i = row * columns + column;
      for (const step of [1, columns]) {
        const p = (first[i + step] ?? Number.NaN) - (first[i] ?? Number.NaN);
        const q = (second[i + step] ?? Number.NaN) - (second[i] ?? Number.NaN);
        if (Number.isNaN(p) || Number.isNaN(q)) continue;
        compared++;
        product += p * q;
        firstSquares += p * p;
        secondSquares += q * q;
      }
    }
  }
  if (compared < ENOUGH * 2 * columns * rows) return null;
  if (firstSquares < BLANK * compared && secondSquares < BLANK * compared) return 1;
  return product / Math.sqrt(Math.max(Number.EPSILON, firstSquares * secondSquares));
}

/** Mean luma of each block; NaN where any pixel of it is unknown. */
function blockMeans(
  image: RgbImage,
  columns: number,
  rows: number,
  known: (pixel: number) => boolean,
): Float32Array {
  const out = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let y = row * BLOCK; y < (row + 1) * BLOCK; y++) {
        for (let x = column * BLOCK; x < (column + 1) * BLOCK; x++) {
          const i = y * image.width + x;
          if (!known(i)) sum = Number.NaN;
          const j = 3 * i;
          sum +=
            0.3 * (image.data[j] ?? 0) + 0.59 * (image.data[j + 1] ?? 0) + 0.11 * (image.data[j + 2] ?? 0);
        }
      }
      out[row * columns + column] = sum / BLOCK ** 2;
    }
  }
  return out;
}
