import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Clock } from "../time/clock.ts";
import { eraseOldAccesses } from "./access-retention.ts";
import { openJournal } from "./journal.ts";
import { readLog } from "./log-reader.ts";
import { verifyJournal } from "./verify.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-access-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("eraseOldAccesses", () => {
  it("takes who looked at what after its time, and no proof with it", async () => {
    let now = Date.parse("2026-01-15T12:00:00Z");
    const clock: Clock = { now: () => now, monotonic: () => now / 1000, sleep: async () => undefined };
    const onFault = (error: Error) => {
      throw error;
    };
    const journal = await openJournal(folder, { clock, onFault });
    const view = (reason: string) =>
      journal.append({
        type: "view",
        actor: "agent-7",
        payload: { evidenceId: "e", reason, recipients: [] },
      });
    const old = await view("an old question");
    await journal.append({ type: "stop", actor: "engine", payload: { cameraId: null } });
    now = Date.parse("2026-06-30T12:00:00Z");
    const recent = await view("a new question");
    now = Date.parse("2026-07-16T12:00:00Z");
    await journal.checkpoint();
    const rule = { clock, keptFor: "P6M", timeZone: "Europe/Paris" };
    const first = await eraseOldAccesses(journal, { ...rule, from: 0 });
    expect(first.erased).toBe(1);
    expect(first.next).toBeGreaterThan(old.seq);
    expect((await eraseOldAccesses(journal, { ...rule, from: first.next })).erased).toBe(0);
    await journal.close();

    const kinds = new Map<number, string>();
    for await (const { leaf, content } of readLog(folder)) kinds.set(leaf.seq, content.kind);
    expect(kinds.get(old.seq)).toBe("erased");
    expect(kinds.get(recent.seq)).toBe("kept");
    expect([...kinds.values()].filter((kind) => kind === "erased")).toHaveLength(1);
    expect((await verifyJournal(folder)).verdict).not.toBe("broken");
  });
});
