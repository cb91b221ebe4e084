import type { Seconds } from "../../../time/clock.ts";
import type { ReferenceEvent } from "../../reference.ts";

/** How two annotators divide time into "it happens" and "it does not". Numbers of bins. */
export interface TimeTable {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

/** Counts bins of `bin` seconds from 0 to `duration`, each by what holds at its middle. */
export function timeTable(
  a: readonly ReferenceEvent[],
  b: readonly ReferenceEvent[],
  duration: Seconds,
  bin: Seconds,
): TimeTable {
  const bins = Math.max(1, Math.ceil(duration / bin - 1e-9));
  const marked = new Uint8Array(bins);
  mark(marked, a, bin, 1);
  mark(marked, b, bin, 2);
  const counts = [0, 0, 0, 0];
  for (const value of marked) counts[value] = (counts[value] ?? 0) + 1;
  const [neither = 0, onlyA = 0, onlyB = 0, both = 0] = counts;
  return { both, onlyA, onlyB, neither };
}

/**
 * Cohen's kappa (Cohen 1960): agreement beyond what chance would give, 1 for perfect, 0 for chance. Null where both say
 * the same of all the time, always or never: then there is nothing that chance could be told from.
 */
export function cohensKappa({ both, onlyA, onlyB, neither }: TimeTable): number | null {
  const n = both + onlyA + onlyB + neither;
  const observed = (both + neither) / n;
  const a = (both + onlyA) / n;
  const b = (both + onlyB) / n;
  const byChance = a * b + (1 - a) * (1 - b);
  return byChance === 1 ? null : (observed - byChance) / (1 - byChance);
}

/** Sets a bit in each bin whose middle lies in an event. An instant marks the bin that it lies in. */
function mark(bins: Uint8Array, events: readonly ReferenceEvent[], bin: Seconds, bit: number): void {
  for (const { begin, end } of events) {
    const first = Math.max(0, Math.ceil(begin / bin - 0.5 - 1e-9));
    const last = Math.min(bins.length - 1, Math.floor(end / bin - 0.5 + 1e-9));
    for (let index = first; index <= last; index++) bins[index] = (bins[index] ?? 0) | bit;
    const within = Math.min(bins.length - 1, Math.floor(begin / bin));
    if (first > last) bins[within] = (bins[within] ?? 0) | bit;
  }
}
