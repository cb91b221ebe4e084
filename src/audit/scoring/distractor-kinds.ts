import type { ClipFact } from "../record.ts";
import { compareText, distractorsMet, rulesOf } from "./tally.ts";

/** How much of one kind looked like an event, and how much of it raised an alert. */
export interface DistractorKind {
  readonly what: string;
  readonly distractors: number;
  readonly alerts: number;
}

/** The distractors of an event by their kind, what misled most often first. */
export function distractorKinds(clips: readonly ClipFact[], event: string): readonly DistractorKind[] {
  const met = clips.flatMap((clip) => rulesOf(clip, event).flatMap((rule) => distractorsMet(clip, rule)));
  return [...Map.groupBy(met, ({ what }) => what)]
    .map(([what, some]) => ({
      what,
      distractors: some.length,
      alerts: some.filter(({ alert }) => alert !== null).length,
    }))
    .toSorted((a, b) => b.alerts - a.alerts || compareText(a.what, b.what));
}
