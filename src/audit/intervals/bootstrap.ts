import { randomStream } from "../../scenes/random.ts";
import { checkLevel, type Interval, USUAL_LEVEL } from "./proportion.ts";
import { sampleQuantile } from "./sample-quantile.ts";

/** One camera's share of a ratio: hits of references, false alarms of hours. */
export interface Cluster {
  readonly numerator: number;
  /** From 0. A cluster with 0 says nothing of the ratio and is left out. */
  readonly denominator: number;
}

export interface BootstrapOptions {
  readonly level?: number;
  readonly resamples?: number;
  readonly seed?: number;
}

export const RESAMPLES = 2000;
const SEED = 1979;

/**
 * The percentile interval of a ratio of sums, with whole clusters drawn again (Efron 1979; Davison and Hinkley 1997,
 * section 3.8): events of one camera are no independent evidence, so its clips stay together. The same data give the
 * same interval on every machine.
 * @returns null where fewer than 2 clusters say anything, and where all of them say the same: resampling knows no
 *   variation that it did not see, and an interval of no width would claim certainty
 */
export function clusterBootstrap(
  clusters: readonly Cluster[],
  { level = USUAL_LEVEL, resamples = RESAMPLES, seed = SEED }: BootstrapOptions = {},
): Interval | null {
  checkLevel(level);
  const telling = clusters.filter(({ denominator }) => denominator > 0);
  const [first, ...others] = telling;
  if (first === undefined || others.length === 0) return null;
  const ratio = first.numerator / first.denominator;
  if (others.every(({ numerator, denominator }) => numerator / denominator === ratio)) return null;
  // Plain arrays of numbers: hundreds of cameras, each drawn thousands of times for each figure of a report.
  const numerators = Float64Array.from(telling, ({ numerator }) => numerator);
  const denominators = Float64Array.from(telling, ({ denominator }) => denominator);
  const random = randomStream(seed);
  const ratios = Array.from({ length: resamples }, () => {
    let numerator = 0;
    let denominator = 0;
    for (let draw = 0; draw < numerators.length; draw++) {
      const cluster = Math.floor(random() * numerators.length);
      numerator += numerators[cluster] ?? 0;
      denominator += denominators[cluster] ?? 0;
    }
    return numerator / denominator;
  });
  const outside = (1 - level) / 2;
  return [sampleQuantile(ratios, outside) ?? ratio, sampleQuantile(ratios, 1 - outside) ?? ratio];
}
