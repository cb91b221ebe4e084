import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxArea } from "../geometry/shapes.ts";
import { movingRegions } from "./regions.ts";

/** Cells from a drawing: M moves, f differs from the background, anything else is empty. */
function cells(rows: readonly string[]) {
  const across = rows[0]?.length ?? 0;
  const joined = rows.join("");
  return {
    moving: Uint8Array.from(joined, (c) => (c === "M" ? 30 : 0)),
    foreground: Uint8Array.from(joined, (c) => (c === "M" || c === "f" ? 40 : 0)),
    across,
    down: rows.length,
  };
}

const boxes = (rows: readonly string[], foreground = true) => {
  const c = cells(rows);
  return movingRegions(c.moving, foreground ? c.foreground : null, c.across, c.down).map((b) => [
    b.x,
    b.y,
    b.width,
    b.height,
  ]);
};

describe("movingRegions", () => {
  it.each<[string, string[], number[][]]>([
    ["nothing", ["......", "......"], []],
    ["one thing", ["......", ".MM...", ".MM..."], [[1, 1, 2, 2]]],
    ["a thing whose middle stands", ["M.....", "......", "M....."], [[0, 0, 1, 3]]],
    [
      "two apart, the larger first",
      ["M.......", "......MM", "......MM"],
      [
        [6, 1, 2, 2],
        [0, 0, 1, 1],
      ],
    ],
    ["the foreground that hangs on it", ["M.......", "ff......", "ff......"], [[0, 0, 2, 3]]],
    ["foreground that does not touch it", ["M.......", "........", "ff......"], [[0, 0, 1, 1]]],
    ["foreground alone", ["ff......", "ff......"], []],
    [
      "boxes that overlap become one",
      ["MMMMMMMM", "M......M", "M..M...M", "M......M", "MMMMMMMM"],
      [[0, 0, 8, 5]],
    ],
  ])("%s", (_, rows, expected) => expect(boxes(rows)).toEqual(expected));

  it("does not grow into a foreground that cannot be relied on", () => {
    expect(boxes(["M.......", "ff......"], false)).toEqual([[0, 0, 1, 1]]);
  });

  it("gives at most 32 boxes, by size, that hold all that moves", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 48 }),
        fc.integer({ min: 1, max: 36 }),
        fc.integer(),
        (across, down, seed) => {
          let state = seed | 1;
          const moving = Uint8Array.from({ length: across * down }, () => {
            state = (Math.imul(state, 1664525) + 1013904223) | 0;
            return state >>> 24 < 20 ? 64 : 0;
          });
          const found = movingRegions(moving, null, across, down);
          expect(found.length).toBeLessThanOrEqual(32);
          const sizes = found.map(boxArea);
          expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
          moving.forEach((value, i) => {
            const [x, y] = [i % across, Math.floor(i / across)];
            const held = found.some((b) => x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height);
            if (value > 0) expect(held).toBe(true);
          });
        },
      ),
    );
  });
});
