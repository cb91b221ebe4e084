import { mkdir } from "node:fs/promises";
import { CodedError, fault } from "../errors.ts";
import type { Clock, Seconds, UtcMilliseconds } from "../time/clock.ts";
import { reasonOf } from "./durable.ts";
import type { Acknowledgement, EntrySink, JournalEntry } from "./leaf.ts";
import { type JournalLock, lockJournal } from "./lock.ts";
import { TailFile } from "./log-file.ts";
import { openLogKey } from "./log-key.ts";
import { isBegun, type Recovered, recover, type SignedCheckpoint } from "./recovery.ts";
import { TiledJournal } from "./tiled-journal.ts";

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
  /**
   * The latest time known to it since it was opened, at first that of the last leaf before: a clock that shows less
   * was set back. Null in an empty log.
   */
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
    const journal = new TiledJournal(folder, options, { signer, lock, tail, found });
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
