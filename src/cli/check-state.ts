import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { asCoded, CodedError } from "../errors.ts";
import { journalFolder } from "../journal/folder.ts";
import { readCheckpoint, readLog } from "../journal/log-reader.ts";
import type { UtcMilliseconds } from "../time/clock.ts";
import { plainError } from "./check-configuration.ts";
import type { CheckedError, CheckedState } from "./check-report.ts";

/** A site's state, and the newest instant that its journal knows. */
export interface FoundState {
  readonly state: CheckedState;
  readonly newest: UtcMilliseconds | null;
}

/** Looks at the folder of a site's state and at its journal, beside whatever process writes them; changes nothing. */
export async function checkState(folder: string, error: CheckedError | null): Promise<FoundState> {
  const exists = await may(folder, constants.F_OK);
  const journal = await checkJournal(journalFolder(folder));
  return {
    state: { folder, error, exists, writable: await mayWrite(folder), journal },
    newest: journal?.newest == null ? null : Date.parse(journal.newest),
  };
}

/** Whether a journal tells of an earlier run. One that cannot be read is a fault of its own, and tells of none. */
export async function hasStarted(journal: string): Promise<boolean> {
  try {
    for await (const { leaf } of readLog(journal)) if (leaf.type === "start") return true;
    return false;
  } catch {
    return false;
  }
}

async function checkJournal(folder: string): Promise<CheckedState["journal"]> {
  if (!(await may(folder, constants.F_OK))) return null;
  const begun = { folder, writable: await mayWrite(folder), leaves: 0, newest: null, checkpoint: null };
  try {
    const signed = (await readCheckpoint(folder))?.size ?? 0;
    let leaves = 0;
    let newest: string | null = null;
    let signedAt: string | null = null;
    for await (const { leaf } of readLog(folder, { from: Math.max(0, signed - 1) })) {
      leaves = leaf.seq + 1;
      newest = leaf.at;
      if (leaf.seq === signed - 1) signedAt = leaf.at;
    }
    const checkpoint = signed === 0 ? null : { leaves: signed, at: signedAt };
    return { ...begun, leaves, newest, checkpoint, error: null };
  } catch (thrown) {
    // A folder that a stopped start left empty is no damage.
    if (thrown instanceof CodedError && thrown.code === "VERIFY_NO_JOURNAL") return null;
    return { ...begun, error: plainError(asCoded(thrown)) };
  }
}

/** Whether this user may write there, or make it where it is not there yet. */
async function mayWrite(folder: string): Promise<boolean> {
  for (let place = folder; ; place = dirname(place)) {
    if (await may(place, constants.F_OK)) return may(place, constants.W_OK);
    if (dirname(place) === place) return false;
  }
}

async function may(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}
