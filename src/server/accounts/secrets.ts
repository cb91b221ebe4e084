import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { link, open, readFile, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { CodedError, fault } from "../../errors.ts";
import { syncFolder } from "../../files/write-whole.ts";

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What a key of the accounts is used for: each use has a key of its own. */
const USES = ["password", "token", "request", "device", "totp"] as const;
type Use = (typeof USES)[number];

/**
 * The secret that lies beside the store and not in it. With the store alone, from a backup or another machine, nobody
 * can guess a password, use a session or read the secret of an authenticator.
 */
export class AccountsKey {
  readonly #keys: ReadonlyMap<Use, Buffer>;

  /** @param secret 32 random bytes */
  constructor(secret: Uint8Array) {
    if (secret.length !== KEY_BYTES) throw new RangeError(`a key of ${KEY_BYTES} bytes`);
    this.#keys = new Map(
      USES.map((use) => [
        use,
        Buffer.from(hkdfSync("sha256", secret, "contrechamp/accounts@1", use, KEY_BYTES)),
      ]),
    );
  }

  static generate(): AccountsKey {
    return new AccountsKey(randomBytes(KEY_BYTES));
  }

  /** What argon2 takes as its secret. */
  get pepper(): Uint8Array {
    return this.#key("password");
  }

  /** What the store keeps of a token: base64url of an HMAC-SHA256. */
  tokenHash(token: string): string {
    return this.#mac("token", token);
  }

  /** What a page sends back with each change, so that no other site can: bound to one session. */
  requestToken(sessionId: string): string {
    return this.#mac("request", sessionId);
  }

  /** A mark that somebody signed in from here before: `id.mac`, bound to the login. */
  deviceMark(id: string, login: string): string {
    return `${id}.${this.#mac("device", `${id}\n${login}`)}`;
  }

  /** The id of a mark that was made here for that login; null for any other text. */
  readDeviceMark(mark: string, login: string): string | null {
    const [id = ""] = mark.split(".");
    return same(mark, this.deviceMark(id, login)) ? id : null;
  }

  /** AES-256-GCM. @param of who it belongs to: it opens for nobody else */
  seal(text: string, of: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key("totp"), iv).setAAD(Buffer.from(of));
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
  }

  /** @throws ACCOUNTS_KEY_OTHER */
  unseal(sealed: string, of: string): string {
    const bytes = Buffer.from(sealed, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key("totp"), bytes.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(of)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return (
        decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, "utf8") + decipher.final("utf8")
      );
    } catch (error) {
      throw fault("ACCOUNTS_KEY_OTHER", {}, error);
    }
  }

  #mac(use: Use, text: string): string {
    return createHmac("sha256", this.#key(use)).update(text).digest("base64url");
  }

  #key(use: Use): Buffer {
    const key = this.#keys.get(use);
    if (key === undefined) throw new RangeError(`no key for ${use}`);
    return key;
  }
}

/** 256 bits that nobody can guess, as text for a cookie or an address. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Compares in a time that says nothing of where two texts differ. */
export function same(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * The accounts' key, made where nobody has an account yet.
 * @param mayMake whether the store is empty: what was hashed under a key that is gone stays shut
 * @throws ACCOUNTS_KEY_MISSING, ACCOUNTS_KEY_EXPOSED, ACCOUNTS_KEY_UNREADABLE, ACCOUNTS_KEY_NOT_WRITTEN
 */
export async function openAccountsKey(path: string, mayMake: boolean): Promise<AccountsKey> {
  try {
    return await readAccountsKey(path);
  } catch (error) {
    if (!mayMake || !(error instanceof CodedError) || error.code !== "ACCOUNTS_KEY_MISSING") throw error;
  }
  await makeKey(path);
  return readAccountsKey(path);
}

async function readAccountsKey(path: string): Promise<AccountsKey> {
  try {
    const { mode } = await stat(path);
    // As ssh does: a secret that others may have read is none.
    if (process.platform !== "win32" && (mode & 0o077) !== 0)
      throw fault("ACCOUNTS_KEY_EXPOSED", { path, mode: (mode & 0o777).toString(8) });
    return new AccountsKey(Buffer.from((await readFile(path, "utf8")).trim(), "base64url"));
  } catch (error) {
    if (error instanceof CodedError) throw error;
    if (isMissing(error)) throw fault("ACCOUNTS_KEY_MISSING", { path });
    throw fault("ACCOUNTS_KEY_UNREADABLE", { path, reason: reasonOf(error) }, error);
  }
}

/** Of two processes that make one at once the first counts: a link is made only where there is nothing. */
async function makeKey(path: string): Promise<void> {
  const partial = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    const file = await open(partial, "wx", 0o600);
    try {
      await file.writeFile(`${randomBytes(KEY_BYTES).toString("base64url")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(partial, path).catch((error: unknown) => {
      if (!hasCode(error, "EEXIST")) throw error;
    });
    await syncFolder(dirname(path));
  } catch (error) {
    throw fault("ACCOUNTS_KEY_NOT_WRITTEN", { path, reason: reasonOf(error) }, error);
  } finally {
    await rm(partial, { force: true }).catch(() => undefined);
  }
}

function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
