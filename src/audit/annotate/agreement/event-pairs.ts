import type { Seconds } from "../../../time/clock.ts";
import type { ReferenceEvent } from "../../reference.ts";
import { greatestGainPairs } from "../../tracking/assignment.ts";

/** Which events of two annotators are one: indices into their lists. */
export interface EventPairs {
  readonly pairs: readonly (readonly [a: number, b: number])[];
  readonly onlyA: readonly number[];
  readonly onlyB: readonly number[];
}

/**
 * Pairs events of one rule, one to one: two may be one where they overlap in time, or miss each other by no more than
 * both tolerances together. As many pairs as can be made are made, and of those the ones that overlap most.
 */
export function pairEvents(a: readonly ReferenceEvent[], b: readonly ReferenceEvent[]): EventPairs {
  const pairs: (readonly [number, number])[] = [];
  for (const cluster of clustersOf(a, b)) {
    const { inA, inB } = cluster;
    if (inA.length === 0 || inB.length === 0) continue;
    const gain = new Float64Array(inA.length * inB.length);
    inA.forEach((i, row) => {
      inB.forEach((j, column) => {
        gain[row * inB.length + column] = likeness(a[i], b[j]);
      });
    });
    greatestGainPairs(inA.length, inB.length, gain).forEach((column, row) => {
      const i = inA[row];
      const j = inB[column];
      if (i !== undefined && j !== undefined && likeness(a[i], b[j]) > 0) pairs.push([i, j]);
    });
  }
  const pairedA = new Set(pairs.map(([i]) => i));
  const pairedB = new Set(pairs.map(([, j]) => j));
  return {
    pairs: pairs.toSorted(([i], [j]) => (a[i]?.begin ?? 0) - (a[j]?.begin ?? 0) || i - j),
    onlyA: a
      .keys()
      .filter((i) => !pairedA.has(i))
      .toArray(),
    onlyB: b
      .keys()
      .filter((j) => !pairedB.has(j))
      .toArray(),
  };
}

/** Shared time by time covered together, 0 to 1; two instants that coincide share all. */
export function overlapShare(a: ReferenceEvent, b: ReferenceEvent): number {
  const shared = Math.min(a.end, b.end) - Math.max(a.begin, b.begin);
  const together = Math.max(a.end, b.end) - Math.min(a.begin, b.begin);
  return together === 0 ? 1 : Math.max(0, shared) / together;
}

/** 0 for two that cannot be one. Every pair counts more than all overlap that a group of pairs could gain. */
function likeness(a: ReferenceEvent | undefined, b: ReferenceEvent | undefined): number {
  if (a === undefined || b === undefined || gapOf(a, b) > a.tolerance + b.tolerance) return 0;
  return PAIR_GAIN + overlapShare(a, b);
}

const PAIR_GAIN = 1e6;

function gapOf(a: ReferenceEvent, b: ReferenceEvent): Seconds {
  return Math.max(a.begin, b.begin) - Math.min(a.end, b.end);
}

interface Cluster {
  readonly inA: number[];
  readonly inB: number[];
}

/** Events that could have to do with each other. Days of recording fall into many small groups. */
function clustersOf(a: readonly ReferenceEvent[], b: readonly ReferenceEvent[]): readonly Cluster[] {
  const all = [
    ...a.map((event, index) => ({ event, index, side: "inA" as const })),
    ...b.map((event, index) => ({ event, index, side: "inB" as const })),
  ].toSorted((x, y) => x.event.begin - x.event.tolerance - (y.event.begin - y.event.tolerance));
  const clusters: Cluster[] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const { event, index, side } of all) {
    const last = clusters.at(-1);
    const cluster = last === undefined || event.begin - event.tolerance > until ? { inA: [], inB: [] } : last;
    if (cluster !== last) clusters.push(cluster);
    cluster[side].push(index);
    until = Math.max(until, event.end + event.tolerance);
  }
  return clusters;
}
