import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Box } from "../geometry/shapes.ts";
import type { Detection } from "./detector.ts";
import { mergeViews, type ViewDetections } from "./merge.ts";

const frame = { width: 1000, height: 600 };
/** Two tiles that share the columns from 450 to 550. */
const west: Box = { x: 0, y: 0, width: 550, height: 600 };
const east: Box = { x: 450, y: 0, width: 550, height: 600 };
const person = (x: number, y: number, width: number, height: number, score = 0.5): Detection => {
  return { class: "person", score, box: { x, y, width, height } };
};
const merge = (left: Detection[], right: Detection[]) =>
  mergeViews(
    [
      { region: west, detections: left },
      { region: east, detections: right },
    ],
    frame,
  );

describe("mergeViews", () => {
  it.each<[string, Detection[], Detection[], Detection[]]>([
    [
      "one thing in both tiles",
      [person(480, 100, 40, 80, 0.4)],
      [person(481, 101, 40, 80, 0.6)],
      [person(481, 101, 40, 80, 0.6)],
    ],
    [
      "two things",
      [person(100, 100, 40, 80)],
      [person(700, 100, 40, 80)],
      [person(100, 100, 40, 80), person(700, 100, 40, 80)],
    ],
    [
      "a part at the edge, and the whole with a lower score",
      [person(520, 100, 30, 80, 0.9)],
      [person(520, 98, 60, 84, 0.5)],
      [person(520, 98, 60, 84, 0.9)],
    ],
    [
      "halves that nobody saw whole",
      [person(300, 100, 250, 200, 0.5)],
      [person(450, 110, 300, 190, 0.6)],
      [person(300, 100, 450, 200, 0.6)],
    ],
    [
      "two people at the edges, each whole in the other tile",
      [person(515, 100, 35, 80), person(440, 300, 40, 80)],
      [person(515, 100, 45, 80), person(450, 300, 30, 80)],
      [person(515, 100, 45, 80), person(440, 300, 40, 80)],
    ],
    [
      "parts at different heights",
      [person(500, 10, 50, 80)],
      [person(450, 400, 50, 80)],
      [person(500, 10, 50, 80), person(450, 400, 50, 80)],
    ],
    ["the picture's own border", [person(0, 100, 40, 80)], [], [person(0, 100, 40, 80)]],
  ])("joins %s", (_, left, right, expected) => {
    const order = (a: Detection, b: Detection) => a.box.x - b.box.x || a.box.y - b.box.y;
    expect(merge(left, right).toSorted(order)).toEqual(expected.toSorted(order));
  });

  it("keeps classes apart", () => {
    const luggage: Detection = { ...person(480, 100, 40, 80), class: "luggage" };
    expect(merge([person(480, 100, 40, 80)], [luggage])).toHaveLength(2);
  });

  it("leaves one view as it is, best first", () => {
    const detections = [person(0, 0, 10, 10, 0.2), person(1, 0, 10, 10, 0.9)];
    expect(mergeViews([{ region: west, detections }], frame)).toEqual(detections.toReversed());
    expect(mergeViews([], frame)).toEqual([]);
  });

  it("finds things in tiles as if the whole had been seen at once", () => {
    // Things no wider than the overlap, apart from one another, each tile seeing what reaches into it.
    const thing = fc.record({
      column: fc.nat(6),
      row: fc.nat(2),
      dx: fc.nat(40),
      width: fc.integer({ min: 20, max: 90 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(thing, { selector: (t) => t.column * 3 + t.row }), (things) => {
        const whole = things.map((t) => person(t.column * 140 + t.dx, t.row * 200, t.width, 100));
        const seenIn = (region: Box): ViewDetections => ({
          region,
          detections: whole.flatMap((d) => {
            const from = Math.max(d.box.x, region.x);
            const to = Math.min(d.box.x + d.box.width, region.x + region.width);
            return to - from > 5 ? [{ ...d, box: { ...d.box, x: from, width: to - from } }] : [];
          }),
        });
        const merged = mergeViews([seenIn(west), seenIn(east)], frame);
        const key = ({ box }: Detection) => [box.x, box.y, box.width, box.height].join();
        expect(merged.map(key).sort()).toEqual(whole.map(key).sort());
      }),
    );
  });
});
