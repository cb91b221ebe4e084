import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Secret } from "otpauth";
import { afterAll, describe, expect, it } from "vitest";
import { CHEAP } from "../../../test/support/accounts.ts";
import { newSecret, stepOf } from "./one-time-codes.ts";
import { PASSWORD_COST, Passwords, refuseWeak } from "./passwords.ts";
import { AccountsKey, newToken, openAccountsKey, same } from "./secrets.ts";

const root = mkdtempSync(join(tmpdir(), "contrechamp-proofs-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("one-time codes", () => {
  // RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
  const secret = new Secret({ buffer: new Uint8Array(Buffer.from("12345678901234567890")).buffer }).base32;
  it.each([
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_111_111_111, "050471"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
  ])("at %i s are those of the RFC", (seconds, code) => {
    expect(stepOf(secret, code, seconds * 1000, null)).toBe(Math.floor(seconds / 30));
  });

  it("hold a step before and after, and each step once", () => {
    const at = 59_000;
    expect(stepOf(secret, "287082", at + 30_000, null)).toBe(1);
    expect(stepOf(secret, "287082", at - 30_000, null)).toBe(1);
    expect(stepOf(secret, "287082", at + 60_000, null)).toBeNull();
    expect(stepOf(secret, "287082", at, 1)).toBeNull();
    expect(stepOf(secret, "287082", at, 0)).toBe(1);
    for (const code of ["", "28708", "2870822", "28708a", " 287082"])
      expect(stepOf(secret, code, at, null)).toBeNull();
  });

  it("have secrets of 160 bits", () => {
    expect(Secret.fromBase32(newSecret()).bytes).toHaveLength(20);
    expect(newSecret()).not.toBe(newSecret());
  });
});

describe("passwords", () => {
  const passwords = new Passwords(randomBytes(32), CHEAP);
  const stored = passwords.hash("été à la mer, 1996");

  it("fit themselves alone, in whatever form an accent comes, and under their own key", async () => {
    expect(await passwords.verify(await stored, "été à la mer, 1996".normalize("NFD"))).toBe(true);
    expect(await passwords.verify(await stored, "été à la mer, 1997")).toBe(false);
    expect(await passwords.verify(null, "été à la mer, 1996")).toBe(false);
    const elsewhere = new Passwords(randomBytes(32), CHEAP);
    expect(await elsewhere.verify(await stored, "été à la mer, 1996")).toBe(false);
  });

  it("cost at least what OWASP asks for", () => {
    expect(PASSWORD_COST.memoryCost).toBeGreaterThanOrEqual(19 * 1024);
    expect(PASSWORD_COST.timeCost).toBeGreaterThanOrEqual(2);
  });

  it("are hashed two at a time, and the rest is told to come again", async () => {
    const busy = new Passwords(randomBytes(32), CHEAP);
    const all = await Promise.allSettled(Array.from({ length: 40 }, () => busy.hash("a")));
    const refused = all.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(40 - 2 - 16);
    expect(refused[0]).toMatchObject({ reason: { code: "SIGN_IN_BUSY" } });
    expect(await busy.verify(await busy.hash("a"), "a")).toBe(true);
  });

  it.each([
    ["fourteen chars", []],
    ["a".repeat(257), []],
    ["ababababababababab", []],
    ["m.durand aime la mer", ["m.durand"]],
    ["je suis MARIE DURAND", ["Marie Durand"]],
  ])("refuse %s", (password, known) => {
    expect(() => refuseWeak(password, known)).toThrow(/is not taken/);
  });

  it("take a long sentence without a digit", () => {
    expect(() => refuseWeak("le vent tourne au nord", ["op", "Marie Durand"])).not.toThrow();
  });
});

describe("the accounts' key", () => {
  it("seals for one person, and opens nothing that was changed or is somebody else's", () => {
    const key = AccountsKey.generate();
    fc.assert(
      fc.property(fc.string(), fc.uuid(), fc.nat(), (text, of, at) => {
        const sealed = key.seal(text, of);
        expect(key.unseal(sealed, of)).toBe(text);
        const bytes = Buffer.from(sealed, "base64url");
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1;
        expect(() => key.unseal(bytes.toString("base64url"), of)).toThrow(/does not open/);
        expect(() => key.unseal(sealed, `${of}x`)).toThrow(/does not open/);
      }),
      { numRuns: 50 },
    );
    expect(() => AccountsKey.generate().unseal(key.seal("x", "p"), "p")).toThrow(/another key/);
    expect(() => key.unseal("", "p")).toThrow(/does not open/);
  });

  it("makes marks of a browser that hold for one login", () => {
    const key = AccountsKey.generate();
    const mark = key.deviceMark("d1", "ada");
    expect(key.readDeviceMark(mark, "ada")).toBe("d1");
    for (const other of ["", "d1", "d1.", `${mark}x`, mark.replace("d1", "d2")])
      expect(key.readDeviceMark(other, "ada")).toBeNull();
    expect(key.readDeviceMark(mark, "bob")).toBeNull();
    expect(AccountsKey.generate().readDeviceMark(mark, "ada")).toBeNull();
  });

  it("is made once, for its owner alone, and leaves nothing beside it", async () => {
    const path = join(root, "accounts.key");
    const keys = await Promise.all([1, 2, 3].map(() => openAccountsKey(path, true)));
    expect(new Set(keys.map((key) => key.tokenHash("t"))).size).toBe(1);
    expect(readdirSync(root)).toEqual(["accounts.key"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, "too short\n");
    chmodSync(path, 0o600);
    await expect(openAccountsKey(path, true)).rejects.toMatchObject({ code: "ACCOUNTS_KEY_UNREADABLE" });
  });
});

describe("tokens", () => {
  it("have 256 bits, and are compared whole", () => {
    expect(Buffer.from(newToken(), "base64url")).toHaveLength(32);
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (a, b) => same(a, b) === (Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0),
      ),
    );
  });
});
