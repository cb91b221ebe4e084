import { float, int, ints, type OnnxAttribute, string } from "../onnx/graph.ts";
import type { NodeAttributes } from "./attributes.ts";
import type { GraphBuilder, Value } from "./builder.ts";

/** How one TensorFlow operator is written in ONNX. Images are NHWC on the way in, NCHW on the way out. */
export type Operator = (context: OperatorContext) => Value;

export interface OperatorContext {
  readonly graph: GraphBuilder;
  /** The node's name: what its ONNX nodes are called after. */
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly attributes: NodeAttributes;
}

/** Every operator that the converter knows; any other is refused by name. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  Identity: ({ graph, inputs: [x] }) => graph.need(x),
  BiasAdd: (c) => binary(c, "Add"),
  Add: (c) => binary(c, "Add"),
  AddV2: (c) => binary(c, "Add"),
  Sub: (c) => binary(c, "Sub"),
  Mul: (c) => binary(c, "Mul"),
  RealDiv: (c) => binary(c, "Div"),
  Maximum: (c) => binary(c, "Max"),
  Minimum: (c) => binary(c, "Min"),
  Relu: (c) => unary(c, "Relu"),
  Relu6: (c) => activation(c, c.inputs[0], "Relu6", ""),
  LeakyRelu: (c) => unary(c, "LeakyRelu", { alpha: float(c.attributes.number("alpha", 0.2)) }),
  Elu: (c) => unary(c, "Elu"),
  Sigmoid: (c) => unary(c, "Sigmoid"),
  Tanh: (c) => unary(c, "Tanh"),
  Softplus: (c) => unary(c, "Softplus"),
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2dNative: convolution,
  FusedDepthwiseConv2dNative: convolution,
  FusedBatchNormV3: batchNormalisation,
  MaxPool: (c) => pool(c, "MaxPool"),
  AvgPool: (c) => pool(c, "AveragePool"),
  Mean: mean,
  ResizeBilinear: (c) => resize(c, "linear"),
  ResizeNearestNeighbor: (c) => resize(c, "nearest"),
  ConcatV2: concat,
  Pad: pad,
};

function unary(
  { graph, name, inputs: [x] }: OperatorContext,
  op: string,
  attributes: Record<string, OnnxAttribute> = {},
): Value {
  const input = graph.image(x);
  return { ...input, onnx: graph.add(op, name, [input.onnx], attributes) };
}

function binary({ graph, name, inputs: [a, b], attributes }: OperatorContext, op: string): Value {
  const left = graph.need(a);
  const right = graph.need(b);
  if (left.kind === "constant" && right.kind === "constant") throw attributes.refuse("two constants");
  const image = left.kind === "image" ? left : graph.image(right);
  const other = left.kind === "image" ? right : left;
  const channels = other.kind === "constant" ? (other.shape.at(-1) ?? 1) : other.channels;
  return {
    kind: "image",
    onnx: graph.add(op, name, [graph.operand(left), graph.operand(right)]),
    channels: Math.max(image.channels, channels),
    // Broadcast: a 1x1 image (squeeze and excite) takes the other's size.
    height: other.kind === "image" ? larger(image.height, other.height) : image.height,
    width: other.kind === "image" ? larger(image.width, other.width) : image.width,
  };
}

const larger = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a === 1 ? b : b === 1 ? a : null) : Math.max(a, b);

function activation(c: OperatorContext, x: Value | undefined, kind: string, suffix: string): Value {
  const input = c.graph.image(x);
  const name = `${c.name}${suffix}`;
  switch (kind) {
    case "Relu":
    case "Elu":
    case "Sigmoid":
    case "Tanh":
      return { ...input, onnx: c.graph.add(kind, name, [input.onnx]) };
    case "LeakyRelu": {
      const alpha = float(c.attributes.number("leakyrelu_alpha", 0.2));
      return { ...input, onnx: c.graph.add(kind, name, [input.onnx], { alpha }) };
    }
    case "Relu6":
      return {
        ...input,
        onnx: c.graph.add("Clip", name, [input.onnx, c.graph.scalar(0), c.graph.scalar(6)]),
      };
    default:
      throw c.attributes.refuse(`fused ${kind}`);
  }
}

function convolution(c: OperatorContext): Value {
  const { graph, name, attributes } = c;
  const input = graph.image(c.inputs[0]);
  const kernel = graph.constant(c.inputs[1]);
  const [kh = 1, kw = 1, cin = 1, last = 1] = kernel.shape;
  const depthwise = kernel.shape.length === 4 && /Depthwise/.test(graph.opOf(name));
  if (attributes.text("data_format", "NHWC") !== "NHWC") throw attributes.refuse("channels first");
  // TensorFlow keeps kernels as [height, width, in, out], depthwise [height, width, in, multiplier];
  // ONNX wants [out, in per group, height, width].
  const out = depthwise ? cin * last : last;
  const perGroup = depthwise ? 1 : cin;
  const data = new Float32Array(kernel.data.length);
  for (let y = 0; y < kh; y++) {
    for (let x = 0; x < kw; x++) {
      for (let i = 0; i < cin; i++) {
        for (let o = 0; o < last; o++) {
          const from = ((y * kw + x) * cin + i) * last + o;
          const [outer, inner] = depthwise ? [i * last + o, 0] : [o, i];
          data[((outer * perGroup + inner) * kh + y) * kw + x] = kernel.data[from] ?? 0;
        }
      }
    }
  }
  const fused = attributes.texts("fused_ops");
  const inputs = [input.onnx, graph.weight(`${name}/kernel`, [out, perGroup, kh, kw], data)];
  const [first, second] = fused;
  if (first !== undefined && first !== "BiasAdd") throw attributes.refuse(`fused ${first}`);
  if (first === "BiasAdd") {
    const bias = graph.constant(c.inputs[2]);
    inputs.push(graph.weight(`${name}/bias`, [out], bias.data));
  }
  const strides = attributes.spatialPair("strides");
  const dilations = attributes.spatialPair("dilations");
  const geometry = window(c, [kh, kw], strides, dilations);
  const groups = depthwise ? cin : input.channels / cin;
  const convolved: Value = {
    kind: "image",
    onnx: graph.add("Conv", name, inputs, {
      ...geometry.attributes,
      dilations: ints(dilations),
      group: int(groups),
    }),
    channels: out,
    height: geometry.height(input.height),
    width: geometry.width(input.width),
  };
  return second === undefined ? convolved : activation(c, convolved, second, `/${second}`);
}

/** Stride, padding and output size of a sliding window. */
function window(
  c: OperatorContext,
  kernel: readonly [number, number],
  strides: readonly [number, number],
  dilations: readonly [number, number],
) {
  const padding = c.attributes.text("padding", "VALID");
  if (padding !== "SAME" && padding !== "VALID") throw c.attributes.refuse(`padding ${padding}`);
  const reach: [number, number] = [(kernel[0] - 1) * dilations[0] + 1, (kernel[1] - 1) * dilations[1] + 1];
  const size = (axis: 0 | 1) => (n: number | null) =>
    n === null
      ? null
      : padding === "SAME"
        ? Math.ceil(n / strides[axis])
        : Math.floor((n - reach[axis]) / strides[axis]) + 1;
  const attributes: Record<string, OnnxAttribute> = {
    kernel_shape: ints(kernel),
    strides: ints(strides),
  };
  if (padding === "VALID") attributes["auto_pad"] = string("VALID");
  else if (strides[0] === 1 && strides[1] === 1) {
    // With stride 1 the padding does not depend on the picture's size: said outright, runtimes fuse better.
    const before = reach.map((n) => Math.floor((n - 1) / 2));
    const after = reach.map((n) => Math.ceil((n - 1) / 2));
    attributes["pads"] = ints([...before, ...after]);
  } else attributes["auto_pad"] = string("SAME_UPPER");
  return { attributes, height: size(0), width: size(1) };
}

function batchNormalisation(c: OperatorContext): Value {
  const { graph, name } = c;
  const input = graph.image(c.inputs[0]);
  const names = ["scale", "offset", "mean", "variance"];
  const inputs = names.map((role, i) => {
    const weight = graph.constant(c.inputs[i + 1]);
    return graph.weight(`${name}/${role}`, weight.shape, weight.data);
  });
  const epsilon = float(c.attributes.number("epsilon", 0.001));
  return { ...input, onnx: graph.add("BatchNormalization", name, [input.onnx, ...inputs], { epsilon }) };
}

function pool(c: OperatorContext, op: string): Value {
  const input = c.graph.image(c.inputs[0]);
  const kernel = c.attributes.spatialPair("ksize");
  const geometry = window(c, kernel, c.attributes.spatialPair("strides"), [1, 1]);
  return {
    ...input,
    onnx: c.graph.add(op, c.name, [input.onnx], geometry.attributes),
    height: geometry.height(input.height),
    width: geometry.width(input.width),
  };
}

function mean(c: OperatorContext): Value {
  const input = c.graph.image(c.inputs[0]);
  const axes = [...c.graph.constant(c.inputs[1]).data].map((axis) => (axis + 4) % 4).sort();
  if (axes.join() !== "1,2" || !c.attributes.flag("keep_dims")) {
    throw c.attributes.refuse("a mean over other than height and width, kept as 1x1");
  }
  return {
    ...input,
    onnx: c.graph.add("GlobalAveragePool", c.name, [input.onnx]),
    height: 1,
    width: 1,
  };
}

function resize(c: OperatorContext, mode: "linear" | "nearest"): Value {
  const { graph, name, attributes } = c;
  const input = graph.image(c.inputs[0]);
  const [height = 0, width = 0] = graph.constant(c.inputs[1]).data;
  if (attributes.flag("align_corners")) throw attributes.refuse("align_corners");
  if (input.height === null || input.width === null) throw attributes.refuse("a resize of unknown scale");
  // The graph was frozen at one size; the same factors hold at any other.
  const scales = Float32Array.of(1, 1, height / input.height, width / input.width);
  const half = attributes.flag("half_pixel_centers");
  const options: Record<string, OnnxAttribute> = {
    mode: string(mode),
    coordinate_transformation_mode: string(half ? "half_pixel" : "asymmetric"),
  };
  // TensorFlow's nearest takes floor(x * scale), and of half pixels floor((x + 0.5) * scale).
  if (mode === "nearest") options["nearest_mode"] = string(half ? "round_prefer_ceil" : "floor");
  return {
    ...input,
    onnx: graph.add("Resize", name, [input.onnx, "", graph.weight(`${name}/scales`, [4], scales)], options),
    height,
    width,
  };
}

function concat(c: OperatorContext): Value {
  const images = c.inputs.slice(0, -1).map((value) => c.graph.image(value));
  const axis = c.graph.constant(c.inputs.at(-1)).data[0];
  const [first] = images;
  if (first === undefined || (axis !== 3 && axis !== -1))
    throw c.attributes.refuse("an axis other than channels");
  return {
    ...first,
    onnx: c.graph.add(
      "Concat",
      c.name,
      images.map((image) => image.onnx),
      { axis: int(1) },
    ),
    channels: images.reduce((sum, image) => sum + image.channels, 0),
  };
}

function pad(c: OperatorContext): Value {
  const input = c.graph.image(c.inputs[0]);
  const p = c.graph.constant(c.inputs[1]).data;
  const [n0 = 0, n1 = 0, top = 0, bottom = 0, left = 0, right = 0, c0 = 0, c1 = 0] = p;
  if (n0 + n1 + c0 + c1 !== 0) throw c.attributes.refuse("padding of batch or channels");
  const pads = c.graph.integers(`${c.name}/pads`, [0, 0, top, left, 0, 0, bottom, right]);
  return {
    ...input,
    onnx: c.graph.add("Pad", c.name, [input.onnx, pads]),
    height: input.height === null ? null : input.height + top + bottom,
    width: input.width === null ? null : input.width + left + right,
  };
}
