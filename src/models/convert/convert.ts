import { fault } from "../../errors.ts";
import type { OnnxGraph, OnnxNode, OnnxValue } from "../onnx/graph.ts";
import { declaredSize, NodeAttributes } from "./attributes.ts";
import { GraphBuilder, type Image, type Value } from "./builder.ts";
import { fuseHardSigmoids } from "./fuse.ts";
import { OPERATORS } from "./operators.ts";
import { keepClasses } from "./prune.ts";
import type { TfjsGraph } from "./tfjs-graph.ts";

export interface ConversionOutput {
  /** The node of the TensorFlow graph. */
  readonly node: string;
  /** What it is called in the ONNX graph. */
  readonly name: string;
  /**
   * The channels to keep, one list a class of ours: the output then has one channel a list, the largest of
   * the list's. Every other channel is cut from the weights. Without it all channels stay.
   */
  readonly classes?: readonly (readonly number[])[];
}

export interface ConversionOptions {
  /** How the model is called in an error. */
  readonly model: string;
  readonly outputs: readonly ConversionOutput[];
}

/** Name of the converted network's picture input: float32 [1, channels, height, width], free height and width. */
export const CONVERTED_INPUT = "images";

/**
 * Writes a TensorFlow.js graph model as an ONNX graph: only what the named outputs need, channels first,
 * height and width free. Deterministic.
 * @throws CodedError MODEL_OPERATOR for an operator that is not known, MODEL_CONVERSION for a known one that
 * is used in an unknown way or a graph that does not hold together
 */
export function convertTfjsGraph(source: TfjsGraph, options: ConversionOptions): OnnxGraph {
  const { model } = options;
  const broken = (what: string) => fault("MODEL_CONVERSION", { model, what });
  const builder = new GraphBuilder(source, model);
  const values = new Map<string, Value>();
  const inputs: OnnxValue[] = [];

  const visit = (reference: string, path: ReadonlySet<string>): Value => {
    const [name = "", output = "0"] = reference.split(":");
    if (output !== "0") throw broken(`${reference} is a second output, which is not supported`);
    if (path.has(name)) throw broken(`the graph has a cycle at ${name}`);
    const done = values.get(name);
    if (done !== undefined) return done;
    const node = source.nodes.get(name);
    if (node === undefined) throw broken(`there is no node ${name}`);
    const attributes = new NodeAttributes(node, model);
    const operands = node.inputs
      .filter((input) => !input.startsWith("^"))
      .map((input) => visit(input, new Set([...path, name])));
    const value = ((): Value => {
      if (node.op === "Const") {
        const weight = source.weights.get(name);
        if (weight === undefined) throw broken(`the weights of ${name} are missing`);
        return { kind: "constant", name, ...weight };
      }
      if (node.op === "Placeholder") {
        if (inputs.length > 0) throw broken("the graph has more than one input");
        const size = declaredSize(node);
        const channels = size.channels ?? 3;
        inputs.push({ name: CONVERTED_INPUT, type: "float32", shape: [1, channels, "height", "width"] });
        return { kind: "image", onnx: CONVERTED_INPUT, channels, height: size.height, width: size.width };
      }
      const operator = OPERATORS[node.op];
      if (operator === undefined) throw fault("MODEL_OPERATOR", { model, operator: node.op, node: name });
      return operator({ graph: builder, name, inputs: operands, attributes });
    })();
    values.set(name, value);
    return value;
  };

  const found = options.outputs.map((wanted) => ({
    wanted,
    image: builder.image(visit(wanted.node, new Set())),
  }));
  let nodes: readonly OnnxNode[] = builder.nodes;
  let initializers = builder.initializers;
  for (const { wanted, image } of found) {
    if (wanted.classes === undefined) {
      nodes = [...nodes, rename(image.onnx, wanted.name)];
      continue;
    }
    const kept = keepClasses({ nodes, initializers }, image, wanted.name, wanted.classes, broken);
    nodes = kept.nodes;
    initializers = kept.initializers;
  }
  const outputs = found.map(({ wanted, image }): OnnxValue => {
    return { name: wanted.name, type: "float32", shape: outputShape(wanted, image) };
  });
  const channels = new Map<string, number>();
  for (const value of values.values()) if (value.kind === "image") channels.set(value.onnx, value.channels);
  const fused = fuseHardSigmoids({ nodes, initializers }, (value) => channels.get(value));
  return { name: model, inputs, outputs, ...dropUnused(fused.nodes, fused.initializers, outputs) };
}

function rename(from: string, to: string): OnnxNode {
  return { op: "Identity", name: to, inputs: [from], outputs: [to], attributes: {} };
}

function outputShape(wanted: ConversionOutput, image: Image): (number | string)[] {
  return [1, wanted.classes?.length ?? image.channels, `${wanted.name}_height`, `${wanted.name}_width`];
}

function dropUnused(
  nodes: readonly OnnxNode[],
  initializers: OnnxGraph["initializers"],
  outputs: readonly OnnxValue[],
): Pick<OnnxGraph, "nodes" | "initializers"> {
  const used = new Set(outputs.map((output) => output.name));
  const kept = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => used.has(name))) return false;
    for (const name of node.inputs) used.add(name);
    return true;
  });
  return {
    nodes: kept.reverse(),
    initializers: initializers.filter((tensor) => used.has(tensor.name)),
  };
}
