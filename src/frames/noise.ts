import type { Seconds } from "../time/clock.ts";
import type { Kernels } from "./kernels/arithmetic.ts";

/** Grey levels: no sensor is quieter for certain, and what is louder is not its noise. */
const LEAST = 0.5;
const MOST = 12;
/** How fast the level follows what is found: at first, usually, and when much of the view changes at once. */
const FIRST_SECONDS = 0.5;
const USUAL_SECONDS = 3;
const UPSET_SECONDS = 20;
const UPSET_SHARE = 0.25;
/** Every so many rows are enough to tell. */
const ROW_STEP = 4;

/** Follows the noise of one camera's sensor. */
export class NoiseMeter {
  readonly #kernels: Kernels;
  readonly #width: number;
  readonly #height: number;
  readonly #histogram: Int32Array;
  #level: number | null = null;

  constructor(kernels: Kernels, width: number, height: number) {
    this.#kernels = kernels;
    this.#width = width;
    this.#height = height;
    this.#histogram = kernels.ints(256);
  }

  /** Standard deviation in grey levels; 1 while it is not known. */
  get level(): number {
    return this.#level ?? 1;
  }

  get known(): boolean {
    return this.#level !== null;
  }

  /**
   * Compares a frame with the one before it.
   * @param settled false during a camera's first seconds
   * @param movingShare of the view, 0 to 1
   */
  measure(
    frame: Uint8Array,
    before: Uint8Array,
    elapsed: Seconds,
    settled: boolean,
    movingShare: number,
  ): void {
    const [width, height] = [this.#width, this.#height];
    this.#kernels.histogramOfDifference(frame, before, width, height, ROW_STEP, this.#histogram);
    const found = Math.max(LEAST, Math.min(MOST, noiseOf(this.#histogram)));
    // When much of the view changes at once it is rarely the sensor.
    const tau = !settled ? FIRST_SECONDS : movingShare > UPSET_SHARE ? UPSET_SECONDS : USUAL_SECONDS;
    if (this.#level === null) this.#level = found;
    else this.#level += (1 - Math.exp(-elapsed / tau)) * (found - this.#level);
  }
}

/** Quartile of |N(0,1)|. */
const NORMAL_QUARTILE = 0.3186;

/**
 * Standard deviation of the sensor's noise, in grey levels, from how often each difference between two
 * frames occurs: by its lower quartile, so that up to half of the view may move. Between whole grey levels
 * it is interpolated.
 */
export function noiseOf(histogram: Int32Array): number {
  let total = 0;
  for (const count of histogram) total += count;
  let below = 0;
  for (let d = 0; d < histogram.length; d++) {
    const count = histogram[d] ?? 0;
    if (below + count >= total / 4) {
      const share = count === 0 ? 0 : (total / 4 - below) / count;
      // A difference of d stands for d - 1/2 to d + 1/2, of 0 for 0 to 1/2.
      const quartile = d === 0 ? share / 2 : d - 0.5 + share;
      return quartile / NORMAL_QUARTILE / Math.SQRT2;
    }
    below += count;
  }
  return 0;
}
