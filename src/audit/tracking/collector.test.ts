import { describe, expect, test } from "vitest";
import type { Box } from "../../geometry/shapes.ts";
import { TrackCollector } from "./collector.ts";
import type { MotFrames } from "./frames.ts";

const FPS = 10;
/** Somebody who walks 4 px a picture, and one who stands; pictures 1 to 21, 0 to 2 s. */
const REFERENCE: MotFrames = Array.from({ length: 21 }, (_, index) => [
  { id: "1", box: walking(index) },
  { id: "2", box: { x: 400, y: 50, width: 30, height: 60 } },
]);

function walking(index: number): Box {
  return { x: 4 * index, y: 100, width: 30, height: 60 };
}

function collected(pictures: readonly number[], from: MotFrames = REFERENCE): TrackCollector {
  const collector = new TrackCollector();
  for (const index of pictures) collector.observe(index / FPS, from[index] ?? []);
  return collector;
}

const EVERY = REFERENCE.map((_, index) => index);

describe("TrackCollector", () => {
  test("a tracker that looks at each picture is scored on what it saw", () => {
    const scores = collected(EVERY).scores(REFERENCE, FPS);
    expect(scores).toMatchObject({ hota: 1, mota: 1, idf1: 1, truePositives: 42 });
    expect(scores.basis).toEqual({ analysed: 21, interpolated: 0, unseen: 0 });
  });

  test("between two instants, tracks go straight", () => {
    const scores = collected(EVERY.filter((index) => index % 5 === 0)).scores(REFERENCE, FPS);
    expect(scores.mota).toBe(1);
    expect(scores.motp).toBeCloseTo(1, 12);
    expect(scores.basis).toEqual({ analysed: 5, interpolated: 16, unseen: 0 });
  });

  test("somebody who turns between two instants is not where the line is", () => {
    const turning: MotFrames = EVERY.map((index) => [{ id: "1", box: walking(Math.min(index, 20 - index)) }]);
    const scores = collected([0, 20], turning).scores(turning, FPS);
    // On the line they stand at 0 px; from picture 4 to 18 (12 px and more away) less than half of the boxes overlap.
    expect(scores).toMatchObject({ truePositives: 6, misses: 15, falsePositives: 15 });
  });

  test("a track that is in one of the two instants alone is not there in between", () => {
    const leaving: MotFrames = REFERENCE.map((boxes, index) => (index < 10 ? boxes : boxes.slice(0, 1)));
    const scores = collected([0, 8, 16, 20], leaving).scores(leaving, FPS);
    // The one who stands: pictures 0 to 8 are covered, 9 is not.
    expect(scores).toMatchObject({ misses: 1, falsePositives: 0 });
  });

  test("nothing goes beyond the first and the last instant", () => {
    const scores = collected([5, 10, 15]).scores(REFERENCE, FPS);
    expect(scores.basis).toEqual({ analysed: 3, interpolated: 8, unseen: 10 });
    expect(scores.misses).toBe(20);
  });

  test("a long pause is not bridged", () => {
    const standing: MotFrames = Array.from({ length: 51 }, () => REFERENCE[0] ?? []);
    const scores = collected([0, 10, 40, 50], standing).scores(standing, FPS);
    expect(scores.basis).toEqual({ analysed: 4, interpolated: 18, unseen: 29 });
  });

  test("times of the pictures may be given, rounded to a millisecond or not even", () => {
    const times = EVERY.map((index) => index / 30);
    for (const rounded of [Math.floor, Math.ceil]) {
      const collector = new TrackCollector();
      for (const [index, at] of times.entries()) {
        collector.observe(rounded(at * 1000) / 1000, REFERENCE[index] ?? []);
      }
      expect(collector.scores(REFERENCE, times).basis.analysed).toBe(21);
    }
    const uneven = collected(EVERY).scores(REFERENCE, [...EVERY.map((index) => index / FPS), 9, 10]);
    expect(uneven.mota).toBe(1);
  });

  test("a system that said nothing misses everybody", () => {
    expect(new TrackCollector().scores(REFERENCE, FPS)).toMatchObject({ hota: 0, mota: 0, misses: 42 });
  });

  test("no id comes out", () => {
    const secret = "b0d4f7c1-track";
    const collector = new TrackCollector();
    collector.observe(0, [{ id: secret, box: walking(0) }]);
    expect(JSON.stringify([collector, collector.scores(REFERENCE, FPS)])).not.toContain(secret);
  });

  test.each<[string, () => unknown, string]>([
    ["an instant twice", () => collected([0, 1, 1]), "later than the instant before, 0.1 s"],
    ["an instant that is none", () => new TrackCollector().observe(Number.NaN, []), "NaN"],
    [
      "an id twice",
      () =>
        new TrackCollector().observe(
          1,
          [REFERENCE[0]?.[0], REFERENCE[1]?.[0]].filter((one) => !!one),
        ),
      "twice among the boxes at 1 s",
    ],
    ["no rate", () => collected([0]).scores(REFERENCE, 0), "greater than 0"],
    ["fewer times than pictures", () => collected([0]).scores(REFERENCE, [0, 1]), "reach picture 21"],
  ])("%s is refused", (_, act, message) => {
    expect(act).toThrow(message);
  });
});
