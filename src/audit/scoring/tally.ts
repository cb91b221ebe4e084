import type { AlertFact, ClipFact, DistractorFact, ReferenceFact, RuleFact } from "../record.ts";

/** What one event comes to over some clips: everything that rates are made of. */
export interface Tally {
  readonly references: number;
  readonly hits: number;
  readonly misses: number;
  readonly falseAlarms: number;
  readonly duplicates: number;
  /** What looked like the event where it was looked for, as far as the clip was analysed; and how many raised an alert. */
  readonly distractors: number;
  readonly alertsOnDistractors: number;
  /** Seconds of the clips with a rule of the event that was watched; a clip with several counts once. */
  readonly exposureSeconds: number;
  /** Of each hit, from the reference's begin to the alert, in the order of clips, rules and references. */
  readonly secondsToAlert: readonly number[];
  /** The same from the instant it was due, `begin` + `after`, where the rule says how long it must hold. */
  readonly secondsPastDue: readonly number[];
}

/**
 * Adds up the rules of one event over clips. It goes by the facts alone:
 * - A rule that was not watched has no exposure, and its references are misses.
 * - Of a clip with a fault, what an alert had found before it stays found; what came after is missed. Its exposure is
 *   what was analysed.
 * - Time for which the engine was suspended stays in the exposure: an operator's hours go on meanwhile, and what
 *   happens in them counts as missed.
 */
export function tallyEvent(clips: readonly ClipFact[], event: string): Tally {
  const secondsToAlert: number[] = [];
  const secondsPastDue: number[] = [];
  let exposureSeconds = 0;
  const counts = { references: 0, hits: 0, misses: 0, falseAlarms: 0, duplicates: 0 };
  const misled = { distractors: 0, alertsOnDistractors: 0 };
  for (const clip of clips) {
    const rules = rulesOf(clip, event);
    if (rules.some(({ watched }) => watched)) exposureSeconds += clip.seconds;
    for (const rule of rules) {
      const own = countMatches(rule);
      for (const name of MATCHES) counts[name] += own[name];
      const met = distractorsMet(clip, rule);
      misled.distractors += met.length;
      misled.alertsOnDistractors += met.filter(({ alert }) => alert !== null).length;
      // One by one: spread into a call, a large log would overflow the stack.
      for (const seconds of secondsToAlertOf(rule)) {
        secondsToAlert.push(seconds);
        if (rule.after !== null) secondsPastDue.push(seconds - rule.after);
      }
    }
  }
  return { ...counts, ...misled, exposureSeconds, secondsToAlert, secondsPastDue };
}

/** The distractors of a rule that the system had to do with: one that nobody looked at misled nobody. */
export function distractorsMet(clip: ClipFact, rule: RuleFact): readonly DistractorFact[] {
  if (!rule.watched) return [];
  return (rule.distractors ?? []).filter(({ begin, alert }) => alert !== null || begin < clip.seconds);
}

export type MatchCounts = Pick<Tally, (typeof MATCHES)[number]>;
const MATCHES = ["references", "hits", "misses", "falseAlarms", "duplicates"] as const;

/** What came of one rule in one clip. */
export function countMatches({ references, alerts }: RuleFact): MatchCounts {
  const hits = references.filter(({ alert }) => alert !== null).length;
  const count = (outcome: AlertFact["outcome"]) => alerts.filter((alert) => alert.outcome === outcome).length;
  return {
    references: references.length,
    hits,
    misses: references.length - hits,
    falseAlarms: count("false_alarm"),
    duplicates: count("duplicate"),
  };
}

/** Of each hit, from the reference's begin to the alert, in the order of the references. */
export function secondsToAlertOf(rule: RuleFact): readonly number[] {
  return rule.references.flatMap((reference) => {
    const alert = hitOf(rule, reference);
    return alert === null ? [] : [alert.at - reference.begin];
  });
}

/** The alert that hit a reference of its rule, null of a miss. */
export function hitOf(rule: RuleFact, reference: ReferenceFact): AlertFact | null {
  return reference.alert === null ? null : (rule.alerts[reference.alert] ?? null);
}

/** The rules of a clip that are about an event. */
export function rulesOf(clip: ClipFact, event: string): readonly RuleFact[] {
  return clip.rules.filter((rule) => rule.event === event);
}

/** All events that clips have a rule of, in the order of the alphabet. */
export function eventsOf(clips: readonly ClipFact[]): readonly string[] {
  return [...new Set(clips.flatMap(({ rules }) => rules.map(({ event }) => event)))].toSorted();
}

/** Clips by the values of each condition that any of them declares; keys and values in the order of the alphabet. */
export function slicesOf(
  clips: readonly ClipFact[],
): ReadonlyMap<string, ReadonlyMap<string, readonly ClipFact[]>> {
  const keys = new Set(clips.flatMap(({ conditions }) => Object.keys(conditions)));
  return new Map(
    [...keys].toSorted().map((key) => {
      const declared = clips.filter(({ conditions }) => Object.hasOwn(conditions, key));
      const byValue = Map.groupBy(declared, ({ conditions }) => conditions[key] ?? "");
      return [key, new Map([...byValue].toSorted(([a], [b]) => compareText(a, b)))];
    }),
  );
}

/** The same order in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
