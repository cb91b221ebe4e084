import { hash } from "node:crypto";
import { canonicalize } from "json-canonicalize";
import { z } from "zod";
import { fault } from "../errors.ts";
import {
  type Checkpoint,
  openCheckpoint,
  type ParsedCheckpoint,
  parseCheckpoint,
  parseSize,
} from "./checkpoint.ts";
import { type Json, type Leaf, leafSchema } from "./leaf.ts";
import {
  consistencyProof,
  HASH_BYTES,
  type HashReader,
  inclusionProof,
  leafHash,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";
import { decodeBase64, type NoteVerifier, type OpenedNote, parseNote } from "./note.ts";

/**
 * Proofs as text files that fit in an e-mail and are checked offline. That a leaf is in the journal: C2SP tlog-proof
 * (https://c2sp.org/tlog-proof). That one state continues another: the body of add-checkpoint in C2SP tlog-witness
 * (https://c2sp.org/tlog-witness).
 */

/** What an inclusion proof carries beside the path, so that whoever has the file can read what it is about. */
export interface ProvenEntry {
  readonly leaf: Leaf;
  /** What happened, with the salt in hexadecimal that its hash needs; null where it is erased or not shown. */
  readonly opening: { readonly payload: { readonly [key: string]: Json }; readonly salt: string } | null;
}

/** The hash that a leaf vouches for, of what happened and its salt. */
export function openingHash({ payload, salt }: NonNullable<ProvenEntry["opening"]>): string {
  const text = Buffer.from(canonicalize(payload), "utf8");
  return hash("sha256", Buffer.concat([Buffer.from(salt, "hex"), text]), "hex");
}

/** A proof that was read, not yet checked. */
export interface InclusionFile {
  readonly index: number;
  readonly path: readonly Buffer[];
  readonly entry: ProvenEntry;
  /** The checkpoint as a signed note. */
  readonly note: string;
}

/** What holds once an inclusion proof is checked. */
export interface ProvenInclusion {
  readonly entry: ProvenEntry;
  readonly checkpoint: ParsedCheckpoint;
  readonly signatures: OpenedNote;
}

/**
 * Writes the proof that a leaf is in the tree of a checkpoint.
 * @param tree of the journal. @param note the checkpoint, signed
 */
export async function formatInclusionProof(
  tree: HashReader,
  entry: ProvenEntry,
  note: string,
): Promise<string> {
  const { size } = parseCheckpoint(parseNote(note).text);
  const { seq } = entry.leaf;
  if (seq >= size) throw fault("PROOF_BEYOND_CHECKPOINT", { seq, size });
  const path = await inclusionProof(tree, seq, size);
  const extra = Buffer.from(canonicalize(entry), "utf8").toString("base64");
  return [INCLUSION_HEAD, `extra ${extra}`, `index ${seq}`, ...path.map(base64), "", note].join("\n");
}

/** Reads such a file. @throws PROOF_MALFORMED, NOTE_MALFORMED */
export function parseInclusionProof(file: string): InclusionFile {
  const [head, note] = cut(file);
  const [first, extra, index, ...path] = head;
  if (first !== INCLUSION_HEAD) throw malformed(`its first line is not ${INCLUSION_HEAD}`);
  if (extra === undefined || !extra.startsWith("extra ")) throw malformed("it does not carry the leaf");
  if (index === undefined || !index.startsWith("index "))
    throw malformed("it does not say the leaf's number");
  parseNote(note);
  return {
    index: parseSize(index.slice("index ".length)),
    path: parseHashes(path),
    entry: parseEntry(extra.slice("extra ".length)),
    note,
  };
}

/**
 * Checks such a file: the checkpoint's signatures, the path, that the leaf is the one at its number, and that what
 * happened is what the leaf vouches for.
 * @throws PROOF_MALFORMED, PROOF_WRONG, NOTE_UNSIGNED, NOTE_SIGNATURE_WRONG, CHECKPOINT_MALFORMED
 */
export function verifyInclusionProof(file: string, verifiers: readonly NoteVerifier[]): ProvenInclusion {
  const { index, path, entry, note } = parseInclusionProof(file);
  const opened = openCheckpoint(note, verifiers);
  const { checkpoint } = opened;
  if (entry.leaf.seq !== index)
    throw fault("PROOF_WRONG", { what: "it carries another leaf than it numbers" });
  const { opening } = entry;
  if (opening !== null) {
    if (openingHash(opening) !== entry.leaf.payloadHash) {
      throw fault("PROOF_WRONG", { what: "what it says happened is not what the leaf vouches for" });
    }
  }
  const claim = {
    index,
    size: checkpoint.size,
    leafHash: leafHash(Buffer.from(canonicalize(entry.leaf), "utf8")),
    root: checkpoint.root,
    proof: path,
  };
  if (!verifyInclusion(claim)) {
    throw fault("PROOF_WRONG", { what: "the leaf is not in the tree of its checkpoint" });
  }
  return { entry, checkpoint, signatures: opened };
}

/** That a checkpoint continues an earlier state: what a witness is asked to cosign. */
export interface ConsistencyFile {
  /** Number of leaves of the earlier state; 0 for a witness that has seen nothing yet. */
  readonly oldSize: number;
  readonly path: readonly Buffer[];
  /** The newer checkpoint as a signed note. */
  readonly note: string;
}

/** Writes the proof that a signed checkpoint continues the tree of `oldSize` leaves. */
export async function formatConsistencyProof(
  tree: HashReader,
  oldSize: number,
  note: string,
): Promise<string> {
  const { size } = parseCheckpoint(parseNote(note).text);
  if (oldSize > size) throw fault("PROOF_BEYOND_CHECKPOINT", { seq: oldSize, size });
  const path = await consistencyProof(tree, oldSize, size);
  return [`old ${oldSize}`, ...path.map(base64), "", note].join("\n");
}

/** Whether a file is meant as such a proof. */
export function isConsistencyProof(file: string): boolean {
  return file.startsWith("old ");
}

/** Reads such a file. @throws PROOF_MALFORMED, NOTE_MALFORMED */
export function parseConsistencyProof(file: string): ConsistencyFile {
  const [head, note] = cut(file);
  const [old, ...path] = head;
  if (old === undefined || !old.startsWith("old "))
    throw malformed("its first line does not say the old size");
  parseNote(note);
  return { oldSize: parseSize(old.slice("old ".length)), path: parseHashes(path), note };
}

/** Whether the file's checkpoint continues this earlier one. Both are taken as they are: check signatures apart. */
export function continues(earlier: Checkpoint, later: Checkpoint, path: readonly Uint8Array[]): boolean {
  return verifyConsistency({
    from: earlier.size,
    to: later.size,
    fromRoot: earlier.root,
    toRoot: later.root,
    proof: path,
  });
}

const provenEntrySchema = z.strictObject({
  leaf: leafSchema,
  opening: z
    .strictObject({
      payload: z.record(z.string(), z.json()),
      salt: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .nullable(),
});

const INCLUSION_HEAD = "c2sp.org/tlog-proof@v1";
// tlog-witness: at most 63 lines.
const MOST_HASHES = 63;

/** The lines before the first empty one, and all that follows it. */
function cut(file: string): readonly [readonly string[], string] {
  const end = file.indexOf("\n\n");
  if (end < 0) throw malformed("no empty line stands before its checkpoint");
  return [file.slice(0, end).split("\n"), file.slice(end + 2)];
}

function parseHashes(lines: readonly string[]): readonly Buffer[] {
  if (lines.length > MOST_HASHES) throw malformed(`it has more than ${MOST_HASHES} hashes`);
  return lines.map((line) => {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) throw malformed("one of its lines is not a hash in base64");
    return hash;
  });
}

function parseEntry(encoded: string): ProvenEntry {
  const bytes = decodeBase64(encoded);
  if (bytes === null) throw malformed("its leaf is not in base64");
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (thrown) {
    throw fault("PROOF_MALFORMED", { what: "its leaf is not JSON" }, thrown);
  }
  const found = provenEntrySchema.safeParse(value);
  if (!found.success) throw malformed("its leaf does not have the fields of a leaf");
  // Other bytes than these would have another hash than the one that is checked.
  if (canonicalize(found.data) !== bytes.toString("utf8")) throw malformed("its leaf is not canonical JSON");
  return found.data;
}

function base64(hash: Uint8Array): string {
  return Buffer.from(hash).toString("base64");
}

function malformed(what: string) {
  return fault("PROOF_MALFORMED", { what });
}
