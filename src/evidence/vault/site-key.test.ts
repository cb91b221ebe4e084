import { randomBytes, randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { readSiteKey, SiteKey, siteKeyPath, siteKeyProtection, writeSiteKey } from "./site-key.ts";

const root = mkdtempSync(join(tmpdir(), "contrechamp-site-key-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let path = "";
beforeEach(() => {
  path = join(root, randomUUID(), "site.key");
});
const nobody = () => Promise.resolve(null);
const saying = (text: string) => () => Promise.resolve(text);
const WORDS = "quatre cigognes au bord du Rhône";

describe("a site key", () => {
  it("unwraps what it wrapped, for the same evidence alone", () => {
    const key = SiteKey.generate();
    const [id, inner] = [randomUUID(), randomBytes(32)];
    const wrapped = key.wrap(id, inner);
    expect(Buffer.compare(key.unwrap(id, wrapped) ?? Buffer.of(), inner)).toBe(0);
    expect(key.unwrap(randomUUID(), wrapped)).toBeNull();
    expect(SiteKey.generate().unwrap(id, wrapped)).toBeNull();
    expect(Buffer.from(wrapped).includes(inner)).toBe(false);
    for (let at = 0; at < wrapped.length; at++) {
      const changed = Uint8Array.from(wrapped);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(key.unwrap(id, changed), `byte ${at}`).toBeNull();
    }
  });

  it("is nowhere in what is printed of it", () => {
    const key = SiteKey.generate();
    const said = `${JSON.stringify({ key })} ${inspect(key, { showHidden: true, depth: 9 })} ${key}`;
    const bytes = Buffer.from(key.reveal());
    for (const form of ["hex", "base64", "base64url"] as const)
      expect(said).not.toContain(bytes.toString(form));
    expect(said).toContain(key.name);
  });

  it("goes through another process's memory as the same key", () => {
    const key = SiteKey.generate();
    expect(new SiteKey(key.reveal()).name).toBe(key.name);
    expect(() => new SiteKey(randomBytes(31))).toThrow(RangeError);
  });

  it("lies in a file that only its owner reads, in a folder that only its owner enters", async () => {
    const key = SiteKey.generate();
    await writeSiteKey(path, key, null);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
    expect(await siteKeyProtection(path)).toBe("file_mode");
    expect((await readSiteKey(path, nobody)).name).toBe(key.name);
  });

  it("behind a passphrase is not in its file, nor left beside it, and opens with that passphrase alone", async () => {
    const key = SiteKey.generate();
    await writeSiteKey(path, key, null);
    await writeSiteKey(path, key, WORDS);
    const text = readFileSync(path, "utf8");
    expect(text).not.toContain(Buffer.from(key.reveal()).toString("base64"));
    expect(existsSync(`${path}.old`)).toBe(false);
    expect(await siteKeyProtection(path)).toBe("passphrase");
    expect((await readSiteKey(path, saying(WORDS.normalize("NFD")))).name).toBe(key.name);
    await expect(readSiteKey(path, nobody)).rejects.toMatchObject({ code: "SITE_KEY_PASSPHRASE_NEEDED" });
    await expect(readSiteKey(path, saying(`${WORDS} `))).rejects.toMatchObject({
      code: "SITE_KEY_PASSPHRASE_WRONG",
    });
    await expect(writeSiteKey(path, key, "too short")).rejects.toMatchObject({
      code: "SITE_KEY_PASSPHRASE_WEAK",
    });
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it.each([
    ["is not there", () => rmSync(path), "SITE_KEY_MISSING"],
    ["can be read by others", () => chmodSync(path, 0o640), "SITE_KEY_EXPOSED"],
    ["is not JSON", () => writeFileSync(path, "hunter2 secret"), "SITE_KEY_UNREADABLE"],
    ["is another file", () => writeFileSync(path, '{"schema":"x"}'), "SITE_KEY_UNREADABLE"],
    [
      "wants more memory than any machine has",
      () =>
        writeFileSync(
          path,
          JSON.stringify({
            schema: "contrechamp/site-key@1",
            protection: "passphrase",
            scrypt: { N: 2 ** 40, r: 8, p: 1, salt: "AAAA" },
            wrapped: "AAAA",
          }),
        ),
      "SITE_KEY_UNREADABLE",
    ],
  ])("that %s is refused, without a word of what it says", async (_, spoil, code) => {
    await writeSiteKey(path, SiteKey.generate(), null);
    spoil();
    const error: unknown = await readSiteKey(path, nobody).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(inspect(error)).not.toContain("hunter2");
  });

  it("lies in the vault, or where the environment says", () => {
    expect(siteKeyPath("/state/vault", {})).toBe("/state/vault/site.key");
    expect(siteKeyPath("/state/vault", { CONTRECHAMP_SITE_KEY_FILE: "/media/key" })).toBe("/media/key");
  });
});
