import { EVENT_TYPES } from "../event.ts";
import { mayAlert } from "../policy/gate.ts";
import { lawAt } from "../policy/law.ts";
import type { Profile, ProfileRule } from "../policy/profile.ts";
import type { Decision, GateQuestion } from "../policy/question.ts";
import { nextChange } from "../policy/standing.ts";
import type { PolicyWorld } from "../policy/world.ts";
import type { UtcMilliseconds } from "../time/clock.ts";

/** When an answer turns if nothing but time passes. */
export interface Turn {
  /** Null where no clock turns it. */
  readonly decision: Decision | null;
  /** Where there were too many clocks to look at all: until then it does not turn. Null where all were looked at. */
  readonly lookedAheadTo: UtcMilliseconds | null;
}

/** Clocks that are looked at: a year of daily windows, each with four readings. */
const MOST_STRIKES = 2000;

/** Looks from one clock of the world to the next until the gate says something else than at the question's instant. */
export function turnOf(question: GateQuestion, world: PolicyWorld): Turn {
  const { allow } = mayAlert(question, world);
  let at = question.at;
  for (let strikes = 0; strikes < MOST_STRIKES; strikes += 1) {
    const next = nextChange(world, at);
    if (next === null) return { decision: null, lookedAheadTo: null };
    at = next;
    const decision = mayAlert({ ...question, at }, world);
    if (decision.allow !== allow) return { decision, lookedAheadTo: null };
  }
  return { decision: null, lookedAheadTo: at };
}

/**
 * Permissions of a profile that nobody has verified, and that would permit what is asked if somebody had: found by
 * asking the same clock of the law about a profile in which one of them is. One of an instrument that is not in
 * force is none of them.
 */
export function permissionsIfVerified(profile: Profile, question: GateQuestion): readonly ProfileRule[] {
  const event = EVENT_TYPES.find((known) => known === question.event);
  if (event === undefined || profile.kind !== "regime") return [];
  const { at, footage, use } = question;
  if (lawAt(profile, { at, event, footage, use }).permit !== null) return [];
  return profile.rules.filter((rule) => {
    if (rule.effect !== "permit" || rule.verification === "verified") return false;
    const rules = profile.rules.map((one) =>
      one === rule ? { ...one, verification: "verified" as const } : one,
    );
    return lawAt({ ...profile, rules }, { at, event, footage, use }).permit?.id === rule.id;
  });
}
