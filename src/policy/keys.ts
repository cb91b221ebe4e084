import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { type CodedError, fault } from "../errors.ts";

/** A key that signs, in memory. Neither `JSON.stringify` nor `console.log` shows its private part. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** 32 raw bytes, base64. */
  readonly publicKey: string;
  readonly keyId: string;
}

/** A key that was just made, as text. `privatePem` is a secret: it goes to `writePrivateKey` and nowhere else. */
export interface GeneratedKey {
  /** PKCS#8 (RFC 5958) in PEM; encrypted where a passphrase was given. */
  readonly privatePem: string;
  readonly publicKey: string;
  readonly keyId: string;
}

/** Shorter passphrases are refused: PKCS#8 as OpenSSL writes it stretches them by 2048 rounds of PBKDF2 only. */
export const SHORTEST_PASSPHRASE = 12;

/** Makes an Ed25519 key (RFC 8032). @throws CodedError KEY_PASSPHRASE_SHORT */
export function generateKey(passphrase?: string): GeneratedKey {
  if (passphrase !== undefined && passphrase.length < SHORTEST_PASSPHRASE) {
    throw fault("KEY_PASSPHRASE_SHORT", { least: SHORTEST_PASSPHRASE });
  }
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem =
    passphrase === undefined
      ? privateKey.export({ type: "pkcs8", format: "pem" })
      : privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase });
  const { publicKey, keyId } = signingKey(privateKey);
  return { privatePem: pem.toString(), publicKey, keyId };
}

/** First 16 hexadecimal digits of the SHA-256 of the 32 raw bytes. */
export function keyIdOf(publicKeyRaw: Uint8Array): string {
  return createHash("sha256").update(publicKeyRaw).digest("hex").slice(0, 16);
}

/** The public half of a key, from its 32 raw bytes in base64; null where they are none. */
export function publicKeyObject(publicKey: string): KeyObject | null {
  const raw = Buffer.from(publicKey, "base64");
  if (raw.length !== 32) return null;
  try {
    return createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") },
      format: "jwk",
    });
  } catch {
    return null;
  }
}

/**
 * Reads a private key.
 * @throws CodedError KEY_UNREADABLE, KEY_EXPOSED (others may read the file), KEY_PASSPHRASE (missing or wrong),
 * KEY_NOT_ED25519
 */
export async function readPrivateKey(path: string, passphrase?: string): Promise<SigningKey> {
  return parsePrivateKey(await readKeyFile(path), path, passphrase);
}

/** Reads the text of a private key. @param name how messages call it @throws as `readPrivateKey` */
export function parsePrivateKey(pem: string, name: string, passphrase?: string): SigningKey {
  const encrypted = pem.includes("ENCRYPTED PRIVATE KEY");
  if (encrypted && passphrase === undefined) {
    throw fault("KEY_PASSPHRASE", { path: name, what: "is encrypted, and no passphrase was given" });
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({
      key: pem,
      format: "pem",
      ...(encrypted && passphrase !== undefined ? { passphrase } : {}),
    });
  } catch {
    // OpenSSL's own words may hold parts of what it read: they are not passed on.
    if (encrypted) throw fault("KEY_PASSPHRASE", { path: name, what: "does not open with this passphrase" });
    throw fault("KEY_NOT_ED25519", { path: name, what: "holds no private key in PKCS#8 PEM" });
  }
  if (privateKey.asymmetricKeyType !== "ed25519") {
    throw fault("KEY_NOT_ED25519", {
      path: name,
      what: `holds a key of type ${privateKey.asymmetricKeyType ?? "unknown"}`,
    });
  }
  return signingKey(privateKey);
}

/**
 * Writes a private key to a new file that its owner alone may read (0600), and waits until it lies on the disk.
 * @throws CodedError KEY_EXISTS, KEY_NOT_WRITTEN
 */
export async function writePrivateKey(path: string, privatePem: string): Promise<void> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, "wx", 0o600);
    // A permissive umask cannot widen 0600; an inherited ACL or an odd one could narrow it.
    await file.chmod(0o600);
    await file.writeFile(privatePem);
    await file.sync();
  } catch (thrown) {
    if (file === null && systemCode(thrown) === "EEXIST") throw fault("KEY_EXISTS", { path });
    if (file !== null) await rm(path, { force: true }).catch(() => undefined);
    throw fault("KEY_NOT_WRITTEN", { path, reason: reasonOf(thrown) });
  } finally {
    await file?.close();
  }
}

const LARGEST_KEY_BYTES = 65_536;

async function readKeyFile(path: string): Promise<string> {
  let file: FileHandle;
  try {
    // Not blocking: a named pipe would wait for a writer for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (thrown) {
    throw unreadable(path, reasonOf(thrown));
  }
  try {
    // Of the open file, so that it cannot be exchanged between the look and the reading.
    const { mode, size, isFile } = await file.stat().then((stat) => ({
      mode: stat.mode & 0o777,
      size: stat.size,
      isFile: stat.isFile(),
    }));
    if (!isFile) throw unreadable(path, "it is not a regular file");
    if (size > LARGEST_KEY_BYTES) throw unreadable(path, `it has ${size} bytes, more than any key`);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw fault("KEY_EXPOSED", { path, mode: mode.toString(8).padStart(4, "0") });
    }
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

function signingKey(privateKey: KeyObject): SigningKey {
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const raw = Buffer.from(x, "base64url");
  return { privateKey, publicKey: raw.toString("base64"), keyId: keyIdOf(raw) };
}

function unreadable(path: string, reason: string): CodedError {
  return fault("KEY_UNREADABLE", { path, reason });
}

function systemCode(thrown: unknown): string | null {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : null;
}

function reasonOf(thrown: unknown): string {
  const code = systemCode(thrown);
  return code ?? (thrown instanceof Error ? thrown.message : String(thrown));
}
