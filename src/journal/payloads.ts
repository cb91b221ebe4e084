import { hash } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalize } from "json-canonicalize";
import { z } from "zod";
import { fault } from "../errors.ts";
import { isMissing, readUnwiped, replaceAndWipe, writeAll, writeDurably } from "./durable.ts";
import type { JournalEntry, Json } from "./leaf.ts";
import { numberPath } from "./tiles.ts";

/**
 * What the leaves are about, beside the tree: files of 256 lines of JSON, one a leaf, in the leaves' order. A leaf
 * holds only the hash of 32 random bytes and its payload; where the two are destroyed the hash says nothing any
 * more, and the tree stays as it is.
 */

/** Lines of a full segment. */
export const SEGMENT_WIDTH = 256;

/** Longest payload, as canonical JSON, in bytes. */
export const LONGEST_PAYLOAD = 262_144;

/** A payload as it is kept, or what stands in its place after its erasure. */
export type PayloadRecord = KeptPayload | ErasedPayload;

export interface KeptPayload {
  readonly seq: number;
  /** 32 random bytes, hexadecimal. */
  readonly salt: string;
  readonly payload: { readonly [key: string]: Json };
  /** Id under which a command handed it to the process that held the journal; null where it was written directly. */
  readonly submission: string | null;
}

export interface ErasedPayload {
  readonly seq: number;
  readonly erased: {
    /** RFC 3339. */
    readonly at: string;
    /** Index of the leaf that says who erased it, and why. */
    readonly by: number;
  };
}

/** File of the payload of a leaf, relative to the journal's folder. */
export function payloadRefOf(seq: number): string {
  return segmentPath(Math.floor(seq / SEGMENT_WIDTH));
}

/** File of a segment, relative to the journal's folder. */
export function segmentPath(index: number): string {
  return `payloads/${numberPath(index)}.jsonl`;
}

/** What a leaf holds of its payload: SHA-256 of the salt and the payload's canonical JSON, hexadecimal. */
export function payloadHash(salt: Uint8Array, canonical: string): string {
  return hash("sha256", Buffer.concat([salt, Buffer.from(canonical, "utf8")]), "hex");
}

/** Whether a kept payload is the one whose hash a leaf holds. */
export function isPayloadOf(record: KeptPayload, leaf: { readonly payloadHash: string }): boolean {
  return payloadHash(Buffer.from(record.salt, "hex"), canonicalize(record.payload)) === leaf.payloadHash;
}

/**
 * The canonical JSON (RFC 8785) of a payload.
 * @throws JOURNAL_ENTRY_INVALID where it is not plain JSON, JOURNAL_ENTRY_TOO_LARGE
 */
export function canonicalPayload(payload: JournalEntry["payload"]): string {
  const wrong = whatIsNoJson(payload, "payload", 0);
  if (wrong !== null) throw fault("JOURNAL_ENTRY_INVALID", { what: wrong });
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw fault("JOURNAL_ENTRY_INVALID", { what: "payload is not an object" });
  }
  const text = canonicalize(payload);
  const bytes = Buffer.byteLength(text);
  if (bytes > LONGEST_PAYLOAD) throw fault("JOURNAL_ENTRY_TOO_LARGE", { bytes, limit: LONGEST_PAYLOAD });
  return text;
}

/** A line of a segment, without its newline. @param payload canonical JSON */
export function formatPayload(
  seq: number,
  salt: Uint8Array,
  payload: string,
  submission: string | null,
): string {
  const handed = submission === null ? "null" : JSON.stringify(submission);
  return `{"payload":${payload},"salt":"${Buffer.from(salt).toString("hex")}","seq":${seq},"submission":${handed}}`;
}

/**
 * Reads the records of the first leaves of a segment. What follows them is not looked at: it may be being written.
 * @param count how many, 1 to 256
 * @throws JOURNAL_CUT where it holds fewer, JOURNAL_DAMAGED where one is not what it must be
 */
export async function readSegment(folder: string, index: number, count: number): Promise<PayloadRecord[]> {
  const lines = await readLines(folder, index);
  if (lines.length < count) {
    const what = `${segmentPath(index)} has ${lines.length} lines and must have ${count}`;
    throw fault("JOURNAL_CUT", { folder, what });
  }
  return lines.slice(0, count).map((line, i) => parsePayload(folder, index, i, line));
}

/** Reads the record of one leaf; null where there is none. @throws JOURNAL_DAMAGED */
export async function readPayload(folder: string, seq: number): Promise<PayloadRecord | null> {
  const index = Math.floor(seq / SEGMENT_WIDTH);
  const line = (await readLines(folder, index))[seq % SEGMENT_WIDTH];
  return line === undefined ? null : parsePayload(folder, index, seq % SEGMENT_WIDTH, line);
}

/** Those of some leaves whose payloads are not erased, in order. @throws JOURNAL_CUT, JOURNAL_DAMAGED */
export async function unerased(folder: string, seqs: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  const segments = Map.groupBy(seqs, (seq) => Math.floor(seq / SEGMENT_WIDTH));
  for (const [index, wanted] of segments) {
    const records = await readSegment(folder, index, (Math.max(...wanted) % SEGMENT_WIDTH) + 1);
    for (const seq of wanted) {
      const record = records[seq % SEGMENT_WIDTH];
      if (record !== undefined && !("erased" in record)) found.push(seq);
    }
  }
  return found;
}

/**
 * Adds lines to the segments. When it resolves they would survive the loss of power; when it rejects, or is killed,
 * the lines before `from` are as they were, and it can be done again. A segment that is not full is written on where
 * it ends: a copy of it would leave payloads on the disk that an erasure does not reach.
 * @param from seq of the first line that is added. @param added the lines, in order
 */
export async function addPayloads(folder: string, from: number, added: readonly string[]): Promise<void> {
  const begun = from % SEGMENT_WIDTH;
  const first = begun === 0 ? [] : added.slice(0, SEGMENT_WIDTH - begun);
  if (first.length > 0) await continueSegment(folder, Math.floor(from / SEGMENT_WIDTH), begun, first);

  const fresh = new Map<string, Buffer>();
  for (let next = first.length; next < added.length; next += SEGMENT_WIDTH) {
    const lines = added.slice(next, next + SEGMENT_WIDTH);
    fresh.set(segmentPath((from + next) / SEGMENT_WIDTH), bytesOf(lines));
  }
  if (fresh.size > 0) await writeDurably(folder, fresh);
}

/** @param kept how many lines the segment keeps; what a killed process wrote behind them is written again */
async function continueSegment(folder: string, index: number, kept: number, lines: readonly string[]) {
  const bytes = await readFile(join(folder, segmentPath(index)));
  let end = 0;
  for (let line = 0; line < kept; line += 1) {
    end = bytes.indexOf(0x0a, end) + 1;
    if (end === 0) {
      const what = `${segmentPath(index)} has ${line} lines and must have ${kept}`;
      throw fault("JOURNAL_CUT", { folder, what });
    }
  }
  const file = await open(join(folder, segmentPath(index)), "r+");
  try {
    await file.truncate(end);
    await writeAll(file, bytesOf(lines), end);
    await file.datasync();
  } finally {
    await file.close();
  }
}

function bytesOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(""), "utf8");
}

/**
 * Destroys salts and payloads in their segments, and overwrites them where they lay. Those that are erased already
 * stay as they are.
 */
export async function erasePayloads(
  folder: string,
  erased: ReadonlyMap<number, ErasedPayload["erased"]>,
): Promise<void> {
  const segments = Map.groupBy(erased.keys(), (seq) => Math.floor(seq / SEGMENT_WIDTH));
  for (const [index, seqs] of segments) {
    const lines = await readLines(folder, index);
    let changed = false;
    for (const seq of seqs) {
      const at = seq % SEGMENT_WIDTH;
      const line = lines[at];
      const how = erased.get(seq);
      if (line === undefined || how === undefined) {
        throw fault("JOURNAL_CUT", {
          folder,
          what: `${segmentPath(index)} lacks the payload of leaf ${seq}`,
        });
      }
      if ("erased" in parsePayload(folder, index, at, line)) continue;
      lines[at] = canonicalize({ erased: how, seq });
      changed = true;
    }
    if (changed) {
      await replaceAndWipe(join(folder, segmentPath(index)), bytesOf(lines));
    }
  }
}

const recordSchema = z.union([
  z.strictObject({
    payload: z.record(
      z.string(),
      z.custom<Json>(() => true),
    ),
    salt: z.string().regex(/^[0-9a-f]{64}$/),
    seq: z.int().min(0),
    submission: z.string().max(100).nullable(),
  }),
  z.strictObject({
    erased: z.strictObject({ at: z.iso.datetime({ precision: 3 }), by: z.int().min(0) }),
    seq: z.int().min(0),
  }),
]);

function parsePayload(folder: string, index: number, at: number, line: string): PayloadRecord {
  const seq = index * SEGMENT_WIDTH + at;
  const damaged = (what: string) =>
    fault("JOURNAL_DAMAGED", { folder, what: `line ${at + 1} of ${segmentPath(index)} ${what}` });
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    throw damaged("is not JSON");
  }
  const parsed = recordSchema.safeParse(read);
  if (!parsed.success) throw damaged("is not a payload with its salt, nor an erased one");
  if (parsed.data.seq !== seq) throw damaged(`is of leaf ${parsed.data.seq}, not ${seq}`);
  return parsed.data;
}

/** The whole lines of a segment: the last can be half written. None where there is no such file. */
async function readLines(folder: string, index: number): Promise<string[]> {
  try {
    const bytes = await readUnwiped(join(folder, segmentPath(index)));
    return bytes.toString("utf8").split("\n").slice(0, -1);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

const DEEPEST = 32;

/** Where and why a value is not plain JSON; null where it is. What RFC 8785 cannot write is not. */
function whatIsNoJson(value: unknown, where: string, depth: number): string | null {
  if (value === null || typeof value === "boolean") return null;
  if (typeof value === "string") return value.isWellFormed() ? null : `${where} holds half a character`;
  if (typeof value === "number") return Number.isFinite(value) ? null : `${where} is ${value}`;
  if (typeof value !== "object") return `${where} is of type ${typeof value}`;
  if (depth === DEEPEST) return `${where.slice(0, 60)}… lies more than ${DEEPEST} levels deep`;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) {
      const wrong = whatIsNoJson(value[i], `${where}[${i}]`, depth + 1);
      if (wrong !== null) return wrong;
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${where} is not a plain object`;
  for (const [key, inner] of Object.entries(value)) {
    if (!key.isWellFormed()) return `a name in ${where} holds half a character`;
    const wrong = whatIsNoJson(inner, `${where}.${key.slice(0, 60)}`, depth + 1);
    if (wrong !== null) return wrong;
  }
  return null;
}
