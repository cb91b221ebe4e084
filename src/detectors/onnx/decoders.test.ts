import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCenterNet } from "./centernet.ts";
import { decodeDetr } from "./detr.ts";
import { suppressOverlaps } from "./suppress.ts";
import type { NetworkBox, NetworkOutput, NetworkTensor } from "./tensor.ts";
import { decodeYolox } from "./yolox.ts";

const tensor = (dims: number[], data: ArrayLike<number>): NetworkTensor => {
  return { dims, data: Float32Array.from(data) };
};
const output = (
  tensors: Record<string, NetworkTensor>,
  labels: number[][],
  width = 64,
  height = 32,
): NetworkOutput => ({ tensors, labels, width, height });

describe("decodeCenterNet", () => {
  const layout = { heatmap: "h", boxes: "b", stride: 4, channels: "classes" } as const;
  /** A map of `rows` x 4 cells; distances 1, 2, 3, 4 to the sides everywhere. */
  const maps = (channels: number[][]) => {
    const cells = channels[0]?.length ?? 0;
    const sides = [1, 2, 3, 4].flatMap((n) => Array.from({ length: cells }, () => n));
    return {
      h: tensor([1, channels.length, cells / 4, 4], channels.flat()),
      b: tensor([1, 4, cells / 4, 4], sides),
    };
  };

  it("takes the largest of each neighbourhood and measures from its corner", () => {
    const heat = [0.1, 0.2, 0.1, 0.0, 0.2, 0.9, 0.3, 0.2];
    const found = decodeCenterNet(output(maps([heat]), [[0]]), layout, 0.05);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ class: 0, left: 3, top: 2, right: 7, bottom: 8 });
    expect(found[0]?.score).toBeCloseTo(0.9);
  });

  it("counts a plateau once", () => {
    const heat = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
    expect(decodeCenterNet(output(maps([heat]), [[0]]), layout, 0.1)).toHaveLength(1);
  });

  it("reads the best label of a class, and none of the others", () => {
    const none = [0, 0, 0, 0];
    const labels = [none, [0.3, 0, 0, 0], [0.6, 0, 0, 0], [0, 0, 0, 0.99]];
    const byLabel = { ...layout, channels: "labels" } as const;
    const found = decodeCenterNet(output(maps(labels), [[0], [1, 2]]), byLabel, 0.1);
    expect(found.map((box) => [box.class, Math.round(box.score * 100)])).toEqual([[1, 60]]);
  });

  it("finds any set of peaks that do not touch", () => {
    const spot = fc.record({ row: fc.nat(5), column: fc.nat(5), score: fc.integer({ min: 20, max: 99 }) });
    fc.assert(
      fc.property(fc.uniqueArray(spot, { selector: (s) => s.row * 6 + s.column }), (spots) => {
        const [rows, columns] = [18, 18];
        const heat = new Float32Array(rows * columns);
        for (const s of spots) heat[(3 * s.row + 1) * columns + 3 * s.column + 1] = s.score / 100;
        const sides = new Float32Array(4 * rows * columns).fill(4);
        const tensors = { h: tensor([1, 1, rows, columns], heat), b: tensor([1, 4, rows, columns], sides) };
        const found = decodeCenterNet(output(tensors, [[0]]), layout, 0.1);
        const places = found.map((box) => [Math.round(100 * box.score), box.left + 4, box.top + 4].join());
        const expected = spots.map((s) => [s.score, 4 * (3 * s.column + 1), 4 * (3 * s.row + 1)].join());
        expect(places.sort()).toEqual(expected.sort());
      }),
    );
  });

  it.each([
    ["no heat map", { b: tensor([1, 4, 1, 4], []) }, "no output h"],
    [
      "too many channels",
      maps([
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ]),
      "[1, 2, 1, 4]",
    ],
    ["boxes of another size", { ...maps([[0, 0, 0, 0]]), b: tensor([1, 4, 2, 2], []) }, "[1, 4, 2, 2]"],
    [
      "whole numbers",
      { ...maps([[0, 0, 0, 0]]), b: { dims: [1, 4, 1, 4], data: new Int32Array(16) } },
      "floats",
    ],
  ])("refuses %s", (_, tensors, message) => {
    expect(() => decodeCenterNet(output(tensors, [[0]]), layout, 0.1)).toThrow(message);
  });
});

describe("decodeYolox", () => {
  it("places offsets and logarithms on the grids", () => {
    // 64x32 with strides 16 and 32: 4x2 and 2x1 cells.
    const rows = Array.from({ length: 10 }, () => [0, 0, 0, 0, 0, 0, 0]);
    rows[6] = [0.5, 0.25, Math.log(2), Math.log(1), 0.8, 0.1, 0.5]; // column 2, row 1 of stride 16
    rows[9] = [0.5, 0.5, 0, 0, 0.5, 0.9, 0.1]; // column 1 of stride 32
    const found = decodeYolox(
      output({ o: tensor([1, 10, 7], rows.flat()) }, [[0], [1]]),
      { output: "o", strides: [16, 32] },
      0.1,
    );
    expect(
      found.map((box) => [box.class, ...[box.left, box.top, box.right, box.bottom].map(Math.round)]),
    ).toEqual([
      [0, 32, 0, 64, 32],
      [1, 24, 12, 56, 28],
    ]);
    expect(found.map((box) => box.score)).toEqual([expect.closeTo(0.45), expect.closeTo(0.4)]);
  });

  it("takes pixels as they are where there are no grids", () => {
    const o = tensor([1, 1, 6], [10, 20, 4, 8, 1, 0.75]);
    expect(decodeYolox(output({ o }, [[0]]), { output: "o", strides: [] }, 0.1)).toEqual([
      { class: 0, score: 0.75, left: 8, top: 16, right: 12, bottom: 24 },
    ]);
  });

  it("drops what is not above the score or is of no class", () => {
    const o = tensor([1, 2, 7], [10, 20, 4, 8, 0.5, 0.15, 1, 30, 20, 4, 8, 0.05, 1, 1]);
    expect(decodeYolox(output({ o }, [[0]]), { output: "o", strides: [] }, 0.1)).toEqual([]);
  });

  it.each<[string, NetworkTensor, number[][], string]>([
    ["another number of cells", tensor([1, 9, 6], []), [[0]], "9 boxes where its grids have 10"],
    ["too few labels", tensor([1, 10, 6], []), [[1]], "only 1 labels"],
    ["two pictures", tensor([2, 10, 6], []), [[0]], "[2, 10, 6]"],
  ])("refuses %s", (_, o, labels, message) => {
    expect(() => decodeYolox(output({ o }, labels), { output: "o", strides: [16, 32] }, 0.1)).toThrow(
      message,
    );
  });
});

describe("decodeDetr", () => {
  const bare = { kind: "logits", logits: "l", boxes: "b" } as const;
  const scored = { kind: "scored", labels: "l", boxes: "b", scores: "s", sizes: "z" } as const;

  it("reads logits and shares of the picture", () => {
    const l = tensor([1, 2, 3], [0, 2, 5, -5, -5, -5]);
    const b = tensor([1, 2, 4], [0.5, 0.5, 0.25, 0.5, 0.5, 0.5, 1, 1]);
    const found = decodeDetr(output({ l, b }, [[0], [1]]), bare, 0.1);
    expect(found).toEqual([
      { class: 1, score: expect.closeTo(0.8808), left: 24, top: 8, right: 40, bottom: 24 },
    ]);
  });

  it("reads labels, boxes and scores", () => {
    const l: NetworkTensor = { dims: [1, 3], data: BigInt64Array.of(7n, 2n, 0n) };
    const b = tensor([1, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 1]);
    const s = tensor([1, 3], [0.9, 0.8, 0.7]);
    expect(decodeDetr(output({ l, b, s }, [[0], [2]]), scored, 0.5)).toEqual([
      { class: 1, score: expect.closeTo(0.8), left: 5, top: 6, right: 7, bottom: 8 },
    ]);
  });

  it("refuses other shapes", () => {
    const l = tensor([1, 2, 3], []);
    expect(() => decodeDetr(output({ l, b: tensor([1, 3, 4], []) }, [[0]]), bare, 0.1)).toThrow("[1, 3, 4]");
    expect(() => decodeDetr(output({ l, b: tensor([1, 2, 4], []) }, [[3]]), bare, 0.1)).toThrow(
      "only 3 labels",
    );
    const tensors = { l, b: tensor([1, 2, 4], []), s: tensor([1, 2], []) };
    expect(() => decodeDetr(output(tensors, [[0]]), scored, 0.1)).toThrow("one label a box");
  });
});

describe("suppressOverlaps", () => {
  const box = (left: number, score: number, of = 0): NetworkBox => {
    return { class: of, score, left, top: 0, right: left + 10, bottom: 10 };
  };

  it("keeps the best of what overlaps, of each class", () => {
    const boxes = [box(0, 0.5), box(1, 0.9), box(1, 0.8, 1), box(30, 0.2), box(7, 0.4)];
    expect(suppressOverlaps(boxes, 0.6).map((kept) => kept.score)).toEqual([0.9, 0.8, 0.4, 0.2]);
  });

  it("leaves nothing that overlaps, and drops nothing without a better one in its way", () => {
    const any = fc.record({
      class: fc.nat(1),
      score: fc.integer({ min: 1, max: 100 }).map((n) => n / 100),
      left: fc.nat(40),
      top: fc.nat(40),
      width: fc.integer({ min: 1, max: 30 }),
      height: fc.integer({ min: 1, max: 30 }),
    });
    const overlap = (a: NetworkBox, b: NetworkBox) => {
      const w = Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left));
      const h = Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
      const area = (c: NetworkBox) => (c.right - c.left) * (c.bottom - c.top);
      return (w * h) / (area(a) + area(b) - w * h);
    };
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (drawn) => {
        const boxes = drawn.map((d): NetworkBox => {
          return {
            class: d.class,
            score: d.score,
            left: d.left,
            top: d.top,
            right: d.left + d.width,
            bottom: d.top + d.height,
          };
        });
        const kept = suppressOverlaps(boxes, 0.5);
        for (const [i, one] of kept.entries()) {
          for (const other of kept.slice(i + 1)) {
            expect(other.score).toBeLessThanOrEqual(one.score);
            if (one.class === other.class) expect(overlap(one, other)).toBeLessThanOrEqual(0.5);
          }
        }
        for (const dropped of boxes.filter((b) => !kept.includes(b))) {
          const better = kept.some(
            (k) => k.class === dropped.class && k.score >= dropped.score && overlap(k, dropped) > 0.5,
          );
          expect(better).toBe(true);
        }
      }),
    );
  });
});
