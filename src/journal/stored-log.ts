import { rm } from "node:fs/promises";
import { join } from "node:path";
import { signCheckpoint } from "./checkpoint.ts";
import { writeDurably } from "./durable.ts";
import { encodeBundle } from "./entry-bundle.ts";
import type { Acknowledgement } from "./leaf.ts";
import { sizeOf, type TailRecord } from "./log-file.ts";
import { leafHash } from "./merkle.ts";
import type { NoteSigner } from "./note.ts";
import {
  addPayloads,
  type ErasedPayload,
  erasePayloads,
  formatPayload,
  readSegment,
  SEGMENT_WIDTH,
  unerased,
} from "./payloads.ts";
import {
  CHECKPOINT_FILE,
  type PendingLeaf,
  parseLeaf,
  type Recovered,
  readEntries,
  type SignedCheckpoint,
} from "./recovery.ts";
import { entriesPath, TILE_WIDTH, type TileEdge } from "./tiles.ts";

/**
 * What is acknowledged: the files as far as the newest checkpoint, and in memory the leaves behind it, which the
 * tail holds on the disk.
 */
export class StoredLog {
  readonly #folder: string;
  readonly #signer: NoteSigner;
  readonly #edge: TileEdge;
  #checkpoint: SignedCheckpoint | null;
  /** Leaves of the entry bundle that the checkpoint leaves unfinished. */
  #bundle: readonly Buffer[];
  readonly #pending: PendingLeaf[];
  #pendingBytes: number;

  constructor(folder: string, signer: NoteSigner, { edge, checkpoint, bundle, pending }: Recovered) {
    this.#folder = folder;
    this.#signer = signer;
    this.#edge = edge;
    this.#checkpoint = checkpoint;
    this.#bundle = bundle;
    this.#pending = [...pending];
    this.#pendingBytes = bytesOf(pending);
  }

  /** Leaves that are acknowledged. */
  get size(): number {
    return this.#edge.size;
  }

  /** Leaves that the newest checkpoint covers. */
  get storedSize(): number {
    return this.#checkpoint?.size ?? 0;
  }

  get checkpoint(): SignedCheckpoint | null {
    return this.#checkpoint;
  }

  /** About how much memory the leaves behind the checkpoint take. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** What the tail must hold: all leaves behind the checkpoint. */
  get pendingRecords(): readonly TailRecord[] {
    return this.#pending.map(({ record }) => record);
  }

  /** Adds leaves that are on the disk. */
  add(leaves: readonly PendingLeaf[]): void {
    for (const leaf of leaves) {
      this.#edge.append(leaf.hash);
      this.#pending.push(leaf);
    }
    this.#pendingBytes += bytesOf(leaves);
  }

  /**
   * Writes the files of all leaves that are acknowledged now, and signs them. In this order: payloads, erasures,
   * bundles and tiles, the checkpoint. Killed anywhere the tail has what the files lack, and the same is done again.
   * One call at a time.
   */
  async store(): Promise<SignedCheckpoint> {
    const stored = this.storedSize;
    const size = this.size;
    if (this.#checkpoint !== null && size === stored) return this.#checkpoint;
    const root = this.#edge.root();
    const leaves = this.#pending.slice(0, size - stored);
    const tiles = this.#edge.files(size);
    const { bundles, rest } = this.#bundles(leaves.map(({ record }) => record.leaf));

    const lines = leaves.map(({ record }, i) =>
      formatPayload(stored + i, record.salt, record.payload, record.submission),
    );
    await addPayloads(this.#folder, stored, lines);
    await erasePayloads(this.#folder, erasuresOf(stored, leaves));
    await writeDurably(this.#folder, new Map([...tiles, ...bundles]));
    const note = signCheckpoint({ origin: this.#signer.name, size, root }, [this.#signer]);
    await writeDurably(this.#folder, new Map([[CHECKPOINT_FILE, Buffer.from(note, "utf8")]]));

    const signed = { size, root, note };
    this.#checkpoint = signed;
    this.#edge.advance(size);
    this.#bundle = rest;
    this.#pending.splice(0, leaves.length);
    this.#pendingBytes -= bytesOf(leaves);
    await this.#removePartials([...tiles.keys(), ...bundles.keys()]);
    return signed;
  }

  /** Those of some leaves whose payloads are there, and will be after the next checkpoint too. */
  async unerased(seqs: readonly number[]): Promise<number[]> {
    const erasing = new Set(this.#pending.flatMap(({ record }) => record.erases));
    const stored = this.storedSize;
    const behind = seqs.filter((seq) => seq >= stored);
    const found = [
      ...(await unerased(
        this.#folder,
        seqs.filter((seq) => seq < stored),
      )),
      ...behind,
    ];
    return found.filter((seq) => !erasing.has(seq));
  }

  /** The leaf that a submission became, looked for from leaf `from` on; null where it became none. */
  async findSubmission(submission: string, from: number): Promise<Acknowledgement | null> {
    // What becomes stored while this looks was pending when it began.
    const stored = this.storedSize;
    for (const [i, { record, at, hash }] of this.#pending.entries()) {
      const seq = stored + i;
      if (record.submission === submission && seq >= from) return { seq, at, leafHash: hash.toString("hex") };
    }
    for (let index = Math.floor(from / SEGMENT_WIDTH); index * SEGMENT_WIDTH < stored; index += 1) {
      const count = Math.min(SEGMENT_WIDTH, stored - index * SEGMENT_WIDTH);
      const records = await readSegment(this.#folder, index, count);
      const found = records.find((one) => "submission" in one && one.submission === submission);
      if (found === undefined || found.seq < from) continue;
      const bytes = (await readEntries(this.#folder, index, stored))[found.seq % TILE_WIDTH];
      if (bytes === undefined) break;
      const { at } = parseLeaf(this.#folder, bytes, found.seq);
      return { seq: found.seq, at, leafHash: leafHash(bytes).toString("hex") };
    }
    return null;
  }

  /** The entry bundles that `leaves` fill or begin, and what the last of them holds where it is not full. */
  #bundles(leaves: readonly Buffer[]): { bundles: Map<string, Buffer>; rest: readonly Buffer[] } {
    const all = [...this.#bundle, ...leaves];
    const start = Math.floor(this.storedSize / TILE_WIDTH);
    const bundles = new Map<string, Buffer>();
    for (let from = 0; from < all.length; from += TILE_WIDTH) {
      const bundle = all.slice(from, from + TILE_WIDTH);
      bundles.set(entriesPath(start + from / TILE_WIDTH, bundle.length), encodeBundle(bundle));
    }
    return { bundles, rest: all.slice(all.length - (all.length % TILE_WIDTH)) };
  }

  /** A tile that is full has no use for its partial ones: whoever looks for one takes the full one (tlog-tiles). */
  async #removePartials(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      if (!path.includes(".p/")) await rm(join(this.#folder, `${path}.p`), { recursive: true, force: true });
    }
  }
}

function erasuresOf(first: number, leaves: readonly PendingLeaf[]): Map<number, ErasedPayload["erased"]> {
  const erased = new Map<number, ErasedPayload["erased"]>();
  for (const [i, { record, at }] of leaves.entries()) {
    for (const seq of record.erases) if (!erased.has(seq)) erased.set(seq, { at, by: first + i });
  }
  return erased;
}

function bytesOf(leaves: readonly PendingLeaf[]): number {
  return leaves.reduce((bytes, { record }) => bytes + sizeOf(record), 0);
}
