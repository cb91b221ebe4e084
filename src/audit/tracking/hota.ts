import { greatestGainPairs } from "./assignment.ts";
import { overlapAt, type ScoredPicture, type ScoredSequence } from "./frames.ts";

/** Shares of 1, each the mean over the 19 thresholds of overlap 0.05, 0.10, …, 0.95. */
export interface HotaScores {
  /** Higher order tracking accuracy: at each threshold √(DetA × AssA). */
  readonly hota: number;
  /** Detection: TP / (TP + FN + FP). */
  readonly detA: number;
  /** Association: over all true positives, how far the two tracks that meet there are the same all along. */
  readonly assA: number;
  /** Detection recall and precision. */
  readonly detRe: number;
  readonly detPr: number;
  /** Association recall and precision. */
  readonly assRe: number;
  readonly assPr: number;
  /** Localisation: mean overlap of true positives; 1 where there are none. */
  readonly locA: number;
}

/** As NumPy's `arange(0.05, 0.99, 0.05)` makes them: 0.15 is 0.15000000000000002, and boxes can lie between. */
const THRESHOLDS: readonly number[] = Array.from({ length: 19 }, (_, index) => 0.05 + index * 0.05);

/**
 * HOTA after J. Luiten et al., "HOTA: a higher order metric for evaluating multi-object tracking", International
 * Journal of Computer Vision 129, 2021; the same as TrackEval 1.3.0, `trackeval.metrics.HOTA`. One matching serves
 * all thresholds: it favours, among boxes that overlap, tracks that go together all along.
 */
export function hotaScores(sequence: ScoredSequence): HotaScores {
  const { referenceBoxes, systemBoxes } = sequence;
  if (referenceBoxes === 0 || systemBoxes === 0) return NOTHING;
  const tally = tallyTracks(sequence);
  const meetings = new Map<number, Meeting>();
  const truePositives = new Float64Array(THRESHOLDS.length);
  const overlapSum = new Float64Array(THRESHOLDS.length);
  for (const picture of sequence.pictures) {
    for (const { row, column, overlap } of matchPicture(picture, tally)) {
      const met = meetingOf(meetings, tally, picture.reference[row] ?? 0, picture.system[column] ?? 0);
      THRESHOLDS.forEach((threshold, index) => {
        if (overlap < threshold - Number.EPSILON) return;
        truePositives[index] = (truePositives[index] ?? 0) + 1;
        overlapSum[index] = (overlapSum[index] ?? 0) + overlap;
        met.counts[index] = (met.counts[index] ?? 0) + 1;
      });
    }
  }
  const each = THRESHOLDS.map((_, index) =>
    scoresAt(index, {
      tp: truePositives[index] ?? 0,
      overlapSum: overlapSum[index] ?? 0,
      referenceBoxes,
      systemBoxes,
      meetings: [...meetings.values()],
    }),
  );
  const mean = (name: keyof HotaScores) => each.reduce((sum, one) => sum + one[name], 0) / each.length;
  return {
    hota: mean("hota"),
    detA: mean("detA"),
    assA: mean("assA"),
    detRe: mean("detRe"),
    detPr: mean("detPr"),
    assRe: mean("assRe"),
    assPr: mean("assPr"),
    locA: mean("locA"),
  };
}

const NOTHING: HotaScores = {
  hota: 0,
  detA: 0,
  assA: 0,
  detRe: 0,
  detPr: 0,
  assRe: 0,
  assPr: 0,
  locA: 1,
};

interface Tally {
  readonly systemTracks: number;
  /** Pictures that each track is in. */
  readonly referenceLength: Float64Array;
  readonly systemLength: Float64Array;
  /** How far two tracks are the same over the whole sequence, before any matching; by `pairKey`. */
  readonly alignment: ReadonlyMap<number, number>;
}

function pairKey(reference: number, system: number, systemTracks: number): number {
  return reference * systemTracks + system;
}

function tallyTracks({ pictures, referenceTracks, systemTracks }: ScoredSequence): Tally {
  const referenceLength = new Float64Array(referenceTracks);
  const systemLength = new Float64Array(systemTracks);
  const together = new Map<number, number>();
  for (const picture of pictures) {
    const { reference, system } = picture;
    for (const track of reference) referenceLength[track] = (referenceLength[track] ?? 0) + 1;
    for (const track of system) systemLength[track] = (systemLength[track] ?? 0) + 1;
    const rowSums = reference.map((_, row) =>
      system.reduce((sum, _, column) => sum + overlapAt(picture, row, column), 0),
    );
    const columnSums = system.map((_, column) =>
      reference.reduce((sum, _, row) => sum + overlapAt(picture, row, column), 0),
    );
    for (const [row, ours] of reference.entries()) {
      for (const [column, theirs] of system.entries()) {
        const overlap = overlapAt(picture, row, column);
        const whole = (columnSums[column] ?? 0) + (rowSums[row] ?? 0) - overlap;
        if (overlap === 0 || whole <= Number.EPSILON) continue;
        const key = pairKey(ours, theirs, systemTracks);
        together.set(key, (together.get(key) ?? 0) + overlap / whole);
      }
    }
  }
  const alignment = new Map<number, number>();
  for (const [key, shared] of together) {
    const lengths =
      (referenceLength[Math.floor(key / systemTracks)] ?? 0) + (systemLength[key % systemTracks] ?? 0);
    alignment.set(key, shared / (lengths - shared));
  }
  return { systemTracks, referenceLength, systemLength, alignment };
}

interface Matched {
  readonly row: number;
  readonly column: number;
  readonly overlap: number;
}

function matchPicture(picture: ScoredPicture, { alignment, systemTracks }: Tally): readonly Matched[] {
  const { reference, system } = picture;
  if (reference.length === 0 || system.length === 0) return [];
  const gain = new Float64Array(reference.length * system.length);
  let cell = 0;
  for (const [row, ours] of reference.entries()) {
    for (const [column, theirs] of system.entries()) {
      const aligned = alignment.get(pairKey(ours, theirs, systemTracks)) ?? 0;
      gain[cell++] = aligned * overlapAt(picture, row, column);
    }
  }
  const matched: Matched[] = [];
  greatestGainPairs(reference.length, system.length, gain).forEach((column, row) => {
    if (column >= 0) matched.push({ row, column, overlap: overlapAt(picture, row, column) });
  });
  return matched;
}

/** Two tracks that are matched somewhere. */
interface Meeting {
  readonly referenceLength: number;
  readonly systemLength: number;
  /** How often, at each threshold. */
  readonly counts: Float64Array;
}

function meetingOf(
  meetings: Map<number, Meeting>,
  { systemTracks, referenceLength, systemLength }: Tally,
  ours: number,
  theirs: number,
): Meeting {
  const key = pairKey(ours, theirs, systemTracks);
  const known = meetings.get(key);
  if (known !== undefined) return known;
  const met = {
    referenceLength: referenceLength[ours] ?? 0,
    systemLength: systemLength[theirs] ?? 0,
    counts: new Float64Array(THRESHOLDS.length),
  };
  meetings.set(key, met);
  return met;
}

interface AtThreshold {
  readonly tp: number;
  readonly overlapSum: number;
  readonly referenceBoxes: number;
  readonly systemBoxes: number;
  readonly meetings: readonly Meeting[];
}

function scoresAt(
  index: number,
  { tp, overlapSum, referenceBoxes, systemBoxes, meetings }: AtThreshold,
): HotaScores {
  // Over true positives, so a pair of tracks weighs as often as it was matched.
  const overMatches = (whole: (met: Meeting, count: number) => number) =>
    meetings.reduce((sum, met) => {
      const count = met.counts[index] ?? 0;
      return count === 0 ? sum : sum + (count * count) / whole(met, count);
    }, 0) / Math.max(1, tp);
  const detA = tp / (referenceBoxes + systemBoxes - tp);
  const assA = overMatches(
    ({ referenceLength, systemLength }, count) => referenceLength + systemLength - count,
  );
  return {
    hota: Math.sqrt(detA * assA),
    detA,
    assA,
    detRe: tp / referenceBoxes,
    detPr: tp / systemBoxes,
    assRe: overMatches(({ referenceLength }) => referenceLength),
    assPr: overMatches(({ systemLength }) => systemLength),
    locA: tp === 0 ? 1 : overlapSum / tp,
  };
}
