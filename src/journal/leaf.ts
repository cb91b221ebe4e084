import { z } from "zod";

/** Everything that leaves a trace. Closed: what is not named here is not written. */
export const LEAF_TYPES = [
  // the journal itself
  "journal_opened",
  "recovery",
  "checkpoint_witnessed",
  // what it runs under
  "profile",
  "authorisation",
  "thresholds",
  "certificate",
  "notice",
  "trust",
  "configuration",
  "documents_unreadable",
  // what the gate says
  "decision",
  "denials",
  "incident",
  // what runs
  "start",
  "stop",
  "model",
  "clock_check",
  "health",
  "hold",
  "hold_released",
  "shadow_counts",
  // what is shown, and what people make of it
  "alert",
  "disposition",
  // who works there, under pseudonyms
  "person",
  "sign_in",
  "operator_lapsed",
  // what becomes of the evidence
  "evidence",
  "view",
  "export",
  "erasure",
] as const;
export type LeafType = (typeof LEAF_TYPES)[number];

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * One line of the log. Its bytes, which are what the tree holds, are the canonical JSON (RFC 8785) of this object.
 * The payload lies beside the tree: erasing it, with its salt, leaves a hash that says nothing, and every proof
 * stays valid.
 */
export const leafSchema = z.strictObject({
  /** Index in the tree, from 0. */
  seq: z.int().min(0),
  /** When it was written, RFC 3339 in UTC with milliseconds. */
  at: z.iso.datetime({ precision: 3 }),
  type: z.enum(LEAF_TYPES),
  /** SHA-256 of 32 random bytes followed by the payload's canonical JSON. */
  payloadHash: hex,
  /** Where the payload lies, relative to the journal's folder. */
  payloadRef: z.string().min(1).max(200),
  /** Who acted: a pseudonym of a person, or `engine`. */
  actor: z.string().min(1).max(200),
  /** Root hash of the newest checkpoint that was signed before; null before the first. */
  prevCheckpoint: hex.nullable(),
});
export type Leaf = Readonly<z.output<typeof leafSchema>>;

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Something that happened, as it is handed to the journal. */
export interface JournalEntry {
  readonly type: LeafType;
  readonly actor: string;
  readonly payload: { readonly [key: string]: Json };
}

/** Said when, and only when, the leaf would survive the loss of power. */
export interface Acknowledgement {
  readonly seq: number;
  readonly at: string;
  /** RFC 6962 leaf hash: SHA-256 of 0x00 and the leaf's bytes, hexadecimal. */
  readonly leafHash: string;
}

/** Whatever takes entries: the journal itself, or the way to the process that holds it. */
export interface EntrySink {
  append(entry: JournalEntry): Promise<Acknowledgement>;
}
