import type { Seconds } from "../../time/clock.ts";
import { sampleQuantile } from "../intervals/sample-quantile.ts";
import { binomialMass } from "../intervals/special-functions.ts";

/** References and alerts that may belong together: of one rule or event of one clip. */
export interface OffsetGroup {
  readonly references: readonly {
    readonly begin: Seconds;
    readonly end: Seconds;
    readonly tolerance: Seconds;
  }[];
  /** Instants, in any order. */
  readonly alerts: readonly Seconds[];
}

export interface ClockOffset {
  /**
   * The log's clock minus the reference's: the median of the differences between alerts and the begins of the events
   * that they would hit. What the system takes to raise an alert is in it: one and the other cannot be told apart.
   */
  readonly seconds: Seconds;
  /** Events with an alert, at that offset. */
  readonly pairs: number;
  /** Median distance of the differences from their median. */
  readonly spread: Seconds;
}

/** Recorders are off by minutes, or by an hour of summer time. */
export const SEARCHED: Seconds = 3_700;
/** Fewer pairs show no clock. */
const LEAST_PAIRS = 3;
/** How rarely so many matches may come by chance. */
const LEVEL = 0.01;
/** Where an event has an alert at most offsets whatever they are, no offset says anything. */
const EVERYWHERE = 0.5;
/** Pairs of alert and reference that are looked at; of more, references are left out evenly. */
const MOST_PAIRS = 4_000_000;

/**
 * Estimates by how much the clock of a log is off.
 *
 * Every alert says of every reference near it between which offsets it would hit it. The offset that most references
 * agree on, each counted once however many alerts it has, is where the log fits best; of several, the one nearest to
 * none. Robust: a false alarm agrees with nothing. It is told only where so many agree as chance would not bring
 * about (binomial, over all offsets that were tried): many alerts fit anywhere.
 * @returns null where it cannot be told
 */
export function estimateClockOffset(groups: readonly OffsetGroup[]): ClockOffset | null {
  const sorted = groups
    .filter(({ references, alerts }) => references.length > 0 && alerts.length > 0)
    .map(({ references, alerts }) => ({ references, alerts: Float64Array.from(alerts).sort() }));
  const all = sorted.flatMap(({ references, alerts }) =>
    references.map((reference) => ({ reference, alerts })),
  );
  const looks = all.reduce((sum, { reference, alerts }) => sum + near(reference, alerts).count, 0);
  const step = Math.max(1, Math.ceil(looks / MOST_PAIRS));
  const looked = all.filter((_, index) => index % step === 0);

  const edges: { readonly at: Seconds; readonly change: 1 | -1 }[] = [];
  let covered = 0;
  let widths = 0;
  for (const { reference, alerts } of looked) {
    widths += reference.end - reference.begin + 2 * reference.tolerance;
    for (const [from, to] of offsetsThatHit(reference, alerts)) {
      edges.push({ at: from, change: 1 }, { at: to, change: -1 });
      covered += to - from;
    }
  }
  if (looked.length < LEAST_PAIRS || edges.length === 0) return null;
  const best = mostAgreed(edges);
  if (best.count < LEAST_PAIRS) return null;
  const chance = Math.min(1, covered / (2 * SEARCHED) / looked.length);
  if (chance > EVERYWHERE) return null;
  // Offsets nearer to each other than an event is long are no independent tries; none is tried only once.
  const tries =
    best.offset === 0 ? 1 : Math.max(1, (2 * SEARCHED * looked.length) / Math.max(widths, looked.length));
  if (tail(best.count, looked.length, chance) * tries > LEVEL) return null;

  const differences = all.flatMap(({ reference, alerts }) => {
    const first = firstHit(reference, alerts, best.offset);
    return first === null ? [] : [first - reference.begin];
  });
  const seconds = sampleQuantile(differences, 0.5) ?? best.offset;
  const spread =
    sampleQuantile(
      differences.map((difference) => Math.abs(difference - seconds)),
      0.5,
    ) ?? 0;
  return { seconds: thousandth(seconds), pairs: differences.length, spread: thousandth(spread) };
}

type Spanned = OffsetGroup["references"][number];

/** The alerts whose offsets are searched. */
function near(reference: Spanned, alerts: Float64Array): { readonly first: number; readonly count: number } {
  const first = lowerBound(alerts, reference.begin - reference.tolerance - SEARCHED);
  const after = lowerBound(alerts, reference.end + reference.tolerance + SEARCHED);
  return { first, count: after - first };
}

/** Offsets at which some alert hits a reference, as intervals apart from each other. */
function* offsetsThatHit(reference: Spanned, alerts: Float64Array): Generator<readonly [Seconds, Seconds]> {
  const { first, count } = near(reference, alerts);
  let from = Number.NaN;
  let to = Number.NaN;
  for (let index = first; index < first + count; index++) {
    const at = alerts[index] ?? 0;
    const low = at - reference.end - reference.tolerance;
    const high = at - reference.begin + reference.tolerance;
    if (low > to || Number.isNaN(to)) {
      if (!Number.isNaN(to)) yield [from, to];
      from = low;
    }
    to = high;
  }
  if (!Number.isNaN(to)) yield [from, to];
}

/** The offset that most references agree on, nearest to none. */
function mostAgreed(edges: readonly { readonly at: Seconds; readonly change: 1 | -1 }[]): {
  readonly offset: Seconds;
  readonly count: number;
} {
  // Where one ends and another begins at the same offset, both agree on it.
  const ordered = edges.toSorted((a, b) => a.at - b.at || b.change - a.change);
  let count = 0;
  let best = { offset: 0, count: 0 };
  for (const [index, { at, change }] of ordered.entries()) {
    count += change;
    const next = ordered[index + 1]?.at ?? at;
    const offset =
      at <= 0 && next >= 0 ? 0 : Math.abs(at) <= Math.abs(next) ? inwards(at, next) : inwards(next, at);
    const better = count > best.count || (count === best.count && Math.abs(offset) < Math.abs(best.offset));
    if (change === 1 && better) best = { offset, count };
  }
  return best;
}

/** Of an interval of offsets, not its very edge: instants are rounded. */
function inwards(edge: Seconds, other: Seconds): Seconds {
  const middle = (edge + other) / 2;
  return Math.abs(middle - edge) < 1 ? middle : edge + Math.sign(other - edge);
}

/** The first alert that hits a reference at an offset. */
function firstHit(reference: Spanned, alerts: Float64Array, offset: Seconds): Seconds | null {
  const at = alerts[lowerBound(alerts, reference.begin - reference.tolerance + offset)];
  return at !== undefined && at <= reference.end + reference.tolerance + offset ? at : null;
}

function lowerBound(values: Float64Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Probability of at least k of n. */
function tail(k: number, n: number, p: number): number {
  let sum = 0;
  for (let i = k; i <= n; i++) sum += binomialMass(i, n, p);
  return Math.min(1, sum);
}

function thousandth(value: number): number {
  return Math.round(value * 1000) / 1000;
}
