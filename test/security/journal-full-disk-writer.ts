/**
 * Child process of journal-full-disk.test.ts: writes a journal while the disk is full, and when there is room again.
 * Says what came of it as one line of JSON.
 *
 *   journal-full-disk-writer.ts FOLDER limit   no file may grow beyond what the tail has (RLIMIT_FSIZE)
 *   journal-full-disk-writer.ts FOLDER fill    fills the disk on which the folder lies
 */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CodedError } from "../../src/errors.ts";
import { openJournal } from "../../src/journal/journal.ts";
import type { JournalEntry } from "../../src/journal/leaf.ts";
import { systemClock } from "../../src/time/clock.ts";
import { checkAll, readJournalFolder } from "../support/journal-folder.ts";

const [folder = "", how = ""] = process.argv.slice(2);
const faults: string[] = [];
const open = () =>
  openJournal(folder, {
    clock: systemClock,
    checkpointEvery: { leaves: 1e6, seconds: 1e6 },
    onFault: ({ code }) => faults.push(code),
  });
const entry = (number: number): JournalEntry => ({
  type: "health",
  actor: "engine",
  payload: { number, text: "x".repeat(400) },
});
const codeOf = (thrown: unknown) => (thrown instanceof CodedError ? thrown.code : String(thrown));

const journal = await open();
const acknowledged = [];
for (let i = 0; i < 20; i += 1) acknowledged.push(await journal.append(entry(i)));

const room = how === "limit" ? limit() : fill();
const refused = await Promise.allSettled(Array.from({ length: 30 }, (_, i) => journal.append(entry(i))));
const again = await journal.append(entry(0)).catch(codeOf);
const checkpoint = await journal.checkpoint().catch(codeOf);
const size = journal.size;
const onDisk = (await readJournalFolder(folder)).size;
room();

acknowledged.push(...(await Promise.all(Array.from({ length: 50 }, (_, i) => journal.append(entry(i))))));
await journal.close();

// A journal that is opened while there is no room, and then when there is.
const noRoom = how === "limit" ? limit() : fill();
const opening = await open().then((opened) => opened.close().then(() => "opened", codeOf), codeOf);
noRoom();
const last = await open();
await last.close();

const state = await readJournalFolder(folder);
const kept = await Promise.all(
  acknowledged.map(async ({ seq, leafHash }) => (await state.hashAt(seq)) === leafHash),
);
process.stdout.write(
  `${JSON.stringify({
    refused: [
      ...new Set(refused.map((one) => (one.status === "rejected" ? codeOf(one.reason) : "acknowledged"))),
    ],
    message: refused.map((one) => (one.status === "rejected" ? String(one.reason.message) : ""))[0],
    again,
    checkpoint,
    size,
    onDisk,
    opening,
    kept: kept.every(Boolean),
    leaves: (await checkAll(folder)).length,
    faults,
  })}\n`,
);

/** @returns what lifts it again */
function limit(): () => void {
  const set = (bytes: number | string) =>
    execFileSync("prlimit", [`--pid=${process.pid}`, `--fsize=${bytes}:unlimited`]);
  set(statSync(join(folder, "tail.log")).size + 700);
  return () => set("unlimited");
}

function fill(): () => void {
  const path = join(folder, "filler");
  const file = openSync(path, "w");
  for (const bytes of [Buffer.alloc(65_536), Buffer.alloc(512)]) {
    try {
      for (;;) if (writeSync(file, bytes) < bytes.length) break;
    } catch (thrown) {
      if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC")) throw thrown;
    }
  }
  closeSync(file);
  return () => rmSync(path);
}
