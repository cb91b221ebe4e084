import type { GroundPoint, Luggage, SceneGlow, SceneScript, Survey } from "../script.ts";
import { Cast, endOf, route, stay } from "./people.ts";
import { hall, lightKey, type Place, plaza, type SceneOptions } from "./places.ts";

/** How long after the owner has gone a thing counts as left, seconds. */
const AFTER = 5;
/** Where something may happen to a thing: places in a row before the camera, m. */
const SPOTS: readonly GroundPoint[] = [
  { x: -3.6, y: 9.6 },
  { x: -1.3, y: 8.7 },
  { x: 1.1, y: 9.8 },
  { x: 3.4, y: 8.9 },
];
const SECONDS = 36;

function survey(place: Place): Survey {
  return {
    marks: place.survey.marks,
    zones: [],
    lines: [],
    rules: [{ id: "left", event: "abandoned_object", after: AFTER, clear: 2 }],
  };
}

/** The spots, each a little elsewhere with every seed. */
function spotsOf(cast: Cast): readonly GroundPoint[] {
  return SPOTS.map(({ x, y }) => ({ x: x + cast.between(-0.35, 0.35), y: y + cast.between(-0.4, 0.4) }));
}

function bagOf(cast: Cast): Luggage["model"] {
  return cast.between(0, 1) < 0.5 ? "bag" : "suitcase";
}

function beside({ x, y }: GroundPoint): GroundPoint {
  return { x: x - 0.5, y: y + 0.15 };
}

/** Comes from a side or from behind. @returns when it must have begun to be there `at` */
function arrival(cast: Cast, spot: GroundPoint): { readonly from: GroundPoint; readonly lead: number } {
  const side = spot.x < 0 ? -1 : 1;
  const from = cast.between(0, 1) < 0.6 ? { x: side * 9, y: spot.y + 2 } : { x: spot.x + side * 2, y: 24 };
  return { from, lead: Math.hypot(from.x - spot.x, from.y - spot.y) / 1.3 };
}

/** Puts something down at `at`, waits a little, and goes away without it. */
function leaves(cast: Cast, spot: GroundPoint, at: number, model: Luggage["model"], until: number): void {
  const stand = beside(spot);
  const { from, lead } = arrival(cast, stand);
  cast.walker(route(at - lead, 1.3, from, [stand, cast.between(1, 3)], { x: -stand.x * 0.6, y: 28 }));
  cast.luggage(model, stay(spot, at, until));
}

/** Puts something down and stays with it. */
function keeps(cast: Cast, spot: GroundPoint, at: number, until: number): void {
  const stand = beside(spot);
  const { from, lead } = arrival(cast, stand);
  cast.walker([...route(at - lead, 1.3, from, stand), { ...stand, at: until }], {
    facing: cast.between(0, 360),
  });
  cast.luggage(bagOf(cast), stay(spot, at, until));
}

/** Puts something down, waits, a few steps to and fro, and takes it along. */
function takes(cast: Cast, spot: GroundPoint, at: number): void {
  const stand = beside(spot);
  const { from, lead } = arrival(cast, stand);
  const path = route(at - lead, 1.3, from, [stand, 4], [{ x: spot.x + 1.2, y: spot.y + 1.3 }, 3], [stand, 1]);
  cast.walker([...path, ...route(endOf(path), 1.3, stand, from).slice(1)]);
  cast.luggage(bagOf(cast), stay(spot, at, endOf(path)));
}

/** Stands, sits or crouches for most of the scene. */
function rests(
  cast: Cast,
  spot: GroundPoint,
  at: number,
  until: number,
  pose: "upright" | "sitting" | "crouching",
): void {
  const { from, lead } = arrival(cast, spot);
  cast.walker([...route(at - lead, 1.3, from, spot), { ...spot, at: until }], {
    facing: cast.between(0, 360),
    ...(pose === "upright" ? {} : { poses: [{ at, pose }] }),
  });
}

/** Carries a piece of furniture from one place to another and sits down on nothing of it. */
function moves(cast: Cast, from: GroundPoint, to: GroundPoint, at: number, until: number): void {
  const model = cast.between(0, 1) < 0.5 ? "chair" : "board";
  const way = Math.hypot(to.x - from.x, to.y - from.y) / 1;
  cast.luggage(model, [
    { ...from, at: -1 },
    { ...from, at },
    { ...to, at: at + way },
    { ...to, at: until },
  ]);
  const { from: door, lead } = arrival(cast, beside(from));
  const path = route(at - lead, 1.3, door, beside(from));
  path.push({ ...beside(to), at: at + way });
  cast.walker([...path, ...route(at + way + 1, 1.3, beside(to), { x: 0, y: 28 })]);
}

function sleeper(cast: Cast, at: GroundPoint, until: number): void {
  cast.walker(stay(at, -1, until), { facing: 85, poses: [{ at: -1, pose: "lying" }] });
  cast.luggage("bag", stay({ x: at.x + 1.05, y: at.y - 0.3 }, -1, until));
  cast.luggage("suitcase", stay({ x: at.x - 1.25, y: at.y + 0.3 }, -1, until));
}

function passers(cast: Cast, count: number, seconds: number, near: number, far: number): void {
  for (let index = 0; index < count; index++) {
    const y = cast.between(near, far);
    const reach = 0.62 * y + 2;
    const side = cast.between(0, 1) < 0.5 ? -1 : 1;
    const start = (seconds * (index + cast.between(0, 0.8))) / count - 5;
    cast.walker(route(start, cast.between(1.1, 1.5), { x: -side * reach, y }, { x: side * reach, y }));
  }
}

/** Three things are left at three places; beside the fourth its owner stays; a car parks, people pass. */
export function thingRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { seconds: SECONDS, ...options });
  const cast = new Cast(seed);
  const end = place.seconds + 1;
  const kept = seed % SPOTS.length;
  for (const [index, spot] of spotsOf(cast).entries()) {
    const at = 4 + 3 * ((index + seed) % SPOTS.length) + cast.between(0, 1);
    if (index === kept) keeps(cast, spot, at, end);
    else leaves(cast, spot, at, bagOf(cast), end);
  }
  const y = cast.between(17, 19);
  cast.vehicle("car", [
    { x: -24, y, at: 3 },
    { x: -4, y, at: 7 },
    { x: -4, y, at: end },
  ]);
  rests(cast, { x: cast.between(4.5, 6), y: cast.between(12.5, 14) }, 6, end, "upright");
  rests(cast, { x: cast.between(0.5, 2), y: cast.between(13, 14.5) }, 9, end, "crouching");
  passers(cast, 3, place.seconds, 20, 30);
  return { name: "thing-rounds", ...place, actors: cast.actors, survey: survey(place) };
}

/**
 * Two things are left in a hall, where a third is taken along again, a chair or a board is moved, somebody sits on the
 * floor, and a trolley of others stands there from the start.
 */
export function waitingRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, { seconds: SECONDS, ...options }, 8);
  const cast = new Cast(seed);
  const end = place.seconds + 1;
  const spots = spotsOf(cast);
  const [first, second, third, fourth] = [0, 1, 2, 3].map((index) => spots[(index + seed) % 4] ?? SPOTS[0]);
  if (!first || !second || !third || !fourth) throw new RangeError("there are four spots");
  leaves(cast, first, 6, bagOf(cast), end);
  leaves(cast, second, 10, bagOf(cast), end);
  takes(cast, third, 5);
  moves(cast, { x: fourth.x, y: fourth.y + 4.5 }, fourth, 8, end);
  rests(cast, { x: cast.between(-3.5, -2), y: cast.between(13, 14.5) }, 7, end, "sitting");
  cast.luggage("suitcase", stay({ x: 4.2, y: 13.5 }, -1, end));
  cast.luggage("bag", stay({ x: 5, y: 13.3 }, -1, end));
  passers(cast, 2, place.seconds, 17, 22);
  return { name: "waiting-rounds", ...place, actors: cast.actors, survey: survey(place) };
}

/** Water that mirrors a lamp, as wet ground does after rain: it is there all the time, and it never keeps still. */
function puddle(at: GroundPoint, until: number, seed: number): SceneGlow {
  return { kind: "puddle", at, width: 1.8, height: 0.45, from: 0, to: until, seed };
}

/**
 * A wet evening: the lamps go on, puddles mirror them, somebody sleeps rough with belongings, somebody stands, another
 * stays with a thing, a thing that was always there is fetched; two things are left.
 */
export function eveningRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { seconds: SECONDS, light: "dusk", rain: 0.25, ...options });
  const cast = new Cast(seed);
  const end = place.seconds + 1;
  const spots = spotsOf(cast);
  const [first, second, third, fourth] = [0, 1, 2, 3].map((index) => spots[(index + seed) % 4] ?? SPOTS[0]);
  if (!first || !second || !third || !fourth) throw new RangeError("there are four spots");
  leaves(cast, first, 7, bagOf(cast), end);
  leaves(cast, second, 11, bagOf(cast), end);
  keeps(cast, third, 9, end);
  // Fetched: what is left is the ground that nobody has seen before.
  cast.luggage(bagOf(cast), stay(fourth, -1, 13));
  const stand = beside(fourth);
  const { from, lead } = arrival(cast, stand);
  cast.walker(route(12 - lead, 1.3, from, [stand, 1.5], { x: 0, y: 28 }));
  sleeper(cast, { x: cast.between(-5, -4), y: cast.between(13, 14) }, end);
  rests(cast, { x: cast.between(4, 5.5), y: cast.between(12.5, 13.5) }, 5, end, "upright");
  passers(cast, 2, place.seconds, 20, 28);
  const dusk = lightKey(0, "dusk");
  return {
    name: "evening-rounds",
    ...place,
    actors: cast.actors,
    light: [
      { ...dusk, lamps: 0 },
      { ...dusk, lamps: 0, at: 16 },
      { ...dusk, lamps: 0.9, at: 16.4 },
    ],
    glows: [puddle({ x: -0.6, y: 11.9 }, end, seed), puddle({ x: 6.4, y: 11.2 }, end, seed + 1)],
    survey: survey(place),
  };
}
