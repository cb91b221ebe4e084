import * as z from "zod";
import { fault } from "../../errors.ts";

/**
 * A TensorFlow.js graph model: a frozen TensorFlow graph in JSON (`model.json`) and its weights in one or
 * more binary files (https://www.tensorflow.org/js/guide/conversion).
 */
export interface TfjsGraph {
  readonly nodes: ReadonlyMap<string, TfjsNode>;
  readonly weights: ReadonlyMap<string, TfjsWeight>;
}

export interface TfjsNode {
  readonly name: string;
  readonly op: string;
  /** Names as they stand: `^name` is a control dependency, `name:1` a second output. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A constant, dequantised; channels last where it is an image or a convolution kernel. */
export interface TfjsWeight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const size = z.coerce.number().int();
const weightSchema = z.object({
  name: z.string(),
  shape: z.array(size.nonnegative()),
  dtype: z.enum(["float32", "int32", "bool"]),
  quantization: z
    .discriminatedUnion("dtype", [
      z.object({ dtype: z.literal("float16") }),
      z.object({ dtype: z.enum(["uint8", "uint16"]), scale: z.number(), min: z.number() }),
    ])
    .optional(),
});
const modelSchema = z.object({
  format: z.literal("graph-model").optional(),
  modelTopology: z.object({
    node: z.array(
      z.object({
        name: z.string(),
        op: z.string(),
        input: z.array(z.string()).default([]),
        attr: z.record(z.string(), z.unknown()).default({}),
      }),
    ),
  }),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()), weights: z.array(weightSchema) })),
});

/**
 * Reads a graph model.
 * @param json the text of model.json
 * @param weightFile the bytes of a file named in its weights manifest
 * @param origin how the model is called in an error
 * @throws CodedError MODEL_CONVERSION
 */
export function readTfjsGraph(
  json: string,
  weightFile: (path: string) => Uint8Array,
  origin: string,
): TfjsGraph {
  const model = parse(json, origin);
  const weights = new Map<string, TfjsWeight>();
  for (const group of model.weightsManifest) {
    const bytes = concatenate(group.paths.map(weightFile));
    let at = 0;
    for (const entry of group.weights) {
      const count = entry.shape.reduce((product, n) => product * n, 1);
      const stored = entry.quantization?.dtype ?? entry.dtype;
      const end = at + count * STORED_BYTES[stored];
      if (end > bytes.length) {
        throw fault("MODEL_CONVERSION", { model: origin, what: `the weights end before ${entry.name}` });
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset + at, end - at);
      weights.set(entry.name, { shape: entry.shape, data: dequantise(view, count, entry) });
      at = end;
    }
    if (at !== bytes.length) {
      throw fault("MODEL_CONVERSION", { model: origin, what: "the weights are longer than the graph says" });
    }
  }
  const nodes = new Map(
    model.modelTopology.node.map((node) => [
      node.name,
      { name: node.name, op: node.op, inputs: node.input, attributes: node.attr },
    ]),
  );
  return { nodes, weights };
}

/** Names of the weight files that a model.json asks for. @throws CodedError MODEL_CONVERSION */
export function tfjsWeightPaths(json: string, origin: string): string[] {
  return parse(json, origin).weightsManifest.flatMap((group) => group.paths);
}

function parse(json: string, origin: string): z.infer<typeof modelSchema> {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (error) {
    throw fault("MODEL_CONVERSION", { model: origin, what: "the graph is not JSON" }, error);
  }
  const parsed = modelSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined ? "" : ` (${issue.path.join(".")}: ${issue.message})`;
    throw fault("MODEL_CONVERSION", { model: origin, what: `the file is not a tfjs graph model${where}` });
  }
  return parsed.data;
}

const STORED_BYTES = { float32: 4, int32: 4, bool: 1, float16: 2, uint8: 1, uint16: 2 } as const;

function dequantise(view: DataView, count: number, entry: z.infer<typeof weightSchema>): Float32Array {
  const { quantization } = entry;
  const read = (i: number): number => {
    if (quantization === undefined) {
      if (entry.dtype === "bool") return view.getUint8(i);
      return entry.dtype === "int32" ? view.getInt32(4 * i, true) : view.getFloat32(4 * i, true);
    }
    if (quantization.dtype === "float16") return halfToNumber(view.getUint16(2 * i, true));
    const step = quantization.dtype === "uint8" ? view.getUint8(i) : view.getUint16(2 * i, true);
    return step * quantization.scale + quantization.min;
  };
  return Float32Array.from({ length: count }, (_, i) => read(i));
}

/** IEEE 754 binary16. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
