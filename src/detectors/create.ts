import "./onnx/silent-runtime.ts";

import { listSupportedBackends } from "onnxruntime-node";
import { fault } from "../errors.ts";
import { type ModelPurpose, modelPurpose } from "../models/manifest.ts";
import { type ResolvedModel, readNetwork } from "../models/models.ts";
import { SLOT_CLASSES_OF, type SlotClass, type SlotEvent } from "../models/slots.ts";
import { type Detector, type DetectorClass, OBJECT_CLASSES } from "./detector.ts";
import { OnnxDetector } from "./onnx/onnx-detector.ts";

export interface DetectorOptions {
  /** Threads inside the network's operators; 1 by default: more cameras are better served by more detectors. */
  readonly threads?: number;
  /** onnxruntime execution providers in order of preference; `["cpu"]` by default. */
  readonly providers?: readonly string[];
  /** How many calls may wait before one is rejected; 4 by default. */
  readonly queueCalls?: number;
}

/**
 * Starts the network of a camera's detector in a thread of its own. Its bytes are checked against the model's hash
 * once more, and those bytes are what runs.
 * @throws CodedError MODEL_PURPOSE, MODEL_HASH, MODEL_ONNX, MODEL_OUTPUTS, DETECTOR_PROVIDER
 */
export async function createDetector(model: ResolvedModel, options: DetectorOptions = {}): Promise<Detector> {
  return start(model, "objects", OBJECT_CLASSES, options);
}

/**
 * The same for the network that an operator brings for one event: it names what the slot may say, and nothing else.
 * @throws CodedError as `createDetector`
 */
export async function createSlotDetector(
  model: ResolvedModel,
  event: SlotEvent,
  options: DetectorOptions = {},
): Promise<Detector<SlotClass>> {
  return start<SlotClass>(model, event, SLOT_CLASSES_OF[event], options);
}

async function start<C extends DetectorClass>(
  model: ResolvedModel,
  purpose: ModelPurpose,
  classes: readonly C[],
  options: DetectorOptions,
): Promise<Detector<C>> {
  const { manifest, sha256 } = model;
  const found = modelPurpose(manifest);
  if (found !== purpose) throw fault("MODEL_PURPOSE", { model: manifest.name, found, wanted: purpose });
  const providers = options.providers ?? ["cpu"];
  // onnxruntime drops a provider that it does not know with no more than a log line.
  const known = listSupportedBackends().map((backend) => backend.name);
  for (const provider of providers) {
    if (!known.includes(provider)) throw fault("DETECTOR_PROVIDER", { provider, known: known.join(", ") });
  }
  const onnx = await readNetwork(model);
  const setup = { manifest, onnx, threads: options.threads ?? 1, providers };
  const named = classes.filter((name) => manifest.labels[name].length > 0);
  return OnnxDetector.start(setup, named, sha256, options.queueCalls ?? 4);
}
