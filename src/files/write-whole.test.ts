import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
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

  it("never replaces a file where it is told so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "contrechamp-write-"));
    const path = join(folder, "decision.yml");
    const both = ["one", "two"].map((text) => writeWhole(path, text, { exclusive: true }));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(readFileSync(path, "utf8")).toBe(outcomes[0]?.status === "fulfilled" ? "one" : "two");
    await expect(writeWhole(path, "three", { exclusive: true })).rejects.toMatchObject({ code: "EEXIST" });
    expect(readdirSync(folder)).toEqual(["decision.yml"]);
  });

  it("takes over what a killed process left under the name that it is given", async () => {
    const folder = mkdtempSync(join(tmpdir(), "contrechamp-write-"));
    const partial = join(folder, "holds.json.new");
    writeFileSync(partial, "half of something longer");
    const prepare = (file: { chmod(mode: number): Promise<void> }) => file.chmod(0o666);
    await writeWhole(join(folder, "holds.json"), "whole", { partial, prepare });
    expect(readFileSync(join(folder, "holds.json"), "utf8")).toBe("whole");
    expect(statSync(join(folder, "holds.json")).mode & 0o777).toBe(0o666);
    expect(readdirSync(folder)).toEqual(["holds.json"]);
  });
});
