import { z } from "zod";
import { HEALTH_KINDS } from "../frames/health.ts";
import { eventName, itemName } from "./reference.ts";

/**
 * Everything that a measurement found, before any figure is made of it: what happened in each clip, what was raised,
 * and which belongs to which. Scores, intervals, curves, report, comparison and certificate are all worked out from
 * this one file, so whoever has it can work them out again. It holds instants, boxes of events, counts; no track and
 * nothing of a person.
 */
export const RECORD_SCHEMA_NAME = "contrechamp/audit@1";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const seconds = z.number();
const amount = z.number().min(0);
const whole = z.int().min(0);
const text = z.string().max(10_000);
/** Relative to the record's folder: no scheme, no root, no way up. */
const relativePath = z
  .string()
  .min(1)
  .regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\:]+$/);

const box = z.strictObject({ x: z.number(), y: z.number(), width: amount, height: amount });

export const referenceFactSchema = z.strictObject({
  begin: seconds,
  end: seconds,
  tolerance: amount,
  box: box.nullable(),
  /** Declared of this event alone. */
  conditions: z.record(z.string(), z.string()),
  /** Index in the rule's `alerts` of the one that hit it; null where it was missed. */
  alert: whole.nullable(),
  /** Redacted still of the moment; null where there is none. */
  still: relativePath.nullable(),
});

/** What looked like the event and was none. */
export const distractorFactSchema = z.strictObject({
  begin: seconds,
  end: seconds,
  tolerance: amount,
  /** Its kind. */
  what: text,
  box: box.nullable(),
  /** Index in the rule's `alerts` of the false alarm that it raised; null where it raised none. */
  alert: whole.nullable(),
});

export const ALERT_OUTCOMES = ["hit", "duplicate", "false_alarm"] as const;

export const alertFactSchema = z.strictObject({
  /** The instant it was raised, seconds of presentation time, after correction of the log's clock. */
  at: seconds,
  /** When it ended, where that is known. */
  until: seconds.nullable(),
  /** 0 to 1, or whatever scale the log has: higher is surer. Null where the system gives none. */
  confidence: z.number().nullable(),
  box: box.nullable(),
  outcome: z.enum(ALERT_OUTCOMES),
  /** Index in the rule's `references` of what it hit or repeated; null for a false alarm. */
  reference: whole.nullable(),
  /** Where in a log it stands. */
  origin: z.strictObject({ file: text, line: whole }).nullable(),
  still: relativePath.nullable(),
});

/** One rule (or, of a log without rules, one event) in one clip. */
export const ruleFactSchema = z.strictObject({
  rule: itemName,
  event: eventName,
  /** Whether the system looked for it at all. What was not looked for is missed, and has no exposure. */
  watched: z.boolean(),
  /** Why it was not. */
  reason: text.nullable(),
  /** How long the condition must hold before an alert; null where that is not known. */
  after: amount.nullable(),
  references: z.array(referenceFactSchema),
  alerts: z.array(alertFactSchema),
  /** Absent where the reference names none. */
  distractors: z.array(distractorFactSchema).exactOptional(),
});

export const countFactSchema = z.strictObject({
  rule: itemName,
  /** At the reference's instants: what it says, and what was measured then. */
  samples: z.array(z.strictObject({ at: seconds, reference: amount, measured: amount })),
});

/** HOTA as Luiten et al. 2021, MOTA as Bernardin 2008, IDF1 as Ristani 2016; shares of 1. */
export const trackingFactSchema = z.strictObject({
  hota: z.number(),
  mota: z.number(),
  idf1: z.number(),
  idSwitches: whole,
});

/** What a contested rule would have flagged: never an alert, never a person's picture. */
export const contestedFactSchema = z.strictObject({
  kind: z.enum(["static_presence", "running", "slow_walking"]),
  /** What it was set to, in words that a person can check: `standing for 60 s within 2 m`. */
  setting: text,
  /** Whom it would have flagged: when, and where in the picture. */
  episodes: z.array(z.strictObject({ begin: seconds, end: seconds, box })),
});

export const clipFactSchema = z.strictObject({
  id: itemName,
  /** Seconds that were analysed: the exposure. */
  seconds: amount,
  /** Clips of one camera share it: their events are no independent evidence, so they are resampled together. */
  camera: text,
  conditions: z.record(z.string(), z.string()),
  videoSha256: sha256.nullable(),
  referenceSha256: sha256.nullable(),
  picture: z.strictObject({ width: whole, height: whole }).nullable(),
  rules: z.array(ruleFactSchema),
  counts: countFactSchema.nullable(),
  tracking: trackingFactSchema.nullable(),
  contested: z.array(contestedFactSchema),
  /** The learnt background without anybody, redacted; null where there is none. */
  background: relativePath.nullable(),
  /** Null for a log. */
  wallSeconds: amount.nullable(),
  cpuSeconds: amount.nullable(),
  /** What the engine went through: frames dropped, view moved, suspended. */
  health: z.array(z.strictObject({ kind: z.enum(HEALTH_KINDS), at: seconds.nullable(), detail: text })),
  suspendedSeconds: amount,
  /** Why it could not be analysed to its end: then its references count as missed. */
  fault: z.strictObject({ code: text, message: text }).nullable(),
});

export const ALIGNMENTS = ["instant", "actev"] as const;

export const auditRecordSchema = z.strictObject({
  schema: z.literal(RECORD_SCHEMA_NAME),
  suite: z.strictObject({
    name: text,
    /** Seal: SHA-256 of the canonical JSON of all that the suite names, videos and references by their hash. */
    sha256,
  }),
  system: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("engine"),
      name: text,
      version: text,
      model: text,
      modelSha256: sha256,
      /** Networks that the suite's rules name for themselves, one an event at most; absent where none does. */
      slots: z.array(z.strictObject({ event: eventName, name: text, sha256 })).optional(),
      /** Of the engine's settings as they ran, canonical JSON. */
      configSha256: sha256,
    }),
    z.strictObject({
      kind: z.literal("log"),
      /** As whoever scores it calls the product. */
      name: text,
      files: z.array(z.strictObject({ name: text, sha256 })),
    }),
  ]),
  settings: z.strictObject({
    alignment: z.enum(ALIGNMENTS),
    /** i-LIDS: how much more recall weighs than precision; 1 gives F1. */
    recallBias: z.number().positive(),
    /** Keys of the conditions that were to be compared, named before anything was measured; absent where none was. */
    preregistered: z.array(text).max(100).optional(),
  }),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** The command as it was given. */
  command: text,
  clips: z.array(clipFactSchema),
  log: z
    .strictObject({
      rows: whole,
      /** Rows that could not be scored; the first of them with their reason. */
      rejected: whole,
      rejections: z.array(z.strictObject({ file: text, line: whole, code: text, message: text })).max(1000),
      /** The log's clock minus the reference's, seconds; null where it could not be estimated. */
      clockOffset: z
        .strictObject({ seconds: z.number(), applied: z.boolean(), pairs: whole, spread: amount })
        .nullable(),
    })
    .nullable(),
});

export type AuditRecord = z.output<typeof auditRecordSchema>;
export type ClipFact = z.output<typeof clipFactSchema>;
export type RuleFact = z.output<typeof ruleFactSchema>;
export type ReferenceFact = z.output<typeof referenceFactSchema>;
export type DistractorFact = z.output<typeof distractorFactSchema>;
export type AlertFact = z.output<typeof alertFactSchema>;
export type CountFact = z.output<typeof countFactSchema>;
export type TrackingFact = z.output<typeof trackingFactSchema>;
export type ContestedFact = z.output<typeof contestedFactSchema>;
export type AlignmentKind = (typeof ALIGNMENTS)[number];
