import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { systemClock } from "../time/clock.ts";
import { openJournal } from "./journal.ts";
import { lockJournal } from "./lock.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that takes the lock, says so, and stays. */
async function holder() {
  const script = `
    import { lockJournal } from ${JSON.stringify(new URL("./lock.ts", import.meta.url).href)};
    await lockJournal(process.argv[1], Date.UTC(2026, 0, 1));
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe("the lock", () => {
  it("is held by one, and given on", async () => {
    const lock = await lockJournal(folder, 0);
    await expect(lockJournal(folder, 0)).rejects.toMatchObject({ code: "JOURNAL_IN_USE" });
    lock.release();
    lock.release();
    const next = await lockJournal(folder, 0);
    await expect(lockJournal(folder, 0)).rejects.toMatchObject({ code: "JOURNAL_IN_USE" });
    next.release();
  });

  it("of a live process names it, and ends with it when it is killed", async () => {
    const child = await holder();
    await expect(lockJournal(folder, 0)).rejects.toMatchObject({
      code: "JOURNAL_IN_USE",
      message: expect.stringContaining(`process ${child.pid} (`),
    });
    await expect(openJournal(folder, { clock: systemClock, onFault: () => undefined })).rejects.toMatchObject(
      {
        message: expect.stringContaining("since 2026-01-01T00:00:00.000Z"),
      },
    );
    child.kill("SIGKILL");
    await once(child, "close");
    // Its name still lies there, and holds up nobody: not even where a live process has its id now.
    const left = JSON.parse(readFileSync(join(folder, "holder"), "utf8"));
    expect(left.pid).toBe(child.pid);
    writeFileSync(join(folder, "holder"), JSON.stringify({ ...left, pid: process.pid }));
    const lock = await lockJournal(folder, 0);
    lock.release();
  });

  it("is waited for", async () => {
    const child = await holder();
    const opening = openJournal(folder, { clock: systemClock, wait: 10, onFault: () => undefined });
    await systemClock.sleep(0.2);
    child.kill("SIGKILL");
    const journal = await opening;
    expect(journal.size).toBe(1);
    await journal.close();
  });

  it("says that it does not know who, where the name is not readable", async () => {
    const lock = await lockJournal(folder, 0);
    writeFileSync(join(folder, "holder"), "{");
    await expect(lockJournal(folder, 0)).rejects.toMatchObject({
      message: expect.stringContaining("another process"),
    });
    lock.release();
  });

  it("says that a folder which is not there cannot be locked", async () => {
    await expect(lockJournal(join(folder, "nothing"), 0)).rejects.toMatchObject({ code: "JOURNAL_FOLDER" });
  });
});
