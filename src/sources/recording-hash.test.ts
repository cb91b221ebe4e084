import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { recordingSha256 } from "./recording-hash.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-hash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");
let made = 0;
const fresh = (suffix = "") => join(folder, `${++made}${suffix}`);

function images(files: Readonly<Record<string, string>>): string {
  const path = fresh();
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** The documented command, as somebody without Contrechamp would run it. */
function byShell(path: string): string {
  const command =
    "printf '%s\\0' * | grep -ziE '\\.(jpe?g|png|bmp|webp|tiff?|pgm|ppm)$' | LC_ALL=C sort -z " +
    "| xargs -0 sha256sum -z -- | sha256sum";
  return execFileSync("sh", ["-c", command], { cwd: path, encoding: "utf8" }).slice(0, 64);
}

describe("a video file", () => {
  test.each([1, 1 << 20, (1 << 20) + 1, 5_000_000])("%i bytes: their SHA-256", async (length) => {
    const path = fresh(".mp4");
    const bytes = Buffer.alloc(length, "contrechamp");
    writeFileSync(path, bytes);
    expect(await recordingSha256(path)).toBe(sha256(bytes));
  });

  test("by a link, the same", async () => {
    const path = fresh(".mp4");
    writeFileSync(path, "film");
    symlinkSync(path, `${path}.link`);
    expect(await recordingSha256(`${path}.link`)).toBe(sha256("film"));
  });

  test("one that grows meanwhile has none", async () => {
    const path = fresh(".mp4");
    writeFileSync(path, "");
    truncateSync(path, 400_000_000);
    const asked = recordingSha256(path);
    const timer = setInterval(() => appendFileSync(path, "more"), 5);
    try {
      await expect(asked).rejects.toMatchObject({ code: "RECORDING_CHANGED" });
    } finally {
      clearInterval(timer);
      rmSync(path);
    }
  });
});

describe("a folder of images", () => {
  test("what the documented command says, in any order of names and with names that shells dislike", async () => {
    const path = images({
      "frame-10.jpg": "ten",
      "frame-9.jpg": "nine",
      "B.PNG": "capital",
      "a b\\c.jpeg": "space and backslash",
      "line\nbreak.tif": "line break",
      "-n.bmp": "hyphen",
      "été.webp": "accents",
      "notes.txt": "no image",
      ".hidden.jpg": "hidden",
    });
    expect(await recordingSha256(path)).toBe(byShell(path));
  });

  test("any contents: what the documented command says", async () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9_ -]{1,8}$/).map((stem) => `${stem}.jpg`);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.string({ minLength: 1 }), { minKeys: 1 }), async (files) => {
        const path = images(files);
        expect(await recordingSha256(path)).toBe(byShell(path));
      }),
      { numRuns: 15 },
    );
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["a renamed image", { "a.jpg": "1", "c.jpg": "2" }],
    ["a changed image", { "a.jpg": "1", "b.jpg": "3" }],
    ["exchanged images", { "a.jpg": "2", "b.jpg": "1" }],
    ["an image more", { "a.jpg": "1", "b.jpg": "2", "c.jpg": "2" }],
  ])("%s is another recording", async (_, files) => {
    const before = await recordingSha256(images({ "a.jpg": "1", "b.jpg": "2" }));
    expect(await recordingSha256(images(files))).not.toBe(before);
  });

  test("what is no image does not count", async () => {
    const plain = await recordingSha256(images({ "a.jpg": "1" }));
    expect(await recordingSha256(images({ "a.jpg": "1", "readme.txt": "x", ".b.jpg": "y" }))).toBe(plain);
  });
});

describe("what has none", () => {
  test("nothing there", async () => {
    await expect(recordingSha256(fresh())).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
    const file = fresh();
    writeFileSync(file, "x");
    await expect(recordingSha256(join(file, "below"))).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
  });

  test("an empty file, an empty image, a folder without images", async () => {
    const file = fresh(".mp4");
    writeFileSync(file, "");
    await expect(recordingSha256(file)).rejects.toMatchObject({ code: "SOURCE_EMPTY" });
    await expect(recordingSha256(images({ "a.jpg": "" }))).rejects.toMatchObject({ code: "SOURCE_EMPTY" });
    await expect(recordingSha256(images({ "a.txt": "x" }))).rejects.toMatchObject({
      code: "SOURCE_NO_IMAGES",
    });
  });

  test("a device and a pipe, at once and without being opened", async () => {
    await expect(recordingSha256("/dev/zero")).rejects.toMatchObject({ code: "RECORDING_KIND" });
    const pipe = fresh(".mp4");
    await once(spawn("mkfifo", [pipe]), "close");
    await expect(recordingSha256(pipe)).rejects.toMatchObject({ code: "RECORDING_KIND" });
  });

  test.skipIf(process.getuid?.() === 0)("a file of somebody else", async () => {
    const file = fresh(".mp4");
    writeFileSync(file, "x");
    chmodSync(file, 0o000);
    await expect(recordingSha256(file)).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
  });
});
