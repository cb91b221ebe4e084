import type { ReferenceEvent } from "../../src/audit/reference.ts";
import { align } from "../../src/audit/scoring/alignment.ts";
import type { Box } from "../../src/geometry/shapes.ts";

/** An alert as far as scoring goes. Seconds of presentation time. */
export interface RaisedAlert {
  readonly rule: string;
  readonly at: number;
  readonly box: Box | null;
}

export interface Score {
  readonly references: number;
  readonly hits: number;
  readonly misses: number;
  readonly falseAlarms: number;
  readonly duplicates: number;
  /** 1 where there is no reference. */
  readonly recall: number;
  /** 1 where there is no alert. */
  readonly precision: number;
  /** Of each hit, from the reference's begin to the alert, seconds. */
  readonly secondsToAlert: readonly number[];
  readonly missed: readonly ReferenceEvent[];
  readonly unfounded: readonly RaisedAlert[];
}

/** Alerts against what happened, rule by rule, aligned as the audit bench aligns them. */
export function scoreAlerts(references: readonly ReferenceEvent[], alerts: readonly RaisedAlert[]): Score {
  const missed: ReferenceEvent[] = [];
  const unfounded: RaisedAlert[] = [];
  const secondsToAlert: number[] = [];
  let duplicates = 0;
  const rules = new Set([...references.map(({ rule }) => rule), ...alerts.map(({ rule }) => rule)]);
  for (const rule of rules) {
    const happened = references.filter((reference) => reference.rule === rule);
    const raised = alerts.filter((alert) => alert.rule === rule);
    const found = align(
      "instant",
      happened,
      raised.map((alert) => ({ ...alert, until: null, confidence: null })),
    );
    for (const [index, reference] of happened.entries()) {
      const alert = raised[found.references[index] ?? -1];
      if (alert === undefined) missed.push(reference);
      else secondsToAlert.push(alert.at - reference.begin);
    }
    for (const [index, alert] of raised.entries()) {
      const outcome = found.alerts[index]?.outcome;
      if (outcome === "false_alarm") unfounded.push(alert);
      if (outcome === "duplicate") duplicates++;
    }
  }
  const hits = secondsToAlert.length;
  const alarms = hits + unfounded.length;
  return {
    references: references.length,
    hits,
    misses: missed.length,
    falseAlarms: unfounded.length,
    duplicates,
    recall: references.length === 0 ? 1 : hits / references.length,
    precision: alarms === 0 ? 1 : hits / alarms,
    secondsToAlert,
    missed,
    unfounded,
  };
}
