import "./onnx/silent-runtime.ts";

import { listSupportedBackends } from "onnxruntime-node";
import { fault } from "../errors.ts";
import { type ResolvedModel, readNetwork } from "../models/models.ts";
import type { Detector } from "./detector.ts";
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
 * Starts the network of a resolved model in a thread of its own. Its bytes are checked against the model's hash
 * once more, and those bytes are what runs.
 * @throws CodedError MODEL_HASH, MODEL_ONNX, MODEL_OUTPUTS, DETECTOR_PROVIDER
 */
export async function createDetector(model: ResolvedModel, options: DetectorOptions = {}): Promise<Detector> {
  const providers = options.providers ?? ["cpu"];
  // onnxruntime drops a provider that it does not know with no more than a log line.
  const known = listSupportedBackends().map((backend) => backend.name);
  for (const provider of providers) {
    if (!known.includes(provider)) throw fault("DETECTOR_PROVIDER", { provider, known: known.join(", ") });
  }
  const onnx = await readNetwork(model);
  const setup = { manifest: model.manifest, onnx, threads: options.threads ?? 1, providers };
  return OnnxDetector.start(setup, model.sha256, options.queueCalls ?? 4);
}
