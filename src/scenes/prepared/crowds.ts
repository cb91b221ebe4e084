import { deriveSeed, randomStream } from "../random.ts";
import type { CameraSetup, GroundPoint, LightKey, SceneScript } from "../script.ts";
import { type Intent, type Pedestrian, socialForcePaths, type Wall } from "../social-force.ts";
import { Cast, route } from "./people.ts";
import { hall, lightKey, type Place, plaza, road, type SceneOptions } from "./places.ts";

/** Free walking speed: 1.34 m/s on average with a deviation of 0.26 (Weidmann 1993). */
const WALK = { mean: 1.34, deviation: 0.26 } as const;
/** People who flee run at 3 to 5 m/s where there is room (measured in films of panics and drills). */
const RUN = { least: 3.2, most: 4.6 } as const;

/** Small and not often: enough for a crowd, and drawn quickly. */
const SMALL = { width: 320, height: 240, rate: 8, seconds: 22 } as const;

/** What a crowd is placed in: metres on the ground that the camera sees. */
interface Ground {
  readonly left: number;
  readonly right: number;
  readonly near: number;
  readonly far: number;
}

const SQUARE: Ground = { left: -9, right: 9, near: 11, far: 26 };
const HALL_HALF_WIDTH = 8;

/** A square seen from a mast, as a camera for crowds is hung: each seed's is another one. */
function square(seed: number, options: SceneOptions): Place {
  const place = plaza(seed, { ...SMALL, ...options });
  return { ...place, views: [{ at: 0, camera: mast(seed, 6.5, 9.5) }] };
}

function wideHall(seed: number, options: SceneOptions): Place {
  const place = hall(seed, { ...SMALL, ...options }, HALL_HALF_WIDTH);
  return { ...place, views: [{ at: 0, camera: mast(seed, 4.2, 6) }] };
}

/** Looks about 18 m ahead from a height within two, metres. */
function mast(seed: number, low: number, high: number): CameraSetup {
  const random = randomStream(deriveSeed(seed, "mast"));
  const between = (from: number, to: number) => from + (to - from) * random();
  const height = between(low, high);
  const tilt = (Math.atan2(height, 18) * 180) / Math.PI + between(-2, 2);
  return { at: { x: 0, y: 0 }, height, pan: between(-8, 8), tilt, fieldOfView: between(56, 66) };
}

const HALL_WALLS: readonly Wall[] = [-HALL_HALF_WIDTH, HALL_HALF_WIDTH].map((x) => ({
  from: { x, y: -10 },
  to: { x, y: 60 },
}));

/** Makes the people of a scene, each with intents, and lets the social force model move them. */
class Crowd {
  readonly cast: Cast;
  readonly people: Pedestrian[] = [];
  readonly #seed: number;
  readonly #walls: readonly Wall[];

  constructor(seed: number, walls: readonly Wall[] = []) {
    this.cast = new Cast(seed);
    this.#seed = seed;
    this.#walls = walls;
  }

  between(low: number, high: number): number {
    return this.cast.between(low, high);
  }

  /** A walking speed: the mean of four uniform numbers is close to normal. */
  pace(): number {
    const [a, b, c, d] = [this.between(-1, 1), this.between(-1, 1), this.between(-1, 1), this.between(-1, 1)];
    return Math.max(0.7, WALK.mean + WALK.deviation * 0.87 * (a + b + c + d));
  }

  run(): number {
    return this.between(RUN.least, RUN.most);
  }

  /** Somewhere on the ground. */
  spot({ left, right, near, far }: Ground): GroundPoint {
    return { x: this.between(left, right), y: this.between(near, far) };
  }

  add(from: GroundPoint, ...intents: readonly Intent[]): void {
    this.people.push({ from, intents });
  }

  /** The scene with everybody in it. */
  scene(name: string, place: Place, more: Partial<SceneScript> = {}): SceneScript {
    const paths = socialForcePaths(this.people, place.seconds, deriveSeed(this.#seed, "crowd"), this.#walls);
    for (const path of paths) this.cast.walker(path);
    return {
      name,
      ...place,
      actors: this.cast.actors,
      survey: {
        marks: place.survey.marks,
        zones: [],
        lines: [],
        rules: [{ id: "crowd", event: "crowd_movement", after: 1 }],
      },
      ...more,
      conditions: { ...place.conditions, crowd: "dense", ...more.conditions },
    };
  }
}

/** Some cross the square one way and the other, some stand, for as long as nobody disturbs them. */
function mill(crowd: Crowd, count: number, from: number, until: number, ground: Ground): Intent[][] {
  return Array.from({ length: count }, () => {
    const intents: Intent[] = [];
    for (let at = from; at < until; at += crowd.between(3, 7)) {
      const stands = crowd.between(0, 1) < 0.3;
      intents.push({ at, to: crowd.spot(ground), speed: stands ? 0 : crowd.pace() });
    }
    return intents;
  });
}

/** A crowd on a square; at half time all of it runs to one side, as from something at the other. */
export function squareSurge(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const crowd = new Crowd(seed);
  const alarm = 0.5 * place.seconds;
  const side = crowd.between(0, 1) < 0.5 ? -1 : 1;
  for (const intents of mill(crowd, 36, -1, alarm, SQUARE)) {
    const from = crowd.spot(SQUARE);
    const flight = { at: alarm + crowd.between(0, 0.8), speed: crowd.run() };
    crowd.add(from, ...intents, { ...flight, to: { x: side * 40, y: from.y + crowd.between(-4, 4) } });
  }
  return crowd.scene("square-surge", place);
}

/** A crowd on a square; at half time all of it runs away from one place in its middle. */
export function squareDispersal(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const crowd = new Crowd(seed);
  const alarm = 0.5 * place.seconds;
  const source = { x: crowd.between(-2, 2), y: crowd.between(15, 19) };
  const spread = { left: source.x - 6, right: source.x + 6, near: source.y - 4, far: source.y + 7 };
  for (const intents of mill(crowd, 36, -1, alarm, spread)) {
    const from = crowd.spot(spread);
    const flight = { at: alarm + crowd.between(0, 0.8), speed: crowd.run() };
    const away = Math.atan2(from.y - source.y, from.x - source.x) + crowd.between(-0.3, 0.3);
    const to = { x: source.x + 60 * Math.cos(away), y: source.y + 60 * Math.sin(away) };
    crowd.add(from, ...intents, { ...flight, to });
  }
  return crowd.scene("square-dispersal", place);
}

/** The same people at the end of an event: they walk home, in all directions, each when it suits him. */
export function squareDissolves(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const crowd = new Crowd(seed);
  const source = { x: crowd.between(-2, 2), y: crowd.between(15, 19) };
  const spread = { left: source.x - 6, right: source.x + 6, near: source.y - 4, far: source.y + 7 };
  for (let index = 0; index < 40; index++) {
    const from = crowd.spot(spread);
    const leaves = crowd.between(0.25, 0.9) * place.seconds;
    const away = Math.atan2(from.y - source.y, from.x - source.x) + crowd.between(-0.5, 0.5);
    const to = { x: source.x + 60 * Math.cos(away), y: source.y + 60 * Math.sin(away) };
    crowd.add(from, { at: -1, to: from, speed: 0 }, { at: leaves, to, speed: crowd.pace() });
  }
  return crowd.scene("square-dissolves", place);
}

/** A dense stream across the view; from half time on those in front come back, against it, and take it along. */
export function hallCounterWave(seed: number, options: SceneOptions = {}): SceneScript {
  const place = wideHall(seed, { seconds: 28, ...options });
  const crowd = new Crowd(seed, HALL_WALLS);
  const alarm = 0.55 * place.seconds;
  const front = crowd.between(9, 11);
  for (let index = 0; index < 70; index++) {
    const x = crowd.between(-6, 6);
    const from = { x, y: 34 };
    const comes = -16 + (index * (place.seconds + 16)) / 70;
    const there = { at: comes, to: { x: x + crowd.between(-0.5, 0.5), y: -4 }, speed: crowd.pace() };
    // The turn runs back through the stream at 4 m/s, faster than anybody goes.
    const reached = alarm + Math.max(0, 34 - (alarm - comes) * WALK.mean - front) / 4;
    const back = { at: reached, to: { x, y: 60 }, speed: crowd.between(1.8, 2.6) };
    if (comes > alarm) continue;
    crowd.add(from, there, back);
  }
  return crowd.scene("hall-counter-wave", place);
}

/** Two dense streams pass one another all the time, in lanes that form by themselves. */
export function hallTwoWay(seed: number, options: SceneOptions = {}): SceneScript {
  const place = wideHall(seed, options);
  const crowd = new Crowd(seed, HALL_WALLS);
  for (let index = 0; index < 70; index++) {
    const x = crowd.between(-6, 6);
    const [from, to] = index % 2 === 0 ? [34, -4] : [4, 50];
    const at = -22 + (index * (place.seconds + 22)) / 70;
    crowd.add({ x, y: from }, { at, to: { x: x + crowd.between(-1, 1), y: to }, speed: crowd.pace() });
  }
  return crowd.scene("hall-two-way", place);
}

/** An almost empty hall; then a train has come, and its passengers walk through in one steady stream. */
export function hallTrain(seed: number, options: SceneOptions = {}): SceneScript {
  const place = wideHall(seed, options);
  const crowd = new Crowd(seed, HALL_WALLS);
  for (let index = 0; index < 4; index++) {
    const x = crowd.between(-6, 6);
    const way = { to: { x, y: 50 }, speed: crowd.pace() };
    crowd.add({ x, y: 5 }, { at: crowd.between(-4, 0.8 * place.seconds), ...way });
  }
  for (let index = 0; index < 45; index++) {
    const x = crowd.between(-6, 6);
    const at = 0.2 * place.seconds + index * 0.3;
    const speed = crowd.pace() * 1.1;
    crowd.add({ x: 0.5 * x, y: 28 }, { at, to: { x: x + crowd.between(-1, 1), y: -4 }, speed });
  }
  return crowd.scene("hall-train", place);
}

/** A crowd that walks about, and some who run through it for a bus, one after the other and two at once. */
export function squareRunners(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const crowd = new Crowd(seed);
  for (const intents of mill(crowd, 26, -1, place.seconds, SQUARE)) crowd.add(crowd.spot(SQUARE), ...intents);
  for (const share of [0.2, 0.5, 0.52, 0.75]) {
    const side = crowd.between(0, 1) < 0.5 ? -1 : 1;
    const y = crowd.between(12, 20);
    const to = { x: side * 22, y: y + crowd.between(-2, 2) };
    crowd.add({ x: -side * 18, y }, { at: share * place.seconds, to, speed: crowd.run() });
  }
  return crowd.scene("square-runners", place);
}

/** A crowd that stands, as before a stage. */
export function squareStanding(seed: number, options: SceneOptions = {}): SceneScript {
  const place = square(seed, options);
  const crowd = new Crowd(seed);
  stand(crowd, 36, SQUARE);
  return crowd.scene("square-standing", place);
}

function stand(crowd: Crowd, count: number, ground: Ground): void {
  for (let index = 0; index < count; index++) {
    const from = crowd.spot(ground);
    // Now and then somebody takes a step.
    const steps = [0.2, 0.5, 0.8].map((share) => ({
      at: 22 * (share + crowd.between(-0.15, 0.15)),
      to: { x: from.x + crowd.between(-0.6, 0.6), y: from.y + crowd.between(-0.6, 0.6) },
      speed: 0.8,
    }));
    crowd.add(from, { at: -1, to: from, speed: 0 }, ...steps, { at: 1000, to: from, speed: 0 });
  }
}

/** Many wait on both pavements of a street on which buses and cars pass. */
export function streetBuses(seed: number, options: SceneOptions = {}): SceneScript {
  const place = road(seed, { ...SMALL, ...options });
  const crowd = new Crowd(seed);
  stand(crowd, 14, { left: -6, right: 6, near: 10.5, far: 12.5 });
  stand(crowd, 12, { left: -10, right: 10, near: 24, far: 26 });
  for (const [index, model] of (["bus", "car", "bus", "van", "bus"] as const).entries()) {
    const side = index % 2 === 0 ? 1 : -1;
    const y = side > 0 ? 15.8 : 19.2;
    const start = place.seconds * (0.05 + 0.18 * index);
    const speed = crowd.between(7, 10);
    crowd.cast.vehicle(model, route(start, speed, { x: -side * 26, y }, { x: side * 26, y }));
  }
  return crowd.scene("street-buses", place);
}

/** A crowd that walks about in the rain, at night. */
export function squareRainNight(seed: number, options: SceneOptions = {}): SceneScript {
  return { ...walking(seed, { light: "night", rain: 0.7, ...options }), name: "square-rain-night" };
}

/** A crowd that walks about while wind shakes the camera. */
export function squareShake(seed: number, options: SceneOptions = {}): SceneScript {
  const { shakes, ...script } = walking(seed, options);
  const { seconds } = script;
  const shake = { from: 0.35 * seconds, to: 0.75 * seconds, degrees: 0.5 };
  return { ...script, shakes: [...shakes, shake], name: "square-shake" };
}

/** A crowd that walks about while the sun goes at once, and comes back at once. */
export function squareLightSwitch(seed: number, options: SceneOptions = {}): SceneScript {
  const script = walking(seed, options);
  const { seconds } = script;
  const dull = { ambient: 0.6, sun: 0, lamps: 0, tint: [0.95, 0.98, 1.05] } as const;
  const light: LightKey[] = [
    lightKey(0.4 * seconds, "day"),
    { at: 0.4 * seconds + 0.1, ...dull },
    { at: 0.7 * seconds, ...dull },
    lightKey(0.7 * seconds + 0.1, "day"),
  ];
  return { ...script, light, name: "square-light-switch" };
}

function walking(seed: number, options: SceneOptions): SceneScript {
  const place = square(seed, options);
  const crowd = new Crowd(seed);
  for (const intents of mill(crowd, 30, -1, place.seconds, SQUARE)) crowd.add(crowd.spot(SQUARE), ...intents);
  return crowd.scene("square-walking", place);
}
