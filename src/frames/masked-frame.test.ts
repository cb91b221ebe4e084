import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Polygon } from "../geometry/shapes.ts";
import type { Frame } from "./frame.ts";
import { createIgnoreMask, MASK_GREY, maskFrame } from "./masked-frame.ts";
import { memoryFrame } from "./memory-frame.ts";

const WIDTH = 320;
const HEIGHT = 180;

/** Loud colours inside of the polygon's bounding box, black elsewhere. */
function picture(loud: boolean, polygon: Polygon): Frame {
  const data = new Uint8Array(3 * WIDTH * HEIGHT);
  if (loud)
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++)
        if (inside(polygon, x + 0.5, y + 0.5)) {
          const i = 3 * (y * WIDTH + x);
          data[i] = (x * 37 + y * 101) & 255;
          data[i + 1] = 255 - ((x * 53) & 127);
          data[i + 2] = (y * 29) & 255;
        }
  return memoryFrame({ width: WIDTH, height: HEIGHT, data }, { pts: 2 });
}

function inside(polygon: Polygon, x: number, y: number): boolean {
  let found = false;
  polygon.forEach((a, i) => {
    const b = polygon[(i + 1) % polygon.length] ?? a;
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) found = !found;
  });
  return found;
}

const corner = fc.record({
  x: fc.double({ min: -20, max: WIDTH + 20, noNaN: true }),
  y: fc.double({ min: -20, max: HEIGHT + 20, noNaN: true }),
});
const region = fc
  .record({
    x: fc.integer({ min: 0, max: WIDTH - 20 }),
    y: fc.integer({ min: 0, max: HEIGHT - 20 }),
    width: fc.integer({ min: 10, max: WIDTH }),
    height: fc.integer({ min: 10, max: HEIGHT }),
  })
  .map((box) => ({
    ...box,
    width: Math.min(box.width, WIDTH - box.x),
    height: Math.min(box.height, HEIGHT - box.y),
  }));

describe("maskFrame", () => {
  it("lets nothing of a masked part through, in luma and in colour, at any scale", () => {
    fc.assert(
      fc.property(
        fc.array(corner, { minLength: 3, maxLength: 6 }),
        region,
        fc.integer({ min: 8, max: 400 }),
        fc.integer({ min: 8, max: 300 }),
        (polygon, part, width, height) => {
          const mask = createIgnoreMask([polygon], { width: WIDTH, height: HEIGHT });
          const [loud, black] = [true, false].map((is) => maskFrame(picture(is, polygon), mask));
          if (loud === undefined || black === undefined) throw new Error("two frames");
          expect(Buffer.compare(loud.luma().data, black.luma().data)).toBe(0);
          const [a, b] = [loud, black].map((frame) => frame.rgb(part, width, height).data);
          expect(Buffer.compare(a ?? Buffer.of(1), b ?? Buffer.of(2))).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  const square: Polygon = [
    { x: 100, y: 60 },
    { x: 200, y: 60 },
    { x: 200, y: 120 },
    { x: 100, y: 120 },
  ];
  const mask = createIgnoreMask([square], { width: WIDTH, height: HEIGHT });

  it.each([
    ["smaller", 160, 90],
    ["as it is", 320, 180],
    ["larger", 640, 360],
  ])("shows one grey inside, and the picture a few px beyond, when %s", (_, width, height) => {
    const white = memoryFrame(
      { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT).fill(255) },
      { pts: 0 },
    );
    const { data } = maskFrame(white, mask).rgb({ x: 0, y: 0, width: WIDTH, height: HEIGHT }, width, height);
    const scale = width / WIDTH;
    const at = (x: number, y: number) =>
      data[3 * (Math.round(y * scale) * width + Math.round(x * scale)) + 1];
    for (const [x, y] of [
      [100, 60],
      [150, 90],
      [199, 119],
      [97, 90],
    ] as const)
      expect(at(x, y)).toBe(MASK_GREY);
    for (const [x, y] of [
      [85, 90],
      [215, 90],
      [150, 45],
      [150, 135],
      [0, 0],
    ] as const)
      expect(at(x, y)).toBe(255);
  });

  it("leaves the frame itself, and memory that is not its own, as they were", () => {
    const frame = picture(true, square);
    const before = frame.luma().data.slice();
    const masked = maskFrame(frame, mask);
    masked.luma();
    masked.rgb({ x: 0, y: 0, width: WIDTH, height: HEIGHT }, 64, 36);
    expect(frame.luma().data).toEqual(before);
    const into = new Uint8Array(3 * 64 * 36);
    expect(masked.rgb({ x: 0, y: 0, width: WIDTH, height: HEIGHT }, 64, 36, into).data).toBe(into);
    expect(masked.luma()).toBe(masked.luma());
    masked.release();
    expect(() => frame.luma()).toThrow(/release/);
    expect([masked.pts, masked.width, masked.height, masked.pixelAspect]).toEqual([2, WIDTH, HEIGHT, 1]);
  });

  it("drops the motion vectors that touch a masked part", () => {
    const vectors = {
      count: 3,
      x: Int16Array.of(150, 92, 24),
      y: Int16Array.of(90, 90, 24),
      width: Uint8Array.of(16, 16, 8),
      height: Uint8Array.of(16, 16, 8),
      dx: Float32Array.of(1, 2, 3),
      dy: Float32Array.of(4, 5, 6),
    };
    const frame = memoryFrame(
      { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT) },
      { pts: 0, motionVectors: vectors },
    );
    const kept = maskFrame(frame, mask).motionVectors();
    expect(kept).toEqual({
      count: 1,
      x: Int16Array.of(24),
      y: Int16Array.of(24),
      width: Uint8Array.of(8),
      height: Uint8Array.of(8),
      dx: Float32Array.of(3),
      dy: Float32Array.of(6),
    });
    expect(maskFrame(picture(false, square), mask).motionVectors()).toBeNull();
  });

  it("is the frame itself where there is nothing to hide", () => {
    const frame = picture(false, square);
    expect(maskFrame(frame, createIgnoreMask([], frame))).toBe(frame);
  });
});
