import { describe, expect, it } from "vitest";
import { FlowField, motionVectorMask } from "./flow.ts";
import type { MotionVectors } from "./frame.ts";

const picture = { width: 640, height: 480 };

/** Blocks of 16x16 on a rectangle of the picture, all with one displacement. */
function blocks(
  left: number,
  top: number,
  right: number,
  bottom: number,
  dx: number,
  dy: number,
): MotionVectors {
  const at: [number, number][] = [];
  for (let y = top + 8; y < bottom; y += 16) for (let x = left + 8; x < right; x += 16) at.push([x, y]);
  return {
    count: at.length,
    x: Int16Array.from(at, ([x]) => x),
    y: Int16Array.from(at, ([, y]) => y),
    width: new Uint8Array(at.length).fill(16),
    height: new Uint8Array(at.length).fill(16),
    dx: new Float32Array(at.length).fill(dx),
    dy: new Float32Array(at.length).fill(dy),
  };
}

describe("FlowField", () => {
  it.each([5, 10, 25, 30])("gives the same speed at %i frames a second", (rate) => {
    const field = new FlowField(picture);
    // The left half goes right by 100 px a second, the rest stands.
    for (let i = 0; i <= 2 * rate; i++) field.add(i / rate, blocks(0, 0, 320, 480, 100 / rate, 0));
    const flow = field.read();
    const cell = 5 * flow.across + 3;
    expect([flow.across, flow.down]).toEqual([16, 12]);
    expect(flow.vx[cell]).toBeCloseTo(100, 1);
    expect(flow.vy[cell]).toBeCloseTo(0, 3);
    expect(flow.vx[5 * 16 + 12]).toBe(0);
    expect(flow.support[5 * 16 + 12]).toBe(0);
    const support = flow.support.reduce((sum, value) => sum + value, 0);
    expect(support).toBeCloseTo((320 * 480) / 256, 0);
    const moving = flow.moving.reduce((sum, value) => sum + value, 0) / flow.moving.length;
    expect(moving).toBeGreaterThan(0.4);
    expect(moving).toBeLessThanOrEqual(0.5);
  });

  it("cancels what goes both ways in one cell, and keeps its support", () => {
    const field = new FlowField({ ...picture, across: 1, down: 1 });
    for (let i = 0; i < 20; i++) {
      const [right, left] = [blocks(0, 0, 320, 480, 8, 0), blocks(320, 0, 640, 480, -8, 0)];
      const join = (key: "x" | "y" | "dx" | "dy") => [...right[key], ...left[key]];
      field.add(i / 10, {
        count: right.count + left.count,
        x: Int16Array.from(join("x")),
        y: Int16Array.from(join("y")),
        width: new Uint8Array(right.count + left.count).fill(16),
        height: new Uint8Array(right.count + left.count).fill(16),
        dx: Float32Array.from(join("dx")),
        dy: Float32Array.from(join("dy")),
      });
    }
    const flow = field.read();
    expect(flow.vx[0]).toBeCloseTo(0, 3);
    expect(flow.moving[0]).toBeCloseTo(1, 3);
  });

  it("forgets within a second, and does not take slow drift for motion", () => {
    const field = new FlowField(picture);
    for (let i = 0; i < 20; i++) field.add(i / 10, blocks(0, 0, 640, 480, 10, 0));
    const full = field.read().support[0] ?? 0;
    for (let i = 20; i < 35; i++) field.add(i / 10, blocks(0, 0, 640, 480, 0.1, 0));
    expect(field.read().support[0]).toBeLessThan(0.1 * full);
  });

  it("an intra frame changes nothing but the time; reset forgets", () => {
    const field = new FlowField(picture);
    field.add(0, null);
    field.add(0.1, blocks(0, 0, 640, 480, 5, 5));
    const before = field.read();
    field.add(0.2, null);
    expect(field.read()).toEqual(before);
    field.add(0.3, blocks(0, 0, 640, 480, 5, 5));
    expect(field.read().vx[0]).toBeCloseTo(50, 2);
    field.reset();
    expect(field.read().support.every((value) => value === 0)).toBe(true);
  });

  it("ignores vectors that point to blocks beyond the picture", () => {
    const field = new FlowField(picture);
    field.add(0, null);
    field.add(0.1, blocks(-64, -64, 0, 0, 9, 9));
    field.add(0.2, blocks(640, 480, 720, 560, 9, 9));
    expect(field.read().support.every((value) => value === 0)).toBe(true);
  });
});

describe("motionVectorMask", () => {
  it("draws moving blocks at the plane's scale, clipped, and leaves still ones", () => {
    const mask = motionVectorMask(blocks(32, 48, 64, 64, 3, 0), picture, { width: 320, height: 240 });
    const set = [...mask.data.keys()].filter((i) => mask.data[i] === 255);
    expect(set).toHaveLength(16 * 8);
    for (const i of set) {
      expect(i % 320).toBeGreaterThanOrEqual(16);
      expect(i % 320).toBeLessThan(32);
      expect(Math.floor(i / 320)).toBeGreaterThanOrEqual(24);
      expect(Math.floor(i / 320)).toBeLessThan(32);
    }
    const still = motionVectorMask(blocks(0, 0, 640, 480, 0.5, 0), picture, { width: 64, height: 48 });
    expect(still.data.every((value) => value === 0)).toBe(true);
    const beyond = motionVectorMask(blocks(-32, -32, 704, 544, 9, 0), picture, { width: 64, height: 48 });
    expect(beyond.data.every((value) => value === 255)).toBe(true);
  });
});
