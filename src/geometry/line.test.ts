import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Crossing,
  CrossingWatch,
  type Direction,
  lineCanFire,
  normal,
  sideTowards,
  signedDistance,
} from "./line.ts";
import { distanceToSegment } from "./polygon.ts";
import type { DirectedLine, Point, Polygon } from "./shapes.ts";

const line = (x1: number, y1: number, x2: number, y2: number): DirectedLine => ({
  from: { x: x1, y: y1 },
  to: { x: x2, y: y2 },
});
const reversed = ({ from, to }: DirectedLine): DirectedLine => ({ from: to, to: from });
const mirrorPoint = ({ x, y }: Point): Point => ({ x: 640 - x, y });
const mirrored = ({ from, to }: DirectedLine): DirectedLine => ({
  from: mirrorPoint(from),
  to: mirrorPoint(to),
});
const MIRROR: Record<Direction, Direction> = { left: "right", right: "left", up: "up", down: "down" };

const coordinate = fc.integer({ min: 0, max: 640 });
const anyLine = fc
  .tuple(coordinate, coordinate, coordinate, coordinate)
  .map(([a, b, c, d]) => line(a, b, c, d))
  .filter(({ from, to }) => Math.hypot(to.x - from.x, to.y - from.y) > 20);

interface Step {
  readonly at: number;
  readonly point: Point;
}
/** Somebody who moves anyhow, seen at uneven times. */
const walk = fc
  .array(
    fc.record({
      wait: fc.integer({ min: 30, max: 400 }),
      x: coordinate,
      y: coordinate,
    }),
    { minLength: 2, maxLength: 60 },
  )
  .map((steps) => {
    let at = 0;
    return steps.map(({ wait, x, y }): Step => {
      at += wait / 1000;
      return { at, point: { x, y } };
    });
  });

function crossings(watched: DirectedLine, hold: number, steps: readonly Step[], margin = 0): Crossing[] {
  const watch = new CrossingWatch(watched, hold);
  return steps.flatMap(({ at, point }) => watch.observe(at, point, margin) ?? []);
}

function straight(from: Point, to: Point, seconds: number, rate: number, then = 0): Step[] {
  const count = Math.ceil((seconds + then) * rate);
  return Array.from({ length: count + 1 }, (_, index) => {
    const at = index / rate;
    const share = Math.min(1, at / seconds);
    return { at, point: { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) } };
  });
}

describe("sides and directions", () => {
  test("a line drawn downwards has its right hand on the left of the picture", () => {
    const down = line(100, 0, 100, 200);
    expect(signedDistance(down, { x: 60, y: 50 })).toBe(40);
    expect(signedDistance(down, { x: 130, y: 900 })).toBe(-30);
    expect(normal(down)).toEqual({ x: -1, y: 0 });
    expect(signedDistance(line(5, 5, 5, 5), { x: 0, y: 0 })).toBe(0);
  });

  test.each<[string, DirectedLine, Direction, 1 | -1 | null]>([
    ["upright line, right", line(384, 0, 384, 576), "right", -1],
    ["upright line, left", line(384, 0, 384, 576), "left", 1],
    ["upright line, up", line(384, 0, 384, 576), "up", null],
    ["level line, down", line(0, 250, 768, 250), "down", 1],
    ["level line, up", line(0, 250, 768, 250), "up", -1],
    ["level line, left", line(0, 250, 768, 250), "left", null],
    ["nearly level line, right", line(0, 250, 768, 260), "right", null],
    ["slanted line, right", line(0, 0, 100, 100), "right", -1],
    ["slanted line, down", line(0, 0, 100, 100), "down", 1],
  ])("%s", (_, watched, direction, side) => {
    expect(sideTowards(watched, direction)).toBe(side);
  });

  test("a line drawn the other way round forbids the same movement", () => {
    fc.assert(
      fc.property(
        anyLine,
        fc.constantFrom<Direction>("left", "right", "up", "down"),
        (watched, direction) => {
          const side = sideTowards(watched, direction);
          const other = sideTowards(reversed(watched), direction);
          expect(other).toBe(side === null ? null : -side);
        },
      ),
    );
  });

  test("opposite directions lead to opposite sides", () => {
    fc.assert(
      fc.property(anyLine, (watched) => {
        for (const [one, two] of [
          ["left", "right"],
          ["up", "down"],
        ] as const) {
          const side = sideTowards(watched, one);
          expect(sideTowards(watched, two)).toBe(side === null ? null : -side);
        }
      }),
    );
  });
});

describe("CrossingWatch", () => {
  const upright = line(320, 100, 320, 400);

  test.each<[string, Point, Point, number]>([
    ["through the segment", { x: 200, y: 250 }, { x: 440, y: 250 }, 1],
    ["past its upper end", { x: 200, y: 60 }, { x: 440, y: 60 }, 0],
    ["past its lower end", { x: 200, y: 410 }, { x: 440, y: 410 }, 0],
    ["along it", { x: 300, y: 100 }, { x: 300, y: 400 }, 0],
    ["up to it and no further", { x: 200, y: 250 }, { x: 320, y: 250 }, 0],
    ["through its very end", { x: 200, y: 100 }, { x: 440, y: 100 }, 1],
  ])("a straight way %s", (_, from, to, expected) => {
    expect(crossings(upright, 0.5, straight(from, to, 4, 10, 2))).toHaveLength(expected);
  });

  test.each([2, 3, 5, 8, 12, 25, 30])("finds the same crossing at %d pictures a second", (rate) => {
    const found = crossings(upright, 0.5, straight({ x: 200, y: 200 }, { x: 440, y: 300 }, 4, rate, 2));
    expect(found).toHaveLength(1);
    expect(found[0]?.at).toBeCloseTo(2, 6);
    expect(found[0]?.point.y).toBeCloseTo(250, 6);
    expect(found[0]?.towards).toBe(sideTowards(upright, "right"));
    expect(found[0]?.heldAt).toBeGreaterThanOrEqual(2.5);
    expect(found[0]?.heldAt).toBeLessThanOrEqual(2.5 + 2 / rate);
  });

  test("comes back before the time is up: no crossing", () => {
    const steps = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((index) => ({
      at: index * 0.2,
      point: { x: index === 3 || index === 4 ? 330 : 310, y: 200 },
    }));
    expect(crossings(upright, 0.5, steps)).toHaveLength(0);
    expect(crossings(upright, 0.2, steps)).toHaveLength(2);
  });

  test("a foot that trembles on the line never crosses it", () => {
    const steps = Array.from({ length: 200 }, (_, index) => ({
      at: index / 10,
      point: { x: 320 + (index % 2 === 0 ? 4 : -4), y: 200 },
    }));
    expect(crossings(upright, 0.3, steps)).toHaveLength(0);
    expect(crossings(upright, 0, steps, 5)).toHaveLength(0);
  });

  test("going round the end changes the side without a crossing, and the way back through it counts", () => {
    const round = [
      { x: 200, y: 250 },
      { x: 200, y: 50 },
      { x: 440, y: 50 },
      { x: 440, y: 250 },
      { x: 440, y: 250 },
      { x: 200, y: 250 },
      { x: 200, y: 250 },
    ].map((point, index) => ({ at: index, point }));
    const found = crossings(upright, 0.5, round);
    expect(found).toHaveLength(1);
    expect(found[0]?.towards).toBe(sideTowards(upright, "left"));
  });

  test("first seen on the line: it takes the side it leaves to, without a crossing", () => {
    const watch = new CrossingWatch(upright, 0.1);
    expect(watch.observe(0, { x: 318, y: 200 }, 10)).toBeNull();
    expect(watch.side).toBeNull();
    for (let step = 1; step < 20; step++)
      expect(watch.observe(step / 10, { x: 318 + 4 * step, y: 200 }, 10)).toBeNull();
    expect(watch.side).toBe(-1);
  });

  test("no crossing without a change of side that was held, and only through the segment", () => {
    fc.assert(
      fc.property(anyLine, walk, fc.constantFrom(0.2, 0.5, 1), (watched, steps, hold) => {
        for (const crossing of crossings(watched, hold, steps)) {
          const held = steps.filter((s) => s.at > crossing.heldAt - hold + 1e-5 && s.at <= crossing.heldAt);
          for (const { point } of held) {
            // 0 is the line itself: neither side.
            expect([crossing.towards, 0]).toContain(Math.sign(signedDistance(watched, point)));
          }
          expect(crossing.heldAt - crossing.at).toBeGreaterThanOrEqual(hold - 1e-5);
          expect(distanceToSegment(crossing.point, watched.from, watched.to)).toBeLessThan(1e-6);
          const before = steps
            .filter((s) => s.at < crossing.at && signedDistance(watched, s.point) !== 0)
            .at(-1);
          expect(before).toBeDefined();
          if (before) expect(Math.sign(signedDistance(watched, before.point))).toBe(-crossing.towards);
        }
      }),
    );
  });

  test("the mirrored picture gives the mirrored crossings, under the mirrored direction", () => {
    fc.assert(
      fc.property(
        anyLine,
        walk,
        fc.constantFrom<Direction>("left", "right", "up", "down"),
        (watched, steps, way) => {
          const there = crossings(watched, 0.3, steps);
          const mirror = steps.map(({ at, point }) => ({ at, point: mirrorPoint(point) }));
          const here = crossings(mirrored(watched), 0.3, mirror);
          expect(here.map((c) => c.heldAt)).toEqual(there.map((c) => c.heldAt));
          const [side, twin] = [sideTowards(watched, way), sideTowards(mirrored(watched), MIRROR[way])];
          expect(here.map((c) => c.towards === twin)).toEqual(there.map((c) => c.towards === side));
        },
      ),
    );
  });

  test("a line drawn the other way round sees the same crossings", () => {
    fc.assert(
      fc.property(anyLine, walk, (watched, steps) => {
        const there = crossings(watched, 0.3, steps);
        const here = crossings(reversed(watched), 0.3, steps);
        expect(here.map((c) => [c.heldAt, c.towards])).toEqual(there.map((c) => [c.heldAt, -c.towards]));
      }),
    );
  });

  test("across a line too long to go round, crossings alternate", () => {
    fc.assert(
      fc.property(walk, (steps) => {
        const sides = crossings(line(320, -9999, 320, 9999), 0.2, steps).map((c) => c.towards);
        for (const [index, side] of sides.entries())
          if (index > 0) expect(side).toBe(sides[index - 1] === 1 ? -1 : 1);
      }),
    );
  });
});

describe("lineCanFire", () => {
  const picture = { width: 640, height: 480 };
  const box = (x: number, y: number, w: number, h: number): Polygon => [
    { x, y },
    { x: x + w, y },
    { x: x + w, y: y + h },
    { x, y: y + h },
  ];

  test.each<[string, DirectedLine, Polygon[], string]>([
    ["across the middle", line(320, 0, 320, 480), [], "fires"],
    ["reaching in from outside", line(-500, 240, 100, 240), [], "fires"],
    ["of no length", line(5, 5, 5, 5), [], "no_length"],
    ["outside", line(700, 0, 700, 480), [], "outside_picture"],
    ["outside, though its bounds meet the picture", line(600, -100, 800, 100), [], "outside_picture"],
    ["on the lower border", line(0, 480, 640, 480), [], "along_the_border"],
    ["on the left border", line(0, 0, 0, 480), [], "along_the_border"],
    ["3 px from the border", line(3, 0, 3, 480), [], "along_the_border"],
    ["10 px from the border", line(10, 0, 10, 480), [], "fires"],
    ["under a mask", line(320, 100, 320, 200), [box(300, 90, 40, 120)], "masked"],
    ["half under a mask", line(320, 100, 320, 200), [box(300, 90, 40, 60)], "fires"],
    ["along a mask that hides one side", line(320, 100, 320, 200), [box(320, 90, 100, 120)], "masked"],
    [
      "under two masks that meet",
      line(320, 100, 320, 200),
      [box(300, 90, 40, 60), box(300, 150, 40, 60)],
      "masked",
    ],
  ])("a line %s", (_, watched, masks, expected) => {
    const check = lineCanFire(watched, picture, masks);
    expect(check.canFire ? "fires" : check.why).toBe(expected);
  });

  test("where it says a line can fire, somebody who walks across there does fire it", () => {
    fc.assert(
      fc.property(
        fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: -200, max: 900 }))),
        ([a = 0, b = 0, c = 0, d = 0]) => {
          const watched = line(a, b, c, d);
          const check = lineCanFire(watched, picture, []);
          if (!check.canFire) return;
          const across = normal(watched);
          const from = { x: check.at.x - 6 * across.x, y: check.at.y - 6 * across.y };
          const to = { x: check.at.x + 6 * across.x, y: check.at.y + 6 * across.y };
          for (const { x, y } of [from, to]) {
            expect(x).toBeGreaterThanOrEqual(0);
            expect(x).toBeLessThanOrEqual(640);
            expect(y).toBeGreaterThanOrEqual(0);
            expect(y).toBeLessThanOrEqual(480);
          }
          expect(crossings(watched, 0.5, straight(from, to, 1, 10, 1))).toHaveLength(1);
        },
      ),
    );
  });

  test("a line outside the picture or on its border is crossed by nobody who is in the picture", () => {
    const outside = fc.constantFrom(
      line(640, 0, 640, 480),
      line(0, 0, 640, 0),
      line(-5, 100, -5, 300),
      line(600, -100, 800, 100),
    );
    const inside = walk.map((steps) =>
      steps.map(({ at, point }) => ({ at, point: { x: point.x, y: (point.y * 480) / 640 } })),
    );
    fc.assert(
      fc.property(outside, inside, (watched, steps) => {
        expect(lineCanFire(watched, picture, []).canFire).toBe(false);
        expect(crossings(watched, 0.2, steps)).toHaveLength(0);
      }),
    );
  });
});
