import { type Interval, wilson } from "../intervals/proportion.ts";
import type { ClipFact } from "../record.ts";
import { rulesOf } from "./tally.ts";

/** Alerts of like confidence. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly alerts: number;
  readonly meanConfidence: number;
  /** Share of these alerts that hit. */
  readonly shareTrue: number;
  /** Wilson, 95 %. */
  readonly interval: Interval;
}

/** Whether an alert that says 80 % is right in 80 % of cases. */
export interface Calibration {
  /** Those with an alert, from the least sure. */
  readonly bins: readonly CalibrationBin[];
  /** Mean distance of confidence and share of true, by the alerts of each bin (Naeini et al. 2015). */
  readonly expectedError: number;
}

const BINS = 10;

/**
 * Confidence against truth, of hits and false alarms; duplicates are left out, as of precision.
 * @returns null without an alert, and unless each has a confidence from 0 to 1
 */
export function calibrationOf(clips: readonly ClipFact[], event: string): Calibration | null {
  const alerts = clips
    .flatMap((clip) => rulesOf(clip, event).flatMap((rule) => rule.alerts))
    .filter(({ outcome }) => outcome !== "duplicate");
  const judged = alerts.flatMap(({ confidence, outcome }) =>
    confidence !== null && confidence >= 0 && confidence <= 1 ? { confidence, right: outcome === "hit" } : [],
  );
  if (alerts.length === 0 || judged.length < alerts.length) return null;
  const groups = Map.groupBy(judged, ({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)));
  const bins = [...groups]
    .toSorted(([a], [b]) => a - b)
    .map(([bin, own]): CalibrationBin => {
      const right = own.filter((one) => one.right).length;
      return {
        from: bin / BINS,
        to: (bin + 1) / BINS,
        alerts: own.length,
        meanConfidence: own.reduce((sum, { confidence }) => sum + confidence, 0) / own.length,
        shareTrue: right / own.length,
        interval: wilson(right, own.length),
      };
    });
  const off = bins.map((bin) => bin.alerts * Math.abs(bin.meanConfidence - bin.shareTrue));
  return { bins, expectedError: off.reduce((sum, one) => sum + one, 0) / judged.length };
}
