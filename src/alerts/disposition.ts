import { z } from "zod";
import { fault } from "../errors.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";

export const DISPOSITION_SCHEMA_NAME = "contrechamp/disposition@1";

/** What becomes of an alert. Until then it is open. */
export const OUTCOMES = [
  "confirmed", // a person saw that it is so
  "dismissed", // a person saw that it is not
  "undetermined", // a person looked and cannot tell
  "expired", // nobody looked in time
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What was done about it, apart from what it was. */
export const ACTIONS = ["none", "observed", "patrol", "rescue", "fire", "other"] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * Why, for each outcome: a closed list, so that reasons can be counted. They speak of the picture and of the place,
 * never of a person.
 */
export const REASON_CODES_OF = {
  confirmed: ["event_present"],
  dismissed: [
    "no_event",
    "permitted_presence", // works, cleaning, staff, deliveries
    "person_at_rest", // sitting, lying, sleeping rough
    "furniture_or_object",
    "light_or_reflection",
    "weather",
    "animal",
    "vehicle",
    "camera_fault",
    "duplicate",
    "rule_too_wide",
    "exercise_or_test",
  ],
  undetermined: ["evidence_shows_too_little", "view_obstructed", "over_before_seen"],
  expired: ["nobody_looked"],
} as const satisfies Record<Outcome, readonly string[]>;

export const DISPOSITION_REASONS = [...new Set(OUTCOMES.flatMap((outcome) => REASON_CODES_OF[outcome]))];
export type DispositionReason = (typeof REASON_CODES_OF)[Outcome][number];

/** A pseudonym, never a name: what stands for a designated agent in the journal. */
export const pseudonymSchema = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/, {
  error: "a pseudonym of letters, digits, dots, hyphens and underscores, such as op-07",
});

/** What a person, and only a person, says of an alert; or that nobody did. The payload of its leaf. */
export const dispositionSchema = z
  .strictObject({
    schema: z.literal(DISPOSITION_SCHEMA_NAME),
    alertId: z.string().min(1).max(200),
    outcome: z.enum(OUTCOMES),
    reasonCode: z.enum(DISPOSITION_REASONS),
    at: z.iso.datetime({ precision: 3 }),
    operatorPseudonym: pseudonymSchema,
    /** How long the alert was before the operator's eyes; null where nobody measured it. */
    secondsOnAlert: z.number().min(0).nullable(),
    actionTaken: z.enum(ACTIONS),
    /** Why an earlier disposition was wrong; it stays in the journal. Null for the first. */
    correction: z
      .strictObject({ replaces: z.enum(OUTCOMES), reason: z.string().trim().min(1).max(2000) })
      .nullable(),
  })
  .refine(({ outcome, reasonCode }) => fits(outcome, reasonCode), {
    error: "a reason that fits the outcome",
    path: ["reasonCode"],
  });
export type Disposition = Readonly<z.output<typeof dispositionSchema>>;

function fits(outcome: Outcome, reason: DispositionReason): boolean {
  const codes: readonly DispositionReason[] = REASON_CODES_OF[outcome];
  return codes.includes(reason);
}

/** What somebody wants to say of an alert. */
export interface DispositionRequest {
  readonly alertId: string;
  readonly outcome: string;
  readonly reasonCode: string;
  readonly at: UtcMilliseconds;
  readonly operatorPseudonym: string;
  readonly secondsOnAlert: number | null;
  readonly actionTaken: string;
  /** Why the earlier one was wrong; null where there is none. */
  readonly correction: string | null;
}

/**
 * Makes the disposition that a request asks for, if the alert may have one: an open alert takes one, and one that
 * was disposed of only a correction with its reason.
 * @param before all that was said of this alert, in the journal's order
 * @throws DISPOSITION_UNREADABLE, DISPOSITION_FINAL, DISPOSITION_NOTHING_TO_CORRECT
 */
export function dispose(request: DispositionRequest, before: readonly Disposition[]): Disposition {
  const current = currentDisposition(before);
  const { alertId, correction } = request;
  if (current !== null && correction === null) {
    const { outcome, operatorPseudonym, at } = current;
    throw fault("DISPOSITION_FINAL", { id: alertId, outcome, by: operatorPseudonym, at });
  }
  if (current === null && correction !== null) throw fault("DISPOSITION_NOTHING_TO_CORRECT", { id: alertId });
  const made = dispositionSchema.safeParse({
    ...request,
    schema: DISPOSITION_SCHEMA_NAME,
    at: formatUtc(request.at),
    correction: current === null ? null : { replaces: current.outcome, reason: correction },
  });
  if (made.success) return made.data;
  const [issue] = made.error.issues;
  throw fault("DISPOSITION_UNREADABLE", {
    reason: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it does not have the expected form"}`,
  });
}

/** That nobody looked in time. */
export function expire(alertId: string, at: UtcMilliseconds): Disposition {
  const request = { alertId, outcome: "expired", reasonCode: "nobody_looked", at, secondsOnAlert: null };
  return dispose({ ...request, operatorPseudonym: "engine", actionTaken: "none", correction: null }, []);
}

/**
 * What holds of an alert, null while it is open. The first one holds; after it only corrections do, each of what held
 * until then. Two people who decide at the same moment both write a leaf: the journal's order says which holds.
 * @param history all that was said of one alert, in the journal's order
 */
export function currentDisposition(history: readonly Disposition[]): Disposition | null {
  return history.reduce<Disposition | null>((current, next) => {
    const corrects = next.correction?.replaces ?? null;
    return corrects === (current?.outcome ?? null) ? next : current;
  }, null);
}
