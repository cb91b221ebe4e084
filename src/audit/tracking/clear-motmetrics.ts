import { leastCostPairs } from "./assignment.ts";
import { type ClearScores, LEAST_OVERLAP } from "./clear.ts";
import { overlapAt, type ScoredPicture, type ScoredSequence } from "./frames.ts";

/** The same figures by the other definition; null where that has none. */
export type MotmetricsScores = Omit<ClearScores, "mota" | "motp"> & {
  readonly mota: number | null;
  /** Mean distance, 1 − overlap, of the boxes that were found: 0 is perfect. */
  readonly motp: number | null;
};

/**
 * CLEAR MOT as py-motmetrics 1.4.0 defines it. It differs from TrackEval in this:
 *
 * - A pair goes on however long it was apart: whenever both are there and overlap by half, a person is matched with
 *   the id of the last match before anything else, one person after the other in the file's order. So it counts
 *   fewer switches.
 * - What is left is matched so that as many as possible are, then by the least total distance.
 * - MOTP is a distance. Mostly tracked is 80 % or more.
 * - A fragmentation is a change from found to missed between a person's first and last match, in the pictures that
 *   the person is in: leaving the reference is none, and a picture without any box of the system is one.
 * - Without a reference there is no MOTA, without a match no MOTP.
 */
export function motmetricsScores({
  pictures,
  referenceTracks,
  referenceBoxes,
  systemBoxes,
}: ScoredSequence): MotmetricsScores {
  const partner = new Map<number, number>();
  const people = Array.from({ length: referenceTracks }, () => new Person());
  let truePositives = 0;
  let idSwitches = 0;
  let distanceSum = 0;
  for (const picture of pictures) {
    const { reference, system } = picture;
    const matched = matchPicture(picture, partner);
    for (const [row, ours] of reference.entries()) {
      const column = matched.get(row);
      people[ours]?.appears(column !== undefined);
      if (column === undefined) continue;
      const theirs = system[column] ?? 0;
      const before = partner.get(ours);
      if (before !== undefined && before !== theirs) idSwitches++;
      partner.set(ours, theirs);
      truePositives++;
      distanceSum += 1 - overlapAt(picture, row, column);
    }
  }
  const misses = referenceBoxes - truePositives;
  const falsePositives = systemBoxes - truePositives;
  const mostlyTracked = people.filter(({ share }) => share >= 0.8).length;
  const mostlyLost = people.filter(({ share }) => share < 0.2).length;
  return {
    mota: referenceBoxes === 0 ? null : 1 - (misses + idSwitches + falsePositives) / referenceBoxes,
    motp: truePositives === 0 ? null : distanceSum / truePositives,
    truePositives,
    misses,
    falsePositives,
    idSwitches,
    mostlyTracked,
    partlyTracked: referenceTracks - mostlyTracked - mostlyLost,
    mostlyLost,
    fragmentations: people.reduce((sum, { interruptions }) => sum + interruptions, 0),
  };
}

/** One track of the reference, picture by picture of those that it is in. */
class Person {
  #pictures = 0;
  #found = 0;
  #lost = false;
  /** Ended by a match: those that lead to the end of the track are none. */
  interruptions = 0;

  appears(found: boolean): void {
    this.#pictures++;
    if (!found) {
      this.#lost = this.#found > 0;
      return;
    }
    if (this.#lost) this.interruptions++;
    this.#lost = false;
    this.#found++;
  }

  get share(): number {
    return this.#pictures === 0 ? 0 : this.#found / this.#pictures;
  }
}

/** The column of each row that has one. */
function matchPicture(
  picture: ScoredPicture,
  partner: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const { reference, system } = picture;
  const matched = new Map<number, number>();
  if (reference.length === 0 || system.length === 0) return matched;
  const taken = new Set<number>();
  for (const [row, ours] of reference.entries()) {
    const before = partner.get(ours);
    const column = before === undefined ? -1 : system.indexOf(before);
    if (column < 0 || taken.has(column) || !near(picture, row, column)) continue;
    matched.set(row, column);
    taken.add(column);
  }
  const cost = distances(picture, (row, column) => !matched.has(row) && !taken.has(column));
  if (cost === null) return matched;
  leastCostPairs(reference.length, system.length, cost).forEach((column, row) => {
    if (column < 0 || matched.has(row) || taken.has(column) || !near(picture, row, column)) return;
    matched.set(row, column);
  });
  return matched;
}

/** Distances of free pairs that are near; the others cost more than any pairing without them. Null without any. */
function distances(
  picture: ScoredPicture,
  free: (row: number, column: number) => boolean,
): Float64Array | null {
  const { reference, system } = picture;
  const cost = new Float64Array(reference.length * system.length).fill(Number.POSITIVE_INFINITY);
  let greatest = -1;
  for (const row of reference.keys()) {
    for (const column of system.keys()) {
      if (!free(row, column) || !near(picture, row, column)) continue;
      const distance = 1 - overlapAt(picture, row, column);
      cost[row * system.length + column] = distance;
      greatest = Math.max(greatest, distance);
    }
  }
  if (greatest < 0) return null;
  const forbidden = 2 * Math.min(reference.length, system.length) * (greatest + 1) + 1;
  return cost.map((value) => (Number.isFinite(value) ? value : forbidden));
}

function near(picture: ScoredPicture, row: number, column: number): boolean {
  return 1 - overlapAt(picture, row, column) <= 1 - LEAST_OVERLAP;
}
