import { randomBytes } from "node:crypto";
import { canonicalize } from "json-canonicalize";
import { fault } from "../errors.ts";
import { type JournalEntry, LEAF_TYPES, type Leaf } from "./leaf.ts";
import { leafHash } from "./merkle.ts";
import { canonicalPayload, payloadHash, payloadRefOf } from "./payloads.ts";
import type { PendingLeaf } from "./recovery.ts";

/** An entry that was looked at and can become a leaf. */
export interface CheckedEntry {
  readonly type: Leaf["type"];
  readonly actor: string;
  /** Canonical JSON. */
  readonly payload: string;
  /** Id under which a command handed it in. */
  readonly submission: string | null;
  /** Leaves whose payloads it erases. */
  readonly erases: readonly number[];
}

/** What nothing in the entry itself says. */
export interface EntryNotes {
  readonly submission?: string | undefined;
  readonly erases?: readonly number[];
}

/** @throws JOURNAL_ENTRY_INVALID, JOURNAL_ENTRY_TOO_LARGE where an entry cannot be a leaf */
export function checkEntry({ type, actor, payload }: JournalEntry, notes: EntryNotes = {}): CheckedEntry {
  if (!(LEAF_TYPES as readonly string[]).includes(type)) {
    throw fault("JOURNAL_ENTRY_INVALID", { what: `its type is not known: ${String(type).slice(0, 60)}` });
  }
  if (typeof actor !== "string" || actor.length === 0 || actor.length > 200 || !actor.isWellFormed()) {
    throw fault("JOURNAL_ENTRY_INVALID", { what: "its actor is not a text of 1 to 200 characters" });
  }
  const { submission = null, erases = [] } = notes;
  return { type, actor, payload: canonicalPayload(payload), submission, erases };
}

/** Makes the leaf of an entry. @param at RFC 3339. @param prevCheckpoint root of the newest checkpoint, hexadecimal. @throws JOURNAL_ENTRY_INVALID */
export function makeLeaf(
  entry: CheckedEntry,
  { seq, at, prevCheckpoint }: Pick<Leaf, "seq" | "at" | "prevCheckpoint">,
): PendingLeaf {
  const { type, actor, payload, submission, erases } = entry;
  // A leaf must be one that can be read again, whatever the clock shows.
  if (!/^\d{4}-/.test(at)) throw fault("JOURNAL_ENTRY_INVALID", { what: `the clock shows ${at}` });
  const salt = randomBytes(32);
  const content: Leaf = {
    seq,
    at,
    type,
    payloadHash: payloadHash(salt, payload),
    payloadRef: payloadRefOf(seq),
    actor,
    prevCheckpoint,
  };
  const leaf = Buffer.from(canonicalize(content), "utf8");
  return { record: { leaf, salt, payload, submission, erases }, hash: leafHash(leaf), at };
}
