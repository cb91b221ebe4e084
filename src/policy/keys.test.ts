import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, expect, test } from "vitest";
import { CodedError } from "../errors.ts";
import {
  generateKey,
  keyIdOf,
  parsePrivateKey,
  publicKeyObject,
  readPrivateKey,
  SHORTEST_PASSPHRASE,
  writePrivateKey,
} from "./keys.ts";
import { sign } from "./signing.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-keys-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(folder, `${++made}.pem`);
const PASSPHRASE = "quatre mots sans rapport";

async function refusal(act: Promise<unknown> | (() => unknown)): Promise<CodedError> {
  try {
    await (typeof act === "function" ? act() : act);
  } catch (thrown) {
    if (thrown instanceof CodedError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was refused");
}

test("RFC 8032, section 7.1, test 1: the public key of a known seed, and its id", () => {
  const der = Buffer.from(
    "302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "hex",
  );
  const pem = `-----BEGIN PRIVATE KEY-----\n${der.toString("base64")}\n-----END PRIVATE KEY-----\n`;
  const key = parsePrivateKey(pem, "rfc8032");
  expect(Buffer.from(key.publicKey, "base64").toString("hex")).toBe(
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  );
  // printf d75a… | xxd -r -p | sha256sum
  expect(key.keyId).toBe("21fe31dfa154a261");
});

test("a key that was written is the key that is read, and nobody else may read it", async () => {
  const { privatePem, publicKey, keyId } = generateKey();
  const path = fresh();
  await writePrivateKey(path, privatePem);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await readPrivateKey(path)).toMatchObject({ publicKey, keyId });
  expect(keyIdOf(Buffer.from(publicKey, "base64"))).toBe(keyId);
});

test("OpenSSL reads it too", async () => {
  const { privatePem, publicKey } = generateKey();
  const path = fresh();
  await writePrivateKey(path, privatePem);
  const der = execFileSync("openssl", ["pkey", "-in", path, "-pubout", "-outform", "DER"]);
  expect(der.subarray(-32).toString("base64")).toBe(publicKey);
});

test("with a passphrase the file opens with it alone", async () => {
  const { privatePem, keyId } = generateKey(PASSPHRASE);
  expect(privatePem).toContain("ENCRYPTED PRIVATE KEY");
  const path = fresh();
  await writePrivateKey(path, privatePem);
  expect((await readPrivateKey(path, PASSPHRASE)).keyId).toBe(keyId);
  expect((await refusal(readPrivateKey(path))).message).toBe(
    `The private key ${path} is encrypted, and no passphrase was given`,
  );
  const wrong = await refusal(readPrivateKey(path, `${PASSPHRASE}!`));
  expect(wrong).toMatchObject({
    code: "KEY_PASSPHRASE",
    message: `The private key ${path} does not open with this passphrase`,
  });
  expect(`${wrong.message}${wrong.help}${inspect(wrong)}`).not.toContain(PASSPHRASE);
});

test("a short passphrase is refused", async () => {
  const short = "x".repeat(SHORTEST_PASSPHRASE - 1);
  const error = await refusal(() => generateKey(short));
  expect(error).toMatchObject({
    code: "KEY_PASSPHRASE_SHORT",
    message: "A passphrase needs at least 12 characters",
  });
});

test("a key file is never written over another file, whatever it is", async () => {
  const path = fresh();
  writeFileSync(path, "something dear");
  const error = await refusal(writePrivateKey(path, generateKey().privatePem));
  expect(error.code).toBe("KEY_EXISTS");
  expect(readFileSync(path, "utf8")).toBe("something dear");
  const link = fresh();
  symlinkSync(join(folder, "not-there"), link);
  expect((await refusal(writePrivateKey(link, generateKey().privatePem))).code).toBe("KEY_EXISTS");
  expect(existsSync(join(folder, "not-there"))).toBe(false);
});

test("a key cannot be written where there is no folder", async () => {
  const error = await refusal(writePrivateKey(join(folder, "none", "k.pem"), generateKey().privatePem));
  expect(error).toMatchObject({ code: "KEY_NOT_WRITTEN" });
  expect(error.message).toMatch(/ENOENT$/);
});

test.each([
  0o640, 0o604, 0o660, 0o620,
])("mode %o: others may read or write it, so it is refused", async (mode) => {
  const path = fresh();
  await writePrivateKey(path, generateKey().privatePem);
  chmodSync(path, mode);
  const error = await refusal(readPrivateKey(path));
  expect(error).toMatchObject({
    code: "KEY_EXPOSED",
    message: `Others than its owner may read the private key ${path} (mode 0${mode.toString(8)})`,
  });
});

test("what is no Ed25519 key in PKCS#8 is refused, and none of it is said", async () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });
  const texts = [
    ["", "holds no private key in PKCS#8 PEM"],
    ["secret-words", "holds no private key in PKCS#8 PEM"],
    [
      "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
      "holds no private key in PKCS#8 PEM",
    ],
    [rsa.toString(), "holds a key of type rsa"],
  ] as const;
  for (const [text, what] of texts) {
    const path = fresh();
    writeFileSync(path, text, { mode: 0o600 });
    const error = await refusal(readPrivateKey(path));
    expect(error.message).toBe(`${path} ${what}; signatures are made with Ed25519 keys`);
  }
});

test("a folder, a pipe without a writer, a large file and a missing one cannot be read", async () => {
  const pipe = fresh();
  execFileSync("mkfifo", ["-m", "600", pipe]);
  const large = fresh();
  writeFileSync(large, "x".repeat(70_000), { mode: 0o600 });
  const reasons = [
    [folder, "it is not a regular file"],
    [pipe, "it is not a regular file"],
    [large, "it has 70000 bytes, more than any key"],
    [fresh(), "ENOENT"],
  ] as const;
  for (const [path, reason] of reasons) {
    const error = await refusal(readPrivateKey(path));
    expect(error.message).toBe(`The private key ${path} cannot be read: ${reason}`);
  }
});

test("a key in memory shows its private part to no log", () => {
  const { privatePem } = generateKey();
  const key = parsePrivateKey(privatePem, "memory");
  const secret = Buffer.from(privatePem.split("\n")[1] ?? "", "base64").subarray(-32);
  const shown = `${JSON.stringify(key)} ${inspect(key, { depth: 9, showHidden: true })}`;
  expect(secret).toHaveLength(32);
  for (const encoding of ["base64", "base64url", "hex"] as const) {
    expect(shown).not.toContain(secret.toString(encoding));
  }
  // It is the key all the same.
  expect(sign({ purpose: "test" }, key, 0).keyId).toBe(key.keyId);
});

test.each(["", "AAAA", Buffer.alloc(33).toString("base64")])("%o is no public key", (text) => {
  expect(publicKeyObject(text)).toBeNull();
});
