import { checkLevel, type Interval, USUAL_LEVEL } from "./proportion.ts";
import { gammaQuantile } from "./quantiles.ts";

/**
 * The exact interval of a Poisson rate (Garwood 1936). Two-sided: each end leaves (1 - level) / 2 outside. Of no
 * event at 95 % it is [0, 3.689 / exposure]; the rule of three, 2.996 / exposure, is `highestRate`, one-sided.
 * @param count how many events
 * @param exposure in how much (hours, days): the rate is by this unit. Above 0.
 */
export function garwood(count: number, exposure: number, level = USUAL_LEVEL): Interval {
  checkRate(count, exposure, level);
  const outside = (1 - level) / 2;
  return [
    count === 0 ? 0 : gammaQuantile(outside, count) / exposure,
    gammaQuantile(1 - outside, count + 1) / exposure,
  ];
}

/**
 * The exact one-sided upper bound of a Poisson rate: with confidence `level` it is at most this. Of no event at 95 %
 * it is 2.996 / exposure, the rule of three (Hanley and Lippman-Hand 1983).
 */
export function highestRate(count: number, exposure: number, level = USUAL_LEVEL): number {
  checkRate(count, exposure, level);
  return gammaQuantile(level, count + 1) / exposure;
}

/** The exposure of which `garwood` gave this upper end: of a file that tells the interval and not the exposure. */
export function exposureOf(count: number, upperEnd: number, level = USUAL_LEVEL): number {
  return gammaQuantile(1 - (1 - level) / 2, count + 1) / upperEnd;
}

function checkRate(count: number, exposure: number, level: number): void {
  if (!(Number.isInteger(count) && count >= 0))
    throw new RangeError(`a count is whole, from 0, not ${count}`);
  if (!(exposure > 0 && Number.isFinite(exposure)))
    throw new RangeError(`an exposure is above 0, not ${exposure}`);
  checkLevel(level);
}
