import { suppressOverlaps } from "./suppress.ts";
import { floats, type NetworkBox, type NetworkOutput } from "./tensor.ts";

export interface CenterNetLayout {
  /** [1, channels, rows, columns], 0 to 1: how much a thing's centre is here. */
  readonly heatmap: string;
  /** [1, 4, rows, columns]: from here to the left, top, right and lower side, in input pixels. */
  readonly boxes: string;
  /** Input pixels between two cells of the map. */
  readonly stride: number;
  /** What a channel of the heat map is. */
  readonly channels: "labels" | "classes";
}

/** Two peaks of one thing overlap more than two people who stand close. */
const OVERLAP = 0.6;

/**
 * Boxes of CenterNet, "Objects as Points" (https://arxiv.org/abs/1904.07850): a thing is a cell whose score is
 * the largest of the 3x3 around it.
 * @throws RangeError where the outputs have another shape
 */
export function decodeCenterNet(
  output: NetworkOutput,
  layout: CenterNetLayout,
  minScore: number,
): NetworkBox[] {
  const channels = layout.channels === "labels" ? null : output.labels.length;
  const heatmap = floats(output, layout.heatmap, [1, channels, null, null]);
  const [, count = 0, rows = 0, columns = 0] = heatmap.dims;
  const sides = floats(output, layout.boxes, [1, 4, rows, columns]).data;
  const cells = rows * columns;
  const found: NetworkBox[] = [];
  for (let index = 0; index < output.labels.length; index++) {
    const labels = layout.channels === "labels" ? (output.labels[index] ?? []) : [index];
    if (labels.some((label) => label >= count))
      throw new RangeError(`its heat map has only ${count} channels`);
    const scores = largest(heatmap.data, labels, cells);
    for (let cell = 0; cell < cells; cell++) {
      const score = scores[cell] ?? 0;
      if (score < minScore || !isPeak(scores, cell, rows, columns)) continue;
      const x = (cell % columns) * layout.stride;
      const y = Math.floor(cell / columns) * layout.stride;
      const box = {
        class: index,
        score,
        left: x - (sides[cell] ?? 0),
        top: y - (sides[cells + cell] ?? 0),
        right: x + (sides[2 * cells + cell] ?? 0),
        bottom: y + (sides[3 * cells + cell] ?? 0),
      };
      if (box.right > box.left && box.bottom > box.top) found.push(box);
    }
  }
  return suppressOverlaps(found, OVERLAP);
}

/** The map of one class: its only label's, or the largest of its labels' in each cell. */
function largest(data: Float32Array, labels: readonly number[], cells: number): Float32Array {
  const [first = 0, ...others] = labels;
  const map = data.subarray(first * cells, (first + 1) * cells);
  if (others.length === 0) return map;
  const joined = map.slice();
  for (const label of others) {
    for (let cell = 0; cell < cells; cell++) {
      const score = data[label * cells + cell] ?? 0;
      if (score > (joined[cell] ?? 0)) joined[cell] = score;
    }
  }
  return joined;
}

/** Of equal neighbours the first in reading order is the peak. */
function isPeak(scores: Float32Array, cell: number, rows: number, columns: number): boolean {
  const score = scores[cell] ?? 0;
  const row = Math.floor(cell / columns);
  const column = cell % columns;
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      const other = y * columns + x;
      const there = scores[other] ?? 0;
      if (there > score || (there === score && other < cell)) return false;
    }
  }
  return true;
}
