import type { EventType } from "../../event.ts";
import { clopperPearson, fewestEvents, type Interval } from "../intervals/proportion.ts";
import { garwood } from "../intervals/rate.ts";
import type { AuditRecord } from "../record.ts";
import { tallyEvent } from "../scoring/tally.ts";
import type { EventThresholds } from "./thresholds.ts";

/** What was counted of one event in a whole record. */
export interface Counted {
  readonly references: number;
  readonly hits: number;
  readonly falseAlarms: number;
  /** Camera-hours of the clips in which it was looked for. */
  readonly exposureHours: number;
}

/** Both ends of each figure; the worse one decides. */
export interface Bounds {
  readonly recallInterval: Interval;
  readonly precisionInterval: Interval;
  readonly falseAlarmsPerHourInterval: Interval;
}

/** One thing by which an event does not pass. */
export interface Shortfall {
  readonly what: "events" | "recall" | "precision" | "falseAlarmsPerHour";
  /** What was reached: a number of events, or the bound that decides. */
  readonly reached: number;
  /** What it would have taken. */
  readonly wanted: number;
  /** Events, or for false alarms camera-hours, without any fault, that it takes at least to show what is wanted. */
  readonly needed: number;
}

export interface Judgement {
  readonly bounds: Bounds;
  /** None where it passes. */
  readonly shortfalls: readonly Shortfall[];
  readonly passed: boolean;
}

/**
 * Whether what was counted shows what was demanded: not whether the measured rate reaches it, but whether the worse end
 * of its exact interval does (Clopper and Pearson 1934 for shares, Garwood 1936 for rates).
 * @param confidence of the two-sided intervals
 */
export function judge(counted: Counted, thresholds: EventThresholds, confidence: number): Judgement {
  const { references, hits, falseAlarms, exposureHours } = counted;
  const bounds: Bounds = {
    recallInterval: clopperPearson(hits, references, confidence),
    precisionInterval: clopperPearson(hits, hits + falseAlarms, confidence),
    falseAlarmsPerHourInterval: garwood(falseAlarms, exposureHours, confidence),
  };
  const shortfalls: Shortfall[] = [];
  const { recall, precision, falseAlarmsPerHour, minimumEvents } = thresholds;
  if (references < minimumEvents) {
    const needed = Math.max(minimumEvents, eventsNeeded(recall, confidence));
    shortfalls.push({ what: "events", reached: references, wanted: minimumEvents, needed });
  }
  const [recallLow] = bounds.recallInterval;
  if (recallLow < recall) {
    const needed = eventsNeeded(recall, confidence);
    shortfalls.push({ what: "recall", reached: recallLow, wanted: recall, needed });
  }
  const [precisionLow] = bounds.precisionInterval;
  if (precisionLow < precision) {
    const needed = eventsNeeded(precision, confidence);
    shortfalls.push({ what: "precision", reached: precisionLow, wanted: precision, needed });
  }
  const [, rateHigh] = bounds.falseAlarmsPerHourInterval;
  if (falseAlarmsPerHour !== null && rateHigh > falseAlarmsPerHour) {
    const needed = hoursNeeded(falseAlarmsPerHour, confidence);
    shortfalls.push({ what: "falseAlarmsPerHour", reached: rateHigh, wanted: falseAlarmsPerHour, needed });
  }
  return { bounds, shortfalls, passed: shortfalls.length === 0 };
}

/** How many events, all of them found, it takes for the lower bound to reach a share: 72 for 0.95 at 0.95. */
export function eventsNeeded(share: number, confidence: number): number {
  return fewestEvents(share, "two-sided", confidence);
}

/**
 * How many camera-hours without a false alarm it takes for the upper bound to come down to a rate: 3.69 over the rate
 * at 0.95.
 */
export function hoursNeeded(perHour: number, confidence: number): number {
  return garwood(0, 1, confidence)[1] / perHour;
}

/** What a record counts of one event. */
export function countEvent({ clips }: AuditRecord, event: EventType): Counted {
  const { references, hits, falseAlarms, exposureSeconds } = tallyEvent(clips, event);
  return { references, hits, falseAlarms, exposureHours: exposureSeconds / 3600 };
}
