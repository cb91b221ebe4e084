import { linearSumAssignment } from "linear-sum-assignment";
import type { Box } from "../geometry/shapes.ts";
import { boxArea, intersectBoxes, intersectionOverUnion } from "../geometry/shapes.ts";

/** What is joined: `row` and `column` are indices into the caller's lists. */
export interface Pair {
  readonly row: number;
  readonly column: number;
}

/**
 * The one-to-one pairing with the greatest total similarity, leaving out pairs below `least`.
 * @param similarity 0 (impossible) to 1 (same), called once for each pair
 */
export function assign(
  rows: number,
  columns: number,
  similarity: (row: number, column: number) => number,
  least: number,
): readonly Pair[] {
  if (rows === 0 || columns === 0) return [];
  // A pair below the limit gains nothing, so it never displaces a pair above it.
  const gains = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const s = similarity(row, column);
      return s >= least ? s : 0;
    }),
  );
  if (gains.every((row) => row.every((gain) => gain === 0))) return [];
  const { rowAssignments } = linearSumAssignment(gains, { maximaze: true });
  const pairs: Pair[] = [];
  for (let row = 0; row < rows; row++) {
    const column = rowAssignments[row] ?? -1;
    if (column >= 0 && (gains[row]?.[column] ?? 0) > 0) pairs.push({ row, column });
  }
  return pairs;
}

/**
 * Overlap of a predicted box with a seen one that still tells near from far when they no longer meet: both
 * are widened by `margin` px on each side (the uncertainty of the prediction), as in C-BIoU
 * (Yang et al., WACV 2023). 0 to 1.
 */
export function bufferedOverlap(predicted: Box, seen: Box, margin: number): number {
  return intersectionOverUnion(widen(predicted, margin), widen(seen, margin));
}

/** How much of the smaller box lies in the other, 0 to 1. */
export function containment(a: Box, b: Box): number {
  const smaller = Math.min(boxArea(a), boxArea(b));
  return smaller === 0 ? 0 : boxArea(intersectBoxes(a, b)) / smaller;
}

function widen(box: Box, margin: number): Box {
  return {
    x: box.x - margin,
    y: box.y - margin,
    width: box.width + 2 * margin,
    height: box.height + 2 * margin,
  };
}
