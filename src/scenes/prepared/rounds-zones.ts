import type { GroundPoint, SceneRule, SceneScript, SceneZone } from "../script.ts";
import { Cast, route, stay } from "./people.ts";
import { hall, platform, plaza, rectangle, road, type SceneOptions } from "./places.ts";

/*
 * Rounds: scenes in which the same thing happens again and again, in several places, with as much that looks like it
 * in between. They are what the bench measures a rule on; the other scenes are what one looks at.
 */

/** Time that one round takes, somebody's way through an area or past it. */
const ROUND = 6.5;
/** The two areas of the square: how far each begins and ends from its middle, and from the camera, m. */
const AREA = { inner: 2.2, outer: 6.2, near: 11, far: 14.5 } as const;

function area(id: string, side: number): SceneZone {
  const [low, high] = [side * AREA.inner, side * AREA.outer].sort((a, b) => a - b);
  return { id, nature: "forbidden", corners: rectangle(low ?? 0, AREA.near, high ?? 0, AREA.far) };
}

function intrusion(zone: string): SceneRule {
  return { id: zone, event: "zone_intrusion", zone, after: 1, clear: 2, classes: ["person"] };
}

/**
 * Two areas, entered in turn by one after another; meanwhile others pass close by: along an edge, behind, and before,
 * where a body hides the area from the camera though its feet are not in it. A bag lies in one.
 */
export function plazaRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = plaza(seed, { seconds: 60, ...options });
  const cast = new Cast(seed);
  const rounds = Math.floor((place.seconds - 2) / ROUND);
  for (let index = 0; index < rounds; index++) {
    const at = 2 + index * ROUND;
    const side = index % 2 === 0 ? -1 : 1;
    enters(cast, side, at + 1);
    passesBy(cast, -side, index, at + cast.between(0.6, 1.4));
    if (index % 2 === 1) passesBy(cast, -side, index + 2, at + cast.between(1.5, 2.5));
  }
  cast.luggage("bag", stay({ x: AREA.inner + 1.2, y: AREA.far - 1.2 }, -1, place.seconds + 1));
  return {
    name: "plaza-rounds",
    ...place,
    actors: cast.actors,
    survey: {
      marks: place.survey.marks,
      zones: [area("left", -1), area("right", 1)],
      lines: [],
      rules: [intrusion("left"), intrusion("right")],
    },
  };
}

/** Walks so that it comes to `through` at `at`, from one end of its way to the other. */
function passing(
  cast: Cast,
  at: number,
  speed: number,
  from: GroundPoint,
  through: GroundPoint,
  to: GroundPoint,
  pause = 0,
): void {
  const lead = Math.hypot(through.x - from.x, through.y - from.y) / speed;
  cast.walker(route(at - lead, speed, from, pause > 0 ? [through, pause] : through, to));
}

/** Into the area from behind or from its outer side, a moment's stay, and out again. */
function enters(cast: Cast, side: number, at: number): void {
  const speed = cast.between(1.2, 1.5);
  const inside = {
    x: side * cast.between(AREA.inner + 0.9, AREA.outer - 0.9),
    y: cast.between(AREA.near + 0.8, AREA.far - 1),
  };
  const ends: readonly [GroundPoint, GroundPoint, ...GroundPoint[]] = [
    { x: inside.x + side * cast.between(0, 2), y: 23 },
    { x: side * 11.5, y: inside.y + cast.between(0, 1) },
  ];
  const from = ends[cast.between(0, 1) < 0.5 ? 0 : 1];
  const to = ends[cast.between(0, 1) < 0.5 ? 0 : 1];
  passing(cast, at + 1.2, speed, from, inside, to, cast.between(0.6, 1.4));
}

/** Past the area at less than a metre and a half from its edge. */
function passesBy(cast: Cast, side: number, kind: number, at: number): void {
  const speed = cast.between(1.2, 1.6);
  const gap = cast.between(0.6, 1.1);
  const middle = (AREA.inner + AREA.outer) / 2;
  const edge = side * (AREA.inner - gap);
  const ways: readonly (readonly [GroundPoint, GroundPoint, GroundPoint])[] = [
    // Before it, from side to side.
    [
      { x: side * 11, y: AREA.near - gap },
      { x: side * middle, y: AREA.near - gap },
      { x: -side * 9, y: AREA.near - gap - 1 },
    ],
    // Along its inner edge, towards the camera.
    [
      { x: edge, y: 25 },
      { x: edge, y: AREA.near + 1.5 },
      { x: edge, y: 5.5 },
    ],
    // Behind it.
    [
      { x: side * 13, y: AREA.far + gap + 0.4 },
      { x: side * middle, y: AREA.far + gap },
      { x: -side * 13, y: AREA.far + gap + 0.4 },
    ],
    // Along its inner edge, away from the camera.
    [
      { x: edge, y: 5.5 },
      { x: edge, y: AREA.near + 1.5 },
      { x: edge, y: 26 },
    ],
  ];
  const way = ways[kind % ways.length];
  if (way !== undefined) passing(cast, at + 1.5, speed, ...way);
}

/** A platform's edge is stepped over by one after another; others walk and wait right behind the line. */
export function platformRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = platform(seed, { seconds: 52, ...options });
  const cast = new Cast(seed);
  const rounds = Math.floor((place.seconds - 4) / ROUND);
  cast.walker(stay({ x: -1.6, y: 13 }, 0, place.seconds), { facing: cast.between(60, 130) });
  for (let index = 0; index < rounds; index++) {
    const at = 4 + index * ROUND;
    const speed = cast.between(1.2, 1.5);
    const y = cast.between(11.5, 15.5);
    if (index % 2 === 0) {
      const over = { x: cast.between(4.1, 4.7), y };
      passing(cast, at + 1, speed, { x: 0.4, y: y + 9 }, over, { x: 1.2, y: 5 }, cast.between(0.8, 1.6));
    } else {
      const behind = { x: cast.between(2.5, 2.9), y };
      passing(cast, at + 1, speed, { x: 0, y: y + 9 }, behind, { x: 1.6, y: 5 }, cast.between(1, 2));
      const along = { x: cast.between(2.4, 2.9), y: 12 };
      passing(cast, at + 2.5, speed, { x: along.x, y: 4.5 }, along, { x: along.x - 0.4, y: 24 });
    }
  }
  return {
    name: "platform-rounds",
    ...place,
    actors: cast.actors,
    survey: {
      marks: place.survey.marks,
      zones: [{ id: "edge", nature: "forbidden", corners: rectangle(3.5, 9, 5.6, 26) }],
      lines: [],
      rules: [intrusion("edge")],
    },
  };
}

const GATES = [
  { id: "out", side: -1, forbidden: "up" },
  { id: "in", side: 1, forbidden: "down" },
] as const;
/** Where the gates' lines lie, and how far somebody starts from and ends beyond them, m. */
const LINE = 13;
const BEFORE = 6.2;
const BEYOND = 8;
/** Somebody goes through a gate this often. */
const GATE_ROUND = 3.6;

/**
 * A hall with a way out on its left and a way in on its right: one after another goes through each, two of five the
 * wrong way. Some turn back before the line, one stands by it.
 */
export function gateRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = hall(seed, { seconds: 60, ...options }, 5.2);
  const cast = new Cast(seed);
  for (const { side, forbidden } of GATES) {
    const rounds = Math.floor((place.seconds - 3) / GATE_ROUND);
    for (let index = 0; index < rounds; index++) {
      const at = 3 + (index + (side === 1 ? 0.5 : 0)) * GATE_ROUND;
      const wrong = index % 5 === 1 || index % 5 === 3;
      const up = wrong === (forbidden === "up");
      const speed = cast.between(1.15, 1.5);
      // Lanes of their own, so that nobody walks through anybody.
      const x = side * 1.3 * (1 + (index % 3));
      const near = { x, y: LINE - BEFORE };
      const far = { x: x * 1.05, y: LINE + BEYOND };
      if (index % 10 === 9) {
        const turn = { x, y: up ? LINE - 1.4 : LINE + 1.6 };
        const home = up ? near : far;
        passing(cast, at, speed, home, turn, { x: home.x + side * 0.5, y: home.y }, 1);
      } else passing(cast, at, speed, up ? near : far, { x, y: LINE }, up ? far : near);
    }
  }
  cast.walker(stay({ x: 0, y: LINE + 2.2 }, 0, place.seconds), { facing: cast.between(120, 240) });
  return {
    name: "gate-rounds",
    ...place,
    actors: cast.actors,
    survey: {
      marks: place.survey.marks,
      zones: [],
      lines: GATES.map(({ id, side }) => ({
        id,
        from: { x: side * 0.3, y: LINE },
        to: { x: side * 5, y: LINE },
      })),
      rules: GATES.map(({ id, forbidden }) => ({
        id,
        event: "wrong_way",
        line: id,
        forbidden,
        clear: 1,
        classes: ["person"],
      })),
    },
  };
}

const LANES = [
  { id: "near", y: 15.8, side: 1, forbidden: "left" },
  { id: "far", y: 19.2, side: -1, forbidden: "right" },
] as const;
/** A car drives through each lane this often. */
const CAR_ROUND = 5;

/** Two lanes: in each one car after another, every other one against its direction; people on the pavements. */
export function roadRounds(seed: number, options: SceneOptions = {}): SceneScript {
  const place = road(seed, { seconds: 42, ...options });
  const cast = new Cast(seed);
  for (const [lane, { y, side }] of LANES.entries()) {
    const rounds = Math.floor((place.seconds - 2) / CAR_ROUND);
    for (let index = 0; index < rounds; index++) {
      const at = 3 + (index + 0.5 * lane) * CAR_ROUND;
      const towards = index % 2 === 0 ? side : -side;
      const speed = cast.between(7, 9);
      const model = cast.between(0, 1) < 0.75 ? "car" : "van";
      cast.vehicle(model, route(at - 17 / speed, speed, { x: -towards * 17, y }, { x: towards * 17, y }));
    }
  }
  cast.walker(route(1, 1.3, { x: -15, y: 24.9 }, { x: 25, y: 24.9 }));
  cast.walker(route(4, 1.3, { x: 8.5, y: 11.4 }, { x: -9, y: 11.2 }));
  return {
    name: "road-rounds",
    ...place,
    actors: cast.actors,
    survey: {
      marks: place.survey.marks,
      zones: [],
      lines: LANES.map(({ id, y }) => ({
        id,
        from: { x: 0, y: y - 1.8 },
        to: { x: 0, y: y + 1.8 },
      })),
      rules: LANES.map(({ id, forbidden }) => ({
        id,
        event: "wrong_way",
        line: id,
        forbidden,
        clear: 1,
        classes: ["vehicle"],
      })),
    },
  };
}
