import { suppressOverlaps } from "./suppress.ts";
import { floats, type NetworkBox, type NetworkOutput } from "./tensor.ts";
import { bestClass } from "./yolox.ts";

export type DetrLayout =
  | {
      readonly kind: "logits";
      /** [1, queries, labels], before the sigmoid. */
      readonly logits: string;
      /** [1, queries, 4]: centre x and y, width, height, as shares of the input. */
      readonly boxes: string;
    }
  | {
      readonly kind: "scored";
      /** [1, queries], label numbers. */
      readonly labels: string;
      /** [1, queries, 4]: left, top, right, lower side, in pixels of the size that was asked for: the input's. */
      readonly boxes: string;
      /** [1, queries], 0 to 1. */
      readonly scores: string;
    };

/** The network gives each thing once; only what is all but the same box is a duplicate. */
const OVERLAP = 0.8;

/**
 * Boxes of the DETR family as RT-DETR (https://arxiv.org/abs/2304.08069) and D-FINE
 * (https://arxiv.org/abs/2410.13842) write them: bare, or behind their own post-processing.
 * @throws RangeError where the outputs have another shape
 */
export function decodeDetr(output: NetworkOutput, layout: DetrLayout, minScore: number): NetworkBox[] {
  const found = layout.kind === "logits" ? fromLogits(output, layout) : fromScored(output, layout);
  return suppressOverlaps(
    found.filter((box) => box.score >= minScore && box.right > box.left && box.bottom > box.top),
    OVERLAP,
  );
}

function fromLogits(output: NetworkOutput, layout: DetrLayout & { kind: "logits" }): NetworkBox[] {
  const logits = floats(output, layout.logits, [1, null, null]);
  const [, queries = 0, labels = 0] = logits.dims;
  const boxes = floats(output, layout.boxes, [1, queries, 4]).data;
  if (output.labels.flat().some((label) => label >= labels)) {
    throw new RangeError(`its output ${layout.logits} has only ${labels} labels`);
  }
  return Array.from({ length: queries }, (_, query): NetworkBox => {
    const best = bestClass(output.labels, (label) => logits.data[query * labels + label] ?? 0);
    const [x = 0, y = 0, w = 0, h = 0] = boxes.subarray(4 * query, 4 * query + 4);
    return {
      class: best.class,
      score: 1 / (1 + Math.exp(-best.score)),
      left: (x - w / 2) * output.width,
      top: (y - h / 2) * output.height,
      right: (x + w / 2) * output.width,
      bottom: (y + h / 2) * output.height,
    };
  });
}

function fromScored(output: NetworkOutput, layout: DetrLayout & { kind: "scored" }): NetworkBox[] {
  const scores = floats(output, layout.scores, [1, null]);
  const [, queries = 0] = scores.dims;
  const boxes = floats(output, layout.boxes, [1, queries, 4]).data;
  const labels = output.tensors[layout.labels];
  if (labels?.dims.length !== 2 || labels.dims[1] !== queries) {
    throw new RangeError(`its output ${layout.labels} is not one label a box`);
  }
  const classOf = new Map(
    output.labels.flatMap((list, index) => list.map((label) => [label, index] as const)),
  );
  return Array.from({ length: queries }, (_, query): NetworkBox | null => {
    const index = classOf.get(Number(labels.data[query]));
    if (index === undefined) return null;
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(4 * query, 4 * query + 4);
    return { class: index, score: scores.data[query] ?? 0, left, top, right, bottom };
  }).filter((box) => box !== null);
}
