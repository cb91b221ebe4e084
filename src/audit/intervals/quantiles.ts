import jstat from "jstat";
import { betaDensity, betaTails, gammaDensity, gammaTails, type Tails } from "./special-functions.ts";

/**
 * Where Beta(a, b) reaches `p`. jStat gives the start (it is good to 1e-9 of the value at best); Newton's steps on
 * the distribution function itself give the rest, to the last digits of a double.
 * @param p 0 to 1
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  // Closed forms, exact also where the answer is all but 0 or 1.
  if (b === 1) return Math.exp(Math.log(p) / a);
  if (a === 1) return -Math.expm1(Math.log1p(-p) / b);
  return solve(p, {
    start: jstat.jStat.beta.inv(p, a, b),
    highest: 1,
    tails: (x) => betaTails(x, a, b),
    density: (x) => betaDensity(x, a, b),
  });
}

/** Where Gamma(a, 1) reaches `p`, in the same way. Infinite at 1. */
export function gammaQuantile(p: number, a: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (a === 1) return -Math.log1p(-p);
  return solve(p, {
    start: jstat.jStat.gamma.inv(p, a, 1),
    highest: highestGamma(p, a),
    tails: (x) => gammaTails(x, a),
    density: (x) => gammaDensity(x, a),
  });
}

/** The standard normal z with `level` of it between -z and z: 1.96 for 0.95. Its square is chi-square of 1 degree. */
export function normalQuantile(level: number): number {
  return Math.sqrt(2 * gammaQuantile(level, 0.5));
}

interface Distribution {
  readonly start: number;
  readonly highest: number;
  readonly tails: (x: number) => Tails;
  readonly density: (x: number) => number;
}

function solve(p: number, { start, highest, tails, density }: Distribution): number {
  let low = 0;
  let high = highest;
  let x = start > low && start < high ? start : (low + high) / 2;
  for (let step = 0; step < 200; step++) {
    const { lower, upper } = tails(x);
    // The smaller tail has the more digits.
    const error = p <= 0.5 ? lower - p : 1 - p - upper;
    if (error === 0) return x;
    if (error < 0) low = x;
    else high = x;
    const newton = x - error / density(x);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-15 * x || high - low <= 1e-16 * high) return next;
    x = next;
  }
  return x;
}

function highestGamma(p: number, a: number): number {
  let high = a + 10 * Math.sqrt(a) + 10;
  while (gammaTails(high, a).lower < p && high < Number.MAX_VALUE / 2) high *= 2;
  return high;
}
