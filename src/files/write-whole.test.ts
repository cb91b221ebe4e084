import { mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeWhole } from "./write-whole.ts";

describe("writeWhole", () => {
  it("makes the folder, replaces what is there, keeps the mode and leaves nothing beside it", async () => {
    const folder = join(mkdtempSync(join(tmpdir(), "contrechamp-write-")), "a", "b");
    const path = join(folder, "secret.pem");
    await writeWhole(path, "one", { mode: 0o600 });
    await writeWhole(path, "two", { mode: 0o600 });
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["secret.pem"]);
  });

  it("leaves what was there, and nothing else, where it cannot write", async () => {
    const folder = mkdtempSync(join(tmpdir(), "contrechamp-write-"));
    await expect(writeWhole(join(folder, "is-a-folder", ".."), "x")).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});
