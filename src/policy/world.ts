import type { UtcMilliseconds } from "../time/clock.ts";
import type { Authorisation } from "./authorisation.ts";
import type { Certificate } from "./certificate.ts";
import type { Hold } from "./hold.ts";
import type { Notice } from "./notice.ts";
import type { Hashed, Overlay, Regime } from "./profile.ts";
import type { SignatureState } from "./signature.ts";

/** A document with what became of the check of its signatures. Plain data. */
export interface Verified<D> {
  readonly document: D;
  /** SHA-256 of the document's canonical JSON (RFC 8785). */
  readonly sha256: string;
}

export interface VerifiedAuthorisation extends Verified<Authorisation> {
  readonly signatures: {
    readonly decision: SignatureState;
    readonly publication: SignatureState;
    /** Holders of the two keys, where they are known: some regimes want two. */
    readonly decisionHolder: string | null;
    readonly publicationHolder: string | null;
    /** Condition id → state of its attestation's signature. */
    readonly conditions: Readonly<Record<string, SignatureState>>;
    /** One for each entry of `statusHistory`, in its order. */
    readonly history: readonly SignatureState[];
  };
}

export interface VerifiedCertificate extends Verified<Certificate> {
  readonly signature: SignatureState;
}

export interface VerifiedNotice extends Verified<Notice> {
  readonly signature: SignatureState;
}

/** Where a camera stands and what ground it can see. */
export interface CameraSite {
  readonly id: string;
  /** [longitude, latitude] in degrees; null where the configuration does not say. */
  readonly location: readonly [number, number] | null;
  /** What it sees of the ground, [longitude, latitude] corners; null where it is not declared. */
  readonly fieldOfView: readonly (readonly [number, number])[] | null;
}

/** All that the gate knows. Plain data: it crosses between processes, and the gate adds nothing to it. */
export interface PolicyWorld {
  readonly profile: Hashed<Regime> | null;
  readonly overlays: readonly Hashed<Overlay>[];
  readonly authorisations: readonly VerifiedAuthorisation[];
  readonly certificates: readonly VerifiedCertificate[];
  readonly notices: readonly VerifiedNotice[];
  readonly cameras: readonly CameraSite[];
  readonly holds: readonly Hold[];
  /** Documents that could not be read: with one of them everything is denied. */
  readonly faults: readonly { readonly file: string; readonly code: string; readonly message: string }[];
  /** The newest instant that the journal knows: a live clock before it was set back. Null without one. */
  readonly newest: UtcMilliseconds | null;
}

/** The world of somebody who has nothing: everything is denied. */
export const EMPTY_WORLD: PolicyWorld = {
  profile: null,
  overlays: [],
  authorisations: [],
  certificates: [],
  notices: [],
  cameras: [],
  holds: [],
  faults: [],
  newest: null,
};
