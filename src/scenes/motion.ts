import type { Seconds } from "../time/clock.ts";
import type { Actor, GroundPoint, Pose, Waypoint } from "./script.ts";

/** Where an actor is, which way it faces (radians clockwise from the y axis) and how fast it goes. */
export interface Placement extends GroundPoint {
  readonly heading: number;
  /** Metres a second. */
  readonly speed: number;
  /** Metres gone since it appeared: the gait follows the way, not the clock. */
  readonly gone: number;
}

/** Standing people do not turn towards the next waypoint before they go. */
const STANDING = 0.05;
/** People turn over this time, not at once. */
const TURN: Seconds = 0.3;

/** The actor's place at an instant, or null before it comes and after it left. */
export function placementAt(actor: Actor, at: Seconds): Placement | null {
  const place = positionAt(actor.path, at);
  if (!place) return null;
  const back = positionAt(actor.path, Math.max(firstTime(actor), at - TURN)) ?? place;
  const ahead = positionAt(actor.path, Math.min(lastTime(actor), at + TURN)) ?? place;
  const dx = ahead.x - back.x;
  const dy = ahead.y - back.y;
  const moving = Math.hypot(dx, dy) > STANDING;
  return {
    x: place.x,
    y: place.y,
    heading: moving ? Math.atan2(dx, dy) : restingHeading(actor, at),
    speed: place.speed,
    gone: place.gone,
  };
}

/** Where on the ground, without heading: cheap enough for exact crossing times. */
export function groundAt(actor: Actor, at: Seconds): GroundPoint | null {
  return positionAt(actor.path, at);
}

export function firstTime(actor: Actor): Seconds {
  return actor.path[0]?.at ?? Number.POSITIVE_INFINITY;
}

export function lastTime(actor: Actor): Seconds {
  return actor.path.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
}

/** How long a change of pose takes where nothing else is said: a fall takes 0.5 to 1.1 s, sitting down 1 to 2 s. */
export const POSE_TAKES: Seconds = 1;

/** The pose at an instant: how much (0 to 1) of the new one after a change. */
export function poseAt(
  actor: Actor,
  at: Seconds,
): { readonly from: Pose; readonly to: Pose; readonly share: number } {
  if (actor.kind !== "walker") return { from: "upright", to: "upright", share: 1 };
  let from: Pose = "upright";
  let to: Pose = "upright";
  let since = Number.NEGATIVE_INFINITY;
  let over: Seconds = POSE_TAKES;
  for (const key of actor.poses ?? []) {
    if (key.at > at) break;
    from = to;
    to = key.pose;
    since = key.at;
    over = key.over ?? POSE_TAKES;
  }
  const initial = since <= firstTime(actor);
  return { from, to, share: initial ? 1 : Math.min(1, (at - since) / over) };
}

function positionAt(
  path: readonly Waypoint[],
  at: Seconds,
): (GroundPoint & { speed: number; gone: number }) | null {
  const first = path[0];
  const last = path.at(-1);
  if (!first || !last || at < first.at || at > last.at) return null;
  let gone = 0;
  let from = first;
  for (const to of path) {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (to.at >= at && to.at > from.at) {
      const share = (at - from.at) / (to.at - from.at);
      return {
        x: from.x + (to.x - from.x) * share,
        y: from.y + (to.y - from.y) * share,
        speed: length / (to.at - from.at),
        gone: gone + length * share,
      };
    }
    gone += length;
    from = to;
  }
  return { x: last.x, y: last.y, speed: 0, gone };
}

/** Towards where it last went; before it ever went, towards where it will. */
function restingHeading(actor: Actor, at: Seconds): number {
  if (actor.facing !== undefined) return (actor.facing * Math.PI) / 180;
  let heading: number | null = null;
  let from = actor.path[0];
  for (const to of actor.path) {
    if (from && Math.hypot(to.x - from.x, to.y - from.y) > STANDING) {
      if (heading !== null && from.at > at) break;
      heading = Math.atan2(to.x - from.x, to.y - from.y);
    }
    from = to;
  }
  return heading ?? 0;
}
