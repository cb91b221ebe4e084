import { describe, expect, it } from "vitest";
import { detectionsAt, observationsOf, VIEW, type Walker, walker } from "../../test/support/walkers.ts";
import type { CountBand } from "../alerts/episode.ts";
import type { Detection } from "../detectors/detector.ts";
import { CrowdCounter } from "./crowd-counter.ts";
import { PersonScale } from "./person-scale.ts";
import type { Observation } from "./rule.ts";

const view = { ...VIEW, zones: [], lines: [], homography: null };

/** People who stand about, taller the lower in the picture: 0.2 of where their feet are. */
function people(count: number): readonly Walker[] {
  return Array.from({ length: count }, (_, i) => {
    const y = 150 + ((i * 83) % 320);
    const x = 30 + ((i * 47) % 580);
    return walker({ from: { x, y }, to: { x: x + 5, y }, takes: 30, height: 0.2 * y });
  });
}

const sees = (walkers: readonly Walker[], score: number) => (o: Observation) => ({
  ...o,
  closeLook: detectionsAt(walkers, o.at, score),
});

/** The band after 20 s. */
function countOf(
  walkers: readonly Walker[],
  look: (o: Observation) => Observation = (o) => o,
  polygon: readonly { x: number; y: number }[] | null = null,
): CountBand {
  const counter = new CrowdCounter(view, polygon);
  const bands = observationsOf(walkers, 2, 20).map((o) => counter.observe(look(o)));
  const last = bands.at(-1);
  if (!last) throw new Error("no close look was given");
  return last;
}

describe("the crowd counter", () => {
  it.each([0, 1, 5, 20])("counts %d who are plainly seen", (count) => {
    const { low, best, high } = countOf(people(count));
    expect(Math.abs(best - count)).toBeLessThanOrEqual(0.12 * count + 0.1);
    expect(low).toBeLessThanOrEqual(count + 1e-9);
    expect(high).toBeGreaterThanOrEqual(count - 1e-9);
  });

  it("says nothing before its first close look, and holds its count between two", () => {
    const counter = new CrowdCounter(view, null);
    const [first, ...rest] = observationsOf(people(20), 2, 5);
    if (first === undefined) throw new Error("no observation");
    const { closeLook: _, ...unseen } = first;
    expect(counter.observe(unseen)).toBeNull();
    const bands = rest.map((o) => counter.observe(o.at === 2 ? o : { ...unseen, at: o.at }));
    expect(bands.slice(0, 3)).toEqual([null, null, null]);
    expect(bands.at(-1)?.best).toBeGreaterThan(17);
    expect(bands.at(-1)).toEqual(bands[3]);
  });

  it("gives a wider band the less sure the boxes are", () => {
    const width = (score: number) => {
      const { low, high } = countOf(people(20), sees(people(20), score));
      return high - low;
    };
    expect(width(0.22)).toBeGreaterThan(1.2 * width(0.7));
  });

  it("takes what was found for its place into account, band and all", () => {
    const [plain, found] = [undefined, 1.25].map((factor) => {
      const counter = new CrowdCounter(view, null, factor);
      return observationsOf(people(20), 2, 10)
        .map((o) => counter.observe(o))
        .at(-1);
    });
    for (const side of ["low", "best", "high"] as const) {
      expect((found?.[side] ?? 0) / (plain?.[side] ?? 0)).toBeCloseTo(1.25, 6);
    }
  });

  it("counts within its polygon by the feet", () => {
    const half = [
      { x: 0, y: 0 },
      { x: 320, y: 0 },
      { x: 320, y: 480 },
      { x: 0, y: 480 },
    ];
    const inside = people(40).filter((w) => w.from.x + 5 < 320).length;
    const { best } = countOf(people(40), undefined, half);
    expect(best / inside).toBeGreaterThan(0.98);
    expect(best / inside).toBeLessThan(1.3);
  });

  it("never counts more than the area can hold, whatever is detected", () => {
    const learnt = people(20);
    // Four heads in a row of bodies, in an area of 40 x 40 px, where a person is 60 px tall and shows at least 72 px².
    const flood = Array.from({ length: 500 }, (_, i): Detection => {
      return {
        class: "person",
        box: { x: 290 + (i % 50), y: 240 + i / 12, width: 24, height: 60 },
        score: 0.32,
      };
    });
    const { low, best, high } = countOf(learnt, (o) => (o.at < 18 ? o : { ...o, closeLook: flood }), [
      { x: 300, y: 280 },
      { x: 340, y: 280 },
      { x: 340, y: 320 },
      { x: 300, y: 320 },
    ]);
    expect(high).toBeLessThanOrEqual(1600 / 72 + 1);
    expect(best).toBeLessThanOrEqual(high);
    expect(low).toBeLessThanOrEqual(best);
  });
});

describe("the scale of persons", () => {
  it("learns how tall people are at each depth, from whoever is seen alone", () => {
    const scale = new PersonScale();
    for (const { at, tracks } of observationsOf(people(12), 5, 20)) scale.observe(at, tracks, VIEW);
    expect(scale.known).toBe(true);
    for (const y of [180, 300, 440]) {
      expect((scale.heightAt(y) ?? 0) / (0.2 * y)).toBeCloseTo(1, 0);
      expect(scale.heightBelow(0.8 * y) / (0.2 * y)).toBeCloseTo(1, 1);
    }
  });

  it("says nothing before it saw anybody", () => {
    const scale = new PersonScale();
    expect([scale.known, scale.heightAt(200), scale.heightBelow(200)]).toEqual([false, null, 0]);
  });
});
