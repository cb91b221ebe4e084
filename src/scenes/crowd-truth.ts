import type { Seconds } from "../time/clock.ts";
import { groundAt } from "./motion.ts";
import type { Actor } from "./script.ts";

/** Fewer persons than this are no crowd. */
const CROWD = 10;
/** People walk up to about here and run from here on, m/s (preferred transition: Hreljac 1993, 2.07). */
const RUNNING = 2.1;
/** Positions are looked at this often. */
const STEP: Seconds = 0.2;
/** Over which a speed is measured. */
const SPAN: Seconds = 0.4;
/** A stream is one while nine of ten go its way, on the mean over this time. */
const STREAM = 0.8;
const STREAM_SPAN: Seconds = 5;
/** The moment of change between them is left out. */
const TURN: Seconds = 2;
/** Two stretches that are nearer than this are one. */
const MERGE: Seconds = 2;

interface Moment {
  readonly at: Seconds;
  readonly moving: readonly { readonly vx: number; readonly vy: number }[];
}

/**
 * When the crowd on the ground moves suddenly as one, worked out from where everybody is: at least ten persons
 * run and they are at least half of those in view; or at least ten go against what was a stream of at least ten
 * just before, and fewer still follow it.
 */
export function crowdMovements(
  actors: readonly Actor[],
  end: Seconds,
  inView: (actor: Actor, at: Seconds) => boolean,
): { readonly begin: Seconds; readonly end: Seconds }[] {
  const moments: Moment[] = [];
  const found: { begin: Seconds; end: Seconds }[] = [];
  let stream: { readonly x: number; readonly y: number; readonly until: Seconds } | null = null;
  for (let at = 0; at <= end; at += STEP) {
    const present = actors.filter((actor) => inView(actor, at));
    const moving = present.flatMap((actor) => velocityAt(actor, at));
    moments.push({ at, moving });
    const running = moving.filter(({ vx, vy }) => Math.hypot(vx, vy) >= RUNNING).length;
    const before: Moment[] = moments.filter((m) => m.at <= at - TURN && m.at > at - TURN - STREAM_SPAN);
    const was: { readonly x: number; readonly y: number } | null = streamOf(before);
    if (was !== null) stream = { ...was, until: at + STREAM_SPAN };
    const held: typeof stream = stream !== null && at <= stream.until ? stream : null;
    const along = held === null ? [] : moving.map(({ vx, vy }) => vx * held.x + vy * held.y);
    const against = along.filter((v) => v < -0.5).length;
    const reversed = against >= CROWD && against > along.filter((v) => v > 0.5).length;
    if ((running < CROWD || running < present.length / 2) && !reversed) continue;
    const last = found.at(-1);
    if (last !== undefined && at - last.end < MERGE) last.end = at;
    else found.push({ begin: at, end: at });
  }
  return found;
}

/** The direction of a stream of at least ten; null where there was none. */
function streamOf(moments: readonly Moment[]): { readonly x: number; readonly y: number } | null {
  let [x, y, all] = [0, 0, 0];
  for (const { vx, vy } of moments.flatMap(({ moving }) => moving)) {
    const speed = Math.hypot(vx, vy);
    if (speed < 0.3) continue;
    x += vx / speed;
    y += vy / speed;
    all++;
  }
  const length = Math.hypot(x, y);
  if (all < CROWD * moments.length || length < STREAM * all || moments.length === 0) return null;
  return { x: x / length, y: y / length };
}

function velocityAt(actor: Actor, at: Seconds): { vx: number; vy: number }[] {
  const from = groundAt(actor, at - SPAN);
  const to = groundAt(actor, at);
  return from === null || to === null ? [] : [{ vx: (to.x - from.x) / SPAN, vy: (to.y - from.y) / SPAN }];
}
