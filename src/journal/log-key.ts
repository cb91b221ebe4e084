import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "../errors.ts";
import { isMissing, writeDurably } from "./durable.ts";
import { createNoteSigner, type NoteSigner, parseVerifierKey, rawPublicKey } from "./note.ts";

/** Ed25519, PKCS #8 in PEM, mode 0600. */
export const PRIVATE_KEY_FILE = "private.pem";
/** The public key as signed-note writes it, with the journal's name. For everybody. */
export const PUBLIC_KEY_FILE = "public";

/**
 * The key with which a journal signs its checkpoints, and the journal's name. Both are made on the first opening
 * and never change.
 * @param origin the name that is wanted; `contrechamp/` and the key's id where none is
 * @param begun whether something was written with the key already, so that a new one would be another journal's
 * @throws JOURNAL_KEY, JOURNAL_ORIGIN
 */
export async function openLogKey(
  folder: string,
  origin: string | undefined,
  begun: boolean,
): Promise<NoteSigner> {
  const pem = await readIfThere(join(folder, PRIVATE_KEY_FILE));
  if (pem === null) {
    if (begun) throw fault("JOURNAL_KEY", { folder, reason: `${PRIVATE_KEY_FILE} is missing` });
    return makeLogKey(folder, origin);
  }
  const signer = await readLogKey(folder, pem);
  if (origin !== undefined && origin !== signer.name) {
    throw fault("JOURNAL_ORIGIN", { folder, found: signer.name, asked: origin });
  }
  return signer;
}

async function makeLogKey(folder: string, origin: string | undefined): Promise<NoteSigner> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const id = hash("sha256", rawPublicKey(publicKey), "hex").slice(0, 16);
  const signer = createNoteSigner(origin ?? `contrechamp/${id}`, privateKey);
  // The private key last: where it is, the name beside it is its own.
  await writeDurably(folder, new Map([[PUBLIC_KEY_FILE, Buffer.from(`${signer.verifierKey}\n`)]]), 0o644);
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  await writeDurably(folder, new Map([[PRIVATE_KEY_FILE, Buffer.from(pem)]]), 0o600);
  return signer;
}

async function readLogKey(folder: string, pem: string): Promise<NoteSigner> {
  const refused = (reason: string) => fault("JOURNAL_KEY", { folder, reason });
  const line = await readIfThere(join(folder, PUBLIC_KEY_FILE));
  if (line === null) throw refused(`${PUBLIC_KEY_FILE} is missing`);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    // What the library says may quote the file.
    throw refused(`${PRIVATE_KEY_FILE} is not a private key in PEM`);
  }
  if (privateKey.asymmetricKeyType !== "ed25519") throw refused(`${PRIVATE_KEY_FILE} is not an Ed25519 key`);
  const { name, publicKey } = parseVerifierKey(line);
  if (!rawPublicKey(publicKey).equals(rawPublicKey(createPublicKey(privateKey)))) {
    throw refused(`${PUBLIC_KEY_FILE} and ${PRIVATE_KEY_FILE} do not belong together`);
  }
  return createNoteSigner(name, privateKey);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}
