import { z } from "zod";
import { AUTHORISATION_STATUSES } from "../policy/authorisation.ts";
import { languageMap, sha256Hex } from "../policy/fields.ts";
import { HOLD_CAUSES } from "../policy/hold.ts";
import { VERIFICATIONS } from "../policy/profile.ts";
import { FOOTAGE_KINDS, USES } from "../policy/question.ts";
import { REASON_CODES } from "../policy/reasons.ts";

/** An instant, UTC. */
const instant = z.iso.datetime({ precision: 3 });
/** An ISO 8601 duration. */
const length = z.string();
const error = z.strictObject({ code: z.string(), message: z.string(), help: z.string() });

const ruleSchema = z.strictObject({
  id: z.string(),
  event: z.string(),
  place: z.string(),
  /** How long it must last before it alerts. */
  after: z.string(),
});

const cameraSchema = z.strictObject({
  id: z.string(),
  /** Without credentials. */
  source: z.string(),
  /** Environment variables that the source needs and that are not set here. */
  missingVariables: z.array(z.string()),
  /** Null without calibration. */
  calibration: z
    .strictObject({ pairs: z.int(), residualMetres: z.number(), residualPixels: z.number() })
    .nullable(),
  /** `areaM2` is null where it is not known. */
  zones: z.array(z.strictObject({ id: z.string(), nature: z.string(), areaM2: z.number().nullable() })),
  rules: z.array(ruleSchema),
});

const modelSchema = z.strictObject({
  name: z.string(),
  /** `absent`: it is fetched when it is first needed. Null where it cannot be used at all: see `error`. */
  state: z.enum(["ready", "absent", "refused"]).nullable(),
  error: error.nullable(),
});

/** A rule of a profile, as a reader can look it up and as somebody has compared it with the official text. */
const lawSchema = z.strictObject({
  profileId: z.string(),
  ruleId: z.string(),
  text: languageMap,
  /** Instrument, article and address. */
  citation: z.string(),
  verification: z.enum(VERIFICATIONS),
  checkedBy: z.string().nullable(),
  checkedOn: z.iso.date().nullable(),
});

const reasonSchema = z.strictObject({
  code: z.enum(REASON_CODES),
  /** The profile's rule, the document's id or the hold's id; null where nothing is there to name. */
  ruleId: z.string().nullable(),
  source: z.string(),
  /** Where it is a profile's rule. */
  law: lawSchema.nullable(),
});

const authorisationSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(["camera_authorisation", "analytic_authorisation"]),
  reference: z.string(),
  authority: z.string(),
  title: languageMap,
  status: z.enum(AUTHORISATION_STATUSES),
  validFrom: z.string(),
  validUntil: z.string(),
});

/** What the gate says of one rule of a camera; of a camera without rules, of one event. */
const answerSchema = z.strictObject({
  ruleId: z.string(),
  event: z.string(),
  allow: z.boolean(),
  reasons: z.array(reasonSchema).min(1),
  /** The one that permits, or that came nearest to it. */
  authorisation: authorisationSchema.nullable(),
  /** The next instant at which the answer is the other one if nothing but time passes; null where there is none. */
  turn: z.strictObject({ at: instant, allow: z.boolean(), reasons: z.array(reasonSchema).min(1) }).nullable(),
  /** Where there were too many clocks to look at all: until then it does not turn. Null where all were looked at. */
  lookedAheadTo: instant.nullable(),
  /** Permissions of the law that would apply if somebody verified them. The rest of the answer stays. */
  ifVerified: z.array(lawSchema),
  /** How long evidence of an alert is kept at most, and how long without a person's word; null where none is made. */
  evidence: z.strictObject({ atMost: length, undecidedFor: length.nullable() }).nullable(),
});

const gateCameraSchema = z.strictObject({
  id: z.string(),
  footage: z.enum(FOOTAGE_KINDS),
  recordingSha256: sha256Hex.nullable(),
  /** Why its footage cannot be named: `watch` leaves it out. Null where it can. */
  error: error.nullable(),
  /** The instant asked about. */
  at: instant,
  /**
   * What instant that is: now; the one that was given; that at which its recording begins, by which it is judged;
   * or now, because nobody says when that recording was taken.
   */
  instant: z.enum(["now", "given", "recording", "recording_without_start"]),
  /** Whether `watch` would begin with it. */
  runs: z.boolean(),
  answers: z.array(answerSchema).min(1),
});

const profileSchema = z.strictObject({
  id: z.string(),
  version: z.string(),
  sha256: sha256Hex,
  title: languageMap,
  /** How many of its rules are how well verified. */
  rules: z.strictObject({ verified: z.int(), secondary: z.int(), unverified: z.int() }),
  /** The newest check of a rule. */
  checkedOn: z.iso.date().nullable(),
});

const holdSchema = z.strictObject({
  /** Null of one that a start would place. */
  id: z.uuid().nullable(),
  cause: z.enum(HOLD_CAUSES),
  /** The camera that is held; null where it is all of the site, or more. */
  cameraId: z.string().nullable(),
  everything: z.boolean(),
  at: z.iso.datetime({ offset: true }),
  by: z.string(),
  reason: z.string(),
  /** Whether it stands now; else a start of `watch` would place it. */
  placed: z.boolean(),
});

const stateSchema = z.strictObject({
  folder: z.string(),
  /** Why `watch` would not take this folder; null where it would. */
  error: error.nullable(),
  exists: z.boolean(),
  writable: z.boolean(),
  /** Null where none was begun. */
  journal: z
    .strictObject({
      folder: z.string(),
      writable: z.boolean(),
      /** Leaves that are there, and when the newest was written. */
      leaves: z.int(),
      newest: instant.nullable(),
      /** The newest that was signed: how many leaves it covers, and when the last of them was written. */
      checkpoint: z.strictObject({ leaves: z.int(), at: instant.nullable() }).nullable(),
      error: error.nullable(),
    })
    .nullable(),
});

const gateSchema = z.strictObject({
  /** The instant asked about, recordings that have their own apart. */
  at: instant,
  /** Whether somebody named it: then the journal's clock is not compared with it. */
  given: z.boolean(),
  /** IANA name in which dates and times are told: that of the profile, UTC without one. */
  timeZone: z.string(),
  use: z.enum(USES),
  profile: profileSchema.nullable(),
  overlays: z.array(profileSchema),
  documents: z.strictObject({
    folder: z.string().nullable(),
    authorisations: z.array(authorisationSchema),
    certificates: z.int(),
    notices: z.int(),
  }),
  /** Files that cannot be read: with one of them nothing runs. */
  faults: z.array(z.strictObject({ file: z.string(), code: z.string(), message: z.string() })),
  holds: z.array(holdSchema),
  state: stateSchema,
  /** How the profile keeps what an alert shows; null without a profile. */
  evidence: z
    .strictObject({
      atRest: z.enum(["encrypted", "clear"]),
      clips: z.enum(["confirmed", "always"]),
      atMost: length,
    })
    .nullable(),
  cameras: z.array(gateCameraSchema).min(1),
});

/** What `check --json` prints. */
export const checkReportSchema = z.strictObject({
  schema: z.literal("contrechamp/check@1"),
  file: z.string(),
  /** No error: the file can be used. */
  valid: z.boolean(),
  /** Of the configuration as it would run, the command line's part included; null where it cannot be used. */
  configSha256: sha256Hex.nullable(),
  /** The network that it names, and whether it is here; null where the file cannot be used. */
  model: modelSchema.nullable(),
  /** Networks that rules name for themselves, with the event that each is for. */
  slots: z.array(modelSchema.extend({ event: z.string(), manifest: z.string() })),
  /** Empty where it cannot be used. */
  cameras: z.array(cameraSchema),
  problems: z.array(
    error.extend({
      severity: z.enum(["error", "warning"]),
      /** In the file, from 1. */
      line: z.int(),
      column: z.int(),
      /** As it is written in messages, such as `cameras[0].rules[1].after`. */
      path: z.string(),
    }),
  ),
  /** What the gate says; null where it cannot be asked: the file, or its model, cannot be used. */
  gate: gateSchema.nullable(),
});

export type CheckReport = Readonly<z.output<typeof checkReportSchema>>;
export type CheckedSlot = CheckReport["slots"][number];
export type CheckedModel = Readonly<z.output<typeof modelSchema>>;
export type CheckedCamera = Readonly<z.output<typeof cameraSchema>>;
export type CheckedRule = Readonly<z.output<typeof ruleSchema>>;
export type CheckedGate = Readonly<z.output<typeof gateSchema>>;
export type GateCamera = Readonly<z.output<typeof gateCameraSchema>>;
export type GateAnswer = Readonly<z.output<typeof answerSchema>>;
export type CheckedReason = Readonly<z.output<typeof reasonSchema>>;
export type CheckedLaw = Readonly<z.output<typeof lawSchema>>;
export type CheckedProfile = Readonly<z.output<typeof profileSchema>>;
export type CheckedAuthorisation = Readonly<z.output<typeof authorisationSchema>>;
export type CheckedHold = Readonly<z.output<typeof holdSchema>>;
export type CheckedState = Readonly<z.output<typeof stateSchema>>;
export type CheckedError = Readonly<z.output<typeof error>>;
