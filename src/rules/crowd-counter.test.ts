import { describe, expect, it } from "vitest";
import { detectionsAt, observationsOf, VIEW, type Walker, walker } from "../../test/support/walkers.ts";
import type { CountBand } from "../alerts/episode.ts";
import { CrowdCounter } from "./crowd-counter.ts";
import { PersonScale } from "./person-scale.ts";

const view = { ...VIEW, zones: [], lines: [], homography: null };

/** People who stand about, taller the lower in the picture: 0.2 of where their feet are. */
function people(count: number): readonly Walker[] {
  return Array.from({ length: count }, (_, i) => {
    const y = 150 + ((i * 83) % 320);
    const x = 30 + ((i * 47) % 580);
    return walker({ from: { x, y }, to: { x: x + 5, y }, takes: 30, height: 0.2 * y });
  });
}

function countOf(
  walkers: readonly Walker[],
  score: number,
  polygon: readonly { x: number; y: number }[] | null = null,
): CountBand {
  const counter = new CrowdCounter(view, polygon);
  let band: CountBand = { low: 0, best: 0, high: 0 };
  for (const o of observationsOf(walkers, 5, 20)) {
    band = counter.observe({ ...o, detections: detectionsAt(walkers, o.at, score) });
  }
  return band;
}

describe("the crowd counter", () => {
  it.each([0, 1, 5, 20, 60])("counts %d who are plainly seen", (count) => {
    const { low, best, high } = countOf(people(count), 0.7);
    expect(Math.abs(best - count)).toBeLessThanOrEqual(0.02 * count + 0.1);
    expect(low).toBeLessThanOrEqual(count + 1e-9);
    expect(high).toBeGreaterThanOrEqual(count - 1e-9);
  });

  it("adds hidden persons where many are seen in part only, and hardly any where few are", () => {
    const many = countOf(people(40), 0.32).best / 40;
    const few = countOf(people(2), 0.32).best / 2;
    expect(many).toBeGreaterThan(1.5);
    expect(few).toBeLessThan(1.5);
    expect(few).toBeLessThan(many);
  });

  it("gives a wider band the less sure the detections are", () => {
    const width = (score: number) => {
      const { low, high } = countOf(people(20), score);
      return high - low;
    };
    expect(width(0.3)).toBeGreaterThan(width(0.7));
  });

  it("counts within its polygon by the feet", () => {
    const half = [
      { x: 0, y: 0 },
      { x: 320, y: 0 },
      { x: 320, y: 480 },
      { x: 0, y: 480 },
    ];
    const inside = people(40).filter((w) => w.from.x + 5 < 320).length;
    expect(countOf(people(40), 0.7, half).best).toBeCloseTo(inside, 0);
  });

  it("leaves boxes aside that are no person's size at their place", () => {
    const counter = new CrowdCounter(view, null);
    const crowd = people(12);
    let best = 0;
    for (const o of observationsOf(crowd, 5, 20)) {
      const posts = Array.from({ length: 10 }, (_, i) => ({
        class: "person" as const,
        box: { x: 50 * i, y: 200, width: 20, height: 200 },
        score: 0.3,
      }));
      best = counter.observe({ ...o, detections: [...detectionsAt(crowd, o.at, 0.7), ...posts] }).best;
    }
    expect(Math.abs(best - 12)).toBeLessThan(1);
  });

  it("tells people who stand apart from people among others, at the same poor scores", () => {
    const apart = Array.from({ length: 12 }, (_, i) =>
      walker({ from: { x: 40 + 50 * i, y: 300 }, to: { x: 42 + 50 * i, y: 300 }, takes: 30, height: 70 }),
    );
    const together = Array.from({ length: 12 }, (_, i) =>
      walker({ from: { x: 40 + 16 * i, y: 300 }, to: { x: 42 + 16 * i, y: 300 }, takes: 30, height: 70 }),
    );
    expect(countOf(apart, 0.32).best).toBeLessThanOrEqual(12.1);
    expect(countOf(together, 0.32).best).toBeGreaterThan(14);
  });

  it("never counts more than the area can hold, whatever is detected", () => {
    const counter = new CrowdCounter(view, [
      { x: 300, y: 280 },
      { x: 340, y: 280 },
      { x: 340, y: 320 },
      { x: 300, y: 320 },
    ]);
    const learnt = people(20);
    let band: CountBand = { low: 0, best: 0, high: 0 };
    for (const o of observationsOf(learnt, 5, 20)) {
      const box = { x: 310, y: 240, width: 24, height: 60 };
      const flood = Array.from({ length: 500 }, () => ({ class: "person" as const, box, score: 0.32 }));
      band = counter.observe({ ...o, detections: flood });
    }
    // 40 x 40 px, where a person is 60 px tall and shows at least 72 px.
    expect(band.high).toBeLessThanOrEqual(1600 / 72 + 1);
    expect(band.best).toBeLessThanOrEqual(band.high);
    expect(band.low).toBeLessThanOrEqual(band.best);
  });
});

describe("the scale of persons", () => {
  it("learns how tall people are at each depth, from whoever is seen alone", () => {
    const scale = new PersonScale();
    for (const { at, tracks } of observationsOf(people(12), 5, 20)) scale.observe(at, tracks, VIEW);
    expect(scale.known).toBe(true);
    for (const y of [180, 300, 440]) expect((scale.heightAt(y) ?? 0) / (0.2 * y)).toBeCloseTo(1, 0);
  });

  it("says nothing before it saw anybody", () => {
    const scale = new PersonScale();
    expect([scale.known, scale.heightAt(200)]).toEqual([false, null]);
  });
});
