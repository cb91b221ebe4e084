import type { GroundPoint, SceneScript, Survey } from "../script.ts";
import { Cast, endOf, route, stay } from "./people.ts";
import { hall, lightKey, type Place, plaza, type SceneOptions } from "./places.ts";

/** Far beyond the left border of the view, and far behind its middle. */
const LEFT: GroundPoint = { x: -9.5, y: 12 };
const BACK: GroundPoint = { x: -1, y: 30 };
/** How long after the owner has gone a thing counts as left, seconds. */
const AFTER = 5;

function scene(name: string, place: Place, cast: Cast, more: Partial<SceneScript> = {}): SceneScript {
  const survey: Survey = {
    marks: place.survey.marks,
    zones: [],
    lines: [],
    rules: [{ id: "left", event: "abandoned_object", after: AFTER }],
  };
  return { name, ...place, actors: cast.actors, survey, ...more };
}

function square(seed: number, options: SceneOptions): Place {
  return plaza(seed, { seconds: 40, ...options });
}

/** Where things are put down: before the middle, a few metres from the camera. */
function spotOf(cast: Cast): GroundPoint {
  return { x: cast.between(-1.5, 1.5), y: cast.between(8.5, 10.5) };
}

/** Beside a thing, where its owner stands. */
function beside({ x, y }: GroundPoint): GroundPoint {
  return { x: x - 0.5, y: y + 0.1 };
}

function thing(cast: Cast): "bag" | "suitcase" {
  return cast.between(0, 1) < 0.5 ? "bag" : "suitcase";
}

/** People who pass along, `near` a spot or far behind. */
function passers(cast: Cast, count: number, seconds: number, near: GroundPoint | null): void {
  for (let index = 0; index < count; index++) {
    const y = near === null ? cast.between(18, 30) : near.y + cast.between(0.8, 1.8);
    const reach = 0.62 * y + 3;
    const side = cast.between(0, 1) < 0.5 ? -1 : 1;
    const start = seconds * ((index + cast.between(0, 0.8)) / count) - 4;
    cast.walker(route(start, cast.between(1.1, 1.6), { x: -side * reach, y }, { x: side * reach, y }));
  }
}

/** Comes, puts something down at `at`, waits a little and goes. */
function leaves(cast: Cast, spot: GroundPoint, at: number, seconds: number): void {
  const lead = Math.hypot(LEFT.x - beside(spot).x, LEFT.y - beside(spot).y) / 1.3;
  cast.walker(route(at - lead, 1.3, LEFT, [beside(spot), 3], BACK));
  cast.luggage(thing(cast), stay(spot, at, seconds));
}

/** Somebody puts a thing down and goes away without it. */
export function bagLeft(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const cast = new Cast(seed);
  leaves(cast, spotOf(cast), 0.3 * place.seconds, place.seconds);
  passers(cast, 3, place.seconds, null);
  return scene("bag-left", place, cast);
}

/** The same where people pass close by all the time. */
export function bagLeftBusy(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const cast = new Cast(seed);
  const spot = spotOf(cast);
  leaves(cast, spot, 0.3 * place.seconds, place.seconds);
  passers(cast, 6, place.seconds, spot);
  passers(cast, 3, place.seconds, null);
  return scene("bag-left-busy", place, cast);
}

/** Somebody puts a thing down and stays with it. */
export function bagKept(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const cast = new Cast(seed);
  const spot = spotOf(cast);
  const at = 0.3 * place.seconds;
  const lead = Math.hypot(LEFT.x - beside(spot).x, LEFT.y - beside(spot).y) / 1.3;
  cast.walker(route(at - lead, 1.3, LEFT, [beside(spot), place.seconds]));
  cast.luggage(thing(cast), stay(spot, at, place.seconds));
  passers(cast, 3, place.seconds, null);
  return scene("bag-kept", place, cast);
}

/** Somebody puts a thing down, goes a few steps, comes back and takes it along. */
export function bagTaken(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const cast = new Cast(seed);
  const spot = spotOf(cast);
  const at = 0.25 * place.seconds;
  const lead = Math.hypot(LEFT.x - beside(spot).x, LEFT.y - beside(spot).y) / 1.3;
  const away = { x: spot.x - 3.2, y: spot.y + 2 };
  const path = route(at - lead, 1.3, LEFT, [beside(spot), 3], [away, 0.5], [beside(spot), 1]);
  const taken = endOf(path);
  const lastPart = route(taken, 1.3, beside(spot), BACK);
  cast.walker([...path, ...lastPart.slice(1)]);
  cast.luggage(thing(cast), stay(spot, at, taken));
  passers(cast, 3, place.seconds, null);
  return scene("bag-taken", place, cast);
}

/** A thing that was always there is taken away: what is left is a gap. */
export function bagGone(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const cast = new Cast(seed);
  const spot = spotOf(cast);
  const at = 0.4 * place.seconds;
  const lead = Math.hypot(LEFT.x - beside(spot).x, LEFT.y - beside(spot).y) / 1.3;
  cast.walker(route(at - lead, 1.3, LEFT, [beside(spot), 2], BACK));
  cast.luggage(thing(cast), stay(spot, -1, at + 1));
  passers(cast, 3, place.seconds, null);
  return scene("bag-gone", place, cast);
}

/** Somebody stands still for most of the scene, another sits on the ground; people pass. */
export function standing(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const cast = new Cast(seed);
  const spot = spotOf(cast);
  const lead = Math.hypot(LEFT.x - spot.x, LEFT.y - spot.y) / 1.3;
  cast.walker(route(5 - lead, 1.3, LEFT, [spot, place.seconds]), { facing: cast.between(0, 360) });
  const seat = { x: spot.x + 3, y: spot.y + 3 };
  const far = { x: 12, y: seat.y + 1 };
  const walk = Math.hypot(far.x - seat.x, far.y - seat.y) / 1.3;
  cast.walker(route(9 - walk, 1.3, far, [seat, place.seconds]), { poses: [{ at: 9, pose: "crouching" }] });
  passers(cast, 4, place.seconds, spot);
  return scene("standing", place, cast);
}

/** A car drives up and parks; somebody goes away from it. */
export function carParks(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const cast = new Cast(seed);
  const y = cast.between(15, 18);
  const x = cast.between(-2, 2);
  const stop = 0.25 * place.seconds;
  cast.vehicle("car", [
    { x: -22, y, at: stop - 5 },
    { x, y, at: stop },
    { x, y, at: place.seconds },
  ]);
  cast.walker(route(stop + 2, 1.3, { x: x + 1, y: y - 1.3 }, { x: x + 2, y: y - 2 }, { x: 12, y: y - 4 }));
  passers(cast, 2, place.seconds, null);
  return scene("car-parks", place, cast);
}

/** Evening: people pass, the lamps are switched on. */
export function lampsOn(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, { ...options, light: "dusk" });
  const cast = new Cast(seed);
  const spot = spotOf(cast);
  passers(cast, 5, place.seconds, spot);
  passers(cast, 3, place.seconds, null);
  const dusk = lightKey(0, "dusk");
  const at = 0.4 * place.seconds;
  return scene("lamps-on", place, cast, {
    light: [
      { ...dusk, lamps: 0 },
      { ...dusk, lamps: 0, at },
      { ...dusk, lamps: 0.9, at: at + 0.3 },
    ],
  });
}

/** A hall where people wait: some were there before, some come with luggage, put it down and stay beside it. */
function waiting(cast: Cast, seconds: number): void {
  for (const x of [-3.6, 3.4, -2.4, 2.6]) {
    const spot = { x: x + cast.between(-0.4, 0.4), y: cast.between(15, 21) };
    cast.walker(stay(spot, -1, seconds), { facing: cast.between(0, 360) });
  }
  for (const [index, x] of [-3.2, 3.1].entries()) {
    const spot = { x: x + cast.between(-0.3, 0.3), y: cast.between(10, 12) };
    const at = 4 + 5 * index;
    const door = { x: Math.sign(x) * 5.4, y: spot.y + 4 };
    const path = route(at - Math.hypot(door.x - spot.x, 4) / 1.2, 1.2, door, spot);
    cast.walker([...path, { ...spot, at: seconds }], { facing: cast.between(120, 240) });
    cast.luggage(thing(cast), stay({ x: spot.x + 0.6, y: spot.y - 0.1 }, at + 0.5, seconds));
  }
}

function walkThrough(cast: Cast, count: number, seconds: number): void {
  for (let index = 0; index < count; index++) {
    const y = cast.between(13, 14.5);
    const side = cast.between(0, 1) < 0.5 ? -1 : 1;
    const start = seconds * ((index + cast.between(0, 0.8)) / count) - 3;
    cast.walker(route(start, cast.between(1.1, 1.6), { x: -side * 5.6, y }, { x: side * 5.6, y: y + 1 }));
  }
}

function concourse(seed: number, options: SceneOptions): Place {
  return hall(seed, { seconds: 40, ...options }, 6);
}

/** In a station's hall people wait, some with luggage, others pass; one puts a thing down and goes away without it. */
export function concourseLeft(seed: number, options: SceneOptions = {}): SceneScript {
  const place = concourse(seed, options);
  const cast = new Cast(seed);
  const { seconds } = place;
  const spot = { x: cast.between(-0.8, 0.8), y: cast.between(8.6, 10) };
  const at = 0.3 * seconds;
  const door = { x: -5.4, y: 13 };
  const lead = Math.hypot(door.x - beside(spot).x, door.y - beside(spot).y) / 1.3;
  cast.walker(route(at - lead, 1.3, door, [beside(spot), 3], { x: 5.4, y: 16 }));
  cast.luggage(thing(cast), stay(spot, at, seconds));
  waiting(cast, seconds);
  walkThrough(cast, 5, seconds);
  return scene("concourse-left", place, cast);
}

/** In a station's hall people wait, some with luggage beside them, others pass. Nobody leaves anything. */
export function concourseWaiting(seed: number, options: SceneOptions = {}): SceneScript {
  const place = concourse(seed, options);
  const cast = new Cast(seed);
  waiting(cast, place.seconds);
  walkThrough(cast, 8, place.seconds);
  return scene("concourse-waiting", place, cast);
}

/** Somebody comes with a bag, lies down beside it and stays there; others pass. Nothing is left. */
export function concourseSleeper(seed: number, options: SceneOptions = {}): SceneScript {
  const place = concourse(seed, options);
  const cast = new Cast(seed);
  const { seconds } = place;
  const spot = { x: cast.between(-1.5, 1.5), y: cast.between(9.5, 11) };
  const at = 0.2 * seconds;
  const door = { x: -5.4, y: 14 };
  const lead = Math.hypot(door.x - spot.x, door.y - spot.y) / 1.1;
  cast.walker([...route(at - lead, 1.1, door, spot), { ...spot, at: seconds }], {
    facing: 90,
    poses: [
      { at: at + 1, pose: "crouching" },
      { at: at + 4, pose: "floor" },
      { at: at + 8, pose: "lying", over: 3 },
    ],
  });
  cast.luggage("bag", stay({ x: spot.x + 1.1, y: spot.y + 0.1 }, at + 1, seconds));
  walkThrough(cast, 6, seconds);
  return scene("concourse-sleeper", place, cast);
}

/** A piece of furniture that always stood there is carried to another place. Nothing is left. */
export function furnitureMoved(seed: number, options: SceneOptions = {}): SceneScript {
  const place = concourse(seed, options);
  const cast = new Cast(seed);
  const { seconds } = place;
  const from = { x: cast.between(-2.5, -1.5), y: cast.between(9.5, 10.5) };
  const to = { x: cast.between(1, 2), y: cast.between(8.8, 10) };
  const at = 0.3 * seconds;
  const takes = Math.hypot(to.x - from.x, to.y - from.y) / 0.8;
  const door = { x: -5.4, y: 13 };
  const lead = Math.hypot(door.x - from.x, door.y - from.y) / 1.2;
  const put = { x: to.x + 0.5, y: to.y + 0.2 };
  cast.walker([
    ...route(at - 2 - lead, 1.2, door, { x: from.x + 0.5, y: from.y + 0.2 }),
    { x: from.x + 0.5, y: from.y + 0.2, at },
    ...route(at + takes, 1.2, put, [put, 1], { x: 5.4, y: 15 }),
  ]);
  cast.luggage("suitcase", [
    { ...from, at: -1 },
    { ...from, at },
    { ...to, at: at + takes },
    { ...to, at: seconds },
  ]);
  walkThrough(cast, 3, seconds);
  return scene("furniture-moved", place, cast);
}
