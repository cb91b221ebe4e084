import { deriveSeed } from "../random.ts";
import type { GroundPoint, SceneScript } from "../script.ts";
import { type Intent, type Pedestrian, socialForcePaths } from "../social-force.ts";
import { Cast } from "./people.ts";
import { plaza, type SceneOptions } from "./places.ts";

/** People about the square, and how fast those run who run. */
const PEOPLE = 26;
const RUN = { least: 3.2, most: 4.4 } as const;
/** Everybody walks about for a while, then runs for some seconds; within a walk some run alone. */
const WALKS = 8;
const RUNS = 3;
const GROUND = { inner: 2.5, outer: 9, near: 11, far: 22 } as const;

/**
 * A crowd on a square: it walks about on one half, all of it runs to the other at once, and walks about there.
 * In between one after another runs through it alone.
 */
export function movementRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { width: 320, height: 240, rate: 8, seconds: 60, ...options });
  const cast = new Cast(seed);
  const { seconds } = place;
  /** On one half of the square or the other, where the crowd is in a round. */
  const spot = (round: number): GroundPoint => ({
    x: (round % 2 === 0 ? -1 : 1) * cast.between(GROUND.inner, GROUND.outer),
    y: cast.between(GROUND.near, GROUND.far),
  });
  const alarms = Array.from({ length: Math.floor(seconds / (WALKS + RUNS)) }, (_, round) => {
    return WALKS + round * (WALKS + RUNS);
  });
  const people = Array.from({ length: PEOPLE }, (): Pedestrian => {
    const intents: Intent[] = [];
    let at = -1;
    for (const [round, alarm] of [...alarms, seconds + 1].entries()) {
      for (; at < alarm - 0.5; at += cast.between(2.5, 4))
        intents.push({ at, to: spot(round), speed: cast.between(0.9, 1.6) });
      const speed = cast.between(RUN.least, RUN.most);
      at = alarm + cast.between(0, 0.6);
      intents.push({ at, to: spot(round + 1), speed });
      at += RUNS;
    }
    return { from: spot(0), intents };
  });
  // Alone, while the others walk: before the first alarm and between two.
  for (const start of [0, ...alarms.map((alarm) => alarm + RUNS)]) {
    for (const off of [2.6, 5]) {
      const side = cast.between(0, 1) < 0.5 ? -1 : 1;
      const y = cast.between(12, 18);
      const speed = cast.between(RUN.least, RUN.most);
      people.push({
        from: { x: -side * 12, y },
        intents: [{ at: start + off - 12 / speed, to: { x: side * 30, y: y + cast.between(-2, 2) }, speed }],
      });
    }
  }
  for (const path of socialForcePaths(people, seconds, deriveSeed(seed, "crowd"), [])) cast.walker(path);
  const camera = { at: { x: 0, y: 0 }, height: 8, pan: 0, tilt: 24, fieldOfView: 60 };
  return {
    name: "movement-rounds",
    ...place,
    views: [{ at: 0, camera }],
    actors: cast.actors,
    survey: {
      marks: place.survey.marks,
      zones: [],
      lines: [],
      rules: [{ id: "crowd", event: "crowd_movement", after: 1, clear: 2 }],
    },
    conditions: { ...place.conditions, crowd: "dense" },
  };
}
