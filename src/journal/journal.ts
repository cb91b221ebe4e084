import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { canonicalize } from "json-canonicalize";
import { asCoded, CodedError, fault } from "../errors.ts";
import { type Clock, formatUtc, type Seconds, type UtcMilliseconds } from "../time/clock.ts";
import { signCheckpoint } from "./checkpoint.ts";
import { reasonOf, writeDurably } from "./durable.ts";
import { encodeBundle } from "./entry-bundle.ts";
import { type Acknowledgement, type EntrySink, type JournalEntry, LEAF_TYPES, type Leaf } from "./leaf.ts";
import { type JournalLock, lockJournal } from "./lock.ts";
import { FRAME_BYTES, sizeOf, TailFile, type TailRecord } from "./log-file.ts";
import { openLogKey } from "./log-key.ts";
import { leafHash } from "./merkle.ts";
import type { NoteSigner } from "./note.ts";
import {
  addPayloads,
  canonicalPayload,
  type ErasedPayload,
  erasePayloads,
  formatPayload,
  payloadHash,
  payloadRefOf,
  readPayload,
  readSegment,
  SEGMENT_WIDTH,
} from "./payloads.ts";
import {
  CHECKPOINT_FILE,
  isBegun,
  type PendingLeaf,
  parseLeaf,
  type Recovered,
  readEntries,
  recover,
  type SignedCheckpoint,
} from "./recovery.ts";
import { entriesPath, TILE_WIDTH, type TileEdge } from "./tiles.ts";
import { Turns } from "./turns.ts";

/**
 * A trace that grows and never changes: a log after C2SP tlog-tiles in a folder, written by one process. An entry is
 * acknowledged when it would survive the loss of power, which is when its group is in `tail.log`; tiles, entry
 * bundles and payload segments are written behind it, a checkpoint at a time.
 */
export interface Journal extends EntrySink {
  readonly folder: string;
  /** The log's name in its checkpoints. */
  readonly origin: string;
  /** The public key as signed-note writes it. */
  readonly verifierKey: string;
  /** Leaves that are acknowledged. */
  readonly size: number;
  /** Time of the last leaf: a clock that shows less was set back. Null in an empty log. */
  readonly newest: UtcMilliseconds | null;
  /**
   * @param submission id under which it was handed in, written beside the payload
   * @throws JOURNAL_ENTRY_INVALID, JOURNAL_ENTRY_TOO_LARGE, JOURNAL_WRITE_FAILED, JOURNAL_BUSY, JOURNAL_CLOSED
   */
  append(entry: JournalEntry, submission?: string): Promise<Acknowledgement>;
  /** Signs the tree as it is now, with all that was acknowledged before the call. @throws JOURNAL_WRITE_FAILED */
  checkpoint(): Promise<SignedCheckpoint>;
  /**
   * Writes an erasure leaf, and destroys the payloads and salts of leaves. When it resolves no file of the journal
   * holds them. What is erased already stays erased.
   * @throws JOURNAL_NO_LEAF, JOURNAL_WRITE_FAILED (the leaf may be written; the next checkpoint erases then)
   */
  erasePayload(seq: number | readonly number[], why: { actor: string; reason: string }): Promise<void>;
  /** What was acknowledged to a submission from leaf `from` on; null where nothing was. */
  findSubmission(submission: string, from: number): Promise<Acknowledgement | null>;
  /** Waits for all that was handed in, signs a last checkpoint, and gives the folder free. */
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly clock: Clock;
  /** Name of a log that is made now, such as example.org/journal; `contrechamp/` and its key's id where missing. */
  readonly origin?: string;
  /** A checkpoint is signed when so many leaves have come since the last, or so long after the first of them. */
  readonly checkpointEvery?: { readonly leaves?: number; readonly seconds?: number };
  /** How long to wait for another process that holds the journal, such as a command that writes one entry; 0 s. */
  readonly wait?: Seconds;
  /** Told when work behind the acknowledgements fails: nothing is lost, and it is tried again. */
  readonly onFault: (fault: CodedError) => void;
}

/**
 * Opens a journal, or makes one. What a killed process left is recovered, and the recovery is itself a leaf.
 * @throws JOURNAL_IN_USE, JOURNAL_DAMAGED, JOURNAL_CUT, JOURNAL_KEY, JOURNAL_ORIGIN, JOURNAL_FOLDER,
 * JOURNAL_WRITE_FAILED
 */
export async function openJournal(folder: string, options: JournalOptions): Promise<Journal> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw fault("JOURNAL_FOLDER", { folder, reason: reasonOf(thrown) }, thrown);
  }
  const lock = await waitForLock(folder, options);
  try {
    const begun = await isBegun(folder);
    const signer = await openLogKey(folder, options.origin, begun);
    if (!begun) await (await TailFile.create(folder, 0, [])).close();
    const found = await recover(folder, signer.verifier);
    const base = found.checkpoint?.size ?? 0;
    const tail = await TailFile.create(
      folder,
      base,
      found.pending.map(({ record }) => record),
    );
    const journal = new TiledJournal(folder, options, signer, lock, tail, found);
    await journal.begin(begun && found.unclean ? recoveryEntry(found) : null);
    return journal;
  } catch (thrown) {
    lock.release();
    if (thrown instanceof CodedError) throw thrown;
    throw fault("JOURNAL_FOLDER", { folder, reason: reasonOf(thrown) }, thrown);
  }
}

async function waitForLock(folder: string, { clock, wait = 0 }: JournalOptions): Promise<JournalLock> {
  const until = clock.monotonic() + wait;
  for (;;) {
    try {
      return await lockJournal(folder, clock.now());
    } catch (thrown) {
      const held = thrown instanceof CodedError && thrown.code === "JOURNAL_IN_USE";
      if (!held || clock.monotonic() >= until) throw thrown;
      await clock.sleep(0.05);
    }
  }
}

function recoveryEntry({ torn, edge, checkpoint }: Recovered): JournalEntry {
  const checkpointSize = checkpoint?.size ?? 0;
  return {
    type: "recovery",
    actor: "engine",
    payload: {
      cutBytes: torn,
      lastSeq: edge.size === 0 ? null : edge.size - 1,
      checkpointSize,
      leavesFromTail: edge.size - checkpointSize,
    },
  };
}

const MOST_LEAVES = 256;
const MOST_SECONDS = 10;
/** Entries, and bytes of them, that may wait for the disk. */
const MOST_WAITING = 65_536;
const MOST_WAITING_BYTES = 1 << 27;
/** Leaves of one group. */
const GROUP = 4096;
/** Acknowledged bytes that may wait for a checkpoint. */
const MOST_PENDING_BYTES = 1 << 23;
/** Payloads that one leaf erases. */
const ERASED_AT_ONCE = 1000;

interface Waiting {
  readonly type: Leaf["type"];
  readonly actor: string;
  readonly payload: string;
  readonly salt: Buffer;
  readonly submission: string | null;
  readonly erases: readonly number[];
  readonly resolve: (acknowledgement: Acknowledgement) => void;
  readonly reject: (reason: CodedError) => void;
}

class TiledJournal implements Journal {
  readonly folder: string;
  readonly #options: JournalOptions;
  readonly #signer: NoteSigner;
  readonly #lock: JournalLock;
  /** Of the tail, and of what memory says of it. */
  readonly #tailTurns = new Turns();
  /** Of the files behind the tail. */
  readonly #checkpointTurns = new Turns();
  readonly #end = new AbortController();

  #tail: TailFile;
  /** Size of the checkpoint that the tail follows. */
  #tailBase: number;
  readonly #edge: TileEdge;
  #checkpoint: SignedCheckpoint | null;
  #bundle: readonly Buffer[];
  readonly #pending: PendingLeaf[];
  #pendingBytes: number;
  #newest: UtcMilliseconds | null;

  readonly #queue: Waiting[] = [];
  #queueBytes = 0;
  #committing: Promise<void> | null = null;
  #changed = Promise.withResolvers<void>();
  #timer: Promise<void> = Promise.resolve();
  #autoCheckpoint: Promise<void> | null = null;
  #faultTold = false;
  #closing: Promise<void> | null = null;

  constructor(
    folder: string,
    options: JournalOptions,
    signer: NoteSigner,
    lock: JournalLock,
    tail: TailFile,
    found: Recovered,
  ) {
    this.folder = folder;
    this.#options = options;
    this.#signer = signer;
    this.#lock = lock;
    this.#tail = tail;
    this.#tailBase = found.checkpoint?.size ?? 0;
    this.#edge = found.edge;
    this.#checkpoint = found.checkpoint;
    this.#bundle = found.bundle;
    this.#pending = [...found.pending];
    this.#pendingBytes = sum(found.pending.map(({ record }) => sizeOf(record)));
    this.#newest = found.newest === null ? null : Date.parse(found.newest);
  }

  get origin(): string {
    return this.#signer.name;
  }

  get verifierKey(): string {
    return this.#signer.verifierKey;
  }

  get size(): number {
    return this.#edge.size;
  }

  get newest(): UtcMilliseconds | null {
    return this.#newest;
  }

  get #storedSize(): number {
    return this.#checkpoint?.size ?? 0;
  }

  /** Writes what stands at the beginning of a log, or of its use after a recovery. */
  async begin(recovery: JournalEntry | null): Promise<void> {
    try {
      if (this.size === 0) {
        const payload = {
          format: "contrechamp/journal@1",
          origin: this.origin,
          verifierKey: this.verifierKey,
        };
        await this.append({ type: "journal_opened", actor: "engine", payload });
      }
      if (recovery !== null) await this.append(recovery);
    } catch (thrown) {
      // Why it cannot begin is said; that it then cannot end well either says nothing more.
      await this.close().catch(() => undefined);
      throw thrown;
    }
    this.#timer = this.#checkpointInTime();
  }

  append(entry: JournalEntry, submission?: string): Promise<Acknowledgement> {
    return this.#enqueue(entry, submission ?? null, []);
  }

  checkpoint(): Promise<SignedCheckpoint> {
    if (this.#closing !== null) return Promise.reject(fault("JOURNAL_CLOSED", { folder: this.folder }));
    return this.#writeCheckpoint();
  }

  async erasePayload(seq: number | readonly number[], why: { actor: string; reason: string }): Promise<void> {
    const wanted = [...new Set(typeof seq === "number" ? [seq] : seq)].sort((a, b) => a - b);
    for (const one of wanted) {
      if (!Number.isSafeInteger(one) || one < 0 || one >= this.size) {
        throw fault("JOURNAL_NO_LEAF", { seq: one, size: this.size });
      }
    }
    const leaves: number[] = [];
    for (const one of wanted) if (!(await this.#isErased(one))) leaves.push(one);
    for (let from = 0; from < leaves.length; from += ERASED_AT_ONCE) {
      const erases = leaves.slice(from, from + ERASED_AT_ONCE);
      const payload = { what: "payloads", leaves: erases, reason: why.reason };
      await this.#enqueue({ type: "erasure", actor: why.actor, payload }, null, erases);
    }
    // It is the checkpoint that erases, and that cuts the tail. Also where nothing is new: an earlier one may have failed.
    await this.checkpoint();
  }

  async findSubmission(submission: string, from: number): Promise<Acknowledgement | null> {
    // What becomes stored while this looks was pending when it began.
    const pending = [...this.#pending];
    const stored = this.#storedSize;
    for (const [i, { record, at, hash }] of pending.entries()) {
      const seq = stored + i;
      if (record.submission === submission && seq >= from) return { seq, at, leafHash: hash.toString("hex") };
    }
    for (let index = Math.floor(from / SEGMENT_WIDTH); index * SEGMENT_WIDTH < stored; index += 1) {
      const count = Math.min(SEGMENT_WIDTH, stored - index * SEGMENT_WIDTH);
      const records = await readSegment(this.folder, index, count);
      const found = records.find((one) => "submission" in one && one.submission === submission);
      if (found === undefined || found.seq < from) continue;
      const bytes = (await readEntries(this.folder, index, stored))[found.seq % TILE_WIDTH];
      if (bytes === undefined) break;
      const { at } = parseLeaf(this.folder, bytes, found.seq);
      return { seq: found.seq, at, leafHash: leafHash(bytes).toString("hex") };
    }
    return null;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#end.abort();
    this.#changed.resolve();
    try {
      await this.#timer;
      await this.#committing;
      await this.#autoCheckpoint;
      await this.#writeCheckpoint();
    } finally {
      try {
        await this.#tail.close();
      } finally {
        this.#lock.release();
      }
    }
  }

  async #isErased(seq: number): Promise<boolean> {
    if (this.#pending.some(({ record }) => record.erases.includes(seq))) return true;
    if (seq >= this.#storedSize) return false;
    const record = await readPayload(this.folder, seq);
    return record !== null && "erased" in record;
  }

  #enqueue(
    entry: JournalEntry,
    submission: string | null,
    erases: readonly number[],
  ): Promise<Acknowledgement> {
    const { promise, resolve, reject } = Promise.withResolvers<Acknowledgement>();
    try {
      if (this.#closing !== null) throw fault("JOURNAL_CLOSED", { folder: this.folder });
      const payload = checkEntry(entry);
      if (this.#queue.length >= MOST_WAITING || this.#queueBytes + payload.length > MOST_WAITING_BYTES) {
        throw fault("JOURNAL_BUSY", { folder: this.folder, waiting: this.#queue.length });
      }
      const { type, actor } = entry;
      this.#queue.push({ type, actor, payload, salt: randomBytes(32), submission, erases, resolve, reject });
      this.#queueBytes += payload.length;
      this.#committing ??= this.#commitAll();
    } catch (thrown) {
      reject(thrown);
    }
    return promise;
  }

  /** Until nothing waits. What is handed in while a group is being forced to the disk makes the next group. */
  async #commitAll(): Promise<void> {
    // What is handed in without a pause makes one group.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      try {
        if (this.#pendingBytes > MOST_PENDING_BYTES) await this.#writeCheckpoint();
        const acknowledgements = await this.#tailTurns.run(() => this.#commit(group));
        for (const [i, { resolve }] of group.entries()) {
          const acknowledgement = acknowledgements[i];
          if (acknowledgement !== undefined) resolve(acknowledgement);
        }
      } catch (thrown) {
        const failed = this.#writeFailed(thrown);
        for (const { reject } of group) reject(failed);
      }
      this.#checkpointInNumber();
    }
    this.#committing = null;
  }

  #takeGroup(): Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const { payload } of this.#queue) {
      if (count === GROUP || bytes > FRAME_BYTES) break;
      bytes += payload.length;
      count += 1;
    }
    this.#queueBytes -= sum(this.#queue.slice(0, count).map(({ payload }) => payload.length));
    return this.#queue.splice(0, count);
  }

  async #commit(group: readonly Waiting[]): Promise<readonly Acknowledgement[]> {
    if (this.#tail.doubtful) await this.#replaceTail();
    const now = this.#options.clock.now();
    const at = formatUtc(now);
    const first = this.size;
    const prevCheckpoint = this.#checkpoint?.root.toString("hex") ?? null;
    const leaves = group.map(({ type, actor, payload, salt, submission, erases }, i): PendingLeaf => {
      const seq = first + i;
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
    });
    await this.#tail.append(
      first,
      leaves.map(({ record }) => record),
    );
    // From here on they are acknowledged: nothing below can fail.
    this.#newest = now;
    for (const one of leaves) {
      this.#edge.append(one.hash);
      this.#pending.push(one);
      this.#pendingBytes += sizeOf(one.record);
    }
    this.#changed.resolve();
    return leaves.map(({ hash }, i) => ({ seq: first + i, at, leafHash: hash.toString("hex") }));
  }

  /** In the tail's turn. */
  async #replaceTail(): Promise<void> {
    const base = this.#storedSize;
    this.#tail = await this.#tail.replace(
      base,
      this.#pending.map(({ record }) => record),
    );
    this.#tailBase = base;
  }

  #writeCheckpoint(): Promise<SignedCheckpoint> {
    return this.#checkpointTurns.run(async () => {
      try {
        const signed = await this.#storeAndSign();
        this.#faultTold = false;
        return signed;
      } catch (thrown) {
        throw this.#writeFailed(thrown);
      }
    });
  }

  /**
   * Order: payloads, erasures, bundles and tiles, the checkpoint, and only then is the tail cut. Killed anywhere, the
   * tail has what the files lack, and the same is done again.
   */
  async #storeAndSign(): Promise<SignedCheckpoint> {
    const stored = this.#storedSize;
    const size = this.size;
    if (size > stored || this.#checkpoint === null) {
      const root = this.#edge.root();
      const leaves = this.#pending.slice(0, size - stored);
      const tiles = this.#edge.files(size);
      const { files: bundles, rest } = bundlesOf(
        stored,
        this.#bundle,
        leaves.map(({ record }) => record.leaf),
      );

      await addPayloads(
        this.folder,
        stored,
        leaves.map(({ record }, i) => payloadLine(stored + i, record)),
      );
      await erasePayloads(this.folder, erasuresOf(stored, leaves));
      await writeDurably(this.folder, new Map([...tiles, ...bundles]), 0o600);
      const note = signCheckpoint({ origin: this.origin, size, root }, [this.#signer]);
      await writeDurably(this.folder, new Map([[CHECKPOINT_FILE, Buffer.from(note, "utf8")]]), 0o600);

      this.#checkpoint = { size, root, note };
      this.#edge.advance(size);
      this.#bundle = rest;
      this.#pending.splice(0, leaves.length);
      this.#pendingBytes -= sum(leaves.map(({ record }) => sizeOf(record)));
      await this.#removePartials([...tiles.keys(), ...bundles.keys()]);
    }
    if (this.#tailBase !== this.#storedSize) await this.#tailTurns.run(() => this.#replaceTail());
    return this.#checkpoint;
  }

  /** A tile that is full has no use for its partial ones: whoever looks for one takes the full one (tlog-tiles). */
  async #removePartials(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      if (path.includes(".p/")) continue;
      await rm(join(this.folder, `${path}.p`), { recursive: true, force: true });
    }
  }

  #checkpointInNumber(): void {
    const most = this.#options.checkpointEvery?.leaves ?? MOST_LEAVES;
    if (this.size - this.#storedSize < most || this.#autoCheckpoint !== null) return;
    this.#autoCheckpoint = this.#checkpointBehind().finally(() => {
      this.#autoCheckpoint = null;
    });
  }

  async #checkpointInTime(): Promise<void> {
    const seconds = this.#options.checkpointEvery?.seconds ?? MOST_SECONDS;
    while (!this.#end.signal.aborted) {
      await this.#changed.promise;
      await this.#options.clock.sleep(seconds, this.#end.signal);
      if (this.#end.signal.aborted) return;
      this.#changed = Promise.withResolvers();
      await this.#checkpointBehind();
      if (this.size > this.#storedSize) this.#changed.resolve();
    }
  }

  /** A failure is told once, until a checkpoint succeeds again. */
  async #checkpointBehind(): Promise<void> {
    try {
      await this.#writeCheckpoint();
    } catch (thrown) {
      if (!this.#faultTold) this.#options.onFault(asCoded(thrown));
      this.#faultTold = true;
    }
  }

  #writeFailed(thrown: unknown): CodedError {
    if (thrown instanceof CodedError) return thrown;
    return fault("JOURNAL_WRITE_FAILED", { folder: this.folder, reason: reasonOf(thrown) }, thrown);
  }
}

/**
 * The canonical JSON of an entry's payload.
 * @throws JOURNAL_ENTRY_INVALID, JOURNAL_ENTRY_TOO_LARGE where it cannot be a leaf
 */
export function checkEntry({ type, actor, payload }: JournalEntry): string {
  if (!(LEAF_TYPES as readonly string[]).includes(type)) {
    throw fault("JOURNAL_ENTRY_INVALID", { what: `its type is not known: ${String(type).slice(0, 60)}` });
  }
  if (typeof actor !== "string" || actor.length === 0 || actor.length > 200 || !actor.isWellFormed()) {
    throw fault("JOURNAL_ENTRY_INVALID", { what: "its actor is not a text of 1 to 200 characters" });
  }
  return canonicalPayload(payload);
}

function payloadLine(seq: number, { salt, payload, submission }: TailRecord): string {
  return formatPayload(seq, salt, payload, submission);
}

function erasuresOf(first: number, leaves: readonly PendingLeaf[]): Map<number, ErasedPayload["erased"]> {
  const erased = new Map<number, ErasedPayload["erased"]>();
  for (const [i, { record, at }] of leaves.entries()) {
    for (const seq of record.erases) if (!erased.has(seq)) erased.set(seq, { at, by: first + i });
  }
  return erased;
}

/** The entry bundles that `leaves` fill or begin, and what the last of them holds where it is not full. */
function bundlesOf(
  stored: number,
  begun: readonly Buffer[],
  leaves: readonly Buffer[],
): { readonly files: Map<string, Buffer>; readonly rest: readonly Buffer[] } {
  const all = [...begun, ...leaves];
  const start = Math.floor(stored / TILE_WIDTH);
  const files = new Map<string, Buffer>();
  for (let from = 0; from < all.length; from += TILE_WIDTH) {
    const bundle = all.slice(from, from + TILE_WIDTH);
    files.set(entriesPath(start + from / TILE_WIDTH, bundle.length), encodeBundle(bundle));
  }
  return { files, rest: all.slice(all.length - (all.length % TILE_WIDTH)) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
