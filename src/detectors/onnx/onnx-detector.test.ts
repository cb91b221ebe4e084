import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { blankView } from "../../../test/contracts/detector.ts";
import { generatedModel } from "../../../test/contracts/generated-networks.ts";
import { createDetector, type DetectorOptions } from "../create.ts";
import type { Detector } from "../detector.ts";

/** Every inference thread started while a test runs, so that it can end one from outside. */
const threads: Worker[] = [];
const remember = (worker: Worker) => void threads.push(worker);
process.on("worker", remember);
const open: Detector[] = [];

async function start(options: DetectorOptions = {}): Promise<Detector> {
  const detector = await createDetector(await generatedModel("centernet"), options);
  open.push(detector);
  return detector;
}

afterEach(async () => {
  for (const detector of open.splice(0)) await detector.close();
  threads.length = 0;
});

const view = blankView({ width: 64, height: 64 }, 0);

describe("OnnxDetector", () => {
  it("rejects what waits when its thread dies, and starts another for the next call", async () => {
    const detector = await start();
    const large = blankView({ width: 2048, height: 2048 }, 0);
    const waiting = [detector.detect([large], 0.1), detector.detect([view], 0.1)];
    const outcomes = Promise.allSettled(waiting);
    await sleep(1);
    await threads[0]?.terminate();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "DETECTOR_CRASHED" } });
    }
    expect(await detector.detect([view], 0.1)).toEqual([[]]);
    expect(threads).toHaveLength(2);
  });

  it("says so when its thread dies while it starts, and tries again", async () => {
    const detector = await start();
    await threads[0]?.terminate();
    process.once("worker", (worker) => void worker.terminate());
    await expect(detector.detect([view], 0.1)).rejects.toMatchObject({ code: "DETECTOR_CRASHED" });
    expect(await detector.detect([view], 0.1)).toEqual([[]]);
    expect(threads).toHaveLength(3);
  });

  it("takes so many calls and no more, and works on", async () => {
    const detector = await start({ queueCalls: 2 });
    const calls = [1, 2, 3].map(() => detector.detect([view], 0.1));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(outcomes[2]).toMatchObject({ reason: { code: "DETECTOR_FULL" } });
    expect(await detector.detect([view], 0.1)).toEqual([[]]);
  });

  it("rejects what waits when it is closed", async () => {
    const detector = await start();
    const call = detector.detect([blankView({ width: 1024, height: 1024 }, 0)], 0.1);
    const outcome = Promise.allSettled([call]);
    await detector.close();
    expect((await outcome)[0]).toMatchObject({ reason: { code: "DETECTOR_CLOSED" } });
  });

  it("refuses sizes that the network does not take, and pixels that are not shared", async () => {
    const detector = await start();
    const odd = blankView({ width: 60, height: 64 }, 0);
    await expect(detector.detect([odd], 0.1)).rejects.toMatchObject({
      code: "DETECTOR_VIEW",
      message: expect.stringContaining("multiples of 32"),
    });
    const copied = structuredClone({ ...view, rgb: undefined });
    const plain = { ...copied, rgb: new Uint8Array(view.rgb) };
    // @ts-expect-error the pixels must be on shared memory
    await expect(detector.detect([plain], 0.1)).rejects.toMatchObject({ code: "DETECTOR_VIEW" });
  });

  it("takes many sizes, one after the other and back", async () => {
    const detector = await start();
    for (const width of [32, 64, 96, 128, 160, 192, 32]) {
      expect(await detector.detect([blankView({ width, height: 32 }, 0)], 0.1)).toEqual([[]]);
    }
  });

  it("says so when the runtime refuses the network", async () => {
    const model = await generatedModel("centernet", {
      graph: (graph) => ({ ...graph, nodes: graph.nodes.map((node) => ({ ...node, op: `${node.op}X` })) }),
    });
    await expect(createDetector(model)).rejects.toMatchObject({ code: "MODEL_ONNX" });
  });

  it("says so when the network gives other shapes than it declares, and goes on", async () => {
    const model = await generatedModel("yolox", {
      graph: (graph) => ({
        ...graph,
        outputs: [{ name: "output", type: "float32", shape: [1, "n", 8] }],
        nodes: graph.nodes.map((node) =>
          node.name === "all" ? { ...node, inputs: node.inputs.slice(0, 2) } : node,
        ),
      }),
    });
    const detector = await createDetector(model);
    open.push(detector);
    for (let i = 0; i < 2; i++) {
      await expect(detector.detect([view], 0.1)).rejects.toMatchObject({
        code: "MODEL_ONNX",
        message: expect.stringContaining("80 boxes where its grids have 84 cells"),
      });
    }
  });

  it("refuses a provider that this build of the runtime has not", async () => {
    await expect(start({ providers: ["abacus", "cpu"] })).rejects.toMatchObject({
      code: "DETECTOR_PROVIDER",
      help: expect.stringContaining("cpu"),
    });
  });
});
