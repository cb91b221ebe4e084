import type { ErrorCode } from "../errors.ts";
import type { Seconds, UtcMilliseconds } from "../time/clock.ts";

/** What can befall one camera without stopping any other. Closed list: the report and the console name each. */
export const HEALTH_KINDS = [
  "camera_blind", // no picture: stream lost, stalled, refused
  "camera_back", // pictures again after camera_blind
  "stream_damaged", // some packets could not be decoded; analysis goes on
  "frames_dropped", // the machine was too slow; oldest frames let go
  "view_moved", // the camera does not look where it was calibrated: analysis suspended
  "view_restored", // it does again
  "picture_dark", // too dark or covered to see
  "picture_clear", // can see again
  "worker_restarted", // the camera's process ended unexpectedly and was started again
  "detector_restarted", // the inference thread failed and was started again; some pictures were not looked at
  "evidence_missing", // an alert stands, its still or clip could not be written
  "ended", // a recording reached its end
] as const;
export type HealthKind = (typeof HEALTH_KINDS)[number];

/** Kinds that come again and again while they last. */
export const LASTING_HEALTH: ReadonlySet<HealthKind> = new Set(["frames_dropped", "stream_damaged"]);

/** One camera's change of condition, in stream order with its frames. */
export interface HealthEvent {
  readonly kind: HealthKind;
  readonly wallClock: UtcMilliseconds;
  /** Presentation time of the last frame before it, null before the first. */
  readonly pts: Seconds | null;
  /** The coded reason, when there is one: its message and help are in the error catalogue. */
  readonly code: ErrorCode | null;
  /** One plain sentence for a person. Never holds credentials. */
  readonly detail: string;
  /** How many, for kinds that count (frames dropped, packets damaged). */
  readonly count?: number;
}
