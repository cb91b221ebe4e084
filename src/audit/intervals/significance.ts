import { binomialMass } from "./special-functions.ts";

/** What counts as no likelier than what was found: a hair above it, as R and SciPy have it. */
const TIE = 1 + 1e-7;

/** So many out of so many. */
export interface Proportion {
  readonly k: number;
  readonly n: number;
}

/** So many events in so much exposure. */
export interface CountIn {
  readonly count: number;
  readonly exposure: number;
}

/**
 * Fisher's exact test that two proportions are one, two-sided: the probability of all tables with the same margins
 * that are no likelier than this one (Fisher 1935; as `fisher.test` of R and `scipy.stats.fisher_exact`).
 * @returns p, 0 to 1
 */
export function fisherExact(a: Proportion, b: Proportion): number {
  const successes = a.k + b.k;
  const all = a.n + b.n;
  if (a.n === 0 || b.n === 0 || successes === 0 || successes === all) return 1;
  // Hypergeometric as three binomials at the common share: no factorial grows too large.
  const share = successes / all;
  const whole = binomialMass(successes, all, share);
  const mass = (k: number) => (binomialMass(k, a.n, share) * binomialMass(successes - k, b.n, share)) / whole;
  return noLikelier(mass, a.k, Math.max(0, successes - b.n), Math.min(a.n, successes));
}

/**
 * Two-sided exact binomial test that a share is `p`: the probability of all counts no likelier than this one
 * (as `scipy.stats.binomtest`).
 */
export function binomialTest({ k, n }: Proportion, p: number): number {
  return noLikelier((other) => binomialMass(other, n, p), k, 0, n);
}

/**
 * That two Poisson rates are one: given how many events there were together, those of the first are binomial by its
 * share of the exposure (Przyborowski and Wilenski 1940).
 */
export function compareRates(a: CountIn, b: CountIn): number {
  if (!(a.exposure > 0 && b.exposure > 0)) throw new RangeError("an exposure is above 0");
  return binomialTest({ k: a.count, n: a.count + b.count }, a.exposure / (a.exposure + b.exposure));
}

/**
 * McNemar's exact test of pairs: of the events that one of two systems found and the other did not, whether each
 * found as many (McNemar 1947, exact form).
 * @param onlyA found by the first alone
 * @param onlyB found by the second alone
 */
export function mcNemarExact(onlyA: number, onlyB: number): number {
  return binomialTest({ k: onlyA, n: onlyA + onlyB }, 0.5);
}

/**
 * Holm's correction for several tests (Holm 1979): what each p is when all of them are asked together, so that
 * calling those below 0.05 a difference is wrong in at most 5 % of such families. In the order given.
 */
export function holm(ps: readonly number[]): readonly number[] {
  const adjusted = new Array<number>(ps.length).fill(1);
  let highest = 0;
  for (const [rank, { p, index }] of ps
    .map((p, index) => ({ p, index }))
    .toSorted((a, b) => a.p - b.p)
    .entries()) {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * p));
    adjusted[index] = highest;
  }
  return adjusted;
}

function noLikelier(mass: (k: number) => number, found: number, from: number, to: number): number {
  const limit = mass(found) * TIE;
  let sum = 0;
  for (let k = from; k <= to; k++) {
    const here = mass(k);
    if (here <= limit) sum += here;
  }
  return Math.min(1, sum);
}
