import { asCoded, CodedError, fault } from "../errors.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import { reasonOf } from "./durable.ts";
import { type CheckedEntry, checkEntry, type EntryNotes, makeLeaf } from "./entry.ts";
import type { Journal, JournalOptions } from "./journal.ts";
import type { Acknowledgement, JournalEntry } from "./leaf.ts";
import type { JournalLock } from "./lock.ts";
import { FRAME_BYTES, type TailFile } from "./log-file.ts";
import type { NoteSigner } from "./note.ts";
import type { Recovered, SignedCheckpoint } from "./recovery.ts";
import { StoredLog } from "./stored-log.ts";
import { Turns } from "./turns.ts";

/** When a checkpoint is signed, where nothing else is asked. */
const MOST_LEAVES = 256;
const MOST_SECONDS = 10;
/** Entries, and characters of them, that may wait for the disk. */
const MOST_WAITING = 65_536;
const MOST_WAITING_LENGTH = 1 << 26;
/** Leaves of one group. */
const GROUP = 4096;
/** Acknowledged bytes that may wait for a checkpoint: beyond, appending waits for it. */
const MOST_PENDING_BYTES = 1 << 23;
/** Payloads that one leaf erases. */
const ERASED_AT_ONCE = 1000;

interface Waiting {
  readonly entry: CheckedEntry;
  readonly resolve: (acknowledgement: Acknowledgement) => void;
  readonly reject: (reason: CodedError) => void;
}

/**
 * The journal of a folder that is locked and recovered. Two kinds of work go on side by side, each in turns: groups of
 * entries go to the tail and are acknowledged; checkpoints write the files behind them and cut the tail.
 */
export class TiledJournal implements Journal {
  readonly folder: string;
  readonly #options: JournalOptions;
  readonly #signer: NoteSigner;
  readonly #lock: JournalLock;
  readonly #log: StoredLog;
  #newest: UtcMilliseconds | null;

  #tail: TailFile;
  /** Size of the checkpoint that the tail follows. */
  #tailBase: number;
  readonly #tailTurns = new Turns();
  readonly #checkpointTurns = new Turns();

  readonly #queue: Waiting[] = [];
  #queueLength = 0;
  #committing: Promise<void> | null = null;

  readonly #end = new AbortController();
  #changed = Promise.withResolvers<void>();
  #timer: Promise<void> = Promise.resolve();
  #autoCheckpoint: Promise<void> | null = null;
  #faultTold = false;
  #closing: Promise<void> | null = null;

  constructor(
    folder: string,
    options: JournalOptions,
    {
      signer,
      lock,
      tail,
      found,
    }: { signer: NoteSigner; lock: JournalLock; tail: TailFile; found: Recovered },
  ) {
    this.folder = folder;
    this.#options = options;
    this.#signer = signer;
    this.#lock = lock;
    this.#log = new StoredLog(folder, signer, found);
    this.#newest = found.newest === null ? null : Date.parse(found.newest);
    this.#tail = tail;
    this.#tailBase = this.#log.storedSize;
  }

  get origin(): string {
    return this.#signer.name;
  }

  get verifierKey(): string {
    return this.#signer.verifierKey;
  }

  get size(): number {
    return this.#log.size;
  }

  get newest(): UtcMilliseconds | null {
    return this.#newest;
  }

  /** Writes what stands at the beginning of a log, or of its use after a recovery. Called once, first. */
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
    return this.#enqueue(entry, { submission });
  }

  async checkpoint(): Promise<SignedCheckpoint> {
    if (this.#closing !== null) throw fault("JOURNAL_CLOSED", { folder: this.folder });
    return this.#writeCheckpoint();
  }

  async erasePayload(seq: number | readonly number[], why: { actor: string; reason: string }): Promise<void> {
    const wanted = [...new Set(typeof seq === "number" ? [seq] : seq)].sort((a, b) => a - b);
    const unknown = wanted.find((one) => !Number.isSafeInteger(one) || one < 0 || one >= this.size);
    if (unknown !== undefined) throw fault("JOURNAL_NO_LEAF", { seq: unknown, size: this.size });
    const leaves = await this.#log.unerased(wanted);
    for (let from = 0; from < leaves.length; from += ERASED_AT_ONCE) {
      const erases = leaves.slice(from, from + ERASED_AT_ONCE);
      const payload = { what: "payloads", leaves: erases, reason: why.reason };
      await this.#enqueue({ type: "erasure", actor: why.actor, payload }, { erases });
    }
    // It is the checkpoint that erases, and that cuts the tail. Also where all is erased: it may have failed before.
    await this.checkpoint();
  }

  findSubmission(submission: string, from: number): Promise<Acknowledgement | null> {
    return this.#log.findSubmission(submission, from);
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
      while (this.#autoCheckpoint !== null) await this.#autoCheckpoint;
      await this.#writeCheckpoint();
    } finally {
      try {
        await this.#tail.close();
      } finally {
        this.#lock.release();
      }
    }
  }

  async #enqueue(entry: JournalEntry, notes: EntryNotes): Promise<Acknowledgement> {
    if (this.#closing !== null) throw fault("JOURNAL_CLOSED", { folder: this.folder });
    const checked = checkEntry(entry, notes);
    const length = this.#queueLength + checked.payload.length;
    if (this.#queue.length >= MOST_WAITING || length > MOST_WAITING_LENGTH) {
      throw fault("JOURNAL_BUSY", { folder: this.folder, waiting: this.#queue.length });
    }
    const { promise, resolve, reject } = Promise.withResolvers<Acknowledgement>();
    this.#queue.push({ entry: checked, resolve, reject });
    this.#queueLength = length;
    this.#committing ??= this.#commitAll();
    return promise;
  }

  /** Until nothing waits. What is handed in while a group is being forced to the disk makes the next group. */
  async #commitAll(): Promise<void> {
    // What is handed in without a pause makes one group.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      try {
        if (this.#log.pendingBytes > MOST_PENDING_BYTES) await this.#writeCheckpoint();
        await this.#tailTurns.run(() => this.#commit(group));
      } catch (thrown) {
        const failed = this.#writeFailed(thrown);
        for (const { reject } of group) reject(failed);
      }
      this.#checkpointInNumber();
    }
    // Nothing can have come between the last look and this.
    this.#committing = null;
  }

  #takeGroup(): Waiting[] {
    let count = 0;
    let length = 0;
    for (const { entry } of this.#queue) {
      if (count === GROUP || length > FRAME_BYTES) break;
      length += entry.payload.length;
      count += 1;
    }
    this.#queueLength -= length;
    return this.#queue.splice(0, count);
  }

  /** In the tail's turn. */
  async #commit(group: readonly Waiting[]): Promise<void> {
    if (this.#tail.doubtful) await this.#replaceTail();
    const now = this.#options.clock.now();
    const at = formatUtc(now);
    const first = this.size;
    const prevCheckpoint = this.#log.checkpoint?.root.toString("hex") ?? null;
    const leaves = group.map(({ entry }, i) => makeLeaf(entry, { seq: first + i, at, prevCheckpoint }));
    await this.#tail.append(
      first,
      leaves.map(({ record }) => record),
    );
    // From here on they are acknowledged: nothing below fails.
    // What it knew before a clock was set back it still knows.
    this.#newest = Math.max(this.#newest ?? now, now);
    this.#log.add(leaves);
    this.#changed.resolve();
    for (const [i, { hash }] of leaves.entries()) {
      group[i]?.resolve({ seq: first + i, at, leafHash: hash.toString("hex") });
    }
  }

  /** In the tail's turn: a tail of nothing but what no checkpoint covers. */
  async #replaceTail(): Promise<void> {
    const base = this.#log.storedSize;
    this.#tail = await this.#tail.replace(base, this.#log.pendingRecords);
    this.#tailBase = base;
  }

  /** Stores and signs, and only then cuts the tail. */
  #writeCheckpoint(): Promise<SignedCheckpoint> {
    return this.#checkpointTurns.run(async () => {
      try {
        const signed = await this.#log.store();
        if (this.#tailBase !== signed.size) await this.#tailTurns.run(() => this.#replaceTail());
        this.#faultTold = false;
        return signed;
      } catch (thrown) {
        throw this.#writeFailed(thrown);
      }
    });
  }

  #checkpointInNumber(): void {
    const most = this.#options.checkpointEvery?.leaves ?? MOST_LEAVES;
    if (this.size - this.#log.storedSize < most || this.#autoCheckpoint !== null) return;
    this.#autoCheckpoint = this.#checkpointBehind().then((done) => {
      this.#autoCheckpoint = null;
      // As many may have come meanwhile.
      if (done) this.#checkpointInNumber();
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
      if (this.size > this.#log.storedSize) this.#changed.resolve();
    }
  }

  /** A failure is told once, until a checkpoint succeeds again. @returns whether it was signed */
  async #checkpointBehind(): Promise<boolean> {
    try {
      await this.#writeCheckpoint();
      return true;
    } catch (thrown) {
      if (!this.#faultTold) this.#options.onFault(asCoded(thrown));
      this.#faultTold = true;
      return false;
    }
  }

  #writeFailed(thrown: unknown): CodedError {
    if (thrown instanceof CodedError) return thrown;
    return fault("JOURNAL_WRITE_FAILED", { folder: this.folder, reason: reasonOf(thrown) }, thrown);
  }
}
