import type { Seconds, UtcMilliseconds } from "../../time/clock.ts";
import type { Conditions, Reference } from "../reference.ts";

/** A recording with its truth, as far as a log that was written elsewhere needs it. */
export interface ScoredClip {
  readonly id: string;
  /** What else a log may call it: the names of its files. */
  readonly aliases: readonly string[];
  readonly reference: Reference;
  /** The rules of its camera, id and event; null where only the reference says what was looked for. */
  readonly rules: ReadonlyMap<string, string> | null;
  /** How long the system watched it: the exposure. */
  readonly seconds: Seconds;
  /** How long it is: no alert lies beyond it. */
  readonly length: Seconds;
  /** When its first picture was taken; null where that is not known. */
  readonly start: UtcMilliseconds | null;
  readonly framesPerSecond: number | null;
  /** Clips that share it are resampled together. */
  readonly camera: string;
  readonly conditions: Conditions;
  readonly picture: { readonly width: number; readonly height: number } | null;
  readonly videoSha256: string | null;
  readonly referenceSha256: string | null;
}
