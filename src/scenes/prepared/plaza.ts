import type { SceneScript, SceneZone, Survey } from "../script.ts";
import { Cast, route, stay } from "./people.ts";
import { lightKey, type Place, plaza, rectangle, type SceneOptions } from "./places.ts";

/** The paved area that nobody may enter, right of the middle. */
const AREA: SceneZone = { id: "area", nature: "forbidden", corners: rectangle(2.5, 9.5, 7.5, 15) };

function survey(place: Place): Survey {
  return {
    marks: place.survey.marks,
    zones: [AREA],
    lines: [],
    rules: [{ id: "area", event: "zone_intrusion", zone: "area", after: 1, classes: ["person"] }],
  };
}

function scene(name: string, place: Place, cast: Cast, more: Partial<SceneScript> = {}): SceneScript {
  return { name, ...place, actors: cast.actors, survey: survey(place), ...more };
}

/** Passes far from the area, left to right or right to left. */
function passers(cast: Cast, count: number, seconds: number): void {
  for (let index = 0; index < count; index++) {
    const y = cast.between(18.5, 30);
    const reach = 0.62 * y + 3;
    const side = cast.between(0, 1) < 0.5 ? -1 : 1;
    const start = cast.between(-6, Math.max(1, seconds - 6));
    cast.walker(
      route(
        start,
        cast.between(1.1, 1.6),
        { x: -side * reach, y },
        { x: side * reach, y: y + cast.between(-1.5, 1.5) },
      ),
    );
  }
}

/** Goes into the area at about `at`, stays a while and leaves towards the right. */
function intruder(cast: Cast, at: number, painted: boolean | undefined, pause = 2): void {
  const y = cast.between(11, 13.5);
  const speed = cast.between(1.2, 1.5);
  // From the left border of the view to the area's edge at 2.5 m.
  const from = { x: -9.5, y: y + cast.between(1, 2.5) };
  const lead = Math.hypot(2.5 - from.x, y - from.y) / speed;
  cast.walker(
    route(at - lead, speed, from, { x: 2.5, y }, [{ x: cast.between(4.5, 5.5), y }, pause], {
      x: 11.5,
      y: y + 1.5,
    }),
    painted ? { painted: 101 } : {},
  );
}

/** Nobody at all. */
export function plazaIdle(seed: number, options: SceneOptions = {}): SceneScript {
  return scene("plaza-idle", plaza(seed, options), new Cast(seed));
}

/** Some people pass; one of them goes through the forbidden area. */
export function plazaIntrusion(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, options);
  const cast = new Cast(seed);
  intruder(cast, place.seconds * cast.between(0.4, 0.5), options.painted);
  passers(cast, 4, place.seconds);
  return scene("plaza-intrusion", place, cast);
}

/** People pass around the forbidden area and along its edge: nobody enters. */
export function plazaPassers(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, options);
  const cast = new Cast(seed);
  passers(cast, 5, place.seconds);
  const lane = 1.5 + cast.between(-0.3, 0.2);
  cast.walker(route(1, 1.3, { x: lane, y: 28 }, { x: lane, y: 7 }));
  cast.walker(route(3, 1.4, { x: -10, y: 16.4 }, { x: 13, y: 16.6 }));
  return scene("plaza-passers", place, cast);
}

/** Many people criss-cross; the area is entered again and again. */
export function plazaBusy(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { seconds: 30, ...options });
  const cast = new Cast(seed);
  intruder(cast, 6, options.painted);
  intruder(cast, 17, false);
  passers(cast, 14, place.seconds);
  for (let index = 0; index < 4; index++) {
    const x = cast.between(-4, 0.8);
    cast.walker(
      route(cast.between(-4, place.seconds - 8), 1.3, { x, y: 29 }, { x: x - cast.between(0, 2), y: 6.5 }),
    );
  }
  const base = survey(place);
  return scene("plaza-busy", place, cast, {
    survey: {
      ...base,
      rules: [...base.rules, { id: "everyone", event: "crowd_density", persons: 30, after: 5 }],
    },
  });
}

/** One person sits on the bench from the first picture to the last; another passes, nobody enters. */
export function plazaSitting(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, options);
  const cast = new Cast(seed);
  cast.walker(stay({ x: -8.1, y: 16.42 }, 0, place.seconds), {
    facing: 180,
    poses: [{ at: 0, pose: "sitting" }],
    ...(options.painted ? { painted: 102 } : {}),
  });
  cast.walker(stay({ x: 0.2, y: 11 }, 0, place.seconds), {
    facing: 200,
    ...(options.painted ? { painted: 103 } : {}),
  });
  passers(cast, 2, place.seconds);
  return scene("plaza-sitting", place, cast);
}

/** A cloud takes the sun away, at once; later it comes back, slowly. An intrusion after the change. */
export function plazaLightChange(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { seconds: 30, ...options });
  const cast = new Cast(seed);
  const cut = place.seconds * 0.27;
  intruder(cast, place.seconds * 0.5, options.painted);
  passers(cast, 3, place.seconds);
  return scene("plaza-light-change", place, cast, {
    light: [
      lightKey(0, "day"),
      lightKey(cut, "day"),
      { at: cut + 0.3, ambient: 0.6, sun: 0, lamps: 0, tint: [0.95, 0.98, 1.05] },
      { at: place.seconds * 0.75, ambient: 0.6, sun: 0, lamps: 0, tint: [0.95, 0.98, 1.05] },
      lightKey(place.seconds, "day"),
    ],
  });
}

/** Night: the lamps go out for some seconds and come back. Nobody enters. */
export function plazaBlackout(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { ...options, light: "night" });
  const cast = new Cast(seed);
  passers(cast, 2, place.seconds);
  const dark = { ambient: 0.07, sun: 0, lamps: 0.05, tint: [0.8, 0.9, 1.25] } as const;
  return scene("plaza-blackout", place, cast, {
    light: [
      lightKey(place.seconds * 0.4, "night"),
      { at: place.seconds * 0.4 + 0.1, ...dark },
      { at: place.seconds * 0.6, ...dark },
      lightKey(place.seconds * 0.6 + 0.1, "night"),
    ],
  });
}

/** The day ends within the scene; an intrusion when the lamps are on. */
export function plazaNightfall(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { seconds: 40, ...options });
  const cast = new Cast(seed);
  intruder(cast, place.seconds * 0.7, options.painted);
  passers(cast, 4, place.seconds);
  return scene("plaza-nightfall", place, cast, {
    light: [
      lightKey(0, "day"),
      lightKey(place.seconds * 0.4, "dusk"),
      lightKey(place.seconds * 0.9, "night"),
    ],
  });
}

/** Wind shakes the camera for a third of the scene, in which somebody enters. */
export function plazaShake(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, options);
  const cast = new Cast(seed);
  intruder(cast, place.seconds * 0.5, options.painted);
  passers(cast, 2, place.seconds);
  return scene("plaza-shake", place, cast, {
    shakes: [{ from: place.seconds * 0.3, to: place.seconds * 0.65, degrees: 0.35 }],
  });
}

/** Somebody turns the camera: from then on nothing it sees is where it was declared. Nobody enters. */
export function plazaMoved(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { seconds: 30, ...options });
  const cast = new Cast(seed);
  passers(cast, 4, place.seconds);
  const before = place.views[0]?.camera;
  if (!before) return scene("plaza-moved", place, cast);
  return scene("plaza-moved", place, cast, {
    views: [
      { at: 0, camera: before },
      { at: place.seconds * 0.5, camera: { ...before, pan: before.pan + 13, tilt: before.tilt + 3 } },
    ],
  });
}

/** An intrusion by lamp light. */
export function plazaNight(seed: number, options: SceneOptions = {}): SceneScript {
  return { ...plazaIntrusion(seed, { ...options, light: "night" }), name: "plaza-night" };
}

/** An intrusion in heavy rain. */
export function plazaRain(seed: number, options: SceneOptions = {}): SceneScript {
  return { ...plazaIntrusion(seed, { light: "overcast", rain: 0.7, ...options }), name: "plaza-rain" };
}

/** Somebody puts a bag down at the edge of the area and walks on. Nobody enters. */
export function plazaBag(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, options);
  const cast = new Cast(seed);
  const spot = { x: 0.6, y: 12.5 };
  const arrive = place.seconds * 0.25;
  cast.walker(
    route(arrive - 7.5, 1.3, { x: -9.2, y: 13 }, [{ x: spot.x - 0.45, y: spot.y }, 1.5], { x: -1, y: 30 }),
  );
  cast.luggage(cast.between(0, 1) < 0.5 ? "bag" : "suitcase", stay(spot, arrive, place.seconds));
  passers(cast, 2, place.seconds);
  return scene("plaza-bag", place, cast);
}
