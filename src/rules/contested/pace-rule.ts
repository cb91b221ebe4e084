import type { Box } from "../../geometry/shapes.ts";
import type { Seconds } from "../../time/clock.ts";
import type { Track, TrackId } from "../../tracking/tracker.ts";
import type { Observation } from "../rule.ts";
import { clipToPicture } from "../view-geometry.ts";
import { type ContestedKind, type ContestedRule, Flagging } from "./contested-rule.ts";
import { type MeasuredView, type Position, Ruler, unsure } from "./ruler.ts";

/** How somebody moved during a window of time, metres per second. */
export interface Pace {
  /** From its first third to its last, over the time between them. */
  readonly mean: number;
  /** The same, less what slips of the detector along the line of sight may have added. */
  readonly least: number;
  /** Of its two halves. */
  readonly first: number;
  readonly second: number;
  /** Whether it is the whole of the movement, and not only the part of it across an uncalibrated view. */
  readonly whole: boolean;
}

export interface PaceRuleOptions {
  readonly kind: ContestedKind;
  readonly setting: string;
  /** Pace is worked out over so much time. */
  readonly window: Seconds;
  /** It must be so for at least this long. */
  readonly lasts: Seconds;
  readonly holds: (pace: Pace) => boolean;
  /** Metres per second from begin to end, as the crow flies, below which it is swaying on the spot. Default 0. */
  readonly leastWay?: number;
}

/** Where the place of feet is less sure than this, metres, nothing is told of how fast they move. */
const MOST_UNSURE = 0.5;
/** Faster than any runner, metres per second, and further than a detector slips, metres: another person. */
const JUMP = { speed: 12, metres: 1 } as const;
/** It is over when it was not so for this long. */
const OVER: Seconds = 1;
/** Sightings further apart than this say nothing of the time between them. */
const BLIND: Seconds = 1;
/** Each third of a window is a mean of at least this many positions, or nothing is said. */
const FEWEST_PER_THIRD = 2;

interface Mover {
  positions: Position[];
  box: Box;
  /** Begin of the first window in which it was so. */
  begin: Position;
  /** The first and the last instant at which it was so. */
  heldFrom: Seconds | null;
  heldTo: Seconds;
  flaggedAt: Box | null;
}

/**
 * Watches how fast single persons move: means of positions over a window, so that a slip of the detector is no
 * speed, and looked at as two halves, so that a box which somebody in front uncovers is no sprint.
 */
export class PaceRule implements ContestedRule {
  readonly kind: ContestedKind;
  readonly setting: string;
  readonly #options: PaceRuleOptions;
  readonly #view: MeasuredView;
  readonly #ruler: Ruler;
  readonly #movers = new Map<TrackId, Mover>();
  readonly #flaggings: Flagging[] = [];

  constructor(view: MeasuredView, options: PaceRuleOptions) {
    this.kind = options.kind;
    this.setting = options.setting;
    this.#options = options;
    this.#view = view;
    this.#ruler = new Ruler(view);
  }

  observe(observation: Observation): void {
    const { at, tracks } = observation;
    this.#ruler.learn(observation);
    for (const [id, mover] of this.#movers) {
      const seen = mover.positions.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
      if (at - seen <= BLIND) continue;
      this.#end(mover);
      this.#movers.delete(id);
    }
    for (const track of tracks) {
      if (track.class !== "person" || !track.confirmed || track.coasting) continue;
      const position = this.#ruler.position(track, at);
      if (position?.whole !== true || unsure(position) > MOST_UNSURE) continue;
      this.#look(track, position);
    }
  }

  finish(_at: Seconds): void {
    for (const mover of this.#movers.values()) this.#end(mover);
    this.#movers.clear();
  }

  flaggings(): readonly Flagging[] {
    return this.#flaggings;
  }

  #look({ id, box }: Track, position: Position): void {
    const known = this.#movers.get(id);
    const before = known?.positions.at(-1);
    if (known === undefined || (before !== undefined && this.#isJump(before, position))) {
      if (known !== undefined) this.#end(known);
      this.#movers.set(id, beginning(position, box));
      return;
    }
    const { window, lasts, holds, leastWay = 0 } = this.#options;
    const { at } = position;
    known.box = box;
    known.positions.push(position);
    // The last one that is older than the window stays, so that the window is full at every rate of pictures.
    while ((known.positions[1]?.at ?? at) <= at - window) known.positions.shift();
    const pace = this.#pace(known.positions);
    if (pace !== null && holds(pace)) {
      if (known.heldFrom === null) {
        known.heldFrom = at;
        known.begin = known.positions[0] ?? position;
      }
      known.heldTo = at;
      const lasted = at - known.begin.at;
      const way = this.#ruler.metres(known.begin, position);
      if (lasted >= lasts - 1e-6 && way >= leastWay * lasted) {
        known.flaggedAt ??= clipToPicture({ x: 0, y: 0, ...this.#view }, box);
      }
    } else if (known.heldFrom !== null && at - known.heldTo > OVER) {
      this.#end(known);
    }
  }

  #isJump(from: Position, to: Position): boolean {
    const metres = this.#ruler.metres(from, to);
    return metres > JUMP.metres && metres > JUMP.speed * (to.at - from.at);
  }

  #pace(positions: readonly Position[]): Pace | null {
    const begin = positions[0]?.at ?? 0;
    const length = (positions.at(-1)?.at ?? begin) - begin;
    if (length < this.#options.window - 1e-6) return null;
    const third = (index: number) =>
      positions.filter(({ at }) => Math.min(2, Math.floor((3 * (at - begin)) / length)) === index);
    const thirds = [third(0), third(1), third(2)];
    if (thirds.some((part) => part.length < FEWEST_PER_THIRD)) return null;
    const [a, b, c] = thirds.map(mean);
    if (a === undefined || b === undefined || c === undefined) return null;
    const speed = (from: Position, to: Position) => this.#ruler.metres(from, to) / (to.at - from.at);
    return {
      mean: speed(a, c),
      least: this.#ruler.leastMetres(a, c) / (c.at - a.at),
      first: speed(a, b),
      second: speed(b, c),
      whole: this.#ruler.tellsAll(a, c),
    };
  }

  #end(mover: Mover): void {
    if (mover.flaggedAt !== null)
      this.#flaggings.push(new Flagging(mover.begin.at, mover.heldTo, mover.flaggedAt));
    mover.flaggedAt = null;
    mover.heldFrom = null;
  }
}

function beginning(position: Position, box: Box): Mover {
  return {
    positions: [position],
    box,
    begin: position,
    heldFrom: null,
    heldTo: position.at,
    flaggedAt: null,
  };
}

function mean(positions: readonly Position[]): Position {
  const of = (value: (position: Position) => number) =>
    positions.reduce((sum, position) => sum + value(position), 0) / positions.length;
  return {
    at: of((p) => p.at),
    x: of((p) => p.x),
    y: of((p) => p.y),
    unit: of((p) => p.unit),
    slip: { x: of((p) => p.slip.x), y: of((p) => p.slip.y) },
    whole: true,
  };
}
