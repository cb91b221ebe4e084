import { copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fault } from "../errors.ts";
import { writeWhole } from "../files/write-whole.ts";
import { type Clock, formatUtc } from "../time/clock.ts";
import { bundleReadme } from "./bundle-readme.ts";
import { isMissing } from "./durable.ts";
import { decodeBundle } from "./entry-bundle.ts";
import type { LeafType } from "./leaf.ts";
import { readCheckpoint, type StoredCheckpoint } from "./log-reader.ts";
import { SEGMENT_WIDTH, segmentPath } from "./payloads.ts";
import { entriesPath, TILE_WIDTH, tilePath, tileWidth } from "./tiles.ts";
import { parseLeaf } from "./verify-leaves.ts";
import {
  BUNDLE_FILE,
  type BundleDescription,
  bundleSchema,
  CHECKPOINT_FILE,
  PUBLIC_KEY_FILE,
  WITNESSED_FOLDER,
  WITNESSES_FILE,
} from "./verify-source.ts";

export interface BundleOrder {
  /** Folder of the bundle; made, and refused where it holds something. */
  readonly out: string;
  /** First leaf, and the first that is not in it; the whole signed journal where missing. */
  readonly from?: number;
  readonly to?: number;
  /** Types of leaves whose payloads are left out: the leaves stay, and the proofs with them. */
  readonly withhold?: readonly LeafType[];
  /** The signed state that it is made for; the newest where missing. */
  readonly checkpoint?: StoredCheckpoint;
  readonly engineVersion: string;
  readonly clock: Clock;
}

/**
 * Writes a journal, or a part of one, into a folder that verifies alone and offline: the signed state, the leaves of
 * the part, every hash that leads from them to the signed root, the payloads that may be shown, the public key, what
 * witnesses sent back, and a page of explanation. It only reads the journal, beside whatever process writes it.
 * @returns what it holds
 * @throws BUNDLE_EXISTS, BUNDLE_NOT_WRITTEN, BUNDLE_EMPTY, JOURNAL_DAMAGED
 */
export async function writeBundle(folder: string, order: BundleOrder): Promise<BundleDescription> {
  const { out } = order;
  if ((await readdir(out).catch(() => [])).length > 0) throw fault("BUNDLE_EXISTS", { folder: out });
  const checkpoint = order.checkpoint ?? (await readCheckpoint(folder));
  const size = checkpoint?.size ?? 0;
  // Whole files of leaves: their neighbours' leaves say nothing without their payloads.
  const from = Math.max(0, order.from ?? 0);
  const to = Math.min(size, order.to ?? size);
  if (checkpoint === null || from >= to) throw fault("BUNDLE_EMPTY", { folder, size });
  const description: BundleDescription = bundleSchema.parse({
    schema: "contrechamp/bundle@1",
    origin: checkpoint.origin,
    size,
    from,
    to,
    withheld: [...(order.withhold ?? [])],
    madeAt: formatUtc(order.clock.now()),
    engineVersion: order.engineVersion,
  });
  try {
    await mkdir(out, { recursive: true });
    for (const path of treeFiles(size, from, to)) await copyTile(folder, out, path);
    for (let index = Math.floor(from / SEGMENT_WIDTH); index * SEGMENT_WIDTH < to; index += 1) {
      await copyPayloads(folder, index, description, out);
    }
    await copyIfThere(folder, out, PUBLIC_KEY_FILE);
    await copyIfThere(folder, out, WITNESSES_FILE);
    for (const name of await readdir(join(folder, WITNESSED_FOLDER)).catch(() => [])) {
      await copyIfThere(folder, out, `${WITNESSED_FOLDER}/${name}`);
    }
    for (const [name, text] of bundleReadme(description)) await writeWhole(join(out, name), text);
    await writeWhole(join(out, CHECKPOINT_FILE), checkpoint.note);
    // Last: a folder without it is not taken for a whole bundle of a part.
    await writeWhole(join(out, BUNDLE_FILE), `${JSON.stringify(description, null, 2)}\n`);
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && String(thrown.code).startsWith("E")) {
      throw fault("BUNDLE_NOT_WRITTEN", { folder: out, reason: thrown.message }, thrown);
    }
    throw thrown;
  }
  return description;
}

type TilePath = (width: number) => string;

/**
 * The files of leaves in a part, their hashes, and all hashes of the levels above: with the last tile of each level
 * they lead to the root.
 */
function* treeFiles(size: number, from: number, to: number): Generator<{ path: TilePath; width: number }> {
  const [first, last] = [Math.floor(from / TILE_WIDTH), Math.floor((to - 1) / TILE_WIDTH)];
  for (let index = first; index <= last; index += 1) {
    yield { path: (width) => entriesPath(index, width), width: tileWidth(0, index, size) };
  }
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    const edge = Math.floor(size / TILE_WIDTH ** (level + 1));
    for (let index = 0; tileWidth(level, index, size) > 0; index += 1) {
      if (level === 0 && (index < first || index > last) && index !== edge) continue;
      yield { path: (width) => tilePath(level, index, width), width: tileWidth(level, index, size) };
    }
  }
}

/** In the width of the signed state, also where the journal has filled the file since. */
async function copyTile(folder: string, out: string, { path, width }: { path: TilePath; width: number }) {
  const own = await readFile(join(folder, path(width))).catch((thrown: unknown) => {
    if (isMissing(thrown)) return null;
    throw thrown;
  });
  const name = path(width);
  if (own !== null) return await writeWhole(join(out, name), own);
  const full = await readFile(join(folder, path(TILE_WIDTH))).catch(() => null);
  if (full === null) throw fault("JOURNAL_DAMAGED", { folder, what: `${name} is missing` });
  await writeWhole(join(out, name), cut(name, full, width));
}

function cut(name: string, full: Buffer, width: number): Buffer {
  if (!name.startsWith("tile/entries/")) return full.subarray(0, (full.length / TILE_WIDTH) * width);
  let end = 0;
  for (let i = 0; i < width; i += 1) end += 2 + full.readUInt16BE(end);
  return full.subarray(0, end);
}

/** A file of payloads with those lines alone that are of the part and may be shown. */
async function copyPayloads(
  folder: string,
  index: number,
  { size, from, to, withheld }: BundleDescription,
  out: string,
): Promise<void> {
  const lines = (await readFile(join(folder, segmentPath(index)), "utf8")).split("\n");
  const width = tileWidth(0, index, size);
  const entries = await readFile(join(out, entriesPath(index, width)));
  const leaves = decodeBundle(entries, width);
  const shown = leaves.map((bytes, i) => {
    const seq = index * SEGMENT_WIDTH + i;
    const type = parseLeaf(bytes)?.type;
    const keep = seq >= from && seq < to && !(type !== undefined && withheld.includes(type));
    return keep ? (lines[i] ?? "") : JSON.stringify({ seq, withheld: true });
  });
  await writeWhole(join(out, segmentPath(index)), `${shown.join("\n")}\n`);
}

async function copyIfThere(folder: string, out: string, name: string): Promise<void> {
  await mkdir(dirname(join(out, name)), { recursive: true });
  try {
    await copyFile(join(folder, name), join(out, name));
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
}
