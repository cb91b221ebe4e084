import type { Seconds } from "../time/clock.ts";

/** A stretch of time. */
export interface Stretch {
  readonly begin: Seconds;
  readonly end: Seconds;
}

/** Positions are looked at this often; a change in between is then found to PRECISION. */
export const STEP: Seconds = 0.02;
const PRECISION: Seconds = 0.0005;

/** The stretches of [from, to] in which `holds` is true, their ends exact to half a millisecond. */
export function stretches(holds: (at: Seconds) => boolean, from: Seconds, to: Seconds): Stretch[] {
  const found: Stretch[] = [];
  if (to < from) return found;
  let begin: Seconds | null = holds(from) ? from : null;
  for (let at = from; at < to; ) {
    const next = Math.min(to, at + STEP);
    const now = holds(next);
    if (now && begin === null) begin = change(holds, at, next);
    if (!now && begin !== null) {
      found.push({ begin, end: change((time) => !holds(time), at, next) });
      begin = null;
    }
    at = next;
  }
  if (begin !== null) found.push({ begin, end: to });
  return found;
}

/** When `holds` becomes true between two times, by halving. */
export function change(holds: (at: Seconds) => boolean, from: Seconds, to: Seconds): Seconds {
  let [low, high] = [from, to];
  while (high - low > PRECISION) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** To a millisecond. */
export function rounded(at: Seconds): Seconds {
  return Math.round(at * 1000) / 1000;
}
