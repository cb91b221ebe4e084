import { describe, expect, it } from "vitest";
import { quietScene } from "../../test/support/observations.ts";
import type { Polygon } from "../geometry/shapes.ts";
import { randomStream } from "../scenes/random.ts";
import type { AreaFlow } from "./area-flow.ts";
import { createScene } from "./background-scene.ts";
import { BlockFlow } from "./block-flow.ts";
import type { Plane } from "./frame.ts";
import { createIgnoreMask, maskFrame } from "./masked-frame.ts";
import { memoryFrame } from "./memory-frame.ts";
import type { SceneState } from "./scene.ts";

const SIZE = { width: 160, height: 120 };
/** The picture is twice the analysis size. */
const PICTURE = { width: 320, height: 240 };

function grey(x: number, y: number): number {
  let h = Math.imul(x + 1, 0x27d4eb2d) ^ Math.imul(y + 1, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return ((h >>> 8) % 5) * 12 + 60;
}

/** A textured thing of 32 x 40 samples with its corner at (left, top), on a flat ground. */
function sceneWith(at: number, left: number, top: number, over: Partial<SceneState> = {}): SceneState {
  const plane = (): Plane => ({ ...SIZE, data: new Uint8Array(SIZE.width * SIZE.height) });
  const picture = plane();
  picture.data.fill(120);
  const moving = plane();
  for (let y = 0; y < 40; y++)
    for (let x = 0; x < 32; x++) {
      const index = (top + y) * SIZE.width + left + x;
      // Blotches of 4 x 4 samples, so that half the size shows them too.
      picture.data[index] = grey(x >> 2, y >> 2);
      moving.data[index] = 255;
    }
  return quietScene(at, { picture, moving, ...over });
}

function flowOf(...scenes: readonly SceneState[]): AreaFlow | null {
  const meter = new BlockFlow();
  return scenes.map((scene) => meter.onDemand(scene, PICTURE)()).at(-1) ?? null;
}

function mean(flow: AreaFlow | null, of: "vx" | "vy"): number {
  const values = [...(flow?.[of] ?? [])];
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("BlockFlow", () => {
  it.each([
    [8, 0],
    [-10, 4],
    [0, -6],
    [3, 3],
  ])("finds by how much a thing moved: %i, %i samples", (dx, dy) => {
    const flow = flowOf(sceneWith(0, 60, 40), sceneWith(0.2, 60 + dx, 40 + dy));
    expect(flow?.count).toBeGreaterThan(10);
    // Two image px a sample, in a fifth of a second.
    expect(mean(flow, "vx")).toBeCloseTo(10 * dx, -1);
    expect(mean(flow, "vy")).toBeCloseTo(10 * dy, -1);
    const area = [...(flow?.area ?? [])].reduce((sum, value) => sum + value, 0);
    // Its own area, and where blocks reach over its edge.
    expect(area).toBeGreaterThan(0.5 * 64 * 80);
    expect(area).toBeLessThan(1.6 * 64 * 80);
  });

  it("says nothing of what stands, of what is flat and of noise that fits nowhere", () => {
    expect(flowOf(sceneWith(0, 60, 40), sceneWith(0.2, 60, 40))?.count).toBe(0);
    const flat = (at: number) => {
      const scene = sceneWith(at, 60, 40);
      scene.picture.data.fill(90);
      return scene;
    };
    expect(flowOf(flat(0), flat(0.2))?.count).toBe(0);
    const random = randomStream(1);
    const snow = (at: number) => {
      const scene = sceneWith(at, 60, 40);
      scene.moving.data.fill(255);
      for (let i = 0; i < scene.picture.data.length; i++) scene.picture.data[i] = 60 + 120 * random();
      return scene;
    };
    expect(flowOf(snow(0), snow(0.2))?.count ?? 0).toBeLessThan(10);
  });

  it.each<[string, Partial<SceneState>]>([
    ["the view moved", { viewMoved: true }],
    ["the light changed", { lightChanged: true }],
    ["nothing can be seen", { unreadable: true }],
    ["the background is new", { settled: false }],
  ])("says that it cannot tell where %s", (_, over) => {
    expect(flowOf(sceneWith(0, 60, 40), sceneWith(0.2, 66, 40, over))).toBeNull();
    expect(flowOf(sceneWith(0, 60, 40, over), sceneWith(0.2, 66, 40))).toBeNull();
  });

  it("cannot tell after a gap, and hands out the same flow until there is a newer one", () => {
    expect(flowOf(sceneWith(0, 60, 40), sceneWith(0.9, 66, 40))).toBeNull();
    const meter = new BlockFlow();
    const flows = [0, 0.2, 0.24, 0.4].map((at, i) =>
      meter.onDemand(sceneWith(at, 60 + 4 * i, 40), PICTURE)(),
    );
    expect(flows.map((flow) => flow?.at)).toEqual([undefined, 0.2, 0.2, 0.4]);
  });

  it("is worked out for who asks, and once an instant", () => {
    const meter = new BlockFlow();
    const unread: SceneState = {
      ...sceneWith(0, 60, 40),
      get picture(): Plane {
        throw new Error("nobody asked");
      },
    };
    meter.onDemand(unread, PICTURE);
    meter.onDemand(sceneWith(0.1, 60, 40), PICTURE)();
    const ask = meter.onDemand(sceneWith(0.3, 66, 40), PICTURE);
    expect(ask()).toBe(ask());
  });

  it("sees nothing of what an ignore mask hides", () => {
    const counts = (polygons: readonly Polygon[]) => {
      const mask = createIgnoreMask(polygons, SIZE);
      const scene = createScene();
      const meter = new BlockFlow();
      // A textured thing goes to the right over a flat ground, once the background is known.
      return Array.from({ length: 40 }, (_, i) => {
        const data = new Uint8Array(SIZE.width * SIZE.height).fill(120);
        const left = 4 * (i - 28);
        for (let y = 40; y < 80 && i > 28; y++)
          for (let x = left; x < left + 32; x++) data[y * SIZE.width + x] = grey((x - left) >> 2, y >> 2);
        const frame = maskFrame(memoryFrame({ ...SIZE, data }, { pts: i / 8 }), mask);
        return meter.onDemand(scene.observe(frame), SIZE)()?.count ?? 0;
      }).reduce((sum, count) => sum + count, 0);
    };
    const everywhere = [
      { x: 0, y: 0 },
      { x: SIZE.width, y: 0 },
      { x: SIZE.width, y: SIZE.height },
      { x: 0, y: SIZE.height },
    ];
    expect(counts([])).toBeGreaterThan(20);
    expect(counts([everywhere])).toBe(0);
  });
});
