import type { EvidenceGrounds } from "./grounds.ts";
import type { EvidenceManifest } from "./manifest.ts";
import type { Redacted } from "./redacted.ts";

/** How an alert's evidence is called before it is written. */
export interface EvidenceRef {
  /** Random, the same in the manifest and in the journal. */
  readonly id: string;
  /** Whether it lies encrypted: then it is asked for by id, and the names are the sealed files'. */
  readonly sealed: boolean;
  /** File names, relative to the store's folder. */
  readonly still: string;
  readonly clip: string;
  readonly manifest: string;
}

/**
 * Where the evidence of alerts is kept. Two ways: in clear (`clearStore`) and encrypted (`vaultStore`). Both keep a
 * file whole or not at all, and what they have kept survives the loss of power.
 */
export interface EvidenceStore {
  ref(id: string): EvidenceRef;
  /**
   * Keeps the still, at once: whatever happens later, the alert has its picture.
   * @param manifest all that is known by then; its clip is null
   * @param grounds under which authorisation it is made, and until when it may be kept
   * @throws CodedError EVIDENCE_NOT_WRITTEN, EVIDENCE_NOT_SEALED, EVIDENCE_WITHOUT_GROUNDS
   */
  keepStill(
    manifest: EvidenceManifest,
    still: Redacted<Uint8Array>,
    grounds: EvidenceGrounds | null,
  ): Promise<void>;
  /**
   * Keeps the clip and the whole manifest. Evidence that was erased meanwhile stays erased.
   * @param clip null where none could be made; then the manifest says so
   * @throws CodedError EVIDENCE_NOT_WRITTEN, EVIDENCE_NOT_SEALED; what was kept before stays
   */
  complete(manifest: EvidenceManifest, clip: Redacted<Uint8Array> | null): Promise<void>;
}
