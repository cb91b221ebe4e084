import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { checkAll, readJournalFolder } from "../../test/support/journal-folder.ts";
import { systemClock } from "../time/clock.ts";
import { collectAnswer, handIn, takeBack } from "./inbox.ts";
import { openJournal } from "./journal.ts";
import type { JournalEntry } from "./leaf.ts";
import { readPayload, readSegment } from "./payloads.ts";
import { submissions, submit } from "./submit.ts";

const HOLDER = fileURLToPath(new URL("../../test/support/journal-holder.ts", import.meta.url));
const top = mkdtempSync(join(tmpdir(), "contrechamp-submit-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));
let folders = 0;
let folder = "";
beforeEach(() => {
  folder = join(top, String(folders++));
});

const clock = systemClock;
const entry = (number: number): JournalEntry => ({ type: "view", actor: "pseudonym-1", payload: { number } });

/** A process that holds the journal, once it does. */
async function hold(...mode: string[]) {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(top, "compiled") };
  const child = spawn(process.execPath, [HOLDER, folder, ...mode], {
    stdio: ["pipe", "pipe", "inherit"],
    env,
  });
  const lines: string[] = [];
  const ended = once(child, "close");
  child.stdin.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      if (line === "held") resolve();
    });
    child.once("close", () => resolve());
  });
  return {
    child,
    lines,
    ended,
    async end() {
      child.stdin.write("end\n");
      await ended;
    },
  };
}

describe("submit", () => {
  it("writes into a journal that nobody holds, and makes it where there is none", async () => {
    expect((await submit(folder, entry(1), { clock })).seq).toBe(1);
    const { seq, leafHash } = await submit(folder, entry(2), { clock });
    expect(seq).toBe(2);
    expect(await (await readJournalFolder(folder)).hashAt(2)).toBe(leafHash);
    expect(await checkAll(folder)).toEqual(["journal_opened", "view", "view"]);
  });

  it("hands in where a process holds it, from many at once", async () => {
    const holder = await hold("serve");
    const sink = submissions(folder, { clock, timeout: 20 });
    const acknowledged = await Promise.all(Array.from({ length: 12 }, (_, i) => sink.append(entry(i))));
    expect(new Set(acknowledged.map(({ seq }) => seq)).size).toBe(12);
    await holder.end();
    expect(holder.lines.filter((line) => line.startsWith("fault"))).toEqual([]);
    for (const [i, { seq, leafHash }] of acknowledged.entries()) {
      expect(await readPayload(folder, seq)).toMatchObject({ payload: { number: i } });
      expect(await (await readJournalFolder(folder)).hashAt(seq)).toBe(leafHash);
    }
    expect(readdirSync(join(folder, "inbox"))).toEqual([]);
  });

  it("takes back its entry where the holder does not look, and says that nothing was written", async () => {
    const holder = await hold("hold");
    await expect(submit(folder, entry(1), { clock, timeout: 0.4 })).rejects.toMatchObject({
      code: "JOURNAL_NO_ANSWER",
    });
    await holder.end();
    expect((await readJournalFolder(folder)).size).toBe(1);
    expect(readdirSync(join(folder, "inbox"))).toEqual([]);
  });

  it("does the work itself where the holder ends while it waits", async () => {
    const holder = await hold("hold");
    const submitting = submit(folder, entry(1), { clock, timeout: 20 });
    await expect.poll(() => readdirSync(folder)).toContain("inbox");
    holder.child.kill("SIGKILL");
    const { seq } = await submitting;
    expect(await readPayload(folder, seq)).toMatchObject({ payload: { number: 1 } });
    expect(readdirSync(join(folder, "inbox"))).toEqual([]);
  });

  it("refuses at once what cannot be a leaf", async () => {
    await expect(submit(folder, { ...entry(1), actor: "" }, { clock })).rejects.toMatchObject({
      code: "JOURNAL_ENTRY_INVALID",
    });
    expect(() => readdirSync(folder)).toThrow("ENOENT");
  });

  it("is written once, wherever the holder is killed on its way from the inbox to the answer", async () => {
    const first = await hold("serve");
    const steps = async (holder: typeof first) => {
      await holder.end();
      return Number(holder.lines.find((line) => line.startsWith("steps"))?.split(" ")[1]);
    };
    await submit(folder, entry(-1), { clock, timeout: 20 });
    const most = await steps(first);
    expect(most).toBeGreaterThan(15);
    let size = (await readJournalFolder(folder)).size;
    for (let step = 1; step <= Math.min(most, 40); step += 2) {
      const holder = await hold("crash", String(step));
      const id = await handIn(folder, entry(step));
      const answered = expect
        .poll(() => readdirSync(join(folder, "inbox")), { timeout: 3000, interval: 10 })
        .toContain(`${id}.answer`)
        .catch(() => undefined);
      await Promise.race([holder.ended, answered]);
      holder.child.kill("SIGKILL");
      await holder.ended;
      // The next one to hold it: a command.
      await submit(folder, entry(1000 + step), { clock });
      expect(await collectAnswer(folder, id), `killed before step ${step}`).toHaveProperty("acknowledgement");
      expect(await takeBack(folder, id)).toBe(false);
      const { stored } = await readJournalFolder(folder);
      const records = await readSegment(folder, 0, stored);
      const written = records.filter((one) => "payload" in one && one.payload["number"] === step);
      expect(written, `killed before step ${step}`).toHaveLength(1);
      expect(stored).toBeGreaterThan(size);
      size = stored;
    }
    expect(readdirSync(join(folder, "inbox"))).toEqual([]);
    await (await openJournal(folder, { clock, onFault: (fault) => expect(fault).toBeNull() })).close();
    await checkAll(folder);
  }, 60_000);
});
