import { sign as signBytes, verify as verifyBytes } from "node:crypto";
import { canonicalize } from "json-canonicalize";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import { keyIdOf, publicKeyObject, type SigningKey } from "./keys.ts";
import type { KeyRole, Signature, SignatureState, Trust } from "./signature.ts";
import type { SignedText } from "./signed-texts.ts";

/** Signs a text. The key's id and the instant are signed with it: neither can be changed afterwards. */
export function sign(text: SignedText, key: SigningKey, at: UtcMilliseconds): Signature {
  const head = { keyId: key.keyId, at: formatUtc(at) };
  return { ...head, value: signBytes(null, message(text, head), key.privateKey).toString("base64") };
}

/** What became of a signature's check, and whose key it was, where the trust file knows it. */
export interface Checked {
  readonly state: SignatureState;
  readonly holder: string | null;
}

/**
 * Checks a signature: the key is known, the signature fits the text, and the key is trusted for the role at the
 * signature's time (`validFrom` <= at < `validUntil`).
 * @param roles one of them is enough
 */
export function check(
  text: SignedText,
  signature: Signature | null,
  roles: KeyRole | readonly KeyRole[],
  trust: Trust | null,
): Checked {
  if (signature === null) return { state: "missing", holder: null };
  const known = trust?.keys.find((key) => key.keyId === signature.keyId);
  if (known === undefined) return { state: "unknown_key", holder: null };
  const publicKey = publicKeyObject(known.publicKey);
  // A trust file that gives a key another's id is refused when it is read; here it is a key that nobody knows.
  if (publicKey === null || keyIdOf(Buffer.from(known.publicKey, "base64")) !== signature.keyId) {
    return { state: "unknown_key", holder: null };
  }
  const holder = known.holder;
  const value = Buffer.from(signature.value, "base64");
  const fits =
    value.toString("base64") === signature.value &&
    verifyBytes(null, message(text, { keyId: signature.keyId, at: signature.at }), publicKey, value);
  if (!fits) return { state: "broken", holder };
  const wanted = typeof roles === "string" ? [roles] : roles;
  const at = Date.parse(signature.at);
  const trusted =
    wanted.some((role) => known.roles.includes(role)) &&
    Date.parse(known.validFrom) <= at &&
    (known.validUntil === null || at < Date.parse(known.validUntil));
  return { state: trusted ? "valid" : "wrong_key", holder };
}

/** The bytes that Ed25519 signs. */
function message(text: SignedText, head: { readonly keyId: string; readonly at: string }): Buffer {
  return Buffer.from(canonicalize({ signed: text, keyId: head.keyId, at: head.at }), "utf8");
}
