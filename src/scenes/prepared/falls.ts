import type { Pose, SceneRule, SceneScript } from "../script.ts";
import { Cast, route, stay } from "./people.ts";
import { hall, type Place, type SceneOptions } from "./places.ts";

const FLOOR: SceneRule = { id: "floor", event: "person_down", after: 1 };

function scene(name: string, place: Place, cast: Cast): SceneScript {
  return {
    name,
    ...place,
    actors: cast.actors,
    survey: { marks: place.survey.marks, zones: [], lines: [], rules: [FLOOR] },
  };
}

/** Comes in from the left, stops at `y` metres from the camera, and from `at` on takes poses. */
function visitor(
  cast: Cast,
  y: number,
  at: number,
  until: number,
  poses: readonly { readonly after: number; readonly pose: Pose }[],
  facing: number,
): void {
  const x = cast.between(-1.2, 1.2);
  const speed = cast.between(1.1, 1.4);
  const from = { x: -4.8, y: y + 1.5 };
  const path = route(at - 1 - Math.hypot(x - from.x, 1.5) / speed, speed, from, { x, y });
  cast.walker([...path, { x, y, at: until }], {
    facing,
    poses: poses.map(({ after, pose }) => ({ at: at + after, pose })),
  });
}

/** Walk through behind everything that happens. */
function passers(cast: Cast, count: number, seconds: number): void {
  for (let index = 0; index < count; index++) {
    const y = cast.between(16, 24);
    const side = cast.between(0, 1) < 0.5 ? -1 : 1;
    cast.walker(
      route(
        cast.between(-2, seconds - 6),
        cast.between(1.1, 1.5),
        { x: -side * 5.5, y },
        { x: side * 5.5, y },
      ),
    );
  }
}

/** Somebody falls in a hall and lies there, across the line of sight, while others pass behind. */
export function hallFall(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, options, 6);
  const cast = new Cast(seed);
  const facing = (cast.between(0, 1) < 0.5 ? 90 : 270) + cast.between(-15, 15);
  const y = cast.between(9, 12.5);
  visitor(cast, y, 0.45 * place.seconds, place.seconds, [{ after: 0, pose: "lying" }], facing);
  passers(cast, 2, place.seconds);
  return scene("hall-fall", place, cast);
}

/** Somebody crouches for a while, as to tie a shoe, and again; somebody sits down. Nobody falls. */
export function hallCrouching(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, options, 6);
  const cast = new Cast(seed);
  const { seconds } = place;
  visitor(
    cast,
    cast.between(9, 10.5),
    0.35 * seconds,
    seconds,
    [
      { after: 0, pose: "crouching" },
      { after: 0.25 * seconds, pose: "upright" },
      { after: 0.4 * seconds, pose: "crouching" },
    ],
    cast.between(0, 360),
  );
  visitor(
    cast,
    cast.between(12, 14),
    0.5 * seconds,
    seconds,
    [{ after: 0, pose: "sitting" }],
    cast.between(0, 360),
  );
  passers(cast, 1, seconds);
  return scene("hall-crouching", place, cast);
}

/** Somebody lies on the floor from the first picture to the last; others pass in front and behind. */
export function hallLying(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, options, 6);
  const cast = new Cast(seed);
  const at = { x: cast.between(-2, 2), y: cast.between(10, 13) };
  cast.walker(stay(at, 0, place.seconds), { facing: 90, poses: [{ at: 0, pose: "lying" }] });
  cast.walker(route(0.2 * place.seconds, 1.3, { x: -5.5, y: at.y - 1 }, { x: 5.5, y: at.y - 1 }));
  cast.walker(route(0.4 * place.seconds, 1.2, { x: 5.5, y: at.y + 1 }, { x: -5.5, y: at.y + 1 }));
  return scene("hall-lying", place, cast);
}
