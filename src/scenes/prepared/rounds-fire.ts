import { deriveSeed, randomStream } from "../random.ts";
import type { GroundPoint, Prop, SceneGlow, SceneRule, SceneScript, SceneZone } from "../script.ts";
import { Cast, route, stay } from "./people.ts";
import { hall, type Place, plaza, road, type SceneOptions } from "./places.ts";

/** Thirds of the view, each with a rule of its own; they run from before the camera to the horizon. */
const THIRDS = ["left", "middle", "right"] as const;
type Third = (typeof THIRDS)[number];
/** Flames burn so long in a third, one after another, with as much in between. */
const BURNS = 6.5;
const ROUND = 11.5;

function zoneOf(third: Third): SceneZone {
  const slope = 0.2;
  const edges = { left: [-3, -slope], middle: [-slope, slope], right: [slope, 3] }[third];
  const [low = 0, high = 0] = edges;
  const [near, far] = [5, 140];
  return {
    id: third,
    nature: "counting",
    corners: [
      { x: low * near, y: near },
      { x: high * near, y: near },
      { x: high * far, y: far },
      { x: low * far, y: far },
    ],
  };
}

const RULES: readonly SceneRule[] = THIRDS.map((third) => ({
  id: third,
  event: "fire",
  zone: third,
  after: 1,
  clear: 2,
}));

function scene(
  name: string,
  place: Place,
  cast: Cast,
  glows: readonly SceneGlow[],
  props: readonly Prop[] = [],
) {
  return {
    name,
    ...place,
    props: [...place.props, ...props],
    actors: cast.actors,
    glows,
    survey: {
      marks: place.survey.marks,
      zones: THIRDS.map(zoneOf),
      lines: [],
      rules: [...RULES],
    },
  };
}

/** A number in [low, high) of a scene's own. */
function chances(seed: number): (low: number, high: number) => number {
  const random = randomStream(deriveSeed(seed, "fire rounds"));
  return (low, high) => low + (high - low) * random();
}

/** A place in a third at a distance. @param share 0 (its left edge) to 1 */
function within(third: Third, y: number, share: number): GroundPoint {
  const [low, high] = { left: [-0.52, -0.22], middle: [-0.17, 0.17], right: [0.22, 0.52] }[third];
  return { x: y * ((low ?? 0) + share * ((high ?? 0) - (low ?? 0))), y };
}

/** Flames in one third after another, out of step; each begins small, and is put out. */
function flames(between: (low: number, high: number) => number, seconds: number, seed: number): SceneGlow[] {
  return THIRDS.flatMap((third, index) => {
    const found: SceneGlow[] = [];
    for (let from = 2 + index * 3.5 + between(0, 1); from + BURNS + 1 < seconds; from += ROUND) {
      const width = between(0.8, 2);
      found.push({
        kind: "flame",
        at: within(third, between(11, 19), between(0.15, 0.85)),
        above: between(0, 1) < 0.4 ? 0.6 : 0,
        width,
        height: width * between(1.2, 1.7),
        from,
        to: from + BURNS,
        growth: between(0.5, 3),
        seed: seed + index * 31 + found.length,
      });
    }
    return found;
  });
}

/** A square: bins burn among orange leaves, a flag, steam, cones, vests and the low sun in a window. */
export function plazaFireRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { seconds: 26, ...options });
  const between = chances(seed);
  const cast = new Cast(seed);
  const { seconds } = place;
  const always = { from: 0, to: seconds + 1 };
  const works = within("right", between(15, 18), 0.5);
  cast.walker(stay(works, -1, seconds + 1), { vest: "orange", facing: between(0, 360) });
  cast.walker(route(between(-2, 4), 1.2, { x: -14, y: 20 }, { x: 14, y: 21 }), { vest: "yellow" });
  cast.walker(route(between(6, 12), 1.3, { x: 12, y: 13 }, { x: -12, y: 14 }), { vest: "orange" });
  return scene(
    "plaza-fire-rounds",
    place,
    cast,
    [
      { kind: "leaves", at: within("left", 24, 0.4), above: 1.8, width: 4, height: 4, seed, ...always },
      {
        kind: "flag",
        at: within("middle", 24, between(0, 1)),
        above: 2.5,
        width: 2,
        height: 1.2,
        seed,
        ...always,
      },
      { kind: "steam", at: within("right", 22, 0.9), width: 1.6, height: 3, seed, ...always },
      { kind: "sunset", at: { x: between(-9, 9), y: 43 }, above: 1.6, width: 5, height: 4, seed, ...always },
      ...flames(between, seconds, seed),
    ],
    [-0.9, -0.3, 0.3, 0.9].map((off) => ({ kind: "cone", at: { x: works.x + off * 1.6, y: works.y - 1.2 } })),
  );
}

/** A road at night: wrecks burn between beacons, hazard lamps, a light bar and the lamps of traffic on wet ground. */
export function roadFireRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = road(seed, { seconds: 26, light: "night", ...options });
  const between = chances(seed);
  const cast = new Cast(seed);
  const { seconds } = place;
  const always = { from: 0, to: seconds + 1 };
  cast.vehicle("car", route(2, 8, { x: 40, y: 19.2 }, { x: -40, y: 19.2 }));
  cast.vehicle("car", route(8, 8, { x: -40, y: 15.8 }, { x: 40, y: 15.8 }));
  const verge = 22.5;
  return scene("road-fire-rounds", place, cast, [
    {
      kind: "lamps",
      at: { x: 0, y: 31 },
      above: 0.2,
      width: 54,
      height: 3,
      rate: between(8, 16),
      seed,
      ...always,
    },
    {
      kind: "beacon",
      at: within("left", verge, between(0, 1)),
      above: 2.2,
      width: 0.8,
      height: 0.7,
      rate: between(1.2, 3.6),
      seed,
      ...always,
    },
    {
      kind: "lightbar",
      at: within("middle", verge, between(0, 1)),
      above: 2.2,
      width: 2,
      height: 0.5,
      rate: between(0.8, 2.2),
      seed,
      ...always,
    },
    {
      kind: "hazard",
      at: within("right", verge, between(0, 1)),
      above: 0.7,
      width: 1.7,
      height: 0.3,
      seed,
      ...always,
    },
    { kind: "puddle", at: within("left", 13, between(0.2, 0.8)), width: 2.4, height: 0.6, seed, ...always },
    {
      kind: "puddle",
      at: within("right", 13.4, between(0.2, 0.8)),
      width: 2.4,
      height: 0.6,
      seed: seed + 1,
      ...always,
    },
    ...flames(between, seconds, seed),
  ]);
}

/** A hall: things burn on its floor, under a screen with a film, neon signs, and over a wet floor. */
export function hallFireRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, { seconds: 26, ...options }, 8);
  const between = chances(seed);
  const cast = new Cast(seed);
  const { seconds } = place;
  const always = { from: 0, to: seconds + 1 };
  cast.walker(route(between(-2, 3), 1.2, { x: -7.5, y: 20 }, { x: 7.5, y: 20 }), { vest: "orange" });
  cast.walker(stay(within("left", 17, 0.4), -1, seconds + 1), { vest: "yellow", facing: 180 });
  return scene("hall-fire-rounds", place, cast, [
    { kind: "screen", at: within("middle", 21, 0.2), above: 0.5, width: 3.2, height: 1.9, seed, ...always },
    { kind: "neon", at: within("left", 22, 0.5), above: 1.2, width: 3.2, height: 0.8, seed, ...always },
    {
      kind: "neon",
      at: within("right", 22, 0.5),
      above: 1.3,
      width: 2.6,
      height: 0.7,
      seed: seed + 1,
      ...always,
    },
    { kind: "puddle", at: within("middle", 11, between(0.3, 0.7)), width: 2, height: 0.5, seed, ...always },
    { kind: "flag", at: within("right", 24, 0.8), above: 0.8, width: 1.8, height: 1.1, seed, ...always },
    ...flames(between, seconds, seed),
  ]);
}
