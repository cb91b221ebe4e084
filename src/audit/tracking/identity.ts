import { greatestGainPairs } from "./assignment.ts";
import { LEAST_OVERLAP } from "./clear.ts";
import { overlapAt, type ScoredSequence } from "./frames.ts";

/** Shares of 1: each person of the reference is given one track of the system for the whole sequence. */
export interface IdentityScores {
  /** 2 × IDTP / (boxes of the reference + boxes of the system). */
  readonly idf1: number;
  /** Precision: IDTP / boxes of the system. */
  readonly idp: number;
  /** Recall: IDTP / boxes of the reference. */
  readonly idr: number;
  /** Boxes of persons that their one track overlaps by half. */
  readonly idTruePositives: number;
}

/**
 * Identity scores after E. Ristani et al., "Performance measures and a data set for multi-target, multi-camera
 * tracking", ECCV workshops 2016. TrackEval 1.3.0 (`trackeval.metrics.Identity`) and py-motmetrics 1.4.0 agree on
 * them; where there is nothing to divide by this gives 0, as TrackEval does. One-to-one pairs of whole tracks that
 * share the most boxes make the least of misses and false positives that both libraries look for.
 */
export function identityScores(sequence: ScoredSequence): IdentityScores {
  const { pictures, referenceTracks, systemTracks, referenceBoxes, systemBoxes } = sequence;
  const shared = new Float64Array(referenceTracks * systemTracks);
  for (const picture of pictures) {
    for (const [row, ours] of picture.reference.entries()) {
      for (const [column, theirs] of picture.system.entries()) {
        if (overlapAt(picture, row, column) < LEAST_OVERLAP) continue;
        const cell = ours * systemTracks + theirs;
        shared[cell] = (shared[cell] ?? 0) + 1;
      }
    }
  }
  let idTruePositives = 0;
  greatestGainPairs(referenceTracks, systemTracks, shared).forEach((theirs, ours) => {
    if (theirs >= 0) idTruePositives += shared[ours * systemTracks + theirs] ?? 0;
  });
  return {
    idf1: (2 * idTruePositives) / Math.max(1, referenceBoxes + systemBoxes),
    idp: idTruePositives / Math.max(1, systemBoxes),
    idr: idTruePositives / Math.max(1, referenceBoxes),
    idTruePositives,
  };
}
