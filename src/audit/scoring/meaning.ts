import { clopperPearson, type Interval } from "../intervals/proportion.ts";
import { exposureOf, garwood } from "../intervals/rate.ts";

/** A figure that goes in, and between which others it may lie; null where it was given without. */
export interface Given {
  readonly value: number;
  readonly interval: Interval | null;
}

/** A figure that comes out. Its interval is null where those that went in had none. */
export interface Ranged {
  readonly value: number;
  /** From, to; null of an end that nothing bounds. */
  readonly interval: readonly [low: number, high: number | null] | null;
}

/** What a calculation starts from: how good the system is, where, and what it costs. */
export interface Circumstances {
  /** Share of true events that it finds. */
  readonly recall: Given;
  /** By 24 hours of one camera. */
  readonly falseAlarmsPerCameraDay: Given;
  /** True events by year and camera: the base rate. Above 0. */
  readonly eventsPerCameraYear: number;
  readonly cameras: number;
  /** People who look at the alerts at one time. */
  readonly operators: number;
  /** All of it but the operators' time, by year, in any currency. Null where nobody said. */
  readonly costPerYear: number | null;
  /** An operator's time for one alert. */
  readonly secondsPerAlert: number | null;
  /** Of an operator, by hour, in the same currency. */
  readonly wagePerHour: number | null;
  /**
   * Of the confirmed alerts, the share that changed anything: nobody would have seen it anyway, and somebody came in
   * time. 0 to 1, found with blind control hours.
   */
  readonly usefulShare: number | null;
}

/** What the figures of a test mean in use. Years have 365 days. */
export interface Meaning {
  /** Share of alerts that are true, λR / (λR + FA); null where there would be no alert at all. */
  readonly precision: Ranged | null;
  /** Of all cameras together. */
  readonly alertsPerYear: Ranged;
  /** Alerts that are true. */
  readonly confirmedPerYear: Ranged;
  readonly missedPerYear: Ranged;
  readonly falseAlarmsPerYear: Ranged;
  /** For each operator on duty. */
  readonly alertsPerOperatorHour: Ranged;
  /** Hours by year that go into looking at alerts; null without `secondsPerAlert`. */
  readonly operatorHoursPerYear: Ranged | null;
  /** (cost + operator hours × wage) / confirmed; null without a cost or a confirmed alert. */
  readonly costPerConfirmed: Ranged | null;
  /** The same by alerts that changed anything. */
  readonly costPerUseful: Ranged | null;
}

const DAYS_A_YEAR = 365;

/**
 * What a recall and a rate of false alarms come to, where true events are as rare as they are there (the base rate:
 * Axelsson, "The base-rate fallacy and the difficulty of intrusion detection", 2000).
 *
 * Each result rises or falls with recall and with false alarms, so its interval is found from theirs, at those of
 * their ends that are worst together and best together. It is therefore at least as sure as both of them together
 * (Bonferroni): use `rangesOf`, whose intervals are of 97.5 % each, for at least 95 %.
 */
export function meaningOf(given: Circumstances): Meaning {
  const { recall, falseAlarmsPerCameraDay: alarms } = given;
  const known = recall.interval !== null || alarms.interval !== null;
  const [leastRecall, mostRecall] = recall.interval ?? [recall.value, recall.value];
  const [fewest, most] = alarms.interval ?? [alarms.value, alarms.value];
  const middle = outcomeAt(given, recall.value, alarms.value);
  const best = outcomeAt(given, mostRecall, fewest);
  const worst = outcomeAt(given, leastRecall, most);
  const quiet = outcomeAt(given, leastRecall, fewest);
  const busy = outcomeAt(given, mostRecall, most);
  /** One figure with its low and its high end, each at the corner where it lies. */
  const ranged = (pick: (outcome: Outcome) => number, low: Outcome, high: Outcome): Ranged => ({
    value: pick(middle),
    interval: known ? [pick(low), pick(high)] : null,
  });
  /** The same of a figure that there may not be. */
  const possible = (
    pick: (outcome: Outcome) => number | null,
    low: Outcome,
    high: Outcome,
  ): Ranged | null => {
    const value = pick(middle);
    return value === null ? null : { value, interval: known ? [pick(low) ?? 0, pick(high)] : null };
  };
  return {
    precision: possible((o) => o.precision, worst, best),
    alertsPerYear: ranged((o) => o.confirmed + o.falseAlarms, quiet, busy),
    confirmedPerYear: ranged((o) => o.confirmed, quiet, best),
    missedPerYear: ranged((o) => o.missed, best, quiet),
    falseAlarmsPerYear: ranged((o) => o.falseAlarms, quiet, busy),
    alertsPerOperatorHour: ranged((o) => o.alertsPerOperatorHour, quiet, busy),
    operatorHoursPerYear: possible((o) => o.operatorHours, quiet, busy),
    costPerConfirmed: possible((o) => o.costPerConfirmed, best, worst),
    costPerUseful: possible((o) => o.costPerUseful, best, worst),
  };
}

/**
 * Recall and false alarms by camera-day of what a test counted, each with its exact interval of 97.5 %, so that what
 * `meaningOf` makes of both holds with at least 95 %.
 * @param references above 0
 * @param exposureHours above 0
 */
export function rangesOf({
  hits,
  references,
  falseAlarms,
  exposureHours,
}: {
  readonly hits: number;
  readonly references: number;
  readonly falseAlarms: number;
  readonly exposureHours: number;
}): Pick<Circumstances, "recall" | "falseAlarmsPerCameraDay"> {
  const days = exposureHours / 24;
  return {
    recall: { value: hits / references, interval: clopperPearson(hits, references, EACH_LEVEL) },
    falseAlarmsPerCameraDay: { value: falseAlarms / days, interval: garwood(falseAlarms, days, EACH_LEVEL) },
  };
}

/** Half of what may be wrong with both together, 5 %, may be wrong with each. */
export const EACH_LEVEL = 0.975;

/** The camera-hours of an event of which scores tell the false alarms' interval by the hour and not the exposure. */
export function exposureHoursOf(falseAlarms: number, interval: Interval): number {
  return exposureOf(falseAlarms, interval[1]);
}

interface Outcome {
  readonly precision: number | null;
  readonly confirmed: number;
  readonly missed: number;
  readonly falseAlarms: number;
  readonly alertsPerOperatorHour: number;
  readonly operatorHours: number | null;
  readonly costPerConfirmed: number | null;
  readonly costPerUseful: number | null;
}

function outcomeAt(given: Circumstances, recall: number, falseAlarmsPerCameraDay: number): Outcome {
  const events = given.eventsPerCameraYear * given.cameras;
  const confirmed = events * recall;
  const falseAlarms = falseAlarmsPerCameraDay * given.cameras * DAYS_A_YEAR;
  const alerts = confirmed + falseAlarms;
  const operatorHours = given.secondsPerAlert === null ? null : (alerts * given.secondsPerAlert) / 3600;
  const labour =
    operatorHours === null || given.wagePerHour === null ? null : operatorHours * given.wagePerHour;
  const cost =
    given.costPerYear === null && labour === null ? null : (given.costPerYear ?? 0) + (labour ?? 0);
  const costPerConfirmed = cost === null || confirmed === 0 ? null : cost / confirmed;
  const { usefulShare } = given;
  return {
    precision: alerts === 0 ? null : confirmed / alerts,
    confirmed,
    missed: events - confirmed,
    falseAlarms,
    alertsPerOperatorHour: alerts / (DAYS_A_YEAR * 24) / given.operators,
    operatorHours,
    costPerConfirmed,
    costPerUseful:
      costPerConfirmed === null || usefulShare === null || usefulShare === 0
        ? null
        : costPerConfirmed / usefulShare,
  };
}
