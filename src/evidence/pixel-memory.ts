import type { RgbImage } from "../frames/frame.ts";
import { CELL, type EvidenceGrid } from "./evidence-grid.ts";
import { structureMatch } from "./structure-match.ts";

/** Share of a cell's pixels that must have aged for it to be painted, and that may change before it counts as changed. */
const AGED_SHARE = 0.75;
const CHANGED_SHARE = 0.2;

/**
 * The colours that each pixel has shown, and for how long it has shown them. They may be somebody's: nothing
 * leaves but the cells that have aged, and a figure of likeness. It knows of pixels alone; which cells may be
 * learnt or shown is the display background's to say.
 */
export interface PixelMemory {
  /** Forgets a cell, and begins anew with what a picture (packed RGB) shows there. */
  begin(column: number, row: number, picture: Uint8Array): void;
  /**
   * Goes on with a cell, by what the next picture shows there.
   * @param tenths how much longer it has been seen, tenths of a second
   * @returns whether the cell looks different from what was held to be there
   */
  learn(column: number, row: number, picture: Uint8Array, tenths: number): boolean;
  /**
   * Writes a cell's known pixels; those that never came to rest (leaves, a flickering lamp) take the mean of
   * the others.
   * @param tenths from what age on a pixel is known, tenths of a second
   * @param data the picture to write to, packed RGB
   * @returns the number of pixels written, 0 where too few are known
   */
  paint(column: number, row: number, tenths: number, data: Uint8Array): number;
  /** `structureMatch` of what is held and a still, over the pixels of the still that count. */
  match(still: RgbImage, counts: (pixel: number) => boolean): number | null;
  /** Forgets everything. */
  forget(): void;
}

/** @param tolerance largest change of a channel that still counts as unchanged, 0 to 255 */
export function createPixelMemory(grid: EvidenceGrid, tolerance: number): PixelMemory {
  const { width, height } = grid;
  const colour = new Uint8Array(3 * width * height);
  /** How long each pixel has been seen unchanged, tenths of a second. */
  const age = new Uint16Array(width * height);

  /** The pixels of a cell; right and bottom are the first beyond it. */
  const pixelsOf = (column: number, row: number) => ({
    left: column * CELL,
    right: Math.min(width, (column + 1) * CELL),
    top: row * CELL,
    bottom: Math.min(height, (row + 1) * CELL),
  });

  return {
    begin(column, row, picture) {
      const { left, right, top, bottom } = pixelsOf(column, row);
      for (let y = top; y < bottom; y++) {
        const from = y * width + left;
        age.fill(0, from, y * width + right);
        colour.set(picture.subarray(3 * from, 3 * (y * width + right)), 3 * from);
      }
    },

    learn(column, row, picture, tenths) {
      const { left, right, top, bottom } = pixelsOf(column, row);
      let changed = 0;
      for (let y = top; y < bottom; y++) {
        for (let i = y * width + left, end = y * width + right; i < end; i++) {
          const j = 3 * i;
          const red = (colour[j] ?? 0) | 0;
          const green = (colour[j + 1] ?? 0) | 0;
          const blue = (colour[j + 2] ?? 0) | 0;
          const dr = (picture[j] ?? 0) - red;
          const dg = (picture[j + 1] ?? 0) - green;
          const db = (picture[j + 2] ?? 0) - blue;
          if (
            dr <= tolerance &&
            dr >= -tolerance &&
            dg <= tolerance &&
            dg >= -tolerance &&
            db <= tolerance &&
            db >= -tolerance
          ) {
            // One step towards what is seen: settles on the median, and no single picture weighs in it.
            colour[j] = red + sign(dr);
            colour[j + 1] = green + sign(dg);
            colour[j + 2] = blue + sign(db);
            const older = (age[i] ?? 0) + tenths;
            age[i] = older > 0xffff ? 0xffff : older;
          } else {
            changed++;
            const younger = (age[i] ?? 0) >> 1;
            age[i] = younger;
            if (younger < 10) {
              age[i] = 0;
              colour[j] = picture[j] ?? 0;
              colour[j + 1] = picture[j + 1] ?? 0;
              colour[j + 2] = picture[j + 2] ?? 0;
            }
          }
        }
      }
      return changed > CHANGED_SHARE * (right - left) * (bottom - top);
    },

    paint(column, row, tenths, data) {
      const { left, right, top, bottom } = pixelsOf(column, row);
      const total = (right - left) * (bottom - top);
      let known = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let y = top; y < bottom; y++) {
        for (let i = y * width + left, end = y * width + right; i < end; i++) {
          if ((age[i] ?? 0) < tenths) continue;
          known++;
          red += colour[3 * i] ?? 0;
          green += colour[3 * i + 1] ?? 0;
          blue += colour[3 * i + 2] ?? 0;
        }
      }
      if (known < AGED_SHARE * total) return 0;
      for (let y = top; y < bottom; y++) {
        for (let i = y * width + left, end = y * width + right; i < end; i++) {
          const own = (age[i] ?? 0) >= tenths;
          data[3 * i] = own ? (colour[3 * i] ?? 0) : Math.round(red / known);
          data[3 * i + 1] = own ? (colour[3 * i + 1] ?? 0) : Math.round(green / known);
          data[3 * i + 2] = own ? (colour[3 * i + 2] ?? 0) : Math.round(blue / known);
        }
      }
      return total;
    },

    match: (still, counts) =>
      structureMatch({ width, height, data: colour }, still, (i) => (age[i] ?? 0) > 0 && counts(i)),

    forget() {
      colour.fill(0);
      age.fill(0);
    },
  };
}

/** Sign of a whole number without a branch: noise makes it random, and a mispredicted branch costs more than all else. */
function sign(n: number): number {
  return (n >> 31) - (-n >> 31);
}
