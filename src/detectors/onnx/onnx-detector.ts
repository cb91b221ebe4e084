import "./silent-runtime.ts";

import { Worker } from "node:worker_threads";
import { type CodedError, fault } from "../../errors.ts";
import type { ModelManifest } from "../../models/manifest.ts";
import type { Detection, Detector, DetectorClass, InputSize, ModelIdentity, View } from "../detector.ts";
import { DETECTION_NUMBERS, type WorkerReply, type WorkerRequest, type WorkerSetup } from "./messages.ts";

/** How long a thread may take to let its session go before it is ended from outside. */
const CLOSE_SECONDS = 2;

type Answer<C extends DetectorClass> = readonly (readonly Detection<C>[])[];

interface Waiting<C extends DetectorClass> {
  readonly resolve: (answer: Answer<C>) => void;
  readonly reject: (error: CodedError) => void;
}

/**
 * A detector whose network runs in a thread of its own. Calls are answered in order; at most `queueCalls` wait,
 * one more is rejected with DETECTOR_FULL. If the thread dies, what waits is rejected with DETECTOR_CRASHED and
 * the next call starts it again.
 */
export class OnnxDetector<C extends DetectorClass> implements Detector<C> {
  readonly model: ModelIdentity;
  readonly inputSize: InputSize;
  readonly classes: readonly C[];
  readonly #setup: WorkerSetup;
  readonly #queueCalls: number;
  readonly #waiting = new Map<number, Waiting<C>>();
  #worker: Promise<Worker> | null = null;
  #lastId = 0;
  #closed = false;

  private constructor(setup: WorkerSetup, classes: readonly C[], sha256: string, queueCalls: number) {
    this.model = { name: setup.manifest.name, sha256 };
    this.inputSize = setup.manifest.input.size;
    this.classes = classes;
    this.#setup = setup;
    this.#queueCalls = queueCalls;
  }

  /**
   * @param classes those of the manifest, in its order
   * @throws CodedError MODEL_ONNX where the runtime refuses the network
   */
  static async start<C extends DetectorClass>(
    setup: WorkerSetup,
    classes: readonly C[],
    sha256: string,
    queueCalls: number,
  ): Promise<OnnxDetector<C>> {
    const detector = new OnnxDetector(setup, classes, sha256, queueCalls);
    await detector.#running();
    return detector;
  }

  /**
   * @throws CodedError DETECTOR_VIEW, DETECTOR_FULL, DETECTOR_CRASHED, DETECTOR_CLOSED, MODEL_ONNX where the
   * network does not do what its manifest says. After each but DETECTOR_CLOSED the next call may be made.
   */
  async detect(views: readonly View[], minScore: number): Promise<Answer<C>> {
    if (this.#closed) throw fault("DETECTOR_CLOSED", {});
    for (const view of views) checkView(view, this.#setup.manifest);
    if (!(minScore >= 0 && minScore <= 1)) throw fault("DETECTOR_VIEW", { what: `the score ${minScore}` });
    if (views.length === 0) return [];
    if (this.#waiting.size >= this.#queueCalls) {
      throw fault("DETECTOR_FULL", { waiting: this.#waiting.size });
    }
    const id = ++this.#lastId;
    const answer = new Promise<Answer<C>>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    // A thread that dies while it starts rejects this as well as the start, which is what is thrown below.
    answer.catch(() => {});
    const request: WorkerRequest = {
      kind: "detect",
      id,
      minScore,
      views: views.map(({ region, width, height, rgb }) => ({ region, width, height, rgb })),
    };
    try {
      const worker = await this.#running();
      worker.ref();
      worker.postMessage(request);
    } catch (error) {
      this.#waiting.delete(id);
      throw error;
    }
    return answer;
  }

  /** Lets the network go. What still waits is rejected with DETECTOR_CLOSED. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#rejectAll(fault("DETECTOR_CLOSED", {}));
    const worker = await this.#worker?.catch(() => null);
    this.#worker = null;
    if (worker === null || worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    const request: WorkerRequest = { kind: "close" };
    worker.postMessage(request);
    const late = setTimeout(() => void worker.terminate(), CLOSE_SECONDS * 1000);
    await ended;
    clearTimeout(late);
  }

  #running(): Promise<Worker> {
    this.#worker ??= this.#start();
    return this.#worker;
  }

  #start(): Promise<Worker> {
    const worker = new Worker(workerFile(), { workerData: this.#setup, name: "contrechamp-inference" });
    const started = Promise.withResolvers<Worker>();
    const ended = (why: string) => {
      const error = fault("DETECTOR_CRASHED", { why });
      started.reject(error);
      if (this.#worker === started.promise) {
        this.#worker = null;
        this.#rejectAll(error);
      }
    };
    worker.on("message", (message: WorkerReply) => {
      switch (message.kind) {
        case "ready":
          // A detector that nobody closes must not keep the process alive while it has nothing to do.
          worker.unref();
          started.resolve(worker);
          return;
        case "refused":
          started.reject(fault("MODEL_ONNX", { model: this.model.name, what: message.why }));
          if (this.#worker === started.promise) this.#worker = null;
          return;
        case "detected":
          this.#take(message.id, worker)?.resolve(message.views.map((numbers) => this.#unpack(numbers)));
          return;
        case "failed":
          this.#take(message.id, worker)?.reject(
            fault("MODEL_ONNX", { model: this.model.name, what: message.why }),
          );
          return;
      }
    });
    worker.on("error", (error) => ended(error instanceof Error ? error.message : String(error)));
    worker.on("exit", (code) => ended(`it ended with code ${code}`));
    return started.promise;
  }

  #take(id: number, worker: Worker): Waiting<C> | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) worker.unref();
    return waiting;
  }

  #rejectAll(error: CodedError): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of all) waiting.reject(error);
  }

  #unpack(numbers: Float64Array): Detection<C>[] {
    const detections: Detection<C>[] = [];
    for (let at = 0; at < numbers.length; at += DETECTION_NUMBERS) {
      const [index = 0, score = 0, x = 0, y = 0, width = 0, height = 0] = numbers.subarray(
        at,
        at + DETECTION_NUMBERS,
      );
      const name = this.classes[index];
      if (name !== undefined) detections.push({ class: name, score, box: { x, y, width, height } });
    }
    return detections;
  }
}

/** The thread's file stands beside this one, as TypeScript in a checkout and as JavaScript in the package. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);
}

function checkView(view: View, manifest: ModelManifest): void {
  const { width, height, rgb, region } = view;
  const { size } = manifest.input;
  const wrong = (what: string) => fault("DETECTOR_VIEW", { what });
  if (!Number.isInteger(width) || !Number.isInteger(height) || width <= 0 || height <= 0) {
    throw wrong(`${width}x${height} pixels`);
  }
  if (rgb.length !== 3 * width * height) {
    throw wrong(`${rgb.length} bytes for ${width}x${height} pixels`);
  }
  if (!(rgb.buffer instanceof SharedArrayBuffer)) throw wrong("pixels that are not on shared memory");
  if (size.kind === "multiple" && (width % size.of !== 0 || height % size.of !== 0)) {
    throw wrong(`${width}x${height} pixels, which are not multiples of ${size.of}`);
  }
  if (!(region.width > 0 && region.height > 0)) throw wrong("an empty region");
}
