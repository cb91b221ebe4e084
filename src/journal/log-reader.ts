import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { fault } from "../errors.ts";
import { type ParsedCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { isMissing, readUnwiped } from "./durable.ts";
import { decodeBundle } from "./entry-bundle.ts";
import type { Json, Leaf } from "./leaf.ts";
import { readTail, type TailContents } from "./log-file.ts";
import { parseNote } from "./note.ts";
import { type ErasedPayload, isPayloadOf, SEGMENT_WIDTH, segmentPath } from "./payloads.ts";
import { entriesPath, readTileFile, TILE_WIDTH, tileWidth } from "./tiles.ts";
import { parseLeaf } from "./verify-leaves.ts";
import { CHECKPOINT_FILE, openSource } from "./verify-source.ts";

/** A leaf with what it is about. */
export interface LogEntry {
  readonly leaf: Leaf;
  readonly content:
    | { readonly kind: "kept"; readonly payload: { readonly [key: string]: Json }; readonly salt: string }
    | ({ readonly kind: "erased" } & ErasedPayload["erased"])
    /** Left out of a bundle, or outside of its part. */
    | { readonly kind: "withheld" };
}

/** Where the reading begins and ends. */
export interface ReadRange {
  /** First leaf; 0 where missing. */
  readonly from?: number;
  /** First leaf that is not read any more; all where missing. */
  readonly to?: number;
}

/** The signed state of a journal or bundle. */
export interface StoredCheckpoint extends ParsedCheckpoint {
  /** The signed note. */
  readonly note: string;
}

/** Reads the signed state, without checking who signed it. Null before the first. @throws CHECKPOINT_MALFORMED */
export async function readCheckpoint(folder: string): Promise<StoredCheckpoint | null> {
  let note: string;
  try {
    note = await readFile(join(folder, CHECKPOINT_FILE), "utf8");
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
  return { ...parseCheckpoint(parseNote(note).text), note };
}

/**
 * Reads a journal or a bundle from the first leaf to the last, beside whatever process writes it: what the signed
 * state speaks of, then what follows it in the tail. Each payload that is there is the one that its leaf vouches
 * for; that the leaves are those that were signed is a matter for `verifyJournal`.
 * @throws VERIFY_NO_JOURNAL, JOURNAL_DAMAGED
 */
export async function* readLog(folder: string, range: ReadRange = {}): AsyncGenerator<LogEntry, void> {
  const source = await openSource(folder);
  // The tail first: what leaves it for the tiles meanwhile is then found there, and nothing falls between.
  const tail = source.kind === "journal" ? await readTail(folder) : null;
  const size = (await readCheckpoint(folder))?.size ?? 0;
  const from = Math.max(range.from ?? 0, source.range?.from ?? 0);
  const to = Math.min(range.to ?? Number.POSITIVE_INFINITY, source.range?.to ?? Number.POSITIVE_INFINITY);
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < Math.min(size, to); index += 1) {
    const first = index * TILE_WIDTH;
    const bundle = await leavesOf(folder, index, size);
    const lines = await linesOf(folder, index);
    for (const [i, bytes] of bundle.entries()) {
      const seq = first + i;
      if (seq >= from && seq < to) yield entryOf(folder, seq, bytes, lines[seq % SEGMENT_WIDTH]);
    }
  }
  if (tail !== null) yield* tailEntries(folder, tail, Math.max(size, from), to);
}

/** Reads the signed leaves alone, without what they are about. @throws as `readLog` */
export async function* readLeaves(folder: string): AsyncGenerator<Leaf, void> {
  const { range } = await openSource(folder);
  const size = (await readCheckpoint(folder))?.size ?? 0;
  const { from, to } = range ?? { from: 0, to: size };
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < Math.min(size, to); index += 1) {
    for (const [i, bytes] of (await leavesOf(folder, index, size)).entries()) {
      const seq = index * TILE_WIDTH + i;
      const leaf = parseLeaf(bytes);
      if (leaf === null || leaf.seq !== seq) throw damaged(folder, `leaf ${seq} is none`);
      if (seq >= from && seq < to) yield leaf;
    }
  }
}

/** Reads one leaf. @throws JOURNAL_NO_LEAF, and as `readLog` */
export async function readLogEntry(folder: string, seq: number): Promise<LogEntry> {
  for await (const entry of readLog(folder, { from: seq, to: seq + 1 })) return entry;
  const size = (await readCheckpoint(folder))?.size ?? 0;
  throw fault("JOURNAL_NO_LEAF", { seq, size });
}

function* tailEntries(
  folder: string,
  { base, records }: TailContents,
  from: number,
  to: number,
): Generator<LogEntry> {
  for (const [i, { leaf: bytes, salt, payload }] of records.entries()) {
    const seq = base + i;
    if (seq < from || seq >= to) continue;
    const leaf = parseLeaf(bytes);
    const read: unknown = JSON.parse(payload);
    const parsed = payloadSchema.safeParse(read);
    if (leaf === null || !parsed.success) throw damaged(folder, `leaf ${seq} of its tail is none`);
    yield { leaf, content: { kind: "kept", payload: parsed.data, salt: salt.toString("hex") } };
  }
}

async function leavesOf(folder: string, index: number, size: number): Promise<Buffer[]> {
  const width = tileWidth(0, index, size);
  const found = await readTileFile(folder, (one) => entriesPath(index, one), width);
  if (found === null) throw damaged(folder, `${entriesPath(index, width)} is missing`);
  try {
    return decodeBundle(found.bytes, found.width).slice(0, width);
  } catch (thrown) {
    throw fault("JOURNAL_DAMAGED", { folder, what: `${entriesPath(index, width)} is broken` }, thrown);
  }
}

async function linesOf(folder: string, index: number): Promise<readonly string[]> {
  try {
    return (await readUnwiped(join(folder, segmentPath(index)))).toString("utf8").split("\n");
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

function entryOf(folder: string, seq: number, bytes: Buffer, line: string | undefined): LogEntry {
  const leaf = parseLeaf(bytes);
  if (leaf === null || leaf.seq !== seq) throw damaged(folder, `leaf ${seq} is none`);
  if (line === undefined || line === "") return { leaf, content: { kind: "withheld" } };
  const record = parseRecord(line);
  if (record === null || record.seq !== seq) throw damaged(folder, `the payload of leaf ${seq} is none`);
  if ("withheld" in record) return { leaf, content: { kind: "withheld" } };
  if ("erased" in record) return { leaf, content: { kind: "erased", ...record.erased } };
  if (!isPayloadOf(record, leaf)) {
    throw damaged(folder, `the payload of leaf ${seq} is not the one that the leaf vouches for`);
  }
  return { leaf, content: { kind: "kept", payload: record.payload, salt: record.salt } };
}

const payloadSchema = z.record(
  z.string(),
  z.custom<Json>(() => true),
);
const recordSchema = z.union([
  z.strictObject({
    payload: payloadSchema,
    salt: z.string().regex(/^[0-9a-f]{64}$/),
    seq: z.int(),
    submission: z.string().nullable(),
  }),
  z.strictObject({ erased: z.strictObject({ at: z.string(), by: z.int() }), seq: z.int() }),
  z.strictObject({ seq: z.int(), withheld: z.literal(true) }),
]);

function parseRecord(line: string): z.output<typeof recordSchema> | null {
  try {
    return recordSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function damaged(folder: string, what: string) {
  return fault("JOURNAL_DAMAGED", { folder, what });
}
