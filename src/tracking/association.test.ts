import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intersectionOverUnion } from "../geometry/shapes.ts";
import { assign, bufferedOverlap, containment } from "./association.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });

function totalOf(gains: readonly (readonly number[])[], least: number): number {
  const pairs = assign(gains.length, gains[0]?.length ?? 0, (r, c) => gains[r]?.[c] ?? 0, least);
  expect(new Set(pairs.map((p) => p.row)).size).toBe(pairs.length);
  expect(new Set(pairs.map((p) => p.column)).size).toBe(pairs.length);
  return pairs.reduce((sum, { row, column }) => {
    const gain = gains[row]?.[column] ?? 0;
    expect(gain).toBeGreaterThanOrEqual(least);
    return sum + gain;
  }, 0);
}

/** The best total by trying every pairing. */
function bestOf(
  gains: readonly (readonly number[])[],
  least: number,
  row = 0,
  used = new Set<number>(),
): number {
  const line = gains[row];
  if (line === undefined) return 0;
  let best = bestOf(gains, least, row + 1, used);
  for (const [column, gain] of line.entries()) {
    if (used.has(column) || gain < least) continue;
    best = Math.max(best, gain + bestOf(gains, least, row + 1, new Set([...used, column])));
  }
  return best;
}

describe("assign", () => {
  it("finds the greatest total of any one-to-one pairing, in tall and in wide tables", () => {
    const size = fc.integer({ min: 1, max: 5 });
    const table = fc.tuple(size, size).chain(([rows, columns]) =>
      fc.array(fc.array(share, { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
    fc.assert(
      fc.property(table, fc.constantFrom(0.05, 0.3, 0.6), (gains, least) => {
        expect(totalOf(gains, least)).toBeCloseTo(bestOf(gains, least), 9);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["no rows", 0, 3],
    ["no columns", 3, 0],
    ["nothing alike", 2, 2],
  ])("pairs nothing where there is %s", (_, rows, columns) => {
    expect(assign(rows, columns, () => 0.1, 0.2)).toEqual([]);
  });

  it("prefers two fair pairs to one good one", () => {
    const gains = [
      [0.9, 0.6],
      [0.7, 0],
    ];
    expect(assign(2, 2, (r, c) => gains[r]?.[c] ?? 0, 0.2)).toEqual([
      { row: 0, column: 1 },
      { row: 1, column: 0 },
    ]);
  });
});

describe("bufferedOverlap", () => {
  const a = { x: 0, y: 0, width: 40, height: 100 };

  it("is the plain overlap without room, and 1 for the same box with any", () => {
    const b = { ...a, x: 10 };
    expect(bufferedOverlap(a, b, 0)).toBe(intersectionOverUnion(a, b));
    expect(bufferedOverlap(a, a, 25)).toBeCloseTo(1, 12);
  });

  it("still tells near from far where boxes do not meet", () => {
    const near = bufferedOverlap(a, { ...a, x: 50 }, 20);
    const far = bufferedOverlap(a, { ...a, x: 70 }, 20);
    expect(intersectionOverUnion(a, { ...a, x: 50 })).toBe(0);
    expect(near).toBeGreaterThan(far);
    expect(far).toBeGreaterThan(0);
  });
});

describe("containment", () => {
  it.each([
    ["a half body", { x: 0, y: 0, width: 40, height: 50 }, 1],
    ["half outside", { x: -20, y: 0, width: 40, height: 50 }, 0.5],
    ["elsewhere", { x: 200, y: 0, width: 40, height: 50 }, 0],
    ["nothing", { x: 0, y: 0, width: 0, height: 0 }, 0],
  ])("of %s is its share within the other", (_, part, expected) => {
    expect(containment({ x: 0, y: 0, width: 40, height: 100 }, part)).toBeCloseTo(expected, 9);
  });
});
