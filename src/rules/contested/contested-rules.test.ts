import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anyWalkers,
  mirrored,
  observationsOf,
  VIEW,
  type Walker,
  walker,
} from "../../../test/support/walkers.ts";
import { Homography } from "../../geometry/homography.ts";
import type { Observation } from "../rule.ts";
import { CONTESTED_KINDS, type ContestedRule, Flagging } from "./contested-rule.ts";
import { contestedRules } from "./registry.ts";
import type { MeasuredView } from "./ruler.ts";
import { running } from "./running.ts";
import { slowWalking } from "./slow-walking.ts";
import { StaticPresence } from "./static-presence.ts";

/** A camera that looks straight down: 50 px are a metre everywhere. */
const GROUND = new Homography(
  [
    [0, 0],
    [640, 0],
    [640, 480],
    [0, 480],
  ].map(([x = 0, y = 0]) => ({ px: { x, y }, m: { x: x / 50, y: y / 50 } })),
);
const CALIBRATED: MeasuredView = { ...VIEW, homography: GROUND };
/** Boxes are 82.5 px high, so that 50 px are a metre by bodies too. */
const BODIES: MeasuredView = { ...VIEW, homography: null };
const HEIGHT = 82.5;

/** Walks so many metres in so many seconds, then stands. */
function goes(metres: number, takes: number, more: Partial<Walker> = {}): Walker {
  const from = { x: 40, y: 300 };
  return walker({ from, to: { x: 40 + 50 * metres, y: 300 }, takes, height: HEIGHT, ...more });
}

function stands(seconds: number, more: Partial<Walker> = {}): Walker {
  return walker({
    from: { x: 200, y: 300 },
    to: { x: 200, y: 300 },
    takes: seconds,
    height: HEIGHT,
    ...more,
  });
}

function flagged(
  rule: ContestedRule,
  walkers: readonly Walker[],
  { hz = 10, seconds = 60 } = {},
): readonly Flagging[] {
  return play(rule, observationsOf(walkers, hz, seconds));
}

function play(rule: ContestedRule, observations: readonly Observation[]): readonly Flagging[] {
  for (const observation of observations) rule.observe(observation);
  rule.finish(observations.at(-1)?.at ?? 0);
  return rule.flaggings();
}

describe.each([
  ["on calibrated ground", CALIBRATED],
  ["by the height of bodies", BODIES],
])("%s", (_, view) => {
  describe("static presence of 30 s within 2 m", () => {
    const make = () => new StaticPresence(view, { within: 2, lasts: 30 });

    it.each<[string, readonly Walker[], number]>([
      ["nobody", [], 0],
      ["somebody who stands for 40 s", [stands(40)], 1],
      ["somebody who stands for 25 s", [stands(25)], 0],
      [
        "three people who wait",
        [100, 300, 500].map((x) => stands(45, { from: { x, y: 300 }, to: { x, y: 300 } })),
        3,
      ],
      ["somebody who paces 1.5 m up and down", [goes(1.5, 40)], 1],
      ["somebody who walks 6 m in 40 s and never stops", [goes(6, 40)], 0],
      ["somebody who walks on after standing for 40 s", [goes(10, 10, { begin: 0, stays: 40 })], 1],
      ["somebody whom the tracker loses and finds", [stands(45, { breaks: [14.2], unseen: [[14, 17]] })], 1],
      ["somebody who is hidden for long", [stands(45, { breaks: [20], unseen: [[20, 29]] })], 0],
      ["a parked car", [stands(60, { class: "vehicle" })], 0],
    ])("%s", (_who, walkers, count) => {
      expect(flagged(make(), walkers)).toHaveLength(count);
    });

    it("says since when, until when and where, and nothing else", () => {
      const [only, ...others] = flagged(make(), [stands(44, { begin: 3 })]);
      expect(others).toEqual([]);
      expect(Object.keys(only ?? {})).toEqual(["begin", "end", "box"]);
      // Half a second after it appears a track counts.
      expect(only?.begin).toBeCloseTo(3.5, 1);
      expect(only?.end).toBeCloseTo(47, 1);
      expect(only?.box).toEqual({ x: 183.5, y: 217.5, width: 33, height: 82.5 });
    });

    it("begins anew where somebody strolled before, not where they came from", () => {
      const [only] = flagged(make(), [goes(10, 8, { stays: 45 })]);
      // 2 m before the end of 10 m in 8 s.
      expect(only?.begin).toBeGreaterThan(6);
      expect(only?.begin).toBeLessThan(8);
    });

    it("finds the same at 2 to 25 observations a second", () => {
      for (const hz of [2, 3.3, 25]) {
        const [only] = flagged(make(), [stands(44, { begin: 3 })], { hz });
        expect(Math.abs((only?.begin ?? 0) - 3.5)).toBeLessThanOrEqual(1 / hz + 1e-6);
      }
    });
  });

  describe("running at 2.5 m/s", () => {
    const make = () => running(view, { metresPerSecond: 2.5, lasts: 2 });

    it.each<[string, readonly Walker[], number]>([
      ["somebody at 3 m/s", [goes(12, 4)], 1],
      ["two at 4 m/s", [goes(12, 3), goes(12, 3, { begin: 10 })], 2],
      ["a walk at 1.4 m/s", [goes(11, 8)], 0],
      ["a brisk walk at 2.2 m/s", [goes(11, 5)], 0],
      ["two steps of it", [goes(3, 1, { stays: 20 })], 0],
      ["somebody who stands", [stands(20)], 0],
      ["a car at 4 m/s", [goes(12, 3, { class: "vehicle" })], 0],
    ])("%s", (_who, walkers, count) => {
      expect(flagged(make(), walkers, { seconds: 25, hz: 12.5 })).toHaveLength(count);
    });

    it("takes a box that jumps to another person for no runner", () => {
      const jumping = observationsOf([stands(20)], 12.5, 20).map((o) => ({
        ...o,
        tracks: o.tracks.map((track) => {
          const x = track.foot.x + (Math.floor(o.at / 1.5) % 2) * 150;
          return { ...track, foot: { ...track.foot, x }, box: { ...track.box, x: x - 16.5 } };
        }),
      }));
      expect(play(make(), jumping)).toEqual([]);
    });

    it("takes feet that come out behind something once for no runner", () => {
      const uncovered = observationsOf([stands(20)], 12.5, 20).map((o) => ({
        ...o,
        tracks: o.tracks.map((track) => {
          const y = track.foot.y - 100 * Math.min(1, Math.max(0, (o.at - 8) / 0.4));
          return { ...track, foot: { ...track.foot, y } };
        }),
      }));
      expect(play(make(), uncovered)).toEqual([]);
    });
  });

  describe("slow walking below 0.8 m/s", () => {
    const make = () => slowWalking(view, { metresPerSecond: 0.8, lasts: 8 });

    it.each<[string, readonly Walker[], number]>([
      ["somebody at 0.6 m/s", [goes(11, 18)], 1],
      ["somebody at 0.6 m/s for 5 s", [goes(3, 5)], 0],
      ["a walk at 1.3 m/s", [goes(11, 8.5)], 0],
      ["somebody who stands", [stands(40)], 0],
      ["a creep of 0.1 m/s", [goes(4, 40)], 0],
      ["walks and stops", [goes(11, 8, { stays: 20 })], 0],
    ])("%s", (_who, walkers, count) => {
      expect(flagged(make(), walkers, { seconds: 40, hz: 5 })).toHaveLength(count);
    });

    it("takes swaying on the spot for no walk", () => {
      const swaying = observationsOf([stands(40)], 5, 40).map((o) => ({
        ...o,
        tracks: o.tracks.map((track) => ({
          ...track,
          foot: { ...track.foot, x: track.foot.x + 25 * Math.sin(2 * o.at) },
        })),
      }));
      expect(play(make(), swaying)).toEqual([]);
    });
  });
});

describe("without calibration", () => {
  const away = walker({ from: { x: 300, y: 460 }, to: { x: 300, y: 260 }, takes: 12, height: HEIGHT });

  it("a walk away from the camera seems slow, and is left out of slow walking", () => {
    const across = walker({ from: { x: 300, y: 400 }, to: { x: 500, y: 400 }, takes: 12, height: HEIGHT });
    expect(
      flagged(slowWalking(BODIES, { metresPerSecond: 0.8, lasts: 8 }), [across], { seconds: 20 }),
    ).toHaveLength(1);
    expect(flagged(slowWalking(BODIES, { metresPerSecond: 0.8, lasts: 8 }), [away], { seconds: 20 })).toEqual(
      [],
    );
    expect(
      flagged(slowWalking(CALIBRATED, { metresPerSecond: 0.8, lasts: 8 }), [away], { seconds: 20 }),
    ).toHaveLength(1);
  });

  it("every setting says that lengths are those of bodies", () => {
    for (const { setting } of contestedRules(BODIES)) expect(setting).toMatch(/not calibrated/);
    for (const { setting } of contestedRules(CALIBRATED)) expect(setting).not.toMatch(/not calibrated/);
  });
});

describe("every contested rule", () => {
  it("is there at several settings, each in other words", () => {
    const rules = contestedRules(CALIBRATED);
    expect(new Set(rules.map((rule) => rule.kind))).toEqual(new Set(CONTESTED_KINDS));
    expect(new Set(rules.map((rule) => rule.setting)).size).toBe(rules.length);
  });

  it("flags within the recording and the picture, alike whatever tracks are called, in a mirror too", () => {
    fc.assert(
      fc.property(anyWalkers(6), fc.boolean(), (walkers, calibrated) => {
        const slower = walkers.map((w) => ({ ...w, stays: 5 * w.stays }));
        const view = calibrated ? CALIBRATED : BODIES;
        const straight = observationsOf(slower, 4, 60);
        const renamed = observationsOf(slower, 4, 60).map((o) => ({ ...o, tracks: o.tracks.toReversed() }));
        const flipped = observationsOf(mirrored(slower), 4, 60);
        for (const [index, rule] of contestedRules(view).entries()) {
          const found = play(rule, straight);
          for (const flagging of found) {
            expect(Flagging.is(flagging)).toBe(true);
            expect(flagging.begin).toBeGreaterThanOrEqual(0);
            expect(flagging.end).toBeGreaterThan(flagging.begin);
            expect(flagging.end).toBeLessThanOrEqual(60);
            expect(flagging.box.x).toBeGreaterThanOrEqual(0);
            expect(flagging.box.x + flagging.box.width).toBeLessThanOrEqual(VIEW.width);
            expect(flagging.box.y + flagging.box.height).toBeLessThanOrEqual(VIEW.height);
          }
          const times = (flaggings: readonly Flagging[]) =>
            flaggings.map(({ begin, end }) => `${begin.toFixed(3)} ${end.toFixed(3)}`).toSorted();
          for (const other of [renamed, flipped]) {
            const again = contestedRules(view)[index];
            if (again !== undefined) expect(times(play(again, other))).toEqual(times(found));
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it("keeps nothing of who has gone: a stream of many gives what each alone gives", () => {
    const many = Array.from({ length: 12 }, (_, index) => goes(11, 8, { begin: 10 * index }));
    for (const rule of contestedRules(CALIBRATED)) expect(flagged(rule, many, { seconds: 130 })).toEqual([]);
  });
});
