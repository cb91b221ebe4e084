import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { AnalyticAuthorisation } from "../policy/authorisation.ts";
import { decisionRef } from "../policy/decision-ref.ts";
import { instant, sha256Hex } from "../policy/fields.ts";
import type { Regime } from "../policy/profile.ts";
import type { Decision } from "../policy/question.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";

/** On what authority evidence was made, and until when it may be kept. Plain data, worked out when the alert is raised. */
export const groundsSchema = z.strictObject({
  profileId: z.string().nullable(),
  profileSha256: sha256Hex.nullable(),
  authorisationId: z.string().nullable(),
  authorisationSha256: sha256Hex.nullable(),
  /** Of the gate's decision that let the alert through: `decisionRef`, as the alert names it. */
  decisionRef: sha256Hex,
  /** The first instant at which it must no longer be there. */
  deadline: instant,
  /** When it goes unless a person has confirmed the alert; null where the profile keeps it in any case. */
  undecidedUntil: instant.nullable(),
});
export type EvidenceGrounds = Readonly<z.output<typeof groundsSchema>>;

/**
 * @param authorisation the one that the decision rests on; null where the profile asks for none
 * @param at instant of the alert
 */
export function groundsOf(
  decision: Decision,
  regime: Pick<Regime, "limits" | "handling" | "timeZone">,
  authorisation: Pick<AnalyticAuthorisation, "retention"> | null,
  at: UtcMilliseconds,
): EvidenceGrounds {
  const { maxRetention } = regime.limits;
  const { clips, undecidedFor } = regime.handling;
  const kept = [maxRetention, ...(authorisation === null ? [] : [authorisation.retention.clips])];
  const deadline = earliestAfter(at, kept, regime.timeZone);
  return {
    profileId: decision.profileId,
    profileSha256: decision.profileSha256,
    authorisationId: decision.authorisationId,
    authorisationSha256: decision.authorisationSha256,
    decisionRef: decisionRef(decision),
    deadline: formatUtc(deadline),
    undecidedUntil:
      clips === "always"
        ? null
        : formatUtc(Math.min(deadline, earliestAfter(at, [undecidedFor], regime.timeZone))),
  };
}

/**
 * The earliest of several ends, counted on the calendar of a time zone: a month from 31 January ends in February,
 * and a day across the change to summer time has 23 hours.
 * @param durations ISO 8601, at least one
 */
export function earliestAfter(
  at: UtcMilliseconds,
  durations: readonly string[],
  timeZone: string,
): UtcMilliseconds {
  const from = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return Math.min(
    ...durations.map((duration) => from.add(Temporal.Duration.from(duration)).epochMilliseconds),
  );
}
