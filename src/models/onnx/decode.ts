import { readFields, type WireField } from "./wire.ts";

/** What can be read of an ONNX file without running it. */
export interface OnnxSummary {
  readonly inputs: readonly OnnxBorder[];
  readonly outputs: readonly OnnxBorder[];
  /** Operator types that occur, sorted. */
  readonly ops: readonly string[];
}

/** An input or output; `shape` is null where the file does not say, a dimension null where it is free. */
export interface OnnxBorder {
  readonly name: string;
  /** TensorProto.DataType number. */
  readonly type: number;
  readonly shape: readonly (number | null)[] | null;
}

/** @throws RangeError where the bytes are no ONNX file */
export function summariseOnnx(bytes: Uint8Array): OnnxSummary {
  const graph = messages(bytes, 7).at(-1);
  if (graph === undefined) throw new RangeError("holds no graph");
  const initializers = new Set(messages(graph, 5).map((tensor) => text(tensor, 8)));
  const summary: OnnxSummary = {
    // Older files also list the weights among the inputs.
    inputs: messages(graph, 11)
      .map(border)
      .filter((input) => !initializers.has(input.name)),
    outputs: messages(graph, 12).map(border),
    ops: [...new Set(messages(graph, 1).map((node) => text(node, 4)))].sort(),
  };
  if (summary.outputs.length === 0) throw new RangeError("holds a graph without outputs");
  return summary;
}

function border(value: Uint8Array): OnnxBorder {
  const name = text(value, 1);
  const tensor = messages(value, 2).flatMap((type) => messages(type, 1))[0];
  if (tensor === undefined) return { name, type: 0, shape: null };
  const shape = messages(tensor, 2)[0];
  return {
    name,
    type: Number(fields(tensor, 1)[0]?.value ?? 0n),
    shape: shape === undefined ? null : messages(shape, 1).map(dimension),
  };
}

function dimension(bytes: Uint8Array): number | null {
  const size = fields(bytes, 1)[0]?.value;
  return size === undefined ? null : Number(BigInt.asIntN(64, size));
}

function fields(bytes: Uint8Array, field: number): WireField[] {
  return readFields(bytes)
    .filter((found) => found.field === field)
    .toArray();
}

function messages(bytes: Uint8Array, field: number): Uint8Array[] {
  return fields(bytes, field).map((found) => found.bytes);
}

function text(bytes: Uint8Array, field: number): string {
  return new TextDecoder().decode(messages(bytes, field)[0] ?? new Uint8Array(0));
}
