import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const WRITER = fileURLToPath(new URL("./journal-full-disk-writer.ts", import.meta.url));
const top = mkdtempSync(join(tmpdir(), "contrechamp-full-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** 20 and 50 leaves, the first, and nothing of what was refused. */
const LEAVES = 71;

describe("a journal on a full disk", () => {
  it("acknowledges nothing that it could not write, and goes on when it can", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [WRITER, join(top, "limit"), "limit"], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      refused: ["JOURNAL_WRITE_FAILED"],
      message: expect.stringContaining("a file would grow beyond the limit"),
      // No file may be longer than the tail and a little: one leaf more has room, in a tail that was made anew.
      again: expect.objectContaining({ seq: 21 }),
      checkpoint: expect.anything(),
      size: 22,
      onDisk: 22,
      opening: expect.any(String),
      kept: true,
      leaves: LEAVES + 1,
      faults: [],
    });
  });

  it.skipIf(!mayMount())("does so on a disk of one megabyte that is really full", () => {
    const disk = join(top, "disk");
    mkdirSync(disk);
    const script = 'mount -t tmpfs -o size=1m none "$1" && exec "$2" "$3" "$1/journal" fill';
    const { status, stdout, stderr } = spawnSync(
      "unshare",
      ["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", disk, process.execPath, WRITER],
      { encoding: "utf8" },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({
      refused: ["JOURNAL_WRITE_FAILED"],
      message: expect.stringContaining("the disk is full"),
      again: "JOURNAL_WRITE_FAILED",
      checkpoint: "JOURNAL_WRITE_FAILED",
      size: 21,
      onDisk: 21,
      kept: true,
      leaves: LEAVES,
    });
    expect(["JOURNAL_FOLDER", "JOURNAL_WRITE_FAILED"]).toContain(told.opening);
  });
});

/** Whether this user may make a small disk that nobody else sees. */
function mayMount(): boolean {
  const { status } = spawnSync("unshare", [
    "--user",
    "--map-root-user",
    "--mount",
    "mount",
    "-t",
    "tmpfs",
    "none",
    top,
  ]);
  return status === 0;
}
