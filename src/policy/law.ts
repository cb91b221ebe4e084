import type { EventType } from "../event.ts";
import type { UtcMilliseconds } from "../time/clock.ts";
import type { Instrument, Profile, ProfileRule } from "./profile.ts";
import type { FootageKind, Use } from "./question.ts";
import type { Reason } from "./reasons.ts";
import { startOfDay } from "./time-zone.ts";

/** What is asked of the law: the rest of the gate's question is for authorisations. */
export interface LawQuestion {
  readonly at: UtcMilliseconds;
  readonly event: EventType;
  readonly footage: FootageKind;
  readonly use: Use;
}

/** What a profile says. Either one rule permits, or there is at least one denial; an overlay may say neither. */
export interface LawAnswer {
  readonly permit: ProfileRule | null;
  readonly denials: readonly Reason[];
}

/** From the first instant to the first one after; null is open. */
export interface InstantInterval {
  readonly from: UtcMilliseconds | null;
  readonly until: UtcMilliseconds | null;
}

/**
 * The clock of the law. A restriction denies whatever its verification; only without one does a permission count,
 * and only if it was verified against its primary text and its instrument was in force. In all other cases the
 * answer is no. Pure: it depends on its arguments alone.
 *
 * An overlay never permits, and where it forbids nothing it says nothing.
 */
export function lawAt(profile: Profile, question: LawQuestion): LawAnswer {
  const matching = profile.rules.filter((rule) => matches(profile, rule, question));
  const forbids = matching.filter((rule) => rule.effect === "forbid");
  if (forbids.length > 0) return { permit: null, denials: forbids.map((rule) => denial(profile, rule)) };
  if (profile.kind === "overlay") return { permit: null, denials: [] };

  const permit = matching.find((rule) => canPermit(profile, rule));
  if (permit !== undefined) return { permit, denials: [] };

  const unverified = matching.filter((rule) => rule.verification !== "verified");
  if (unverified.length > 0) {
    return { permit: null, denials: unverified.map((rule) => reason("unverified_basis", rule)) };
  }
  const annulled = matching.filter((rule) => instrumentOf(profile, rule)?.status === "annulled");
  if (annulled.length > 0) return { permit: null, denials: annulled.map((rule) => reason("annulled", rule)) };
  return { permit: null, denials: [noBasis(profile)] };
}

/**
 * Whether a rule can permit at all, its interval apart: it is a permission, of a regime, verified against its
 * primary text, by an instrument that is in force or was before it expired.
 */
export function canPermit(profile: Profile, rule: ProfileRule): boolean {
  if (profile.kind !== "regime" || rule.effect !== "permit" || rule.verification !== "verified") return false;
  const status = instrumentOf(profile, rule)?.status;
  return status === "in_force" || status === "expired";
}

/**
 * When a rule holds: its days in the profile's time zone as instants, summer time included; `until` is the first
 * instant at which it no longer holds. A permission also ends where its instrument was not in force; one by an
 * expired instrument of which nobody says when it ended never holds.
 * @throws RangeError where the profile did not come through `profileSchema` and its time zone does not exist
 */
export function ruleInterval(profile: Profile, rule: ProfileRule): InstantInterval {
  const known = CACHE.get(profile) ?? new Map<ProfileRule, InstantInterval>();
  CACHE.set(profile, known);
  const interval = known.get(rule) ?? convert(profile, rule);
  known.set(rule, interval);
  return interval;
}

/** Instrument, article and address, as every reason cites them. */
export function citation(of: Pick<ProfileRule, "article" | "source">): string {
  const { title, url } = of.source;
  return `${title}, ${of.article}${url === null ? "" : ` — ${url}`}`;
}

/** Profiles are frozen data, so what was worked out for one stays true. */
const CACHE = new WeakMap<Profile, Map<ProfileRule, InstantInterval>>();

function matches(profile: Profile, rule: ProfileRule, { at, event, footage, use }: LawQuestion): boolean {
  if (rule.events !== "all" && !rule.events.includes(event)) return false;
  if (!rule.footage.includes(footage) || !rule.uses.includes(use)) return false;
  const { from, until } = ruleInterval(profile, rule);
  return (from === null || at >= from) && (until === null || at < until) && Number.isFinite(at);
}

function convert(profile: Profile, rule: ProfileRule): InstantInterval {
  const own = instants(rule.interval, profile.timeZone);
  if (rule.effect === "forbid") return own;
  const instrument = instrumentOf(profile, rule);
  if (instrument === undefined) return NEVER;
  if (instrument.status === "expired" && instrument.inForce.until === null) return NEVER;
  const carried = instants(instrument.inForce, profile.timeZone);
  return {
    from: extreme(Math.max, own.from, carried.from),
    until: extreme(Math.min, own.until, carried.until),
  };
}

const NEVER: InstantInterval = { from: 0, until: 0 };

function instants(days: ProfileRule["interval"], timeZone: string): InstantInterval {
  return {
    from: days.from === null ? null : startOfDay(days.from, timeZone),
    until: days.until === null ? null : startOfDay(days.until, timeZone, 1),
  };
}

function extreme(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : pick(a, b);
}

function instrumentOf(profile: Profile, rule: ProfileRule): Instrument | undefined {
  return profile.instruments.find((instrument) => instrument.id === rule.instrument);
}

function denial(profile: Profile, rule: ProfileRule): Reason {
  return reason(rule.reason ?? (profile.kind === "overlay" ? "overlay_forbids" : "no_legal_basis"), rule);
}

function reason(code: Reason["code"], rule: ProfileRule): Reason {
  return { code, ruleId: rule.id, source: citation(rule) };
}

function noBasis(profile: Profile): Reason {
  const otherwise = profile.kind === "regime" ? profile.otherwise : null;
  if (otherwise !== null)
    return { code: "no_legal_basis", ruleId: otherwise.id, source: citation(otherwise) };
  return {
    code: "no_legal_basis",
    ruleId: null,
    source: `no rule of the profile ${profile.id} ${profile.version} permits it`,
  };
}
