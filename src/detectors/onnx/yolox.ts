import { suppressOverlaps } from "./suppress.ts";
import { floats, type NetworkBox, type NetworkOutput } from "./tensor.ts";

export interface YoloxLayout {
  /** [1, anchors, 5 + labels]: centre x and y, width, height, objectness, one score a label. */
  readonly output: string;
  /**
   * Strides of the grids, finest first, when the network gives the centre as an offset from its cell and the
   * size as a logarithm, in strides. Empty when it gives input pixels.
   */
  readonly strides: readonly number[];
}

const OVERLAP = 0.6;

/**
 * Boxes of YOLOX (https://arxiv.org/abs/2107.08430). A class's score is the objectness times the best of its
 * labels; a box goes to its best class.
 * @throws RangeError where the outputs have another shape
 */
export function decodeYolox(output: NetworkOutput, layout: YoloxLayout, minScore: number): NetworkBox[] {
  const { data, dims } = floats(output, layout.output, [1, null, null]);
  const [, anchors = 0, width = 0] = dims;
  if (output.labels.flat().some((label) => 5 + label >= width)) {
    throw new RangeError(`its output ${layout.output} has only ${width - 5} labels`);
  }
  const cells = layout.strides.length === 0 ? null : gridCells(output, layout.strides);
  if (cells !== null && cells.length !== anchors) {
    throw new RangeError(`it gave ${anchors} boxes where its grids have ${cells.length} cells`);
  }
  const found: NetworkBox[] = [];
  for (let anchor = 0; anchor < anchors; anchor++) {
    const at = anchor * width;
    const objectness = data[at + 4] ?? 0;
    if (objectness < minScore) continue;
    const best = bestClass(output.labels, (label) => data[at + 5 + label] ?? 0);
    const score = objectness * best.score;
    if (score < minScore) continue;
    const [x = 0, y = 0, w = 0, h = 0] = data.subarray(at, at + 4);
    const cell = cells?.[anchor];
    const box =
      cell === undefined
        ? { x, y, w, h }
        : {
            x: (x + cell.column) * cell.stride,
            y: (y + cell.row) * cell.stride,
            w: Math.exp(w) * cell.stride,
            h: Math.exp(h) * cell.stride,
          };
    found.push({
      class: best.class,
      score,
      left: box.x - box.w / 2,
      top: box.y - box.h / 2,
      right: box.x + box.w / 2,
      bottom: box.y + box.h / 2,
    });
  }
  return suppressOverlaps(found, OVERLAP);
}

/** The class whose best label scores most, the first of equals. */
export function bestClass(
  labels: readonly (readonly number[])[],
  scoreOf: (label: number) => number,
): { class: number; score: number } {
  let best = { class: 0, score: Number.NEGATIVE_INFINITY };
  for (const [index, list] of labels.entries()) {
    for (const label of list) {
      const score = scoreOf(label);
      if (score > best.score) best = { class: index, score };
    }
  }
  return best;
}

interface Cell {
  readonly column: number;
  readonly row: number;
  readonly stride: number;
}

function gridCells(output: NetworkOutput, strides: readonly number[]): Cell[] {
  return strides.flatMap((stride) => {
    const columns = Math.floor(output.width / stride);
    const rows = Math.floor(output.height / stride);
    return Array.from({ length: rows * columns }, (_, i) => {
      return { column: i % columns, row: Math.floor(i / columns), stride };
    });
  });
}
