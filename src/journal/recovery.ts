import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CodedError, fault } from "../errors.ts";
import { openCheckpoint, type ParsedCheckpoint } from "./checkpoint.ts";
import { isMissing, reasonOf } from "./durable.ts";
import { decodeBundle } from "./entry-bundle.ts";
import { type Leaf, leafSchema } from "./leaf.ts";
import { readTail, TAIL_FILE, type TailRecord } from "./log-file.ts";
import { leafHash, nodeHash } from "./merkle.ts";
import type { NoteVerifier } from "./note.ts";
import { isPayloadOf, payloadHash, readPayload } from "./payloads.ts";
import {
  entriesPath,
  readTileFile,
  TILE_HEIGHT,
  TILE_WIDTH,
  TileEdge,
  TileReader,
  tilePath,
  tileWidth,
} from "./tiles.ts";

/** The newest checkpoint, as the log itself signed it. */
export const CHECKPOINT_FILE = "checkpoint";

/** A checkpoint that was signed. */
export interface SignedCheckpoint {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  /** The signed note. */
  readonly note: string;
}

/** A leaf that is acknowledged, and that no checkpoint covers yet. */
export interface PendingLeaf {
  readonly record: TailRecord;
  readonly hash: Buffer;
  readonly at: string;
}

/** What a folder holds, read and checked as far as its right edge. */
export interface Recovered {
  readonly edge: TileEdge;
  /** Null before the first. */
  readonly checkpoint: SignedCheckpoint | null;
  /** Leaves of the entry bundle that the checkpoint leaves unfinished. */
  readonly bundle: readonly Buffer[];
  readonly pending: readonly PendingLeaf[];
  /** The newest leaf's time; null where there is none. */
  readonly newest: string | null;
  /** Bytes of a write that was interrupted. */
  readonly torn: number;
  /** Whether the journal was not closed: its tail held leaves, or an interrupted write. */
  readonly unclean: boolean;
}

/** Whether a journal was begun in a folder. @throws JOURNAL_CUT where only a part of one is there */
export async function isBegun(folder: string): Promise<boolean> {
  const there = await Promise.all(
    [CHECKPOINT_FILE, TAIL_FILE, "tile", "payloads"].map((one) => exists(folder, one)),
  );
  const [checkpoint, tail, tiles, payloads] = there;
  if (checkpoint && !tail) throw fault("JOURNAL_CUT", { folder, what: `${TAIL_FILE} is missing` });
  if (!tail && (tiles || payloads)) {
    throw fault("JOURNAL_CUT", { folder, what: `${CHECKPOINT_FILE} and ${TAIL_FILE} are missing` });
  }
  return tail === true;
}

/**
 * Reads what a journal's folder holds, and changes nothing. The leaves that the checkpoint covers are taken from the
 * tiles, as far as their right edge, and not hashed anew: that is what verifying is for. Those behind it come from
 * the tail.
 * @throws JOURNAL_DAMAGED, JOURNAL_CUT
 */
export async function recover(folder: string, verifier: NoteVerifier): Promise<Recovered> {
  const checkpoint = await readCheckpoint(folder, verifier);
  const size = checkpoint?.size ?? 0;
  const reader = new TileReader(folder, size);
  const edge = await TileEdge.read(reader, size);
  if (checkpoint !== null && !edge.root().equals(checkpoint.root)) {
    throw fault("JOURNAL_DAMAGED", {
      folder,
      what: "its tiles do not have the root that its checkpoint signs",
    });
  }
  await checkTileEdge(folder, reader, size);
  const leaves = await readLastBundle(folder, reader, size);
  const last = leaves.at(-1);
  let newest = last === undefined ? null : parseLeaf(folder, last, size - 1);
  if (newest !== null) await checkLastPayload(folder, newest);

  const tail = await readTail(folder);
  const end = tail.base + tail.records.length;
  if (tail.base > size) {
    const what = `its checkpoint covers ${size} leaves, and ${TAIL_FILE} begins only with leaf ${tail.base}`;
    throw fault("JOURNAL_CUT", { folder, what });
  }
  if (end < size) {
    const what = `its checkpoint covers ${size} leaves, and ${TAIL_FILE} ends with leaf ${end - 1}`;
    throw fault("JOURNAL_CUT", { folder, what });
  }
  const pending: PendingLeaf[] = [];
  for (const [i, record] of tail.records.entries()) {
    const seq = tail.base + i;
    const hash = leafHash(record.leaf);
    if (seq < size) {
      if (!hash.equals(await reader.hash(0, seq))) throw otherLeaf(folder, seq);
      continue;
    }
    newest = parseLeaf(folder, record.leaf, seq);
    if (payloadHash(record.salt, record.payload) !== newest.payloadHash) throw otherLeaf(folder, seq);
    pending.push({ record, hash, at: newest.at });
    edge.append(hash);
  }
  return {
    edge,
    checkpoint,
    bundle: size % TILE_WIDTH === 0 ? [] : leaves,
    pending,
    newest: newest?.at ?? null,
    torn: tail.torn,
    unclean: tail.records.length > 0 || tail.torn > 0,
  };
}

async function readCheckpoint(folder: string, verifier: NoteVerifier): Promise<SignedCheckpoint | null> {
  let note: string;
  try {
    note = await readFile(join(folder, CHECKPOINT_FILE), "utf8");
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
  let checkpoint: ParsedCheckpoint;
  try {
    checkpoint = openCheckpoint(note, [verifier]).checkpoint;
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    throw fault(
      "JOURNAL_DAMAGED",
      { folder, what: `its checkpoint cannot be believed (${thrown.message})` },
      thrown,
    );
  }
  if (checkpoint.origin !== verifier.name) {
    throw fault("JOURNAL_DAMAGED", { folder, what: `its checkpoint is of ${checkpoint.origin}` });
  }
  return { size: checkpoint.size, root: checkpoint.root, note };
}

/** The last full tile of each level must be what the level above says of it. */
async function checkTileEdge(folder: string, reader: TileReader, size: number): Promise<void> {
  for (let level = 1; TILE_WIDTH ** level <= size; level += 1) {
    const last = Math.floor(size / TILE_WIDTH ** level) - 1;
    let nodes: Buffer[] = [];
    for (let i = 0; i < TILE_WIDTH; i += 1) {
      nodes.push(await reader.hash((level - 1) * TILE_HEIGHT, last * TILE_WIDTH + i));
    }
    while (nodes.length > 1) {
      const below = nodes;
      nodes = below.flatMap((left, i) => {
        const right = below[i + 1];
        return i % 2 === 0 && right !== undefined ? [nodeHash(left, right)] : [];
      });
    }
    if (nodes[0]?.equals(await reader.hash(level * TILE_HEIGHT, last)) !== true) {
      const what = `${tilePath(level - 1, last)} is not what the tile above it says`;
      throw fault("JOURNAL_DAMAGED", { folder, what });
    }
  }
}

/** The leaves of the last entry bundle, checked against their hashes. */
async function readLastBundle(folder: string, reader: TileReader, size: number): Promise<Buffer[]> {
  if (size === 0) return [];
  const index = Math.floor((size - 1) / TILE_WIDTH);
  const leaves = await readEntries(folder, index, size);
  for (const [i, leaf] of leaves.entries()) {
    const seq = index * TILE_WIDTH + i;
    if (!leafHash(leaf).equals(await reader.hash(0, seq))) throw otherLeaf(folder, seq);
  }
  return leaves;
}

/**
 * The leaves of one entry bundle, as many as a log of `size` has in it.
 * @throws JOURNAL_CUT where it is not there, JOURNAL_DAMAGED where it is not whole
 */
export async function readEntries(folder: string, index: number, size: number): Promise<Buffer[]> {
  const width = tileWidth(0, index, size);
  const found = await readTileFile(folder, (one) => entriesPath(index, one), width);
  if (found === null) throw fault("JOURNAL_CUT", { folder, what: `${entriesPath(index, width)} is missing` });
  try {
    return decodeBundle(found.bytes, found.width).slice(0, width);
  } catch (thrown) {
    const what = `${entriesPath(index, found.width)} is broken: ${reasonOf(thrown)}`;
    throw fault("JOURNAL_DAMAGED", { folder, what }, thrown);
  }
}

async function checkLastPayload(folder: string, leaf: Leaf): Promise<void> {
  const record = await readPayload(folder, leaf.seq);
  if (record === null) {
    throw fault("JOURNAL_CUT", { folder, what: `${leaf.payloadRef} lacks the payload of leaf ${leaf.seq}` });
  }
  if (!("erased" in record) && !isPayloadOf(record, leaf)) {
    const what = `the payload of leaf ${leaf.seq} in ${leaf.payloadRef} is not the one that was written`;
    throw fault("JOURNAL_DAMAGED", { folder, what });
  }
}

/** A leaf from its bytes. @throws JOURNAL_DAMAGED where it is none, or not the one of that index */
export function parseLeaf(folder: string, bytes: Buffer, seq: number): Leaf {
  let read: unknown;
  try {
    read = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw otherLeaf(folder, seq);
  }
  const parsed = leafSchema.safeParse(read);
  if (!parsed.success || parsed.data.seq !== seq) throw otherLeaf(folder, seq);
  return parsed.data;
}

function otherLeaf(folder: string, seq: number) {
  return fault("JOURNAL_DAMAGED", { folder, what: `leaf ${seq} is not the one that was written` });
}

async function exists(folder: string, name: string): Promise<boolean> {
  try {
    await stat(join(folder, name));
    return true;
  } catch (thrown) {
    if (isMissing(thrown)) return false;
    throw thrown;
  }
}
