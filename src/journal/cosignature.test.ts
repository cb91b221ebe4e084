import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { openCheckpoint, signCheckpoint } from "./checkpoint.ts";
import { cosignatureTime, createCosignatureVerifier, createCosigner, createVerifier } from "./cosignature.ts";
import { addSignatures, createNoteSigner, createNoteVerifier, formatVerifierKey, openNote } from "./note.ts";

// A state of a public test log of the Web's certificates, cosigned by a public witness. Published by both.
const PUBLISHED = `coachandhorses2026h1.staging.certificate.transparency.goog
185550722
YXAM0VmnrfvLaBCOOYSJhCaE5F10oGBOo+hkbDa1kng=

— coachandhorses2026h1.staging.certificate.transparency.goog MpXgsHy8ZwxXnO+WjtVrPxAzL49Rs1gWTkNVNeEa//5peAzaocRCB3qt3EaibjzY5GILLtGgBP7dBhgcSHy+JQh0OAc=
— witness.navigli.sunlight.geomys.org o+AP4gAAAABqb7DzNrGFRJnQ9vrJ8xpnwZytnr/ZYczDIsvwvouiSjwOjn7a72ccxBk+lKnZ7dKqkYKER1s/KxLTaVwQD7lJZTC/CQ==
`;
const WITNESS = "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G";

test("a published cosignature of another witness's software is verified", () => {
  const opened = openCheckpoint(PUBLISHED, [createCosignatureVerifier(WITNESS)]);
  expect(opened.checkpoint.size).toBe(185_550_722);
  expect(opened.verified.map(({ signature }) => cosignatureTime(signature))).toEqual([
    Date.parse("2026-08-02T21:04:51Z"),
  ]);
});

test("and is refused for another size, root or time", () => {
  const verifiers = [createCosignatureVerifier(WITNESS)];
  for (const [from, to] of [
    ["185550722", "185550723"],
    ["YXAM0", "YXAM1"],
    ["AAAABqb7Dz", "AAAABqb7Dw"],
  ] as const) {
    expect(PUBLISHED).toContain(from);
    expect(() => openNote(PUBLISHED.replace(from, to), verifiers)).toThrow(
      expect.objectContaining({ code: "NOTE_SIGNATURE_WRONG" }),
    );
  }
});

describe("our own", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const log = createNoteSigner("example.org/journal", generateKeyPairSync("ed25519").privateKey);
  const note = signCheckpoint({ origin: log.name, size: 7, root: Buffer.alloc(32, 1) }, [log]);
  const text = note.slice(0, note.indexOf("\n\n") + 1);
  const witness = createCosigner("example.org/witness", privateKey);
  const at = Date.parse("2026-03-01T12:00:00.900Z");
  const cosigned = addSignatures(note, [witness.cosign(text, at)]);

  test("are verified beside the log's signature, with their time in whole seconds", () => {
    const opened = openNote(cosigned, [log.verifier, createVerifier(witness.verifierKey)]);
    expect(opened.verified.map(({ name }) => name)).toEqual(["example.org/journal", "example.org/witness"]);
    expect(cosignatureTime(opened.verified[1]?.signature ?? Buffer.alloc(0))).toBe(at - 900);
  });

  test("have another key id than notes signed with the same key and name", () => {
    const plain = formatVerifierKey("example.org/witness", publicKey);
    expect(createNoteVerifier(plain).keyId).not.toBe(witness.keyId);
    expect(() => createCosignatureVerifier(plain)).toThrow(expect.objectContaining({ code: "NOTE_KEY" }));
    expect(() => createNoteVerifier(witness.verifierKey)).toThrow(
      expect.objectContaining({ code: "NOTE_KEY" }),
    );
    expect([createVerifier(plain).kind, createVerifier(witness.verifierKey).kind]).toEqual([
      "log",
      "witness",
    ]);
  });

  test("a plain signature of the text is no cosignature", () => {
    const { signature } = witness.cosign(text, at);
    expect(cosignatureTime(signature.subarray(8))).toBeNull();
    expect(createVerifier(witness.verifierKey).verify(text, signature.subarray(8))).toBe(false);
    const future = Buffer.from(signature);
    future.fill(0xff, 0, 8);
    expect(cosignatureTime(future)).toBeNull();
    expect(createVerifier(witness.verifierKey).verify(text, future)).toBe(false);
  });
});
