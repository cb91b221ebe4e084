import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "../../errors.ts";
import { writeWhole } from "../../files/write-whole.ts";
import type { EntrySink } from "../../journal/leaf.ts";
import { digestOf } from "../evidence-files.ts";
import { isMissing } from "./durable.ts";
import type { SealedRecord } from "./record.ts";
import { type ProveInclusion, refreshProof } from "./register.ts";
import { open, SEALED_KINDS, type SealedKind } from "./sealing.ts";
import type { SignedManifest } from "./signed-manifest.ts";
import type { SiteKey } from "./site-key.ts";
import type { Vault } from "./vault.ts";
import { openKey } from "./vault-store.ts";

/** Who looks, and why: the access log that CSI R.253-5 and article 25 of directive 2016/680 ask for. */
export interface Access {
  /** A pseudonym of a person. */
  readonly by: string;
  readonly reason: string;
}

export interface AccessOptions {
  readonly siteKey: SiteKey;
  readonly journal: EntrySink;
}

/**
 * Opens one file of an evidence for a person. The `view` leaf is durable before the bytes leave this function: who
 * has seen it is on record, whatever happens next.
 * @throws VIEW_WITHOUT_REASON, EVIDENCE_UNKNOWN, EVIDENCE_ERASED, EVIDENCE_PART_MISSING, EVIDENCE_DAMAGED,
 * SITE_KEY_WRONG, and what the journal throws
 */
export async function viewEvidence(
  vault: Vault,
  id: string,
  kind: SealedKind,
  access: Access,
  { siteKey, journal }: AccessOptions,
): Promise<Uint8Array> {
  const { by, reason } = checkAccess(id, access);
  const record = await presentRecord(vault, id);
  const bytes = await openFile(vault, siteKey, record, kind);
  await journal.append({
    type: "view",
    actor: by,
    payload: { evidenceId: id, alertId: record.episodeId, cameraId: record.cameraId, file: kind, reason },
  });
  return bytes;
}

/** What an export is: names of the files in its folder. */
export const BUNDLE_FILES = {
  manifest: "manifest.json",
  still: "still.png",
  clip: "clip.mp4",
  description: "description.json",
} as const satisfies Record<SealedKind | "manifest", string>;

export interface ExportOrder extends Access {
  readonly recipient: string;
  /** Folder of the bundle; made, and refused where it holds one already. */
  readonly out: string;
}

export interface ExportOptions extends AccessOptions {
  /** The newest proof of inclusion goes with it. */
  readonly prove?: ProveInclusion | undefined;
}

/**
 * Writes an evidence in clear, with its signed manifest, for somebody outside: a bundle that can be checked offline
 * by itself. The `export` leaf, with the recipient and the hashes of what leaves, is durable before a byte is written.
 * @returns the names of the files
 * @throws as `viewEvidence`; EXPORT_WITHOUT_RECIPIENT, EVIDENCE_NOT_REGISTERED, EVIDENCE_NOT_WRITTEN
 */
export async function exportEvidence(
  vault: Vault,
  id: string,
  order: ExportOrder,
  { siteKey, journal, prove }: ExportOptions,
): Promise<readonly string[]> {
  const { by, reason } = checkAccess(id, order);
  const recipient = order.recipient.trim().slice(0, 500);
  if (recipient === "") throw fault("EXPORT_WITHOUT_RECIPIENT", { id });
  await refuseExisting(order.out);
  const record = await presentRecord(vault, id);
  const manifest = await presentManifest(vault, id, prove);
  const files = new Map<string, Uint8Array | string>();
  for (const kind of SEALED_KINDS) {
    if (record.files[kind] !== null)
      files.set(BUNDLE_FILES[kind], await openFile(vault, siteKey, record, kind));
  }
  await journal.append({
    type: "export",
    actor: by,
    payload: {
      evidenceId: id,
      alertId: record.episodeId,
      cameraId: record.cameraId,
      reason,
      recipient,
      files: [...files].map(([file, bytes]) => ({ file, ...digestOf(bytes) })),
    },
  });
  files.set(BUNDLE_FILES.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [name, bytes] of files) await writeClear(join(order.out, name), bytes);
  return [...files.keys()];
}

/** Writes an opened file where a person asked for it. @throws EVIDENCE_NOT_WRITTEN */
export async function writeClear(path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    await writeWhole(path, bytes, { mode: 0o600, folderMode: 0o700 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fault("EVIDENCE_NOT_WRITTEN", { path, reason }, error);
  }
}

function checkAccess(id: string, access: Access): Access {
  const by = access.by.trim().slice(0, 200);
  const reason = access.reason.trim().slice(0, 2000);
  if (by === "" || reason === "") throw fault("VIEW_WITHOUT_REASON", { id });
  return { by, reason };
}

/** The record of an evidence that is still there. @throws EVIDENCE_UNKNOWN, EVIDENCE_ERASED */
async function presentRecord(vault: Vault, id: string): Promise<SealedRecord> {
  // An erasure that was begun counts: from its intent on nobody sees it any more.
  const gone = (await vault.erased(id)) ?? (await vault.intent(id));
  if (gone !== null) throw fault("EVIDENCE_ERASED", { id, at: gone.at, cause: gone.cause });
  const record = await vault.record(id);
  if (record === null) throw fault("EVIDENCE_UNKNOWN", { id, vault: vault.folder });
  return record;
}

async function presentManifest(
  vault: Vault,
  id: string,
  prove: ProveInclusion | undefined,
): Promise<SignedManifest> {
  const manifest = await vault.manifest(id);
  if (manifest === null) throw fault("EVIDENCE_NOT_REGISTERED", { id });
  return prove === undefined ? manifest : refreshProof(vault, manifest, prove);
}

/** Opens a sealed file and checks that it is what its record says. */
async function openFile(
  vault: Vault,
  siteKey: SiteKey,
  record: SealedRecord,
  kind: SealedKind,
): Promise<Uint8Array> {
  const { evidenceId: id } = record;
  const about = record.files[kind];
  if (about === null) throw fault("EVIDENCE_PART_MISSING", { id, file: kind });
  const key = await openKey(vault, siteKey, id);
  if (key === null) throw fault("EVIDENCE_DAMAGED", { id, file: "key" });
  let sealed: Uint8Array;
  try {
    sealed = await readFile(vault.sealedPath(id, kind));
  } catch (error) {
    if (isMissing(error)) throw fault("EVIDENCE_DAMAGED", { id, file: kind }, error);
    throw error;
  }
  const bytes = open(key, id, kind, sealed);
  if (bytes === null || digestOf(bytes).sha256 !== about.plain.sha256)
    throw fault("EVIDENCE_DAMAGED", { id, file: kind });
  return bytes;
}

async function refuseExisting(out: string): Promise<void> {
  const path = join(out, BUNDLE_FILES.manifest);
  try {
    await readFile(path);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  throw fault("EVIDENCE_NOT_WRITTEN", { path, reason: "there is a bundle already" });
}
