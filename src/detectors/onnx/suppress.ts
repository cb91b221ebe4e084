import { MOST_BOXES, type NetworkBox } from "./tensor.ts";

/**
 * Greedy non-maximum suppression: of boxes of one class that overlap by more than `overlap` (intersection over
 * union) only the best stays. Best first; equal scores keep the order given, so the result is deterministic.
 */
export function suppressOverlaps(boxes: readonly NetworkBox[], overlap: number): NetworkBox[] {
  const kept: NetworkBox[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (kept.length === MOST_BOXES) break;
    if (!kept.some((other) => other.class === box.class && overlapOf(box, other) > overlap)) kept.push(box);
  }
  return kept;
}

function overlapOf(a: NetworkBox, b: NetworkBox): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

const areaOf = (box: NetworkBox): number => (box.right - box.left) * (box.bottom - box.top);
