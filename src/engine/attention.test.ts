import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quietScene } from "../../test/support/observations.ts";
import type { Detection } from "../detectors/detector.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Box } from "../geometry/shapes.ts";
import { Attention, type AttentionOptions, stillThere } from "./attention.ts";

function scene(at: number, regions: Box[], over: Partial<SceneState> = {}): SceneState {
  return quietScene(at, { regions, ...over });
}

const options: AttentionOptions = {
  picture: { width: 1280, height: 720, pixelAspect: 1 },
  input: { kind: "multiple", of: 32 },
  inputLongSide: 640,
  detectionsPerSecond: 5,
  learning: { every: 0.5, during: 0 },
};
const walker: Box = { x: 600, y: 300, width: 40, height: 100 };

describe("Attention", () => {
  it("looks at nothing but a rare whole view while nothing moves", () => {
    const attention = new Attention(options);
    const looks = Array.from({ length: 200 }, (_, i) => attention.plan(scene(i / 10, [])));
    expect(looks.filter((plan) => plan !== null).length).toBe(4);
    expect(looks.every((plan) => plan === null || plan.whole)).toBe(true);
  });

  it("takes a new place in more often", () => {
    const attention = new Attention({ ...options, learning: { every: 0.5, during: 10 } });
    const looks = Array.from({ length: 200 }, (_, i) => attention.plan(scene(i / 10, [])));
    expect(looks.slice(0, 100).filter((plan) => plan !== null).length).toBe(20);
    expect(looks.slice(100).filter((plan) => plan !== null).length).toBe(2);
  });

  it("looks at what moves, closer than the whole view would, at the set rate", () => {
    const attention = new Attention(options);
    const plans = Array.from({ length: 100 }, (_, i) => attention.plan(scene(i / 25, [walker])));
    const made = plans.filter((plan) => plan !== null);
    expect(made.length).toBe(20);
    const crops = made.filter((plan) => !plan.whole);
    expect(crops.length).toBeGreaterThan(15);
    for (const plan of crops) {
      for (const look of plan.looks) {
        expect(look.width / look.region.width).toBeGreaterThan(0.5);
        expect(look.region.x).toBeLessThanOrEqual(walker.x);
        expect(look.region.x + look.region.width).toBeGreaterThanOrEqual(walker.x + walker.width);
      }
    }
  });

  it("shows the whole view where the light changed or the background is not known yet", () => {
    for (const over of [{ lightChanged: true }, { settled: false }]) {
      expect(new Attention(options).plan(scene(0, [walker], over))?.whole).toBe(true);
    }
  });

  it("never looks outside the picture, never spends more than the whole view, and fits the grid", () => {
    const region = fc
      .record({
        x: fc.nat(1200),
        y: fc.nat(650),
        width: fc.integer({ min: 1, max: 500 }),
        height: fc.integer({ min: 1, max: 400 }),
      })
      .map((box) => ({
        ...box,
        width: Math.min(box.width, 1280 - box.x),
        height: Math.min(box.height, 720 - box.y),
      }));
    fc.assert(
      fc.property(fc.array(region, { maxLength: 12 }), fc.constantFrom(1, 1.2), (regions, pixelAspect) => {
        const attention = new Attention({ ...options, picture: { ...options.picture, pixelAspect } });
        attention.plan(scene(0, regions));
        const plan = attention.plan(scene(1, regions));
        if (plan === null) return;
        const spent = plan.looks.reduce((sum, look) => sum + look.width * look.height, 0);
        expect(spent).toBeLessThanOrEqual(640 * 384);
        for (const { region: part, width, height } of plan.looks) {
          expect(part.x).toBeGreaterThanOrEqual(0);
          expect(part.y).toBeGreaterThanOrEqual(0);
          expect(part.x + part.width).toBeLessThanOrEqual(1280);
          expect(part.y + part.height).toBeLessThanOrEqual(720);
          expect([width % 32, height % 32]).toEqual([0, 0]);
        }
      }),
    );
  });

  it("shows a network of fixed size the whole view within that size", () => {
    const plan = new Attention({ ...options, input: { kind: "fixed", width: 416, height: 416 } }).plan(
      scene(0, [walker]),
    );
    expect(plan?.looks).toEqual([
      { region: { x: 0, y: 0, width: 1280, height: 720 }, width: 416, height: 234 },
    ]);
  });
});

describe("stillThere", () => {
  const seen = (box: Box): Detection => ({ class: "person", box, score: 0.6 });
  const moving = { width: 128, height: 72, data: new Uint8Array(128 * 72) };
  for (let y = 30; y < 40; y += 1) moving.data.fill(255, y * 128 + 60, y * 128 + 64);
  const picture = { width: 1280, height: 720 };

  it("keeps what stands still, drops what moves and what has just been looked at", () => {
    const waiting = seen({ x: 100, y: 300, width: 40, height: 100 });
    const walking = seen(walker);
    const looked = seen({ x: 900, y: 300, width: 40, height: 100 });
    const look = { region: { x: 800, y: 200, width: 300, height: 300 }, width: 320, height: 320 };
    expect(stillThere([waiting, walking, looked], [look], moving, picture)).toEqual([waiting]);
  });
});
