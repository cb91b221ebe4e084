import { differenceInterval } from "../intervals/difference.ts";
import { type Interval, wilson } from "../intervals/proportion.ts";
import { garwood } from "../intervals/rate.ts";
import { compareRates, fisherExact, holm } from "../intervals/significance.ts";
import type { ClipFact, ReferenceFact } from "../record.ts";
import { compareText, eventsOf, rulesOf, slicesOf, tallyEvent } from "./tally.ts";

/** One side of a comparison: k of n references found, or k false alarms in n hours. */
export interface ComparedSlice {
  /** The condition's value: night. */
  readonly slice: string;
  readonly k: number;
  readonly n: number;
  /** k / n */
  readonly value: number;
}

/** Whether a system does as well under one declared condition as under another. */
export interface SliceComparison {
  readonly event: string;
  /** Conditions of whole clips, or of single events. */
  readonly declaredOf: "clips" | "events";
  readonly key: string;
  readonly measure: "recall" | "false_alarms_per_hour";
  readonly a: ComparedSlice;
  readonly b: ComparedSlice;
  /** a - b: in shares, or in false alarms an hour. */
  readonly difference: number;
  /** Two-sided, 95 %, of this difference alone, without a correction for the others. */
  readonly interval: Interval;
  /** Of this comparison alone. Recall: Fisher's exact test. False alarms: the conditional test of two rates. */
  readonly p: number;
  /** After Holm's correction for all comparisons of its family. */
  readonly adjustedP: number;
  /** How many comparisons were corrected for together. */
  readonly family: number;
  /** Adjusted p below 0.05. */
  readonly different: boolean;
  /** True unless its key was named before the run: then it is a hint to look into, and no finding. */
  readonly exploratory: boolean;
}

/** A key with so many values that it names single clips rather than conditions: nothing of it is compared. */
export interface UncomparedKey {
  readonly declaredOf: "clips" | "events";
  readonly key: string;
  readonly values: number;
}

export interface SliceComparisons {
  readonly comparisons: readonly SliceComparison[];
  readonly uncompared: readonly UncomparedKey[];
}

/** Values of a key that are compared two by two, at most. */
export const MOST_VALUES = 12;
const SIGNIFICANT = 0.05;

type Raw = Omit<SliceComparison, "adjustedP" | "family" | "different" | "exploratory">;

/**
 * Compares each two values of each condition, for each event: recall, and false alarms by the hour. Those of the keys
 * that were named before the run are one family, all others another, corrected apart. The tests take events for
 * independent of each other; where one camera has most of them, that is generous. Only what is declared is looked at.
 * @param preregistered keys of conditions that were named before the run
 */
export function compareSlices(
  clips: readonly ClipFact[],
  preregistered: readonly string[] = [],
): SliceComparisons {
  const { raw, uncompared } = rawComparisons(clips);
  const named = new Set(preregistered);
  const families = Map.groupBy(raw, ({ key }) => named.has(key));
  const adjusted = new Map<Raw, SliceComparison>();
  for (const [preregisteredFamily, members] of families) {
    const corrected = holm(members.map(({ p }) => p));
    for (const [index, comparison] of members.entries()) {
      const adjustedP = corrected[index] ?? 1;
      adjusted.set(comparison, {
        ...comparison,
        adjustedP,
        family: members.length,
        different: adjustedP < SIGNIFICANT,
        exploratory: !preregisteredFamily,
      });
    }
  }
  return { comparisons: raw.flatMap((comparison) => adjusted.get(comparison) ?? []), uncompared };
}

/** References of one event by the values of each condition that any of them declares of itself. */
export function eventConditions(
  clips: readonly ClipFact[],
  event: string,
): ReadonlyMap<string, ReadonlyMap<string, { readonly k: number; readonly n: number }>> {
  const references = clips.flatMap((clip) => rulesOf(clip, event).flatMap((rule) => rule.references));
  const keys = [...new Set(references.flatMap(({ conditions }) => Object.keys(conditions)))].toSorted();
  return new Map(
    keys.map((key) => {
      const byValue = new Map<string, ReferenceFact[]>();
      for (const reference of references) {
        // Any name may be declared, `constructor` too, which every object has of itself.
        const value = Object.hasOwn(reference.conditions, key) ? reference.conditions[key] : undefined;
        if (value === undefined) continue;
        const own = byValue.get(value);
        if (own === undefined) byValue.set(value, [reference]);
        else own.push(reference);
      }
      const counted = [...byValue].map(
        ([value, own]) =>
          [value, { k: own.filter(({ alert }) => alert !== null).length, n: own.length }] as const,
      );
      return [key, new Map(counted.toSorted(([a], [b]) => compareText(a, b)))];
    }),
  );
}

function rawComparisons(clips: readonly ClipFact[]): {
  readonly raw: readonly Raw[];
  readonly uncompared: readonly UncomparedKey[];
} {
  const raw: Raw[] = [];
  const uncompared: UncomparedKey[] = [];
  const slices = slicesOf(clips);
  for (const [key, values] of slices)
    if (values.size > MOST_VALUES) uncompared.push({ declaredOf: "clips", key, values: values.size });
  for (const event of eventsOf(clips)) {
    for (const [key, values] of slices) {
      if (values.size > MOST_VALUES) continue;
      const tallies = [...values].map(([slice, some]) => ({ slice, ...tallyEvent(some, event) }));
      const found = tallies.map(({ slice, hits, references }) => ({ slice, k: hits, n: references }));
      const alarms = tallies.map(({ slice, falseAlarms, exposureSeconds }) => ({
        slice,
        k: falseAlarms,
        n: exposureSeconds / 3600,
      }));
      const of = { event, declaredOf: "clips", key } as const;
      for (const two of pairs(found)) raw.push({ ...of, ...compareRecall(...two) });
      for (const two of pairs(alarms)) raw.push({ ...of, ...compareFalseAlarms(...two) });
    }
    for (const [key, values] of eventConditions(clips, event)) {
      if (values.size > MOST_VALUES) {
        uncompared.push({ declaredOf: "events", key, values: values.size });
        continue;
      }
      const found = [...values].map(([slice, counts]) => ({ slice, ...counts }));
      const of = { event, declaredOf: "events", key } as const;
      for (const two of pairs(found)) raw.push({ ...of, ...compareRecall(...two) });
    }
  }
  return { raw, uncompared };
}

type Counted = Omit<ComparedSlice, "value">;
type Compared = Pick<Raw, "measure" | "a" | "b" | "difference" | "interval" | "p">;

function compareRecall(first: Counted, second: Counted): Compared {
  const a = { ...first, value: first.k / first.n };
  const b = { ...second, value: second.k / second.n };
  return {
    measure: "recall",
    a,
    b,
    difference: a.value - b.value,
    interval: differenceInterval(
      { value: a.value, interval: wilson(a.k, a.n) },
      { value: b.value, interval: wilson(b.k, b.n) },
    ),
    p: fisherExact(a, b),
  };
}

function compareFalseAlarms(first: Counted, second: Counted): Compared {
  const a = { ...first, value: first.k / first.n };
  const b = { ...second, value: second.k / second.n };
  return {
    measure: "false_alarms_per_hour",
    a,
    b,
    difference: a.value - b.value,
    interval: differenceInterval(
      { value: a.value, interval: garwood(a.k, a.n) },
      { value: b.value, interval: garwood(b.k, b.n) },
    ),
    p: compareRates({ count: a.k, exposure: a.n }, { count: b.k, exposure: b.n }),
  };
}

/** Each two that have anything to compare. */
function pairs(values: readonly Counted[]): readonly (readonly [Counted, Counted])[] {
  const telling = values.filter(({ n }) => n > 0);
  return telling.flatMap((a, index) => telling.slice(index + 1).map((b) => [a, b] as const));
}
