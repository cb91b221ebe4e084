import { CodedError, fault } from "../../errors.ts";
import type { EntrySink } from "../../journal/leaf.ts";
import { type Clock, formatUtc } from "../../time/clock.ts";
import type { Erased, ErasureCause, ErasureIntent } from "./record.ts";
import type { FindEvidenceLeaf } from "./register.ts";
import type { Vault } from "./vault.ts";

export interface ErasureOrder {
  readonly cause: ErasureCause;
  /** A pseudonym of a person, or `engine`. */
  readonly by: string;
  readonly reason: string;
}

export interface EraseOptions {
  readonly clock: Clock;
  readonly journal: EntrySink;
  /** Whether the leaf of an interrupted erasure is there already. */
  readonly find?: FindEvidenceLeaf | undefined;
}

/**
 * Erases one evidence for good. In this order, each step forced to the disk: an intent is written; the key is
 * overwritten and removed, and from then on the rest is noise; the sealed files too; the `erasure` leaf is
 * appended, which so never tells of what has not happened; the erasure is noted as done. A crash at any point
 * leaves the intent, and `resumeErasures` takes it up from there. Record and manifest stay: what it was, and that it
 * is gone, can still be proved.
 * @returns what is on record of it, also where it was erased before
 * @throws EVIDENCE_UNKNOWN, ERASURE_UNFINISHED, and what the journal throws
 */
export async function eraseEvidence(
  vault: Vault,
  evidenceId: string,
  order: ErasureOrder,
  options: EraseOptions,
): Promise<Erased> {
  const done = await vault.erased(evidenceId);
  if (done !== null) return done;
  if (!(await vault.ids()).has(evidenceId))
    throw fault("EVIDENCE_UNKNOWN", { id: evidenceId, vault: vault.folder });
  const begun = await begunErasure(vault, evidenceId);
  if (begun !== null) return finish(vault, begun, options);
  const intent: ErasureIntent = {
    schema: "contrechamp/erasure-intent@1",
    evidenceId,
    cause: order.cause,
    by: order.by,
    reason: order.reason,
    at: formatUtc(options.clock.now()),
  };
  try {
    await vault.writeIntent(intent);
  } catch (error) {
    throw unfinished(evidenceId, error);
  }
  return finish(vault, intent, options);
}

/** Finishes every erasure that was begun. For the start, and before a sweep. */
export async function resumeErasures(vault: Vault, options: EraseOptions): Promise<readonly Erased[]> {
  const finished: Erased[] = [];
  for (const id of await vault.erasing()) {
    const intent = await begunErasure(vault, id);
    if (intent !== null) finished.push(await finish(vault, intent, options));
  }
  return finished;
}

/** That somebody wanted it erased is certain from the intent's name alone, even where what it says was damaged. */
async function begunErasure(vault: Vault, evidenceId: string): Promise<ErasureIntent | null> {
  try {
    return await vault.intent(evidenceId);
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== "EVIDENCE_RECORD_UNREADABLE") throw error;
    return {
      schema: "contrechamp/erasure-intent@1",
      evidenceId,
      cause: "incomplete",
      by: "engine",
      reason: "its erasure was begun, and who ordered it and why was damaged since",
      at: formatUtc(0),
    };
  }
}

async function finish(vault: Vault, intent: ErasureIntent, { journal, find }: EraseOptions): Promise<Erased> {
  const { evidenceId, cause, by, reason, at } = intent;
  try {
    await vault.destroy(evidenceId);
  } catch (error) {
    throw unfinished(evidenceId, error);
  }
  // A record that cannot be read keeps nothing from being erased.
  const record = await vault.record(evidenceId).catch(() => null);
  const leaf =
    (await find?.("erasure", evidenceId)) ??
    (await journal.append({
      type: "erasure",
      actor: by,
      payload: {
        evidenceId,
        cause,
        reason,
        begunAt: at,
        cameraId: record?.cameraId ?? null,
        alertId: record?.episodeId ?? null,
        deadline: record?.grounds.deadline ?? null,
      },
    }));
  const erased: Erased = {
    ...intent,
    schema: "contrechamp/erased@1",
    journal: { seq: leaf.seq, leafHash: leaf.leafHash },
  };
  try {
    await vault.writeErased(erased);
  } catch (error) {
    throw unfinished(evidenceId, error);
  }
  return erased;
}

function unfinished(id: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return fault("ERASURE_UNFINISHED", { id, reason }, error);
}
