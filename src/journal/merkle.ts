import { hash } from "node:crypto";

/**
 * The Merkle tree of RFC 6962 section 2 (the same in RFC 9162 section 2.1), over SHA-256. Positions are (level,
 * index): level 0 are the leaves' hashes, the node (l, i) covers the leaves from i·2^l up to (i+1)·2^l. Only
 * complete nodes have a position; what lies to their right is joined anew for each size.
 */

/** Length of every hash here, in bytes. */
export const HASH_BYTES = 32;

/** Root of the tree without leaves. */
export const EMPTY_ROOT = hash("sha256", "", "buffer");

const LEAF_PREFIX = Buffer.of(0x00);
const NODE_PREFIX = Buffer.of(0x01);

/** @param bytes of the leaf as the log holds it */
export function leafHash(bytes: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([LEAF_PREFIX, bytes]), "buffer");
}

/** @param left and right, 32 bytes each */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([NODE_PREFIX, left, right]), "buffer");
}

/** Where the hashes of complete nodes are read: a list in memory, the tiles of a folder, a bundle. */
export interface HashReader {
  /** 32 bytes. @param level 0 for leaves. @param index from the left. Throws where it has none. */
  hash(level: number, index: number): Promise<Buffer> | Buffer;
}

/** Place of a complete node. */
export interface NodePosition {
  readonly level: number;
  readonly index: number;
}

/** Positions of the complete nodes that together cover `size` leaves, from the left, the largest first. */
export function frontierOf(size: number): NodePosition[] {
  checkSize(size);
  const positions: NodePosition[] = [];
  let start = 0;
  while (start < size) {
    const level = highestBit(size - start);
    positions.push({ level, index: start / 2 ** level });
    start += 2 ** level;
  }
  return positions;
}

/**
 * The right edge of a growing tree: all that is needed to append and to know the root. It holds one hash for each
 * bit that is set in the size, never more than 53.
 */
export class CompactRange {
  #size: number;
  /** One for each position of `frontierOf(size)`, in its order. */
  readonly #nodes: Buffer[];

  /** @param nodes hashes at `frontierOf(size)` */
  constructor(size = 0, nodes: readonly Buffer[] = []) {
    if (frontierOf(size).length !== nodes.length) {
      throw new RangeError(
        `${size} leaves have ${frontierOf(size).length} frontier nodes, not ${nodes.length}`,
      );
    }
    this.#size = size;
    this.#nodes = [...nodes];
  }

  /** The right edge of the first `size` leaves of a tree that is stored. */
  static async read(reader: HashReader, size: number): Promise<CompactRange> {
    const nodes: Buffer[] = [];
    for (const { level, index } of frontierOf(size)) nodes.push(await reader.hash(level, index));
    return new CompactRange(size, nodes);
  }

  get size(): number {
    return this.#size;
  }

  get nodes(): readonly Buffer[] {
    return this.#nodes;
  }

  /** @param completed told of each node that the leaf completes, the leaf itself first */
  append(leaf: Buffer, completed?: (level: number, index: number, node: Buffer) => void): void {
    let node = leaf;
    let level = 0;
    let index = this.#size;
    completed?.(level, index, node);
    while (index % 2 === 1) {
      const left = this.#nodes.pop();
      if (left === undefined) throw new RangeError("the frontier does not fit its size");
      node = nodeHash(left, node);
      level += 1;
      index = (index - 1) / 2;
      completed?.(level, index, node);
    }
    this.#nodes.push(node);
    this.#size += 1;
  }

  root(): Buffer {
    let root: Buffer | undefined;
    for (const node of this.#nodes.toReversed()) root = root === undefined ? node : nodeHash(node, root);
    return root ?? EMPTY_ROOT;
  }

  copy(): CompactRange {
    return new CompactRange(this.#size, this.#nodes);
  }
}

/** Root of a tree whose leaf hashes are all at hand. */
export function rootOf(leafHashes: Iterable<Buffer>): Buffer {
  const range = new CompactRange();
  for (const leaf of leafHashes) range.append(leaf);
  return range.root();
}

/** Root of the first `size` leaves of a stored tree. */
export async function rootAt(reader: HashReader, size: number): Promise<Buffer> {
  return (await CompactRange.read(reader, size)).root();
}

/**
 * The audit path of a leaf (RFC 9162 section 2.1.3.1), nearest sibling first.
 * @param index of the leaf. @param size of the tree it is shown in
 */
export async function inclusionProof(reader: HashReader, index: number, size: number): Promise<Buffer[]> {
  checkSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  }
  const path: Buffer[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    if (index < middle) {
      path.push(await subtreeRoot(reader, middle, end));
      end = middle;
    } else {
      path.push(await subtreeRoot(reader, start, middle));
      start = middle;
    }
  }
  return path.reverse();
}

/**
 * Shows that the tree of `from` leaves is the beginning of the tree of `to` (RFC 9162 section 2.1.4.1). Empty where
 * the sizes are equal or `from` is 0.
 */
export async function consistencyProof(reader: HashReader, from: number, to: number): Promise<Buffer[]> {
  checkSize(from);
  checkSize(to);
  if (from > to) throw new RangeError(`a tree of ${from} leaves cannot be the beginning of one of ${to}`);
  if (from === 0 || from === to) return [];
  const path: Buffer[] = [];
  let start = 0;
  let end = to;
  while (from !== end) {
    const middle = start + largestPowerBelow(end - start);
    if (from <= middle) {
      path.push(await subtreeRoot(reader, middle, end));
      end = middle;
    } else {
      path.push(await subtreeRoot(reader, start, middle));
      start = middle;
    }
  }
  // Where the old tree is itself a complete left subtree, who verifies knows its hash: it is the old root.
  if (start !== 0) path.push(await subtreeRoot(reader, start, end));
  return path.reverse();
}

/** What an inclusion proof claims. Hashes of 32 bytes. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** RFC 9162 section 2.1.3.2. Total: a claim that makes no sense is false. */
export function verifyInclusion({ index, size, leafHash, root, proof }: InclusionClaim): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leafHash, root, ...proof]))
    return false;
  let first = index;
  let last = size - 1;
  let reached: Uint8Array = leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      reached = nodeHash(sibling, reached);
      while (first % 2 === 0 && first !== 0) {
        first = first / 2;
        last = Math.floor(last / 2);
      }
    } else {
      reached = nodeHash(reached, sibling);
    }
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && Buffer.compare(reached, root) === 0;
}

/** What a consistency proof claims. Hashes of 32 bytes. */
export interface ConsistencyClaim {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * RFC 9162 section 2.1.4.2, and the cases around it: equal sizes need equal roots, the empty tree is the beginning
 * of every tree, both with an empty proof. Total: a claim that makes no sense is false.
 */
export function verifyConsistency({ from, to, fromRoot, toRoot, proof }: ConsistencyClaim): boolean {
  if (!isSize(from) || !isSize(to) || from > to || !areHashes([fromRoot, toRoot, ...proof])) return false;
  if (from === 0)
    return proof.length === 0 && equal(fromRoot, EMPTY_ROOT) && (to > 0 || equal(toRoot, EMPTY_ROOT));
  if (from === to) return proof.length === 0 && equal(fromRoot, toRoot);

  let first = from - 1;
  let last = to - 1;
  while (first % 2 === 1) {
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  // A complete left subtree (first is 0) is its own beginning; else the proof starts with the node they share.
  const path = first === 0 ? [fromRoot, ...proof] : proof;
  const [seed, ...rest] = path;
  if (seed === undefined) return false;
  let old = seed;
  let now = seed;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      old = nodeHash(sibling, old);
      now = nodeHash(sibling, now);
      while (first % 2 === 0 && first !== 0) {
        first = first / 2;
        last = Math.floor(last / 2);
      }
    } else {
      now = nodeHash(now, sibling);
    }
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(old, fromRoot) && equal(now, toRoot);
}

/** Hash of the leaves from `start` up to `end`, where `start` is a multiple of a power of two not below the count. */
async function subtreeRoot(reader: HashReader, start: number, end: number): Promise<Buffer> {
  const nodes: Buffer[] = [];
  for (let from = start; from < end; ) {
    const level = highestBit(end - from);
    nodes.push(await reader.hash(level, from / 2 ** level));
    from += 2 ** level;
  }
  const [last, ...others] = nodes.reverse();
  if (last === undefined) throw new RangeError("an empty subtree has no hash");
  return others.reduce((right, left) => nodeHash(left, right), last);
}

/** Level of the largest complete tree within `count` leaves; a logarithm would round up near 2^53. */
function highestBit(count: number): number {
  let level = 0;
  while (2 ** (level + 1) <= count) level += 1;
  return level;
}

/** The largest power of two that is smaller than `count`, which is at least 2. */
function largestPowerBelow(count: number): number {
  return 2 ** highestBit(count - 1);
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function checkSize(size: number): void {
  if (!isSize(size)) throw new RangeError(`${size} is not the size of a tree`);
}

function areHashes(values: readonly Uint8Array[]): boolean {
  return values.every((value) => value.length === HASH_BYTES);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
