import { stat } from "node:fs/promises";
import { asCoded } from "../errors.ts";
import { journalFolder } from "../journal/folder.ts";
import type { Hold } from "../policy/hold.ts";
import { systemClock } from "../time/clock.ts";

/** What the journal has of some holds. */
export interface HoldTrace {
  /** Index of each one's leaf. */
  readonly leaves: readonly number[];
  /** Why not all of them were written; null where they were. */
  readonly error: string | null;
}

/** Writes a leaf for each hold, as it is now, to the journal of a state folder. Never rejects. */
export async function traceHolds(
  stateFolder: string,
  type: "hold" | "hold_released",
  holds: readonly Hold[],
  actor: string,
): Promise<HoldTrace> {
  const leaves: number[] = [];
  try {
    // Loaded only now: a stop has happened before, and needed none of it.
    const { submit } = await import("../journal/submit.ts");
    const journal = journalFolder(stateFolder);
    await asOwner(stateFolder, async () => {
      for (const hold of holds) {
        const { seq } = await submit(journal, { type, actor, payload: { ...hold } }, { clock: systemClock });
        leaves.push(seq);
      }
    });
    return { leaves, error: null };
  } catch (error) {
    return { leaves, error: asCoded(error).message };
  }
}

/**
 * Lets an administrator write to the journal as the account that the engine runs as: files of root would keep that
 * engine from its own journal.
 */
async function asOwner(folder: string, action: () => Promise<void>): Promise<void> {
  const { uid, gid } = await stat(folder);
  const { geteuid, seteuid, setegid, getegid } = process;
  if (!geteuid || !seteuid || !setegid || !getegid || geteuid() !== 0 || uid === 0) return action();
  const group = getegid();
  setegid(gid);
  seteuid(uid);
  try {
    await action();
  } finally {
    seteuid(0);
    setegid(group);
  }
}
