import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Of } from "../../src/files/sha256.ts";
import { parseManifest } from "../../src/models/manifest.ts";
import type { ResolvedModel } from "../../src/models/models.ts";
import { encodeModel } from "../../src/models/onnx/encode.ts";
import {
  int,
  ints,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "../../src/models/onnx/graph.ts";

/**
 * Small networks with the outputs of the real families. They know two labels: 0 where the picture is red (a person),
 * 2 where it is green (a vehicle); label 1, blue, belongs to no class. A square of 16x16 pixels fires.
 */
export const GENERATED = ["centernet", "centernet-labels", "yolox", "detr", "detr-scored"] as const;
export type Generated = (typeof GENERATED)[number];

/** The side of the squares that the generated networks see, in pixels of their input. */
export const SQUARE = 16;
/** Input side of the generated networks that have a fixed one. */
export const FIXED_SIDE = 64;

/** Writes a generated network and its manifest into a folder of its own, as if it had been pulled. */
export async function generatedModel(kind: Generated, changes: Changes = {}): Promise<ResolvedModel> {
  const folder = await mkdtemp(join(tmpdir(), "contrechamp-network-"));
  const onnx = encodeModel(changes.graph?.(GRAPHS[kind]()) ?? GRAPHS[kind]());
  const sha256 = sha256Of(onnx);
  const onnxPath = join(folder, "network.onnx");
  await writeFile(onnxPath, onnx);
  const text = manifestText(kind, sha256, onnx.length, changes.labels);
  return { manifest: parseManifest(text, join(folder, "m.yml")), onnxPath, sha256 };
}

export interface Changes {
  readonly graph?: (graph: OnnxGraph) => OnnxGraph;
  /** What the labels stand for. Default: `OBJECTS`. */
  readonly labels?: string;
}

const OBJECTS = "{ count: 3, person: [0], vehicle: [2] }";
/** Label maps of the slots: red and green stand for what the slot looks for. */
export const SLOT_LABELS = {
  weapon: "{ count: 3, names: [pistol, tool, knife], weapon: [0, 2] }",
  fire: "{ count: 3, names: [flame, water, white smoke], flame: [0], smoke: [2] }",
} as const;

/** The text of a generated network's manifest; `file` source in its own folder. */
export function manifestText(kind: Generated, sha256: string, bytes: number, labels = OBJECTS): string {
  const fixed = kind.startsWith("centernet") ? null : FIXED_SIDE;
  const size =
    fixed === null ? "{ kind: multiple, of: 32 }" : `{ kind: fixed, width: ${fixed}, height: ${fixed} }`;
  return `
schema: contrechamp/model@1
name: generated-${kind}
title: A generated network
source: { kind: file, folder: . }
files: [{ path: network.onnx, bytes: ${bytes}, sha256: "${sha256}" }]
licence: { spdx: EUPL-1.2, from: generated }
conversion: { kind: none }
onnx: { sha256: "${sha256}" }
input:
  name: images
  size: ${size}
  layout: nchw
  channels: ${kind === "yolox" ? "bgr" : "rgb"}
  range: ${kind === "detr" ? 1 : 255}
  fit: { kind: letterbox, grey: 0 }
network: ${NETWORKS[kind]}
labels: ${labels}
minScore: 0.1
card: { intendedUse: tests, trainingData: none, limits: [all], biases: [none known] }
`;
}

const NETWORKS: Record<Generated, string> = {
  centernet: "{ family: centernet, heatmap: heatmap, boxes: boxes, stride: 4, channels: classes }",
  "centernet-labels": "{ family: centernet, heatmap: heatmap, boxes: boxes, stride: 4, channels: labels }",
  yolox: "{ family: yolox, output: output, strides: [8, 16, 32] }",
  detr: "{ family: detr, layout: { kind: logits, logits: logits, boxes: boxes } }",
  "detr-scored":
    "{ family: detr, layout: { kind: scored, labels: labels, boxes: boxes, scores: scores, sizes: sizes } }",
};

const GRAPHS: Record<Generated, () => OnnxGraph> = {
  centernet: () => centernet(["red", "green"]),
  "centernet-labels": () => centernet(["red", "blue", "green"]),
  yolox,
  detr: () => detr("logits"),
  "detr-scored": () => detr("scored"),
};

type Colour = "red" | "green" | "blue";
const COLOURS: Colour[] = ["red", "green", "blue"];

/** A label's weights: its own colour for, the two others against. */
const colourWeights = (colour: Colour, order: readonly Colour[], gain: number): number[] =>
  order.map((other) => (other === colour ? gain : -gain));

const node = (
  op: string,
  output: string,
  inputs: string[],
  attributes: Record<string, OnnxAttribute> = {},
): OnnxNode => ({ op, name: output, inputs, outputs: [output], attributes });
const floats = (name: string, shape: number[], data: Iterable<number>): OnnxTensor => {
  return { name, type: "float32", shape, data: Float32Array.from(data) };
};
const integers = (name: string, values: number[]): OnnxTensor => {
  return { name, type: "int64", shape: [values.length], data: BigInt64Array.from(values, BigInt) };
};
const value = (name: string, shape: (number | string)[], type: OnnxValue["type"] = "float32"): OnnxValue => {
  return { name, type, shape };
};

/** Mean colour of the square around each cell; a cell's centre is where its box's is. */
const pooled = (output: string, stride: number): OnnxNode =>
  node("AveragePool", output, ["images"], {
    kernel_shape: ints([SQUARE, SQUARE]),
    strides: ints([stride, stride]),
    pads: ints([SQUARE / 2, SQUARE / 2, SQUARE / 2 - stride, SQUARE / 2 - stride]),
    count_include_pad: int(1),
  });

function centernet(colours: Colour[]): OnnxGraph {
  const n = colours.length;
  return {
    name: "centernet",
    inputs: [value("images", [1, 3, "height", "width"])],
    outputs: [value("heatmap", [1, n, "rows", "columns"]), value("boxes", [1, 4, "rows", "columns"])],
    nodes: [
      pooled("colour", 4),
      node("Conv", "logits", ["colour", "k", "b"]),
      node("Sigmoid", "heatmap", ["logits"]),
      node("Conv", "boxes", ["colour", "zero", "half"]),
    ],
    initializers: [
      floats(
        "k",
        [n, 3, 1, 1],
        colours.flatMap((colour) => colourWeights(colour, COLOURS, 6 / 255)),
      ),
      floats(
        "b",
        [n],
        colours.map(() => -4),
      ),
      floats("zero", [4, 3, 1, 1], new Float32Array(12)),
      floats("half", [4], [8, 8, 8, 8]),
    ],
  };
}

/** Three grids; each cell gives a box of the square's size round its own middle. Channels are BGR. */
function yolox(): OnnxGraph {
  const bgr: Colour[] = ["blue", "green", "red"];
  const colours: Colour[] = ["red", "blue", "green"];
  const grids = [8, 16, 32].map((stride) => {
    // Kept apart from the cell's corner by half a stride: the square's middle.
    const shift = SQUARE / 2 - stride / 2;
    const nodes: OnnxNode[] = [
      node("AveragePool", `colour${stride}`, ["images"], {
        kernel_shape: ints([SQUARE, SQUARE]),
        strides: ints([stride, stride]),
        pads: ints([Math.max(0, shift), Math.max(0, shift), Math.max(0, shift), Math.max(0, shift)]),
        count_include_pad: int(1),
      }),
      node("Conv", `place${stride}`, [`colour${stride}`, "zero", `place_bias${stride}`]),
      node("Conv", `raw${stride}`, [`colour${stride}`, "k", "b"]),
      node("Sigmoid", `score${stride}`, [`raw${stride}`]),
      node("Concat", `cell${stride}`, [`place${stride}`, `score${stride}`], { axis: int(1) }),
      node("Reshape", `flat${stride}`, [`cell${stride}`, "to"]),
    ];
    const size = Math.log(SQUARE / stride);
    return { nodes, bias: floats(`place_bias${stride}`, [4], [0.5, 0.5, size, size]), flat: `flat${stride}` };
  });
  const objectness = [6, 6, 6].map((n) => n / 255);
  const labels = colours.flatMap((colour) => colourWeights(colour, bgr, 6 / 255));
  const cells = (FIXED_SIDE / 8) ** 2 + (FIXED_SIDE / 16) ** 2 + (FIXED_SIDE / 32) ** 2;
  return {
    name: "yolox",
    inputs: [value("images", [1, 3, FIXED_SIDE, FIXED_SIDE])],
    outputs: [value("output", [1, cells, 8])],
    nodes: [
      ...grids.flatMap((grid) => grid.nodes),
      node(
        "Concat",
        "all",
        grids.map((grid) => grid.flat),
        { axis: int(2) },
      ),
      node("Transpose", "output", ["all"], { perm: ints([0, 2, 1]) }),
    ],
    initializers: [
      floats("zero", [4, 3, 1, 1], new Float32Array(12)),
      floats("k", [4, 3, 1, 1], [...objectness, ...labels]),
      floats("b", [4], [-2, -4, -4, -4]),
      integers("to", [1, 8, -1]),
      ...grids.map((grid) => grid.bias),
    ],
  };
}

/** Sixteen queries, one each square of a 4x4 board. */
function detr(layout: "logits" | "scored"): OnnxGraph {
  const side = FIXED_SIDE / SQUARE;
  const queries = side * side;
  const board = Array.from({ length: queries }, (_, i) => [i % side, Math.floor(i / side)]).flatMap(
    ([column = 0, row = 0]) => [(column + 0.5) / side, (row + 0.5) / side, 1 / side, 1 / side],
  );
  const corners = Array.from({ length: queries }, (_, i) => [i % side, Math.floor(i / side)]).flatMap(
    ([column = 0, row = 0]) => [column / side, row / side, (column + 1) / side, (row + 1) / side],
  );
  const colours: Colour[] = ["red", "blue", "green"];
  const gain = layout === "logits" ? 6 : 6 / 255;
  const head: OnnxNode[] = [
    node("AveragePool", "colour", ["images"], {
      kernel_shape: ints([SQUARE, SQUARE]),
      strides: ints([SQUARE, SQUARE]),
    }),
    node("Conv", "raw", ["colour", "k", "b"]),
    node("Reshape", "flat", ["raw", "to"]),
    node("Transpose", "logits", ["flat"], { perm: ints([0, 2, 1]) }),
  ];
  const weights = [
    floats(
      "k",
      [3, 3, 1, 1],
      colours.flatMap((colour) => colourWeights(colour, COLOURS, gain)),
    ),
    floats("b", [3], [-4, -4, -4]),
    integers("to", [1, 3, -1]),
  ];
  const images = value("images", [1, 3, FIXED_SIDE, FIXED_SIDE]);
  if (layout === "logits") {
    return {
      name: "detr",
      inputs: [images],
      outputs: [value("logits", [1, queries, 3]), value("boxes", [1, queries, 4])],
      nodes: [...head, node("Identity", "boxes", ["board"])],
      initializers: [...weights, floats("board", [1, queries, 4], board)],
    };
  }
  return {
    name: "detr-scored",
    inputs: [images, value("sizes", [1, 2], "int64")],
    outputs: [
      value("labels", [1, queries], "int64"),
      value("boxes", [1, queries, 4]),
      value("scores", [1, queries]),
    ],
    nodes: [
      ...head,
      node("ArgMax", "labels", ["logits"], { axis: int(2), keepdims: int(0) }),
      node("Sigmoid", "all_scores", ["logits"]),
      node("ReduceMax", "scores", ["all_scores"], { axes: ints([2]), keepdims: int(0) }),
      node("Cast", "float_sizes", ["sizes"], { to: int(1) }),
      node("Concat", "scale", ["float_sizes", "float_sizes"], { axis: int(1) }),
      node("Mul", "boxes", ["corners", "scale"]),
    ],
    initializers: [...weights, floats("corners", [1, queries, 4], corners)],
  };
}
