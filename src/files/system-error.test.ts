import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isMissing, reasonOf, systemCode } from "./system-error.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-system-error-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function thrownBy(path: string): unknown {
  try {
    return readFileSync(path);
  } catch (thrown) {
    return thrown;
  }
}

describe("an error of the system", () => {
  it.each([
    ["a missing file", () => join(folder, "none"), "ENOENT", "there is no such file or folder"],
    ["a folder", () => folder, "EISDIR", "it is a folder"],
    ["below a file", () => "/etc/passwd/below", "ENOTDIR", "a part of its path is not a folder"],
    ["a link to itself", () => join(folder, "round"), "ELOOP", "its links lead round in a circle"],
  ])("%s is said in words, without the path", (_, path, code, words) => {
    symlinkSync("round", join(folder, "round"));
    const thrown = thrownBy(path());
    rmSync(join(folder, "round"));
    expect(systemCode(thrown)).toBe(code);
    expect(reasonOf(thrown)).toBe(words);
    expect(isMissing(thrown)).toBe(code === "ENOENT");
  });

  it("is nothing else: other errors keep their message", () => {
    const coded = Object.assign(new Error("a message"), { code: "ENOENT" });
    for (const other of [coded, new Error("a message"), "a message"]) {
      expect(systemCode(other)).toBeNull();
      expect(reasonOf(other)).toBe("a message");
      expect(isMissing(other)).toBe(false);
    }
  });
});
