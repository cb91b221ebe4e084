import type { Seconds } from "../time/clock.ts";
import {
  type Candidate,
  hasMoved,
  LEAST,
  POSE_SIZE,
  STANDING_SIZE,
  THING_SIZE,
  VEHICLE_SIZE,
  wayBox,
} from "./candidates.ts";
import { markerPlace } from "./markers.ts";
import { firstTime, groundAt, lastTime, POSE_TAKES } from "./motion.ts";
import { type BoxTuple, meet } from "./picture-box.ts";
import type { Actor, GroundPoint, Pose, SceneRule, SceneScript, Walker } from "./script.ts";
import { type Stretch, stretches } from "./stretches.ts";
import {
  actorBox,
  DEFAULT_AFTER,
  glowBoxAt,
  isInArea,
  isLuggage,
  isPlaceInArea,
  type ReferenceEvent,
  referenceEvents,
  watched,
} from "./truth.ts";

/** People walk up to about here and run from here on, m/s (preferred transition: Hreljac 1993, 2.07). */
const RUNNING = 2.1;
/** Who moves by less than this within the time stands still, m. */
const STILL = { within: 0.3, seconds: 4 } as const;
/** A lamp that is switched gets this much brighter or darker within a second. */
const SWITCHED = { by: 0.25, within: 1 } as const;

/** Somebody who runs while the crowd does not, and a crowd that hurries at a walk. */
export function hurries(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const running = watched(script, rule).flatMap((actor): Candidate[] => {
    const fast = (at: Seconds) => {
      const [before, after] = [groundAt(actor, at - 0.25), groundAt(actor, at + 0.25)];
      if (before === null || after === null || !isInArea(script, rule, actor, at)) return false;
      return Math.hypot(after.x - before.x, after.y - before.y) / 0.5 >= RUNNING;
    };
    return stretches(fast, Math.max(0, firstTime(actor)), Math.min(end, lastTime(actor)))
      .filter((run) => run.end - run.begin >= 2 * LEAST)
      .map((run) => ({ ...run, what: "runner", box: null }));
  });
  const vehicles = script.actors
    .filter((actor) => actor.kind === "vehicle")
    .flatMap((actor) =>
      stretches(
        (at) => isInArea(script, rule, actor, at),
        Math.max(0, firstTime(actor)),
        Math.min(end, lastTime(actor)),
      ).map((pass) => ({ ...pass, what: "vehicle", box: null })),
    );
  return [...running, ...vehicles];
}

/** What shines, flickers or is of a fire's colour without burning. */
export function otherGlows(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
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

/** Boards in the colour of a marker that are none, and markers that are shown for less than counts. */
export function otherBoards(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
  const after = rule.after ?? DEFAULT_AFTER;
  return (script.markers ?? []).flatMap((marker): Candidate[] => {
    const brief = marker.to - marker.from < after;
    if (marker.kind === "marker" && !brief) return [];
    const seen = (at: Seconds) => {
      const place = markerPlace(script, marker, at);
      return place !== null && isPlaceInArea(script, rule, place, at);
    };
    return stretches(seen, Math.max(0, marker.from), Math.min(end, marker.to)).map((stay) => ({
      ...stay,
      what: brief ? "flash" : "other-board",
      box: null,
    }));
  });
}

/** Whoever is low on the ground without having fallen. */
export function lowPoses(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
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
export function stillThings(script: SceneScript, rule: SceneRule, end: Seconds): Candidate[] {
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

function sameBox(event: ReferenceEvent, box: BoxTuple | null): boolean {
  return event.box === undefined || box === null || meet(event.box, box);
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
