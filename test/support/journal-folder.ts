import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CompactRange,
  consistencyProof,
  leafHash,
  rootAt,
  verifyConsistency,
} from "../../src/journal/merkle.ts";
import { createNoteVerifier } from "../../src/journal/note.ts";
import { isPayloadOf, readSegment, SEGMENT_WIDTH } from "../../src/journal/payloads.ts";
import { parseLeaf, type Recovered, readEntries, recover } from "../../src/journal/recovery.ts";
import { TILE_WIDTH, TileReader } from "../../src/journal/tiles.ts";

/** What a journal's folder holds while nobody writes it, read as another program would. */
export interface FolderState {
  readonly size: number;
  readonly stored: number;
  readonly root: Buffer;
  readonly recovered: Recovered;
  /** Leaf hash, hexadecimal. */
  hashAt(seq: number): Promise<string>;
}

/** @throws JOURNAL_DAMAGED, JOURNAL_CUT */
export async function readJournalFolder(folder: string): Promise<FolderState> {
  const recovered = await recover(folder, createNoteVerifier(readFileSync(join(folder, "public"), "utf8")));
  const stored = recovered.checkpoint?.size ?? 0;
  const reader = new TileReader(folder, stored);
  return {
    size: recovered.edge.size,
    stored,
    root: recovered.checkpoint?.root ?? Buffer.alloc(0),
    recovered,
    async hashAt(seq) {
      const hash = seq < stored ? await reader.hash(0, seq) : recovered.pending[seq - stored]?.hash;
      if (hash === undefined) throw new RangeError(`the folder holds no leaf ${seq}`);
      return hash.toString("hex");
    },
  };
}

/** Whether the stored tree begins with an earlier one. */
export async function isConsistent(
  folder: string,
  earlier: { size: number; root: Buffer },
  now: FolderState,
): Promise<boolean> {
  if (earlier.size === 0) return true;
  const proof = await consistencyProof(new TileReader(folder, now.stored), earlier.size, now.stored);
  return verifyConsistency({
    from: earlier.size,
    to: now.stored,
    fromRoot: earlier.root,
    toRoot: now.root,
    proof,
  });
}

/** Reads every leaf and payload that the checkpoint covers, and hashes all of it anew. @returns the leaves' types */
export async function checkAll(folder: string): Promise<string[]> {
  const { stored, root, hashAt } = await readJournalFolder(folder);
  const types: string[] = [];
  for (let index = 0; index * TILE_WIDTH < stored; index += 1) {
    const leaves = await readEntries(folder, index, stored);
    const payloads = await readSegment(
      folder,
      index,
      Math.min(SEGMENT_WIDTH, stored - index * SEGMENT_WIDTH),
    );
    for (const [i, bytes] of leaves.entries()) {
      const seq = index * TILE_WIDTH + i;
      const leaf = parseLeaf(folder, bytes, seq);
      if (leafHash(bytes).toString("hex") !== (await hashAt(seq)))
        throw new Error(`leaf ${seq} has another hash`);
      const payload = payloads[i];
      if (payload === undefined) throw new Error(`leaf ${seq} has no payload`);
      if (!("erased" in payload) && !isPayloadOf(payload, leaf)) throw new Error(`payload ${seq} is another`);
      types.push(leaf.type);
    }
  }
  // Tiles of every level, not only the right edge.
  const again = await rootAt(
    { hash: async (level, index) => fromLeaves(new TileReader(folder, stored), level, index) },
    stored,
  );
  if (!again.equals(root)) throw new Error("the leaves' hashes have another root");
  return types;
}

async function fromLeaves(reader: TileReader, level: number, index: number): Promise<Buffer> {
  const range = new CompactRange();
  for (let i = index * 2 ** level; i < (index + 1) * 2 ** level; i += 1)
    range.append(await reader.hash(0, i));
  return range.root();
}

/** Files below a folder that hold a text. */
export function filesHolding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .filter((path) => readFileSync(path).includes(text));
}
