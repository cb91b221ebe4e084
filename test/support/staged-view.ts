import type { Detection, ObjectClass } from "../../src/detectors/detector.ts";
import { ANALYSIS_LONG_SIDE, analysisSize, type Frame } from "../../src/frames/frame.ts";
import { memoryFrame } from "../../src/frames/memory-frame.ts";
import type { SceneState } from "../../src/frames/scene.ts";
import type { Box } from "../../src/geometry/shapes.ts";
import { sceneOf } from "./observations.ts";
import { paintTexture, type Texture } from "./texture-search.ts";

/** Something in a staged view: where it is, what it wears, and what the background model and the detector see of it. */
export interface Actor {
  readonly class: ObjectClass;
  readonly texture: Texture | null;
  /** Image coordinates; null while it is out of the view. */
  box(at: number): Box | null;
  /** Whether it differs from the scene's background then: true for what came in, false for what was always there. */
  foreground(at: number): boolean;
  /** Score of the detector's pass at that instant, null for a miss. */
  score(at: number): number | null;
}

/**
 * A plain view with known truth, in place of a camera: a wall and a floor with some structure and sensor
 * noise, and actors. `scene` says what an ideal background model would.
 */
export function stagedView(
  width: number,
  height: number,
  actors: readonly Actor[],
  posters: readonly { texture: Texture; box: Box }[] = [],
) {
  const empty = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const floor = y > 0.45 * height;
      const tile = floor && (x % 48 < 2 || y % 32 < 2) ? -14 : 0;
      const base = floor ? 130 + (40 * y) / height : 170 - (30 * y) / height;
      const j = 3 * (y * width + x);
      empty[j] = base + tile + 6;
      empty[j + 1] = base + tile;
      empty[j + 2] = base + tile - 8;
    }
  }
  for (const { texture, box } of posters) paintTexture({ width, height, data: empty }, texture, box);
  const grid = analysisSize(width, height);

  return {
    frame(at: number): Frame {
      const data = empty.slice();
      // Noise of a few levels, another in each picture.
      let state = (Math.round(at * 1000) * 2654435761) >>> 0;
      for (let i = 0; i < data.length; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        data[i] = (data[i] ?? 0) + (state >>> 30) - 1;
      }
      for (const actor of actors) {
        const box = actor.box(at);
        if (box !== null && actor.texture !== null) paintTexture({ width, height, data }, actor.texture, box);
      }
      return memoryFrame({ width, height, data }, { pts: at });
    },
    scene(at: number, over: Partial<SceneState> = {}): SceneState {
      const came = actors.flatMap((actor) => (actor.foreground(at) ? (actor.box(at) ?? []) : []));
      return { ...sceneOf(at, { width, height }, came, grid), regions: [], settled: at >= 2, ...over };
    },
    detections(at: number): Detection[] {
      return actors.flatMap((actor) => {
        const box = actor.box(at);
        const score = box === null ? null : actor.score(at);
        return box === null || score === null ? [] : [{ class: actor.class, box, score }];
      });
    },
  };
}

/** A number in 0..1 that depends on the seed and the instant alone. */
export function chance(seed: number, at: number): number {
  let t = (Math.round(at * 1000) + Math.imul(seed, 0x9e3779b9)) >>> 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

/** Pictures of this size are their own analysis and evidence picture, which keeps tests quick. */
export const STAGED_WIDTH = ANALYSIS_LONG_SIDE;
export const STAGED_HEIGHT = 288;
