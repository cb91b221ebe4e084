import { fault } from "../errors.ts";
import { type ModelManifest, manifestClasses } from "./manifest.ts";
import { type OnnxBorder, type OnnxSummary, summariseOnnx } from "./onnx/decode.ts";

/**
 * Refuses a network from which anything but boxes, scores, labels and heat maps comes out: a vector that
 * describes how somebody looks must not exist, even unread. Each output must be one that the family names and
 * have its shape; sizes that the file leaves free are checked when the network runs.
 * @returns what the file says of itself
 * @throws CodedError MODEL_ONNX where the bytes are no ONNX file or lack what the manifest names, MODEL_OUTPUTS
 */
export function checkGraph(manifest: ModelManifest, onnx: Uint8Array): OnnxSummary {
  let summary: OnnxSummary;
  try {
    summary = summariseOnnx(onnx);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw fault("MODEL_ONNX", { model: manifest.name, what: `the file ${error.message}` }, error);
  }
  const inputs = summary.inputs.map((input) => input.name);
  const expected = expectedInputs(manifest);
  for (const name of expected.filter((name) => !inputs.includes(name))) {
    throw fault("MODEL_ONNX", {
      model: manifest.name,
      what: `it has no input ${name}, but ${inputs.join(", ")}`,
    });
  }
  for (const name of inputs.filter((name) => !expected.includes(name))) {
    throw fault("MODEL_ONNX", {
      model: manifest.name,
      what: `it asks for an input ${name} that is not known`,
    });
  }
  const allowed = expectedOutputs(manifest);
  for (const output of summary.outputs) {
    const shape = allowed.get(output.name);
    if (shape === undefined) {
      const what = `it has an output ${output.name}${shown(output)} beside ${[...allowed.keys()].join(", ")}`;
      throw fault("MODEL_OUTPUTS", { model: manifest.name, what });
    }
    if (!fits(output, shape)) {
      const what = `its output ${output.name}${shown(output)} has not the shape ${shownShape(shape)}`;
      throw fault("MODEL_OUTPUTS", { model: manifest.name, what });
    }
  }
  for (const name of allowed.keys()) {
    if (!summary.outputs.some((output) => output.name === name)) {
      throw fault("MODEL_ONNX", { model: manifest.name, what: `it has no output ${name}` });
    }
  }
  return summary;
}

/** A shape with null where any size will do. */
type Shape = readonly (number | null)[];

function expectedInputs(manifest: ModelManifest): string[] {
  const { network } = manifest;
  const scored = network.family === "detr" && network.layout.kind === "scored" ? [network.layout.sizes] : [];
  return [manifest.input.name, ...scored];
}

function expectedOutputs(manifest: ModelManifest): ReadonlyMap<string, Shape> {
  const { network, labels } = manifest;
  switch (network.family) {
    case "centernet": {
      const channels = network.channels === "labels" ? labels.count : manifestClasses(manifest).length;
      return new Map<string, Shape>([
        [network.heatmap, [1, channels, null, null]],
        [network.boxes, [1, 4, null, null]],
      ]);
    }
    case "yolox":
      return new Map<string, Shape>([[network.output, [1, null, 5 + labels.count]]]);
    case "detr":
      return network.layout.kind === "logits"
        ? new Map<string, Shape>([
            [network.layout.logits, [1, null, labels.count]],
            [network.layout.boxes, [1, null, 4]],
          ])
        : new Map<string, Shape>([
            [network.layout.labels, [1, null]],
            [network.layout.boxes, [1, null, 4]],
            [network.layout.scores, [1, null]],
          ]);
  }
}

function fits(output: OnnxBorder, shape: Shape): boolean {
  if (output.shape === null) return true;
  if (output.shape.length !== shape.length) return false;
  return output.shape.every((size, i) => size === null || shape[i] === null || size === shape[i]);
}

function shown(output: OnnxBorder): string {
  return output.shape === null ? "" : ` ${shownShape(output.shape)}`;
}

function shownShape(shape: Shape): string {
  return `[${shape.map((size) => size ?? "any").join(", ")}]`;
}
