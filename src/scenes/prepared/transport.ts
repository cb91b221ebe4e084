import type { SceneScript, Survey } from "../script.ts";
import { Cast, route, stay } from "./people.ts";
import { hall, type Place, platform, rectangle, road, type SceneOptions } from "./places.ts";

/** What is watched at a place; its marks are the place's own. */
type Watched = Omit<Survey, "marks">;

const EDGE = {
  zones: [{ id: "edge", nature: "forbidden", corners: rectangle(3.5, 9, 5.6, 26) }],
  lines: [],
  rules: [{ id: "edge", event: "zone_intrusion", zone: "edge", after: 1, classes: ["person"] }],
} as const satisfies Watched;

/** People wait behind the line; one walks along the platform's edge. */
export function platformEdge(seed: number, options: SceneOptions = {}): SceneScript {
  return peopled("platform-edge", seed, platform(seed, options), EDGE, (cast, seconds) => {
    waiting(cast, seconds, options.painted);
    const y = cast.between(12, 15);
    cast.walker(
      route(
        seconds * 0.25,
        1.25,
        { x: 0.5, y: 29 },
        { x: 2, y: y + 7 },
        { x: 4, y: y + 3 },
        [{ x: 4.1, y }, 1.5],
        {
          x: 1.5,
          y: y - 2,
        },
        { x: 0.5, y: 5 },
      ),
      options.painted ? { painted: 104 } : {},
    );
  });
}

/** People wait behind the line, one just behind it; nobody steps over. */
export function platformWaiting(seed: number, options: SceneOptions = {}): SceneScript {
  return peopled("platform-waiting", seed, platform(seed, options), EDGE, (cast, seconds) => {
    waiting(cast, seconds, options.painted);
    cast.walker(route(1, 1.3, { x: -1, y: 28 }, [{ x: 2.6, y: 17 }, seconds * 0.3], { x: 1.8, y: 6 }));
  });
}

function waiting(cast: Cast, seconds: number, painted: boolean | undefined): void {
  cast.walker(stay({ x: -4.45, y: 17.2 }, 0, seconds), {
    facing: 90,
    poses: [{ at: 0, pose: "sitting" }],
    ...(painted ? { painted: 102 } : {}),
  });
  for (let index = 0; index < 3; index++) {
    const spot = { x: cast.between(-1.5, 2.2), y: 11 + index * 4.5 + cast.between(0, 2) };
    cast.walker(stay(spot, 0, seconds), { facing: cast.between(60, 130) });
  }
}

const CORRIDOR_HALF_WIDTH = 3.2;
const CORRIDOR = {
  zones: [],
  lines: [{ id: "way-out", from: { x: -3.1, y: 13 }, to: { x: 3.1, y: 13 } }],
  rules: [
    { id: "way-out", event: "wrong_way", line: "way-out", forbidden: "up", classes: ["person"] },
    { id: "crowd", event: "crowd_density", persons: 12, after: 5 },
  ],
} as const satisfies Watched;

/** Comes out through the corridor, towards the camera. */
function comers(cast: Cast, count: number, seconds: number): void {
  for (let index = 0; index < count; index++) {
    const x = -2.4 + (4.8 * (index + 0.5)) / count;
    const start = -8 + ((seconds + 2) * (index + cast.between(0, 0.6))) / count;
    cast.walker(
      route(start, cast.between(1.15, 1.5), { x, y: 34 }, { x: x + cast.between(-0.3, 0.3), y: 4 }),
    );
  }
}

/** Everybody comes out of the corridor; one or two go in. */
export function corridorWrongWay(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, options, CORRIDOR_HALF_WIDTH);
  return peopled("corridor-wrong-way", seed, place, CORRIDOR, (cast, seconds) => {
    comers(cast, 4, seconds);
    cast.walker(
      route(seconds * 0.2, 1.35, { x: 1.1, y: 5 }, { x: 0.9, y: 30 }),
      options.painted ? { painted: 105 } : {},
    );
    if (seconds >= 18) cast.walker(route(seconds * 0.55, 1.3, { x: -1.4, y: 5 }, { x: -1.2, y: 30 }));
  });
}

/** Everybody comes out; one turns back before the line, one stands by it. Nobody goes in. */
export function corridorRightWay(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, options, CORRIDOR_HALF_WIDTH);
  return peopled("corridor-right-way", seed, place, CORRIDOR, (cast, seconds) => {
    comers(cast, 4, seconds);
    cast.walker(route(seconds * 0.2, 1.3, { x: 1.3, y: 5 }, [{ x: 1.4, y: 10.8 }, 2], { x: 0.9, y: 4.5 }));
    cast.walker(stay({ x: -2.4, y: 15.5 }, 0, seconds), { facing: 120 });
  });
}

/** A hall that fills up beyond what it may hold, and empties again. */
export function hallCrowd(seed: number, options: SceneOptions = {}): SceneScript {
  return hallScene("hall-crowd", seed, { seconds: 40, ...options }, 18);
}

/** The same hall with fewer people than it may hold, all the time. */
export function hallQuiet(seed: number, options: SceneOptions = {}): SceneScript {
  return hallScene("hall-quiet", seed, { seconds: 40, ...options }, 5);
}

const FLOOR = {
  zones: [{ id: "floor", nature: "counting", corners: rectangle(-7.5, 7.6, 7.5, 22) }],
  lines: [],
  rules: [{ id: "floor", event: "crowd_density", zone: "floor", persons: 15, after: 5 }],
} as const satisfies Watched;

function hallScene(name: string, seed: number, options: SceneOptions, wave: number): SceneScript {
  return peopled(name, seed, hall(seed, options, 8), FLOOR, (cast, seconds) => {
    for (let index = 0; index < 6; index++) {
      const y = 9.5 + 1.7 * index;
      const spot = { x: 0.7 * y * cast.between(-0.5, 0.5), y };
      cast.walker(stay(spot, 0, seconds), { facing: cast.between(0, 360) });
    }
    for (let index = 0; index < wave; index++) {
      // Spread over what the camera sees, wider where it sees more.
      const y = 8.8 + (10.5 * (index + 0.5)) / wave;
      const target = { x: 0.78 * y * (((index * 0.618) % 1) - 0.5), y };
      const side = target.x < 0 ? -1 : 1;
      const speed = cast.between(1.2, 1.6);
      const door = { x: side * 7.4, y: 30 };
      const way = Math.hypot(door.x - target.x, door.y - target.y) / speed;
      const arrive = seconds * 0.3 + cast.between(-1.5, 1.5);
      const leave = seconds * 0.68 + cast.between(-1.5, 1.5);
      cast.walker(route(arrive - way, speed, door, [target, leave - arrive], door), {
        facing: cast.between(0, 360),
      });
    }
  });
}

const ROAD = {
  zones: [],
  lines: [
    { id: "near-lane", from: { x: 0, y: 12.5 }, to: { x: 0, y: 17.5 } },
    { id: "far-lane", from: { x: 0, y: 17.5 }, to: { x: 0, y: 22 } },
  ],
  rules: [
    { id: "near-lane", event: "wrong_way", line: "near-lane", forbidden: "left", classes: ["vehicle"] },
    { id: "far-lane", event: "wrong_way", line: "far-lane", forbidden: "right", classes: ["vehicle"] },
  ],
} as const satisfies Watched;
const NEAR_LANE = 15.8;
const FAR_LANE = 19.2;

function traffic(cast: Cast, seconds: number, lanes: { readonly near: number; readonly far: number }): void {
  const models = ["car", "car", "van", "bus"] as const;
  for (const [y, count, side] of [
    [NEAR_LANE, lanes.near, 1],
    [FAR_LANE, lanes.far, -1],
  ] as const) {
    for (let index = 0; index < count; index++) {
      const start = ((seconds - 4) * (index + 0.3 + cast.between(0, 0.4))) / count;
      const model = models[Math.floor(cast.between(0, models.length))] ?? "car";
      cast.vehicle(
        model,
        route(start - 2, cast.between(6.5, 8.5), { x: -side * 30, y }, { x: side * 30, y }),
      );
    }
  }
}

function pavement(cast: Cast, seconds: number): void {
  cast.walker(route(cast.between(0, 3), 1.3, { x: -15, y: 24.9 }, { x: 18, y: 24.9 }));
  cast.walker(route(seconds * 0.3, 1.4, { x: 16, y: 25.4 }, { x: -17, y: 25.4 }));
  cast.walker(route(seconds * 0.2, 1.3, { x: 8.5, y: 11.4 }, { x: -9, y: 11.2 }));
}

/** A car drives against its lane's direction between others that do not. */
export function roadWrongWay(seed: number, options: SceneOptions = {}): SceneScript {
  return peopled("road-wrong-way", seed, road(seed, options), ROAD, (cast, seconds) => {
    traffic(cast, seconds, { near: 0, far: 3 });
    pavement(cast, seconds);
    cast.vehicle("car", route(seconds * 0.35, 7, { x: 26, y: NEAR_LANE }, { x: -26, y: NEAR_LANE }), {
      ...(options.painted ? { painted: 106 } : {}),
    });
  });
}

/** Traffic as it should be, people on both pavements. */
export function roadTraffic(seed: number, options: SceneOptions = {}): SceneScript {
  return peopled("road-traffic", seed, road(seed, options), ROAD, (cast, seconds) => {
    traffic(cast, seconds, { near: 3, far: 3 });
    pavement(cast, seconds);
  });
}

/** Two cars stand parked from the first picture to the last; traffic and people pass. */
export function parkedCar(seed: number, options: SceneOptions = {}): SceneScript {
  return peopled("parked-car", seed, road(seed, options), ROAD, (cast, seconds) => {
    for (const [index, x] of [-9.5, 4.2].entries()) {
      cast.vehicle("car", stay({ x, y: 22.2 }, 0, seconds), {
        facing: 270,
        ...(options.painted ? { painted: 110 + index } : {}),
      });
    }
    traffic(cast, seconds, { near: 2, far: 0 });
    pavement(cast, seconds);
  });
}

function peopled(
  name: string,
  seed: number,
  place: Place,
  watched: Watched,
  fill: (cast: Cast, seconds: number) => void,
): SceneScript {
  const cast = new Cast(seed);
  fill(cast, place.seconds);
  return { name, ...place, actors: cast.actors, survey: { marks: place.survey.marks, ...watched } };
}
