import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  currentDisposition,
  type Disposition,
  dispositionSchema,
  type Outcome,
} from "../../alerts/disposition.ts";
import { parseCheckpoint } from "../../journal/checkpoint.ts";
import type { Json, Leaf, LeafType } from "../../journal/leaf.ts";
import { readTail } from "../../journal/log-file.ts";
import { leafHash } from "../../journal/merkle.ts";
import { parseNote } from "../../journal/note.ts";
import { readPayload, readSegment } from "../../journal/payloads.ts";
import { formatInclusionProof } from "../../journal/proof.ts";
import { CHECKPOINT_FILE, isBegun, parseLeaf, readEntries } from "../../journal/recovery.ts";
import { TILE_WIDTH, TileReader } from "../../journal/tiles.ts";
import { isMissing } from "./durable.ts";
import type { FoundLeaf } from "./register.ts";

/** What this reads out of a journal. */
const WANTED = ["alert", "disposition", "evidence", "erasure"] as const satisfies readonly LeafType[];

/** An alert as the journal has it. */
export interface TracedAlert {
  readonly seq: number;
  readonly at: string;
}

/**
 * What a journal says of alerts, dispositions and evidence: read from its folder, beside whatever process writes it.
 * It changes nothing, and knows what was there at the last `refresh`. A leaf whose payload was erased says nothing.
 */
export class EvidenceTrace {
  readonly #folder: string;
  /** Index of the first leaf that was not read yet. */
  #next = 0;
  readonly #alerts = new Map<string, TracedAlert>();
  readonly #dispositions = new Map<string, Disposition[]>();
  readonly #leaves = { evidence: new Map<string, FoundLeaf>(), erasure: new Map<string, FoundLeaf>() };

  /** @param folder of the journal. It may not be there yet: then nothing is known. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads what was written since. @throws JOURNAL_CUT, JOURNAL_DAMAGED */
  async refresh(): Promise<void> {
    if (!(await isBegun(this.#folder))) return;
    // The tail first: what leaves it for the tiles meanwhile is then found there, and nothing falls between.
    const tail = await readTail(this.#folder);
    const size = (await readCheckpointNote(this.#folder))?.size ?? 0;
    await this.#readStored(size);
    for (const [i, { leaf, payload }] of tail.records.entries()) {
      const seq = tail.base + i;
      if (seq < this.#next) continue;
      if (isWanted(leaf)) this.#take(parseLeaf(this.#folder, leaf, seq), leaf, JSON.parse(payload));
      this.#next = seq + 1;
    }
  }

  /** Looks into the journal as it is now: another process may just have written the leaf. */
  readonly find = async (type: "evidence" | "erasure", evidenceId: string): Promise<FoundLeaf | null> => {
    await this.refresh();
    return this.#leaves[type].get(evidenceId) ?? null;
  };

  alert(alertId: string): TracedAlert | null {
    return this.#alerts.get(alertId) ?? null;
  }

  /** All that was said of an alert, in the journal's order. */
  dispositions(alertId: string): readonly Disposition[] {
    return this.#dispositions.get(alertId) ?? [];
  }

  /** What holds of an alert; null while it is open. */
  outcome(alertId: string): Outcome | null {
    return currentDisposition(this.dispositions(alertId))?.outcome ?? null;
  }

  /** That a leaf is in the newest checkpoint's tree; null where no checkpoint covers it yet. */
  readonly prove = (seq: number): Promise<string | null> => proveInclusion(this.#folder, seq);

  async #readStored(size: number): Promise<void> {
    for (let index = Math.floor(this.#next / TILE_WIDTH); index * TILE_WIDTH < size; index += 1) {
      const first = index * TILE_WIDTH;
      const leaves = await readEntries(this.#folder, index, size);
      const wanted = leaves.flatMap((bytes, i) =>
        first + i >= this.#next && isWanted(bytes) ? [{ bytes, seq: first + i }] : [],
      );
      // Most bundles of a long journal hold nothing of this, and their payloads stay unread.
      const payloads = wanted.length === 0 ? [] : await readSegment(this.#folder, index, leaves.length);
      for (const { bytes, seq } of wanted) {
        const record = payloads[seq - first];
        const payload = record !== undefined && "payload" in record ? record.payload : null;
        this.#take(parseLeaf(this.#folder, bytes, seq), bytes, payload);
      }
      this.#next = Math.max(this.#next, first + leaves.length);
    }
  }

  #take(leaf: Leaf, bytes: Buffer, payload: { readonly [key: string]: Json } | null): void {
    const { type, seq, at } = leaf;
    if (payload === null) return;
    if (type === "evidence" || type === "erasure") {
      const id = payload["evidenceId"];
      // Of two leaves that speak of one evidence the first one counts.
      if (typeof id !== "string" || this.#leaves[type].has(id)) return;
      this.#leaves[type].set(id, { seq, at, leafHash: leafHash(bytes).toString("hex"), payload });
    } else if (type === "alert") {
      const id = payload["id"];
      if (typeof id === "string" && !this.#alerts.has(id)) this.#alerts.set(id, { seq, at });
    } else if (type === "disposition") {
      const read = dispositionSchema.safeParse(payload);
      if (!read.success) return;
      const { alertId } = read.data;
      this.#dispositions.set(alertId, [...this.dispositions(alertId), read.data]);
    }
  }
}

/** Canonical JSON names the type one way only: most leaves need not be parsed to be left out. */
const MARKS = WANTED.map((type) => Buffer.from(`"type":"${type}"`, "latin1"));

function isWanted(leaf: Buffer): boolean {
  return MARKS.some((mark) => leaf.includes(mark));
}

async function readCheckpointNote(folder: string): Promise<{ size: number; note: string } | null> {
  try {
    const note = await readFile(join(folder, CHECKPOINT_FILE), "utf8");
    return { size: parseCheckpoint(parseNote(note).text).size, note };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function proveInclusion(folder: string, seq: number): Promise<string | null> {
  const checkpoint = await readCheckpointNote(folder);
  if (checkpoint === null || seq >= checkpoint.size) return null;
  const { size, note } = checkpoint;
  const index = Math.floor(seq / TILE_WIDTH);
  const bytes = (await readEntries(folder, index, size))[seq % TILE_WIDTH];
  if (bytes === undefined) return null;
  const record = await readPayload(folder, seq);
  const opening =
    record !== null && "payload" in record ? { payload: record.payload, salt: record.salt } : null;
  const leaf = parseLeaf(folder, bytes, seq);
  return formatInclusionProof(new TileReader(folder, size), { leaf, opening }, note);
}
