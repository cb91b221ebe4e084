import type { Seconds } from "../../time/clock.ts";

const FIRST: Seconds = 0.5;
const LONGEST: Seconds = 30;

/**
 * How long to wait before the next attempt to connect: twice as long each time up to half a minute, spread
 * over its second half, so that a site's cameras do not all come at once when their switch is back.
 * @param attempt 0 for the first
 * @param random 0 to 1
 */
export function backoff(attempt: number, random: number): Seconds {
  return Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10)) * (0.5 + 0.5 * random);
}
