import type { GroundPoint, SceneScript, Survey } from "../script.ts";
import { Cast, endOf, route, stay } from "./people.ts";
import { lightKey, type Place, plaza, type SceneOptions } from "./places.ts";

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
