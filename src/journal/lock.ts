import { rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { fault } from "../errors.ts";
import type { UtcMilliseconds } from "../time/clock.ts";
import { formatUtc } from "../time/clock.ts";
import { reasonOf, writeDurably } from "./durable.ts";

/** The right to write a journal, held by one process at a time. */
export interface JournalLock {
  release(): void;
}

/**
 * Takes the lock of a journal, or says who holds it.
 *
 * The lock is the system's own (fcntl, through SQLite, which is the way Node has to it): it ends with the process
 * that holds it, however that ends, so none is ever stale and a process id that is used again does not matter. The
 * file `lock` must not be opened otherwise by the process that holds it: closing any file loses such a lock. The
 * file `holder` is only for the message.
 *
 * @throws JOURNAL_IN_USE, JOURNAL_FOLDER
 */
export async function lockJournal(folder: string, now: UtcMilliseconds): Promise<JournalLock> {
  const database = await take(folder);
  const holder = {
    pid: process.pid,
    program: basename(process.argv[1] ?? process.execPath),
    since: formatUtc(now),
  };
  try {
    await writeDurably(folder, new Map([[HOLDER, Buffer.from(`${JSON.stringify(holder)}\n`)]]));
  } catch {
    // A full disk: whoever is refused learns less of the holder, and the journal says for itself what it cannot do.
  }
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      rmSync(join(folder, HOLDER), { force: true });
      database.close();
    },
  };
}

async function take(folder: string): Promise<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(folder, "lock"), { timeout: 0 });
    // Neither a rollback file nor a page is ever written: it is only held. (OFF is refused in defensive mode.)
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return database;
  } catch (thrown) {
    database?.close();
    if (isBusy(thrown)) throw fault("JOURNAL_IN_USE", { folder, holder: await nameHolder(folder) }, thrown);
    throw fault(
      "JOURNAL_FOLDER",
      { folder, reason: `its lock cannot be taken (${reasonOf(thrown)})` },
      thrown,
    );
  }
}

const HOLDER = "holder";
const holderSchema = z.object({
  pid: z.int().min(1),
  program: z.string().max(200),
  since: z.string().max(40),
});

async function nameHolder(folder: string): Promise<string> {
  try {
    const { pid, program, since } = holderSchema.parse(
      JSON.parse(await readFile(join(folder, HOLDER), "utf8")),
    );
    return `process ${pid} (${program}) since ${since}`;
  } catch {
    return "another process, which has not said its name yet";
  }
}

/** SQLITE_BUSY, SQLITE_LOCKED. */
function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && "errcode" in thrown && (thrown.errcode === 5 || thrown.errcode === 6);
}
