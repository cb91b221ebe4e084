import { fault } from "../errors.ts";
import {
  decodeBase64,
  type NoteSigner,
  type NoteVerifier,
  type OpenedNote,
  openNote,
  signNote,
} from "./note.ts";

/**
 * The state of a log in three lines, after C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint): its name, how
 * many leaves it has, and the root hash of its tree (RFC 6962, section 2.1). Whoever keeps these lines can tell
 * later whether anything before them was changed.
 */
export interface Checkpoint {
  /** The log's unique name, such as example.org/journal. */
  readonly origin: string;
  /** Number of leaves, at most 2^53 - 1. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Lines that nobody checks. Written by none of ours. */
  readonly extensions?: readonly string[];
}

/** Writes the text of a checkpoint, with its final newline. @throws CHECKPOINT_MALFORMED */
export function formatCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  if (!isLine(origin)) throw malformed("its name is empty or holds a line break");
  if (!Number.isSafeInteger(size) || size < 0) throw malformed(`its size ${size} is not a count`);
  if (root.length !== 32) throw malformed(`its root hash has ${root.length} bytes, not 32`);
  if (!extensions.every(isLine)) throw malformed("one of its further lines is empty or holds a line break");
  return `${[origin, size, Buffer.from(root).toString("base64"), ...extensions].join("\n")}\n`;
}

/** A checkpoint as it was read. */
export type ParsedCheckpoint = Required<Checkpoint> & { readonly root: Buffer };

/** Reads the text of a checkpoint: a note's text, signatures apart. @throws CHECKPOINT_MALFORMED */
export function parseCheckpoint(text: string): ParsedCheckpoint {
  if (!text.endsWith("\n")) throw malformed("it does not end in a newline");
  const [origin, size, root, ...extensions] = text.slice(0, -1).split("\n");
  if (origin === undefined || size === undefined || root === undefined) {
    throw malformed("it has fewer than three lines");
  }
  if (!isLine(origin)) throw malformed("its first line, the log's name, is empty");
  if (!extensions.every(isLine)) throw malformed("it holds an empty line");
  const hash = decodeBase64(root);
  if (hash === null || hash.length !== 32) throw malformed("its third line is not 32 bytes in base64");
  return { origin, size: parseSize(size), root: hash, extensions };
}

/** Reads a number of leaves: decimal digits without leading zeros. @throws CHECKPOINT_MALFORMED */
export function parseSize(text: string): number {
  const size = Number(text);
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text) || !Number.isSafeInteger(size)) {
    throw malformed("its size is not a decimal number below 2^53 without leading zeros");
  }
  return size;
}

/** A checkpoint as a note, signed by the log and by whoever else. */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly NoteSigner[]): string {
  return signNote(formatCheckpoint(checkpoint), signers);
}

/** Reads a signed checkpoint and checks its signatures as `openNote` does. */
export function openCheckpoint(
  note: string | Uint8Array,
  verifiers: readonly NoteVerifier[],
): OpenedNote & { readonly checkpoint: ParsedCheckpoint } {
  const opened = openNote(note, verifiers);
  return { ...opened, checkpoint: parseCheckpoint(opened.text) };
}

function isLine(text: string): boolean {
  return text !== "" && !/[\n\r]/.test(text);
}

function malformed(what: string) {
  return fault("CHECKPOINT_MALFORMED", { what });
}
