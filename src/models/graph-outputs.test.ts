import { describe, expect, it } from "vitest";
import { GENERATED, type Generated, generatedModel } from "../../test/contracts/generated-networks.ts";
import { checkGraph } from "./graph-outputs.ts";
import { readNetwork } from "./models.ts";
import { encodeModel } from "./onnx/encode.ts";
import type { OnnxGraph, OnnxValue } from "./onnx/graph.ts";

async function check(kind: Generated, change: (graph: OnnxGraph) => OnnxGraph) {
  let bytes = new Uint8Array(0);
  const model = await generatedModel(kind, {
    graph: (graph) => {
      const changed = change(graph);
      bytes = new Uint8Array(encodeModel(changed));
      return changed;
    },
  });
  return checkGraph(model.manifest, bytes);
}

const withOutput = (added: OnnxValue) => (graph: OnnxGraph) => ({
  ...graph,
  outputs: [...graph.outputs, added],
});
const shaped = (name: string, shape: OnnxValue["shape"]) => (graph: OnnxGraph) => ({
  ...graph,
  outputs: graph.outputs.map((output) => (output.name === name ? { ...output, shape } : output)),
});
const renamed = (side: "inputs" | "outputs", to: string) => (graph: OnnxGraph) => ({
  ...graph,
  [side]: graph[side].map((value, i) => (i === 0 ? { ...value, name: to } : value)),
});

describe("checkGraph", () => {
  it.each(GENERATED)("passes the outputs of %s", async (kind) => {
    const model = await generatedModel(kind);
    await expect(readNetwork(model)).resolves.toBeInstanceOf(Uint8Array);
  });

  it("passes sizes that the file leaves free", async () => {
    const summary = await check("detr", shaped("boxes", ["batch", "queries", "four"]));
    expect(summary.outputs).toHaveLength(2);
  });

  it.each<[string, Generated, (graph: OnnxGraph) => OnnxGraph, string]>([
    [
      "an appearance vector",
      "centernet",
      withOutput({ name: "embedding", type: "float32", shape: [1, 128] }),
      "an output embedding [1, 128]",
    ],
    [
      "an appearance map",
      "centernet",
      withOutput({ name: "id", type: "float32", shape: [1, 64, "h", "w"] }),
      "output id",
    ],
    [
      "features of each query",
      "detr",
      withOutput({ name: "features", type: "float32", shape: [1, 16, 256] }),
      "output features",
    ],
    [
      "a wide row beside each box",
      "yolox",
      shaped("output", [1, 84, 8 + 128]),
      "has not the shape [1, any, 8]",
    ],
    [
      "boxes that are more than boxes",
      "detr",
      shaped("boxes", [1, 16, 132]),
      "has not the shape [1, any, 4]",
    ],
    [
      "a deep heat map",
      "centernet-labels",
      shaped("heatmap", [1, 64, "h", "w"]),
      "has not the shape [1, 3, any, any]",
    ],
    [
      "scores in more dimensions",
      "detr-scored",
      shaped("scores", [1, 16, 128]),
      "has not the shape [1, any]",
    ],
  ])("refuses %s", async (_, kind, change, message) => {
    await expect(check(kind, change)).rejects.toMatchObject({
      code: "MODEL_OUTPUTS",
      message: expect.stringContaining(message),
    });
  });

  it.each<[string, (graph: OnnxGraph) => OnnxGraph, string]>([
    ["an input of another name", renamed("inputs", "pixels"), "no input images, but pixels"],
    ["a missing output", (graph) => ({ ...graph, outputs: graph.outputs.slice(0, 1) }), "no output boxes"],
    ["no output", (graph) => ({ ...graph, outputs: [] }), "without outputs"],
    [
      "an input that nobody fills",
      (graph) => ({
        ...graph,
        inputs: [...graph.inputs, { name: "gallery", type: "float32", shape: [1, 128] }],
      }),
      "asks for an input gallery",
    ],
  ])("refuses %s", async (_, change, message) => {
    await expect(check("centernet", change)).rejects.toMatchObject({
      code: "MODEL_ONNX",
      message: expect.stringContaining(message),
    });
  });
});
