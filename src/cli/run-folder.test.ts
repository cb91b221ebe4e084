import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRunFolder } from "./run-folder.ts";

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contrechamp-run-folder-"));
  out = join(folder, "out");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.UTC(2026, 0, 2);

describe("openRunFolder", () => {
  it("moves an earlier run aside, and puts it back where the new one came to nothing", async () => {
    mkdirSync(out);
    writeFileSync(join(out, "alerts.jsonl"), "earlier\n");
    const opened = await openRunFolder(out, START);
    expect(opened.kept).toBe(`${out}-unfinished`);
    expect(readFileSync(join(out, "alerts.jsonl"), "utf8")).toBe("");
    mkdirSync(join(out, "camera", "evidence"), { recursive: true });
    await opened.discard(null);
    expect(readdirSync(folder)).toEqual(["out"]);
    expect(readFileSync(join(out, "alerts.jsonl"), "utf8")).toBe("earlier\n");
  });

  it("leaves no trace of a run that came to nothing where there was nothing before", async () => {
    const opened = await openRunFolder(out, START);
    expect(opened.kept).toBeNull();
    await opened.discard(null);
    expect(existsSync(out)).toBe(false);
  });

  it("leaves a folder of the user's own, and what is in it", async () => {
    mkdirSync(out);
    writeFileSync(join(out, "notes.txt"), "mine");
    await (await openRunFolder(out, START)).discard(null);
    expect(readdirSync(out)).toEqual(["notes.txt"]);
  });

  it("leaves the folder of a run that is under way alone, and takes that of one that was killed", async () => {
    const opened = await openRunFolder(out, START);
    await expect(openRunFolder(out, START)).rejects.toMatchObject({
      code: "OUTPUT_IN_USE",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    expect(readdirSync(folder)).toEqual(["out"]);
    await opened.discard(null);

    const killed = spawnSync(process.execPath, ["-e", ""]);
    mkdirSync(out);
    writeFileSync(join(out, "alerts.jsonl"), "killed\n");
    writeFileSync(join(out, ".running"), String(killed.pid));
    const next = await openRunFolder(out, START);
    expect(readFileSync(join(next.kept ?? "", "alerts.jsonl"), "utf8")).toBe("killed\n");
  });

  it("says what keeps it from writing, in words", async () => {
    writeFileSync(out, "a file");
    for (const path of [out, join(out, "below")]) {
      await expect(openRunFolder(path, START)).rejects.toMatchObject({
        code: "OUTPUT_NOT_WRITTEN",
        message: `Results cannot be written to ${path}: a part of that path is a file, not a folder.`,
      });
    }
  });

  it.skipIf(process.getuid?.() === 0)(
    "says that the folder is closed to this user (skipped for root)",
    async () => {
      chmodSync(folder, 0o500);
      await expect(openRunFolder(out, START)).rejects.toMatchObject({
        message: expect.stringContaining("this user may not write there"),
      });
      chmodSync(folder, 0o700);
    },
  );
});
