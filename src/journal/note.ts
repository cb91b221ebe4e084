import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { fault } from "../errors.ts";

/**
 * Signed notes after C2SP signed-note (https://c2sp.org/signed-note): a text, an empty line, and one line for each
 * signature. Read and written by others' tools too, such as golang.org/x/mod/sumdb/note.
 */

/** Signature types that are used here, as signed-note assigns them. */
export const SIGNATURE_TYPE = {
  /** The log's own: Ed25519 over the text. */
  ed25519: 0x01,
  /** A witness's: Ed25519 over the time and the text (tlog-cosignature). */
  cosignature: 0x04,
} as const;

/** One signature line, read but not checked. */
export interface NoteSignature {
  readonly name: string;
  /** First four bytes of the hash of name, type and key, as a number. Says which key; proves nothing. */
  readonly keyId: number;
  /** What follows the key id. */
  readonly signature: Buffer;
}

/** Checks the signatures of one key. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  /** @param text the note's text with its final newline; @param signature without the key id */
  verify(text: string, signature: Uint8Array): boolean;
}

/** Signs with one key. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  /** What checks its signatures. */
  readonly verifier: NoteVerifier;
  /** The public key as one line, for those who check. */
  readonly verifierKey: string;
  /** @returns the signature without the key id */
  sign(text: string): Buffer;
}

/** A note whose signatures were looked at. */
export interface OpenedNote {
  /** With its final newline, without the empty line. */
  readonly text: string;
  /** At least one, each by a key that was given. */
  readonly verified: readonly NoteSignature[];
  /** By keys that were not given: nothing is known of them. */
  readonly unverified: readonly NoteSignature[];
}

/**
 * Reads a note and checks its signatures.
 * @throws NOTE_MALFORMED; NOTE_SIGNATURE_WRONG where a known key's signature does not fit; NOTE_UNSIGNED where none
 * is by a known key
 */
export function openNote(note: string | Uint8Array, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const verified: NoteSignature[] = [];
  const unverified: NoteSignature[] = [];
  for (const found of signatures) {
    const verifier = verifiers.find(({ name, keyId }) => name === found.name && keyId === found.keyId);
    if (verifier === undefined) unverified.push(found);
    else if (verifier.verify(text, found.signature)) verified.push(found);
    else throw fault("NOTE_SIGNATURE_WRONG", { name: found.name });
  }
  if (verified.length === 0) {
    throw fault("NOTE_UNSIGNED", {
      wanted: verifiers.map(({ name }) => name).join(", ") || "none was given",
      found: unverified.map(({ name }) => name).join(", "),
    });
  }
  return { text, verified, unverified };
}

/** Writes a note. @param text ends in a newline @throws NOTE_MALFORMED where the text cannot be one */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  checkText(text);
  return addSignatures(
    `${text}\n`,
    signers.map((signer) => ({ name: signer.name, keyId: signer.keyId, signature: signer.sign(text) })),
  );
}

/** The same note with more signature lines. */
export function addSignatures(note: string, signatures: readonly NoteSignature[]): string {
  return note + signatures.map((signature) => `${formatSignature(signature)}\n`).join("");
}

/** One signature line, without its newline. */
export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(keyId);
  return `\u2014 ${name} ${Buffer.concat([id, signature]).toString("base64")}`;
}

/** Reads a note without checking any signature. Two signatures of one key count once, the first. */
export function parseNote(note: string | Uint8Array): {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
} {
  const whole = decode(note);
  const split = whole.lastIndexOf("\n\n");
  if (split < 0) throw malformed("no empty line stands between a text and its signatures");
  const text = whole.slice(0, split + 1);
  const lines = whole.slice(split + 2);
  if (lines === "") throw malformed("no signature follows the text");
  if (!lines.endsWith("\n")) throw malformed("its last line is cut short");
  checkText(text);
  return { text, signatures: parseSignatures(lines) };
}

/** Reads signature lines, each with its newline: the end of a note, or what a witness sends back. */
export function parseSignatures(lines: string): readonly NoteSignature[] {
  if (!lines.endsWith("\n")) throw malformed("its last line is cut short");
  const found = lines.slice(0, -1).split("\n").map(parseSignature);
  if (found.length > MOST_SIGNATURES) throw malformed(`more than ${MOST_SIGNATURES} signatures`);
  const seen = new Set<string>();
  return found.filter(({ name, keyId }) => {
    const key = `${name} ${keyId}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** The signer of a name with an Ed25519 key. @throws NOTE_KEY */
export function createNoteSigner(name: string, privateKey: KeyObject): NoteSigner {
  if (privateKey.type !== "private" || privateKey.asymmetricKeyType !== "ed25519") {
    throw fault("NOTE_KEY", { what: "it is not an Ed25519 private key" });
  }
  const publicKey = createPublicKey(privateKey);
  const verifierKey = formatVerifierKey(name, publicKey);
  const verifier = createNoteVerifier(verifierKey);
  return {
    name,
    keyId: verifier.keyId,
    verifier,
    verifierKey,
    sign: (text) => sign(null, Buffer.from(text, "utf8"), privateKey),
  };
}

/** The verifier of a key line, of the log's own type. @throws NOTE_KEY */
export function createNoteVerifier(verifierKey: string): NoteVerifier {
  const { name, keyId, type, publicKey } = parseVerifierKey(verifierKey);
  if (type !== SIGNATURE_TYPE.ed25519) throw fault("NOTE_KEY", { what: `it is of type ${type}, not 1` });
  return {
    name,
    keyId,
    verify: (text, signature) =>
      signature.length === 64 && verify(null, Buffer.from(text, "utf8"), publicKey, signature),
  };
}

/** What a key line says. */
export interface VerifierKey {
  readonly name: string;
  readonly keyId: number;
  readonly type: number;
  readonly publicKey: KeyObject;
}

/** Writes a public key as one line: name, key id in hexadecimal, and type with key in base64, joined by `+`. */
export function formatVerifierKey(
  name: string,
  publicKey: KeyObject,
  type: number = SIGNATURE_TYPE.ed25519,
): string {
  checkName(name);
  const raw = rawPublicKey(publicKey);
  const id = keyIdOf(name, type, raw).toString(16).padStart(8, "0");
  return `${name}+${id}+${Buffer.concat([Buffer.of(type), raw]).toString("base64")}`;
}

/** Reads such a line; its key id must be the one of its name and key. @throws NOTE_KEY */
export function parseVerifierKey(line: string): VerifierKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line.trim());
  const [, name, id, encoded] = match ?? [];
  if (name === undefined || id === undefined || encoded === undefined) {
    throw fault("NOTE_KEY", { what: "it does not have the form name+id+key" });
  }
  checkName(name);
  const bytes = decodeBase64(encoded);
  const type = bytes?.[0];
  if (bytes === null || type === undefined || bytes.length !== 33) {
    throw fault("NOTE_KEY", {
      what: "its last part is not one byte of type and 32 bytes of Ed25519 key in base64",
    });
  }
  const raw = bytes.subarray(1);
  const keyId = keyIdOf(name, type, raw);
  if (keyId !== Number.parseInt(id, 16)) {
    throw fault("NOTE_KEY", { what: `its id ${id} does not belong to its name and key` });
  }
  return { name, keyId, type, publicKey: publicKeyOf(raw) };
}

/** Writes a private key as Go's note package does. It is a secret: for a file of mode 0600 and nothing else. */
export function formatSignerKey(name: string, privateKey: KeyObject): string {
  checkName(name);
  const { d } = privateKey.export({ format: "jwk" });
  if (d === undefined || privateKey.asymmetricKeyType !== "ed25519") {
    throw fault("NOTE_KEY", { what: "it is not an Ed25519 private key" });
  }
  const id = keyIdOf(name, SIGNATURE_TYPE.ed25519, rawPublicKey(createPublicKey(privateKey)));
  const key = Buffer.concat([Buffer.of(SIGNATURE_TYPE.ed25519), Buffer.from(d, "base64url")]);
  return `PRIVATE+KEY+${name}+${id.toString(16).padStart(8, "0")}+${key.toString("base64")}`;
}

/** Reads such a line. @throws NOTE_KEY, without a word of the line */
export function parseSignerKey(line: string): { readonly name: string; readonly privateKey: KeyObject } {
  const match = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line.trim());
  const [, name, id, encoded] = match ?? [];
  const bytes = encoded === undefined ? null : decodeBase64(encoded);
  if (
    name === undefined ||
    id === undefined ||
    bytes?.[0] !== SIGNATURE_TYPE.ed25519 ||
    bytes.length !== 33
  ) {
    throw fault("NOTE_KEY", { what: "it does not have the form PRIVATE+KEY+name+id+key" });
  }
  checkName(name);
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, bytes.subarray(1)]),
    format: "der",
    type: "pkcs8",
  });
  const raw = rawPublicKey(createPublicKey(privateKey));
  if (keyIdOf(name, SIGNATURE_TYPE.ed25519, raw) !== Number.parseInt(id, 16)) {
    throw fault("NOTE_KEY", { what: `its id ${id} does not belong to its name and key` });
  }
  return { name, privateKey };
}

/** Base64 (RFC 4648, section 4) in its one canonical form; null where it is not. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}

/** Key id after signed-note: SHA-256(name, newline, type, key), its first four bytes. */
export function keyIdOf(name: string, type: number, rawKey: Uint8Array): number {
  return createHash("sha256")
    .update(`${name}\n`, "utf8")
    .update(Buffer.of(type))
    .update(rawKey)
    .digest()
    .readUInt32BE();
}

/** The 32 bytes of an Ed25519 public key (RFC 8032). */
export function rawPublicKey(publicKey: KeyObject): Buffer {
  const { x } = publicKey.export({ format: "jwk" });
  if (x === undefined || publicKey.asymmetricKeyType !== "ed25519") {
    throw fault("NOTE_KEY", { what: "it is not an Ed25519 public key" });
  }
  return Buffer.from(x, "base64url");
}

// Ed25519 keys in DER (RFC 8410): a fixed head, then the 32 bytes.
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");
// signed-note asks for at least 16; a megabyte is what Go's reader takes.
const MOST_SIGNATURES = 100;
const MOST_BYTES = 1_000_000;

function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: "der", type: "spki" });
}

function parseSignature(line: string): NoteSignature {
  const match = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
  const [, name, encoded] = match ?? [];
  const bytes = encoded === undefined ? null : decodeBase64(encoded);
  if (name === undefined || bytes === null || bytes.length < 5 || !isName(name)) {
    throw malformed("a signature line does not have the form: dash, name, base64");
  }
  return { name, keyId: bytes.readUInt32BE(), signature: bytes.subarray(4) };
}

function decode(note: string | Uint8Array): string {
  if (note.length > MOST_BYTES) throw malformed(`it is longer than ${MOST_BYTES} bytes`);
  if (typeof note === "string") return note;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(note);
  } catch (thrown) {
    throw fault("NOTE_MALFORMED", { what: "it is not UTF-8" }, thrown);
  }
}

function checkText(text: string): void {
  if (!text.endsWith("\n")) throw malformed("its text does not end in a newline");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a note must not hold.
  if (!text.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(text)) {
    throw malformed("it holds control characters");
  }
}

function isName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a name must not hold.
  return name !== "" && name.isWellFormed() && !/[\p{White_Space}+\u0000-\u001f]/u.test(name);
}

function checkName(name: string): void {
  if (!isName(name)) throw fault("NOTE_KEY", { what: "its name is empty or holds a space or a plus sign" });
}

function malformed(what: string) {
  return fault("NOTE_MALFORMED", { what });
}
