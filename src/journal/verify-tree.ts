import { hash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { EMPTY_ROOT, HASH_BYTES } from "./merkle.ts";
import { entriesPath, readTileFile, TILE_WIDTH, tilePath, tileWidth } from "./tiles.ts";
import type { FindingList } from "./verify-findings.ts";

/**
 * Computes a stored tree anew from its leaves, and compares what it finds with each tile on the way. It reads once,
 * from left to right, and holds one tile of each level: its memory does not grow with the journal.
 */

/** Where what is stored and what follows from the leaves differ. */
export type Mismatch =
  /** The file of a tile, or of up to 256 leaves, is not there. */
  | { readonly kind: "tile_missing"; readonly file: string }
  | { readonly kind: "entries_missing"; readonly file: string; readonly firstSeq: number }
  /** It is there, and has not the length or the form that it must have. */
  | { readonly kind: "tile_malformed"; readonly file: string }
  | { readonly kind: "entries_malformed"; readonly file: string; readonly firstSeq: number }
  /** A file of an earlier signed state is not how the present one begins. */
  | { readonly kind: "earlier_differs"; readonly file: string }
  /** The leaf hashes to something else than its tile says: one of the two was changed. */
  | { readonly kind: "leaf_differs"; readonly file: string; readonly seq: number }
  /** A tile and the tile above it do not fit: one was changed, or both the leaves and their tile were. */
  | {
      readonly kind: "tile_differs";
      readonly file: string;
      readonly firstSeq: number;
      readonly lastSeq: number;
    };

/** What is looked at. */
export interface TreeSource {
  readonly folder: string;
  /** Number of leaves that the checkpoint speaks of. */
  readonly size: number;
  /** Leaves that must be there, from the first to before the last; a part of a journal has its other leaves as hashes. */
  readonly from: number;
  readonly to: number;
  /** Sizes at which the root is asked for too. */
  readonly sizes: readonly number[];
}

/** What is told on the way. Leaves come in their order; the bytes are valid until the call returns. */
export interface TreeVisitor {
  leaf(seq: number, bytes: Buffer): void;
  /** After each file of leaves, for what needs more time than a call. */
  pause(nextSeq: number): Promise<void>;
  mismatch(found: Mismatch): void;
}

export interface ComputedTree {
  /** The root that follows from the leaves; null where leaves and tiles are missing and none can be computed. */
  readonly root: Buffer | null;
  /** The same for each size that was asked for. */
  readonly roots: ReadonlyMap<number, Buffer | null>;
  /** Files of hashes that were compared. */
  readonly tiles: number;
}

/** Reads the whole tree. Rejects only where the disk does. */
export async function computeTree(source: TreeSource, visitor: TreeVisitor): Promise<ComputedTree> {
  const { folder, size, from, to } = source;
  const levels = new Levels(folder, size, visitor);
  const wanted = source.sizes.filter((one) => one > 0 && one <= size).sort((a, b) => a - b);
  const roots = new Map<number, Buffer | null>(
    source.sizes.map((one) => [one, one === 0 ? EMPTY_ROOT : null]),
  );
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const first = index * TILE_WIDTH;
    const width = tileWidth(0, index, size);
    const needed = first < to && first + width > from;
    const stored = await levels.stored(0, index, needed);
    const hashes = needed ? await leafHashes(source, index, width, visitor) : null;
    const tile = hashes ?? stored;
    if (hashes !== null && stored !== null && !hashes.equals(stored)) {
      for (let i = 0; i < width; i += 1) {
        if (differ(hashes, stored, i)) {
          visitor.mismatch({ kind: "leaf_differs", file: tilePath(0, index, width), seq: first + i });
        }
      }
    }
    for (let next = wanted[0]; next !== undefined && next <= first + width; next = wanted[0]) {
      wanted.shift();
      roots.set(next, tile === null ? null : levels.root(tile.subarray(0, (next - first) * HASH_BYTES)));
    }
    await levels.add(0, index, tile, width);
    await visitor.pause(first + width);
  }
  await levels.end();
  await compareEarlierEdges(folder, size, visitor);
  return { root: size === 0 ? EMPTY_ROOT : levels.root(null), roots, tiles: levels.compared };
}

/**
 * Says of each difference what was changed. A leaf that fits neither its tile nor what lies above was changed; one
 * that fits what lies above has a changed tile; leaves that fit their tile and not what lies above were changed
 * together with it.
 * @param fits whether the root that follows from the leaves, and the one from the stored hashes, is the signed one
 */
export function classify(
  mismatches: readonly Mismatch[],
  fits: { readonly size: number; readonly computedFits: boolean; readonly storedFits: boolean },
  findings: FindingList,
): void {
  const { size, computedFits, storedFits } = fits;
  const parts = mismatches.filter((one) => one.kind === "tile_differs");
  const leaves = mismatches.filter((one) => one.kind === "leaf_differs");
  const missing: number[] = [];
  const covers = (part: (typeof parts)[number], seq: number) => part.firstSeq <= seq && seq <= part.lastSeq;
  for (const { file, seq } of leaves) {
    // Leaves of the last tile, which is not full, have only the root above them.
    const above =
      seq >= size - (size % TILE_WIDTH) ? !computedFits && (storedFits || parts.length === 0) : null;
    const isLeaf = above ?? parts.some((part) => covers(part, seq));
    if (isLeaf && !computedFits) findings.add("leaf_changed", { seq });
    else findings.add("tile_changed", { file, seq });
  }
  for (const part of parts) {
    const explained =
      leaves.some(({ seq }) => covers(part, seq)) ||
      parts.some(
        (other) =>
          other.lastSeq - other.firstSeq < part.lastSeq - part.firstSeq && covers(part, other.firstSeq),
      );
    if (explained && !computedFits) continue;
    if (computedFits) findings.add("tile_changed", { file: part.file });
    else findings.add("part_changed", { file: part.file, seq: part.firstSeq, lastSeq: part.lastSeq });
  }
  for (const one of mismatches) {
    if (one.kind === "tile_missing" || one.kind === "tile_malformed")
      findings.add(one.kind, { file: one.file });
    if (one.kind === "earlier_differs") findings.add("earlier_differs", { file: one.file });
    if (one.kind === "entries_malformed")
      findings.add("leaves_malformed", { file: one.file, seq: one.firstSeq });
    if (one.kind === "entries_missing") missing.push(one.firstSeq);
  }
  addMissing(missing, size, findings);
  if (!computedFits && !findings.hasBroken())
    findings.add("root_differs", { seq: 0, lastSeq: Math.max(0, size - 1) });
}

/** Leaves that are gone at the end were cut off; elsewhere they are missing. */
function addMissing(firstSeqs: readonly number[], size: number, findings: FindingList): void {
  const last = Math.floor((size - 1) / TILE_WIDTH) * TILE_WIDTH;
  let cut = size;
  for (const seq of firstSeqs.toReversed()) if (seq === (cut === size ? last : cut - TILE_WIDTH)) cut = seq;
  if (cut < size) findings.add("tail_cut", { seq: cut, lastSeq: size - 1 });
  for (const seq of firstSeqs) {
    if (seq < cut) findings.add("leaves_missing", { seq, lastSeq: Math.min(size, seq + TILE_WIDTH) - 1 });
  }
}

/** How many leaves lie in a folder beyond a checkpoint, in the bundle that the checkpoint ends in and after it. */
export async function bundlesBeyond(folder: string, size: number): Promise<number> {
  let most = size;
  const index = Math.floor(size / TILE_WIDTH);
  for (const [at, path] of [
    [index, entriesPath(index, 1)],
    [index + 1, entriesPath(index + 1, 1)],
  ] as const) {
    const partials = join(folder, path, "..");
    const names = await readdir(partials).catch(() => []);
    for (const name of names) {
      const width = /^[1-9]\d{0,2}$/.test(name) ? Number(name) : 0;
      if (width < TILE_WIDTH) most = Math.max(most, at * TILE_WIDTH + width);
    }
    const full = await readTileFile(folder, (width) => entriesPath(at, width), TILE_WIDTH);
    if (full !== null) most = Math.max(most, (at + 1) * TILE_WIDTH);
  }
  return most - size;
}

/** The hashes of all levels as they are computed, from the left. */
class Levels {
  readonly #folder: string;
  readonly #size: number;
  readonly #visitor: TreeVisitor;
  /** For each tile level from 1, what is computed of its present tile; null for a hash that cannot be known. */
  readonly #open: (Buffer | null)[][] = [];
  /** The last tile of level 0, where it is not full. */
  #edge: Buffer | null = Buffer.alloc(0);
  /** The stored tile of a level that was read last. */
  readonly #read = new Map<number, { readonly index: number; readonly tile: Buffer | null }>();
  compared = 0;

  constructor(folder: string, size: number, visitor: TreeVisitor) {
    this.#folder = folder;
    this.#size = size;
    this.#visitor = visitor;
  }

  /** A stored tile in the width that the tree's size gives it; null where it is not there or not whole. */
  async stored(level: number, index: number, needed = true): Promise<Buffer | null> {
    const kept = this.#read.get(level);
    if (kept?.index === index) return kept.tile;
    const width = tileWidth(level, index, this.#size);
    const file = tilePath(level, index, width);
    const found = await readTileFile(this.#folder, (one) => tilePath(level, index, one), width);
    let tile: Buffer | null = null;
    if (found === null) {
      if (needed) this.#visitor.mismatch({ kind: "tile_missing", file });
    } else if (found.bytes.length !== found.width * HASH_BYTES) {
      this.#visitor.mismatch({ kind: "tile_malformed", file });
    } else {
      tile = found.bytes.subarray(0, width * HASH_BYTES);
    }
    this.#read.set(level, { index, tile });
    if (tile !== null) this.compared += 1;
    return tile;
  }

  /** Takes a tile that is computed, compares what follows from it with the level above, and fills that. */
  async add(level: number, index: number, tile: Buffer | null, width: number): Promise<void> {
    if (width < TILE_WIDTH) {
      if (level === 0) this.#edge = tile;
      return;
    }
    if (level === 0) this.#edge = Buffer.alloc(0);
    const above = await this.stored(level + 1, Math.floor(index / TILE_WIDTH));
    const at = index % TILE_WIDTH;
    const claimed = above?.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES) ?? null;
    const computed = tile === null ? claimed : subtreeRoot(tile, 0, TILE_WIDTH);
    if (claimed !== null && computed !== null && !claimed.equals(computed)) {
      const span = TILE_WIDTH ** (level + 1);
      this.#visitor.mismatch({
        kind: "tile_differs",
        file: tilePath(
          level + 1,
          Math.floor(index / TILE_WIDTH),
          above === null ? 1 : above.length / HASH_BYTES,
        ),
        firstSeq: index * span,
        lastSeq: (index + 1) * span - 1,
      });
    }
    const open = this.#level(level + 1);
    open.push(computed === null ? null : Buffer.from(computed));
    if (open.length < TILE_WIDTH) return;
    this.#open[level] = [];
    const full = open.every((one) => one !== null) ? Buffer.concat(open) : null;
    await this.add(level + 1, Math.floor(index / TILE_WIDTH), full, TILE_WIDTH);
  }

  /** Looks at the tiles of the highest levels, which nothing above compares with. */
  async end(): Promise<void> {
    for (let level = 0; TILE_WIDTH ** level <= this.#size; level += 1) {
      const count = Math.floor(this.#size / TILE_WIDTH ** level);
      if (count % TILE_WIDTH !== 0) await this.stored(level, Math.floor(count / TILE_WIDTH), level > 0);
    }
  }

  /** Root of all full tiles so far and of these hashes after them. @param edge null for the last tile's */
  root(edge: Buffer | null): Buffer | null {
    const bottom = edge ?? this.#edge;
    if (bottom === null) return null;
    const rows: Buffer[] = [bottom];
    for (const open of this.#open) {
      const known = open.filter((one) => one !== null);
      if (known.length < open.length) return null;
      rows.push(Buffer.concat(known));
    }
    return edgeRoot(rows);
  }

  #level(level: number): (Buffer | null)[] {
    const found = this.#open[level - 1] ?? [];
    this.#open[level - 1] = found;
    return found;
  }
}

/**
 * Tiles and bundles that are not full yet lie beside those of earlier signed states, which begin them: what those
 * hold must be how the present ones begin.
 */
async function compareEarlierEdges(folder: string, size: number, visitor: TreeVisitor): Promise<void> {
  const edges: ((width: number) => string)[] = [(width) => entriesPath(Math.floor(size / TILE_WIDTH), width)];
  const widths = [size % TILE_WIDTH];
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    const count = Math.floor(size / TILE_WIDTH ** level);
    edges.push((width) => tilePath(level, Math.floor(count / TILE_WIDTH), width));
    widths.push(count % TILE_WIDTH);
  }
  for (const [i, path] of edges.entries()) {
    const present = widths[i] ?? 0;
    const now = present === 0 ? null : await readFile(join(folder, path(present))).catch(() => null);
    if (now === null) continue;
    for (const name of await readdir(join(folder, path(1), "..")).catch(() => [])) {
      const width = /^[1-9]\d{0,2}$/.test(name) ? Number(name) : present;
      if (width >= present) continue;
      const before = await readFile(join(folder, path(width)));
      const whole = i === 0 || before.length === width * HASH_BYTES;
      if (!whole || before.length > now.length || !now.subarray(0, before.length).equals(before)) {
        visitor.mismatch({ kind: "earlier_differs", file: path(width) });
      }
    }
  }
}

/** Hashes of the leaves in one file; null where the file is not there or not whole. */
async function leafHashes(
  { folder, size }: TreeSource,
  index: number,
  width: number,
  visitor: TreeVisitor,
): Promise<Buffer | null> {
  const file = entriesPath(index, width);
  const found = await readTileFile(folder, (one) => entriesPath(index, one), width);
  if (found === null) {
    visitor.mismatch({ kind: "entries_missing", file, firstSeq: index * TILE_WIDTH });
    return null;
  }
  const { bytes } = found;
  const hashes = Buffer.allocUnsafe(width * HASH_BYTES);
  let at = 0;
  for (let i = 0; i < width && index * TILE_WIDTH + i < size; i += 1) {
    const start = at + 2;
    const end = start <= bytes.length ? start + bytes.readUInt16BE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) {
      visitor.mismatch({ kind: "entries_malformed", file, firstSeq: index * TILE_WIDTH });
      return null;
    }
    visitor.leaf(index * TILE_WIDTH + i, bytes.subarray(start, end));
    // The byte before a leaf is the end of its length, which is read: RFC 6962 wants a zero there to be hashed.
    bytes[start - 1] = 0;
    hashes.set(hash("sha256", bytes.subarray(start - 1, end), "buffer"), i * HASH_BYTES);
    at = end;
  }
  if (found.width === width && at !== bytes.length)
    visitor.mismatch({ kind: "entries_malformed", file, firstSeq: index * TILE_WIDTH });
  return hashes;
}

/** Root of the rows of a tree's right edge, level 0 first. Each row holds what is not yet a full tile. */
function edgeRoot(rows: readonly Buffer[]): Buffer | null {
  let root: Buffer | null = null;
  for (const row of rows) {
    let end = row.length / HASH_BYTES;
    // From the right, the smallest complete subtree first.
    for (let span = 1; end > 0; span *= 2) {
      if (Math.floor(end / span) % 2 === 0) continue;
      const left = subtreeRoot(row, end - span, span);
      root = root === null ? left : joined(left, root);
      end -= span;
    }
  }
  return root;
}

/** Hash over a power of two of hashes that lie side by side. */
function subtreeRoot(row: Buffer, first: number, span: number): Buffer {
  let width = span;
  let hashes = row.subarray(first * HASH_BYTES, (first + span) * HASH_BYTES);
  while (width > 1) {
    const above = Buffer.allocUnsafe((width / 2) * HASH_BYTES);
    for (let i = 0; i < width; i += 2) {
      hashes.copy(PAIR, 1, i * HASH_BYTES, (i + 2) * HASH_BYTES);
      above.set(hash("sha256", PAIR, "buffer"), (i / 2) * HASH_BYTES);
    }
    hashes = above;
    width /= 2;
  }
  return hashes;
}

// One node's input, used again for each: a million of them need not be made.
const PAIR = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

function joined(left: Buffer, right: Buffer): Buffer {
  left.copy(PAIR, 1);
  right.copy(PAIR, 1 + HASH_BYTES);
  return hash("sha256", PAIR, "buffer");
}

function differ(a: Buffer, b: Buffer, i: number): boolean {
  return a.compare(b, i * HASH_BYTES, (i + 1) * HASH_BYTES, i * HASH_BYTES, (i + 1) * HASH_BYTES) !== 0;
}
