import { describe, expect, it } from "vitest";
import { quietScene } from "../../test/support/observations.ts";
import type { InputSize } from "../detectors/detector.ts";
import { CountLooks } from "./count-looks.ts";

const hall = { width: 640, height: 480, pixelAspect: 1 };
const any: InputSize = { kind: "multiple", of: 32 };
const moving = (at: number) => quietScene(at, { regions: [{ x: 10, y: 10, width: 30, height: 80 }] });

const sizeOf = (picture: typeof hall, input = any, inputLongSide = 512) => {
  const plan = new CountLooks({ picture, input, inputLongSide }).plan(quietScene(0));
  return plan?.looks.map(({ width, height }) => `${width}x${height}`).join(" ");
};

describe("CountLooks", () => {
  it("looks every 2 s while something moves, and every 5 s while nothing does", () => {
    const looks = new CountLooks({ picture: hall, input: any, inputLongSide: 512 });
    const times = (scene: typeof moving, from: number) =>
      Array.from({ length: 200 }, (_, i) => from + i / 10).filter((at) => looks.plan(scene(at)) !== null);
    expect(times(moving, 0)).toHaveLength(10);
    expect(times(quietScene, 100)).toHaveLength(4);
    expect(looks.plan(quietScene(120.1))).not.toBeNull();
    expect(looks.plan(quietScene(120.2))).toBeNull();
    looks.reset();
    expect(looks.plan(moving(120.3))).not.toBeNull();
  });

  it.each([
    ["twice the picture at most", { width: 320, height: 240, pixelAspect: 1 }, 512, "640x480"],
    ["1280 px", hall, 512, "1280x960"],
    ["1280 px of a large picture", { width: 3840, height: 2160, pixelAspect: 1 }, 512, "1280x736"],
    ["no less than the usual look", hall, 1536, "1536x1152"],
    ["pixels as wide as shown", { width: 720, height: 576, pixelAspect: 16 / 15 }, 512, "1280x960"],
  ])("sees the whole view at %s", (_, picture, usual, size) => {
    expect(sizeOf(picture, any, usual)).toBe(size);
  });

  it("sees it in parts that overlap where the network's input is fixed", () => {
    const input: InputSize = { kind: "fixed", width: 640, height: 640 };
    const plan = new CountLooks({ picture: hall, input, inputLongSide: 640 }).plan(quietScene(0));
    expect(plan?.looks).toHaveLength(4);
    for (const { region, width, height } of plan?.looks ?? []) {
      expect(width / region.width).toBeCloseTo(1.75, 2);
      expect(Math.max(width, height)).toBe(640);
    }
    const right = Math.max(...(plan?.looks ?? []).map(({ region }) => region.x + region.width));
    const bottom = Math.max(...(plan?.looks ?? []).map(({ region }) => region.y + region.height));
    expect([right, bottom]).toEqual([640, 480]);
  });
});
