import type { Cluster } from "../intervals/bootstrap.ts";
import { fewestEvents } from "../intervals/proportion.ts";
import type { AuditRecord, ClipFact } from "../record.ts";
import type { Scores } from "../scores.ts";
import { type Calibration, calibrationOf } from "./calibration.ts";
import { type DetectionCurve, detectionCurve } from "./detection-curve.ts";
import {
  type RateEstimate,
  rateEstimate,
  type SampleSummary,
  type ShareEstimate,
  shareEstimate,
  summarise,
} from "./estimates.ts";
import { countErrors, fScore, precisionOf, recallOf } from "./scores.ts";
import { compareSlices, eventConditions, type SliceComparisons } from "./slice-comparisons.ts";
import { eventsOf, type MatchCounts, rulesOf, slicesOf, type Tally, tallyEvent } from "./tally.ts";

/** Everything that is to be said of a record beyond `contrechamp/scores@1`; the report is written from it. */
export interface Assessment {
  /** In the order of the alphabet. */
  readonly events: readonly EventAssessment[];
  /** The same of the clips under each declared condition, without curve and calibration. */
  readonly slices: readonly SliceAssessment[];
  readonly comparisons: SliceComparisons;
  /** Of each clip whose persons were counted. */
  readonly counts: readonly { readonly clip: string; readonly errors: NonNullable<CountErrors> }[];
  /** Cameras there are; clips of one are resampled together. */
  readonly cameras: number;
  readonly exposureHours: number;
  /** For which nothing could be raised, since the view had moved or the like. It stays in the exposure. */
  readonly suspendedHours: number;
  /** Clips that could not be analysed to their end. */
  readonly faults: readonly { readonly clip: string; readonly code: string; readonly message: string }[];
}

type CountErrors = Scores["clips"][number]["counts"];

/** How often one event was found, missed and raised for nothing. */
export interface EventMeasures extends MatchCounts {
  readonly event: string;
  /** hits / references */
  readonly recall: ShareEstimate;
  /** hits / (hits + false alarms) */
  readonly precision: ShareEstimate;
  readonly f1: number | null;
  /** F with the recall bias of the record's settings. */
  readonly fRecallBias: { readonly recallBias: number; readonly value: number | null };
  readonly falseAlarmsPerHour: RateEstimate;
  /** By 24 hours of one camera. */
  readonly falseAlarmsPerCameraDay: RateEstimate;
  /** All alerts, duplicates with them: what somebody has to look at. */
  readonly alertsPerHour: RateEstimate;
  /** duplicates / alerts */
  readonly duplicateShare: ShareEstimate;
  /** From the event's begin; null without a hit. */
  readonly secondsToAlert: SampleSummary | null;
  /** From the instant the rule was due, where it is known for how long its condition must hold. */
  readonly secondsPastDue: SampleSummary | null;
}

export interface EventAssessment extends EventMeasures {
  /** Rules of clips in which it was not looked for, with the reason. */
  readonly unwatched: readonly { readonly clip: string; readonly rule: string; readonly reason: string }[];
  readonly curve: DetectionCurve | null;
  readonly calibration: Calibration | null;
  /** Recall by what is declared of single events. A false alarm belongs to no event, so there is no more than that. */
  readonly byEventCondition: readonly {
    readonly key: string;
    readonly value: string;
    readonly recall: ShareEstimate;
  }[];
  readonly evidence: Evidence;
}

/** Whether there were events enough for any result to show what is asked. */
export interface Evidence {
  /** The recall that is asked. */
  readonly target: number;
  /** Events needed, were all of them found, for the lower end of the exact two-sided 95 % interval to reach it. */
  readonly fewestTwoSided: number;
  /** The same for the exact one-sided 95 % bound. */
  readonly fewestOneSided: number;
  /** What these ends would be, had all of this many events been found. */
  readonly bestTwoSided: number;
  readonly bestOneSided: number;
}

export interface SliceAssessment extends EventMeasures {
  readonly key: string;
  readonly value: string;
}

export interface AssessmentOptions {
  /** Keys of conditions that were named before the run: their comparisons are findings, all others hints. */
  readonly preregistered?: readonly string[];
  /** Recall that has to be shown. Default 0.95. */
  readonly target?: number;
}

/** Works out a record. The same record gives the same figures on every machine. */
export function assess(
  { clips, settings }: AuditRecord,
  { preregistered = [], target = 0.95 }: AssessmentOptions = {},
): Assessment {
  const { recallBias } = settings;
  return {
    events: eventsOf(clips).map((event) => assessEvent(clips, event, recallBias, target)),
    slices: [...slicesOf(clips)].flatMap(([key, values]) =>
      [...values].flatMap(([value, some]) =>
        eventsOf(some).map((event) => ({ key, value, ...measure(some, event, recallBias) })),
      ),
    ),
    comparisons: compareSlices(clips, preregistered),
    counts: clips.flatMap(({ id, counts }) => {
      const errors = counts === null ? null : countErrors(counts);
      return errors === null ? [] : [{ clip: id, errors }];
    }),
    cameras: new Set(clips.map(({ camera }) => camera)).size,
    exposureHours: hoursOf(clips.map(({ seconds }) => seconds)),
    suspendedHours: hoursOf(clips.map(({ suspendedSeconds }) => suspendedSeconds)),
    faults: clips.flatMap(({ id, fault }) => (fault === null ? [] : [{ clip: id, ...fault }])),
  };
}

function assessEvent(
  clips: readonly ClipFact[],
  event: string,
  recallBias: number,
  target: number,
): EventAssessment {
  const measures = measure(clips, event, recallBias);
  const all = shareEstimate(measures.references, measures.references);
  return {
    ...measures,
    unwatched: clips.flatMap((clip) =>
      rulesOf(clip, event).flatMap(({ rule, watched, reason }) =>
        watched ? [] : [{ clip: clip.id, rule, reason: reason ?? "" }],
      ),
    ),
    curve: detectionCurve(clips, event),
    calibration: calibrationOf(clips, event),
    byEventCondition: [...eventConditions(clips, event)].flatMap(([key, values]) =>
      [...values].map(([value, { k, n }]) => ({ key, value, recall: shareEstimate(k, n) })),
    ),
    evidence: {
      target,
      fewestTwoSided: fewestEvents(target, "two-sided"),
      fewestOneSided: fewestEvents(target, "one-sided"),
      bestTwoSided: all.clopperPearson[0],
      bestOneSided: all.lowerBound,
    },
  };
}

function measure(clips: readonly ClipFact[], event: string, recallBias: number): EventMeasures {
  const tally = tallyEvent(clips, event);
  const cameras = [...Map.groupBy(clips, ({ camera }) => camera).values()].map((own) =>
    tallyEvent(own, event),
  );
  const by = (numerator: (tally: Tally) => number, denominator: (tally: Tally) => number): Cluster[] =>
    cameras.map((camera) => ({ numerator: numerator(camera), denominator: denominator(camera) }));
  const { references, hits, misses, falseAlarms, duplicates } = tally;
  const alerts = alertsOf(tally);
  const recall = recallOf(tally);
  const precision = precisionOf(tally);
  const rate = (count: (tally: Tally) => number, secondsAUnit: number) =>
    rateEstimate(
      count(tally),
      tally.exposureSeconds / secondsAUnit,
      by(count, ({ exposureSeconds }) => exposureSeconds / secondsAUnit),
    );
  return {
    event,
    references,
    hits,
    misses,
    falseAlarms,
    duplicates,
    recall: shareEstimate(
      hits,
      references,
      by(
        (t) => t.hits,
        (t) => t.references,
      ),
    ),
    precision: shareEstimate(
      hits,
      hits + falseAlarms,
      by(
        (t) => t.hits,
        (t) => t.hits + t.falseAlarms,
      ),
    ),
    f1: fScore(recall, precision, 1),
    fRecallBias: { recallBias, value: fScore(recall, precision, recallBias) },
    falseAlarmsPerHour: rate((t) => t.falseAlarms, 3600),
    falseAlarmsPerCameraDay: rate((t) => t.falseAlarms, 86_400),
    alertsPerHour: rate(alertsOf, 3600),
    duplicateShare: shareEstimate(
      duplicates,
      alerts,
      by((t) => t.duplicates, alertsOf),
    ),
    secondsToAlert: summarise(tally.secondsToAlert),
    secondsPastDue: summarise(tally.secondsPastDue),
  };
}

function alertsOf({ hits, falseAlarms, duplicates }: Tally): number {
  return hits + falseAlarms + duplicates;
}

function hoursOf(seconds: readonly number[]): number {
  return seconds.reduce((total, one) => total + one, 0) / 3600;
}
