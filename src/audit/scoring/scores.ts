import { type Interval, wilson } from "../intervals/proportion.ts";
import { garwood } from "../intervals/rate.ts";
import { sampleQuantile } from "../intervals/sample-quantile.ts";
import type { AuditRecord, ClipFact, CountFact } from "../record.ts";
import { type EventScores, SCORES_SCHEMA_NAME, type Scores } from "../scores.ts";
import { countMatches, eventsOf, secondsToAlertOf, slicesOf, tallyEvent } from "./tally.ts";

const SECONDS_AN_HOUR = 3600;

/**
 * The scores of a record, `contrechamp/scores@1`. What counts as exposure, as missed and as found is said at
 * `tallyEvent`. Of a log there is no version and no model's hash (empty), and no time it took (0); the system's name
 * stands for the model. Events and slices stand in the order of the alphabet, clips and rules in that of the record.
 */
export function scoresOf({ suite, system, clips }: AuditRecord): Scores {
  return {
    schema: SCORES_SCHEMA_NAME,
    suite: suite.name,
    engine:
      system.kind === "engine"
        ? {
            ...{ version: system.version, model: system.model, modelSha256: system.modelSha256 },
            ...(system.slots === undefined ? {} : { slots: system.slots }),
          }
        : { version: "", model: system.name, modelSha256: "" },
    exposureHours: sum(clips.map(({ seconds }) => seconds)) / SECONDS_AN_HOUR,
    clips: clips.map(clipScores),
    events: eventScoresOf(clips),
    slices: Object.fromEntries(
      [...slicesOf(clips)].flatMap(([key, values]) =>
        [...values].map(([value, some]) => [`${key}=${value}`, eventScoresOf(some)]),
      ),
    ),
  };
}

/** Scores of each event that some clips have a rule of. */
export function eventScoresOf(clips: readonly ClipFact[]): Readonly<Record<string, EventScores>> {
  return Object.fromEntries(eventsOf(clips).map((event) => [event, scoreEvent(clips, event)]));
}

/** How far measured counts are from the reference's; null without a sample. */
export function countErrors({ rule, samples }: CountFact): Scores["clips"][number]["counts"] {
  if (samples.length === 0) return null;
  const errors = samples.map(({ reference, measured }) => measured - reference);
  return {
    rule,
    mae: sum(errors.map(Math.abs)) / errors.length,
    rmse: Math.sqrt(sum(errors.map((error) => error * error)) / errors.length),
    bias: sum(errors) / errors.length,
    samples: errors.length,
  };
}

/** Share of references found; null without any. */
export function recallOf({ hits, references }: { hits: number; references: number }): number | null {
  return references === 0 ? null : hits / references;
}

/** Share of alerts that were right, duplicates apart; null without any. */
export function precisionOf({ hits, falseAlarms }: { hits: number; falseAlarms: number }): number | null {
  return hits + falseAlarms === 0 ? null : hits / (hits + falseAlarms);
}

/**
 * The i-LIDS F score with recall bias, (α + 1) R P / (R + α P) (Home Office, "Imagery library for intelligent
 * detection systems"): at 1 the harmonic mean, F1; above it recall weighs more. Null where R or P is.
 */
export function fScore(recall: number | null, precision: number | null, recallBias: number): number | null {
  if (recall === null || precision === null) return null;
  const whole = recall + recallBias * precision;
  return whole === 0 ? 0 : ((recallBias + 1) * recall * precision) / whole;
}

function clipScores(clip: ClipFact): Scores["clips"][number] {
  return {
    id: clip.id,
    seconds: clip.seconds,
    wallSeconds: clip.wallSeconds ?? 0,
    cpuSeconds: clip.cpuSeconds ?? 0,
    rules: clip.rules.map((rule) => ({
      rule: rule.rule,
      event: rule.event,
      ...countMatches(rule),
      secondsToAlert: [...secondsToAlertOf(rule)],
    })),
    counts: clip.counts === null ? null : countErrors(clip.counts),
    tracking: clip.tracking,
  };
}

function scoreEvent(clips: readonly ClipFact[], event: string): EventScores {
  const tally = tallyEvent(clips, event);
  const { references, hits, misses, falseAlarms, duplicates, secondsToAlert } = tally;
  const { distractors, alertsOnDistractors } = tally;
  const hours = tally.exposureSeconds / SECONDS_AN_HOUR;
  const recall = recallOf(tally);
  const precision = precisionOf(tally);
  return {
    references,
    hits,
    misses,
    falseAlarms,
    duplicates,
    recall,
    precision,
    f1: fScore(recall, precision, 1),
    recallInterval: pair(wilson(hits, references)),
    precisionInterval: pair(wilson(hits, hits + falseAlarms)),
    falseAlarmsPerHour: hours === 0 ? null : falseAlarms / hours,
    falseAlarmsPerHourInterval: hours === 0 ? null : pair(garwood(falseAlarms, hours)),
    secondsToAlert: { p50: sampleQuantile(secondsToAlert, 0.5), p90: sampleQuantile(secondsToAlert, 0.9) },
    ...(distractors === 0
      ? {}
      : {
          distractors,
          alertsOnDistractors,
          distractorInterval: pair(wilson(alertsOnDistractors, distractors)),
        }),
  };
}

function pair([low, high]: Interval): [number, number] {
  return [low, high];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
