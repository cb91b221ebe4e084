import { type HashReader, leafHash, nodeHash, rootOf } from "../../src/journal/merkle.ts";

/** A tree over leaves that are all at hand; computes each node when it is asked for. For small trees. */
export class TreeInMemory implements HashReader {
  readonly #leaves: readonly Buffer[];

  constructor(leaves: readonly Uint8Array[]) {
    this.#leaves = leaves.map(leafHash);
  }

  hash(level: number, index: number): Buffer {
    if (level > 0) return nodeHash(this.hash(level - 1, 2 * index), this.hash(level - 1, 2 * index + 1));
    const leaf = this.#leaves[index];
    if (leaf === undefined) throw new RangeError(`no leaf ${index}`);
    return leaf;
  }

  root(size = this.#leaves.length): Buffer {
    return rootOf(this.#leaves.slice(0, size));
  }
}
