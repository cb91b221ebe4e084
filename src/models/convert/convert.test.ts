import * as tfConverter from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { CodedError } from "../../errors.ts";
import { fetchFiles } from "../fetch/fetch.ts";
import { DEFAULT_MODEL, loadManifest } from "../manifest.ts";
import { encodeModel } from "../onnx/encode.ts";
import type { OnnxGraph } from "../onnx/graph.ts";
import { CONVERTED_INPUT, type ConversionOutput, convertTfjsGraph } from "./convert.ts";
import { halfToNumber, readTfjsGraph } from "./tfjs-graph.ts";

type Attribute = Record<string, unknown>;
const b64 = (text: string) => Buffer.from(text).toString("base64");
const s = (text: string): Attribute => ({ s: b64(text) });
const strings = (...texts: string[]): Attribute => ({ list: { s: texts.map(b64) } });
const integers = (...numbers: number[]): Attribute => ({ list: { i: numbers.map(String) } });
const flag = (b: boolean): Attribute => ({ b });
const T = { type: "DT_FLOAT" };

/** The same numbers on every run. */
function* noise(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Puts a tfjs graph model together by hand: a picture input `x`, constants and nodes. */
class Model {
  readonly nodes: object[] = [];
  readonly specs: { name: string; shape: number[]; dtype: "float32" | "int32" }[] = [];
  readonly #bytes: number[] = [];
  readonly #noise = noise(7);

  constructor(height: number, width: number, channels: number) {
    const dim = [1, height, width, channels].map((size) => ({ size: String(size) }));
    this.nodes.push({ name: "x", op: "Placeholder", attr: { dtype: T, shape: { shape: { dim } } } });
  }

  /** A constant of random numbers between -0.5 and 0.5, or of those given. */
  weight(name: string, shape: number[], given?: number[], dtype: "float32" | "int32" = "float32"): this {
    const count = shape.reduce((product, n) => product * n, 1);
    const values = given ?? Array.from({ length: count }, () => this.#noise.next().value - 0.5);
    const array = dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
    this.#bytes.push(...new Uint8Array(array.buffer));
    this.specs.push({ name, shape, dtype });
    const type = { type: dtype === "int32" ? "DT_INT32" : "DT_FLOAT" };
    const dim = shape.map((size) => ({ size: String(size) }));
    const tensor = { tensor: { dtype: type.type, tensorShape: { dim } } };
    this.nodes.push({ name, op: "Const", attr: { dtype: type, value: tensor } });
    return this;
  }

  node(name: string, op: string, input: string[], attr: Record<string, Attribute> = {}): this {
    this.nodes.push({ name, op, input, attr: { T, ...attr } });
    return this;
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  get json(): string {
    const weightsManifest = [{ paths: ["w.bin"], weights: this.specs }];
    return JSON.stringify({
      format: "graph-model",
      modelTopology: { node: this.nodes, versions: {} },
      weightsManifest,
    });
  }

  convert(outputs: readonly ConversionOutput[]): OnnxGraph {
    return convertTfjsGraph(
      readTfjsGraph(this.json, () => this.bytes, "test"),
      { model: "test", outputs },
    );
  }
}

const conv = (strides: number, padding: string, extra: Record<string, Attribute> = {}) => ({
  strides: integers(1, strides, strides, 1),
  dilations: integers(1, 1, 1, 1),
  padding: s(padding),
  data_format: s("NHWC"),
  ...extra,
});
const pooling = (size: number, strides: number, padding: string) => ({
  ksize: integers(1, size, size, 1),
  ...conv(strides, padding),
});
const resizing = (half: boolean) => ({ align_corners: flag(false), half_pixel_centers: flag(half) });

// Each case ends in a node `y`. The input is 12 x 16 with 4 channels.
const cases: [string, (model: Model) => Model][] = [
  ["Conv2D, SAME", (m) => m.weight("k", [3, 3, 4, 6]).node("y", "Conv2D", ["x", "k"], conv(1, "SAME"))],
  [
    "Conv2D, SAME, stride 2",
    (m) => m.weight("k", [3, 3, 4, 6]).node("y", "Conv2D", ["x", "k"], conv(2, "SAME")),
  ],
  [
    "Conv2D, VALID, stride 2",
    (m) => m.weight("k", [5, 3, 4, 2]).node("y", "Conv2D", ["x", "k"], conv(2, "VALID")),
  ],
  [
    "Conv2D, even kernel",
    (m) => m.weight("k", [2, 4, 4, 2]).node("y", "Conv2D", ["x", "k"], conv(1, "SAME")),
  ],
  [
    "Conv2D, dilated",
    (m) =>
      m
        .weight("k", [3, 3, 4, 3])
        .node("y", "Conv2D", ["x", "k"], conv(1, "SAME", { dilations: integers(1, 2, 2, 1) })),
  ],
  ...["Relu", "Relu6", "Elu", "LeakyRelu", ""].map((activation): [string, (model: Model) => Model] => [
    `_FusedConv2D with bias and ${activation || "no activation"}`,
    (m) =>
      m
        .weight("k", [3, 3, 4, 6])
        .weight("b", [6])
        .node("y", "_FusedConv2D", ["x", "k", "b"], {
          ...conv(1, "SAME"),
          fused_ops: strings("BiasAdd", ...(activation === "" ? [] : [activation])),
          num_args: { i: "1" },
          leakyrelu_alpha: { f: 0.3 },
        }),
  ]),
  [
    "DepthwiseConv2dNative, stride 2",
    (m) => m.weight("k", [3, 3, 4, 1]).node("y", "DepthwiseConv2dNative", ["x", "k"], conv(2, "SAME")),
  ],
  [
    "DepthwiseConv2dNative, multiplier 2",
    (m) => m.weight("k", [3, 3, 4, 2]).node("y", "DepthwiseConv2dNative", ["x", "k"], conv(1, "SAME")),
  ],
  [
    "FusedDepthwiseConv2dNative",
    (m) =>
      m
        .weight("k", [5, 5, 4, 1])
        .weight("b", [4])
        .node("y", "FusedDepthwiseConv2dNative", ["x", "k", "b"], {
          ...conv(2, "SAME"),
          fused_ops: strings("BiasAdd", "Relu"),
          num_args: { i: "1" },
        }),
  ],
  ["BiasAdd", (m) => m.weight("b", [4]).node("y", "BiasAdd", ["x", "b"])],
  ["AddV2 with a scalar", (m) => m.weight("b", [], [0.25]).node("y", "AddV2", ["b", "x"])],
  ["Sub, scalar first", (m) => m.weight("b", [], [0.25]).node("y", "Sub", ["b", "x"])],
  ["Mul with one a channel", (m) => m.weight("b", [1, 1, 1, 4]).node("y", "Mul", ["x", "b"])],
  ["RealDiv", (m) => m.weight("b", [4], [1, 2, 3, -4]).node("y", "RealDiv", ["x", "b"])],
  ["Maximum", (m) => m.weight("b", [], [0.1]).node("y", "Maximum", ["x", "b"])],
  ["Minimum", (m) => m.weight("b", [4]).node("y", "Minimum", ["x", "b"])],
  ["Add of two images", (m) => m.node("r", "Relu", ["x"]).node("y", "Add", ["r", "x"])],
  ...["Relu", "Relu6", "Elu", "Sigmoid", "Tanh", "Softplus", "Identity"].map(
    (op): [string, (model: Model) => Model] => [op, (m) => m.node("y", op, ["x"])],
  ),
  ["LeakyRelu", (m) => m.node("y", "LeakyRelu", ["x"], { alpha: { f: 0.1 } })],
  ["MaxPool, SAME", (m) => m.node("y", "MaxPool", ["x"], pooling(3, 2, "SAME"))],
  ["AvgPool, SAME", (m) => m.node("y", "AvgPool", ["x"], pooling(3, 2, "SAME"))],
  ["AvgPool, VALID", (m) => m.node("y", "AvgPool", ["x"], pooling(2, 2, "VALID"))],
  [
    "FusedBatchNormV3",
    (m) =>
      m
        .weight("scale", [4])
        .weight("offset", [4])
        .weight("mean", [4])
        .weight("variance", [4], [0.5, 1, 2, 3])
        .node("y", "FusedBatchNormV3", ["x", "scale", "offset", "mean", "variance"], {
          epsilon: { f: 0.001 },
          data_format: s("NHWC"),
          is_training: flag(false),
        }),
  ],
  [
    "squeeze and excite: Mean, 1x1, Mul",
    (m) =>
      m
        .weight("axes", [2], [1, 2], "int32")
        .weight("k", [1, 1, 4, 4])
        .node("mean", "Mean", ["x", "axes"], { keep_dims: flag(true) })
        .node("gate", "Conv2D", ["mean", "k"], conv(1, "SAME"))
        .node("y", "Mul", ["gate", "x"]),
  ],
  ...[false, true].flatMap((half): [string, (model: Model) => Model][] => [
    [
      `ResizeBilinear twice, ${half ? "half pixel" : "asymmetric"}`,
      (m) => m.weight("to", [2], [24, 32], "int32").node("y", "ResizeBilinear", ["x", "to"], resizing(half)),
    ],
    [
      `ResizeNearestNeighbor twice, ${half ? "half pixel" : "asymmetric"}`,
      (m) =>
        m
          .weight("to", [2], [24, 32], "int32")
          .node("y", "ResizeNearestNeighbor", ["x", "to"], resizing(half)),
    ],
  ]),
  [
    "ConcatV2 over channels",
    (m) =>
      m.weight("axis", [], [3], "int32").node("r", "Relu", ["x"]).node("y", "ConcatV2", ["r", "x", "axis"]),
  ],
  ["Pad", (m) => m.weight("p", [4, 2], [0, 0, 1, 2, 3, 0, 0, 0], "int32").node("y", "Pad", ["x", "p"])],
  [
    "hard-swish",
    (m) =>
      m
        .weight("three", [], [3])
        .weight("sixth", [], [0.16666])
        .weight("wide", [], [12])
        .node("w", "Mul", ["x", "wide"])
        .node("shifted", "Add", ["w", "three"])
        .node("clipped", "Relu6", ["shifted"])
        .node("scaled", "Mul", ["sixth", "w"])
        .node("y", "Mul", ["scaled", "clipped"]),
  ],
  [
    "hard sigmoid as a gate",
    (m) =>
      m
        .weight("three", [], [3])
        .weight("sixth", [], [0.16666])
        .weight("wide", [], [12])
        .node("w", "Mul", ["x", "wide"])
        .node("shifted", "Add", ["three", "w"])
        .node("clipped", "Relu6", ["shifted"])
        .node("y", "Mul", ["clipped", "sixth"]),
  ],
];

describe("convertTfjsGraph", () => {
  it.each(cases)("%s gives what tfjs gives", async (_, build) => {
    const model = build(new Model(12, 16, 4));
    const values = noise(3);
    const input = Float32Array.from({ length: 12 * 16 * 4 }, () => values.next().value * 2 - 1);
    const [expected] = await runTfjs(model.json, model.bytes, input, [12, 16, 4], ["y"]);
    const onnx = encodeModel(model.convert([{ node: "y", name: "out" }]));
    const [found] = await runOnnx(onnx, input, [12, 16, 4], ["out"]);
    expect(found?.shape).toEqual(expected?.shape);
    expect(largestDifference(found, expected)).toBeLessThan(1e-3);
  });

  it("writes hard-swish in two steps", () => {
    const build = cases.find(([name]) => name === "hard-swish")?.[1];
    const graph = build?.(new Model(12, 16, 4)).convert([{ node: "y", name: "out" }]);
    expect(graph?.nodes.map((node) => node.op)).toEqual(["Mul", "Conv", "Clip", "Mul", "Identity"]);
  });

  it("takes other sizes than the graph was frozen at", async () => {
    const model = new Model(12, 16, 4)
      .weight("k", [3, 3, 4, 3])
      .weight("to", [2], [12, 16], "int32")
      .node("c", "Conv2D", ["x", "k"], conv(2, "SAME"))
      .node("y", "ResizeBilinear", ["c", "to"], resizing(false));
    const onnx = encodeModel(model.convert([{ node: "y", name: "out" }]));
    const [found] = await runOnnx(onnx, new Float32Array(20 * 8 * 4), [20, 8, 4], ["out"]);
    expect(found?.shape).toEqual([20, 8, 3]);
  });

  it("joins labels to classes and cuts the weights of all others", async () => {
    const model = new Model(8, 8, 3)
      .weight("k", [1, 1, 3, 7])
      .weight("b", [7])
      .node("logits", "_FusedConv2D", ["x", "k", "b"], {
        ...conv(1, "VALID"),
        fused_ops: strings("BiasAdd"),
        num_args: { i: "1" },
      })
      .node("y", "Sigmoid", ["logits"]);
    const values = noise(5);
    const input = Float32Array.from({ length: 8 * 8 * 3 }, () => values.next().value);
    const [all] = await runTfjs(model.json, model.bytes, input, [8, 8, 3], ["y"]);
    const classes = [[2], [0, 5, 6], [3, 1]];
    const graph = model.convert([{ node: "y", name: "heatmap", classes }]);
    const [found] = await runOnnx(encodeModel(graph), input, [8, 8, 3], ["heatmap"]);
    const expected = Float32Array.from({ length: 8 * 8 * 3 }, (_, i) => {
      const labels = classes[i % 3] ?? [];
      return Math.max(...labels.map((label) => all?.data[Math.floor(i / 3) * 7 + label] ?? 0));
    });
    expect(largestDifference(found, { data: expected, shape: [8, 8, 3] })).toBeLessThan(1e-6);
    const sizes = graph.initializers.filter((t) => t.type === "float32").map((t) => t.shape[0]);
    expect(sizes).toEqual([6, 6]);
    const [one] = await runOnnx(
      encodeModel(model.convert([{ node: "y", name: "heatmap", classes: [[2, 4]] }])),
      input,
      [8, 8, 3],
      ["heatmap"],
    );
    expect(one?.shape).toEqual([8, 8, 1]);
  });

  it.each<[string, (model: Model) => Model, ConversionOutput, string]>([
    [
      "an operator that is not known",
      (m) => m.node("y", "TopKV2", ["x"]),
      { node: "y", name: "o" },
      "MODEL_OPERATOR",
    ],
    ["a missing node", (m) => m, { node: "y", name: "o" }, "there is no node y"],
    [
      "a cycle",
      (m) => m.node("y", "Relu", ["z"]).node("z", "Relu", ["y"]),
      { node: "y", name: "o" },
      "cycle",
    ],
    ["a second output", (m) => m.node("y", "Relu", ["x:1"]), { node: "y", name: "o" }, "second output"],
    [
      "a mean over channels",
      (m) => m.weight("a", [1], [3], "int32").node("y", "Mean", ["x", "a"], { keep_dims: flag(true) }),
      { node: "y", name: "o" },
      "node y (Mean)",
    ],
    [
      "aligned corners",
      (m) =>
        m
          .weight("to", [2], [24, 32], "int32")
          .node("y", "ResizeBilinear", ["x", "to"], { align_corners: flag(true) }),
      { node: "y", name: "o" },
      "align_corners",
    ],
    [
      "a concatenation of rows",
      (m) => m.weight("axis", [], [1], "int32").node("y", "ConcatV2", ["x", "x", "axis"]),
      { node: "y", name: "o" },
      "axis other than channels",
    ],
    ["a constant as output", (m) => m.weight("y", [3]), { node: "y", name: "o" }, "is a constant"],
    [
      "a kernel that is computed",
      (m) => m.node("y", "Conv2D", ["x", "x"], conv(1, "SAME")),
      { node: "y", name: "o" },
      "constant is needed",
    ],
    ["too few inputs", (m) => m.node("y", "Add", ["x"]), { node: "y", name: "o" }, "fewer inputs"],
    [
      "labels of no convolution",
      (m) => m.node("y", "Relu", ["x"]),
      { node: "y", name: "o", classes: [[0]] },
      "convolution",
    ],
    ["a label beyond the channels", (m) => m, { node: "x", name: "o", classes: [[4]] }, "4 channels"],
  ])("refuses %s", (_, build, output, message) => {
    const convert = () => build(new Model(12, 16, 4)).convert([output]);
    expect(convert).toThrow(CodedError);
    expect(thrown(convert)).toContain(message);
  });

  it.each([
    ["no JSON", "{", 0, "is not JSON"],
    ["another format", '{"format":"layers-model"}', 0, "not a tfjs graph model"],
    ["short weights", new Model(2, 2, 1).weight("w", [4]).json, 12, "end before w"],
    ["long weights", new Model(2, 2, 1).weight("w", [4]).json, 20, "longer than the graph says"],
  ])("refuses %s", (_, json, bytes, message) => {
    expect(thrown(() => readTfjsGraph(json, () => new Uint8Array(bytes), "test"))).toContain(message);
  });

  it("reads half precision", () => {
    const table: [number, number][] = [
      [0x0000, 0],
      [0x3c00, 1],
      [0xc000, -2],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0x0001, 2 ** -24],
      [0x7c00, Number.POSITIVE_INFINITY],
    ];
    for (const [half, value] of table) expect(halfToNumber(half)).toBe(value);
    expect(halfToNumber(0x7e00)).toBeNaN();
  });

  it("gives what tfjs gives with the default model's weights", { timeout: 120_000 }, async (context) => {
    const manifest = await loadManifest(DEFAULT_MODEL);
    const files = await fetchFiles(manifest, () => {}).catch((error: unknown) => {
      if (error instanceof CodedError && error.code === "MODEL_FETCH") return error;
      throw error;
    });
    if (files instanceof CodedError) return context.skip(`the default model cannot be had: ${files.message}`);
    const json = new TextDecoder().decode(files.get("models/centernet.json"));
    const bytes = files.get("models/centernet.bin") ?? new Uint8Array(0);
    const outputs = ["tower_0/keypoints", "tower_0/wh"];
    // A picture with edges of all sizes, so that the network has something to say.
    const values = noise(11);
    const input = Float32Array.from({ length: 512 * 512 * 3 }, (_, i) => {
      const x = Math.floor(i / 3) % 512;
      const y = Math.floor(i / 3 / 512);
      return (((x >> 4) ^ (y >> 5)) & 7) * 30 + Math.floor(values.next().value * 40);
    });
    const expected = await runTfjs(json, bytes, input, [512, 512, 3], outputs);
    const graph = convertTfjsGraph(
      readTfjsGraph(json, () => bytes, "default"),
      { model: "default", outputs: outputs.map((node) => ({ node, name: node.replace("tower_0/", "") })) },
    );
    const found = await runOnnx(encodeModel(graph), input, [512, 512, 3], ["keypoints", "wh"]);
    expect(found[0]?.shape).toEqual([128, 128, 80]);
    expect(largestDifference(found[0], expected[0])).toBeLessThan(1e-3);
    // Distances reach hundreds of pixels: to 1e-3 of their size.
    const scale = Math.max(1, ...(expected[1]?.data.subarray(0, 60_000) ?? []));
    expect(largestDifference(found[1], expected[1]) / scale).toBeLessThan(1e-3);
  });
});

interface Result {
  readonly data: Float32Array;
  /** Height, width, channels. */
  readonly shape: number[];
}

async function runTfjs(
  json: string,
  bytes: Uint8Array,
  input: Float32Array,
  shape: [number, number, number],
  outputs: string[],
): Promise<Result[]> {
  const parsed = JSON.parse(json);
  const artifacts: tf.io.ModelArtifacts = {
    modelTopology: parsed.modelTopology,
    weightSpecs: parsed.weightsManifest[0].weights,
    weightData: new Uint8Array(bytes).buffer,
  };
  const model = await tfConverter.loadGraphModel({ load: () => Promise.resolve(artifacts) });
  const [name = "x"] = model.inputNodes;
  const results = [model.execute({ [name]: tf.tensor(input, [1, ...shape]) }, outputs)].flat();
  return results.map((tensor) => {
    const data = tensor.dataSync();
    return { data: Float32Array.from(data), shape: tensor.shape.slice(1) };
  });
}

async function runOnnx(
  onnx: Uint8Array,
  input: Float32Array,
  [height, width, channels]: [number, number, number],
  outputs: string[],
): Promise<Result[]> {
  const session = await InferenceSession.create(onnx, { logSeverityLevel: 3 });
  const nchw = reorder(input, channels, height * width);
  const feeds = { [CONVERTED_INPUT]: new Tensor("float32", nchw, [1, channels, height, width]) };
  const results = await session.run(feeds);
  await session.release();
  return outputs.map((name) => {
    const tensor = results[name];
    const [, c = 0, h = 0, w = 0] = tensor?.dims ?? [];
    if (!(tensor?.data instanceof Float32Array)) throw new TypeError(`${name} is not float32`);
    return { data: reorder(tensor.data, h * w, c), shape: [h, w, c] };
  });
}

/** Transposes [rows of `inner`...] : element (o, i) of an outer x inner array goes to (i, o). */
function reorder(data: Float32Array, inner: number, outer: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) out[i * outer + o] = data[o * inner + i] ?? 0;
  return out;
}

function largestDifference(a: Result | undefined, b: Result | undefined): number {
  if (a === undefined || b === undefined || a.data.length !== b.data.length) return Number.POSITIVE_INFINITY;
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.data[i] ?? Number.NaN))), 0);
}

function thrown(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof CodedError ? `${error.code}: ${error.message}` : String(error);
  }
  return "nothing";
}
