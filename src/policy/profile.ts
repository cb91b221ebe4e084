import { z } from "zod";
import { EVENT_TYPES } from "../event.ts";
import { identifier, isoDuration, languageMap, line, localDate, uri, webAddress } from "./fields.ts";
import { FOOTAGE_KINDS, USES } from "./question.ts";
import { isTimeZone } from "./time-zone.ts";

export const PROFILE_SCHEMA_NAME = "contrechamp/profile@1";

/**
 * How far somebody has checked a statement against its primary text. A permission that is not `verified` never
 * permits; a restriction restricts all the same.
 */
export const VERIFICATIONS = ["verified", "secondary", "unverified"] as const;

/** What can become of a legal instrument. */
export const INSTRUMENT_STATUSES = [
  "in_force",
  "expired",
  "annulled",
  "never_took_effect",
  "pending",
] as const;

const verification = {
  verification: z
    .enum(VERIFICATIONS)
    .describe(
      "verified: read in the primary text; secondary: other texts say so; unverified: to be checked.",
    ),
  checkedBy: line.nullable().describe("Who compared it with the primary text; null while nobody has."),
  checkedOn: localDate.nullable().describe("When."),
};

const source = z.strictObject({
  title: line.describe("As a lawyer cites it."),
  url: webAddress.nullable().describe("Where it can be read; null where it is only in print."),
});

const interval = z.strictObject({ from: localDate.nullable(), until: localDate.nullable() });

const instrumentSchema = z.strictObject({
  id: identifier,
  title: languageMap,
  status: z
    .enum(INSTRUMENT_STATUSES)
    .describe(
      "What became of it. `pending` is voted or announced, and not known to be in force. One that is pending, was annulled or never took effect carries no permission at all.",
    ),
  inForce: interval
    .default({ from: null, until: null })
    .describe("First and last day on which it was in force, both included; null is open, or not stated."),
  annulmentGround: z.enum(["procedural", "substantive"]).nullable().default(null),
  note: languageMap.nullable().default(null),
  source,
  ...verification,
});

const ruleSchema = z.strictObject({
  id: identifier.describe("Stable name, which decisions cite."),
  effect: z.enum(["permit", "forbid"]),
  /** What a denial by this rule is called; for a permission, what is said where it is not verified. */
  reason: z
    .enum(["no_legal_basis", "decree_missing", "expired", "annulled", "overlay_forbids", "unverified_basis"])
    .nullable(),
  instrument: identifier.describe("Id of one of the profile's instruments."),
  article: line,
  interval: interval.describe("First and last day, both included, in the profile's time zone; null is open."),
  events: z.union([z.literal("all"), z.array(z.enum(EVENT_TYPES)).min(1)]),
  footage: z.array(z.enum(FOOTAGE_KINDS)).min(1),
  uses: z.array(z.enum(USES)).min(1),
  /** Where it does not depend on the place: the whole territory. */
  territory: line
    .nullable()
    .default(null)
    .describe("INSEE or ISO 3166 code of the territory; null is all of the profile's."),
  text: languageMap.describe("What the rule says, for people."),
  source,
  ...verification,
});

/** What is said where no rule of a regime answers: always that there is no legal basis. */
const otherwiseSchema = z.strictObject({
  id: identifier,
  instrument: identifier,
  article: line,
  text: languageMap,
  source,
  ...verification,
});

/**
 * A practice that the law prohibits and that no event, picture or use can name: identifying a person, say. The
 * gate cannot forbid what the engine cannot do; so it is listed here with the proof that it is absent.
 */
const practiceSchema = z.strictObject({
  id: identifier,
  instrument: identifier,
  article: line,
  interval,
  text: languageMap.describe("What is prohibited."),
  absence: languageMap.describe("What there is instead, and why the practice cannot be reached."),
  proofs: z
    .array(line)
    .min(1)
    .max(20)
    .describe("Pages and tests that prove its absence, as paths from the top of the project."),
  source,
  ...verification,
});

/** What a profile demands beside its rules. An overlay demands nothing: it only forbids. */
const requirementsSchema = z.strictObject({
  cameraAuthorisation: z.boolean().describe("An authorisation to film, apart from the one to analyse."),
  certificate: z.boolean().describe("A passing certificate of the audit bench, for alerts."),
  notice: z.boolean().describe("A published notice to the public."),
  perimeter: z.boolean().describe("Camera and field of view inside the authorised perimeter."),
  declaredZones: z
    .boolean()
    .describe("Each rule looks inside a zone that the authorisation declares for it."),
  listedRecordings: z.boolean().describe("Recordings are listed by hash in the authorisation."),
  separateKeys: z.boolean().describe("The issuing and the publishing key belong to different holders."),
  resumeByPerson: z
    .boolean()
    .describe(
      "After a moved view, a changed model or configuration or a clock set back, only a person resumes.",
    ),
});

const limitsSchema = z.strictObject({
  maxDuration: isoDuration.describe("Longest validity of one authorisation."),
  maxRetention: isoDuration.describe("Longest keeping of evidence."),
  attestationValidFor: isoDuration.describe(
    "A condition must be attested anew after so long, where the authorisation says nothing shorter.",
  ),
});

const handlingSchema = z.strictObject({
  evidence: z.enum(["encrypted", "clear"]).describe("How evidence is kept at rest."),
  clips: z
    .enum(["confirmed", "always"])
    .describe("Whether a clip is kept only once a person has confirmed the alert."),
  undecidedFor: isoDuration.describe("How long a clip waits for that person before it is erased."),
  sinks: z.boolean().describe("Whether alerts may leave through a sink once a person has disposed of them."),
  journal: z.enum(["site", "run"]).describe("One journal for the site, or one with each run's results."),
});

const common = {
  schema: z.literal(PROFILE_SCHEMA_NAME),
  id: identifier,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, { error: "a version, such as 1.0.0" }),
  title: languageMap,
  summary: languageMap,
  jurisdiction: line.describe("ISO 3166 code, or `any`."),
  timeZone: line
    .refine(isTimeZone, { error: "an IANA time zone, such as Europe/Paris" })
    .describe("IANA name in which its dates are read, such as Europe/Paris."),
  instruments: z.array(instrumentSchema).min(1).max(200),
  practices: z
    .array(practiceSchema)
    .max(100)
    .default([])
    .describe("What is prohibited whatever the event, and the proof that it is absent."),
};

/** Law as data: a regime that can permit, or an overlay that only forbids. */
export const profileSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...common,
    kind: z.literal("regime"),
    rules: z.array(ruleSchema).min(1).max(500),
    otherwise: otherwiseSchema
      .nullable()
      .default(null)
      .describe("What a question is told that no rule answers: on what ground there is no legal basis."),
    /** What pictures it can be used on at all. */
    footage: z.array(z.enum(FOOTAGE_KINDS)).min(1),
    place: languageMap.describe("Which places it is for."),
    requires: requirementsSchema,
    limits: limitsSchema,
    handling: handlingSchema,
  }),
  z.strictObject({
    ...common,
    kind: z.literal("overlay"),
    rules: z.array(ruleSchema).max(500).describe("What it forbids. May be empty where it lists practices."),
    forWhom: languageMap,
    issuedBy: uri.nullable().default(null),
  }),
]);

export type Profile = Readonly<z.output<typeof profileSchema>>;
export type Regime = Extract<Profile, { kind: "regime" }>;
export type Overlay = Extract<Profile, { kind: "overlay" }>;
export type ProfileRule = Profile["rules"][number];
export type Instrument = Profile["instruments"][number];
export type Practice = Profile["practices"][number];
/** First and last day, both included, in the profile's time zone; null is open. */
export type DayInterval = ProfileRule["interval"];

/** A profile and the SHA-256 of its canonical JSON (RFC 8785). */
export interface Hashed<P extends Profile> {
  readonly profile: P;
  readonly sha256: string;
}
