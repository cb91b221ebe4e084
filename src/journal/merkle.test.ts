import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CompactRange,
  consistencyProof,
  EMPTY_ROOT,
  frontierOf,
  type HashReader,
  inclusionProof,
  leafHash,
  nodeHash,
  rootAt,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";

// The reference tree of RFC 6962's authors (certificate-transparency, merkle_tree_test).
const INPUTS = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map((hex) => Buffer.from(hex, "hex"));
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const hex = (list: readonly Buffer[]) => list.map((one) => one.toString("hex"));

describe("published vectors", () => {
  const reader = memory(INPUTS.map(leafHash));

  it("has the empty tree's root", () => {
    expect(EMPTY_ROOT.toString("hex")).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    expect(rootOf([])).toEqual(EMPTY_ROOT);
  });

  it.each(ROOTS.map((root, i) => [i + 1, root] as const))("has the root of %i leaves", async (size, root) => {
    expect(rootOf(INPUTS.slice(0, size).map(leafHash)).toString("hex")).toBe(root);
    expect((await rootAt(reader, size)).toString("hex")).toBe(root);
  });

  // Audit paths and proofs of the same reference tree, indices from 0.
  it.each([
    [0, 1, []],
    [
      0,
      8,
      [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ],
    ],
    [
      5,
      8,
      [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ],
    ],
    [2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]],
    [
      1,
      5,
      [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      ],
    ],
  ])("has the audit path of leaf %i in %i leaves", async (index, size, path) => {
    expect(hex(await inclusionProof(reader, index, size))).toEqual(path);
  });

  it.each([
    [1, 1, []],
    [
      1,
      8,
      [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ],
    ],
    [
      6,
      8,
      [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ],
    ],
    [
      2,
      5,
      [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      ],
    ],
  ])("has the consistency proof from %i to %i leaves", async (from, to, path) => {
    expect(hex(await consistencyProof(reader, from, to))).toEqual(path);
  });
});

describe("against the definition", () => {
  const leaves = fc.array(fc.uint8Array({ maxLength: 12 }), { minLength: 1, maxLength: 90 });

  it("appends to the root that the recursive definition gives, also from a stored right edge", async () => {
    await fc.assert(
      fc.asyncProperty(leaves, fc.nat(), async (list, cut) => {
        const hashes = list.map((bytes) => leafHash(bytes));
        const at = cut % (list.length + 1);
        const stored = await CompactRange.read(memory(hashes), at);
        for (const one of hashes.slice(at)) stored.append(one);
        expect(stored.root()).toEqual(definedRoot(list));
        expect(rootOf(hashes)).toEqual(definedRoot(list));
        expect(stored.size).toBe(list.length);
      }),
      { numRuns: 60 },
    );
  });

  it("proves every inclusion as defined, and verifies it", async () => {
    await fc.assert(
      fc.asyncProperty(leaves, fc.nat(), async (list, pick) => {
        const index = pick % list.length;
        const hashes = list.map((bytes) => leafHash(bytes));
        const proof = await inclusionProof(memory(hashes), index, list.length);
        expect(proof).toEqual(definedPath(index, list));
        const claim = {
          index,
          size: list.length,
          leafHash: at(hashes, index),
          root: definedRoot(list),
          proof,
        };
        expect(verifyInclusion(claim)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("proves every consistency as defined, and verifies it", async () => {
    await fc.assert(
      fc.asyncProperty(leaves, fc.nat(), async (list, pick) => {
        const from = pick % (list.length + 1);
        const proof = await consistencyProof(memory(list.map((bytes) => leafHash(bytes))), from, list.length);
        expect(proof).toEqual(from === 0 ? [] : definedProof(from, list, true));
        const fromRoot = definedRoot(list.slice(0, from));
        const claim = { from, to: list.length, fromRoot, toRoot: definedRoot(list), proof };
        expect(verifyConsistency(claim)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("verifies all pairs of small sizes, and refuses every proof with one bit turned, cut, lengthened or moved", async () => {
    const hashes = Array.from({ length: 20 }, (_, i) => leafHash(Buffer.of(i)));
    const reader = memory(hashes);
    for (let size = 1; size <= hashes.length; size += 1) {
      const root = await rootAt(reader, size);
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(reader, index, size);
        const claim = { index, size, leafHash: at(hashes, index), root, proof };
        expect(verifyInclusion(claim)).toBe(true);
        for (const wrong of damaged(proof)) expect(verifyInclusion({ ...claim, proof: wrong })).toBe(false);
        expect(verifyInclusion({ ...claim, leafHash: leafHash(Buffer.of(99)) })).toBe(false);
        const other = (index + 1) % size;
        if (other !== index) expect(verifyInclusion({ ...claim, index: other })).toBe(false);
      }
      for (let from = 1; from < size; from += 1) {
        const proof = await consistencyProof(reader, from, size);
        const claim = { from, to: size, fromRoot: await rootAt(reader, from), toRoot: root, proof };
        expect(verifyConsistency(claim)).toBe(true);
        for (const wrong of damaged(proof)) expect(verifyConsistency({ ...claim, proof: wrong })).toBe(false);
        expect(verifyConsistency({ ...claim, fromRoot: root })).toBe(false);
        expect(verifyConsistency({ ...claim, toRoot: claim.fromRoot })).toBe(false);
      }
    }
  });
});

describe("edges", () => {
  const one = leafHash(Buffer.of(1));

  it("covers any size with complete nodes, also beyond 32 bits", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (size) => {
        let next = 0;
        for (const { level, index } of frontierOf(size)) {
          expect(index * 2 ** level).toBe(next);
          next += 2 ** level;
        }
        expect(next).toBe(size);
      }),
    );
  });

  it("is total on claims that make no sense", () => {
    const inclusion = { index: 0, size: 1, leafHash: one, root: one, proof: [] };
    expect(verifyInclusion(inclusion)).toBe(true);
    for (const wrong of [
      { index: 1 },
      { index: -1 },
      { index: 0.5 },
      { index: Number.NaN },
      { size: 0 },
      { size: 2 },
      { size: Number.POSITIVE_INFINITY },
      { leafHash: Buffer.alloc(31) },
      { proof: [Buffer.alloc(0)] },
    ]) {
      expect(verifyInclusion({ ...inclusion, ...wrong })).toBe(false);
    }
    const consistency = { from: 0, to: 1, fromRoot: EMPTY_ROOT, toRoot: one, proof: [] };
    expect(verifyConsistency(consistency)).toBe(true);
    for (const wrong of [
      { from: 2 },
      { from: -1 },
      { fromRoot: one },
      { proof: [one] },
      { from: 1, to: 2, fromRoot: one },
      { to: 0 },
    ]) {
      expect(verifyConsistency({ ...consistency, ...wrong })).toBe(false);
    }
  });

  it("refuses to prove what cannot be", async () => {
    const reader = memory([one]);
    await expect(inclusionProof(reader, 1, 1)).rejects.toThrow(RangeError);
    await expect(consistencyProof(reader, 2, 1)).rejects.toThrow(RangeError);
    expect(() => new CompactRange(3, [one])).toThrow(RangeError);
  });
});

/** Every complete node of a list of leaf hashes, computed when asked. */
function memory(leaves: readonly Buffer[]): HashReader {
  const hash = (level: number, index: number): Buffer =>
    level === 0 ? at(leaves, index) : nodeHash(hash(level - 1, index * 2), hash(level - 1, index * 2 + 1));
  return { hash };
}

function at(list: readonly Buffer[], index: number): Buffer {
  const found = list[index];
  if (found === undefined) throw new RangeError(`no hash ${index}`);
  return found;
}

/** Proofs that are nearly the right one. */
function* damaged(proof: readonly Buffer[]): Generator<Buffer[]> {
  yield [...proof, Buffer.alloc(32)];
  if (proof.length === 0) return;
  yield proof.slice(1);
  yield proof.slice(0, -1);
  if (proof.length > 1) yield [...proof.slice(1), ...proof.slice(0, 1)];
  for (let i = 0; i < proof.length; i += 1) {
    yield proof.map((node, j) => {
      if (i !== j) return node;
      const turned = Buffer.from(node);
      turned[7] = (turned[7] ?? 0) ^ 0x10;
      return turned;
    });
  }
}

// RFC 9162 sections 2.1.1 to 2.1.4, word for word, with a hash of their own.
function sha256(...parts: Uint8Array[]): Buffer {
  const running = createHash("sha256");
  for (const part of parts) running.update(part);
  return running.digest();
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function definedRoot(d: readonly Uint8Array[]): Buffer {
  const [only] = d;
  if (only === undefined) return sha256();
  if (d.length === 1) return sha256(Buffer.of(0), only);
  const k = split(d.length);
  return sha256(Buffer.of(1), definedRoot(d.slice(0, k)), definedRoot(d.slice(k)));
}

function definedPath(m: number, d: readonly Uint8Array[]): Buffer[] {
  if (d.length === 1) return [];
  const k = split(d.length);
  return m < k
    ? [...definedPath(m, d.slice(0, k)), definedRoot(d.slice(k))]
    : [...definedPath(m - k, d.slice(k)), definedRoot(d.slice(0, k))];
}

function definedProof(m: number, d: readonly Uint8Array[], known: boolean): Buffer[] {
  if (m === d.length) return known ? [] : [definedRoot(d)];
  const k = split(d.length);
  return m <= k
    ? [...definedProof(m, d.slice(0, k), known), definedRoot(d.slice(k))]
    : [...definedProof(m - k, d.slice(k), false), definedRoot(d.slice(0, k))];
}
