import type { Kernels } from "./kernels/arithmetic.ts";

/** Side of a block, in analysis samples. */
export const BLOCK = 16;

/**
 * What frame and background have in common, block by block: the evidence on which light changes are told
 * from things, and a covered view from a moved one.
 */
export interface Blocks {
  readonly across: number;
  readonly down: number;
  readonly count: number;
  /** Grey levels. */
  readonly frameMean: Float32Array;
  readonly backMean: Float32Array;
  /** Squared grey levels. */
  readonly frameVariance: Float32Array;
  readonly backVariance: Float32Array;
  /** Correlation of frame and background, -1 to 1: light does not change it, another picture does. 0 where either is flat. */
  readonly correlation: Float32Array;
}

/** Holds the arrays of one camera's blocks; `measure` overwrites them. */
export class BlockMeter implements Blocks {
  readonly across: number;
  readonly down: number;
  readonly count: number;
  readonly frameMean: Float32Array;
  readonly backMean: Float32Array;
  readonly frameVariance: Float32Array;
  readonly backVariance: Float32Array;
  readonly correlation: Float32Array;
  readonly #kernels: Kernels;
  readonly #width: number;
  readonly #height: number;
  readonly #sums: Int32Array;

  constructor(kernels: Kernels, width: number, height: number) {
    this.#kernels = kernels;
    this.#width = width;
    this.#height = height;
    this.across = width / BLOCK;
    this.down = Math.ceil(height / BLOCK);
    this.count = this.across * this.down;
    this.#sums = kernels.ints(5 * this.count);
    const array = () => new Float32Array(this.count);
    this.frameMean = array();
    this.backMean = array();
    this.frameVariance = array();
    this.backVariance = array();
    this.correlation = array();
  }

  measure(frame: Uint8Array, background: Uint8Array): Blocks {
    this.#kernels.moments(frame, background, this.#width, this.#height, this.#sums);
    const sums = this.#sums;
    for (let b = 0; b < this.count; b++) {
      const rows = Math.min(BLOCK, this.#height - BLOCK * Math.floor(b / this.across));
      const n = BLOCK * rows;
      const mf = (sums[5 * b] ?? 0) / n;
      const mb = (sums[5 * b + 1] ?? 0) / n;
      const vf = Math.max(0, (sums[5 * b + 2] ?? 0) / n - mf * mf);
      const vb = Math.max(0, (sums[5 * b + 3] ?? 0) / n - mb * mb);
      const shared = (sums[5 * b + 4] ?? 0) / n - mf * mb;
      this.frameMean[b] = mf;
      this.backMean[b] = mb;
      this.frameVariance[b] = vf;
      this.backVariance[b] = vb;
      this.correlation[b] = vf > 0.5 && vb > 0.5 ? shared / Math.sqrt(vf * vb) : 0;
    }
    return this;
  }
}

/** A block shows structure where its variance is well above what `noise` (standard deviation) alone makes. */
export function structured(variance: number, noise: number): boolean {
  return variance > 6 + 2 * noise * noise;
}

/** Share of the frame's blocks that show structure, 0 to 1. */
export function structuredShare(variance: Float32Array, noise: number): number {
  let found = 0;
  for (const value of variance) if (structured(value, noise)) found++;
  return found / Math.max(1, variance.length);
}
