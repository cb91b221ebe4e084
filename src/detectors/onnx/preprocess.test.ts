import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelManifest } from "../../models/manifest.ts";
import { fillInput, inputShape } from "./preprocess.ts";

type Input = ModelManifest["input"];
const input = (changes: Partial<Input> = {}): Input => ({
  name: "images",
  size: { kind: "multiple", of: 2 },
  layout: "nchw",
  channels: "rgb",
  range: 255,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  fit: { kind: "stretch" },
  ...changes,
});

const fixed = { kind: "fixed", width: 4, height: 4 } as const;

describe("fillInput", () => {
  it.each<[string, Partial<Input>, (r: number, g: number, b: number) => number[]]>([
    ["bytes as they are", {}, (r, g, b) => [r, g, b]],
    ["BGR", { channels: "bgr" }, (r, g, b) => [b, g, r]],
    ["shares", { range: 1 }, (r, g, b) => [r / 255, g / 255, b / 255]],
    [
      "normalised BGR",
      { channels: "bgr", mean: [1, 2, 3], std: [2, 4, 8] },
      (r, g, b) => [(b - 1) / 2, (g - 2) / 4, (r - 3) / 8],
    ],
  ])("writes planes: %s", (_, changes, expected) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), (rgb) => {
        const into = new Float32Array(24);
        const view = { width: 4, height: 2, rgb };
        expect(fillInput(into, inputShape(input(), view), view, input(changes))).toEqual({
          scaleX: 1,
          scaleY: 1,
        });
        for (let i = 0; i < 8; i++) {
          const [r = 0, g = 0, b = 0] = rgb.subarray(3 * i, 3 * i + 3);
          for (const [channel, value] of expected(r, g, b).entries()) {
            expect(into[channel * 8 + i]).toBeCloseTo(value, 4);
          }
        }
      }),
    );
  });

  it("pads with grey where the aspect is another", () => {
    const into = new Float32Array(48).fill(-1);
    const view = { width: 4, height: 2, rgb: new Uint8Array(24).fill(200) };
    const letterbox = input({ size: fixed, fit: { kind: "letterbox", grey: 114 } });
    const placement = fillInput(into, inputShape(letterbox, view), view, letterbox);
    expect(placement).toEqual({ scaleX: 1, scaleY: 1 });
    for (const plane of [0, 16, 32]) {
      expect([...into.subarray(plane, plane + 16)]).toEqual([...Array(8).fill(200), ...Array(8).fill(114)]);
    }
  });

  it("scales down and up, and says by how much", () => {
    const letterbox = input({ size: fixed, fit: { kind: "letterbox", grey: 0 } });
    const into = new Float32Array(48);
    const wide = { width: 8, height: 4, rgb: new Uint8Array(96).fill(90) };
    expect(fillInput(into, fixed, wide, letterbox)).toMatchObject({ scaleX: 0.5, scaleY: 0.5 });
    expect([...into.subarray(0, 16)]).toEqual([...Array(8).fill(90), ...Array(8).fill(0)]);
    const small = { width: 2, height: 2, rgb: new Uint8Array(12).fill(50) };
    expect(fillInput(into, fixed, small, letterbox)).toMatchObject({ scaleX: 2, scaleY: 2 });
    expect([...into]).toEqual(Array(48).fill(50));
    expect(fillInput(into, fixed, wide, input({ size: fixed }))).toMatchObject({ scaleX: 0.5, scaleY: 1 });
    expect([...into]).toEqual(Array(48).fill(90));
  });

  it("keeps a gradient a gradient", () => {
    const rgb = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => 30 * (Math.floor(i / 3) % 8));
    const into = new Float32Array(48);
    fillInput(into, fixed, { width: 8, height: 8, rgb }, input({ size: fixed }));
    expect([...into.subarray(0, 4)]).toEqual([15, 75, 135, 195]);
  });
});
