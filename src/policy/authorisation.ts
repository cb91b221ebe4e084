import { z } from "zod";
import { EVENT_TYPES } from "../event.ts";
import { identifier, instant, isoDuration, languageMap, line, sha256Hex, uri, webAddress } from "./fields.ts";
import { USES } from "./question.ts";
import { signatureSchema } from "./signature.ts";

export const AUTHORISATION_SCHEMA_NAME = "contrechamp/authorisation@1";

export const AUTHORISATION_STATUSES = [
  "draft",
  "published",
  "active",
  "suspended",
  "expired",
  "withdrawn",
  "annulled",
  "never_took_effect",
  "renewed",
] as const;
export type AuthorisationStatus = (typeof AUTHORISATION_STATUSES)[number];

const organisation = z.strictObject({
  name: line,
  SIREN: z
    .string()
    .regex(/^\d{9}$/, { error: "nine digits" })
    .nullable()
    .default(null),
});

const country = z.string().regex(/^[A-Z]{2}$/, { error: "an ISO 3166 code of two capitals, such as FR" });

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)], {
  error: "[longitude, latitude] in degrees",
});
/** RFC 7946: the first ring is the outside, the others are holes; the last position repeats the first. */
const ring = z.array(position).min(4).max(10_000);
const perimeterSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("Polygon"), coordinates: z.array(ring).min(1) }),
  z.strictObject({ type: z.literal("MultiPolygon"), coordinates: z.array(z.array(ring).min(1)).min(1) }),
]);
export type Perimeter = Readonly<z.output<typeof perimeterSchema>>;

/** Where anybody reads it; a study that nobody publishes on the web names the text that stands beside it by its hash. */
const publicationAddress = uri.regex(/^(?:https?:\/\/|urn:contrechamp:document:[0-9a-f]{64}$)/, {
  error: "an address that begins with https:// or http://, or urn:contrechamp:document: and a SHA-256",
});

const condition = z.strictObject({
  id: identifier,
  text: languageMap,
  attestedBy: line.nullable().default(null),
  attestedAt: instant.nullable().default(null),
  validFor: isoDuration.describe("After so long the attestation has lapsed."),
  /** Of the latest attestation, by an attesting key. */
  signature: signatureSchema.nullable().default(null),
});

const statusEntry = z.strictObject({
  status: z.enum(AUTHORISATION_STATUSES),
  at: instant,
  by: line,
  reason: z.string().trim().min(1).max(2000),
  instrumentId: identifier.nullable().default(null),
  annulmentGround: z.enum(["procedural", "substantive"]).nullable().default(null),
  signature: signatureSchema.nullable().default(null),
});
export type StatusEntry = Readonly<z.output<typeof statusEntry>>;

const time = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: "a time of day, such as 08:30" });

const dailyWindow = z.strictObject({
  from: time,
  until: time.describe("Not after `from`: the window runs over midnight."),
  days: z
    .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
    .min(1)
    .nullable()
    .default(null),
});

/** What every authorisation decides, whatever it allows. */
const decided = {
  id: uri,
  reference: line.describe("Number of the decision, such as that of the arrêté."),
  title: languageMap,
  issuingAuthority: z.strictObject({
    name: line,
    type: z.enum(["prefet", "prefet_de_police", "court", "other"]),
    territory: line.describe("INSEE code of the territory, or of the seat."),
  }),
  legalBasis: z
    .array(z.strictObject({ instrumentId: identifier, article: line, profileId: identifier }))
    .min(1),
  controller: organisation.extend({ service: line, contact: line, dpo: line.nullable().default(null) }),
  associatedServices: z.array(line).default([]),
  processors: z.array(organisation.extend({ role: line, country })).default([]),
  purpose: languageMap,
  grounds: languageMap.describe("Necessity, proportionality, and the alternatives that were considered."),
  cameras: z.array(z.string().min(1).max(200)).min(1).max(10_000),
  perimeter: perimeterSchema.nullable().default(null),
  validFrom: instant,
  validUntil: instant.describe("The first instant at which it is no longer valid."),
  decidedAt: instant,
  documentSha256: sha256Hex.describe("Of the decision as it was signed by the authority."),
  dataLocation: z.array(country).min(1),
  appeal: z.strictObject({ court: line, deadline: line, howTo: languageMap }),
};

/** What becomes of every authorisation once it is decided. */
const life = {
  publishedAt: instant.nullable().default(null),
  publicationUrl: publicationAddress.nullable().default(null),
  status: z.enum(AUTHORISATION_STATUSES),
  statusHistory: z.array(statusEntry).min(1).max(10_000),
  /** Of everything that was decided (`decisionText`), by an issuing key. */
  decisionSignature: signatureSchema.nullable().default(null),
  /** Of the decision and of where and when it was published, by a publishing key. */
  publicationSignature: signatureSchema.nullable().default(null),
};

const document = z.strictObject({
  summary: line.nullable().default(null),
  url: webAddress.nullable().default(null),
  sha256: sha256Hex,
  date: instant,
});

const analytic = {
  /** Shown to a human, or counted in the dark for a test phase. */
  use: z.enum(USES).default("alert"),
  eventGathering: z
    .strictObject({
      name: line,
      start: instant,
      end: instant,
      attendanceExpected: z.int().min(0).nullable(),
      exposureGrounds: languageMap,
    })
    .nullable(),
  conditions: z.array(condition).max(200),
  events: z.array(z.enum(EVENT_TYPES)).min(1),
  analytics: z
    .array(z.strictObject({ analyticId: uri, modelSha256: sha256Hex, benchCertificateId: uri.nullable() }))
    .min(1),
  zones: z
    .array(
      z.strictObject({
        cameraId: z.string().min(1).max(200),
        event: z.enum(EVENT_TYPES),
        polygon: z
          .array(z.tuple([z.number(), z.number()]))
          .min(3)
          .max(1000),
        nature: z.enum(["forbidden", "sensitive", "counting"]),
        justification: line,
      }),
    )
    .default([]),
  /** Where the profile asks for it: the recordings that it is about. */
  recordings: z.array(z.strictObject({ name: line, sha256: sha256Hex })).default([]),
  dailyWindows: z.array(dailyWindow).default([]).describe("None: all day. In the profile's time zone."),
  maxDuration: isoDuration,
  renewalOf: uri.nullable().default(null),
  renewalCount: z.int().min(0).default(0),
  publicInformation: z.strictObject({
    means: z.array(line),
    noticeUrl: webAddress.nullable(),
    exempted: z.boolean(),
    exemptionGrounds: languageMap.nullable().default(null),
  }),
  operators: z
    .strictObject({ designationAct: line, count: z.int().min(1), trainingSyllabusSha256: sha256Hex })
    .nullable(),
  retention: z.strictObject({ clips: isoDuration, accessLogs: isoDuration, aggregates: isoDuration }),
  dpia: document.nullable(),
  fria: document.nullable().default(null),
  conformityAttestation: z.strictObject({ by: line, date: instant, url: webAddress }).nullable(),
  commissionOpinion: z.strictObject({ date: instant, sense: line }).nullable().default(null),
  cnil: z
    .strictObject({ opinionRef: line.nullable(), commitmentDate: instant.nullable() })
    .nullable()
    .default(null),
};

/**
 * The authorisation to film and the authorisation to analyse are two objects; having the one never gives the other
 * (Conseil d'État, 506370).
 */
export const authorisationSchema = z.discriminatedUnion("kind", [
  // The order of the keys is that in which documents are written: what was decided first, its life after it.
  z.strictObject({
    schema: z.literal(AUTHORISATION_SCHEMA_NAME),
    kind: z.literal("camera_authorisation"),
    ...decided,
    retention: z.strictObject({ clips: isoDuration }).nullable().default(null),
    ...life,
  }),
  z.strictObject({
    schema: z.literal(AUTHORISATION_SCHEMA_NAME),
    kind: z.literal("analytic_authorisation"),
    ...decided,
    ...analytic,
    ...life,
  }),
]);
export type Authorisation = Readonly<z.output<typeof authorisationSchema>>;
export type AnalyticAuthorisation = Extract<Authorisation, { kind: "analytic_authorisation" }>;
export type CameraAuthorisation = Extract<Authorisation, { kind: "camera_authorisation" }>;
