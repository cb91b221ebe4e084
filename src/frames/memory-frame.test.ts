import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodedError } from "../errors.ts";
import { analysisSize } from "./frame.ts";
import { lumaOf, memoryFrame } from "./memory-frame.ts";

const noise = (length: number, seed: number) => {
  let state = seed | 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
};
const mean = (data: Uint8Array) => data.reduce((sum, value) => sum + value, 0) / data.length;

describe("memoryFrame", () => {
  it("gives luma at analysis size with the picture's mean", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 500 }),
        fc.integer({ min: 8, max: 300 }),
        fc.integer(),
        (w, h, seed) => {
          const plane = { width: w, height: h, data: noise(w * h, seed) };
          const luma = memoryFrame(plane, { pts: 0 }).luma();
          expect({ width: luma.width, height: luma.height }).toEqual(analysisSize(w, h));
          expect(luma.data.length).toBe(luma.width * luma.height);
          expect(Math.abs(mean(luma.data) - mean(plane.data))).toBeLessThan(0.6);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("returns a region at its own size unchanged, and a halved one as means of 2x2", () => {
    const data = noise(3 * 40 * 20, 7);
    const frame = memoryFrame({ width: 40, height: 20, data }, { pts: 1 });
    const same = frame.rgb({ x: 4, y: 2, width: 8, height: 6 }, 8, 6);
    const half = frame.rgb({ x: 4, y: 2, width: 8, height: 6 }, 4, 3);
    const at = (x: number, y: number, c: number) => data[3 * (y * 40 + x) + c] ?? 0;
    for (let y = 0; y < 6; y++)
      for (let x = 0; x < 8; x++)
        for (let c = 0; c < 3; c++) expect(same.data[3 * (y * 8 + x) + c]).toBe(at(4 + x, 2 + y, c));
    for (let y = 0; y < 3; y++)
      for (let x = 0; x < 4; x++) {
        const [px, py] = [4 + 2 * x, 2 + 2 * y];
        const sum = at(px, py, 1) + at(px + 1, py, 1) + at(px, py + 1, 1) + at(px + 1, py + 1, 1);
        expect(half.data[3 * (y * 4 + x) + 1]).toBe(Math.round(sum / 4));
      }
  });

  it("keeps a constant colour constant at any scale, grey pictures included", () => {
    fc.assert(
      fc.property(
        fc.record({
          x: fc.double({ min: 0, max: 20, noNaN: true }),
          y: fc.double({ min: 0, max: 10, noNaN: true }),
          width: fc.double({ min: 0.1, max: 20, noNaN: true }),
          height: fc.double({ min: 0.1, max: 10, noNaN: true }),
        }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        (region, w, h) => {
          const frame = memoryFrame(
            { width: 40, height: 20, data: new Uint8Array(800).fill(77) },
            { pts: 0 },
          );
          expect(frame.rgb(region, w, h).data.every((value) => value === 77)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("writes into the array it is given", () => {
    const frame = memoryFrame({ width: 16, height: 4, data: new Uint8Array(64).fill(9) }, { pts: 0 });
    const into = new Uint8Array(3 * 4 * 2);
    expect(frame.rgb({ x: 0, y: 0, width: 16, height: 4 }, 4, 2, into).data).toBe(into);
    expect(into.every((value) => value === 9)).toBe(true);
    expect(() => frame.rgb({ x: 0, y: 0, width: 16, height: 4 }, 4, 3, into)).toThrow(CodedError);
  });

  it("refuses what it cannot be asked", () => {
    expect(() => memoryFrame({ width: 4, height: 4, data: new Uint8Array(15) }, { pts: 0 })).toThrow(
      CodedError,
    );
    const frame = memoryFrame({ width: 16, height: 4, data: new Uint8Array(64) }, { pts: 0.5 });
    expect(() => frame.rgb({ x: 10, y: 0, width: 8, height: 4 }, 2, 2)).toThrow(/leaves/);
    expect(frame.wallClock).toBe(500);
    expect(frame.motionVectors()).toBeNull();
    frame.release();
    frame.release();
    expect(() => frame.luma()).toThrow(/release/);
    expect(frame.width).toBe(16);
  });

  it("weighs colours as BT.601 does", () => {
    expect([...lumaOf(Uint8Array.of(255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255))]).toEqual([
      255, 0, 77, 149, 29,
    ]);
  });
});
