import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { canonicalize } from "json-canonicalize";

/** What a sealed file holds. `description` is the manifest that stands beside evidence in clear. */
export const SEALED_KINDS = ["still", "clip", "description"] as const;
export type SealedKind = (typeof SEALED_KINDS)[number];

export const SEALED_SCHEMA_NAME = "contrechamp/sealed@1";

/**
 * Encrypts one file of an evidence with AES-256-GCM (NIST SP 800-38D) under the evidence's own key. The nonce is
 * random: a key seals a handful of files in its life, far below the 2^32 for which that is safe. Which evidence and
 * which kind of file it is, is authenticated: a still cannot be passed off as another's.
 * @param key 32 bytes
 * @returns eight bytes of magic, nonce (12), ciphertext, tag (16)
 */
export function seal(key: Uint8Array, evidenceId: string, kind: SealedKind, plain: Uint8Array): Uint8Array {
  return sealBytes(key, MAGIC, associated(evidenceId, kind), plain);
}

/** Opens what `seal` made. @returns null where a single bit of it, the key, the evidence or the kind is another */
export function open(
  key: Uint8Array,
  evidenceId: string,
  kind: SealedKind,
  sealed: Uint8Array,
): Uint8Array | null {
  return openBytes(key, MAGIC, associated(evidenceId, kind), sealed);
}

/** Bytes that everything here that is encrypted begins with. */
const MAGIC = Buffer.from("CTRSEAL1", "latin1");
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function associated(evidenceId: string, kind: SealedKind): Uint8Array {
  return Buffer.from(canonicalize({ schema: SEALED_SCHEMA_NAME, evidenceId, kind }), "utf8");
}

/** AES-256-GCM with a fresh random nonce. @returns magic, nonce, ciphertext, tag */
export function sealBytes(
  key: Uint8Array,
  magic: Uint8Array,
  associatedData: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([magic, associatedData]));
  return Buffer.concat([magic, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @returns null where anything differs */
export function openBytes(
  key: Uint8Array,
  magic: Uint8Array,
  associatedData: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  const head = magic.length + NONCE_BYTES;
  if (sealed.length < head + TAG_BYTES || Buffer.compare(sealed.subarray(0, magic.length), magic) !== 0)
    return null;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(magic.length, head), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.concat([magic, associatedData]));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(head, sealed.length - TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    return null; // GCM says no more than that it does not fit.
  }
}

/** First 16 hexadecimal digits of a hash over the key: says which key it is, and nothing about it. */
export function keyName(key: Uint8Array): string {
  return createHash("sha256").update("contrechamp/site-key\n").update(key).digest("hex").slice(0, 16);
}
