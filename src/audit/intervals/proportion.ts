import { betaQuantile, normalQuantile } from "./quantiles.ts";

/** From, to. */
export type Interval = readonly [low: number, high: number];

export const USUAL_LEVEL = 0.95;

/**
 * Wilson's interval of a proportion, for display (Wilson 1927, eq. 4; Brown, Cai and DasGupta 2001). Two-sided. Of
 * nothing at all it is [0, 1].
 * @param k how many, 0 to n
 * @param n of how many
 */
export function wilson(k: number, n: number, level = USUAL_LEVEL): Interval {
  checkProportion(k, n, level);
  if (n === 0) return [0, 1];
  const z = normalQuantile(level);
  const p = k / n;
  const middle = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const whole = 1 + (z * z) / n;
  return [
    k === 0 ? 0 : Math.max(0, (middle - half) / whole),
    k === n ? 1 : Math.min(1, (middle + half) / whole),
  ];
}

/**
 * The exact interval of a proportion, to pass or fail by (Clopper and Pearson 1934). Two-sided: each end leaves
 * (1 - level) / 2 outside. It covers the truth at least as often as it says.
 */
export function clopperPearson(k: number, n: number, level = USUAL_LEVEL): Interval {
  checkProportion(k, n, level);
  const outside = (1 - level) / 2;
  return [lowest(k, n, outside), highest(k, n, outside)];
}

/** The exact one-sided lower bound: with confidence `level` the proportion is at least this. */
export function clopperPearsonLower(k: number, n: number, level = USUAL_LEVEL): number {
  checkProportion(k, n, level);
  return lowest(k, n, 1 - level);
}

/** The exact one-sided upper bound. Of 0 out of n it is about 3 / n at 95 %: the rule of three. */
export function clopperPearsonUpper(k: number, n: number, level = USUAL_LEVEL): number {
  checkProportion(k, n, level);
  return highest(k, n, 1 - level);
}

/**
 * The fewest events of which, were all of them found, the exact lower bound would reach `target`: with fewer no
 * result can. For 0.95: 72 by the two-sided 95 % interval, 59 by the one-sided 95 % bound.
 */
export function fewestEvents(target: number, sides: "two-sided" | "one-sided", level = USUAL_LEVEL): number {
  if (!(target > 0 && target < 1)) throw new RangeError("a target is a share between 0 and 1");
  const outside = sides === "two-sided" ? (1 - level) / 2 : 1 - level;
  // outside^(1/n) >= target; rounding must not ask for one more or one less.
  let n = Math.max(1, Math.floor(Math.log(outside) / Math.log(target)) - 1);
  while (lowest(n, n, outside) < target) n++;
  return n;
}

function lowest(k: number, n: number, outside: number): number {
  return k === 0 ? 0 : betaQuantile(outside, k, n - k + 1);
}

function highest(k: number, n: number, outside: number): number {
  return k === n ? 1 : betaQuantile(1 - outside, k + 1, n - k);
}

function checkProportion(k: number, n: number, level: number): void {
  if (!(Number.isInteger(k) && Number.isInteger(n) && k >= 0 && k <= n))
    throw new RangeError(`a proportion is of whole numbers, k of n with 0 <= k <= n, not ${k} of ${n}`);
  checkLevel(level);
}

export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`a level is between 0 and 1, not ${level}`);
}
