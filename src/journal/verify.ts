import type { Leaf } from "./leaf.ts";
import { rootAt } from "./merkle.ts";
import { SEGMENT_WIDTH } from "./payloads.ts";
import { TileReader } from "./tiles.ts";
import { type Finding, FindingList } from "./verify-findings.ts";
import { LeafCheck, type LeafSummary } from "./verify-leaves.ts";
import { PayloadCheck, type PayloadSummary } from "./verify-payloads.ts";
import { type ComparedRecord, type OutsideRecord, RecordCheck } from "./verify-records.ts";
import { type CheckedSignature, readSignedState, type SignedState } from "./verify-signatures.ts";
import { checkTail, openSource } from "./verify-source.ts";
import { classify, computeTree, type Mismatch } from "./verify-tree.ts";

export interface VerifyOptions {
  /** The journal's public key, as somebody else than the journal gave it. */
  readonly logKey?: string;
  /** Public keys of witnesses, as they gave them themselves. */
  readonly witnessKeys?: readonly string[];
  /** What others have kept: earlier checkpoints, memories of witnesses, requests for a cosignature. */
  readonly trustedCheckpoints?: readonly OutsideRecord[];
  /** Told now and then. @param done and total leaves */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a verification found. Plain data: it is what `--json` prints. */
export interface VerificationReport {
  readonly schema: "contrechamp/verification@1";
  /**
   * `sound`: nothing was changed since somebody independent vouched for it. `alone`: nothing speaks against it, and
   * something that would speak for it is missing. `broken`: something was changed, removed or is not what was signed.
   */
  readonly verdict: "sound" | "alone" | "broken";
  readonly source: { readonly kind: "journal" | "bundle"; readonly folder: string };
  /** The journal's name; null where it has no readable signed state. */
  readonly origin: string | null;
  /** Leaves that its signed state speaks of. */
  readonly size: number;
  /** Root hash of the signed state, hexadecimal; null where there is none. */
  readonly root: string | null;
  /** Leaves that were there to be checked: all, or those of a part. To is the first that is not. */
  readonly range: { readonly from: number; readonly to: number };
  /** The key that the signed state was checked with, and whether the journal itself brought it. */
  readonly key: { readonly line: string; readonly fromJournal: boolean } | null;
  readonly signatures: readonly CheckedSignature[];
  /** Leaves up to which somebody independent vouches: a witness whose key was given, or an earlier record. */
  readonly vouchedTo: number;
  readonly records: readonly ComparedRecord[];
  readonly leaves: LeafSummary;
  readonly payloads: PayloadSummary;
  /** Files of hashes that were compared with what follows from the leaves. */
  readonly tiles: number;
  /** Leaves that were written after the signed state. */
  readonly beyond: number;
  readonly findings: readonly Finding[];
}

/**
 * Verifies a journal's folder, or a bundle made of one, from its files alone: every leaf, hash and payload, the
 * signatures, and what others remember. Reads once, from the first leaf to the last; nothing is written.
 * @throws VERIFY_NO_JOURNAL where the folder holds neither; NOTE_KEY where a given key is none
 */
export async function verifyJournal(
  folder: string,
  options: VerifyOptions = {},
): Promise<VerificationReport> {
  const findings = new FindingList();
  const source = await openSource(folder);
  const state = readSignedState(source, options, findings);
  const records = new RecordCheck(options.trustedCheckpoints ?? [], source.witnessed, state, findings);
  const range = source.range ?? { from: 0, to: state.size };
  const leaves = new LeafCheck(findings);
  const shown = (seq: number) => seq >= range.from && seq < range.to;
  const payloads = new PayloadCheck(folder, findings, shown);

  const open = new Map<number, Leaf>();
  const mismatches: Mismatch[] = [];
  const tree = await computeTree(
    { folder, size: state.size, from: range.from, to: range.to, sizes: records.sizes },
    {
      leaf(seq, bytes) {
        const leaf = leaves.check(seq, bytes);
        if (leaf !== null) open.set(seq, leaf);
      },
      async pause(nextSeq) {
        await payloads.segment(Math.floor((nextSeq - 1) / SEGMENT_WIDTH), open);
        open.clear();
        options.onProgress?.(nextSeq, state.size);
      },
      mismatch(found) {
        if (mismatches.length < MOST_MISMATCHES) mismatches.push(found);
      },
    },
  );
  const stored = new StoredRoots(folder, state.size);
  const storedRoot = state.size === 0 ? null : await stored.at(state.size);
  const computedFits = state.root !== null && tree.root?.equals(state.root) === true;
  const storedFits = state.root !== null && storedRoot?.equals(state.root) === true;
  classify(mismatches, { size: state.size, computedFits, storedFits }, findings);

  // Where a leaf is damaged here, the roots of the stored hashes still say what others must have seen.
  const roots = computedFits
    ? (size: number) => tree.roots.get(size) ?? null
    : storedFits
      ? stored.read
      : () => null;
  await records.compare(roots);
  const payloadSummary = payloads.end();
  const beyond = await checkTail(source, state.size, leaves, findings);
  const vouchedTo = vouched(state, records, findings);
  const list = findings.list();
  return {
    schema: "contrechamp/verification@1",
    verdict: verdictOf(list),
    source: { kind: source.kind, folder },
    origin: state.origin,
    size: state.size,
    root: state.root?.toString("hex") ?? null,
    range,
    key: state.key,
    signatures: state.signatures,
    vouchedTo,
    records: records.compared,
    leaves: leaves.summary(),
    payloads: payloadSummary,
    tiles: tree.tiles,
    beyond,
    findings: list,
  };
}

// A journal that is wrong everywhere is described well enough by its first differences.
const MOST_MISMATCHES = 10_000;

function verdictOf(findings: readonly Finding[]): VerificationReport["verdict"] {
  if (findings.some(({ severity }) => severity === "broken")) return "broken";
  return findings.some(({ severity }) => severity === "doubt") ? "alone" : "sound";
}

/** How far somebody independent vouches, and what is said where nobody does. */
function vouched(state: SignedState, records: RecordCheck, findings: FindingList): number {
  const witnessed = state.witnessed.filter(({ size, root }) => records.continues(size, root));
  const to = Math.max(records.agreedTo, ...witnessed.map(({ size }) => size));
  if (to === 0 && state.size > 0) {
    findings.add(state.key === null || state.key.fromJournal ? "nobody_independent" : "no_witness");
  } else if (to < state.size) {
    findings.add("not_yet_vouched", { seq: to, lastSeq: state.size - 1 });
  }
  return to;
}

/** Roots that follow from the stored hashes alone. */
class StoredRoots {
  readonly #folder: string;
  readonly #size: number;

  constructor(folder: string, size: number) {
    this.#folder = folder;
    this.#size = size;
  }

  /** Null where a file of hashes that it needs is not there or not whole. */
  async at(size: number): Promise<Buffer | null> {
    try {
      return await rootAt(new TileReader(this.#folder, this.#size), size);
    } catch {
      return null;
    }
  }

  readonly read = (size: number): Promise<Buffer | null> => this.at(size);
}
