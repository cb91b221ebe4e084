/**
 * The inference thread: one onnxruntime session, whose `run` blocks it, and the arithmetic before and after.
 * Input and output tensors are made once for each size and used again.
 */
import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { manifestClasses } from "../../models/manifest.ts";
import { decodeOutput } from "./decode.ts";
import type { WorkerReply, WorkerRequest, WorkerSetup, WorkerView } from "./messages.ts";
import { fillInput, inputShape, type Placement } from "./preprocess.ts";
import type { NetworkBox, NetworkTensor } from "./tensor.ts";

/** Sizes whose tensors are kept: the whole view and a few shapes of crops. */
const KEPT_SIZES = 4;

interface Slot {
  readonly values: Float32Array;
  readonly feeds: Record<string, Tensor>;
  /** Where the runtime writes; empty before the first run of this size. */
  fetches: Record<string, Tensor>;
}

const setup: WorkerSetup = workerData;
const { manifest } = setup;
const labels = manifestClasses(manifest).map((name) => manifest.labels[name]);
const slots = new Map<string, Slot>();

const port = parentPort;
if (port === null) throw new Error("worker.ts runs as a worker thread");
const reply = (message: WorkerReply) => port.postMessage(message);

let session: InferenceSession | null = null;
try {
  session = await InferenceSession.create(setup.onnx, {
    executionProviders: [...setup.providers],
    intraOpNumThreads: setup.threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    // Errors come as exceptions; the runtime's warnings are about its own optimisations.
    logSeverityLevel: 3,
  });
} catch (error) {
  reply({ kind: "refused", why: reason(error) });
}

if (session !== null) {
  const running = session;
  // One after the other, also across an await.
  let last: Promise<void> = Promise.resolve();
  port.on("message", (request: WorkerRequest) => {
    last = last.then(() => serve(running, request));
  });
  reply({ kind: "ready" });
}

async function serve(running: InferenceSession, request: WorkerRequest): Promise<void> {
  if (request.kind === "close") {
    await running.release();
    port?.close();
    return;
  }
  const { id } = request;
  try {
    const views: Float64Array[] = [];
    for (const view of request.views) views.push(await detect(running, view, request.minScore));
    reply({ kind: "detected", id, views });
  } catch (error) {
    reply({ kind: "failed", id, why: reason(error) });
  }
}

async function detect(running: InferenceSession, view: WorkerView, minScore: number): Promise<Float64Array> {
  const shape = inputShape(manifest.input, view);
  const slot = slotFor(shape.width, shape.height);
  const placement = fillInput(slot.values, shape, view, manifest.input);
  const results = await running.run(slot.feeds, slot.fetches);
  slot.fetches = results;
  const tensors: Record<string, NetworkTensor> = {};
  for (const [name, tensor] of Object.entries(results)) {
    const { data, dims } = tensor;
    if (data instanceof Float32Array || data instanceof BigInt64Array || data instanceof Int32Array) {
      tensors[name] = { data, dims };
    }
  }
  const boxes = decodeOutput(manifest.network, { tensors, labels, ...shape }, minScore);
  return toFrame(boxes, view, placement);
}

function slotFor(width: number, height: number): Slot {
  const key = `${width}x${height}`;
  const known = slots.get(key);
  if (known !== undefined) return known;
  const values = new Float32Array(3 * width * height);
  const feeds: Record<string, Tensor> = {
    [manifest.input.name]: new Tensor("float32", values, [1, 3, height, width]),
  };
  const { network } = manifest;
  if (network.family === "detr" && network.layout.kind === "scored") {
    const size = BigInt64Array.of(BigInt(width), BigInt(height));
    feeds[network.layout.sizes] = new Tensor("int64", size, [1, 2]);
  }
  const slot: Slot = { values, feeds, fetches: {} };
  const oldest = slots.keys().next().value;
  if (slots.size >= KEPT_SIZES && oldest !== undefined) slots.delete(oldest);
  slots.set(key, slot);
  return slot;
}

/** Boxes of the network's input, clipped to the view, in frame coordinates. */
function toFrame(boxes: readonly NetworkBox[], view: WorkerView, placement: Placement): Float64Array {
  const { region, width, height } = view;
  const x = (value: number) => region.x + (clamp(value / placement.scaleX, width) * region.width) / width;
  const y = (value: number) => region.y + (clamp(value / placement.scaleY, height) * region.height) / height;
  const numbers = boxes.flatMap((box) => {
    const left = x(box.left);
    const top = y(box.top);
    const across = x(box.right) - left;
    const down = y(box.bottom) - top;
    // A box that lies wholly outside the view has nothing left.
    return across > 0 && down > 0 ? [box.class, box.score, left, top, across, down] : [];
  });
  return Float64Array.from(numbers);
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
