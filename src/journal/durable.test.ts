import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isMissing, readUnwiped, reasonOf, replaceAndWipe, writeDurably } from "./durable.ts";
import { Turns } from "./turns.ts";

const top = mkdtempSync(join(tmpdir(), "contrechamp-durable-"));
afterAll(() => rmSync(top, { recursive: true, force: true }));

describe("writeDurably", () => {
  it("writes files with their folders, for their owner alone, and leaves nothing else", async () => {
    const folder = join(top, "files");
    mkdirSync(folder);
    await writeDurably(
      folder,
      new Map([
        ["a/b/c", Buffer.from("deep")],
        ["top", Buffer.from("")],
      ]),
    );
    await writeDurably(folder, new Map([["a/b/c", Buffer.from("new")]]));
    expect(readFileSync(join(folder, "a/b/c"), "utf8")).toBe("new");
    expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual(["a", "a/b", "a/b/c", "top"]);
    expect(statSync(join(folder, "a/b/c")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o700);
  });

  it("leaves the old file where the new one cannot be written", async () => {
    const folder = join(top, "kept");
    mkdirSync(folder);
    writeFileSync(join(folder, "file"), "old");
    // Under the name that it would have while it is written.
    mkdirSync(join(folder, "file.part"));
    await expect(writeDurably(folder, new Map([["file", Buffer.from("new")]]))).rejects.toThrow();
    await expect(replaceAndWipe(join(folder, "file"), Buffer.from("new"))).rejects.toThrow();
    expect(await readUnwiped(join(folder, "file"))).toEqual(Buffer.from("old"));
  });
});

describe("reasonOf", () => {
  it("says in words what the system says in letters, without a path", async () => {
    const missing = await readUnwiped(join(top, "nothing")).catch((thrown: unknown) => thrown);
    expect(isMissing(missing)).toBe(true);
    expect(reasonOf(missing)).toBe("it is not there");
    expect(reasonOf(Object.assign(new Error("ENOSPC: no space, write '/a/b'"), { code: "ENOSPC" }))).toBe(
      "the disk is full",
    );
    expect(reasonOf(new Error("anything"))).toBe("anything");
    expect(reasonOf("a text")).toBe("a text");
  });
});

describe("Turns", () => {
  it("lets nothing overlap, keeps the order, and is not stopped by what fails", async () => {
    const turns = new Turns();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 3));
      log.push(`${name} ends`);
      if (name === "two") throw new Error("two fails");
      return name;
    };
    const asked = ["one", "two", "three"].map((name) => turns.run(work(name)));
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(log).toEqual(["one", "two", "three"].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });
});
