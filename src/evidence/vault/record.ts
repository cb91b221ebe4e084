import { z } from "zod";
import { EVENT_TYPES } from "../../event.ts";
import { sha256Hex } from "../../policy/fields.ts";
import { groundsSchema } from "../grounds.ts";
import { redactionSchema } from "../manifest.ts";
import type { SEALED_KINDS } from "./sealing.ts";

export const RECORD_SCHEMA_NAME = "contrechamp/sealed-evidence@1";

const digest = z.strictObject({ sha256: sha256Hex, bytes: z.int().min(0) });

const sealedFile = z.strictObject({
  /** Of what was sealed: who is given it in clear can check that it is this. */
  plain: digest,
  /** Of what lies in the vault. */
  sealed: digest,
});

/**
 * What is known of a sealed evidence without opening it, from the camera's process: plain data, the payload of its
 * `evidence` leaf. It holds nothing of a person.
 */
export const sealedRecordSchema = z.strictObject({
  schema: z.literal(RECORD_SCHEMA_NAME),
  evidenceId: z.uuid(),
  cameraId: z.string().min(1).max(200),
  /** The alert's id is its episode's. */
  episodeId: z.string().min(1).max(200),
  ruleId: z.string().min(1).max(200),
  event: z.enum(EVENT_TYPES),
  /** Instant of the alert. */
  at: z.iso.datetime(),
  files: z.strictObject({
    still: sealedFile,
    clip: sealedFile.nullable(),
    /** Null, as the clip, where a crash cut it short. */
    description: sealedFile.nullable(),
  } satisfies Record<(typeof SEALED_KINDS)[number], z.ZodType>),
  redaction: redactionSchema,
  sound: z.literal(false),
  grounds: groundsSchema,
  /** Which site key wraps its key. */
  siteKey: z.string().regex(/^[0-9a-f]{16}$/),
});
export type SealedRecord = Readonly<z.output<typeof sealedRecordSchema>>;

/** Why evidence was erased. Closed. */
export const ERASURE_CAUSES = [
  "retention", // its deadline has come
  "dismissed", // a person did not confirm the alert
  "undecided", // nobody said anything in time
  "by_hand", // a person erased it
  "authorisation_ended", // what it was made under was withdrawn or annulled
  "incomplete", // a crash left it without a record: nothing says what it was of
  "key_missing", // somebody or something outside Contrechamp removed its key
] as const;
export type ErasureCause = (typeof ERASURE_CAUSES)[number];

/** An erasure that was begun: it is finished whatever happens, at the latest at the next start. */
export const erasureIntentSchema = z.strictObject({
  schema: z.literal("contrechamp/erasure-intent@1"),
  evidenceId: z.uuid(),
  cause: z.enum(ERASURE_CAUSES),
  /** A pseudonym of a person, or `engine`. */
  by: z.string().min(1).max(200),
  reason: z.string().min(1).max(2000),
  at: z.iso.datetime(),
});
export type ErasureIntent = Readonly<z.output<typeof erasureIntentSchema>>;

/** An erasure that is done and in the journal. */
export const erasedSchema = z.strictObject({
  ...erasureIntentSchema.shape,
  schema: z.literal("contrechamp/erased@1"),
  journal: z.strictObject({ seq: z.int().min(0), leafHash: sha256Hex }),
});
export type Erased = Readonly<z.output<typeof erasedSchema>>;
