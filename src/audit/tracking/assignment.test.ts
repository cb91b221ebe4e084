import { readFileSync } from "node:fs";
import fc from "fast-check";
import { linearSumAssignment } from "linear-sum-assignment";
import { describe, expect, test } from "vitest";
import { greatestGainPairs, leastCostPairs } from "./assignment.ts";

const figures: {
  readonly assignments: readonly { readonly cost: number[][]; readonly columns: number[] }[];
} = JSON.parse(readFileSync(new URL("fixtures/figures.json", import.meta.url), "utf8"));

const problems = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([rows, columns]) =>
    fc.array(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: -5, max: 5, noNaN: true })), {
        minLength: columns,
        maxLength: columns,
      }),
      { minLength: rows, maxLength: rows },
    ),
  );

describe("leastCostPairs", () => {
  test.each(
    figures.assignments.map((one, index) => ({ ...one, index })),
  )("of many equally good pairings, that of SciPy (problem $index)", ({ cost, columns }) => {
    expect([...solve(cost, leastCostPairs)]).toEqual(columns);
  });

  test("costs as little as another solver's pairing, one to one", () => {
    fc.assert(
      fc.property(problems, (cost) => {
        const pairs = solve(cost, leastCostPairs);
        const used = [...pairs].filter((column) => column >= 0);
        expect(new Set(used).size).toBe(used.length);
        expect(used.length).toBe(Math.min(cost.length, cost[0]?.length ?? 0));
        const { gain } = linearSumAssignment(cost, { maximaze: false });
        expect(total(cost, pairs)).toBeCloseTo(gain, 9);
      }),
    );
  });

  test("the greatest gain is the least cost with the sign turned", () => {
    fc.assert(
      fc.property(problems, (gain) => {
        const { gain: best } = linearSumAssignment(gain, { maximaze: true });
        expect(total(gain, solve(gain, greatestGainPairs))).toBeCloseTo(best, 9);
      }),
    );
  });

  test.each([
    [0, 0],
    [0, 4],
    [3, 0],
  ])("%i rows and %i columns have no pair", (rows, columns) => {
    expect([...leastCostPairs(rows, columns, new Float64Array(0))]).toEqual(new Array(rows).fill(-1));
  });
});

function solve(matrix: readonly (readonly number[])[], solver: typeof leastCostPairs): Int32Array {
  return solver(matrix.length, matrix[0]?.length ?? 0, Float64Array.from(matrix.flat()));
}

function total(matrix: readonly (readonly number[])[], pairs: Int32Array): number {
  return [...pairs].reduce((sum, column, row) => sum + (column < 0 ? 0 : (matrix[row]?.[column] ?? 0)), 0);
}
