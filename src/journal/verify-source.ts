import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { fault } from "../errors.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import { isMissing } from "./durable.ts";
import { readTail } from "./log-file.ts";
import { parseNote } from "./note.ts";
import type { FindingList } from "./verify-findings.ts";
import type { LeafCheck } from "./verify-leaves.ts";
import { bundlesBeyond } from "./verify-tree.ts";

/** Names of the files around the tree. */
export const CHECKPOINT_FILE = "checkpoint";
/** The journal's public key, as one line. */
export const PUBLIC_KEY_FILE = "public";
/** Public keys of the witnesses whose cosignatures were merged, one a line. */
export const WITNESSES_FILE = "witnesses";
/** Checkpoints that came back with cosignatures, each in a file that is named by its size. */
export const WITNESSED_FOLDER = "witnessed";
/** What a bundle says of itself. */
export const BUNDLE_FILE = "bundle.json";

export const bundleSchema = z.strictObject({
  schema: z.literal("contrechamp/bundle@1"),
  origin: z.string().min(1).max(1000),
  /** Leaves that its checkpoint speaks of. */
  size: z.int().min(0),
  /** Leaves that are in it; `to` is the first that is not. */
  from: z.int().min(0),
  to: z.int().min(0),
  /** Types of leaves whose payloads were left out. */
  withheld: z.array(z.string()),
  /** RFC 3339. */
  madeAt: z.string(),
  engineVersion: z.string(),
});
export type BundleDescription = Readonly<z.output<typeof bundleSchema>>;

/** A folder that can be verified. */
export interface JournalSource {
  readonly folder: string;
  readonly kind: "journal" | "bundle";
  /** Text of the signed state; null where the file is not there. */
  readonly checkpoint: Buffer | null;
  /** The key that lies beside it. */
  readonly publicKey: string | null;
  /** Keys of witnesses that lie beside it: the journal's word for who they are. */
  readonly witnessKeys: readonly string[];
  /** Cosigned checkpoints that lie beside it. */
  readonly witnessed: readonly { readonly name: string; readonly text: string }[];
  /** What a bundle holds; null for a journal, which holds all. */
  readonly range: { readonly from: number; readonly to: number } | null;
}

/** @throws VERIFY_NO_JOURNAL */
export async function openSource(folder: string): Promise<JournalSource> {
  const checkpoint = await readIfThere(join(folder, CHECKPOINT_FILE));
  if (checkpoint === null && !(await isFolder(join(folder, "tile")))) {
    throw fault("VERIFY_NO_JOURNAL", { folder });
  }
  const description = await readIfThere(join(folder, BUNDLE_FILE));
  const bundle = description === null ? null : parseBundle(description, folder);
  const witnesses = await readIfThere(join(folder, WITNESSES_FILE));
  return {
    folder,
    kind: bundle === null ? "journal" : "bundle",
    checkpoint,
    publicKey: (await readIfThere(join(folder, PUBLIC_KEY_FILE)))?.toString("utf8").trim() ?? null,
    witnessKeys: linesOf(witnesses?.toString("utf8") ?? ""),
    witnessed: await readWitnessed(folder),
    range: bundle === null ? null : { from: bundle.from, to: bundle.to },
  };
}

/** The cosigned checkpoints in a journal's folder, the oldest first. */
export async function readWitnessed(folder: string): Promise<JournalSource["witnessed"]> {
  const names = await readdir(join(folder, WITNESSED_FOLDER)).catch((thrown: unknown) => {
    if (isMissing(thrown)) return [];
    throw thrown;
  });
  const sizes = names
    .filter((name) => /^(?:0|[1-9]\d{0,15})$/.test(name))
    .sort((a, b) => Number(a) - Number(b));
  return await Promise.all(
    sizes.map(async (size) => {
      const name = `${WITNESSED_FOLDER}/${size}`;
      return { name, text: await readFile(join(folder, name), "utf8") };
    }),
  );
}

/**
 * Looks at what lies beyond the signed state: the tail of a journal, whose leaves nobody has signed yet.
 * @returns how many leaves
 */
export async function checkTail(
  source: JournalSource,
  size: number,
  leaves: LeafCheck,
  findings: FindingList,
): Promise<number> {
  let beyond = await bundlesBeyond(source.folder, size);
  if (source.kind === "journal") {
    try {
      const { base, records } = await readTail(source.folder);
      // An engine may have signed a newer state since this one was read: then nothing is missing in between.
      if (base > size && (await signedSize(source.folder)) < base) {
        findings.add("tail_cut", { seq: size, lastSeq: base - 1 });
      }
      for (const [i, { leaf }] of records.entries()) {
        if (base + i >= size) leaves.check(base + i, leaf);
      }
      beyond = Math.max(beyond, base + records.length - size);
    } catch {
      findings.add("tail_unreadable", { file: "tail.log" });
    }
  }
  if (beyond > 0) findings.add("beyond_checkpoint", { seq: size, lastSeq: size + beyond - 1 });
  return beyond;
}

/** Size of the state that is signed now; 0 where none can be read. */
async function signedSize(folder: string): Promise<number> {
  const bytes = await readIfThere(join(folder, CHECKPOINT_FILE));
  try {
    return bytes === null ? 0 : parseCheckpoint(parseNote(bytes.toString("utf8")).text).size;
  } catch {
    return 0;
  }
}

function parseBundle(bytes: Buffer, folder: string): BundleDescription {
  try {
    return bundleSchema.parse(JSON.parse(bytes.toString("utf8")));
  } catch (thrown) {
    throw fault("VERIFY_BUNDLE", { file: join(folder, BUNDLE_FILE) }, thrown);
  }
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
