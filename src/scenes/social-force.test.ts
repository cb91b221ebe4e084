import { describe, expect, it } from "vitest";
import { type Pedestrian, socialForcePaths } from "./social-force.ts";

const alone = (speed: number): Pedestrian => ({
  from: { x: 0, y: 0 },
  intents: [{ at: 0, to: { x: 20, y: 0 }, speed }],
});

/** Mean speed over a whole path, m/s. */
function speedOf(path: readonly { readonly x: number; readonly y: number; readonly at: number }[]): number {
  const [first, last] = [path[0], path.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  return Math.hypot(last.x - first.x, last.y - first.y) / (last.at - first.at);
}

describe("socialForcePaths", () => {
  it("goes at the speed that is wanted, and is gone on arrival", () => {
    const [path = []] = socialForcePaths([alone(1.34)], 30, 1);
    expect(speedOf(path)).toBeGreaterThan(1.2);
    expect(speedOf(path)).toBeLessThan(1.4);
    expect(path.at(-1)?.x).toBeGreaterThan(19);
    expect(path.at(-1)?.at).toBeLessThan(18);
  });

  it("takes up another intent within a second or two", () => {
    const runner: Pedestrian = {
      from: { x: 0, y: 0 },
      intents: [
        { at: 0, to: { x: 0, y: 0 }, speed: 0 },
        { at: 5, to: { x: 30, y: 0 }, speed: 4 },
      ],
    };
    const [path = []] = socialForcePaths([runner], 9, 1);
    const at = (time: number) => path.find((point) => point.at >= time - 1e-6)?.x ?? 0;
    expect(Math.abs(at(5))).toBeLessThan(0.3);
    expect((at(8) - at(7)) / 1).toBeGreaterThan(3.6);
  });

  it("lets nobody walk through anybody, nor through a wall", () => {
    const people: Pedestrian[] = Array.from({ length: 24 }, (_, i) => {
      const side = i % 2 === 0 ? -1 : 1;
      const y = 0.4 * Math.floor(i / 2) - 2;
      return {
        from: { x: side * (8 + (i % 3)), y },
        intents: [{ at: 0, to: { x: -side * 12, y }, speed: 1.3 }],
      };
    });
    const walls = [-3, 3].map((y) => ({ from: { x: -20, y }, to: { x: 20, y } }));
    const paths = socialForcePaths(people, 25, 3, walls);
    let nearest = Number.POSITIVE_INFINITY;
    for (const [i, one] of paths.entries())
      for (const two of paths.slice(i + 1))
        for (const [k, p] of one.entries()) {
          const q = two[k];
          if (q !== undefined && q.at === p.at) nearest = Math.min(nearest, Math.hypot(p.x - q.x, p.y - q.y));
        }
    expect(nearest).toBeGreaterThan(0.3);
    for (const path of paths) {
      for (const { y } of path) expect(Math.abs(y)).toBeLessThan(3);
      // They pass one another: lanes form.
      expect(Math.abs((path.at(-1)?.x ?? 0) - (path[0]?.x ?? 0))).toBeGreaterThan(10);
    }
  });

  it("gives the same paths for the same seed, and others for another", () => {
    const crowd = Array.from({ length: 6 }, (_, i) => ({ ...alone(1.2), from: { x: 0, y: 0.6 * i } }));
    expect(socialForcePaths(crowd, 10, 1)).toEqual(socialForcePaths(crowd, 10, 1));
    expect(socialForcePaths(crowd, 10, 1)).not.toEqual(socialForcePaths(crowd, 10, 2));
  });
});
