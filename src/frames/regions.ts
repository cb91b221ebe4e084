import { type Box, boxArea, uniteBoxes } from "../geometry/shapes.ts";

/** Side of a cell, in analysis samples. */
export const CELL = 8;
/** Set pixels (of 64) that make a cell move, and that let a region grow into a cell that only differs. */
const MOVING_PIXELS = 6;
const FOREGROUND_PIXELS = 16;
/** Cells this far apart belong together: a thing's middle often shows no change. */
const REACH = 2;
const MOST_REGIONS = 32;

/**
 * Boxes, in cells, around what moves, with the foreground that hangs together with it. Largest first; the
 * nearest are merged until at most 32 are left, so that none is lost.
 *
 * @param moving set pixels of each cell
 * @param foreground the same of the foreground, or null where it cannot be relied on
 */
export function movingRegions(
  moving: Uint8Array,
  foreground: Uint8Array | null,
  across: number,
  down: number,
): Box[] {
  const active = new Uint8Array(across * down);
  for (let i = 0; i < active.length; i++) {
    if ((moving[i] ?? 0) >= MOVING_PIXELS) active[i] = 2;
    else if ((foreground?.[i] ?? 0) >= FOREGROUND_PIXELS) active[i] = 1;
  }
  const boxes: Box[] = [];
  const queue: number[] = [];
  for (let start = 0; start < active.length; start++) {
    if (active[start] !== 2) continue;
    let [left, top, right, bottom] = [across, down, 0, 0];
    queue.push(start);
    active[start] = 0;
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      const x = at % across;
      const y = (at - x) / across;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      for (let ny = Math.max(0, y - REACH); ny <= Math.min(down - 1, y + REACH); ny++)
        for (let nx = Math.max(0, x - REACH); nx <= Math.min(across - 1, x + REACH); nx++) {
          const next = ny * across + nx;
          const touching = Math.abs(nx - x) <= 1 && Math.abs(ny - y) <= 1;
          if (active[next] === 2 || (active[next] === 1 && touching)) {
            active[next] = 0;
            queue.push(next);
          }
        }
    }
    boxes.push({ x: left, y: top, width: right - left, height: bottom - top });
  }
  let merged = mergeNear(boxes, 0);
  for (let gap = 1; merged.length > MOST_REGIONS; gap++) merged = mergeNear(merged, gap);
  return merged.sort((a, b) => boxArea(b) - boxArea(a) || a.y - b.y || a.x - b.x);
}

/** Unites boxes that overlap, or lie within `gap` of each other, until none do. */
function mergeNear(boxes: readonly Box[], gap: number): Box[] {
  const out: Box[] = [];
  for (const box of boxes) {
    let grown = box;
    for (let i = 0; i < out.length; ) {
      const other = out[i];
      if (other !== undefined && near(grown, other, gap)) {
        grown = uniteBoxes(grown, other);
        out.splice(i, 1);
        i = 0;
      } else i++;
    }
    out.push(grown);
  }
  return out;
}

function near(a: Box, b: Box, gap: number): boolean {
  return (
    a.x - gap < b.x + b.width &&
    b.x - gap < a.x + a.width &&
    a.y - gap < b.y + b.height &&
    b.y - gap < a.y + a.height
  );
}
