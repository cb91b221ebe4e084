import { hash, type KeyObject } from "node:crypto";
import { canonicalize } from "json-canonicalize";
import { signCheckpoint } from "../../src/journal/checkpoint.ts";
import { writeDurably } from "../../src/journal/durable.ts";
import { encodeBundle } from "../../src/journal/entry-bundle.ts";
import type { JournalEntry, Leaf } from "../../src/journal/leaf.ts";
import { TailFile } from "../../src/journal/log-file.ts";
import { leafHash } from "../../src/journal/merkle.ts";
import { createNoteSigner, type NoteSigner } from "../../src/journal/note.ts";
import { addPayloads, formatPayload, payloadHash, payloadRefOf } from "../../src/journal/payloads.ts";
import { entriesPath, TILE_WIDTH, TileEdge } from "../../src/journal/tiles.ts";
import { formatUtc } from "../../src/time/clock.ts";

/** An entry with its instant: what a journal would have been handed. */
export interface TimedEntry extends JournalEntry {
  readonly at: number;
}

/** What a forger may do to the leaves before they are hashed and signed with the right key. */
export interface Forgery {
  /** Another leaf in the place of one, as the bytes that the tree is to hold. */
  readonly leaves?: (leaves: Buffer[]) => void;
}

/**
 * Writes a whole journal at once, in the layout of a real one and with any instants: also one that its own key's
 * holder has forged. Salts follow from the numbers, so that two of the same entries are the same.
 */
export async function writeTestLog(
  folder: string,
  origin: string,
  privateKey: KeyObject,
  entries: readonly TimedEntry[],
  forgery: Forgery = {},
): Promise<NoteSigner> {
  const signer = createNoteSigner(origin, privateKey);
  const made = entries.map((entry, seq) => leafOf(entry, seq));
  const leaves = made.map(({ leaf }) => leaf);
  forgery.leaves?.(leaves);
  const edge = TileEdge.empty();
  for (const leaf of leaves) edge.append(leafHash(leaf));
  const size = leaves.length;
  const files = new Map<string, Uint8Array>(edge.files(size));
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const bundle = leaves.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH);
    files.set(entriesPath(index, bundle.length), encodeBundle(bundle));
  }
  files.set("checkpoint", Buffer.from(signCheckpoint({ origin, size, root: edge.root() }, [signer])));
  files.set("public", Buffer.from(`${signer.verifierKey}\n`));
  await writeDurably(folder, files);
  await addPayloads(
    folder,
    0,
    made.map(({ line }) => line),
  );
  await (await TailFile.create(folder, size, [])).close();
  return signer;
}

function leafOf({ at, type, actor, payload }: TimedEntry, seq: number): { leaf: Buffer; line: string } {
  const salt = hash("sha256", `salt ${seq}`, "buffer");
  const text = canonicalize(payload);
  const leaf: Leaf = {
    seq,
    at: formatUtc(at),
    type,
    payloadHash: payloadHash(salt, text),
    payloadRef: payloadRefOf(seq),
    actor,
    prevCheckpoint: null,
  };
  return { leaf: Buffer.from(canonicalize(leaf), "utf8"), line: formatPayload(seq, salt, text, null) };
}
