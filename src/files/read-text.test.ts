import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readText } from "./read-text.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-read-text-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe("readText", () => {
  it("reads up to the limit, and nothing of what is larger", async () => {
    expect(await readText(file("whole", "été\n"), 6)).toEqual({ kind: "text", text: "été\n" });
    expect(await readText(file("larger", "été!\n"), 6)).toMatchObject({ kind: "too_large", bytes: 7 });
  });

  it.each([
    ["a missing file", () => join(folder, "none"), "there is no such file or folder"],
    ["a folder", () => folder, "it is a folder"],
    ["a device without end", () => "/dev/zero", "it is not a regular file"],
    [
      "a pipe that nobody writes to",
      () => {
        const pipe = join(folder, "pipe");
        execFileSync("mkfifo", [pipe]);
        return pipe;
      },
      "it is not a regular file",
    ],
  ])("does not read %s", async (_, path, reason) => {
    expect(await readText(path(), 1000)).toMatchObject({ kind: "unreadable", reason });
  });

  it("tells what is not UTF-8", async () => {
    const latin = file("latin", Uint8Array.of(0x69, 0xe9, 0x0a));
    expect((await readText(latin, 1000)).kind).toBe("not_text");
  });
});
