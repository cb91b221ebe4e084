import { BLOCK } from "./blocks.ts";
import type { BackgroundPlanes, Kernels } from "./kernels/arithmetic.ts";
import type { RelitBlock } from "./light.ts";

const MEAN_SECONDS = 8;
const SPREAD_SECONDS = 6;
/** A candidate of a pixel that is new or doubtful becomes the background after this long. */
const NEW_SECONDS = 2;
/** Outside values count for the spread up to this distance (grey levels), at a quarter of the rate. */
const OUTSIDE_CAP = 12;
/** No pixel is so restless that a change of this many grey levels would be part of it. */
const TOLERANCE_CAP = 64;
const UNIT = 128;

export interface LearnOptions {
  /** Seconds one vote stands for, and how many votes this frame is worth. */
  readonly unit: number;
  readonly weight: number;
  /** Seconds after which a thing that stays becomes part of the background. */
  readonly absorbAfter: number;
  /** Takes each allowed pixel's candidate as background now, however few its votes. */
  readonly settle: boolean;
}

/** What one camera's view looks like when nobody is there: a robust mean and spread of each pixel. */
export class BackgroundModel {
  readonly planes: BackgroundPlanes;
  /** 0 where nothing may be learnt. */
  readonly allowed: Uint8Array;
  readonly #kernels: Kernels;
  readonly #width: number;
  readonly #height: number;
  readonly #n: number;

  constructor(kernels: Kernels, width: number, height: number) {
    this.#kernels = kernels;
    this.#width = width;
    this.#height = height;
    const n = width * height;
    this.#n = n;
    this.planes = {
      mean: kernels.shorts(n),
      spread: kernels.shorts(n),
      candidate: kernels.bytes(n),
      votes: kernels.bytes(n),
      trust: kernels.bytes(n),
      mean8: kernels.bytes(n),
      tolerance: kernels.bytes(n),
      low: kernels.bytes(n),
      high: kernels.bytes(n),
    };
    this.allowed = kernels.bytes(n);
    this.reset();
  }

  reset(): void {
    for (const plane of Object.values(this.planes)) plane.fill(0);
    this.allowed.fill(255);
  }

  /** One step of learning. @param noise standard deviation of the sensor's noise, grey levels */
  learn(frame: Uint8Array, allowed: Uint8Array, noise: number, options: LearnOptions): void {
    const seconds = options.unit * options.weight;
    const rate = (tau: number) => Math.round(32768 * (1 - Math.exp(-seconds / tau)));
    const spreadRate = rate(SPREAD_SECONDS);
    const votes = (duration: number) => Math.max(1, Math.min(255, Math.round(duration / options.unit)));
    this.#kernels.learn(this.planes, frame, allowed, this.#n, {
      meanRate: rate(MEAN_SECONDS),
      spreadRate,
      outsideRate: spreadRate >> 2,
      outsideCap: OUTSIDE_CAP * UNIT,
      firstSpread: Math.round(0.8 * noise * UNIT),
      weight: Math.min(255, options.weight),
      votesKnown: votes(options.absorbAfter),
      votesNew: options.settle ? 0 : votes(Math.min(NEW_SECONDS, options.absorbAfter)),
      tolerance: Math.round(usualTolerance(noise)),
    });
  }

  /** Brings the limits up to date with what was learnt. */
  updateLimits(noise: number): void {
    const floor = Math.round(toleranceFloor(noise) * UNIT);
    this.#kernels.limits(this.planes, this.#n, floor, TOLERANCE_CAP * UNIT);
  }

  /** Says that the light of the whole view is now gain times what it was, plus offset. */
  relight(gain: number, offset: number): void {
    const { mean, candidate } = this.planes;
    const [g, o] = fixedLight(gain, offset);
    this.#kernels.affine16(mean, 0, this.#width, this.#width, this.#height, g, o);
    this.#kernels.affine8(candidate, candidate, this.#n, g, o);
  }

  /**
   * Says so of single blocks. What was learnt of them becomes doubtful: it is replaced quickly where it does
   * not fit. Nothing is changed, only doubted, where something is covered: its light is not the background's.
   */
  relightBlocks(blocks: readonly RelitBlock[]): void {
    const { mean, trust, votes } = this.planes;
    const across = this.#width / BLOCK;
    for (const { block, gain, offset } of blocks) {
      const left = BLOCK * (block % across);
      const top = BLOCK * Math.floor(block / across);
      const rows = Math.min(BLOCK, this.#height - top);
      let covered = false;
      for (let y = top; y < top + rows; y++)
        for (let i = y * this.#width + left; i < y * this.#width + left + BLOCK; i++) {
          if (this.allowed[i] === 0) covered = true;
          if (trust[i] === 2) trust[i] = 1;
          votes[i] = 0;
        }
      if (covered) continue;
      const [g, o] = fixedLight(gain, offset);
      this.#kernels.affine16(mean, top * this.#width + left, this.#width, BLOCK, rows, g, o);
    }
  }

  /** Share of pixels of which nothing is known, 0 to 1, by a sample of them. */
  unknownShare(): number {
    let unknown = 0;
    let seen = 0;
    for (let i = 0; i < this.#n; i += 13) {
      seen++;
      if (this.planes.trust[i] === 0) unknown++;
    }
    return unknown / seen;
  }
}

/**
 * How far from the mean is background in the quietest pixel, before its own spread and brightness are added:
 * things differ from what is behind them by a share of the light, so dark pixels tell smaller differences.
 */
function toleranceFloor(noise: number): number {
  return Math.max(3.5, Math.min(24, 2.5 + 0.8 * noise));
}

/** The tolerance of a pixel of middle grey with nothing but the sensor's noise, grey levels. */
export function usualTolerance(noise: number): number {
  return toleranceFloor(noise) + 3 + 3.2 * noise;
}

/** Gain in 1/16384 and offset in 1/64, as the kernels take them. */
export function fixedLight(gain: number, offset: number): [number, number] {
  const g = Math.max(0, Math.min(32767, Math.round(gain * 16384)));
  return [g, Math.max(-32768, Math.min(32767, Math.round(offset * 64)))];
}
