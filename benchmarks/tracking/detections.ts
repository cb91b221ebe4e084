import { createDetector } from "../../src/detectors/create.ts";
import type { Detection } from "../../src/detectors/detector.ts";
import { mergeViews } from "../../src/detectors/merge.ts";
import { ViewBuffers } from "../../src/engine/view-buffers.ts";
import { createScene } from "../../src/frames/background-scene.ts";
import { resolveModel } from "../../src/models/models.ts";
import { createSource } from "../../src/sources/open-source.ts";
import { type Seconds, systemClock } from "../../src/time/clock.ts";
import { strategies } from "./strategies.ts";

/** What one strategy saw in one picture. */
export interface Seen {
  /** Null where it did not look. */
  readonly detections: readonly Detection[] | null;
  /** Pixels that went through the network. */
  readonly pixels: number;
}

export interface SeenPicture {
  readonly at: Seconds;
  readonly by: ReadonlyMap<string, Seen>;
}

export interface SeenClip {
  readonly width: number;
  readonly height: number;
  readonly strategies: readonly string[];
  readonly pictures: readonly SeenPicture[];
}

/** As the engine asks, and as it tells the background where things stand. */
const LOWEST_SCORE = 0.1;
const COVER_SCORE = 0.3;
const SOURCE = {
  clock: systemClock,
  realtime: false,
  startedAt: null,
  transport: "tcp",
  motionVectors: false,
  decoderThreads: 1,
  queueFrames: 4,
} as const;

/** Shows every picture of a recording to the network in each way, once. Nothing is kept but boxes. */
export async function seeClip(video: string, model: string): Promise<SeenClip> {
  const detector = await createDetector(await resolveModel(model), { threads: 1 });
  const source = createSource(video, SOURCE);
  try {
    const info = await source.open();
    const scene = createScene();
    const buffers = new ViewBuffers();
    const ways = strategies(info, detector.inputSize);
    const pictures: SeenPicture[] = [];
    for await (const item of source.items()) {
      if (item.kind === "health") continue;
      const { frame } = item;
      const state = scene.observe(frame);
      const by = new Map<string, Seen>();
      for (const { name, looks } of ways) {
        const plan = looks(state);
        if (plan === null) {
          by.set(name, { detections: null, pixels: 0 });
          continue;
        }
        const answers = await detector.detect(buffers.render(frame, plan), LOWEST_SCORE);
        const views = plan.map(({ region }, i) => ({ region, detections: answers[i] ?? [] }));
        const pixels = plan.reduce((sum, look) => sum + look.width * look.height, 0);
        by.set(name, { detections: mergeViews(views, frame), pixels });
      }
      const known = [...by.values()].find(({ detections }) => detections !== null)?.detections ?? [];
      scene.cover(known.filter(({ score }) => score >= COVER_SCORE).map(({ box }) => box));
      pictures.push({ at: frame.pts, by });
      frame.release();
    }
    return { width: info.width, height: info.height, strategies: ways.map(({ name }) => name), pictures };
  } finally {
    await source.close();
    await detector.close();
  }
}
