import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { syntheticView } from "../../test/contracts/synthetic-view.ts";
import { createKernels } from "./kernels/kernels.ts";
import { realign, ShiftMeter } from "./shift.ts";

describe("ShiftMeter", () => {
  const view = syntheticView(11, 384, 216);
  const kernels = createKernels(1 << 20);
  const meter = new ShiftMeter(kernels, 384, 216);
  const place = (data: Uint8Array) => {
    const plane = kernels.bytes(data.length);
    plane.set(data);
    return plane;
  };
  const back = place(view.frame({ at: 0 }).luma().data);
  const frame = kernels.bytes(back.length);

  it.each([
    [0, 0],
    [2, 0],
    [0, -2],
    [3, 2],
    [-8, 8],
    [14, -5],
  ])("finds a displacement by %i, %i, people in front of it or not", (dx, dy) => {
    const things = Array.from({ length: 8 }, (_, i) => ({
      x: 20 + 45 * i,
      y: 40 + ((i * 29) % 100),
      width: 30,
      height: 60,
      grey: 60 + 20 * i,
    }));
    for (const people of [[], things]) {
      frame.set(view.frame({ at: 1.3, dx, dy, things: people }).luma().data);
      const found = meter.measure(frame, back);
      expect([found?.dx, found?.dy]).toEqual([dx, dy]);
      expect(found?.confidence).toBeGreaterThanOrEqual(0.5);
    }
  });

  it("says nothing of a bare view, and finds none in another view", () => {
    frame.fill(100);
    const bare = kernels.bytes(back.length).fill(100);
    expect(meter.measure(frame, bare)).toBeNull();
    frame.set(view.frame({ at: 2, elsewhere: true }).luma().data);
    const found = meter.measure(frame, back);
    expect([found?.dx, found?.dy]).toEqual([0, 0]);
  });
});

describe("realign", () => {
  it("lays displaced content back, and takes what came from beyond the border from the fill", () => {
    const range = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(range, range, (dx, dy) => {
        const [width, height] = [16, 9];
        const src = Uint8Array.from({ length: width * height }, (_, i) => 1 + (i % 200));
        const fill = new Uint8Array(width * height).fill(255);
        const [filled, emptied] = [new Uint8Array(src.length), new Uint8Array(src.length).fill(9)];
        realign(src, filled, width, height, dx, dy, fill);
        realign(src, emptied, width, height, dx, dy, 0);
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const within = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
            const expected = within ? src[(y + dy) * width + x + dx] : null;
            expect(filled[y * width + x]).toBe(expected ?? 255);
            expect(emptied[y * width + x]).toBe(expected ?? 0);
          }
      }),
    );
  });
});
