import { describe, expect, it } from "vitest";
import { pictureTimes } from "./picture-times.ts";

const NEVER = Number.POSITIVE_INFINITY;

describe("when pictures are shown", () => {
  const TABLE: readonly (readonly [string, readonly number[], number, number | null, boolean, number[]])[] = [
    ["evenly", [0, 0.5, 1], 3, 2, false, [0, 0.5, 1]],
    ["unevenly, whatever the header says", [0, 0.1, 1.7], 3, 2, false, [0, 0.1, 1.7]],
    ["without a declared rate", [0, 0.1, 1.7], 2, null, false, [0, 0.1]],
    ["with one lost to damage", [0, 1, 1.5], 4, 2, true, [0, 0.5, 1, 1.5]],
    ["with one lost to damage, of no declared rate", [0, 1], 2, null, true, [0, 1]],
    ["fewer than the reference has", [0, 0.5], 4, 2, false, [0, 0.5, NEVER, NEVER]],
    ["fewer than the reference has, with damage", [0.5], 3, 2, true, [0, 0.5, NEVER]],
    [
      "with one lost, and the last at a time that a double cannot hold",
      [0, 0.30000000000000004 - 1e-15],
      4,
      10,
      true,
      [0, 0.1, 0.2, 3 / 10],
    ],
    ["none", [], 2, 2, true, [NEVER, NEVER]],
  ];
  it.each(TABLE)("%s", (_what, decoded, pictures, rate, damaged, expected) => {
    expect(pictureTimes(decoded, pictures, { rate, damaged })).toEqual(expected);
  });
});
