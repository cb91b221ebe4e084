import type { AlertFact, ClipFact } from "../record.ts";
import { falseAlarmTime } from "./false-alarm-time.ts";
import { rulesOf, tallyEvent } from "./tally.ts";

/** What a threshold on the alerts' confidence would have given. */
export interface CurvePoint {
  /** Alerts at least this sure are kept. */
  readonly threshold: number;
  /** Share of references missed. */
  readonly pmiss: number;
  /** ActEV's RateFA. */
  readonly falseAlarmsPerMinute: number;
  readonly falseAlarmsPerHour: number;
  /** ActEV's TFA: time of alerts outside any reference, by the time without a reference. Null without alerts' ends. */
  readonly tfa: number | null;
}

/** A figure read off the curve at a false-alarm target. */
export interface AtTarget {
  readonly target: number;
  readonly value: number;
}

/** The trade between misses and false alarms (DET), with the measures that NIST's ActEV evaluations read off it. */
export interface DetectionCurve {
  /** From the highest threshold to the lowest, at most 500. */
  readonly points: readonly CurvePoint[];
  /** Pmiss at so many false alarms a minute. */
  readonly pmissAtRateFa: readonly AtTarget[];
  /** Pmiss at so much false-alarm time; 0.02 is ActEV's headline. Null without alerts' ends. */
  readonly pmissAtTfa: readonly AtTarget[] | null;
  /** Area under the curve up to a target, by the target: 0 is perfect, 1 finds nothing. */
  readonly naudcAtRateFa: readonly AtTarget[];
  readonly naudcAtTfa: readonly AtTarget[] | null;
}

/** False alarms a minute: of ActEV's own targets those that a curve is usually told by. */
const RATE_TARGETS = [0.01, 0.03, 0.1, 0.15, 0.2, 1] as const;
const TFA_TARGETS = [0.02, 0.2] as const;
const MOST_POINTS = 500;

/**
 * The curve of one event. As the ActEV scorer (usnistgov/ActEV_Scorer, `build_sweeper`) it aligns once, then sweeps.
 * Where alerts are aligned by instant, a reference stays found as long as the surest of its hit and duplicates is
 * kept. @returns null without a reference or exposure, and unless all alerts carry a confidence
 */
export function detectionCurve(clips: readonly ClipFact[], event: string): DetectionCurve | null {
  const { references, exposureSeconds } = tallyEvent(clips, event);
  const alerts = clips.flatMap((clip) => rulesOf(clip, event).flatMap((rule) => rule.alerts));
  const confidences = alerts.flatMap(({ confidence }) => confidence ?? []);
  if (references === 0 || exposureSeconds === 0) return null;
  if (alerts.length === 0 || confidences.length < alerts.length) return null;
  const found = clips.flatMap((clip) => rulesOf(clip, event).flatMap((rule) => surestHits(rule.alerts)));
  const hits = descending(found);
  const falseAlarms = descending(
    alerts.flatMap(({ outcome, confidence }) => (outcome === "false_alarm" ? (confidence ?? []) : [])),
  );
  const thresholds = someOf(descending([...new Set(confidences)]), MOST_POINTS);
  const tfa = falseAlarmTime(clips, event, thresholds);
  const points = thresholds.map((threshold, index): CurvePoint => {
    const perMinute = (atLeast(falseAlarms, threshold) * 60) / exposureSeconds;
    return {
      threshold,
      pmiss: (references - atLeast(hits, threshold)) / references,
      falseAlarmsPerMinute: perMinute,
      falseAlarmsPerHour: perMinute * 60,
      tfa: tfa?.[index] ?? null,
    };
  });
  const byRate = points.map(({ falseAlarmsPerMinute, pmiss }) => ({ x: falseAlarmsPerMinute, y: pmiss }));
  const byTime = tfa === null ? null : points.map((point) => ({ x: point.tfa ?? 0, y: point.pmiss }));
  return {
    points,
    pmissAtRateFa: RATE_TARGETS.map((target) => ({ target, value: missesAt(byRate, target) })),
    pmissAtTfa:
      byTime === null ? null : TFA_TARGETS.map((target) => ({ target, value: missesAt(byTime, target) })),
    naudcAtRateFa: RATE_TARGETS.map((target) => ({ target, value: normalisedArea(byRate, target) })),
    naudcAtTfa:
      byTime === null
        ? null
        : TFA_TARGETS.map((target) => ({ target, value: normalisedArea(byTime, target) })),
  };
}

/** A point of a curve by falling threshold: x false alarms, not falling; y misses. */
interface Step {
  readonly x: number;
  readonly y: number;
}

/**
 * Misses at a false-alarm target, as `get_points_along_confidence_curve` of the ActEV scorer: at the target itself
 * those of the lowest threshold there, between two points linear; before the curve begins 1, after its end as there.
 */
export function missesAt(steps: readonly Step[], target: number): number {
  let last: Step | null = null;
  for (const step of steps) {
    if (step.x > target + 1e-10) {
      if (last === null) return 1;
      if (Math.abs(last.x - target) <= 1e-10) return last.y;
      return last.y + ((step.y - last.y) * (target - last.x)) / (step.x - last.x);
    }
    last = step;
  }
  return last?.y ?? 1;
}

/**
 * nAUDC: the area under misses by false alarms up to a target, by the target, as `compute_auc_new` of the ActEV
 * scorer: trapezia from 1 at no false alarm (or from the misses there), held level after the curve's end.
 */
export function normalisedArea(steps: readonly Step[], target: number): number {
  let area = 0;
  let last: Step = { x: 0, y: 1 };
  for (const step of steps) {
    if (step.x > target) {
      const y = last.y + ((step.y - last.y) * (target - last.x)) / (step.x - last.x);
      return (area + ((last.y + y) / 2) * (target - last.x)) / target;
    }
    area += ((last.y + step.y) / 2) * (step.x - last.x);
    last = step;
  }
  return (area + last.y * (target - last.x)) / target;
}

/** Of each reference that was hit the highest confidence among its alerts. */
function surestHits(alerts: readonly AlertFact[]): readonly number[] {
  const surest = new Map<number, number>();
  for (const { reference, confidence } of alerts) {
    if (reference === null || confidence === null) continue;
    surest.set(reference, Math.max(confidence, surest.get(reference) ?? confidence));
  }
  return [...surest.values()];
}

function descending(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => b - a);
}

/** How many of falling values are at least a threshold. */
function atLeast(falling: readonly number[], threshold: number): number {
  let low = 0;
  let high = falling.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((falling[middle] ?? 0) >= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Evenly from first to last, as the scorer thins a long list of thresholds. */
function someOf(values: readonly number[], most: number): readonly number[] {
  if (values.length <= most) return values;
  return Array.from(
    { length: most },
    (_, index) => values[Math.round((index * (values.length - 1)) / (most - 1))] ?? 0,
  );
}
