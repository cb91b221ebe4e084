import fc from "fast-check";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { summariseOnnx } from "./decode.ts";
import { encodeModel } from "./encode.ts";
import { float, int, ints, type OnnxGraph, string } from "./graph.ts";
import { readFields, WireWriter } from "./wire.ts";

const graph: OnnxGraph = {
  name: "small",
  inputs: [{ name: "x", type: "float32", shape: [1, 2, "h", "w"] }],
  outputs: [
    { name: "pooled", type: "float32", shape: [1, 2, "h2", "w2"] },
    { name: "leaky", type: "float32", shape: [1, 2, "h", "w"] },
    { name: "flat", type: "float32", shape: [2, "n"] },
  ],
  nodes: [
    {
      op: "MaxPool",
      name: "pool",
      inputs: ["x"],
      outputs: ["pooled"],
      attributes: { kernel_shape: ints([2, 2]), strides: ints([2, 2]), auto_pad: string("SAME_UPPER") },
    },
    { op: "Mul", name: "twice", inputs: ["x", "two"], outputs: ["t"], attributes: {} },
    { op: "LeakyRelu", name: "leaky", inputs: ["t"], outputs: ["leaky"], attributes: { alpha: float(0.25) } },
    {
      op: "Reshape",
      name: "flat",
      inputs: ["x", "to"],
      outputs: ["flat"],
      attributes: { allowzero: int(0) },
    },
  ],
  initializers: [
    { name: "two", type: "float32", shape: [], data: Float32Array.of(2) },
    { name: "to", type: "int64", shape: [2], data: BigInt64Array.of(2n, -1n) },
  ],
};

describe("encodeModel", () => {
  it("writes what onnxruntime runs", async () => {
    const session = await InferenceSession.create(encodeModel(graph), { logSeverityLevel: 3 });
    const x = new Tensor("float32", Float32Array.of(1, -2, 3, -4, 5, -6, 7, -8), [1, 2, 2, 2]);
    const { pooled, leaky, flat } = await session.run({ x });
    expect([...(pooled?.data ?? [])]).toEqual([3, 7]);
    expect([...(leaky?.data ?? [])]).toEqual([2, -1, 6, -2, 10, -3, 14, -4]);
    expect(flat?.dims).toEqual([2, 4]);
  });

  it("gives the same bytes each time", () => {
    expect(encodeModel(graph)).toEqual(encodeModel(structuredClone(graph)));
  });
});

describe("summariseOnnx", () => {
  it("reads inputs, outputs and operators back", () => {
    expect(summariseOnnx(encodeModel(graph))).toEqual({
      inputs: [{ name: "x", type: 1, shape: [1, 2, null, null] }],
      outputs: [
        { name: "pooled", type: 1, shape: [1, 2, null, null] },
        { name: "leaky", type: 1, shape: [1, 2, null, null] },
        { name: "flat", type: 1, shape: [2, null] },
      ],
      ops: ["LeakyRelu", "MaxPool", "Mul", "Reshape"],
    });
  });

  it("throws nothing but RangeError on damaged bytes", () => {
    const whole = encodeModel(graph);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, length) => {
        const damaged = whole.slice(0, length);
        if (at < length) damaged[at] = value;
        try {
          summariseOnnx(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
    expect(() => summariseOnnx(new Uint8Array(0))).toThrow("holds no graph");
    expect(() => summariseOnnx(whole.slice(0, 100))).toThrow(RangeError);
  });
});

describe("the wire format", () => {
  it("gives back any field", () => {
    const field = fc.integer({ min: 1, max: 2 ** 28 });
    fc.assert(
      fc.property(
        field,
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.uint8Array(),
        (n, value, bytes) => {
          const written = new WireWriter().integer(n, value).bytes(n, bytes).float(n, 0.5).finish();
          const [first, second, third, ...none] = readFields(written).toArray();
          expect([first?.field, second?.field, third?.field, none]).toEqual([n, n, n, []]);
          expect(BigInt.asIntN(64, first?.value ?? 0n)).toBe(value);
          expect(second?.bytes).toEqual(bytes);
          expect(third?.bytes).toEqual(Uint8Array.of(0, 0, 0, 0x3f));
        },
      ),
    );
  });
});
