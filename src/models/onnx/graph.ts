/** A neural network as ONNX holds it: the part of onnx.proto that detection networks use. */
export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** In an order in which each node's inputs are already there. */
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
}

/** An input or output. A dimension is a size, or a name where it is free. */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

export interface OnnxNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export type OnnxAttribute =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "ints"; readonly value: readonly number[] };

export type OnnxTensor =
  | {
      readonly name: string;
      readonly type: "float32";
      readonly shape: readonly number[];
      readonly data: Float32Array;
    }
  | {
      readonly name: string;
      readonly type: "int64";
      readonly shape: readonly number[];
      readonly data: BigInt64Array;
    };

/** TensorProto.DataType numbers of the types that may stand at a network's border. */
export const ONNX_TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const;
export type OnnxType = keyof typeof ONNX_TYPES;

export const int = (value: number): OnnxAttribute => ({ kind: "int", value });
export const float = (value: number): OnnxAttribute => ({ kind: "float", value });
export const string = (value: string): OnnxAttribute => ({ kind: "string", value });
export const ints = (value: readonly number[]): OnnxAttribute => ({ kind: "ints", value });
