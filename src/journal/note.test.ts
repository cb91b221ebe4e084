import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addSignatures,
  createNoteSigner,
  createNoteVerifier,
  formatSignerKey,
  formatVerifierKey,
  openNote,
  parseNote,
  parseSignerKey,
  parseVerifierKey,
  signNote,
} from "./note.ts";

// The example in the documentation of golang.org/x/mod/sumdb/note.
const GO_NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;
const GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
// The poem of the signed-note specification.
const POEM = `Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
`;

const keys = () => generateKeyPairSync("ed25519");
const signer = (name = "example.org/journal") => createNoteSigner(name, keys().privateKey);

describe("published examples", () => {
  test("Go's note opens with its key", () => {
    const opened = openNote(GO_NOTE, [createNoteVerifier(GO_VERIFIER)]);
    expect(opened.verified).toHaveLength(1);
    expect(opened.text.split("\n")).toHaveLength(3);
  });

  test("signing the same text with Go's private key gives Go's note", () => {
    const { name, privateKey } = parseSignerKey(GO_SIGNER);
    expect(signNote(parseNote(GO_NOTE).text, [createNoteSigner(name, privateKey)])).toBe(GO_NOTE);
    expect(formatSignerKey(name, privateKey)).toBe(GO_SIGNER);
    expect(createNoteSigner(name, privateKey).verifierKey).toBe(GO_VERIFIER);
  });

  test("a text with empty lines ends at the last of them", () => {
    const { text, signatures } = parseNote(POEM);
    expect(text.endsWith("\n\ned è subito sera.\n")).toBe(true);
    expect(signatures).toMatchObject([{ name: "quasimodo.example/salvatore", keyId: 0x367ba04b }]);
  });
});

describe("openNote", () => {
  test("tells known keys from unknown ones", () => {
    const [ours, other] = [signer(), signer("example.org/other")];
    const note = signNote("text\n", [other, ours]);
    const opened = openNote(note, [ours.verifier]);
    expect(opened.verified.map(({ name }) => name)).toEqual(["example.org/journal"]);
    expect(opened.unverified.map(({ name }) => name)).toEqual(["example.org/other"]);
  });

  test("a key of the same name is another key", () => {
    const note = signNote("text\n", [signer()]);
    expect(() => openNote(note, [signer().verifier])).toThrow(
      expect.objectContaining({ code: "NOTE_UNSIGNED" }),
    );
  });

  test("a signature of another text is refused, also beside a good one", () => {
    const [a, b] = [signer("example.org/a"), signer("example.org/b")];
    const wrong = parseNote(signNote("other\n", [b])).signatures;
    const note = addSignatures(signNote("text\n", [a]), wrong);
    expect(() => openNote(note, [a.verifier, b.verifier])).toThrow(
      expect.objectContaining({ code: "NOTE_SIGNATURE_WRONG" }),
    );
  });

  test("no change of any one byte goes unseen", () => {
    const ours = signer();
    const note = Buffer.from(signNote("example.org/journal\n12\nabc\n", [ours]), "utf8");
    fc.assert(
      fc.property(fc.nat({ max: note.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(note);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(() => openNote(changed, [ours.verifier])).toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test("any text that a note can hold comes back as it was", () => {
    const ours = signer();
    const text = fc.string({ unit: "grapheme" }).map((body) => `${body}\n`);
    fc.assert(
      fc.property(text, (body) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a note must not hold.
        fc.pre(!/[\u0000-\u0009\u000b-\u001f]/.test(body) && !body.startsWith("\n\n"));
        expect(openNote(signNote(body, [ours]), [ours.verifier]).text).toBe(body);
      }),
    );
  });
});

describe("parseNote", () => {
  const good = parseNote(GO_NOTE).signatures;
  const line = GO_NOTE.split("\n").at(-2);
  test.each([
    ["nothing", ""],
    ["no empty line", "text\n"],
    ["no signature", "text\n\n"],
    ["a signature line cut short", GO_NOTE.slice(0, -1)],
    ["a hyphen for the dash", `text\n\n${line?.replace("—", "-")}\n`],
    ["two spaces", `text\n\n${line?.replace(" x08", "  x08")}\n`],
    ["base64 that is not canonical", `text\n\n${line?.replace("nAM=", "nAN=")}\n`],
    ["base64 without its padding", `text\n\n${line?.replace("nAM=", "nAM")}\n`],
    ["base64 of the web", `text\n\n${line?.replaceAll("/", "_")}\n`],
    ["a key id alone", "text\n\n— name AAAAAA==\n"],
    ["a plus in the name", `text\n\n${line?.replace("PeterNeumann", "Peter+Neumann")}\n`],
    ["a carriage return", `text\r\n\n${line}\n`],
    ["a tab", `te\txt\n\n${line}\n`],
    ["half a surrogate pair", `te\ud800xt\n\n${line}\n`],
    ["something after the signatures", `${GO_NOTE}and more\n`],
    ["101 signatures", `text\n\n${`${line}\n`.repeat(101)}`],
    ["a megabyte", `${"a".repeat(1_000_000)}\n\n${line}\n`],
  ])("refuses %s", (_, note) => {
    expect(() => parseNote(note)).toThrow(expect.objectContaining({ code: "NOTE_MALFORMED" }));
  });

  test("refuses bytes that are not UTF-8", () => {
    expect(() => parseNote(Buffer.concat([Buffer.of(0xff), Buffer.from(GO_NOTE)]))).toThrow("UTF-8");
  });

  test("counts a repeated signature once", () => {
    expect(parseNote(addSignatures(GO_NOTE, good)).signatures).toHaveLength(1);
  });
});

describe("keys", () => {
  test("a key line is read back as the same key", () => {
    const { publicKey } = keys();
    const parsed = parseVerifierKey(formatVerifierKey("example.org/journal", publicKey));
    expect(parsed.publicKey.equals(publicKey)).toBe(true);
    expect(parsed).toMatchObject({ name: "example.org/journal", type: 1 });
  });

  test.each([
    ["nothing", ""],
    ["two parts", "name+c74f20a3"],
    ["the id of another name", GO_VERIFIER.replace("Peter", "Petra")],
    ["another id", GO_VERIFIER.replace("c74f20a3", "c74f20a4")],
    ["a space in the name", GO_VERIFIER.replace("Peter", "Pe ter")],
    ["a key cut short", GO_VERIFIER.slice(0, -4)],
    ["a private key", GO_SIGNER],
  ])("refuses %s", (_, line) => {
    expect(() => parseVerifierKey(line)).toThrow(expect.objectContaining({ code: "NOTE_KEY" }));
  });

  test("a private key that is refused is not repeated", () => {
    const secret = GO_SIGNER.slice(-30);
    try {
      parseSignerKey(GO_SIGNER.replace("c74f20a3", "00000000"));
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: "NOTE_KEY" });
      expect(JSON.stringify([String(thrown), Object.values(thrown as object)])).not.toContain(secret);
    }
  });

  test("only Ed25519 signs", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(() => createNoteSigner("example.org/journal", privateKey)).toThrow(
      expect.objectContaining({ code: "NOTE_KEY" }),
    );
    expect(() => createNoteSigner("has space", keys().privateKey)).toThrow("space");
    // RFC 8410's own example key, as others' tools write it.
    const pem = createPrivateKey(
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n",
    );
    expect(createNoteSigner("example.org/journal", pem).verifierKey).toMatch(/^example\.org\/journal\+/);
  });
});
