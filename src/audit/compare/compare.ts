import { differenceInterval } from "../intervals/difference.ts";
import { type Interval, wilson } from "../intervals/proportion.ts";
import { garwood } from "../intervals/rate.ts";
import { sampleQuantile } from "../intervals/sample-quantile.ts";
import { binomialTest, type CountIn, compareRates, holm, mcNemarExact } from "../intervals/significance.ts";
import type { AuditRecord, TrackingFact } from "../record.ts";
import { precisionOf, recallOf } from "../scoring/scores.ts";
import { compareText, eventsOf, rulesOf, type Tally, tallyEvent } from "../scoring/tally.ts";
import {
  medianInterval,
  type PairedCluster,
  type PairedFinds,
  pairedBootstrap,
  pairedShareInterval,
} from "./paired-intervals.ts";
import { type ClipPair, pairRecords, type ReferencePair } from "./pairing.ts";

export const COMPARISON_SCHEMA_NAME = "contrechamp/comparison@1";

/** A figure of both systems. Each is null where there is nothing to make it of. */
export interface Difference {
  readonly a: number | null;
  readonly b: number | null;
  /** b − a. */
  readonly difference: number | null;
  /** Of the difference, 95 %; null where the recordings do not allow one. */
  readonly interval: Interval | null;
  /** Whether whole cameras were drawn again, or the interval takes every event for independent of the others. */
  readonly by: "cameras" | "events" | null;
}

/** A difference that was tested. */
export interface TestedDifference extends Difference {
  /** How likely a difference at least as great would be if the systems were alike; null where nothing tells them apart. */
  readonly p: number | null;
  /** The same when all tests of the comparison are asked together (Holm 1979). */
  readonly adjustedP: number | null;
  /** Whether it is more than chance: `adjustedP` below 0.05, and the interval without 0. */
  readonly shown: boolean;
}

export interface EventComparison {
  readonly event: string;
  /** How many happened. */
  readonly references: number;
  readonly found: PairedFinds;
  /** Paired by what happened. p: McNemar's exact test. */
  readonly recall: TestedDifference;
  /** p: exact, given how many there were together. The systems count as independent, which makes the interval wide. */
  readonly falseAlarmsPerHour: TestedDifference;
  readonly falseAlarms: { readonly a: number; readonly b: number };
  readonly exposureSeconds: { readonly a: number; readonly b: number };
  readonly precision: Difference;
  /** Of what both found; `a` and `b` are medians, the difference is the median of the differences. p: sign test. */
  readonly secondsToAlert: Difference & { readonly pairs: number; readonly p: number | null };
  /** Rules that a system did not look at: what they are about it missed. */
  readonly unwatched: { readonly a: number; readonly b: number };
  readonly onlyA: readonly FoundByOne[];
  readonly onlyB: readonly FoundByOne[];
}

/** What one system found and the other did not. */
export interface FoundByOne {
  readonly clip: string;
  readonly rule: string;
  readonly begin: number;
  readonly end: number;
  /** When the one raised its alert. */
  readonly at: number;
}

export interface ComparedSystem {
  readonly name: string;
  readonly kind: "engine" | "log";
  /** Version and model, or the names of the log's files: what tells two of one name apart. */
  readonly detail: string;
  readonly endedAt: string;
  /** Recordings that could not be analysed to their end. */
  readonly faults: number;
}

/** Two systems on the same recordings. Every difference is the second minus the first. */
export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA_NAME;
  readonly suite: {
    readonly name: string;
    /** The seal of both; null where they were found to agree clip by clip. */
    readonly sha256: string | null;
  };
  readonly a: ComparedSystem;
  readonly b: ComparedSystem;
  readonly clips: number;
  readonly cameras: number;
  readonly seconds: number;
  readonly events: readonly EventComparison[];
  /** Mean absolute error of counts, persons, over the instants that both measured. */
  readonly counts: (Difference & { readonly samples: number }) | null;
  /** Means over the clips that both were scored on. */
  readonly tracking: ({ readonly clips: number } & Readonly<Record<keyof TrackingFact, Difference>>) | null;
}

/** A difference is called more than chance where chance would make one as great this seldom. */
const SIGNIFICANCE = 0.05;

/**
 * Compares two systems on the same recordings, pair by pair. The same records give the same figures on every machine.
 * @throws COMPARE_DIFFERENT, COMPARE_ALIGNMENT
 */
export function compareRecords(a: AuditRecord, b: AuditRecord): Comparison {
  const clips = pairRecords(a, b);
  const events = [...new Set([...eventsOf(a.clips), ...eventsOf(b.clips)])].toSorted(compareText);
  return {
    schema: COMPARISON_SCHEMA_NAME,
    suite: { name: a.suite.name, sha256: a.suite.sha256 === b.suite.sha256 ? a.suite.sha256 : null },
    a: systemOf(a),
    b: systemOf(b),
    clips: clips.length,
    cameras: camerasOf(clips).length,
    seconds: clips.reduce((sum, clip) => sum + Math.max(clip.a.seconds, clip.b.seconds), 0),
    events: adjust(events.map((event) => compareEvent(clips, event))),
    counts: compareCounts(clips),
    tracking: compareTracking(clips),
  };
}

function systemOf({ system, endedAt, clips }: AuditRecord): ComparedSystem {
  const detail =
    system.kind === "engine"
      ? `${system.version}, ${system.model}`
      : system.files.map(({ name }) => name).join(", ");
  const faults = clips.filter(({ fault }) => fault !== null).length;
  return { name: system.name, kind: system.kind, detail, endedAt, faults };
}

function compareEvent(clips: readonly ClipPair[], event: string): EventComparison {
  const of = (some: readonly ClipPair[], side: "a" | "b") =>
    tallyEvent(
      some.map((clip) => clip[side]),
      event,
    );
  const a = of(clips, "a");
  const b = of(clips, "b");
  const cameras = camerasOf(clips).map((own) => ({ a: of(own, "a"), b: of(own, "b") }));
  const by = (top: (tally: Tally) => number, bottom: (tally: Tally) => number): PairedCluster[] =>
    cameras.map((camera) => ({
      a: { numerator: top(camera.a), denominator: bottom(camera.a) },
      b: { numerator: top(camera.b), denominator: bottom(camera.b) },
    }));
  const references = clips.flatMap((clip) =>
    clip.references.filter((one) => one.event === event).map((one) => ({ ...one, clip: clip.id })),
  );
  const count = (wanted: (one: ReferencePair) => boolean) => references.filter(wanted).length;
  const found: PairedFinds = {
    both: count((one) => one.a !== null && one.b !== null),
    onlyA: count((one) => one.a !== null && one.b === null),
    onlyB: count((one) => one.a === null && one.b !== null),
    neither: count((one) => one.a === null && one.b === null),
  };
  const unwatched = (side: "a" | "b") =>
    clips.flatMap((clip) => rulesOf(clip[side], event)).filter(({ watched }) => !watched).length;
  const rateA = { count: a.falseAlarms, exposure: a.exposureSeconds / 3600 };
  const rateB = { count: b.falseAlarms, exposure: b.exposureSeconds / 3600 };
  const measured = rateA.exposure > 0 && rateB.exposure > 0;
  return {
    event,
    references: references.length,
    found,
    recall: tested(
      difference(
        recallOf(a),
        recallOf(b),
        pairedBootstrap(
          by(
            (tally) => tally.hits,
            (tally) => tally.references,
          ),
        ),
        () => pairedShareInterval(found),
      ),
      found.onlyA + found.onlyB === 0 ? null : mcNemarExact(found.onlyA, found.onlyB),
    ),
    falseAlarmsPerHour: tested(
      difference(
        rateA.exposure === 0 ? null : rateA.count / rateA.exposure,
        rateB.exposure === 0 ? null : rateB.count / rateB.exposure,
        pairedBootstrap(
          by(
            (tally) => tally.falseAlarms,
            (tally) => tally.exposureSeconds / 3600,
          ),
        ),
        () => differenceInterval(rateEstimate(rateB), rateEstimate(rateA)),
      ),
      measured && rateA.count + rateB.count > 0 ? compareRates(rateA, rateB) : null,
    ),
    falseAlarms: { a: a.falseAlarms, b: b.falseAlarms },
    exposureSeconds: { a: a.exposureSeconds, b: b.exposureSeconds },
    precision: difference(
      precisionOf(a),
      precisionOf(b),
      pairedBootstrap(
        by(
          (tally) => tally.hits,
          (tally) => tally.hits + tally.falseAlarms,
        ),
      ),
      () => differenceInterval(precisionEstimate(b), precisionEstimate(a)),
    ),
    secondsToAlert: compareTimes(references),
    unwatched: { a: unwatched("a"), b: unwatched("b") },
    onlyA: foundByOne(references, "a", "b"),
    onlyB: foundByOne(references, "b", "a"),
  };
}

function rateEstimate({ count, exposure }: CountIn) {
  return { value: count / exposure, interval: garwood(count, exposure) };
}

function precisionEstimate({ hits, falseAlarms }: Tally) {
  return { value: hits / (hits + falseAlarms), interval: wilson(hits, hits + falseAlarms) };
}

/** Where cameras are too few to be drawn again, `otherwise` takes each event for itself. */
function difference(
  a: number | null,
  b: number | null,
  byCameras: Interval | null,
  otherwise: () => Interval | null,
): Difference {
  if (a === null || b === null) return { a, b, difference: null, interval: null, by: null };
  const interval = byCameras ?? otherwise();
  const by = byCameras !== null ? "cameras" : interval !== null ? "events" : null;
  return { a, b, difference: b - a, interval, by };
}

function tested(of: Difference, p: number | null): TestedDifference {
  return { ...of, p, adjustedP: p, shown: false };
}

/**
 * All tests of the comparison together: of many, some would look like more than chance by chance. Where nothing tells
 * the systems apart there is no test that could, and it makes the others no worse (Tarone 1990).
 */
function adjust(events: readonly EventComparison[]): readonly EventComparison[] {
  const tests = events.flatMap(({ recall, falseAlarmsPerHour }) => [recall, falseAlarmsPerHour]);
  const asked = tests.filter(({ p }) => p !== null);
  const adjusted = holm(asked.map(({ p }) => p ?? 1));
  const judged = new Map(
    asked.map((test, index) => {
      const adjustedP = adjusted[index] ?? 1;
      const [low, high] = test.interval ?? [0, 0];
      return [test, { ...test, adjustedP, shown: adjustedP < SIGNIFICANCE && (low > 0 || high < 0) }];
    }),
  );
  return events.map((event) => ({
    ...event,
    recall: judged.get(event.recall) ?? event.recall,
    falseAlarmsPerHour: judged.get(event.falseAlarmsPerHour) ?? event.falseAlarmsPerHour,
  }));
}

function compareTimes(references: readonly ReferencePair[]): EventComparison["secondsToAlert"] {
  const times = references.flatMap(({ begin, a, b }) =>
    a === null || b === null ? [] : [{ a: a.at - begin, b: b.at - begin }],
  );
  const differences = times.map(({ a, b }) => b - a);
  const interval = medianInterval(differences);
  const later = differences.filter((one) => one > 0).length;
  const earlier = differences.filter((one) => one < 0).length;
  return {
    pairs: times.length,
    a: sampleQuantile(
      times.map(({ a }) => a),
      0.5,
    ),
    b: sampleQuantile(
      times.map(({ b }) => b),
      0.5,
    ),
    difference: sampleQuantile(differences, 0.5),
    interval,
    by: interval === null ? null : "events",
    p: later + earlier === 0 ? null : binomialTest({ k: later, n: later + earlier }, 0.5),
  };
}

function foundByOne(
  references: readonly (ReferencePair & { readonly clip: string })[],
  one: "a" | "b",
  other: "a" | "b",
): readonly FoundByOne[] {
  return references.flatMap((reference) => {
    const { clip, rule, begin, end } = reference;
    const alert = reference[one];
    return alert === null || reference[other] !== null ? [] : [{ clip, rule, begin, end, at: alert.at }];
  });
}

/** Instants follow each other closely and are no independent evidence: only cameras give an interval. */
function compareCounts(clips: readonly ClipPair[]): Comparison["counts"] {
  const cameras = camerasOf(clips).map((own) => {
    const errors = own.flatMap(countErrorPairs);
    const sum = (side: "a" | "b") => errors.reduce((total, one) => total + one[side], 0);
    return {
      a: { numerator: sum("a"), denominator: errors.length },
      b: { numerator: sum("b"), denominator: errors.length },
    };
  });
  const samples = cameras.reduce((total, { a }) => total + a.denominator, 0);
  if (samples === 0) return null;
  const mean = (side: "a" | "b") => cameras.reduce((total, own) => total + own[side].numerator, 0) / samples;
  return { ...difference(mean("a"), mean("b"), pairedBootstrap(cameras), () => null), samples };
}

function countErrorPairs({ a, b }: ClipPair): readonly { readonly a: number; readonly b: number }[] {
  const others = new Map(b.counts?.samples.map(({ at, measured }) => [at, measured]));
  return (a.counts?.samples ?? []).flatMap(({ at, reference, measured }) => {
    const other = others.get(at);
    return other === undefined ? [] : [{ a: Math.abs(measured - reference), b: Math.abs(other - reference) }];
  });
}

function compareTracking(clips: readonly ClipPair[]): Comparison["tracking"] {
  const scored = clips.filter(({ a, b }) => a.tracking !== null && b.tracking !== null);
  if (scored.length === 0) return null;
  const of = (figure: keyof TrackingFact): Difference => {
    const sum = (some: readonly ClipPair[], side: "a" | "b") =>
      some.reduce((total, clip) => total + (clip[side].tracking?.[figure] ?? 0), 0);
    const cameras = camerasOf(scored).map((own) => ({
      a: { numerator: sum(own, "a"), denominator: own.length },
      b: { numerator: sum(own, "b"), denominator: own.length },
    }));
    return difference(
      sum(scored, "a") / scored.length,
      sum(scored, "b") / scored.length,
      pairedBootstrap(cameras),
      () => null,
    );
  };
  return {
    clips: scored.length,
    hota: of("hota"),
    mota: of("mota"),
    idf1: of("idf1"),
    idSwitches: of("idSwitches"),
  };
}

function camerasOf(clips: readonly ClipPair[]): readonly (readonly ClipPair[])[] {
  return [...Map.groupBy(clips, ({ camera }) => camera).values()];
}
