import { describe, expect, it } from "vitest";
import { flowingOf } from "../../test/support/area-flow.ts";
import { type Walker, walker } from "../../test/support/walkers.ts";
import { CrowdMovement, MOVEMENT_LIMITS, type MovementLimits } from "./crowd-movement.ts";
import type { Observation } from "./rule.ts";

const VIEW = { width: 640, height: 480, zones: [], lines: [], homography: null };
/** Somebody of 1.7 m is 40 px tall: a metre is 23.5 px. */
const TALL = 40;
const METRE = TALL / 1.7;
/** Standing people, from whom the rule learns how tall people are, and a crowd is a crowd. */
const BEFORE = 8;

/** The limits as they are, and every one a fifth lower, and a fifth higher. */
const VARIANTS = [1, 0.8, 1.2].map((factor): MovementLimits => {
  const { running, hurried, overUsual, together, support, witnesses, outward, against } = MOVEMENT_LIMITS;
  return {
    running: factor * running,
    hurried: factor * hurried,
    overUsual: factor * overUsual,
    together: factor * together,
    support: factor * support,
    witnesses: factor * witnesses,
    outward: factor * outward,
    against: factor * against,
  };
});

interface Place {
  readonly x: number;
  readonly y: number;
}

function spots(count: number, left = 60, top = 140, across = 8): Place[] {
  return Array.from({ length: count }, (_, i) => ({
    x: left + 34 * (i % across) + 5 * (Math.floor(i / across) % 2),
    y: top + 56 * Math.floor(i / across),
  }));
}

/** Stands where it is until `BEFORE`, then goes by (dx, dy) metres at a speed, m/s. */
function goes(from: Place, dx: number, dy: number, speed: number, begin = BEFORE): Walker[] {
  const to = { x: from.x + dx * METRE, y: from.y + dy * METRE };
  const takes = Math.hypot(dx, dy) / speed;
  const waits = begin > 0 ? [walker({ from, to: from, takes: begin, height: TALL })] : [];
  return [...waits, walker({ from, to, begin, takes, height: TALL })];
}

function stands(from: Place): Walker[] {
  return [walker({ from, to: from, takes: 20, height: TALL })];
}

function alertsOf(observations: readonly Observation[], limits = MOVEMENT_LIMITS): readonly number[] {
  const config = { event: "crowd_movement", id: "r", after: 1, clear: 5, longest: 600 } as const;
  const rule = new CrowdMovement(config, null, VIEW, limits);
  return observations.flatMap((o) =>
    rule.observe(o).flatMap((c) => (c.kind === "opened" ? [c.episode.raisedAt] : [])),
  );
}

const watch = (walkers: readonly Walker[]) => flowingOf(walkers, 8, 18);
const middle = { x: 320, y: 260 };
const outwards = (speed: number) =>
  spots(24, 200, 190).flatMap((from) => {
    const away = Math.atan2(from.y - middle.y, from.x - middle.x);
    return goes(from, 9 * Math.cos(away), 9 * Math.sin(away), speed);
  });

const SUDDEN: Record<string, readonly Walker[]> = {
  "a surge": spots(24).flatMap((from) => goes(from, 14, 0, 3.5)),
  "a surge of half of those in view, while the others stand": [
    ...spots(24).flatMap((from) => goes(from, 14, 1, 3.5)),
    ...spots(16, 60, 320).flatMap(stands),
  ],
  "a dispersal": outwards(3),
  "a stream that turns back": spots(24, 100).flatMap((from) => {
    const turn = { x: from.x + 10 * METRE, y: from.y };
    return [...goes(from, 10, 0, 1.25, 0), ...goes(turn, -10, 0, 1.5, 8).slice(1)];
  }),
};

const ORDINARY: Record<string, readonly Walker[]> = {
  "a crowd that begins to walk": spots(24).flatMap((from) => goes(from, 10, 0, 1.4)),
  "a crowd that walks home in all directions": outwards(1.34),
  "four who run through a crowd that stands": [
    ...spots(4, 20, 330, 4).flatMap((from) => goes(from, 20, 0, 4)),
    ...spots(24).flatMap(stands),
  ],
  "four who run through a crowd that walks": [
    ...spots(4, 20, 330, 4).flatMap((from) => goes(from, 20, 0, 4)),
    ...spots(24).flatMap((from) => goes(from, 12, 0, 1.3)),
  ],
  "eight who run, and nobody else": spots(8).flatMap((from) => goes(from, 20, 0, 4)),
  "two dense streams that pass one another": spots(32, 120).flatMap((from, i) =>
    goes(from, i % 2 === 0 ? 12 : -12, 0, 1.34, 0),
  ),
  "a stream that begins": spots(24).flatMap((from) => goes(from, 14, 0, 1.5)),
};

describe("CrowdMovement", () => {
  it.each(Object.keys(SUDDEN))("tells of %s, whichever way its limits are off by a fifth", (name) => {
    const observations = watch(SUDDEN[name] ?? []);
    for (const limits of VARIANTS) {
      const alerts = alertsOf(observations, limits);
      expect(alerts).toHaveLength(1);
      expect(alerts[0]).toBeGreaterThan(BEFORE);
      expect(alerts[0]).toBeLessThan(BEFORE + 4);
    }
  });

  it.each(
    Object.keys(ORDINARY),
  )("says nothing of %s, whichever way its limits are off by a fifth", (name) => {
    const observations = watch(ORDINARY[name] ?? []);
    for (const limits of VARIANTS) expect(alertsOf(observations, limits)).toEqual([]);
  });

  it("says nothing of something large and fast that no person goes along with, before a crowd that stands", () => {
    const crowd = watch(spots(24).flatMap(stands));
    const passes = crowd.map((observation) => ({ ...observation, flow: largeFlow(observation.at) }));
    expect(alertsOf(passes)).toEqual([]);
  });

  it("tells of a run of people too small to be followed, once a close look has seen that people run", () => {
    const surge = watch(SUDDEN["a surge"] ?? []);
    const [alert = Number.NaN, ...more] = alertsOf(surge.map(sometimesCloser));
    expect(more).toEqual([]);
    // The look at 10 s shows it, of a run that has lasted two seconds by then.
    expect(alert).toBe(10);
    // Without such a look during the run nothing says that what runs are people.
    const { at: last = 0 } = surge.findLast(({ at }) => at < BEFORE) ?? {};
    expect(alertsOf(surge.map(sometimesCloser).map((o) => (o.at > last ? unlooked(o) : o)))).toEqual([]);
  });

  it("takes nobody for a runner whom a close look sees where somebody was at the look before", () => {
    const crowd = watch(spots(24).flatMap(stands)).map(sometimesCloser);
    const passes = crowd.map((o) => (o.at < BEFORE ? o : { ...o, flow: largeFlow(o.at) }));
    expect(alertsOf(passes)).toEqual([]);
  });

  it("leaves out what moves where a vehicle is, however doubtful", () => {
    const surge = watch(SUDDEN["a surge"] ?? []);
    const everywhere = { x: 0, y: 0, width: 640, height: 480 };
    const vehicle = { class: "vehicle", score: 0.15, box: everywhere } as const;
    const hidden = surge.map((o) => ({ ...o, detections: [...(o.detections ?? []), vehicle] }));
    expect(alertsOf(hidden)).toEqual([]);
  });

  it("tells of a dispersal at less than a run, where it knows how people usually go there", () => {
    const strolls = (from: Place) => goes({ x: from.x - 6 * METRE, y: from.y }, 6, 0, 6 / BEFORE, 0);
    const flight = outwards(2.1).filter(({ begin }) => begin === BEFORE);
    expect(alertsOf(watch([...flight.flatMap(({ from }) => strolls(from)), ...flight]))).toHaveLength(1);
    // At the same pace to one side go people in a hurry.
    const hurries = spots(24, 200).flatMap((from) => [...strolls(from), ...goes(from, 14, 0, 1.9).slice(1)]);
    expect(alertsOf(watch(hurries))).toEqual([]);
  });

  it("says nothing without a flow, and nothing of what lies outside of its zone", () => {
    const surge = watch(SUDDEN["a surge"] ?? []);
    expect(alertsOf(surge.map((o) => ({ ...o, flow: () => null })))).toEqual([]);
    const polygon = [
      { x: 0, y: 400 },
      { x: 640, y: 400 },
      { x: 640, y: 480 },
      { x: 0, y: 480 },
    ];
    const zone = { id: "z", nature: "sensitive", polygon } as const;
    const config = { event: "crowd_movement", id: "r", after: 1, clear: 5, longest: 600, zone: "z" } as const;
    const rule = new CrowdMovement(config, zone, { ...VIEW, zones: [zone] });
    expect(surge.flatMap((o) => rule.observe(o))).toEqual([]);
  });
});

/** As of people too many and too small to be followed: two tracks, and a close look every two seconds. */
function sometimesCloser(observation: Observation): Observation {
  const few = { ...observation, tracks: observation.tracks.slice(0, observation.at < BEFORE ? 8 : 2) };
  return Number.isInteger(observation.at / 2) ? few : unlooked(few);
}

function unlooked({ closeLook: _, ...observation }: Observation): Observation {
  return observation;
}

/** Half of the view goes to the right at 10 m/s. */
function largeFlow(at: number): NonNullable<Observation["flow"]> {
  const count = 200;
  const places = Array.from({ length: count }, (_, i) => i);
  return () => ({
    at,
    elapsed: 0.125,
    count,
    x: Float32Array.from(places, (i) => 16 + 32 * (i % 20)),
    y: Float32Array.from(places, (i) => 100 + 24 * Math.floor(i / 20)),
    vx: new Float32Array(count).fill(7 * METRE),
    vy: new Float32Array(count),
    area: new Float32Array(count).fill(500),
  });
}
