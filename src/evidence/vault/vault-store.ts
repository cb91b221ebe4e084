import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CodedError, fault } from "../../errors.ts";
import { digestOf } from "../evidence-files.ts";
import type { EvidenceRef, EvidenceStore } from "../evidence-store.ts";
import type { EvidenceGrounds } from "../grounds.ts";
import type { EvidenceManifest } from "../manifest.ts";
import { isMissing, writePrivate } from "./durable.ts";
import { RECORD_SCHEMA_NAME, type SealedRecord } from "./record.ts";
import { type SealedKind, seal } from "./sealing.ts";
import type { SiteKey } from "./site-key.ts";
import type { Vault } from "./vault.ts";

export interface VaultStoreOptions {
  readonly vault: Vault;
  readonly siteKey: SiteKey;
  /**
   * Told of each evidence that is complete, once all of it is on the disk: its record is plain data, for the process
   * that holds the journal. What is never told of (a crash) is found at the next start (`recoverVault`).
   */
  readonly onSealed: (record: SealedRecord) => void;
}

/**
 * Evidence encrypted at rest, from a camera's process. Each evidence has a random key of its own, which lies wrapped
 * by the site key in a file apart; still, clip and description are sealed under it (AES-256-GCM). Nothing lies on
 * the disk in clear at any time, and nothing falls back to it.
 */
export function vaultStore({ vault, siteKey, onSealed }: VaultStoreOptions): EvidenceStore {
  return {
    ref: vaultRef,

    async keepStill(manifest, still, grounds) {
      const { id } = manifest;
      if (grounds === null) throw fault("EVIDENCE_WITHOUT_GROUNDS", { id });
      try {
        const key = randomBytes(32);
        // The key first: a sealed file without its key could never be opened, erased or explained.
        await writePrivate(vault.keyPath(id), siteKey.wrap(id, key));
        const files = {
          still: await sealFile(vault, key, id, "still", still.value),
          clip: null,
          description: null,
        };
        await vault.writeRecord(recordOf(manifest, grounds, files, siteKey));
      } catch (error) {
        // Half of it is nothing: without its record nobody would know how long it may stay.
        await vault.destroy(id).catch(() => undefined);
        throw notSealed(vault, id, error);
      }
    },

    async complete(manifest, clip) {
      const { id } = manifest;
      try {
        const record = await vault.record(id);
        const key = await openKey(vault, siteKey, id);
        if (record === null || key === null) {
          // Erased meanwhile, as when the alert was dismissed at once: it stays so.
          if ((await vault.intent(id)) !== null || (await vault.erased(id)) !== null) return;
          throw new Error("its key or its record has gone from the vault");
        }
        const files: SealedRecord["files"] = {
          still: record.files.still,
          clip: clip === null ? null : await sealFile(vault, key, id, "clip", clip.value),
          description: await sealDescription(vault, key, manifest),
        };
        const whole = recordOf(manifest, record.grounds, files, siteKey);
        // Erasing destroys the key first: if it is still there now, all that was written before will be found.
        if (!(await vault.hasKey(id))) return await vault.destroy(id);
        await vault.writeRecord(whole);
        onSealed(whole);
      } catch (error) {
        throw notSealed(vault, id, error);
      }
    },
  };
}

/** The key of an evidence; null where it was destroyed. @throws SITE_KEY_WRONG, EVIDENCE_DAMAGED */
export async function openKey(vault: Vault, siteKey: SiteKey, id: string): Promise<Uint8Array | null> {
  let wrapped: Uint8Array;
  try {
    wrapped = await readFile(vault.keyPath(id));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  const key = siteKey.unwrap(id, wrapped);
  if (key !== null) return key;
  const wanted = (await vault.record(id))?.siteKey;
  if (wanted !== undefined && wanted !== siteKey.name)
    throw fault("SITE_KEY_WRONG", { id, wanted, found: siteKey.name });
  throw fault("EVIDENCE_DAMAGED", { id, file: "key" });
}

function vaultRef(id: string): EvidenceRef {
  return {
    id,
    sealed: true,
    still: `sealed/${id}.still`,
    clip: `sealed/${id}.clip`,
    manifest: `manifests/${id}.json`,
  };
}

async function sealFile(vault: Vault, key: Uint8Array, id: string, kind: SealedKind, plain: Uint8Array) {
  const sealed = seal(key, id, kind, plain);
  await writePrivate(vault.sealedPath(id, kind), sealed);
  return { plain: digestOf(plain), sealed: digestOf(sealed) };
}

function sealDescription(vault: Vault, key: Uint8Array, manifest: EvidenceManifest) {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return sealFile(vault, key, manifest.id, "description", Buffer.from(text, "utf8"));
}

function recordOf(
  manifest: EvidenceManifest,
  grounds: EvidenceGrounds,
  files: SealedRecord["files"],
  siteKey: SiteKey,
): SealedRecord {
  const { id, cameraId, episodeId, ruleId, event, at, redaction, sound } = manifest;
  return {
    schema: RECORD_SCHEMA_NAME,
    evidenceId: id,
    ...{ cameraId, episodeId, ruleId, event, at, files, redaction, sound, grounds },
    siteKey: siteKey.name,
  };
}

function notSealed(vault: Vault, id: string, error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return fault("EVIDENCE_NOT_SEALED", { id, vault: vault.folder, reason }, error);
}
