import { describe, expect, it } from "vitest";
import { burningOf } from "../../test/support/flames.ts";
import { feed, type Shown } from "../../test/support/shown.ts";
import { VIEW, walker } from "../../test/support/walkers.ts";
import type { FireConfig } from "../config/schema.ts";
import type { Box } from "../geometry/shapes.ts";
import { Fire } from "./fire.ts";
import type { Observation } from "./rule.ts";

const config: FireConfig = { event: "fire", id: "r", after: 1, clear: 2, longest: 600, smoke: false };
const view = { ...VIEW, zones: [], lines: [], homography: null };
const YARD = {
  ...{ id: "yard", nature: "sensitive" as const },
  polygon: [
    { x: 0, y: 0 },
    { x: 200, y: 0 },
    { x: 200, y: 480 },
    { x: 0, y: 480 },
  ],
};
const make = (model: string | null, zone: typeof YARD | null = null) =>
  new Fire(model === null ? config : { ...config, model }, zone, view);

/** Flames at (300, 300) from 2 s on. */
const burning = walker({
  ...{ from: { x: 300, y: 300 }, to: { x: 300, y: 300 }, begin: 2, takes: 2, stays: 12, height: 160 },
});
const AT: Box = { x: 280, y: 180, width: 40, height: 120 };
const ELSEWHERE: Box = { x: 20, y: 20, width: 60, height: 60 };

/** Observations of the flames, with what a network sees of the whole view twice a second. */
function watched(seen: (at: number) => readonly Omit<Shown, "closerScore">[]): readonly Observation[] {
  return burningOf([burning], 12, 12).map((observation, index) => {
    if (index % 6 !== 0) return observation;
    const detections = seen(observation.at).map(({ class: name, box, score }) => ({
      class: name,
      box,
      score,
    }));
    const look = { region: { x: 0, y: 0, ...VIEW }, closer: false, detections };
    return { ...observation, slots: new Map([["r", [look]]]) };
  });
}

const raised = (rule: Fire, observations: readonly Observation[]) =>
  observations
    .flatMap((observation) => rule.observe(observation))
    .flatMap(({ kind, episode }) => (kind === "opened" ? [episode] : []));

/** Smoke that a network sees without anything that glows. */
const smoking = (score: (at: number) => number, rule = make("/ours.yml"), at = ELSEWHERE) =>
  feed(
    rule,
    (now) => {
      const sway = 10 * Math.sin(now);
      const box = { ...at, x: at.x + sway, height: at.height + 3 * now };
      const one = { class: "smoke" as const, box, score: score(now), closerScore: score(now) };
      return { things: [one], persons: [] };
    },
    { seconds: 12, hz: 2 },
  ).filter(({ kind }) => kind === "opened");

describe("a fire rule with a network of the operator's own", () => {
  it("raises flames where both see them, at the place of those", () => {
    const [episode, ...others] = raised(
      make("/ours.yml"),
      watched((at) => (at >= 2 ? [{ class: "flame", box: AT, score: 0.7 }] : [])),
    );
    expect(others).toEqual([]);
    expect(episode?.raisedAt).toBeLessThan(6);
    expect(episode?.place.box.x).toBeGreaterThan(200);
  });

  it("raises nothing that glows where the network sees nothing, or sees flames elsewhere", () => {
    expect(
      raised(
        make("/ours.yml"),
        watched(() => []),
      ),
    ).toEqual([]);
    const elsewhere = watched(() => [{ class: "flame", box: ELSEWHERE, score: 0.9 }]);
    expect(raised(make("/ours.yml"), elsewhere)).toEqual([]);
    const doubtful = watched(() => [{ class: "flame", box: AT, score: 0.3 }]);
    expect(raised(make("/ours.yml"), doubtful)).toEqual([]);
  });

  it("is what it was without one", () => {
    const alone = make(null);
    expect(alone.slot).toBeUndefined();
    expect(
      raised(
        alone,
        watched(() => []),
      ),
    ).toHaveLength(1);
  });

  it("looks closer at what glows and flickers", () => {
    const rule = make("/ours.yml");
    raised(
      rule,
      watched(() => []),
    );
    const [region] = rule.slot?.closer() ?? [];
    expect(region).toBeDefined();
    expect(region?.width).toBeLessThan(VIEW.width);
  });

  it("raises smoke by the network alone, that billows at one place again and again", () => {
    const [episode, ...others] = smoking(() => 0.6);
    expect(others).toEqual([]);
    expect(episode?.episode.place.box.x).toBeLessThan(60);
    expect(episode?.episode.raisedAt).toBeLessThan(4);
    // Missed by every third look.
    expect(smoking((at) => (Math.round(2 * at) % 3 === 0 ? 0 : 0.6))).toHaveLength(1);
  });

  it("raises no smoke that flickers, is doubtful, or wanders", () => {
    expect(smoking((at) => (Math.round(2 * at) % 3 === 0 ? 0.6 : 0))).toEqual([]);
    expect(smoking(() => 0.3)).toEqual([]);
    const rule = make("/ours.yml");
    const steam = (at: number) => ({
      things: [
        {
          ...{ class: "smoke" as const, score: 0.8, closerScore: 0.8 },
          box: { x: 60 * at, y: 200, width: 40, height: 40 },
        },
      ],
      persons: [],
    });
    expect(feed(rule, steam, { seconds: 10, hz: 2 })).toEqual([]);
  });

  it("raises smoke in its zone alone", () => {
    expect(smoking(() => 0.6, make("/ours.yml", YARD))).toHaveLength(1);
    const outside = { x: 400, y: 20, width: 60, height: 60 };
    expect(smoking(() => 0.6, make("/ours.yml", YARD), outside)).toEqual([]);
  });

  it("forgets what it saw where nothing can be seen any more", () => {
    const rule = make("/ours.yml");
    smoking(() => 0.6, rule);
    rule.finish(12, "suspended");
    expect(rule.slot?.closer()).toEqual([]);
  });
});
