import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "../errors.ts";
import { isMissing } from "./durable.ts";
import { CompactRange, HASH_BYTES, type HashReader, nodeHash } from "./merkle.ts";

/**
 * The tree on disk after C2SP tlog-tiles (https://c2sp.org/tlog-tiles): files of 256 hashes. A tile of tile level L
 * holds the hashes of tree level 8·L; what lies between is computed from them.
 */

/** Hashes in a full tile, and leaves in a full entry bundle. */
export const TILE_WIDTH = 256;
/** Levels of the tree from one tile level to the next. */
export const TILE_HEIGHT = 8;

/**
 * Path of a tile below the log's folder.
 * @param level tile level, from 0. @param index from the left. @param width how many hashes, 1 to 256
 */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  return `tile/${level}/${numberPath(index)}${partial(width)}`;
}

/** Path of an entry bundle below the log's folder. @param width how many leaves, 1 to 256 */
export function entriesPath(index: number, width = TILE_WIDTH): string {
  return `tile/entries/${numberPath(index)}${partial(width)}`;
}

/** A number in groups of three digits, each but the last behind an x: 1234067 is x001/x234/067. */
export function numberPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
}

/** How many hashes (or leaves) the tile of an index has in a tree of `size`: 0 where it does not exist. */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/**
 * Reads a tile, or an entry bundle, in the width that a tree of a size gives it; a tile that has been filled since
 * is taken in its place, as tlog-tiles allows.
 * @returns null where neither is there
 */
export async function readTileFile(
  folder: string,
  path: (width: number) => string,
  width: number,
): Promise<{ readonly bytes: Buffer; readonly width: number } | null> {
  for (const one of new Set([width, TILE_WIDTH])) {
    try {
      return { bytes: await readFile(join(folder, path(one))), width: one };
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
    }
  }
  return null;
}

/** The complete nodes of a tree of `size` leaves, read from a folder's tiles. A few tiles are kept in memory. */
export class TileReader implements HashReader {
  readonly #folder: string;
  readonly #size: number;
  readonly #kept = new Map<string, Buffer>();

  constructor(folder: string, size: number) {
    this.#folder = folder;
    this.#size = size;
  }

  /**
   * @throws RangeError where a tree of this size has no such complete node; JOURNAL_CUT where the tile is not
   * there, JOURNAL_DAMAGED where it is not whole
   */
  async hash(level: number, index: number): Promise<Buffer> {
    if ((index + 1) * 2 ** level > this.#size) {
      throw new RangeError(`no complete node ${level}/${index} in ${this.#size} leaves`);
    }
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const span = 2 ** (level % TILE_HEIGHT);
    const first = index * span;
    const tile = await this.#tile(tileLevel, Math.floor(first / TILE_WIDTH));
    return subtree(tile, first % TILE_WIDTH, span);
  }

  async #tile(level: number, index: number): Promise<Buffer> {
    const width = tileWidth(level, index, this.#size);
    const name = tilePath(level, index, width);
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const found = await readTileFile(this.#folder, (one) => tilePath(level, index, one), width);
    if (found === null) throw fault("JOURNAL_CUT", { folder: this.#folder, what: `${name} is missing` });
    if (found.bytes.length !== found.width * HASH_BYTES) {
      const what = `${name} has ${found.bytes.length} bytes, not ${found.width * HASH_BYTES}`;
      throw fault("JOURNAL_DAMAGED", { folder: this.#folder, what });
    }
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= TILES_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(name, found.bytes);
    return found.bytes;
  }
}

const TILES_KEPT = 64;

/**
 * The right edge of the tree as it grows: what must be added to the files of the last checkpoint to make those of
 * the next. Holds less than one tile a level, and the hashes since that checkpoint.
 */
export class TileEdge {
  readonly #range: CompactRange;
  /** Size that the files on disk are for. */
  #stored: number;
  /** For each tile level, the hashes from the start of the first tile that is not full on disk. */
  readonly #hashes: Buffer[][];

  private constructor(range: CompactRange, hashes: Buffer[][]) {
    this.#range = range;
    this.#stored = range.size;
    this.#hashes = hashes;
  }

  static empty(): TileEdge {
    return new TileEdge(new CompactRange(), []);
  }

  /** The edge of a stored tree. */
  static async read(reader: HashReader, size: number): Promise<TileEdge> {
    const hashes: Buffer[][] = [];
    for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
      const count = Math.floor(size / TILE_WIDTH ** level);
      const row: Buffer[] = [];
      for (let index = count - (count % TILE_WIDTH); index < count; index += 1) {
        row.push(await reader.hash(level * TILE_HEIGHT, index));
      }
      hashes.push(row);
    }
    return new TileEdge(await CompactRange.read(reader, size), hashes);
  }

  get size(): number {
    return this.#range.size;
  }

  root(): Buffer {
    return this.#range.root();
  }

  append(leaf: Buffer): void {
    this.#range.append(leaf, (level, _index, node) => {
      if (level % TILE_HEIGHT !== 0) return;
      const row = this.#hashes[level / TILE_HEIGHT];
      if (row === undefined) this.#hashes.push([node]);
      else row.push(node);
    });
  }

  /** The tiles that a tree of `size` has and the stored one has not. @param size from the stored to the present */
  files(size: number): Map<string, Buffer> {
    const files = new Map<string, Buffer>();
    for (const [level, row] of this.#hashes.entries()) {
      const before = Math.floor(this.#stored / TILE_WIDTH ** level);
      const after = Math.floor(size / TILE_WIDTH ** level);
      if (before === after) continue;
      const start = Math.floor(before / TILE_WIDTH);
      for (let index = start; index * TILE_WIDTH < after; index += 1) {
        const width = tileWidth(level, index, size);
        const from = (index - start) * TILE_WIDTH;
        files.set(tilePath(level, index, width), Buffer.concat(row.slice(from, from + width)));
      }
    }
    return files;
  }

  /** Says that the files of `size` are stored. */
  advance(size: number): void {
    for (const [level, row] of this.#hashes.entries()) {
      const before = Math.floor(Math.floor(this.#stored / TILE_WIDTH ** level) / TILE_WIDTH);
      const after = Math.floor(Math.floor(size / TILE_WIDTH ** level) / TILE_WIDTH);
      row.splice(0, (after - before) * TILE_WIDTH);
    }
    this.#stored = size;
  }
}

function subtree(tile: Buffer, first: number, span: number): Buffer {
  if (span === 1) return tile.subarray(first * HASH_BYTES, (first + 1) * HASH_BYTES);
  const half = span / 2;
  return nodeHash(subtree(tile, first, half), subtree(tile, first + half, half));
}

function partial(width: number): string {
  return width === TILE_WIDTH ? "" : `.p/${width}`;
}
