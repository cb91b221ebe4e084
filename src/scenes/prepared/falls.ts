import type { GroundPoint, PoseKey, SceneRule, SceneScript, Waypoint } from "../script.ts";
import { Cast, route, stay } from "./people.ts";
import { BED, hall, type Place, room, type SceneOptions, SEAT } from "./places.ts";

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
  poses: readonly (Omit<PoseKey, "at"> & { readonly after: number })[],
  facing: number,
): void {
  const x = cast.between(-1.2, 1.2);
  const speed = cast.between(1.1, 1.4);
  const from = { x: -4.8, y: y + 1.5 };
  const path = route(at - 1 - Math.hypot(x - from.x, 1.5) / speed, speed, from, { x, y });
  cast.walker([...path, { x, y, at: until }], {
    facing,
    poses: poses.map(({ after, ...pose }) => ({ at: at + after, ...pose })),
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

/** Somewhere on a room's free floor. */
function floorSpot(cast: Cast): GroundPoint {
  return { x: cast.between(-0.5, 0.5), y: cast.between(4.7, 5.4) };
}

/** Goes from the room's back to a spot, is there at `at`, and stays. */
function occupant(
  cast: Cast,
  spot: GroundPoint,
  at: number,
  until: number,
  more: { readonly poses: readonly PoseKey[]; readonly facing: number; readonly height?: number },
  after: readonly Waypoint[] = [],
): void {
  const from = { x: cast.between(-0.6, 0.6), y: 7.2 };
  const speed = cast.between(0.7, 1);
  const path = route(at - Math.hypot(from.x - spot.x, from.y - spot.y) / speed, speed, from, spot);
  const first = path[0]?.at ?? 0;
  const waits = first > 0 ? [{ ...from, at: -1 }] : [];
  cast.walker([...waits, ...path, ...after, { ...(after.at(-1) ?? spot), at: until }], more);
}

/** Somebody, alone in a room, stands or walks and falls in any direction, at times towards the camera or away from it. */
export function roomFall(seed: number, options: SceneOptions = {}): SceneScript {
  const place = room(seed, { seconds: 12, ...options });
  const cast = new Cast(seed);
  const at = 0.5 * place.seconds;
  const over = cast.between(0.6, 1.1);
  occupant(cast, floorSpot(cast), at - cast.between(0, 1.5), place.seconds, {
    facing: cast.between(0, 360),
    poses: [{ at, pose: "lying", over }],
  });
  return scene("room-fall", place, cast);
}

/** Somebody sits down on a seat, sits for a while, and falls off it to the floor. */
export function roomFallSitting(seed: number, options: SceneOptions = {}): SceneScript {
  const place = room(seed, { seconds: 15, ...options });
  const cast = new Cast(seed);
  const at = 0.25 * place.seconds;
  const seat = { x: SEAT.x, y: SEAT.y - 0.3 };
  const falls = 0.65 * place.seconds;
  const over = cast.between(0.8, 1.5);
  const poses: readonly PoseKey[] = [
    { at, pose: "sitting", over: cast.between(1, 1.6) },
    { at: falls, pose: "lying", over },
  ];
  const down = { x: seat.x + cast.between(-0.2, 0.2), y: seat.y - 0.5 };
  const slides = [
    { ...seat, at: falls },
    { ...down, at: falls + over },
  ];
  occupant(cast, seat, at, place.seconds, { facing: 180 + cast.between(-80, 80), poses }, slides);
  return scene("room-fall-sitting", place, cast);
}

/** Somebody sits down on a seat and stays there; ties a shoe before. Nobody falls. */
export function roomSitting(seed: number, options: SceneOptions = {}): SceneScript {
  const place = room(seed, { seconds: 15, ...options });
  const cast = new Cast(seed);
  const { seconds } = place;
  occupant(cast, { x: SEAT.x, y: SEAT.y - 0.3 }, 0.25 * seconds, seconds, {
    facing: 180 + cast.between(-80, 80),
    poses: [
      { at: 0.25 * seconds, pose: "bending", over: 0.8 },
      { at: 0.45 * seconds, pose: "upright", over: 0.8 },
      { at: 0.55 * seconds, pose: "sitting", over: cast.between(0.6, 1.4) },
    ],
  });
  return scene("room-sitting", place, cast);
}

/** Somebody sits down on the floor with the legs stretched out, and gets up again. Nobody falls. */
export function roomFloor(seed: number, options: SceneOptions = {}): SceneScript {
  const place = room(seed, { seconds: 14, ...options });
  const cast = new Cast(seed);
  const { seconds } = place;
  occupant(cast, floorSpot(cast), 0.25 * seconds, seconds, {
    facing: cast.between(0, 360),
    poses: [
      { at: 0.28 * seconds, pose: "crouching", over: 0.6 },
      { at: 0.28 * seconds + 0.7, pose: "floor", over: 0.6 },
      { at: 0.75 * seconds, pose: "crouching", over: 0.7 },
      { at: 0.75 * seconds + 0.8, pose: "upright", over: 0.7 },
    ],
  });
  return scene("room-floor", place, cast);
}

/** Somebody lies on a bed from the first picture on, another passes and sits down. Nobody falls. */
export function roomSleeper(seed: number, options: SceneOptions = {}): SceneScript {
  const place = room(seed, { seconds: 14, ...options });
  const cast = new Cast(seed);
  const { seconds } = place;
  cast.walker(stay(BED, -1, seconds), { facing: 90, above: 0.5, poses: [{ at: -1, pose: "lying" }] });
  occupant(cast, { x: SEAT.x, y: SEAT.y - 0.3 }, 0.4 * seconds, seconds, {
    facing: 180 + cast.between(-60, 60),
    poses: [{ at: 0.4 * seconds, pose: "sitting", over: 1.2 }],
  });
  return scene("room-sleeper", place, cast);
}

/** Children run about, crouch down, jump up and run on. Nobody falls and stays. */
export function hallPlaying(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, options, 6);
  const cast = new Cast(seed);
  const { seconds } = place;
  for (let child = 0; child < 3; child++) {
    const spot = () => ({ x: cast.between(-2.5, 2.5), y: cast.between(8.5, 12.5) });
    const stops = Array.from({ length: 8 }, () => [spot(), cast.between(0.6, 1.8)] as const);
    const path = route(-1, cast.between(1.8, 2.6), spot(), ...stops);
    const rests = path.flatMap((point, index) => {
      const next = path[index + 1];
      return next !== undefined && next.x === point.x && next.y === point.y
        ? [[point.at, next.at] as const]
        : [];
    });
    cast.walker(
      [...path, { ...(path.at(-1) ?? spot()), at: Math.max(seconds, (path.at(-1)?.at ?? 0) + 1) }],
      {
        height: cast.between(1.05, 1.3),
        poses: rests.flatMap(([from, to], index) => [
          { at: from, pose: index % 2 === 0 ? ("crouching" as const) : ("floor" as const), over: 0.3 },
          { at: to - 0.3, pose: "upright" as const, over: 0.3 },
        ]),
      },
    );
  }
  return scene("hall-playing", place, cast);
}
