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
