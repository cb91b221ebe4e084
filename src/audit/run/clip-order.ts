import type { CameraJob, PlainError } from "../../engine/messages.ts";
import type { Seconds } from "../../time/clock.ts";
import type { ReferenceCounts } from "../reference.ts";
import type { ClipOutcome } from "./outcome.ts";

/** All that a clip's process needs to know. Plain data. */
export interface ClipOrder {
  readonly job: CameraJob;
  /** Moments of which a redacted still is wanted. */
  readonly moments: readonly { readonly at: Seconds; readonly ruleId: string }[];
  /** Where stills are written, absolute; null where none are wanted. */
  readonly stills: string | null;
  readonly counts: ReferenceCounts | null;
  /** MOT file of the true tracks, absolute; null without. */
  readonly tracks: string | null;
  /** Whether contested rules are measured too. */
  readonly contested: boolean;
}

export type ClipMessage =
  | { readonly kind: "progress"; readonly videoSeconds: Seconds }
  | { readonly kind: "finished"; readonly outcome: ClipOutcome }
  | { readonly kind: "failed"; readonly error: PlainError };
