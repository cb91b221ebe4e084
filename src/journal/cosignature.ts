import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { fault } from "../errors.ts";
import type { UtcMilliseconds } from "../time/clock.ts";
import {
  createNoteVerifier,
  formatVerifierKey,
  type NoteSignature,
  type NoteVerifier,
  parseVerifierKey,
  SIGNATURE_TYPE,
} from "./note.ts";

/**
 * Cosignatures after C2SP tlog-cosignature (https://c2sp.org/tlog-cosignature), version 1 with Ed25519. A witness
 * says with one: at this time, of all states of this log that I have seen, this is the largest, and each earlier
 * one is its beginning.
 */
export interface Cosigner {
  readonly name: string;
  readonly keyId: number;
  /** The public key as one line, for those who check. */
  readonly verifierKey: string;
  /** @param text of the checkpoint, with its final newline. @param at now, written in whole seconds */
  cosign(text: string, at: UtcMilliseconds): NoteSignature;
}

/**
 * @param name of the witness: an address without its scheme, such as example.org/witness
 * @param privateKey Ed25519; used for nothing but these cosignatures, which do not name the witness
 */
export function createCosigner(name: string, privateKey: KeyObject): Cosigner {
  const verifierKey = formatVerifierKey(name, createPublicKey(privateKey), SIGNATURE_TYPE.cosignature);
  const { keyId } = parseVerifierKey(verifierKey);
  return {
    name,
    keyId,
    verifierKey,
    cosign(text, at) {
      const seconds = Math.floor(at / 1000);
      const time = Buffer.alloc(TIME_BYTES);
      time.writeBigUInt64BE(BigInt(seconds));
      return {
        name,
        keyId,
        signature: Buffer.concat([time, sign(null, message(text, seconds), privateKey)]),
      };
    },
  };
}

/** Checks cosignatures of one witness. @throws NOTE_KEY where the line is no witness's key */
export function createCosignatureVerifier(verifierKey: string): NoteVerifier {
  const { name, keyId, type, publicKey } = parseVerifierKey(verifierKey);
  if (type !== SIGNATURE_TYPE.cosignature) throw fault("NOTE_KEY", { what: `it is of type ${type}, not 4` });
  return {
    name,
    keyId,
    verify(text, signature) {
      const at = cosignatureTime(signature);
      if (at === null) return false;
      return verify(null, message(text, at / 1000), publicKey, signature.subarray(TIME_BYTES));
    },
  };
}

/** The verifier of a key line, whatever its type: a log's own key or a witness's. @throws NOTE_KEY */
export function createVerifier(verifierKey: string): NoteVerifier & { readonly kind: "log" | "witness" } {
  const kind = parseVerifierKey(verifierKey).type === SIGNATURE_TYPE.cosignature ? "witness" : "log";
  const verifier =
    kind === "witness" ? createCosignatureVerifier(verifierKey) : createNoteVerifier(verifierKey);
  return { ...verifier, kind };
}

/** When a cosignature says that it was made; null where it is none. Proven only once it is verified. */
export function cosignatureTime(signature: Uint8Array): UtcMilliseconds | null {
  if (signature.length !== TIME_BYTES + 64) return null;
  const seconds = Buffer.from(signature).readBigUInt64BE();
  return seconds <= LATEST_SECONDS ? Number(seconds) * 1000 : null;
}

const TIME_BYTES = 8;
// The last instant that a Date can say, year 275760; the specification allows more, nobody needs it.
const LATEST_SECONDS = 8_640_000_000_000n;

function message(text: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`, "utf8");
}
