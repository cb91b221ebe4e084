import { type Cluster, clusterBootstrap } from "../intervals/bootstrap.ts";
import { clopperPearson, clopperPearsonLower, type Interval, wilson } from "../intervals/proportion.ts";
import { garwood, highestRate } from "../intervals/rate.ts";
import { sampleQuantile } from "../intervals/sample-quantile.ts";

/** A share with all that is to be said about how sure it is. Intervals are two-sided, 95 %. */
export interface ShareEstimate {
  readonly k: number;
  readonly n: number;
  /** k / n; null of nothing. */
  readonly value: number | null;
  /** For display. */
  readonly wilson: Interval;
  /** Exact: to pass or fail by. */
  readonly clopperPearson: Interval;
  /** Exact, one-sided: with 95 % confidence at least this. */
  readonly lowerBound: number;
  /** With cameras drawn again; null with fewer than 2 that say anything, or where all say the same. */
  readonly bootstrap: Interval | null;
}

/** A rate with all that is to be said about how sure it is. Intervals are two-sided, 95 %. */
export interface RateEstimate {
  readonly count: number;
  /** In the unit that the rate is by. */
  readonly exposure: number;
  /** count / exposure; null without exposure, as all below. */
  readonly value: number | null;
  /** Exact (Poisson). Of no event its upper end is 3.689 / exposure. */
  readonly garwood: Interval | null;
  /** Exact, one-sided: with 95 % confidence at most this. Of no event 2.996 / exposure, the rule of three. */
  readonly upperBound: number | null;
  /** With cameras drawn again; null with fewer than 2 that say anything, or where all say the same. */
  readonly bootstrap: Interval | null;
}

/** Where the values of a sample lie. Quantiles by linear interpolation (type 7). */
export interface SampleSummary {
  readonly n: number;
  readonly mean: number;
  readonly least: number;
  readonly p50: number;
  readonly p90: number;
  readonly most: number;
}

/** @param cameras k and n of each camera; without them there is no bootstrap */
export function shareEstimate(k: number, n: number, cameras: readonly Cluster[] = []): ShareEstimate {
  return {
    k,
    n,
    value: n === 0 ? null : k / n,
    wilson: wilson(k, n),
    clopperPearson: clopperPearson(k, n),
    lowerBound: clopperPearsonLower(k, n),
    bootstrap: clusterBootstrap(cameras),
  };
}

/** @param cameras count and exposure of each camera; without them there is no bootstrap */
export function rateEstimate(
  count: number,
  exposure: number,
  cameras: readonly Cluster[] = [],
): RateEstimate {
  if (exposure === 0) {
    return { count, exposure, value: null, garwood: null, upperBound: null, bootstrap: null };
  }
  return {
    count,
    exposure,
    value: count / exposure,
    garwood: garwood(count, exposure),
    upperBound: highestRate(count, exposure),
    bootstrap: clusterBootstrap(cameras),
  };
}

/** Null of an empty sample. */
export function summarise(values: readonly number[]): SampleSummary | null {
  const [least, p50, p90, most] = [0, 0.5, 0.9, 1].map((share) => sampleQuantile(values, share));
  if (least == null || p50 == null || p90 == null || most == null) return null;
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return { n: values.length, mean, least, p50, p90, most };
}
