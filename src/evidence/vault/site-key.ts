import { randomBytes, scrypt } from "node:crypto";
import { link, readFile, stat } from "node:fs/promises";
import { inspect } from "node:util";
import { z } from "zod";
import { CodedError, fault } from "../../errors.ts";
import { destroyFile, isMissing, writePrivate } from "./durable.ts";
import { keyName, openBytes, sealBytes } from "./sealing.ts";

/** The one key of a site: it wraps the key of each evidence, and nothing else. Never printed. */
export class SiteKey {
  /** Says which key it is, and nothing about it. */
  readonly name: string;
  readonly #key: Buffer;

  /** @param key 32 bytes, such as `reveal` gave in another process */
  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) throw new RangeError(`a site key has ${KEY_BYTES} bytes`);
    this.#key = Buffer.from(key);
    this.name = keyName(this.#key);
  }

  static generate(): SiteKey {
    return new SiteKey(randomBytes(KEY_BYTES));
  }

  /** Wraps the key of an evidence; it opens for that evidence alone. */
  wrap(evidenceId: string, evidenceKey: Uint8Array): Uint8Array {
    return sealBytes(this.#key, WRAP_MAGIC, Buffer.from(evidenceId, "utf8"), evidenceKey);
  }

  /** @returns null where it is damaged, another evidence's or another site's */
  unwrap(evidenceId: string, wrapped: Uint8Array): Uint8Array | null {
    return openBytes(this.#key, WRAP_MAGIC, Buffer.from(evidenceId, "utf8"), wrapped);
  }

  /** The key itself, for the memory of a process that seals. It goes into no file, log or message for people. */
  reveal(): Uint8Array {
    return Uint8Array.from(this.#key);
  }

  toJSON(): string {
    return `site key ${this.name}`;
  }

  [inspect.custom](): string {
    return this.toJSON();
  }
}

const KEY_BYTES = 32;
const WRAP_MAGIC = Buffer.from("CTRWRAP1", "latin1");
const PASSPHRASE_MAGIC = Buffer.from("CTRPASS1", "latin1");

/** RFC 7914. 128 MiB and about half a second for each guess. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;
const LEAST_PASSPHRASE = 12;

export const SITE_KEY_SCHEMA_NAME = "contrechamp/site-key@1";

const siteKeySchema = z.discriminatedUnion("protection", [
  z.strictObject({
    schema: z.literal(SITE_KEY_SCHEMA_NAME),
    protection: z.literal("file_mode"),
    key: z.base64().length(44),
  }),
  z.strictObject({
    schema: z.literal(SITE_KEY_SCHEMA_NAME),
    protection: z.literal("passphrase"),
    /** Powers of two up to a gibibyte of memory: a file must not make its reader run out of it. */
    scrypt: z.strictObject({
      N: z
        .int()
        .min(2)
        .max(2 ** 20),
      r: z.int().min(1).max(8),
      p: z.int().min(1).max(4),
      salt: z.base64(),
    }),
    wrapped: z.base64(),
  }),
]);
type SiteKeyFile = z.output<typeof siteKeySchema>;

/** Asked only where the key is protected. Null where there is nobody to ask. */
export type AskPassphrase = () => Promise<string | null>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the site key of a vault lies. @param vault the vault's folder */
export function siteKeyPath(vault: string, environment: Environment): string {
  return environment["CONTRECHAMP_SITE_KEY_FILE"] || `${vault}/site.key`;
}

/** The passphrase that a file holds, its line end apart. @throws SITE_KEY_UNREADABLE, SITE_KEY_EXPOSED */
export async function readPassphrase(path: string): Promise<string> {
  try {
    await refuseExposed(path);
    return (await readFile(path, "utf8")).replace(/\r?\n$/, "");
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The passphrase in the file that CONTRECHAMP_SITE_PASSPHRASE_FILE names; null where it names none. */
export async function environmentPassphrase(environment: Environment): Promise<string | null> {
  const path = environment["CONTRECHAMP_SITE_PASSPHRASE_FILE"];
  return path === undefined || path === "" ? null : readPassphrase(path);
}

/**
 * The site key of a vault, made where the vault is new. A vault that holds evidence never gets another key.
 * @param vault its folder. @param isNew whether it holds no key of any evidence
 * @throws SITE_KEY_MISSING, SITE_KEY_NOT_WRITTEN, and what `readSiteKey` throws
 */
export async function openSiteKey(
  vault: string,
  isNew: boolean,
  environment: Environment,
  ask: AskPassphrase,
): Promise<SiteKey> {
  const path = siteKeyPath(vault, environment);
  try {
    return await readSiteKey(path, ask);
  } catch (error) {
    if (!isNew || !(error instanceof CodedError) || error.code !== "SITE_KEY_MISSING") throw error;
  }
  await writeSiteKey(path, SiteKey.generate(), null);
  // Of two processes that make one at once, the file says whose counts.
  return readSiteKey(path, ask);
}

/** Whether a passphrase protects the key. @throws SITE_KEY_MISSING, SITE_KEY_EXPOSED, SITE_KEY_UNREADABLE */
export async function siteKeyProtection(path: string): Promise<SiteKeyFile["protection"]> {
  return (await readKeyFile(path)).protection;
}

/**
 * @throws SITE_KEY_MISSING, SITE_KEY_EXPOSED, SITE_KEY_UNREADABLE, SITE_KEY_PASSPHRASE_NEEDED,
 * SITE_KEY_PASSPHRASE_WRONG
 */
export async function readSiteKey(path: string, ask: AskPassphrase): Promise<SiteKey> {
  const file = await readKeyFile(path);
  if (file.protection === "file_mode") return new SiteKey(Buffer.from(file.key, "base64"));
  const passphrase = await ask();
  if (passphrase === null) throw fault("SITE_KEY_PASSPHRASE_NEEDED", { path });
  const { salt, ...cost } = file.scrypt;
  const wrapping = await derive(passphrase, Buffer.from(salt, "base64"), cost).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const key = openBytes(wrapping, PASSPHRASE_MAGIC, new Uint8Array(), Buffer.from(file.wrapped, "base64"));
  if (key === null) throw fault("SITE_KEY_PASSPHRASE_WRONG", { path });
  return new SiteKey(key);
}

/**
 * Writes a key, 0600. What was there before is overwritten on the disk, once the new file is safe.
 * @param passphrase null leaves the key as it is, behind the file's mode alone
 * @throws SITE_KEY_NOT_WRITTEN, SITE_KEY_PASSPHRASE_WEAK
 */
export async function writeSiteKey(path: string, siteKey: SiteKey, passphrase: string | null): Promise<void> {
  const file = passphrase === null ? inClear(siteKey) : await protectedBy(passphrase, siteKey);
  try {
    const old = `${path}.old`;
    await destroyFile(old);
    await link(path, old).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    await writePrivate(path, `${JSON.stringify(file, null, 2)}\n`);
    await destroyFile(old);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fault("SITE_KEY_NOT_WRITTEN", { path, reason }, error);
  }
}

function inClear(siteKey: SiteKey): SiteKeyFile {
  return {
    schema: SITE_KEY_SCHEMA_NAME,
    protection: "file_mode",
    key: Buffer.from(siteKey.reveal()).toString("base64"),
  };
}

async function protectedBy(passphrase: string, siteKey: SiteKey): Promise<SiteKeyFile> {
  if ([...passphrase.normalize("NFC")].length < LEAST_PASSPHRASE)
    throw fault("SITE_KEY_PASSPHRASE_WEAK", { least: LEAST_PASSPHRASE });
  const salt = randomBytes(16);
  const wrapping = await derive(passphrase, salt, SCRYPT);
  const wrapped = sealBytes(wrapping, PASSPHRASE_MAGIC, new Uint8Array(), siteKey.reveal());
  return {
    schema: SITE_KEY_SCHEMA_NAME,
    protection: "passphrase",
    scrypt: { ...SCRYPT, salt: salt.toString("base64") },
    wrapped: Buffer.from(wrapped).toString("base64"),
  };
}

function derive(
  passphrase: string,
  salt: Uint8Array,
  { N, r, p }: { N: number; r: number; p: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // An accent typed on another keyboard may come in another form.
    scrypt(passphrase.normalize("NFC"), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

async function readKeyFile(path: string): Promise<SiteKeyFile> {
  try {
    await refuseExposed(path);
    return siteKeySchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (isMissing(error)) throw fault("SITE_KEY_MISSING", { path });
    throw unreadable(path, error);
  }
}

/** As ssh does: a secret that others may have read is none. */
async function refuseExposed(path: string): Promise<void> {
  const { mode } = await stat(path);
  if (process.platform !== "win32" && (mode & 0o077) !== 0)
    throw fault("SITE_KEY_EXPOSED", { path, mode: (mode & 0o777).toString(8) });
}

/** What is wrong with a file that holds a secret, without a word of what stands in it. */
function unreadable(path: string, error: unknown): Error {
  if (error instanceof CodedError) return error;
  const reason =
    error instanceof z.ZodError || error instanceof SyntaxError
      ? "it is not of the expected form"
      : error instanceof Error
        ? error.message
        : String(error);
  return fault("SITE_KEY_UNREADABLE", { path, reason });
}
