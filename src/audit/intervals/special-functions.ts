/** Both tails of a distribution, each exact where the other is all but 1. */
export interface Tails {
  /** Probability of at most x. */
  readonly lower: number;
  /** Probability of more than x: 1 - lower. */
  readonly upper: number;
}

/**
 * The incomplete beta function I_x(a, b), regularised: the distribution function of Beta(a, b) at x.
 * Continued fraction DLMF 8.17.22 by Lentz's method; the factor before it after Loader, "Fast and accurate
 * computation of binomial probabilities", 2000, so that hundreds of thousands of events cost no digits.
 * @param x 0 to 1
 * @param a above 0
 * @param b above 0
 */
export function betaTails(x: number, a: number, b: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x >= 1) return { lower: 1, upper: 0 };
  const factor = betaFactor(x, a, b);
  if (x < (a + 1) / (a + b + 2)) {
    const lower = Math.min(1, (factor * betaFraction(x, a, b)) / a);
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, (factor * betaFraction(1 - x, b, a)) / b);
  return { lower: 1 - upper, upper };
}

/** The density of Beta(a, b) at x, 0 < x < 1. */
export function betaDensity(x: number, a: number, b: number): number {
  return betaFactor(x, a, b) / (x * (1 - x));
}

/**
 * The incomplete gamma function P(a, x), regularised: the distribution function of Gamma(a, 1) at x.
 * Series DLMF 8.11.4 below the mean, continued fraction DLMF 8.9.2 above it.
 * @param x from 0
 * @param a above 0
 */
export function gammaTails(x: number, a: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const factor = gammaFactor(x, a);
  if (x < a + 1) {
    const lower = Math.min(1, factor * gammaSeries(x, a));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, factor * a * gammaFraction(x, a));
  return { lower: 1 - upper, upper };
}

/** The density of Gamma(a, 1) at x > 0. */
export function gammaDensity(x: number, a: number): number {
  return (gammaFactor(x, a) * a) / x;
}

/** The probability of `k` out of `n`, each with probability `p`. */
export function binomialMass(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  if (p <= 0) return k === 0 ? 1 : 0;
  if (p >= 1) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  return saddlePoint(k, n - k, p);
}

/** x^a (1-x)^b / B(a, b). */
function betaFactor(x: number, a: number, b: number): number {
  return ((a * b) / (a + b)) * saddlePoint(a, b, x);
}

/** x^a e^-x / Γ(a + 1). */
function gammaFactor(x: number, a: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** Γ(a+b+1) / (Γ(a+1) Γ(b+1)) p^a (1-p)^b, a and b above 0. */
function saddlePoint(a: number, b: number, p: number): number {
  const n = a + b;
  const exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * p) - deviance(b, n * (1 - p));
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * a * b));
}

/** What Stirling's formula lacks of ln Γ(x + 1), x > 0. */
function stirlingError(x: number): number {
  // ln Γ(x+2) = ln Γ(x+1) + ln(x+1), until the series is exact.
  let steps = 0;
  let at = x;
  for (; at < 16; at++) steps += (at + 0.5) * Math.log1p(1 / at) - 1;
  const s = 1 / (at * at);
  return steps + (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / at;
}

/** x ln(x / mean) + mean - x without loss of digits near the mean. */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const v = difference / (x + mean);
  let sum = difference * v;
  let term = 2 * x * v;
  for (let j = 1; ; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}

const SMALLEST = 1e-300;
const EXACT = 1e-16;
/** Both fractions and the series need some multiple of the square root of their arguments. */
const MOST_TERMS = 1_000_000;

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) <= EXACT) break;
  }
  return fraction;
}

function gammaSeries(x: number, a: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < MOST_TERMS && term > sum * EXACT; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function gammaFraction(x: number, a: number): number {
  let b = x + 1 - a;
  let c = 1 / SMALLEST;
  let d = 1 / awayFromZero(b);
  let fraction = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const coefficient = -n * (n - a);
    b += 2;
    d = 1 / awayFromZero(coefficient * d + b);
    c = awayFromZero(b + coefficient / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) <= EXACT) break;
  }
  return fraction;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < SMALLEST ? SMALLEST : value;
}
