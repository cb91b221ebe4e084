import { greatestGainPairs } from "./assignment.ts";
import { overlapAt, type ScoredPicture, type ScoredSequence } from "./frames.ts";

/** The CLEAR MOT figures; which definition each follows is said where they are made. */
export interface ClearScores {
  /** Tracking accuracy: 1 − (misses + false positives + switches) / boxes of the reference. At most 1; may be negative. */
  readonly mota: number;
  /** Tracking precision: mean overlap of the boxes that were found, 0 to 1. */
  readonly motp: number;
  readonly truePositives: number;
  readonly misses: number;
  readonly falsePositives: number;
  /** How often a person's track goes on under another id. */
  readonly idSwitches: number;
  /** Persons by the share of their time in which they are found: most, part, hardly. */
  readonly mostlyTracked: number;
  readonly partlyTracked: number;
  readonly mostlyLost: number;
  /** How often the tracking of a person is interrupted and taken up again. */
  readonly fragmentations: number;
}

/** Boxes that overlap by less are of different persons. */
export const LEAST_OVERLAP = 0.5;

/**
 * CLEAR MOT after K. Bernardin and R. Stiefelhagen, EURASIP Journal on Image and Video Processing, 2008, as TrackEval
 * 1.3.0 (`trackeval.metrics.CLEAR`) defines it, which is also the MOTChallenge server's definition:
 *
 * - A pair of the last picture that had boxes on both sides goes on if it still overlaps by half; then the greatest
 *   total overlap decides. A pair does not outlive a picture in which it was not matched.
 * - A switch is a match with another id than at the person's last match, however long ago.
 * - Mostly tracked is more than 80 % of the person's pictures, mostly lost less than 20 %.
 * - A fragmentation is a new beginning of tracking. A picture without any box on one side interrupts nothing, and a
 *   person who leaves the reference and comes back is a new beginning.
 * - Where the system or the reference is empty, MOTA and MOTP are 0. Where the system is, everybody is mostly lost;
 *   where the reference is, nobody is.
 */
export function clearScores(sequence: ScoredSequence): ClearScores {
  const { referenceBoxes, systemBoxes, referenceTracks } = sequence;
  if (referenceBoxes === 0 || systemBoxes === 0) {
    return { ...NOTHING, misses: referenceBoxes, falsePositives: systemBoxes, mostlyLost: referenceTracks };
  }
  const present = new Float64Array(referenceTracks);
  const found = new Float64Array(referenceTracks);
  const beginnings = new Float64Array(referenceTracks);
  const lastMatch = new Map<number, number>();
  let previous = new Map<number, number>();
  let truePositives = 0;
  let idSwitches = 0;
  let overlapSum = 0;
  for (const picture of sequence.pictures) {
    const { reference, system } = picture;
    for (const track of reference) present[track] = (present[track] ?? 0) + 1;
    if (reference.length === 0 || system.length === 0) continue;
    const current = new Map<number, number>();
    for (const [row, column] of matchPicture(picture, previous)) {
      const ours = reference[row] ?? 0;
      const theirs = system[column] ?? 0;
      const before = lastMatch.get(ours);
      if (before !== undefined && before !== theirs) idSwitches++;
      if (!previous.has(ours)) beginnings[ours] = (beginnings[ours] ?? 0) + 1;
      found[ours] = (found[ours] ?? 0) + 1;
      lastMatch.set(ours, theirs);
      current.set(ours, theirs);
      truePositives++;
      overlapSum += overlapAt(picture, row, column);
    }
    previous = current;
  }
  const shares = [...present].map((pictures, track) => (found[track] ?? 0) / pictures);
  const mostlyTracked = shares.filter((share) => share > 0.8).length;
  const mostlyLost = shares.filter((share) => share < 0.2).length;
  return {
    mota: (truePositives - (systemBoxes - truePositives) - idSwitches) / referenceBoxes,
    motp: overlapSum / Math.max(1, truePositives),
    truePositives,
    misses: referenceBoxes - truePositives,
    falsePositives: systemBoxes - truePositives,
    idSwitches,
    mostlyTracked,
    partlyTracked: referenceTracks - mostlyTracked - mostlyLost,
    mostlyLost,
    fragmentations: beginnings.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
  };
}

const NOTHING: ClearScores = {
  mota: 0,
  motp: 0,
  truePositives: 0,
  misses: 0,
  falsePositives: 0,
  idSwitches: 0,
  mostlyTracked: 0,
  partlyTracked: 0,
  mostlyLost: 0,
  fragmentations: 0,
};

/** Pairs of rows and columns. No sum of overlaps reaches what going on is worth. */
function matchPicture(
  picture: ScoredPicture,
  previous: ReadonlyMap<number, number>,
): readonly (readonly [row: number, column: number])[] {
  const { reference, system } = picture;
  const gain = new Float64Array(reference.length * system.length);
  let cell = 0;
  for (const [row, ours] of reference.entries()) {
    for (const [column, theirs] of system.entries()) {
      const overlap = overlapAt(picture, row, column);
      const goesOn = previous.get(ours) === theirs ? 1000 : 0;
      gain[cell++] = overlap < LEAST_OVERLAP - Number.EPSILON ? 0 : goesOn + overlap;
    }
  }
  const pairs: (readonly [number, number])[] = [];
  greatestGainPairs(reference.length, system.length, gain).forEach((column, row) => {
    if (column >= 0 && (gain[row * system.length + column] ?? 0) > Number.EPSILON) pairs.push([row, column]);
  });
  return pairs;
}
