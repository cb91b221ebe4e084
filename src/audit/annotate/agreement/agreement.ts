import { intersectionOverUnion } from "../../../geometry/shapes.ts";
import type { Seconds } from "../../../time/clock.ts";
import { type Interval, wilson } from "../../intervals/proportion.ts";
import { sampleQuantile } from "../../intervals/sample-quantile.ts";
import type { Reference, ReferenceEvent } from "../../reference.ts";
import { type CountAgreement, countAgreement } from "./count-agreement.ts";
import { overlapShare, pairEvents } from "./event-pairs.ts";
import { cohensKappa, type TimeTable, timeTable } from "./kappa.ts";

/** How well two annotators agree: no system can be measured more exactly than that. */
export interface Agreement {
  /** Seconds of recording that both are taken to have watched. */
  readonly seconds: Seconds;
  /** Whether that was said, or is only where the last event of either ends. */
  readonly secondsKnown: boolean;
  readonly binSeconds: Seconds;
  readonly all: EventAgreement;
  /** For each event and rule that either has, in the order of names. */
  readonly groups: readonly GroupAgreement[];
  /** Null where not both counted one rule at the same instants. */
  readonly counts: CountAgreement | null;
}

export interface GroupAgreement extends EventAgreement {
  readonly event: string;
  readonly rule: string | null;
  readonly time: TimeTable;
  /** Cohen's kappa over time; null where neither marked anything, or both everything. */
  readonly kappa: number | null;
}

export interface EventAgreement {
  readonly inA: number;
  readonly inB: number;
  /** Events that both have. */
  readonly agreed: number;
  /** Of all events that either has, how many both have, with Wilson's interval at 95 %. Null without events. */
  readonly share: { readonly value: number; readonly interval: Interval } | null;
  /** Each measured against the other: 2 agreed / (inA + inB). Null without events. */
  readonly f1: number | null;
  readonly begin: Differences | null;
  readonly end: Differences | null;
  /** Mean share of the time that an agreed event covers in either, 0 to 1. */
  readonly meanOverlap: number | null;
  /** Agreed events that both drew a box of. */
  readonly boxes: { readonly pairs: number; readonly meanIou: number; readonly leastIou: number } | null;
  /** Agreed events that one drew a box of. */
  readonly oneBox: number;
  /** Agreed events whose declared conditions differ. */
  readonly otherConditions: number;
  readonly onlyA: readonly Span[];
  readonly onlyB: readonly Span[];
}

/** B's times minus A's, seconds. */
export interface Differences {
  readonly mean: Seconds;
  readonly meanAbsolute: Seconds;
  /** Of the sizes. */
  readonly median: Seconds;
  readonly p90: Seconds;
  readonly largest: Seconds;
}

/** An event that the other does not have. */
export interface Span {
  readonly event: string;
  readonly rule: string | null;
  readonly begin: Seconds;
  readonly end: Seconds;
}

export interface AgreementOptions {
  /** How long the recording is; null takes the end of the last event or count. */
  readonly seconds: Seconds | null;
  /** Length of the bins of kappa. */
  readonly binSeconds: Seconds;
}

/** Compares two references of one recording, made without knowing of each other. */
export function agreementOf(a: Reference, b: Reference, options: AgreementOptions): Agreement {
  const seconds = options.seconds ?? lastInstant([a, b]);
  const names = [...new Set([...a.events, ...b.events].map(keyOf))].toSorted();
  const found = names.map((name) => {
    const inA = a.events.filter((event) => keyOf(event) === name);
    const inB = b.events.filter((event) => keyOf(event) === name);
    return { inA, inB, matched: match(inA, inB) };
  });
  const groups = found.map(({ inA, inB, matched }): GroupAgreement => {
    const [first = inB[0]] = inA;
    const time = timeTable(inA, inB, seconds, options.binSeconds);
    return {
      event: first?.event ?? "",
      rule: first?.rule ?? null,
      ...eventAgreement(matched),
      time,
      kappa: cohensKappa(time),
    };
  });
  return {
    seconds,
    secondsKnown: options.seconds !== null,
    binSeconds: options.binSeconds,
    all: eventAgreement({
      pairs: found.flatMap(({ matched }) => matched.pairs),
      onlyA: found.flatMap(({ matched }) => matched.onlyA),
      onlyB: found.flatMap(({ matched }) => matched.onlyB),
    }),
    groups,
    counts: a.counts === null || b.counts === null ? null : countAgreement(a.counts, b.counts),
  };
}

/** Events of one rule, or of a name without rules, are compared with each other. */
function keyOf({ event, rule }: ReferenceEvent): string {
  return `${event}\n${rule ?? ""}`;
}

interface Matched {
  readonly pairs: readonly (readonly [ReferenceEvent, ReferenceEvent])[];
  readonly onlyA: readonly ReferenceEvent[];
  readonly onlyB: readonly ReferenceEvent[];
}

function match(a: readonly ReferenceEvent[], b: readonly ReferenceEvent[]): Matched {
  const { pairs, onlyA, onlyB } = pairEvents(a, b);
  return {
    pairs: pairs.flatMap(([i, j]) => {
      const one = a[i];
      const other = b[j];
      return one === undefined || other === undefined ? [] : [[one, other] as const];
    }),
    onlyA: onlyA.flatMap((i) => a[i] ?? []),
    onlyB: onlyB.flatMap((j) => b[j] ?? []),
  };
}

function eventAgreement({ pairs, onlyA, onlyB }: Matched): EventAgreement {
  const agreed = pairs.length;
  const all = agreed + onlyA.length + onlyB.length;
  const ious = pairs.flatMap(([a, b]) =>
    a.box === null || b.box === null ? [] : [intersectionOverUnion(a.box, b.box)],
  );
  return {
    inA: agreed + onlyA.length,
    inB: agreed + onlyB.length,
    agreed,
    share: all === 0 ? null : { value: agreed / all, interval: wilson(agreed, all) },
    f1: all === 0 ? null : (2 * agreed) / (agreed + all),
    begin: differences(pairs.map(([a, b]) => b.begin - a.begin)),
    end: differences(pairs.map(([a, b]) => b.end - a.end)),
    meanOverlap: agreed === 0 ? null : meanOf(pairs.map(([a, b]) => overlapShare(a, b))),
    boxes:
      ious.length === 0 ? null : { pairs: ious.length, meanIou: meanOf(ious), leastIou: Math.min(...ious) },
    oneBox: pairs.filter(([a, b]) => (a.box === null) !== (b.box === null)).length,
    otherConditions: pairs.filter(([a, b]) => !sameConditions(a, b)).length,
    onlyA: inTime(onlyA),
    onlyB: inTime(onlyB),
  };
}

function differences(values: readonly number[]): Differences | null {
  if (values.length === 0) return null;
  const sizes = values.map(Math.abs).toSorted((x, y) => x - y);
  return {
    mean: meanOf(values),
    meanAbsolute: meanOf(sizes),
    median: sampleQuantile(sizes, 0.5) ?? 0,
    p90: sampleQuantile(sizes, 0.9) ?? 0,
    largest: sizes.at(-1) ?? 0,
  };
}

function sameConditions(a: ReferenceEvent, b: ReferenceEvent): boolean {
  const names = new Set([...Object.keys(a.conditions), ...Object.keys(b.conditions)]);
  return names.values().every((name) => a.conditions[name] === b.conditions[name]);
}

function inTime(events: readonly ReferenceEvent[]): readonly Span[] {
  return events
    .map(({ event, rule, begin, end }) => ({ event, rule, begin, end }))
    .toSorted((a, b) => a.begin - b.begin || a.end - b.end);
}

/** Where the last event or count of any of them ends. */
export function lastInstant(references: readonly Reference[]): Seconds {
  let last = 0;
  for (const { events, counts } of references) {
    for (const { end } of events) last = Math.max(last, end);
    if (counts !== null) last = Math.max(last, counts.values.length * counts.everySeconds);
  }
  return last;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
