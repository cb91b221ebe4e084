import { deriveSeed, randomStream } from "../random.ts";
import type { SceneGlow, SceneScript, Survey } from "../script.ts";
import { Cast, route } from "./people.ts";
import { hall, type Place, plaza, road, type SceneOptions } from "./places.ts";

/** Fires, and what was taken for fires: one rule over the whole view. */
function scene(name: string, place: Place, cast: Cast, glows: readonly SceneGlow[]): SceneScript {
  const survey: Survey = {
    marks: place.survey.marks,
    zones: [],
    lines: [],
    rules: [{ id: "fire", event: "fire", after: 1 }],
  };
  return { name, ...place, actors: cast.actors, glows, survey };
}

/** A number in [low, high) of a scene's own. */
function chances(seed: number): (low: number, high: number) => number {
  const random = randomStream(deriveSeed(seed, "fire"));
  return (low, high) => low + (high - low) * random();
}

function crossing(cast: Cast, count: number, near: number, far: number): void {
  for (let index = 0; index < count; index++) {
    const y = cast.between(near, far);
    const side = index % 2 === 0 ? -1 : 1;
    const reach = 0.62 * y + 3;
    cast.walker(
      route(cast.between(-4, 6), cast.between(1.1, 1.6), { x: -side * reach, y }, { x: side * reach, y }),
    );
  }
}

/** A bin begins to burn while people pass. */
export function plazaFire(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, options);
  const between = chances(seed);
  const cast = new Cast(seed);
  crossing(cast, 3, 20, 30);
  const from = place.seconds * between(0.2, 0.3);
  return scene("plaza-fire", place, cast, [
    {
      kind: "flame",
      at: { x: between(-5.5, -4), y: between(12, 15) },
      above: 0.6,
      width: between(0.9, 1.3),
      height: between(1.5, 2.2),
      from,
      to: place.seconds + 1,
      growth: 4,
      seed,
    },
  ]);
}

/** Something on the floor of an empty hall catches fire and grows. */
export function hallFire(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, options, 8);
  const between = chances(seed);
  return scene("hall-fire", place, new Cast(seed), [
    {
      kind: "flame",
      at: { x: between(-3, 3), y: between(11, 15) },
      width: between(1.4, 2),
      height: between(2, 2.8),
      from: place.seconds * between(0.15, 0.25),
      to: place.seconds + 1,
      growth: 8,
      seed,
    },
  ]);
}

/** A wreck burns beside the road from the first picture on, traffic passes. */
export function roadFire(seed: number, options: SceneOptions = {}): SceneScript {
  const place = road(seed, options);
  const between = chances(seed);
  const cast = new Cast(seed);
  cast.vehicle("car", route(2, 9, { x: -40, y: 15.7 }, { x: 40, y: 15.7 }));
  const at = { x: between(-4, 4), y: 22.6 };
  return scene("road-fire", place, cast, [
    {
      kind: "flame",
      at,
      width: between(1.8, 2.6),
      height: between(2, 3),
      from: 0,
      to: place.seconds + 1,
      seed,
    },
  ]);
}

/** Leaves in the wind, an orange flag and steam in the evening light; nothing burns. */
export function plazaGlow(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, options);
  const cast = new Cast(seed);
  crossing(cast, 3, 20, 30);
  const always = { from: 0, to: place.seconds + 1, seed };
  return scene("plaza-glow", place, cast, [
    { kind: "leaves", at: { x: -9, y: 22 }, above: 1.8, width: 4, height: 4, ...always },
    { kind: "flag", at: { x: 5, y: 20 }, above: 2.5, width: 2, height: 1.2, ...always },
    { kind: "steam", at: { x: 1.5, y: 15 }, width: 1.5, height: 3, ...always },
  ]);
}

/** A breakdown lorry with its beacons, a car with its hazard lamps, lamps of traffic; nothing burns. */
export function roadLamps(seed: number, options: SceneOptions = {}): SceneScript {
  const place = road(seed, options);
  const between = chances(seed);
  const cast = new Cast(seed);
  cast.vehicle("car", route(3, 8, { x: 40, y: 19.2 }, { x: -40, y: 19.2 }));
  const always = { from: 0, to: place.seconds + 1, seed };
  return scene("road-lamps", place, cast, [
    { kind: "lamps", at: { x: 0, y: 30 }, above: 0.2, width: 50, height: 3, rate: between(8, 16), ...always },
    {
      kind: "beacon",
      at: { x: -4, y: 22.5 },
      above: 2.2,
      width: 0.8,
      height: 0.7,
      rate: between(1.5, 3.5),
      ...always,
    },
    {
      kind: "lightbar",
      at: { x: 1, y: 22.5 },
      above: 2.2,
      width: 2,
      height: 0.5,
      rate: between(1, 2),
      ...always,
    },
    { kind: "hazard", at: { x: 6, y: 22.5 }, above: 0.7, width: 1.7, height: 0.3, ...always },
  ]);
}

/** A large screen shows a film in a hall; nothing burns. */
export function hallScreen(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, options, 8);
  const always = { from: 0, to: place.seconds + 1, seed };
  return scene("hall-screen", place, new Cast(seed), [
    { kind: "screen", at: { x: -2, y: 18 }, above: 1.5, width: 4, height: 2.3, ...always },
  ]);
}

/** A bin smoulders, a tyre smokes black, nothing shows a flame; people pass. */
export function plazaSmoke(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, options);
  const between = chances(seed);
  const cast = new Cast(seed);
  crossing(cast, 3, 20, 30);
  const from = place.seconds * between(0.2, 0.25);
  const grows = { from, to: place.seconds + 1, growth: 12, seed };
  return scene("plaza-smoke", place, cast, [
    {
      kind: "smoke",
      at: { x: between(-5.5, -4), y: between(14, 16) },
      above: 0.6,
      width: 4,
      height: 5.5,
      ...grows,
    },
    { kind: "soot", at: { x: between(4, 6), y: between(18, 20) }, width: 5, height: 7, ...grows },
  ]);
}

/** The low sun behind a tree, lanterns that swing in the wind, steam of a vent; nothing burns. */
export function plazaEvening(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { ...options, light: options.light ?? "dusk" });
  const between = chances(seed);
  const cast = new Cast(seed);
  crossing(cast, 2, 24, 30);
  const always = { from: 0, to: place.seconds + 1, seed };
  const lantern = { kind: "lantern", above: 3.4, width: 1.4, height: 0.8, rate: between(0.6, 1.1) } as const;
  return scene("plaza-evening", place, cast, [
    { kind: "dapple", at: { x: -11, y: 22 }, above: 2.5, width: 4, height: 4, ...always },
    { ...lantern, at: { x: 0, y: 16 }, ...always },
    { ...lantern, at: { x: 4, y: 18 }, ...always, seed: seed + 1 },
    { kind: "steam", at: { x: 7, y: 15 }, width: 1.5, height: 3, ...always },
  ]);
}
