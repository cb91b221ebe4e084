import type { Pose, SceneRule, SceneScript, SceneZone } from "../script.ts";
import { Cast, endOf, route, stay } from "./people.ts";
import { hall, type Place, plaza, rectangle, type SceneOptions } from "./places.ts";

/** Somebody comes to each half this often, does something low, falls, gets up and goes. */
const ROUND = 9;
/** How long somebody lies before he gets up again. */
const LIES = 4;

function half(id: string, side: number): SceneZone {
  const [low, high] = side < 0 ? [-30, 0] : [0, 30];
  return { id, nature: "counting", corners: rectangle(low ?? 0, 5, high ?? 0, 40) };
}

const RULES: readonly SceneRule[] = ["left", "right"].map((zone) => ({
  id: zone,
  event: "person_down",
  zone,
  after: 1,
  clear: 2,
}));

function scene(name: string, place: Place, cast: Cast): SceneScript {
  return {
    name,
    ...place,
    actors: cast.actors,
    survey: {
      marks: place.survey.marks,
      zones: [half("left", -1), half("right", 1)],
      lines: [],
      rules: [...RULES],
    },
  };
}

/** What people do low on the ground that is no fall, and for how long. */
const LOW: readonly { readonly pose: Pose; readonly seconds: number }[] = [
  // A shoe is tied, something is picked up, somebody sits down on the floor.
  { pose: "crouching", seconds: 3 },
  { pose: "bending", seconds: 1.6 },
  { pose: "floor", seconds: 3.5 },
];

/**
 * Comes, crouches or sits down, gets up, goes two steps and falls; after a while gets up again and leaves. Every third
 * one walks, falls and leaves, without anything else.
 */
function fallsOnce(cast: Cast, side: number, index: number, at: number): void {
  const speed = cast.between(1.1, 1.4);
  const spot = { x: side * cast.between(1.2, 2.6), y: cast.between(8.6, 12) };
  const from = { x: side * 8, y: spot.y + cast.between(0.5, 3) };
  const lead = Math.hypot(spot.x - from.x, spot.y - from.y) / speed;
  const low = LOW[index % LOW.length] ?? { pose: "floor", seconds: 3 };
  const falls = at + 1.5;
  const poses: { at: number; pose: Pose }[] = [];
  if (index % 3 !== 2) {
    const down = falls - 2.6 - low.seconds;
    poses.push({ at: down, pose: low.pose }, { at: down + low.seconds, pose: "upright" });
  }
  poses.push({ at: falls, pose: "lying" }, { at: falls + 1 + LIES, pose: "upright" });
  const wait = index % 3 === 2 ? 0 : low.seconds + 1.1;
  const step = { x: spot.x - side * 0.9, y: spot.y - 0.3 };
  const walk = Math.hypot(step.x - spot.x, step.y - spot.y) / 1.1;
  const path = route(falls - walk - wait - lead, speed, from, [spot, wait]);
  const there = { ...step, at: falls };
  const leaves = falls + LIES + 2.4;
  path.push(there, { ...there, at: leaves });
  path.push(...route(leaves, speed, step, { x: side * 8, y: step.y + 2 }).slice(1));
  cast.walker(path, { poses, facing: cast.between(0, 360) });
}

/** Sits down on the floor, lies down from there, sits up again: no fall. */
function liesDown(cast: Cast, side: number, at: number, until: number): void {
  const spot = { x: side * cast.between(3, 3.6), y: cast.between(11.5, 13) };
  const from = { x: side * 8.5, y: spot.y + 1 };
  const path = route(at - Math.abs(from.x - spot.x) / 1.2, 1.2, from, spot);
  cast.walker([...path, { ...spot, at: until }], {
    facing: cast.between(0, 360),
    poses: [
      { at: at + 0.8, pose: "floor", over: 1.6 },
      { at: at + 5, pose: "lying", over: 2.5 },
      { at: at + 15, pose: "floor", over: 1.5 },
    ],
  });
}

/** A child plays on the floor: down and up again, and a few steps on. */
function plays(cast: Cast, side: number, seconds: number): void {
  const spot = { x: side * cast.between(3.4, 4), y: cast.between(9.6, 10.8) };
  const poses: { at: number; pose: Pose }[] = [];
  const path = [{ ...spot, at: -1 }];
  for (let at = 1 + cast.between(0, 1); at < seconds; at += 6.5) {
    poses.push(
      { at, pose: cast.between(0, 1) < 0.5 ? "floor" : "crouching" },
      { at: at + 3.2, pose: "upright" },
    );
    const here = path.at(-1) ?? { ...spot, at };
    const next = { x: spot.x + cast.between(-0.6, 0.6), y: spot.y + cast.between(-0.6, 0.6) };
    path.push({ ...here, at: at + 4.3 }, { ...next, at: at + 5.3 });
  }
  const last = path.at(-1) ?? { ...spot, at: 0 };
  path.push({ ...last, at: Math.max(seconds + 1, endOf(path) + 1) });
  cast.walker(path, { height: cast.between(1, 1.2), poses, facing: cast.between(0, 360) });
}

/** A hall in which one after another falls; others crouch, sit, play on the floor, lie down. */
export function fallRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, { seconds: 36, ...options }, 8);
  const cast = new Cast(seed);
  const { seconds } = place;
  for (const [index, side] of [-1, 1].entries()) {
    for (let round = 0; 5 + round * ROUND + LIES + 3 < seconds; round++) {
      fallsOnce(cast, side, round + index + seed, 5 + round * ROUND + index * 4);
    }
  }
  plays(cast, -1, seconds);
  liesDown(cast, 1, 4, seconds + 1);
  return scene("fall-rounds", place, cast);
}

/**
 * A square: somebody sleeps rough on the ground with belongings, somebody lies on a bench; people sit down on the
 * ground, tie their shoes, crouch by a bag, and get up again; one falls in each half.
 */
export function squareRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { seconds: 36, ...options });
  const cast = new Cast(seed);
  const { seconds } = place;
  const sleeper = { x: cast.between(3.6, 4.4), y: cast.between(9.6, 11) };
  cast.walker(stay(sleeper, -1, seconds + 1), { facing: 80, poses: [{ at: -1, pose: "lying" }] });
  cast.luggage("bag", stay({ x: sleeper.x + 1.1, y: sleeper.y + 0.3 }, -1, seconds + 1));
  cast.luggage("suitcase", stay({ x: sleeper.x - 1.3, y: sleeper.y + 0.4 }, -1, seconds + 1));
  const bench = { x: -3.6, y: 12.5 };
  cast.walker(stay(bench, -1, seconds + 1), {
    facing: 90,
    above: 0.45,
    poses: [{ at: -1, pose: "lying" }],
  });
  for (const [index, side] of [-1, 1].entries()) {
    fallsOnce(cast, side, 2, 0.3 * seconds + index * 9);
    for (let round = 0; round < 3; round++) {
      const low = LOW[(round + index + seed) % LOW.length] ?? { pose: "floor", seconds: 3 };
      const at = 3 + round * 10 + index * 5;
      const spot = { x: side * cast.between(0.8, 2), y: cast.between(13, 15) };
      const from = { x: side * 12, y: spot.y + cast.between(-1, 2) };
      const lead = Math.hypot(spot.x - from.x, spot.y - from.y) / 1.3;
      const path = route(at - 0.8 - lead, 1.3, from, [spot, low.seconds + 2.8], {
        x: -side * 11,
        y: spot.y + 1,
      });
      cast.walker(path, {
        facing: cast.between(0, 360),
        poses: [
          { at, pose: low.pose },
          { at: at + low.seconds, pose: "upright" },
        ],
      });
    }
  }
  return {
    ...scene("square-rounds", place, cast),
    props: [...place.props, { kind: "bench", at: bench, facing: 180 }],
  };
}
