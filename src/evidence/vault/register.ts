import type { EntrySink } from "../../journal/leaf.ts";
import type { SealedRecord } from "./record.ts";
import {
  evidencePayload,
  type ManifestSigner,
  readEvidencePayload,
  SIGNED_MANIFEST_SCHEMA_NAME,
  type SignedManifest,
  signManifest,
} from "./signed-manifest.ts";
import type { Vault } from "./vault.ts";

/** A leaf's place in the journal. */
export interface LeafPlace {
  readonly seq: number;
  readonly leafHash: string;
}

/** An entry of the journal, as it is read back. */
export interface FoundLeaf extends LeafPlace {
  readonly at: string;
  readonly payload: unknown;
}

/**
 * Looks an entry of the journal up by the `evidenceId` of its payload: what a crash interrupted is then not written
 * twice. Null where there is none.
 */
export type FindEvidenceLeaf = (
  type: "evidence" | "erasure",
  evidenceId: string,
) => Promise<FoundLeaf | null>;

/** The proof that a leaf is in the tree of the newest checkpoint (C2SP tlog-proof); null while none covers it. */
export type ProveInclusion = (seq: number) => Promise<string | null>;

export interface RegisterOptions {
  readonly journal: EntrySink;
  readonly sign: ManifestSigner;
  /** Asked before the leaf is appended. Needed where the record may have been registered before (`recoverVault`). */
  readonly find?: FindEvidenceLeaf | undefined;
  readonly prove?: ProveInclusion | undefined;
  /** The leaf of the gate's decision that let the alert through. */
  readonly decision?: LeafPlace | null;
}

/**
 * Puts a sealed evidence into the journal and completes its manifest, in the process that holds the journal. The
 * leaf comes first: a manifest that names a leaf is never there without it. A crash between the two is made good at
 * the next start.
 */
export async function registerEvidence(
  vault: Vault,
  record: SealedRecord,
  { journal, sign, find, prove, decision = null }: RegisterOptions,
): Promise<SignedManifest> {
  const { evidenceId } = record;
  const known = await vault.manifest(evidenceId);
  if (known !== null) return known;
  const found = (await find?.("evidence", evidenceId)) ?? null;
  // Of the decision its place alone: whoever hands in an acknowledgement hands in its time as well.
  const place = decision === null ? null : { seq: decision.seq, leafHash: decision.leafHash };
  const content = found === null ? { evidence: record, decision: place } : readEvidencePayload(found.payload);
  const leaf =
    found ?? (await journal.append({ type: "evidence", actor: "engine", payload: evidencePayload(content) }));
  const statement = {
    schema: SIGNED_MANIFEST_SCHEMA_NAME,
    ...content,
    journal: { seq: leaf.seq, at: leaf.at, leafHash: leaf.leafHash },
  } as const;
  const manifest = { ...signManifest(statement, sign), proof: (await prove?.(leaf.seq)) ?? null };
  await vault.writeManifest(manifest);
  return manifest;
}

/** Adds or renews the proof of inclusion, as when a checkpoint has been signed since. */
export async function refreshProof(
  vault: Vault,
  manifest: SignedManifest,
  prove: ProveInclusion,
): Promise<SignedManifest> {
  const proof = await prove(manifest.journal.seq);
  if (proof === null || proof === manifest.proof) return manifest;
  const fresh = { ...manifest, proof };
  await vault.writeManifest(fresh);
  return fresh;
}
