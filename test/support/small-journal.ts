import { generateKeyPairSync, randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { canonicalize } from "json-canonicalize";
import type { FoundLeaf } from "../../src/evidence/vault/register.ts";
import { signCheckpoint } from "../../src/journal/checkpoint.ts";
import { type EntrySink, type Leaf, leafSchema } from "../../src/journal/leaf.ts";
import { CompactRange, leafHash } from "../../src/journal/merkle.ts";
import { createNoteSigner } from "../../src/journal/note.ts";
import { formatInclusionProof, openingHash, type ProvenEntry } from "../../src/journal/proof.ts";
import type { Clock } from "../../src/time/clock.ts";

const ORIGIN = "example.org/journal";

/**
 * The least journal there is: leaves and payloads as lines of one file, each forced to the disk before it is
 * acknowledged, proofs by the product's own tree. It survives a kill, which is all that tests of what stands before
 * a journal need of it.
 */
export function smallJournal(path: string, clock: Clock) {
  const signer = createNoteSigner(ORIGIN, generateKeyPairSync("ed25519").privateKey);
  const entries = (): Required<ProvenEntry>[] =>
    existsSync(path)
      ? readFileSync(path, "utf8")
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => JSON.parse(line) as ProvenEntry)
      : [];
  const bytesOf = (leaf: Leaf) => Buffer.from(canonicalize(leaf), "utf8");
  const sink: EntrySink = {
    append({ type, actor, payload }) {
      const seq = entries().length;
      const opening = { payload, salt: randomBytes(32).toString("hex") };
      const leaf = leafSchema.parse({
        seq,
        at: new Date(clock.now()).toISOString(),
        type,
        payloadHash: openingHash(opening),
        payloadRef: "payloads",
        actor,
        prevCheckpoint: null,
      });
      const file = openSync(path, "a", 0o600);
      writeSync(file, `${JSON.stringify({ leaf, opening })}\n`);
      fsyncSync(file);
      closeSync(file);
      return Promise.resolve({ seq, at: leaf.at, leafHash: leafHash(bytesOf(leaf)).toString("hex") });
    },
  };
  return {
    sink,
    signer,
    entries,
    ofType: (type: string) => entries().filter(({ leaf }) => leaf.type === type),
    find(type: string, evidenceId: string): Promise<FoundLeaf | null> {
      const found = entries().find(
        ({ leaf, opening }) => leaf.type === type && opening?.payload["evidenceId"] === evidenceId,
      );
      if (found === undefined) return Promise.resolve(null);
      const { leaf, opening } = found;
      const hash = leafHash(bytesOf(leaf)).toString("hex");
      return Promise.resolve({ seq: leaf.seq, at: leaf.at, leafHash: hash, payload: opening?.payload });
    },
    prove(seq: number): Promise<string | null> {
      const all = entries();
      const nodes = new Map<string, Buffer>();
      const range = new CompactRange();
      for (const { leaf } of all)
        range.append(leafHash(bytesOf(leaf)), (level, index, node) => nodes.set(`${level}/${index}`, node));
      const note = signCheckpoint({ origin: ORIGIN, size: all.length, root: range.root() }, [signer]);
      const entry = all[seq];
      if (entry === undefined) return Promise.resolve(null);
      const hash = (level: number, index: number): Buffer => {
        const node = nodes.get(`${level}/${index}`);
        if (node === undefined) throw new RangeError(`no node ${level}/${index}`);
        return node;
      };
      return formatInclusionProof({ hash }, entry, note);
    },
  };
}
