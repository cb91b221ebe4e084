import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from "./checkpoint.ts";
import { createNoteSigner } from "./note.ts";

// The body that the specification shows.
const BODY = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const ROOT = BODY.split("\n")[2] ?? "";

describe("parseCheckpoint", () => {
  test("reads the specification's example, and writes it again", () => {
    const checkpoint = parseCheckpoint(BODY);
    expect(checkpoint).toMatchObject({
      origin: "example.com/behind-the-sofa",
      size: 20_852_163,
      extensions: [],
    });
    expect(checkpoint.root.toString("base64")).toBe(ROOT);
    expect(formatCheckpoint(checkpoint)).toBe(BODY);
  });

  test("keeps further lines", () => {
    expect(formatCheckpoint(parseCheckpoint(`${BODY}Timestamp: 1\nmore\n`))).toBe(
      `${BODY}Timestamp: 1\nmore\n`,
    );
  });

  test.each([
    ["nothing", ""],
    ["two lines", "origin\n1\n"],
    ["no final newline", BODY.slice(0, -1)],
    ["an empty name", `\n1\n${ROOT}\n`],
    ["a leading zero", `origin\n01\n${ROOT}\n`],
    ["a sign", `origin\n+1\n${ROOT}\n`],
    ["an exponent", `origin\n1e3\n${ROOT}\n`],
    ["a space", `origin\n1 \n${ROOT}\n`],
    ["no size", `origin\n\n${ROOT}\n`],
    ["a size above 2^53", `origin\n9007199254740992\n${ROOT}\n`],
    ["a short hash", "origin\n1\nAAAA\n"],
    ["a hash in hexadecimal", `origin\n1\n${"ab".repeat(32)}\n`],
    ["a hash that is not canonical", `origin\n1\n${ROOT.replace("2I=", "2J=")}\n`],
    ["a hash without padding", `origin\n1\n${ROOT.slice(0, -1)}\n`],
    ["an empty line in it", `origin\n1\n${ROOT}\n\nmore\n`],
    ["carriage returns", BODY.replaceAll("\n", "\r\n")],
  ])("refuses %s", (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(expect.objectContaining({ code: "CHECKPOINT_MALFORMED" }));
  });

  test("reads whatever is written", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[!-~]{1,40}$/),
        fc.maxSafeNat(),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (origin, size, root) => {
          const read = parseCheckpoint(formatCheckpoint({ origin, size, root }));
          expect({ ...read, root: [...read.root] }).toEqual({
            origin,
            size,
            root: [...root],
            extensions: [],
          });
        },
      ),
    );
  });
});

test.each([
  [{ origin: "a\nb", size: 1, root: Buffer.alloc(32) }],
  [{ origin: "", size: 1, root: Buffer.alloc(32) }],
  [{ origin: "a", size: -1, root: Buffer.alloc(32) }],
  [{ origin: "a", size: 0.5, root: Buffer.alloc(32) }],
  [{ origin: "a", size: 2 ** 53, root: Buffer.alloc(32) }],
  [{ origin: "a", size: 1, root: Buffer.alloc(31) }],
  [{ origin: "a", size: 1, root: Buffer.alloc(32), extensions: [""] }],
])("does not write %j", (checkpoint) => {
  expect(() => formatCheckpoint(checkpoint)).toThrow(
    expect.objectContaining({ code: "CHECKPOINT_MALFORMED" }),
  );
});

test("what was signed opens", () => {
  const signer = createNoteSigner("example.com/behind-the-sofa", generateKeyPairSync("ed25519").privateKey);
  const note = signCheckpoint(parseCheckpoint(BODY), [signer]);
  expect(openCheckpoint(note, [signer.verifier])).toMatchObject({
    text: BODY,
    checkpoint: { size: 20_852_163 },
  });
});
