import { describe, expect, it } from "vitest";
import { crowdMovements } from "./crowd-truth.ts";
import { groundAt } from "./motion.ts";
import type { Actor, Waypoint } from "./script.ts";

/** Somebody who goes along x at a speed until `turn`, then at another, until 20 s. */
function walker(number: number, before: number, after: number, turn = 10): Actor {
  const y = number;
  const path: Waypoint[] = [
    { at: 0, x: 0, y },
    { at: turn, x: before * turn, y },
    { at: 20, x: before * turn + after * (20 - turn), y },
  ];
  return { kind: "walker", number, seed: number, path };
}

const many = (count: number, before: number, after: number) =>
  Array.from({ length: count }, (_, i) => walker(i + 1, before, after));
const found = (...actors: readonly Actor[]) =>
  crowdMovements(actors, 20, (actor, at) => groundAt(actor, at) !== null);

describe("crowdMovements", () => {
  it.each<[string, readonly Actor[]]>([
    ["a crowd that runs", many(12, 1.2, 3.5)],
    ["a standing crowd that runs", many(12, 0, 3.5)],
    ["a stream that turns back at a walk", many(12, 1.3, -1.3)],
  ])("knows when %s begins to", (_, actors) => {
    const [movement, ...more] = found(...actors);
    expect(more).toEqual([]);
    expect(movement?.begin).toBeGreaterThan(9.9);
    expect(movement?.begin).toBeLessThan(12.5);
  });

  it.each<[string, readonly Actor[]]>([
    ["nine who run", many(9, 1.2, 3.5)],
    ["ten who run among thirty", [...many(10, 1.2, 3.5), ...many(20, 1.2, 1.2)]],
    ["a crowd that walks on a little faster", many(30, 1.2, 1.8)],
    ["a crowd that begins to walk", many(30, 0, 1.4)],
    ["two streams that pass one another", [...many(20, 1.3, 1.3), ...many(20, -1.3, -1.3)]],
    ["a second stream beside the first", [...many(15, 1.3, 1.3), ...many(14, 0, -1.3)]],
  ])("finds none in %s", (_, actors) => {
    expect(found(...actors)).toEqual([]);
  });
});
