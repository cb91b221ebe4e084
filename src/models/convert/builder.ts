import { fault } from "../../errors.ts";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "../onnx/graph.ts";
import type { TfjsGraph, TfjsWeight } from "./tfjs-graph.ts";

/** What an operator takes and gives: a batch of images (NCHW), or a constant as TensorFlow keeps it. */
export type Value = Image | Constant;

export interface Image {
  readonly kind: "image";
  /** Its name in the ONNX graph. */
  readonly onnx: string;
  readonly channels: number;
  /** Size at the picture size for which the graph was frozen, null where that is not known. */
  readonly height: number | null;
  readonly width: number | null;
}

export interface Constant extends TfjsWeight {
  readonly kind: "constant";
  readonly name: string;
}

/** Collects the ONNX nodes and weights of one conversion. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #source: TfjsGraph;
  readonly #model: string;
  readonly #written = new Set<string>();

  constructor(source: TfjsGraph, model: string) {
    this.#source = source;
    this.#model = model;
  }

  /** Adds a node with one output, called as the node. @returns the output's name */
  add(op: string, name: string, inputs: string[], attributes: Record<string, OnnxAttribute> = {}): string {
    this.nodes.push({ op, name, inputs, outputs: [name], attributes });
    return name;
  }

  /** The TensorFlow operator of a node. */
  opOf(name: string): string {
    return this.#source.nodes.get(name)?.op ?? "";
  }

  need(value: Value | undefined): Value {
    if (value === undefined) throw this.#broken("a node has fewer inputs than its operator needs");
    return value;
  }

  image(value: Value | undefined): Image {
    const found = this.need(value);
    if (found.kind === "constant") throw this.#broken(`${found.name} is a constant where an image is needed`);
    return found;
  }

  constant(value: Value | undefined): Constant {
    const found = this.need(value);
    if (found.kind === "image") throw this.#broken(`${found.onnx} is computed where a constant is needed`);
    return found;
  }

  /** The ONNX name of a value as an operand of element-wise arithmetic with an NCHW image. */
  operand(value: Value): string {
    if (value.kind === "image") return value.onnx;
    const { shape, data } = value;
    if (data.length === 1) return this.weight(value.name, [], data);
    if (shape.length === 1 || shape.slice(0, -1).every((n) => n === 1)) {
      return this.weight(value.name, [data.length, 1, 1], data); // one number a channel
    }
    throw this.#broken(`${value.name} of shape [${shape.join(", ")}] is not one number or one a channel`);
  }

  weight(name: string, shape: readonly number[], data: Float32Array): string {
    if (!this.#written.has(name)) this.initializers.push({ name, type: "float32", shape, data });
    this.#written.add(name);
    return name;
  }

  integers(name: string, values: readonly number[]): string {
    const data = BigInt64Array.from(values, (value) => BigInt(value));
    this.initializers.push({ name, type: "int64", shape: [values.length], data });
    return name;
  }

  scalar(value: number): string {
    return this.weight(`scalar/${value}`, [], Float32Array.of(value));
  }

  #broken(what: string): Error {
    return fault("MODEL_CONVERSION", { model: this.#model, what });
  }
}
