import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { observationsOf, walker } from "../../../test/support/walkers.ts";
import { Homography } from "../../geometry/homography.ts";
import { footPoint } from "../../geometry/shapes.ts";
import type { Track } from "../../tracking/tracker.ts";
import { type MeasuredView, type Position, Ruler, unsure } from "./ruler.ts";
import { running } from "./running.ts";

/** A camera 4 m above the ground that looks level, its horizon at row 100: 400 px focal length, foot at 100 + 1600 / y. */
const HORIZON = 100;
const FOCAL = 400;
const ABOVE = 4;
const px = (x: number, y: number) => ({ x: 320 + (FOCAL * x) / y, y: HORIZON + (FOCAL * ABOVE) / y });
const GROUND = new Homography(
  [
    { x: -3, y: 6 },
    { x: 3, y: 6 },
    { x: 8, y: 25 },
    { x: -8, y: 25 },
  ].map((m) => ({ px: px(m.x, m.y), m })),
);
const VIEW: MeasuredView = { width: 640, height: 480, homography: GROUND };

/** Somebody of 1.7 m at a place on the ground. */
function standing(x: number, y: number, slip = 0): Track {
  const [some] =
    observationsOf([walker({ from: px(x, y), to: px(x, y), height: 80 })], 1, 1).at(-1)?.tracks ?? [];
  if (some === undefined) throw new Error("a walker is seen");
  const foot = px(x, y);
  const height = (FOCAL * 1.7) / y;
  const box = {
    x: foot.x - 0.2 * height,
    y: foot.y - height,
    width: 0.4 * height,
    height: height * (1 - slip),
  };
  return { ...some, box, foot: footPoint(box) };
}

describe("a calibrated ruler", () => {
  const ruler = new Ruler(VIEW);
  const at = (x: number, y: number, time = 0): Position => {
    const position = ruler.position(standing(x, y), time);
    if (position === null) throw new Error("it is on the ground");
    return position;
  };

  it("tells metres on the ground, across and along the line of sight", () => {
    expect(ruler.metres(at(0, 10), at(3, 10))).toBeCloseTo(3, 6);
    expect(ruler.metres(at(0, 10), at(0, 14))).toBeCloseTo(4, 6);
    expect(ruler.tellsAll(at(0, 10), at(0, 14))).toBe(true);
  });

  it("is the less sure the further away, and along the line of sight alone", () => {
    expect(unsure(at(0, 8))).toBeLessThan(0.2);
    expect(unsure(at(0, 20))).toBeGreaterThan(0.35);
    expect(ruler.leastMetres(at(0, 20), at(3, 20))).toBeCloseTo(3, 1);
    expect(ruler.leastMetres(at(0, 20), at(0, 23))).toBeLessThan(2.4);
    expect(ruler.leastMetres(at(0, 20), at(0, 20.3))).toBeCloseTo(0, 6);
  });

  it("never takes the least way to be longer than the way", () => {
    const place = fc.tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: 6, max: 25, noNaN: true }),
    );
    fc.assert(
      fc.property(place, place, (a, b) => {
        const [from, to] = [at(...a), at(...b)];
        const least = ruler.leastMetres(from, to);
        expect(least).toBeGreaterThanOrEqual(0);
        expect(least).toBeLessThanOrEqual(ruler.metres(from, to) + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it("says nothing of places at the horizon, nor takes feet below the border for seen", () => {
    const track = standing(0, 10);
    const there = { ...track, foot: { x: 320, y: HORIZON } };
    expect(ruler.position(there, 0)).toBeNull();
    expect(ruler.position(track, 0)?.whole).toBe(true);
    const cut = { ...track.box, height: 480 - track.box.y };
    expect(ruler.position({ ...track, box: cut, foot: footPoint(cut) }, 0)?.whole).toBe(false);
  });
});

describe("running, far away on calibrated ground", () => {
  const HZ = 10;
  const play = (where: (at: number) => Track) => {
    const rule = running(VIEW, { metresPerSecond: 2.5, lasts: 2 });
    const observations = observationsOf([walker({ from: px(0, 20), to: px(0, 20), takes: 6 })], HZ, 6);
    for (const o of observations) {
      rule.observe({ ...o, tracks: o.tracks.map((t) => ({ ...t, ...place(where(o.at)) })) });
    }
    rule.finish(6);
    return rule.flaggings();
  };
  const place = ({ box, foot }: Track) => ({ box, foot });

  it("is seen across the view", () => {
    expect(play((at) => standing(-8 + 3 * at, 20))).toHaveLength(1);
  });

  it("is not made of feet that slip up and down, whoever stands there", () => {
    for (const hz of [0.3, 0.5, 1]) {
      const slipping = (at: number) => standing(0, 20, (0.05 * (1 + Math.sin(2 * Math.PI * hz * at))) / 2);
      expect(play(slipping)).toEqual([]);
    }
  });

  it("is not told at all where nothing can be told of depth", () => {
    expect(play((at) => standing(-8 + 3 * at, 40))).toEqual([]);
  });
});
