import type { RgbImage } from "../frames/frame.ts";
import { deriveSeed, randomStream } from "./random.ts";

/** Cells across and down. */
export const PAINT_COLUMNS = 8;
export const PAINT_ROWS = 16;

/**
 * A pattern that nothing else in a scene resembles: 8 x 16 cells, black or white at random, half of each.
 * It is painted on chosen actors, in the frame that the ground truth gives for each picture, so that a test
 * can look for it in whatever the engine wrote.
 * @returns one pixel a cell
 */
export function paintedTexture(seed: number): RgbImage {
  const count = PAINT_COLUMNS * PAINT_ROWS;
  const random = randomStream(deriveSeed(seed, "paint"));
  const cells: number[] = Array.from({ length: count }, (_, index) => (index < count / 2 ? 12 : 243));
  for (let index = count - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [cells[index], cells[other]] = [cells[other] ?? 0, cells[index] ?? 0];
  }
  const data = new Uint8Array(count * 3);
  for (const [index, value] of cells.entries()) data.fill(value, index * 3, index * 3 + 3);
  return { width: PAINT_COLUMNS, height: PAINT_ROWS, data };
}
