import { type ClearScores, clearScores } from "./clear.ts";
import { type MotmetricsScores, motmetricsScores } from "./clear-motmetrics.ts";
import { type MotFrames, pairSequences } from "./frames.ts";
import { type HotaScores, hotaScores } from "./hota.ts";
import { type IdentityScores, identityScores } from "./identity.ts";

/**
 * How well a system keeps persons apart and together over time. HOTA, CLEAR MOT and identity figures follow TrackEval
 * 1.3.0; `motmetrics` has the CLEAR MOT figures by py-motmetrics 1.4.0, whose matching differs. Identity figures are
 * the same in both.
 */
export interface TrackingScores extends HotaScores, ClearScores, IdentityScores {
  readonly motmetrics: MotmetricsScores;
  /** What was compared. */
  readonly pictures: number;
  readonly referenceBoxes: number;
  readonly systemBoxes: number;
  readonly referenceTracks: number;
  readonly systemTracks: number;
}

/** Scores the tracks of a system against a reference of the same pictures. */
export function trackingScores(reference: MotFrames, system: MotFrames): TrackingScores {
  const sequence = pairSequences(reference, system);
  return {
    ...hotaScores(sequence),
    ...clearScores(sequence),
    ...identityScores(sequence),
    motmetrics: motmetricsScores(sequence),
    pictures: sequence.pictures.length,
    referenceBoxes: sequence.referenceBoxes,
    systemBoxes: sequence.systemBoxes,
    referenceTracks: sequence.referenceTracks,
    systemTracks: sequence.systemTracks,
  };
}
