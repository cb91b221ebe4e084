import { chown, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { type Seconds, systemClock } from "../time/clock.ts";

/** What came of asking for the lock. */
export type Locked<T> =
  | { readonly locked: true; readonly value: T }
  | { readonly locked: false; readonly why: string };

/** SQLite's result code for a lock that somebody else has. */
const BUSY = 5;

/**
 * Does something that only one process at a time may do in a folder.
 *
 * The lock is that of an empty SQLite database, `holds.lock`: the system itself gives it back when its holder dies,
 * however it dies, so that no lock is left over that somebody would have to judge stale.
 *
 * @param patience for how long to ask. Real time, whatever clock is injected elsewhere: other processes keep it.
 */
export async function underLock<T>(
  folder: string,
  patience: Seconds,
  action: () => Promise<T>,
): Promise<Locked<T>> {
  const until = systemClock.monotonic() + patience;
  const file = join(folder, "holds.lock");
  let database: DatabaseSync | null = null;
  try {
    try {
      // Only who writes loads it.
      const { DatabaseSync } = await import("node:sqlite");
      database = new DatabaseSync(file, { timeout: 0 });
      await giveToOwner(file, folder);
      while (!began(database)) {
        if (systemClock.monotonic() >= until) return { locked: false, why: "another process is writing" };
        // Uneven waits: two that wait do not ask at the same instants for ever.
        await systemClock.sleep(0.001 + Math.random() * 0.009);
      }
    } catch (error) {
      return { locked: false, why: error instanceof Error ? error.message : String(error) };
    }
    return { locked: true, value: await action() };
  } finally {
    // Closing ends the transaction, and with it the lock.
    database?.close();
  }
}

/** What the administrator has stopped the engine must be able to write to, as whoever it runs. */
async function giveToOwner(file: string, folder: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  // By its path: opening the file and closing it again would give back every lock that this process has on it.
  const { uid, gid } = await stat(folder);
  await chown(file, uid, gid);
}

function began(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN IMMEDIATE");
    return true;
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === BUSY) return false;
    throw error;
  }
}
