import type { Interval } from "./proportion.ts";

/** An estimate with its interval. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval;
}

/**
 * The interval of a - b of two independent estimates, from the interval of each (MOVER, Zou and Donner 2008). Of
 * Wilson's intervals it is Newcombe's of 1998, method 10.
 */
export function differenceInterval(a: Estimate, b: Estimate): Interval {
  const difference = a.value - b.value;
  return [
    difference - Math.hypot(a.value - a.interval[0], b.interval[1] - b.value),
    difference + Math.hypot(a.interval[1] - a.value, b.value - b.interval[0]),
  ];
}
