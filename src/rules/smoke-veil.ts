import type { Plane } from "../frames/frame.ts";

/** Side of the blocks that a veil is measured in, samples of the analysis luma. */
const SIDE = 8;
/** A block of less contrast than this, grey levels (standard deviation), shows nothing that could be veiled. */
const LEAST_CONTRAST = 5;
/** Its pattern must still be there: correlation with the background. What is opaque hides it. */
const LEAST_LIKENESS = 0.7;
/** Share of the background's contrast that is left: less is as good as opaque, more is no veil to be sure of. */
const LEFT = { from: 0.1, to: 0.88 } as const;
/** Grey levels by which its mean must have changed: a picture out of focus loses contrast alone. */
const LEAST_CHANGE = 5;

/** Where something that lets the background through lies over it, block by block, row after row. */
export interface Veil {
  readonly columns: number;
  readonly rows: number;
  /** Share of the background's contrast that still shows, 0 to 1; NaN where there is no veil. */
  readonly clear: Float32Array;
  /** What the veil adds of its own, grey levels: its grey times the share that it covers. */
  readonly added: Float32Array;
}

/**
 * Compares a picture with the background that it should show. Through smoke a point of brightness B is seen as
 * (1 - a) B + a S (Koschmieder 1924): its pattern stays, its contrast goes (the loss of edges of Töreyin et al. 2006)
 * and the grey S of the smoke is added. A shadow adds none, an opaque thing leaves no pattern.
 * @param background in the light of the picture
 */
export function veilOver(picture: Plane, background: Uint8Array): Veil {
  const { width, height, data } = picture;
  const columns = Math.floor(width / SIDE);
  const rows = Math.floor(height / SIDE);
  const clear = new Float32Array(columns * rows).fill(Number.NaN);
  const added = new Float32Array(columns * rows);
  const count = SIDE * SIDE;
  for (let block = 0; block < clear.length; block++) {
    const left = SIDE * (block % columns);
    const top = SIDE * Math.floor(block / columns);
    let [b, i, bb, ii, bi] = [0, 0, 0, 0, 0];
    for (let y = top; y < top + SIDE; y++)
      for (let k = y * width + left; k < y * width + left + SIDE; k++) {
        const behind = background[k] ?? 0;
        const seen = data[k] ?? 0;
        b += behind;
        i += seen;
        bb += behind * behind;
        ii += seen * seen;
        bi += behind * seen;
      }
    const variance = bb / count - (b / count) ** 2;
    if (variance < LEAST_CONTRAST ** 2 || Math.abs(i - b) < LEAST_CHANGE * count) continue;
    const common = bi / count - (b / count) * (i / count);
    const shows = common / variance;
    if (shows < LEFT.from || shows > LEFT.to) continue;
    if (common < LEAST_LIKENESS * Math.sqrt(variance * (ii / count - (i / count) ** 2))) continue;
    clear[block] = shows;
    added[block] = i / count - (shows * b) / count;
  }
  return { columns, rows, clear, added };
}

/** The grey of a veil, grey levels, by least squares over blocks: about 0 for a shadow. */
export function greyOf({ clear, added }: Veil, blocks: readonly number[]): number {
  let sum = 0;
  let weight = 0;
  for (const block of blocks) {
    const share = 1 - (clear[block] ?? Number.NaN);
    if (Number.isNaN(share)) continue;
    sum += share * (added[block] ?? 0);
    weight += share * share;
  }
  return weight === 0 ? 0 : sum / weight;
}

/** How much what shows through changes in a block over some looks: the mean over blocks of its deviation. */
export function churnOf(veils: readonly Veil[], blocks: readonly number[]): number {
  let all = 0;
  for (const block of blocks) {
    let [count, sum, squares] = [0, 0, 0];
    for (const { clear } of veils) {
      const value = clear[block] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
      squares += value * value;
    }
    if (count > 0) all += Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  }
  return blocks.length === 0 ? 0 : all / blocks.length;
}
