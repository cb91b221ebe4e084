import type { Seconds } from "../time/clock.ts";
import { groundAt } from "./motion.ts";
import type { BoxTuple } from "./picture-box.ts";
import type { Actor, SceneScript } from "./script.ts";
import type { Stretch } from "./stretches.ts";
import { actorBox } from "./truth.ts";

/** A distractor before it is known whether an alert could be told to be of it. */
export interface Candidate extends Stretch {
  readonly what: string;
  readonly box: BoxTuple | null;
}

/** Nobody is beside or by anything who is there for less than this. */
export const LEAST: Seconds = 0.8;

/** How far things of a kind reach from where they stand, and how high they are, m. */
export const POSE_SIZE = { reach: 1, height: 1.2 } as const;
export const STANDING_SIZE = { reach: 0.5, height: 1.9 } as const;
export const THING_SIZE = { reach: 0.4, height: 1.1 } as const;
export const VEHICLE_SIZE = { reach: 2.6, height: 2 } as const;

/** Where somebody of some size is in the picture on his way. */
export function wayBox(
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

/** Whether somebody was more than so many metres from himself within a stretch. */
export function hasMoved(actor: Actor, { begin, end }: Stretch, metres: number): boolean {
  const there = [begin, (begin + end) / 2, end].flatMap((at) => groundAt(actor, at) ?? []);
  return there.some((a) => there.some((b) => Math.hypot(a.x - b.x, a.y - b.y) > metres));
}
