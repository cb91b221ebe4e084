import { fault } from "../../errors.ts";
import type { TfjsNode } from "./tfjs-graph.ts";

/** The attributes of one graph node, read by the type that its operator says they have. */
export class NodeAttributes {
  readonly #node: TfjsNode;
  readonly #model: string;

  constructor(node: TfjsNode, model: string) {
    this.#node = node;
    this.#model = model;
  }

  /** A text attribute; stored as base64. */
  text(name: string, otherwise: string): string {
    const value = this.#field(name, "s");
    return typeof value === "string" ? decode(value) : otherwise;
  }

  flag(name: string): boolean {
    return this.#field(name, "b") === true;
  }

  number(name: string, otherwise: number): number {
    const value = this.#field(name, "f") ?? this.#field(name, "i");
    return value === undefined ? otherwise : Number(value);
  }

  texts(name: string): string[] {
    return this.#list(name, "s").map((value) => decode(String(value)));
  }

  /** The two middle numbers of a 4-entry NHWC attribute such as `strides`; the outer two must be 1. */
  spatialPair(name: string): [number, number] {
    const [n = 1, h = 1, w = 1, c = 1] = this.#list(name, "i").map(Number);
    if (n !== 1 || c !== 1) throw this.refuse(`${name} over batch or channels`);
    return [h, w];
  }

  refuse(what: string): Error {
    return fault("MODEL_CONVERSION", {
      model: this.#model,
      what: `node ${this.#node.name} (${this.#node.op}) uses ${what}, which is not supported`,
    });
  }

  #field(name: string, kind: string): unknown {
    const value = this.#node.attributes[name];
    return isRecord(value) ? value[kind] : undefined;
  }

  #list(name: string, kind: string): unknown[] {
    const list = this.#field(name, "list");
    const values = isRecord(list) ? list[kind] : undefined;
    return Array.isArray(values) ? values : [];
  }
}

/** A graph input's declared height and width, null where free. NHWC. */
export function declaredSize(node: TfjsNode): {
  height: number | null;
  width: number | null;
  channels: number | null;
} {
  const attribute = node.attributes["shape"];
  const shape = isRecord(attribute) ? attribute["shape"] : undefined;
  const dims = isRecord(shape) && Array.isArray(shape["dim"]) ? shape["dim"] : [];
  const at = (index: number): number | null => {
    const dim: unknown = dims[index];
    const size = isRecord(dim) ? Number(dim["size"]) : Number.NaN;
    return size > 0 ? size : null;
  };
  return { height: at(1), width: at(2), channels: at(3) };
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString("latin1");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
