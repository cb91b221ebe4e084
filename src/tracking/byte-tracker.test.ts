import { describe, expect, it } from "vitest";
import type { Detection } from "../detectors/detector.ts";
import type { Box } from "../geometry/shapes.ts";
import { createTracker } from "./byte-tracker.ts";

const PICTURE = { width: 640, height: 360 };

function vehicle(box: Box, score = 0.5): Detection {
  return { class: "vehicle", box, score };
}

describe("the tracker of vehicles", () => {
  it("does not take one box of two that meet for the one it follows", () => {
    const tracker = createTracker(PICTURE);
    // As a network saw a rendered van (leftwards, above) and a car pass each other: x, y, width, height, score.
    const pictures: readonly (readonly [
      number,
      readonly (readonly [number, number, number, number, number])[],
    ])[] = [
      [3.3, [[443, 134, 130, 54, 0.5]]],
      [3.4, [[424, 134, 130, 54, 0.5]]],
      [3.5, [[407, 135, 130, 54, 0.5]]],
      [3.6, [[391, 134, 130, 54, 0.4]]],
      [
        3.8,
        [
          [356, 136, 127, 53, 0.34],
          [127, 161, 150, 65, 0.34],
        ],
      ],
      [
        3.9,
        [
          [340, 135, 122, 52, 0.39],
          [151, 162, 148, 62, 0.34],
        ],
      ],
      [4.0, [[321, 135, 129, 53, 0.29]]],
      [4.2, [[234, 141, 174, 83, 0.3]]],
      [4.3, [[261, 143, 146, 83, 0.37]]],
      [4.4, [[255, 142, 175, 81, 0.32]]],
      [4.5, [[229, 135, 112, 53, 0.3]]],
      [
        4.7,
        [
          [364, 160, 144, 64, 0.45],
          [193, 133, 124, 56, 0.44],
        ],
      ],
      [
        4.8,
        [
          [175, 132, 125, 58, 0.46],
          [390, 160, 147, 64, 0.45],
        ],
      ],
    ];
    let followed: number | null = null;
    for (const [at, boxes] of pictures) {
      const tracks = tracker.update(
        at,
        boxes.map(([x, y, width, height, score]) => vehicle({ x, y, width, height }, score)),
      );
      followed ??= tracks.find((t) => t.confirmed)?.id ?? null;
      const track = tracks.find((t) => t.id === followed);
      // Its lane ends at row 194; the other's begins there.
      if (track !== undefined) expect(track.foot.y).toBeLessThan(200);
    }
    expect(followed).not.toBeNull();
  });

  it("follows one that drives into the picture, though its box grows", () => {
    const tracker = createTracker(PICTURE);
    const ids = new Set<number>();
    for (let i = 0; i <= 20; i++) {
      const right = 20 + 16 * i;
      const width = Math.min(right, 140);
      const box = { x: right - width, y: 160, width, height: 64 };
      for (const track of tracker.update(i / 10, [vehicle(box)])) if (track.confirmed) ids.add(track.id);
    }
    expect(ids.size).toBe(1);
  });
});
