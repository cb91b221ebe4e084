import { Temporal } from "temporal-polyfill";
import type { UtcMilliseconds } from "../time/clock.ts";
import type { AnalyticAuthorisation } from "./authorisation.ts";
import { CLOCK_SLACK, INSTANTS } from "./gate.ts";
import { ruleInterval } from "./law.ts";
import type { Profile } from "./profile.ts";
import { analyticId, type Decision, type GateQuestion } from "./question.ts";
import { isoDurationEnd } from "./validity.ts";
import type { PolicyWorld } from "./world.ts";

/** A rule of a camera, as the gate is asked about it. */
export type StandingRule = Pick<GateQuestion, "ruleId" | "place"> & {
  readonly event: Parameters<typeof analyticId>[0];
};

/** What is the same in all questions about one camera. */
export type CameraContext = Pick<
  GateQuestion,
  "cameraId" | "use" | "footage" | "recordingSha256" | "modelSha256"
>;

/** What each rule of a camera may do at an instant: what would run, what would not, and why. */
export function standing(
  rules: readonly StandingRule[],
  camera: CameraContext,
  gate: { ask(question: GateQuestion): Decision },
  at: UtcMilliseconds,
): ReadonlyMap<string, Decision> {
  return new Map(
    rules.map(({ ruleId, event, place }) => [
      ruleId,
      gate.ask({ ...camera, at, ruleId, event, analyticId: analyticId(event), place }),
    ]),
  );
}

/**
 * The next instant at which a clock of the world strikes: of the law, of a document, of a daily window, of a
 * condition. Until then, this instant excluded, no answer to a question about the same camera, rule and use changes,
 * as long as the world stays the same. At it, an answer may change or not.
 * @returns null where no clock is left, and for an instant that is none
 */
export function nextChange(world: PolicyWorld, at: UtcMilliseconds): UtcMilliseconds | null {
  if (!(at >= INSTANTS.first && at <= INSTANTS.last)) return null;
  let next = Number.POSITIVE_INFINITY;
  for (const instant of clocks(world, Math.floor(at))) if (instant > at && instant < next) next = instant;
  return Number.isFinite(next) ? next : null;
}

function* clocks(world: PolicyWorld, at: UtcMilliseconds): Generator<UtcMilliseconds> {
  if (world.newest !== null) yield Math.floor(world.newest) - CLOCK_SLACK;
  for (const { profile } of world.overlays) yield* lawClocks(profile);
  for (const { document } of world.certificates) yield* instants(document.issuedAt, document.validUntil);
  for (const { document } of world.notices) yield* instants(document.publishedAt, document.withdrawnAt);
  for (const { document } of world.authorisations) {
    yield* instants(document.validFrom, document.validUntil, document.publishedAt);
    yield* instants(...document.statusHistory.map((entry) => entry.at));
  }
  if (world.profile === null) return;
  const { profile } = world.profile;
  yield* lawClocks(profile);
  for (const { document } of world.authorisations) {
    if (document.kind !== "analytic_authorisation") continue;
    yield* windowClocks(document, at, profile.timeZone);
    for (const { attestedAt, validFor } of document.conditions) {
      if (attestedAt === null) continue;
      const from = Date.parse(attestedAt);
      yield from;
      yield isoDurationEnd(from, validFor, profile.timeZone);
      yield isoDurationEnd(from, profile.limits.attestationValidFor, profile.timeZone);
    }
  }
}

function* instants(...texts: readonly (string | null)[]): Generator<UtcMilliseconds> {
  for (const text of texts) if (text !== null) yield Date.parse(text);
}

function* lawClocks(profile: Profile): Generator<UtcMilliseconds> {
  for (const rule of profile.rules) {
    const { from, until } = ruleInterval(profile, rule);
    if (from !== null) yield from;
    if (until !== null) yield until;
  }
}

/**
 * The beginnings and ends of daily windows of this day and the next, both readings of each where an hour comes twice,
 * and the next change of the clocks. A window that opens on some days only is looked at on the others too: nothing
 * changes then, and it is asked once more than needed.
 */
function* windowClocks(
  { dailyWindows }: AnalyticAuthorisation,
  at: UtcMilliseconds,
  timeZone: string,
): Generator<UtcMilliseconds> {
  if (dailyWindows.length === 0) return;
  const now = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const change = now.getTimeZoneTransition("next");
  if (change !== null) yield change.epochMilliseconds;
  for (const time of dailyWindows.flatMap(({ from, until }) => [from, until])) {
    for (const days of [0, 1]) {
      const midnight = now.toPlainDate().add({ days: time === "24:00" ? days + 1 : days });
      const local = midnight.toPlainDateTime(time === "24:00" ? "00:00" : time);
      yield local.toZonedDateTime(timeZone, { disambiguation: "earlier" }).epochMilliseconds;
      yield local.toZonedDateTime(timeZone, { disambiguation: "later" }).epochMilliseconds;
    }
  }
}
