import type { ClipFact } from "../record.ts";
import { rulesOf } from "./tally.ts";

/** One clip's references and alerts as steps in time. */
interface Signals {
  readonly times: Float64Array;
  /** What is added to the references that hold. */
  readonly references: Int8Array;
  /** What is added to the alerts that hold, if they are sure enough. */
  readonly alerts: Int8Array;
  readonly confidences: Float64Array;
}

/**
 * ActEV's TFA at each threshold (usnistgov/ActEV_Scorer, `fa_meas_v2`): the time for which more alerts hold than
 * references, each surplus alert on its own, by the time without any reference; over the clips with a watched rule.
 * @returns null where an alert has no end, or references leave no time free
 */
export function falseAlarmTime(
  clips: readonly ClipFact[],
  event: string,
  thresholds: readonly number[],
): readonly number[] | null {
  const watched = clips.filter((clip) => rulesOf(clip, event).some((rule) => rule.watched));
  const signals: Signals[] = [];
  let free = 0;
  for (const clip of watched) {
    const signal = signalsOf(clip, event);
    if (signal === null) return null;
    signals.push(signal);
    free += clip.seconds - referenceTime(signal);
  }
  if (free <= 0) return null;
  return thresholds.map(
    (threshold) => signals.reduce((total, signal) => total + surplusTime(signal, threshold), 0) / free,
  );
}

function signalsOf(clip: ClipFact, event: string): Signals | null {
  const rules = rulesOf(clip, event);
  const inside = (seconds: number) => Math.min(clip.seconds, Math.max(0, seconds));
  const steps: { at: number; reference: number; alert: number; confidence: number }[] = [];
  for (const rule of rules) {
    for (const { begin, end } of rule.references) {
      steps.push({ at: inside(begin), reference: 1, alert: 0, confidence: 0 });
      steps.push({ at: inside(end), reference: -1, alert: 0, confidence: 0 });
    }
    for (const { at, until, confidence } of rule.alerts) {
      if (until === null || confidence === null) return null;
      steps.push({ at: inside(at), reference: 0, alert: 1, confidence });
      steps.push({ at: inside(Math.max(at, until)), reference: 0, alert: -1, confidence });
    }
  }
  steps.sort((a, b) => a.at - b.at);
  return {
    times: Float64Array.from(steps, ({ at }) => at),
    references: Int8Array.from(steps, ({ reference }) => reference),
    alerts: Int8Array.from(steps, ({ alert }) => alert),
    confidences: Float64Array.from(steps, ({ confidence }) => confidence),
  };
}

/** For how long at least one reference holds. */
function referenceTime({ times, references }: Signals): number {
  let holding = 0;
  let total = 0;
  let last = 0;
  for (const [index, at] of times.entries()) {
    if (holding > 0) total += at - last;
    holding += references[index] ?? 0;
    last = at;
  }
  return total;
}

function surplusTime({ times, references, alerts, confidences }: Signals, threshold: number): number {
  let surplus = 0;
  let total = 0;
  let last = 0;
  for (let index = 0; index < times.length; index++) {
    const at = times[index] ?? last;
    if (surplus > 0) total += surplus * (at - last);
    surplus -= references[index] ?? 0;
    if ((confidences[index] ?? 0) >= threshold) surplus += alerts[index] ?? 0;
    last = at;
  }
  return total;
}
