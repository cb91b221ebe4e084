import type { Seconds } from "../time/clock.ts";
import { randomStream } from "./random.ts";
import type { GroundPoint, Waypoint } from "./script.ts";

/** From a time on somebody wants to be somewhere, and to go there at a speed. */
export interface Intent {
  readonly at: Seconds;
  readonly to: GroundPoint;
  /** Metres a second; 0 to stand. */
  readonly speed: number;
}

/** One of a crowd: where it comes from, and what it wants, in order of time, the first at its coming. */
export interface Pedestrian {
  readonly from: GroundPoint;
  readonly intents: readonly Intent[];
}

/** A wall between two points on the ground. */
export interface Wall {
  readonly from: GroundPoint;
  readonly to: GroundPoint;
}

/** Time in which somebody takes up the speed he wants (Helbing and Molnár 1995). */
const RELAXATION: Seconds = 0.5;
/** Strength and reach of the wish to keep clear of others, m²/s² and m (Helbing and Molnár 1995). */
const REPULSION = 2.1;
const REPULSION_REACH = 0.3;
/** Others are thought of as where they will be a step on: so long is a step (Helbing and Molnár 1995). */
const STRIDE: Seconds = 2;
/** Who is outside of the field of view, 200 degrees, weighs half (Helbing and Molnár 1995). */
const SIGHT = Math.cos((100 * Math.PI) / 180);
const UNSEEN = 0.5;
/** Strength and reach of walls, m²/s² and m (Helbing and Molnár 1995). */
const WALL_REPULSION = 10;
const WALL_REACH = 0.2;
/** Nobody goes faster than this many times what he wants (Helbing and Molnár 1995). */
const FASTEST = 1.3;
/** Bodies that touch push back: 120 000 N/m for 80 kg, 1/s² (Helbing, Farkas and Vicsek 2000). */
const STIFFNESS = 1500;
/** Across the shoulders, m (the same). */
const BODY = 0.5;
/** Nobody heeds anybody further away, m: the force is below a thousandth there. */
const HEEDED = 3;
/** Deviation of the fluctuations of the force, m/s²: without any, two who meet head on stand still. */
const FLUCTUATION = 0.4;
const STEP: Seconds = 0.025;
/** How often a place is noted. */
const NOTED: Seconds = 0.2;
/** Who is this near to where he wants to be last is gone, m. */
const ARRIVED = 0.6;

interface Body {
  x: number;
  y: number;
  vx: number;
  vy: number;
  ax: number;
  ay: number;
  /** What it wants now. */
  goal: Intent;
  readonly walker: Pedestrian;
  readonly path: Waypoint[];
  gone: boolean;
}

/**
 * Where the persons of a crowd go by the social force model (Helbing and Molnár, Phys. Rev. E 51, 1995): each
 * is drawn by what it wants and pushed by others and walls. The same seed gives the same paths.
 * @param walls that nobody can pass
 * @returns a path each, in the same order, from when it comes to when it has arrived or `until`
 */
export function socialForcePaths(
  crowd: readonly Pedestrian[],
  until: Seconds,
  seed: number,
  walls: readonly Wall[] = [],
): Waypoint[][] {
  const random = randomStream(seed);
  const bodies = crowd.flatMap((walker): Body[] => {
    const [goal] = walker.intents;
    const at = { ...walker.from, vx: 0, vy: 0, ax: 0, ay: 0 };
    return goal === undefined ? [] : [{ ...at, goal, walker, path: [], gone: false }];
  });
  const begin = Math.min(...bodies.map(({ goal }) => goal.at));
  const every = Math.round(NOTED / STEP);
  for (let step = 0; begin + step * STEP <= until; step++) {
    const at = begin + step * STEP;
    const present = bodies.filter((body) => !body.gone && comesBy(body) <= at + 1e-9);
    for (const body of present) wish(body, at, random);
    for (const [index, one] of present.entries())
      for (let other = index + 1; other < present.length; other++) {
        const two = present[other];
        if (two !== undefined) avoid(one, two);
      }
    for (const body of present) {
      for (const wall of walls) keepOff(body, wall);
      if (step % every === 0 || body.path.length === 0) body.path.push({ at, x: body.x, y: body.y });
      move(body, at);
    }
  }
  return bodies.map(({ path }) => path);
}

function comesBy({ walker }: Body): Seconds {
  return walker.intents[0]?.at ?? Number.POSITIVE_INFINITY;
}

/** The force towards what is wanted, and what is unforeseen. */
function wish(body: Body, at: Seconds, random: () => number): void {
  body.goal = body.walker.intents.findLast((intent) => intent.at <= at + 1e-9) ?? body.goal;
  const dx = body.goal.to.x - body.x;
  const dy = body.goal.to.y - body.y;
  const distance = Math.hypot(dx, dy);
  // Who has come where he wants to be slows down, and stands there.
  const speed = Math.min(body.goal.speed, distance / RELAXATION);
  if (body.path.length === 0 && distance > 0) {
    body.vx = (speed * dx) / distance;
    body.vy = (speed * dy) / distance;
  }
  body.ax = ((speed * dx) / Math.max(distance, 1e-6) - body.vx) / RELAXATION;
  body.ay = ((speed * dy) / Math.max(distance, 1e-6) - body.vy) / RELAXATION;
  const swing = body.goal.speed > 0 ? FLUCTUATION * Math.sqrt(12) : 0;
  body.ax += swing * (random() - 0.5);
  body.ay += swing * (random() - 0.5);
}

function avoid(one: Body, two: Body): void {
  const dx = one.x - two.x;
  const dy = one.y - two.y;
  if (Math.abs(dx) > HEEDED || Math.abs(dy) > HEEDED) return;
  const distance = Math.max(0.05, Math.sqrt(dx * dx + dy * dy));
  repel(one, two, dx, dy, distance);
  repel(two, one, -dx, -dy, distance);
  const overlap = BODY - distance;
  if (overlap <= 0) return;
  one.ax += (STIFFNESS * overlap * dx) / distance;
  one.ay += (STIFFNESS * overlap * dy) / distance;
  two.ax -= (STIFFNESS * overlap * dx) / distance;
  two.ay -= (STIFFNESS * overlap * dy) / distance;
}

/** The elliptical potential of `other`, who needs room for his next step; (dx, dy) leads from him. */
function repel(body: Body, other: Body, dx: number, dy: number, distance: number): void {
  const sx = other.vx * STRIDE;
  const sy = other.vy * STRIDE;
  const px = dx - sx;
  const py = dy - sy;
  const ahead = Math.max(0.05, Math.sqrt(px * px + py * py));
  const sum = distance + ahead;
  const b = 0.5 * Math.sqrt(Math.max(1e-4, sum * sum - (sx * sx + sy * sy)));
  const size = ((REPULSION / REPULSION_REACH) * Math.exp(-b / REPULSION_REACH) * sum) / (4 * b);
  const wx = body.goal.to.x - body.x;
  const wy = body.goal.to.y - body.y;
  const seen = -(wx * dx + wy * dy) >= SIGHT * Math.sqrt(wx * wx + wy * wy) * distance;
  const weight = Math.min(STIFFNESS, size) * (seen ? 1 : UNSEEN);
  body.ax += weight * (dx / distance + px / ahead);
  body.ay += weight * (dy / distance + py / ahead);
}

function keepOff(body: Body, { from, to }: Wall): void {
  const wx = to.x - from.x;
  const wy = to.y - from.y;
  const share = ((body.x - from.x) * wx + (body.y - from.y) * wy) / (wx * wx + wy * wy);
  const t = Math.min(1, Math.max(0, share));
  const dx = body.x - (from.x + t * wx);
  const dy = body.y - (from.y + t * wy);
  const distance = Math.max(0.02, Math.hypot(dx, dy));
  if (distance > HEEDED) return;
  const force = (WALL_REPULSION / WALL_REACH) * Math.exp(-distance / WALL_REACH);
  body.ax += (force * dx) / distance;
  body.ay += (force * dy) / distance;
}

function move(body: Body, at: Seconds): void {
  body.vx += STEP * body.ax;
  body.vy += STEP * body.ay;
  const most = Math.max(0.3, FASTEST * body.goal.speed);
  const speed = Math.hypot(body.vx, body.vy);
  if (speed > most) {
    body.vx *= most / speed;
    body.vy *= most / speed;
  }
  body.x += STEP * body.vx;
  body.y += STEP * body.vy;
  const last = body.goal === body.walker.intents.at(-1) && body.goal.speed > 0;
  if (!last || Math.hypot(body.goal.to.x - body.x, body.goal.to.y - body.y) > ARRIVED) return;
  body.gone = true;
  body.path.push({ at: at + STEP, x: body.x, y: body.y });
}
