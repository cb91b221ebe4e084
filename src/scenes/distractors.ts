import type { Seconds } from "../time/clock.ts";
import { firstTime, groundAt, lastTime, POSE_TAKES } from "./motion.ts";
import { type BoxTuple, meet } from "./picture-box.ts";
import { frameTimes } from "./render.ts";
import {
  type Actor,
  classOf,
  type GroundPoint,
  type Pose,
  type SceneRule,
  type SceneScript,
  type Walker,
} from "./script.ts";
import {
  actorBox,
  besideLine,
  countAt,
  crossingBox,
  DEFAULT_AFTER,
  glowBoxAt,
  isInArea,
  isLuggage,
  isPlaceInArea,
  type ReferenceEvent,
  referenceEvents,
  rounded,
  type Stretch,
  sideOf,
  stretches,
  TOLERANCE,
  watched,
} from "./truth.ts";

/** A distractor of a `contrechamp/reference@1` document: what looks like the event of a rule, and is none. */
export interface ReferenceDistractor {
  readonly event: SceneRule["event"];
  readonly rule: string;
  readonly begin: Seconds;
  readonly end: Seconds;
  readonly tolerance: Seconds;
  /** Its kind. */
  readonly what: string;
  readonly box?: BoxTuple;
}

/** A distractor before it is known whether an alert could be told to be of it. */
interface Candidate extends Stretch {
  readonly what: string;
  readonly box: BoxTuple | null;
}

/** Who comes as near as this to an area passes beside it, m. */
const BESIDE = 1.3;
/** Who comes as near as this to a line and does not cross it has turned back, or stands by it, m. */
const BY_THE_LINE = 2.6;
/** Nobody is beside or by anything who is there for less than this. */
const LEAST: Seconds = 0.8;
/** From this share of the limit on an area is nearly too full. */
const NEARLY = 0.6;
/** Who moves by less than this within the time stands still, m. */
const STILL = { within: 0.3, seconds: 4 } as const;
/** A lamp that is switched gets this much brighter or darker within a second. */
const SWITCHED = { by: 0.25, within: 1 } as const;
const POSE_SIZE = { reach: 1, height: 1.2 } as const;
const STANDING_SIZE = { reach: 0.5, height: 1.9 } as const;
const THING_SIZE = { reach: 0.4, height: 1.1 } as const;
const VEHICLE_SIZE = { reach: 2.6, height: 2 } as const;

/**
 * The hard negatives of a scene, worked out like its events: what each rule might take for its event. One is only named
 * where an alert of it could be told from an alert of an event: away from the rule's events in time, or elsewhere in
 * the picture.
 * @returns in order of their beginning
 */
export function referenceDistractors(script: SceneScript): ReferenceDistractor[] {
  const end = frameTimes(script).at(-1) ?? 0;
  const events = referenceEvents(script);
  const found = script.survey.rules.flatMap((rule) => {
    const own = events.filter((event) => event.rule === rule.id);
    return LOOKALIKES[rule.event](script, rule, end)
      .flatMap((candidate) => apart(candidate, own, rule) ?? [])
      .map(({ begin, end: until, what, box }) => ({
        event: rule.event,
        rule: rule.id,
        begin: rounded(begin),
        end: rounded(until),
        tolerance: TOLERANCE[rule.event],
        what,
        ...(box === null ? {} : { box }),
      }));
  });
  return found.sort((a, b) => a.begin - b.begin || a.rule.localeCompare(b.rule));
}

/** The longest part of a candidate in which an alert would be of no event; null where there is too little of it. */
function apart(candidate: Candidate, events: readonly ReferenceEvent[], rule: SceneRule): Candidate | null {
  const near = events.filter(
    // What happens everywhere is told from an event that has a place by the place of the alert.
    (event) => event.box === undefined || (candidate.box !== null && meet(event.box, candidate.box)),
  );
  const inside = (at: Seconds) =>
    near.some(({ begin, end, tolerance }) => at >= begin - tolerance && at <= end + tolerance);
  const { begin, end } = candidate;
  if (begin === end) return inside(begin) ? null : candidate;
  const [longest] = stretches((at) => !inside(at), begin, end).sort(
    (a, b) => b.end - b.begin - (a.end - a.begin),
  );
  const whole = end - begin;
  const least = Math.min(whole, Math.max(LEAST, rule.after ?? DEFAULT_AFTER));
  return longest === undefined || longest.end - longest.begin < least - 1e-6
    ? null
    : { ...candidate, ...longest };
}

const LOOKALIKES = {
  zone_intrusion: passersBeside,
  wrong_way: crossersAsDeclared,
  crowd_density: nearlyFull,
  fire: otherGlows,
  person_down: lowPoses,
  abandoned_object: stillThings,
} as const;

/** Those who come close to the area and do not enter, who are in it for less than counts, and what may be in it. */
function passersBeside(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const zone = script.survey.zones.find(({ id }) => id === rule.zone);
  if (zone === undefined) return [];
  const after = rule.after ?? DEFAULT_AFTER;
  const concerned = new Set(watched(script, rule));
  return script.actors.flatMap((actor): Candidate[] => {
    const from = Math.max(0, firstTime(actor));
    const until = Math.min(end, lastTime(actor));
    const within = (at: Seconds) => isInArea(script, rule, actor, at);
    const stays = stretches(within, from, until);
    if (!concerned.has(actor)) return stays.map((stay) => ({ ...stay, what: classOf(actor), box: null }));
    const brief = stays.filter((stay) => stay.end - stay.begin < after);
    if (stays.length > brief.length) return [];
    const beside = stretches(
      (at) => {
        const place = groundAt(actor, at);
        return place !== null && isSeen(script, place, at) && distanceTo(zone.corners, place) <= BESIDE;
      },
      from,
      until,
    );
    return beside
      .filter((near) => near.end - near.begin >= LEAST)
      .map((near) => ({ ...near, what: brief.length > 0 ? "brief-entry" : "passes-beside", box: null }));
  });
}

/** Those who cross the line as declared, turn back before it or stand by it. */
function crossersAsDeclared(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const line = script.survey.lines.find(({ id }) => id === rule.line);
  if (line === undefined) return [];
  const wrong = new Set(
    referenceEvents(script).flatMap((event) => (event.rule === rule.id ? [event.begin] : [])),
  );
  return watched(script, rule).flatMap((actor): Candidate[] => {
    const from = Math.max(0, firstTime(actor));
    const until = Math.min(end, lastTime(actor));
    const seen = (at: Seconds) => {
      const place = groundAt(actor, at);
      return (
        place !== null && isSeen(script, place, at) && distanceTo([line.from, line.to], place) <= BY_THE_LINE
      );
    };
    return stretches(seen, from, until)
      .filter((near) => near.end - near.begin >= Math.min(LEAST, 0.3))
      .flatMap((near): Candidate[] => {
        const sides = [near.begin, near.end].map((at) => {
          const place = groundAt(actor, at);
          return place === null ? 0 : Math.sign(sideOf(line, place));
        });
        if (sides[0] === sides[1]) {
          const moves = hasMoved(actor, near, 1);
          const size = actor.kind === "vehicle" ? VEHICLE_SIZE : STANDING_SIZE;
          const what = moves ? "turns-back" : "stands-by-the-line";
          return [{ ...near, what, box: wayBox(script, actor, near, size) }];
        }
        const [crossed] = stretches(
          (at) => {
            const place = groundAt(actor, at);
            return place !== null && Math.sign(sideOf(line, place)) === sides[1];
          },
          near.begin,
          near.end,
        ).slice(-1);
        const at = crossed?.begin ?? near.end;
        if ([...wrong].some((other) => Math.abs(other - at) < 0.01)) return [];
        const place = groundAt(actor, at);
        const what = place !== null && besideLine(line, place) ? "as-declared" : "beside-the-line";
        return [{ begin: at, end: at, what, box: crossingBox(script, actor, at) }];
      });
  });
}

/** An area that is nearly too full, and one beside which a crowd stands. */
function nearlyFull(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const limit = rule.persons ?? Number.POSITIVE_INFINITY;
  const after = rule.after ?? DEFAULT_AFTER;
  const lasting = (what: string, holds: (at: Seconds) => boolean): Candidate[] =>
    stretches(holds, 0, end)
      .filter((stay) => stay.end - stay.begin >= after)
      .map((stay) => ({ ...stay, what, box: null }));
  const nearly = (at: Seconds) => {
    const count = countAt(script, rule, at);
    return count >= NEARLY * limit && count < limit;
  };
  const { zone: _zone, ...everywhere } = rule;
  const beside = (at: Seconds) =>
    countAt(script, rule, at) < NEARLY * limit && countAt(script, everywhere, at) >= limit;
  return [
    ...lasting("nearly-full", nearly),
    ...(rule.zone === undefined ? [] : lasting("crowd-beside", beside)),
  ];
}

/** What shines, flickers or is of a fire's colour without burning. */
function otherGlows(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const glows = (script.glows ?? [])
    .filter(({ kind, from }) => kind !== "flame" && kind !== "smoke" && kind !== "soot" && from < end)
    .filter((glow) => isPlaceInArea(script, rule, glow.at, Math.max(0, glow.from)))
    .map((glow) => ({
      begin: Math.max(0, glow.from),
      end: Math.min(end, glow.to),
      what: glow.kind,
      box: glowBoxAt(script, glow, Math.max(0, glow.from)),
    }));
  const vests = script.actors
    .filter((actor) => actor.kind === "walker" && actor.vest !== undefined)
    .flatMap((actor) =>
      stretches(
        (at) => isInArea(script, rule, actor, at),
        Math.max(0, firstTime(actor)),
        Math.min(end, lastTime(actor)),
      ).map((stay) => ({
        ...stay,
        what: "vest",
        box: wayBox(script, actor, stay, STANDING_SIZE),
      })),
    );
  const cones = script.props
    .filter(({ kind, at }) => kind === "cone" && isPlaceInArea(script, rule, at, 0))
    .map((cone) => ({
      begin: 0,
      end,
      what: "cone",
      box: actorBox(script, standIn(cone.at, end), 0, THING_SIZE),
    }));
  return [...glows, ...vests.filter(({ begin, end: until }) => until - begin >= LEAST), ...cones];
}

/** Whoever is low on the ground without having fallen. */
function lowPoses(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const falls = referenceEvents(script).filter((event) => event.rule === rule.id);
  return script.actors.flatMap((actor): Candidate[] => {
    if (actor.kind !== "walker") return [];
    const poses = actor.poses ?? [];
    return poses.flatMap(({ at, pose, over = POSE_TAKES }, index): Candidate[] => {
      const begin = Math.max(0, at, firstTime(actor));
      const until = Math.min(poses[index + 1]?.at ?? end, lastTime(actor), end);
      if (pose === "upright" || until - begin < LEAST || !isInArea(script, rule, actor, begin)) return [];
      const here = at <= firstTime(actor);
      if (pose === "lying" && !here && falls.some((fall) => Math.abs(fall.begin - at - over) < 0.01))
        return [];
      return [
        {
          begin,
          end: until,
          what: lowKind(actor, pose, here),
          box: actorBox(script, actor, begin, POSE_SIZE),
        },
      ];
    });
  });
}

function lowKind(actor: Walker, pose: Exclude<Pose, "upright">, here: boolean): string {
  if (pose === "lying") return (actor.above ?? 0) > 0 ? "lies-on-bench" : here ? "sleeps-there" : "lies-down";
  // Somebody of this height is a child; it is drawn so, and nothing else knows it.
  if ((actor.height ?? 1.7) < 1.3) return "child-playing";
  return pose === "floor" ? "sits-on-floor" : pose;
}

/** What is still and was left by nobody: who rests, what is kept, taken along or fetched, furniture, a parked car, light. */
function stillThings(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const left = referenceEvents(script).filter((event) => event.rule === rule.id);
  const things = script.actors.flatMap((actor): Candidate[] => {
    const from = Math.max(0, firstTime(actor));
    const until = Math.min(end, lastTime(actor));
    if (until < from || !isInArea(script, rule, actor, from)) {
      if (actor.kind === "luggage") return [];
    }
    if (actor.kind === "luggage") {
      const box = actorBox(script, actor, until, THING_SIZE);
      if (!isLuggage(actor)) return [{ begin: from, end: until, what: "furniture", box }];
      if (left.some((event) => event.begin >= from && event.end <= until + 0.01 && sameBox(event, box)))
        return [];
      if (firstTime(actor) > 0) {
        const what = lastTime(actor) < end - 1 ? "taken-along" : "kept";
        return [{ begin: from, end: until, what, box }];
      }
      // Of what has always been there, and of the gap that it leaves.
      return lastTime(actor) < end - 1
        ? [{ begin: until, end, what: "fetched", box }]
        : [{ begin: from, end: until, what: "always-there", box }];
    }
    const size = actor.kind === "vehicle" ? VEHICLE_SIZE : POSE_SIZE;
    return rests(actor, from, until)
      .filter(({ begin }) => isInArea(script, rule, actor, begin))
      .map((stay) => ({
        ...stay,
        what: actor.kind === "vehicle" ? "parked-vehicle" : "resting-person",
        box: actorBox(script, actor, stay.begin, size),
      }));
  });
  const glows = (script.glows ?? [])
    .filter((glow) => glow.from < end && isPlaceInArea(script, rule, glow.at, Math.max(0, glow.from)))
    .map((glow) => {
      const begin = Math.max(0, glow.from);
      return { begin, end: Math.min(end, glow.to), what: glow.kind, box: glowBoxAt(script, glow, begin) };
    });
  const switches = script.light.flatMap((key, index): Candidate[] => {
    const next = script.light[index + 1];
    if (next === undefined || next.at - key.at > SWITCHED.within || next.at > end) return [];
    const change =
      Math.abs(next.lamps - key.lamps) + Math.abs(next.sun - key.sun) + Math.abs(next.ambient - key.ambient);
    return change < SWITCHED.by
      ? []
      : [{ begin: key.at, end: Math.min(end, key.at + 10), what: "light-switched", box: null }];
  });
  return [...things, ...glows, ...switches];
}

/** Stretches in which somebody stays where he is. */
function rests(actor: Actor, from: Seconds, until: Seconds): Stretch[] {
  return stretches(
    (at) => !hasMoved(actor, { begin: at, end: Math.min(until, at + 0.5) }, STILL.within),
    from,
    until,
  ).filter(({ begin, end }) => end - begin >= STILL.seconds);
}

function hasMoved(actor: Actor, { begin, end }: Stretch, metres: number): boolean {
  const there = [begin, (begin + end) / 2, end].flatMap((at) => groundAt(actor, at) ?? []);
  return there.some((a) => there.some((b) => Math.hypot(a.x - b.x, a.y - b.y) > metres));
}

function isSeen(script: SceneScript, place: GroundPoint, at: Seconds): boolean {
  return isPlaceInArea(script, { id: "", event: "fire" }, place, at);
}

function sameBox(event: ReferenceEvent, box: BoxTuple | null): boolean {
  return event.box === undefined || box === null || meet(event.box, box);
}

/** Where somebody of some size is in the picture on his way. */
function wayBox(
  script: SceneScript,
  actor: Actor,
  { begin, end }: Stretch,
  size: { readonly reach: number; readonly height: number },
): BoxTuple | null {
  const boxes = [0, 0.25, 0.5, 0.75, 1]
    .map((share) => actorBox(script, actor, begin + share * (end - begin), size))
    .filter((box) => box !== null);
  if (boxes.length === 0) return null;
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , width]) => x + width));
  const bottom = Math.max(...boxes.map(([, y, , height]) => y + height));
  const tenth = (length: number) => Math.round(length * 10) / 10;
  return [left, top, tenth(right - left), tenth(bottom - top)];
}

/** Something that stands at a place all the time, as an actor. */
function standIn(at: GroundPoint, end: Seconds): Actor {
  return {
    kind: "luggage",
    model: "board",
    number: 0,
    seed: 0,
    path: [
      { ...at, at: 0 },
      { ...at, at: end },
    ],
  };
}

/** Distance from a place to a polygon's border or inside (0), or to a line of two corners, m. */
function distanceTo(corners: readonly GroundPoint[], place: GroundPoint): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [index, a] of corners.entries()) {
    const b = corners[(index + 1) % corners.length] ?? a;
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const length = dx * dx + dy * dy;
    const share = length === 0 ? 0 : ((place.x - a.x) * dx + (place.y - a.y) * dy) / length;
    const along = Math.max(0, Math.min(1, share));
    least = Math.min(least, Math.hypot(place.x - a.x - along * dx, place.y - a.y - along * dy));
  }
  return least;
}
