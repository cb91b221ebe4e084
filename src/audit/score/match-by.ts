import { fault } from "../../errors.ts";
import type { Rejection } from "../logs/log.ts";
import { place, rejection } from "../logs/rows.ts";
import type { ScoredClip } from "./clip.ts";
import type { PlacedAlert } from "./placement.ts";

/** Whether alerts belong to a reference by its rule, or by its event alone. */
export const MATCH_BY = ["auto", "rule", "event"] as const;
export type MatchBy = (typeof MATCH_BY)[number];

/** The rules of an event in a clip: those of its camera, and those that the reference names. */
export function rulesOf(clip: ScoredClip, event: string): ReadonlySet<string> {
  const declared = [...(clip.rules ?? [])].filter(([, of]) => of === event).map(([rule]) => rule);
  const named = clip.reference.events.flatMap((one) =>
    one.event === event && one.rule !== null ? [one.rule] : [],
  );
  return new Set([...declared, ...named]);
}

/**
 * For each event whether it is matched by rule. Left to itself it is where the log names at least one rule of the
 * reference; where it names none, or the reference has none, an alert is matched by its event.
 */
export function eventsByRule(
  alerts: readonly PlacedAlert[],
  clips: readonly ScoredClip[],
  by: MatchBy,
): ReadonlySet<string> {
  if (by === "event") return new Set();
  const found = new Set<string>();
  if (by === "rule") {
    for (const clip of clips)
      for (const event of [...(clip.rules?.values() ?? []), ...clip.reference.events.map((one) => one.event)])
        if (rulesOf(clip, event).size > 0) found.add(event);
    return found;
  }
  const rules = new Map<string, ReadonlySet<string>>();
  for (const { clip: index, event, rule } of alerts) {
    const clip = clips[index];
    if (rule === null || clip === undefined || found.has(event)) continue;
    const key = `${index} ${event}`;
    const known = rules.get(key) ?? rulesOf(clip, event);
    rules.set(key, known);
    if (known.has(rule)) found.add(event);
  }
  return found;
}

/** Takes out alerts of rules that the reference does not have, where rules count. */
export function knownRules(
  alerts: readonly PlacedAlert[],
  clips: readonly ScoredClip[],
  byRule: ReadonlySet<string>,
): { readonly kept: readonly PlacedAlert[]; readonly rejections: readonly Rejection[] } {
  const rejections: Rejection[] = [];
  const rules = new Map<string, ReadonlySet<string>>();
  const kept = alerts.filter(({ clip: index, event, rule, origin }) => {
    const clip = clips[index];
    if (!byRule.has(event) || clip === undefined) return true;
    const key = `${index} ${event}`;
    const known = rules.get(key) ?? rulesOf(clip, event);
    rules.set(key, known);
    if (rule !== null && known.has(rule)) return true;
    const found = rule === null ? "of no name" : JSON.stringify(rule.slice(0, 80));
    const list = [...known].slice(0, 20).join(", ") || "none";
    rejections.push(rejection(origin, fault("LOG_ROW_RULE", { at: place(origin), found, known: list })));
    return false;
  });
  return { kept, rejections };
}
