import { isScored, type MotRow, type MotRows } from "../../src/audit/tracking/mot-file.ts";
import { type Box, intersectionOverUnion } from "../../src/geometry/shapes.ts";
import { assign } from "../../src/tracking/association.ts";
import { TRACKER_DEFAULTS } from "../../src/tracking/byte-tracker.ts";
import { type Followed, persons, SAME_PERSON } from "./follow.ts";

/** Boxes that overlap a person's by less than the half, and by at least this, are on that person and badly placed. */
const BADLY_PLACED = 0.3;

/** Boxes that cost a point, by cause, and how many were to be found in all. */
export interface Budget {
  readonly reference: number;
  readonly missed: Readonly<Record<string, number>>;
  readonly wrong: Readonly<Record<string, number>>;
  /**
   * The network's share: persons to be scored that it saw with any score, had each been followed without a fault,
   * and persons not to be scored that it saw.
   */
  readonly seen: { readonly scored: number; readonly unscored: number };
}

/** Why reference boxes were missed and system boxes wrong, at the instants at which the network looked. */
export function budget(reference: MotRows, followed: readonly Followed[]): Budget {
  const missed = new Tally();
  const wrong = new Tally();
  const seen = { scored: 0, unscored: 0 };
  let count = 0;
  for (const instant of followed) {
    const rows = reference[instant.picture] ?? [];
    const boxes = persons(instant).map(({ box }) => box);
    const pairs = pairUp(rows, boxes);
    count += rows.filter(isScored).length;
    for (const [index, row] of rows.entries()) {
      if (!pairs.some((pair) => pair.row === index) && isScored(row))
        missed.add(whyMissed(row, instant, boxes));
      if (overlaps(row.box, instant)) seen[isScored(row) ? "scored" : "unscored"] += 1;
    }
    for (const [index, box] of boxes.entries()) {
      const row = rows[pairs.find((pair) => pair.column === index)?.row ?? -1];
      if (row === undefined) wrong.add(whyWrong(box, rows));
      else if (!isScored(row)) wrong.add("a person that the reference says is not to be scored");
    }
  }
  return { reference: count, missed: missed.counts(), wrong: wrong.counts(), seen };
}

function pairUp(rows: readonly MotRow[], boxes: readonly Box[]) {
  const overlap = (row: number, column: number) => {
    const [a, b] = [rows[row], boxes[column]];
    return a === undefined || b === undefined ? 0 : intersectionOverUnion(a.box, b);
  };
  return assign(rows.length, boxes.length, overlap, SAME_PERSON);
}

/** The best score of a detection that overlaps a box by half; 0 without one. */
function overlaps(box: Box, { detections }: Followed): number {
  return Math.max(
    0,
    ...detections
      .filter((d) => d.class === "person" && intersectionOverUnion(d.box, box) >= SAME_PERSON)
      .map(({ score }) => score),
  );
}

function whyMissed({ box }: MotRow, instant: Followed, boxes: readonly Box[]): string {
  const nearest = Math.max(0, ...boxes.map((other) => intersectionOverUnion(other, box)));
  if (nearest >= SAME_PERSON) return "one box for two persons";
  if (nearest >= BADLY_PLACED) return "box badly placed (overlap 0.3 to 0.5)";
  const score = overlaps(box, instant);
  if (score >= TRACKER_DEFAULTS.highScore) return "seen, not yet confirmed";
  if (score > 0) return "seen doubtfully, not followed";
  return "not seen by the network";
}

function whyWrong(box: Box, rows: readonly MotRow[]): string {
  const nearest = Math.max(0, ...rows.map((row) => intersectionOverUnion(row.box, box)));
  if (nearest >= SAME_PERSON) return "two boxes for one person";
  if (nearest >= BADLY_PLACED) return "box badly placed (overlap 0.3 to 0.5)";
  return "where the reference has nobody";
}

class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].toSorted(([, a], [, b]) => b - a));
  }
}
