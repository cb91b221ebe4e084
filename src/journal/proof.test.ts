import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { canonicalize } from "json-canonicalize";
import { describe, expect, test } from "vitest";
import { TreeInMemory } from "../../test/support/tree-in-memory.ts";
import { parseCheckpoint, signCheckpoint } from "./checkpoint.ts";
import type { Leaf } from "./leaf.ts";
import { createNoteSigner, parseNote } from "./note.ts";
import {
  continues,
  formatConsistencyProof,
  formatInclusionProof,
  isConsistencyProof,
  openingHash,
  type ProvenEntry,
  parseConsistencyProof,
  verifyInclusionProof,
} from "./proof.ts";

const signer = createNoteSigner("example.org/journal", generateKeyPairSync("ed25519").privateKey);

function entry(seq: number): ProvenEntry & { opening: NonNullable<ProvenEntry["opening"]> } {
  const opening = { payload: { event: "fire", text: `é ${seq}` }, salt: seq.toString(16).padStart(64, "0") };
  const leaf: Leaf = {
    seq,
    at: "2026-01-01T00:00:00.000Z",
    type: "health",
    payloadHash: openingHash(opening),
    payloadRef: "payloads/000.jsonl",
    actor: "engine",
    prevCheckpoint: null,
  };
  return { leaf, opening };
}

function log(size: number) {
  const entries = Array.from({ length: size }, (_, seq) => entry(seq));
  const tree = new TreeInMemory(entries.map(({ leaf }) => Buffer.from(canonicalize(leaf))));
  const note = (at: number) =>
    signCheckpoint({ origin: signer.name, size: at, root: tree.root(at) }, [signer]);
  return { entries, tree, note };
}

describe("a proof of inclusion", () => {
  test("holds for each leaf of trees of each size", async () => {
    const { entries, tree, note } = log(20);
    for (let size = 1; size <= 20; size += 1) {
      for (const one of entries.slice(0, size)) {
        const file = await formatInclusionProof(tree, one, note(size));
        const proven = verifyInclusionProof(file, [signer.verifier]);
        expect(proven).toMatchObject({ entry: one, checkpoint: { size } });
      }
    }
  });

  test("has the form that tlog-proof lays down", async () => {
    const { entries, tree, note } = log(5);
    const file = await formatInclusionProof(tree, entries[2] ?? entry(0), note(5));
    const lines = file.split("\n");
    expect(lines[0]).toBe("c2sp.org/tlog-proof@v1");
    expect(lines[1]).toMatch(/^extra [A-Za-z0-9+/]+=*$/);
    expect(lines[2]).toBe("index 2");
    expect(lines.slice(3, 6).every((line) => Buffer.from(line, "base64").length === 32)).toBe(true);
    expect(lines.slice(6).join("\n")).toBe(`\n${note(5)}`);
  });

  test("holds without what the leaf is about", async () => {
    const { entries, tree, note } = log(5);
    const file = await formatInclusionProof(
      tree,
      { leaf: entries[1]?.leaf ?? entry(0).leaf, opening: null },
      note(5),
    );
    expect(verifyInclusionProof(file, [signer.verifier]).entry.opening).toBeNull();
  });

  test.each([
    [
      "another leaf",
      (one: ReturnType<typeof entry>) => ({ ...one, leaf: { ...one.leaf, actor: "somebody" } }),
    ],
    [
      "another payload",
      (one: ReturnType<typeof entry>) => ({
        ...one,
        opening: { ...one.opening, payload: { event: "none" } },
      }),
    ],
    [
      "another salt",
      (one: ReturnType<typeof entry>) => ({ ...one, opening: { ...one.opening, salt: "f".repeat(64) } }),
    ],
  ])("of %s does not hold", async (_, change) => {
    const { tree, note } = log(9);
    const file = await formatInclusionProof(tree, change(entry(4)), note(9));
    expect(() => verifyInclusionProof(file, [signer.verifier])).toThrow(
      expect.objectContaining({ code: "PROOF_WRONG" }),
    );
  });

  test("does not hold for another number, nor under another key", async () => {
    const { entries, tree, note } = log(9);
    const file = await formatInclusionProof(tree, entries[4] ?? entry(0), note(9));
    expect(() => verifyInclusionProof(file.replace("index 4", "index 5"), [signer.verifier])).toThrow(
      expect.objectContaining({ code: "PROOF_WRONG" }),
    );
    const other = createNoteSigner("example.org/journal", generateKeyPairSync("ed25519").privateKey);
    expect(() => verifyInclusionProof(file, [other.verifier])).toThrow(
      expect.objectContaining({ code: "NOTE_UNSIGNED" }),
    );
  });

  test("no change of any byte goes unseen", async () => {
    const { entries, tree, note } = log(9);
    const file = Buffer.from(await formatInclusionProof(tree, entries[4] ?? entry(0), note(9)));
    fc.assert(
      fc.property(fc.nat({ max: file.length - 1 }), fc.integer({ min: 0, max: 6 }), (at, bit) => {
        const changed = Buffer.from(file);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(() => verifyInclusionProof(changed.toString("utf8"), [signer.verifier])).toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test("cannot be made beyond the checkpoint", async () => {
    const { entries, tree, note } = log(9);
    await expect(formatInclusionProof(tree, entries[8] ?? entry(0), note(5))).rejects.toMatchObject({
      code: "PROOF_BEYOND_CHECKPOINT",
    });
  });

  test.each([
    ["nothing", ""],
    ["another head", "c2sp.org/tlog-proof@v2\n\n"],
    ["no leaf", "c2sp.org/tlog-proof@v1\nindex 1\n\n"],
    ["no number", "c2sp.org/tlog-proof@v1\nextra e30=\n\n"],
    ["no checkpoint", "c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n"],
  ])("is not %s", (_, file) => {
    expect(() => verifyInclusionProof(file, [signer.verifier])).toThrow(/proof|note/);
  });
});

describe("a proof of consistency", () => {
  test("shows that each state continues each before it", async () => {
    const { tree, note } = log(12);
    for (let to = 1; to <= 12; to += 1) {
      for (let from = 0; from <= to; from += 1) {
        const file = await formatConsistencyProof(tree, from, note(to));
        expect(isConsistencyProof(file)).toBe(true);
        const { oldSize, path, note: later } = parseConsistencyProof(file);
        expect(oldSize).toBe(from);
        const earlier = { origin: signer.name, size: from, root: tree.root(from) };
        expect(continues(earlier, parseCheckpoint(parseNote(later).text), path)).toBe(true);
        expect(
          continues({ ...earlier, root: Buffer.alloc(32, 7) }, parseCheckpoint(parseNote(later).text), path),
        ).toBe(false);
      }
    }
  });

  // The body that tlog-witness shows, with a hash of its example cut away or added.
  const body = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
  test("is read from the specification's example", () => {
    expect(parseConsistencyProof(body)).toMatchObject({ oldSize: 20_852_014, path: { length: 4 } });
  });

  test.each([
    ["no old size", body.slice(body.indexOf("\n") + 1)],
    ["a leading zero", body.replace("old 2", "old 02")],
    ["half a hash", body.replace("PlRNCrwHpqhGrupue0L7", "")],
    ["64 hashes", body.replace("\n\n", `\n${`${"A".repeat(43)}=\n`.repeat(60)}\n`)],
    ["no checkpoint", body.slice(0, body.indexOf("\n\n"))],
  ])("with %s is refused", (_, file) => {
    expect(() => parseConsistencyProof(file)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(PROOF|CHECKPOINT|NOTE)_MALFORMED$/) }),
    );
  });
});
