import { randomStream } from "../../scenes/random.ts";
import { type Cluster, RESAMPLES } from "../intervals/bootstrap.ts";
import { type Interval, USUAL_LEVEL, wilson } from "../intervals/proportion.ts";
import { sampleQuantile } from "../intervals/sample-quantile.ts";
import { binomialMass } from "../intervals/special-functions.ts";

/** Of things that happened, who found them. */
export interface PairedFinds {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

/**
 * The interval of b − a of two shares of the same things: R. G. Newcombe, "Improved confidence intervals for the
 * difference between binomial proportions based on paired data", Statistics in Medicine 17, 1998, method 10: Wilson's
 * interval of each, brought together by how far the two systems find the same things.
 * @returns null of nothing
 */
export function pairedShareInterval(finds: PairedFinds, level = USUAL_LEVEL): Interval | null {
  const { both, onlyA, onlyB, neither } = finds;
  const n = both + onlyA + onlyB + neither;
  if (n === 0) return null;
  const a = (both + onlyA) / n;
  const b = (both + onlyB) / n;
  const [lowA, highA] = wilson(both + onlyA, n, level);
  const [lowB, highB] = wilson(both + onlyB, n, level);
  const agreement = correlation(finds, n);
  const half = (x: number, y: number) => Math.sqrt(Math.max(0, x * x - 2 * agreement * x * y + y * y));
  return [b - a - half(b - lowB, highA - a), b - a + half(highB - b, a - lowA)];
}

/** The φ coefficient, brought closer to 0 by Newcombe's continuity correction where it is positive. */
function correlation({ both, onlyA, onlyB, neither }: PairedFinds, n: number): number {
  const margins = (both + onlyA) * (onlyB + neither) * (both + onlyB) * (onlyA + neither);
  if (margins === 0) return 0;
  const raw = both * neither - onlyA * onlyB;
  return (raw > 0 ? Math.max(0, raw - n / 2) : raw) / Math.sqrt(margins);
}

/** One camera's share of the two ratios that are compared. */
export interface PairedCluster {
  readonly a: Cluster;
  readonly b: Cluster;
}

/**
 * Fewer cameras than this are not resampled: of two there are three draws, and whatever they say looks certain. Five
 * have 126.
 */
export const FEWEST_CAMERAS = 5;
const SEED = 1979;

/**
 * The percentile interval of b − a of two ratios of sums, with whole cameras drawn again and both systems kept
 * together on each (Efron 1979; Davison and Hinkley 1997, section 3.8). The same data give the same interval on every
 * machine.
 * @returns null where fewer than 5 cameras say anything, and where no draw differs from another
 */
export function pairedBootstrap(clusters: readonly PairedCluster[], level = USUAL_LEVEL): Interval | null {
  const telling = clusters.filter(({ a, b }) => a.denominator > 0 || b.denominator > 0);
  const [first] = telling;
  if (first === undefined || telling.length < FEWEST_CAMERAS) return null;
  const random = randomStream(SEED);
  const differences: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const sums = [0, 0, 0, 0];
    for (let draw = 0; draw < telling.length; draw++) {
      const { a, b } = telling[Math.floor(random() * telling.length)] ?? first;
      [a.numerator, a.denominator, b.numerator, b.denominator].forEach((value, index) => {
        sums[index] = (sums[index] ?? 0) + value;
      });
    }
    const [hitsA = 0, ofA = 0, hitsB = 0, ofB = 0] = sums;
    // A draw without an alert of one system has no share of right ones.
    if (ofA > 0 && ofB > 0) differences.push(hitsB / ofB - hitsA / ofA);
  }
  const low = sampleQuantile(differences, (1 - level) / 2);
  const high = sampleQuantile(differences, (1 + level) / 2);
  if (low === null || high === null) return null;
  return differences.every((one) => one === differences[0]) ? null : [low, high];
}

/**
 * The interval of the median of a sample, whatever its distribution: the two values that so many lie outside of as a
 * sign test allows (W. J. Conover, Practical Nonparametric Statistics, section 3.2).
 * @returns null of a sample too small for the level: fewer than 6 for 95 %
 */
export function medianInterval(values: readonly number[], level = USUAL_LEVEL): Interval | null {
  const sorted = values.toSorted((x, y) => x - y);
  const outside = (1 - level) / 2;
  let left = -1;
  let tail = 0;
  for (let k = 0; k < sorted.length / 2; k++) {
    tail += binomialMass(k, sorted.length, 0.5);
    if (tail > outside) break;
    left = k;
  }
  const low = sorted[left];
  const high = sorted[sorted.length - 1 - left];
  return left < 0 || low === undefined || high === undefined ? null : [low, high];
}
