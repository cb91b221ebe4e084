import { fault } from "../../errors.ts";
import { EvidenceTrace } from "../../evidence/vault/trace.ts";
import type { LeafType } from "../../journal/leaf.ts";
import { type LogEntry, readCheckpoint, readLog, readLogEntry } from "../../journal/log-reader.ts";

/** Leaves that one request looks through: in a long journal a rare type takes several. */
const MOST_LOOKED_AT = 20_000;

export interface TracePage {
  /** Index of the first leaf that is looked at. */
  readonly from: number;
  readonly limit: number;
  /** Null: all. */
  readonly type: LeafType | null;
}

/**
 * Leaves of a journal in their order; none before its first signed state, which comes seconds after it was begun.
 * @returns with the index at which the next page begins; null where the journal ends here
 * @throws as `readLog`
 */
export async function readTrace(
  folder: string,
  { from, limit, type }: TracePage,
): Promise<{ readonly entries: readonly LogEntry[]; readonly next: number | null }> {
  const entries: LogEntry[] = [];
  if ((await readCheckpoint(folder)) === null) return { entries, next: null };
  for await (const entry of readLog(folder, { from })) {
    const { seq } = entry.leaf;
    if (entries.length === limit || seq - from >= MOST_LOOKED_AT) return { entries, next: seq };
    if (type === null || entry.leaf.type === type) entries.push(entry);
  }
  return { entries, next: null };
}

/** One leaf. @throws JOURNAL_UNSIGNED_YET, JOURNAL_NO_LEAF, and as `readLog` */
export async function readTraceEntry(folder: string, seq: number): Promise<LogEntry> {
  if ((await readCheckpoint(folder)) === null) throw fault("JOURNAL_UNSIGNED_YET", { seq });
  return readLogEntry(folder, seq);
}

/** The proof that a leaf is in the signed journal, as C2SP tlog-proof. @throws JOURNAL_UNSIGNED_YET */
export async function proveLeaf(folder: string, seq: number): Promise<string> {
  const proof = await new EvidenceTrace(folder).prove(seq);
  if (proof === null) throw fault("JOURNAL_UNSIGNED_YET", { seq });
  return proof;
}
