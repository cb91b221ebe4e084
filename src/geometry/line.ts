import type { Seconds } from "../time/clock.ts";
import { contains } from "./polygon.ts";
import type { DirectedLine, Point, Polygon } from "./shapes.ts";

/** A sense of movement as seen in the picture. */
export type Direction = "left" | "right" | "up" | "down";

/** Which side of a directed line: 1 is the right hand of who looks along it in the picture, -1 the left. */
export type Side = 1 | -1;

/**
 * Distance of a point from the line through `from` and `to`, px: positive on the right hand of who looks from
 * `from` to `to` in the picture, negative on the left, 0 on the line, and 0 for a line without length.
 */
export function signedDistance(line: DirectedLine, point: Point): number {
  const dx = line.to.x - line.from.x;
  const dy = line.to.y - line.from.y;
  const length = Math.hypot(dx, dy);
  if (length === 0) return 0;
  return (dx * (point.y - line.from.y) - dy * (point.x - line.from.x)) / length;
}

/** Unit vector across the line, towards its right hand. (0, 0) for a line without length. */
export function normal(line: DirectedLine): Point {
  const dx = line.to.x - line.from.x;
  const dy = line.to.y - line.from.y;
  const length = Math.hypot(dx, dy);
  return length === 0 ? { x: 0, y: 0 } : { x: -dy / length, y: dx / length };
}

/** Unit vector of a direction in image coordinates. */
export function directionVector(direction: Direction): Point {
  switch (direction) {
    case "left":
      return { x: -1, y: 0 };
    case "right":
      return { x: 1, y: 0 };
    case "up":
      return { x: 0, y: -1 };
    case "down":
      return { x: 0, y: 1 };
  }
}

/** Below this angle between a line and a direction, moving that way is moving along the line: 10 degrees. */
const ALONG = Math.sin((10 * Math.PI) / 180);

/**
 * The side of a line that a movement in a direction leads to, whichever end of the line is called `from`.
 * @returns null where the direction runs along the line (within 10 degrees), so that nobody crosses it that way
 */
export function sideTowards(line: DirectedLine, direction: Direction): Side | null {
  const across = normal(line);
  const vector = directionVector(direction);
  const share = across.x * vector.x + across.y * vector.y;
  if (Math.abs(share) < ALONG) return null;
  return share > 0 ? 1 : -1;
}

/** Instants are sums of frame times: what they lose by rounding must not cost a frame, seconds. */
const ROUNDING: Seconds = 1e-6;

/** One thing went from one side of a line to the other and stayed there. */
export interface Crossing {
  /** The side that it went to. */
  readonly towards: Side;
  /** When its path met the line, interpolated between two observations. */
  readonly at: Seconds;
  /** Where its path met the line. */
  readonly point: Point;
  /** When it had been on the other side for the whole holding time. */
  readonly heldAt: Seconds;
}

/**
 * Watches one moving point (the foot of one track) against one line.
 *
 * A crossing counts when the point was on one side, its path met the segment itself (not its extension), and
 * it was then seen on the other side, without coming back, for at least `hold` seconds. Going round an end of
 * the segment changes the side without a crossing. A point that is first seen within `margin` of the line
 * has no side until it leaves that band.
 */
export class CrossingWatch {
  readonly #line: DirectedLine;
  readonly #hold: Seconds;
  #settled: Side | null = null;
  #previous: { readonly at: Seconds; readonly point: Point; readonly distance: number } | null = null;
  #change: { readonly since: Seconds; readonly cut: Cut } | null = null;

  /** @param hold how long the other side must be held, seconds; 0 counts at once */
  constructor(line: DirectedLine, hold: Seconds) {
    this.#line = line;
    this.#hold = hold;
  }

  /** The side it is settled on, null before it has one. */
  get side(): Side | null {
    return this.#settled;
  }

  /**
   * Takes the next position.
   * @param at seconds, increasing
   * @param margin px to either side of the line where the side is in doubt, such as a share of the thing's height
   */
  observe(at: Seconds, point: Point, margin = 0): Crossing | null {
    const distance = signedDistance(this.#line, point);
    const previous = this.#previous;
    this.#previous = { at, point, distance };
    if (distance === 0) return null;
    const side: Side = distance > 0 ? 1 : -1;
    const clear = Math.abs(distance) >= margin;

    if (this.#settled === null) {
      if (clear) this.#settled = side;
      return null;
    }
    if (side === this.#settled) {
      this.#change = null;
      return null;
    }
    if (this.#change === null) {
      if (previous === null) return null;
      this.#change = { since: at, cut: cutOf(this.#line, previous, { at, point, distance }) };
    }
    if (!clear || at - this.#change.since < this.#hold - ROUNDING) return null;

    const { cut } = this.#change;
    this.#settled = side;
    this.#change = null;
    return cut.onSegment ? { towards: side, at: cut.at, point: cut.point, heldAt: at } : null;
  }
}

interface Cut {
  readonly at: Seconds;
  readonly point: Point;
  readonly onSegment: boolean;
}

interface Sample {
  readonly at: Seconds;
  readonly point: Point;
  readonly distance: number;
}

/** Where a step from one sample to the next meets the line. */
function cutOf(line: DirectedLine, before: Sample, after: Sample): Cut {
  const share = before.distance / (before.distance - after.distance);
  const point = {
    x: before.point.x + share * (after.point.x - before.point.x),
    y: before.point.y + share * (after.point.y - before.point.y),
  };
  const dx = line.to.x - line.from.x;
  const dy = line.to.y - line.from.y;
  const along = ((point.x - line.from.x) * dx + (point.y - line.from.y) * dy) / (dx * dx + dy * dy);
  return {
    at: before.at + share * (after.at - before.at),
    point,
    onSegment: along >= 0 && along <= 1,
  };
}

/** Whether a line can be crossed in view: where, or why not. */
export type LineCheck =
  | { readonly canFire: true; readonly at: Point }
  | {
      readonly canFire: false;
      readonly why: "no_length" | "outside_picture" | "along_the_border" | "masked";
    };

/** Room that a foot needs on either side of a line to be seen there, as a share of the picture's long side. */
const ROOM = 0.01;
const STEPS = 256;

/**
 * Whether anything can be seen to cross a line: somewhere on it, both of its sides must be inside the picture
 * and outside every mask, with room for a foot (1 % of the picture's long side). A line on the picture's
 * border, or all under a mask, never fires, and nobody would notice.
 */
export function lineCanFire(
  line: DirectedLine,
  picture: { readonly width: number; readonly height: number },
  masks: readonly Polygon[],
): LineCheck {
  const across = normal(line);
  if (across.x === 0 && across.y === 0) return { canFire: false, why: "no_length" };
  const room = ROOM * Math.max(picture.width, picture.height);
  const inPicture = (p: Point) => p.x >= 0 && p.x <= picture.width && p.y >= 0 && p.y <= picture.height;
  const clip = visiblePart(line, picture);
  if (clip === null) return { canFire: false, why: "outside_picture" };

  let bordering = true;
  const open: Point[] = [];
  for (let step = 0; step < STEPS; step++) {
    const t = clip.begin + ((clip.end - clip.begin) * (step + 0.5)) / STEPS;
    const at = {
      x: line.from.x + t * (line.to.x - line.from.x),
      y: line.from.y + t * (line.to.y - line.from.y),
    };
    const sides = [room, -room].map((offset) => ({
      x: at.x + offset * across.x,
      y: at.y + offset * across.y,
    }));
    if (!sides.every(inPicture)) continue;
    bordering = false;
    if (![at, ...sides].some((point) => masks.some((mask) => contains(mask, point)))) open.push(at);
  }
  const middle = open[Math.floor(open.length / 2)];
  if (middle !== undefined) return { canFire: true, at: middle };
  return { canFire: false, why: bordering ? "along_the_border" : "masked" };
}

/** The stretch of a line inside the picture, as shares of its length (Liang and Barsky); null where there is none. */
function visiblePart(
  line: DirectedLine,
  picture: { readonly width: number; readonly height: number },
): { readonly begin: number; readonly end: number } | null {
  const dx = line.to.x - line.from.x;
  const dy = line.to.y - line.from.y;
  let begin = 0;
  let end = 1;
  const limits: readonly (readonly [number, number])[] = [
    [-dx, line.from.x],
    [dx, picture.width - line.from.x],
    [-dy, line.from.y],
    [dy, picture.height - line.from.y],
  ];
  for (const [rate, room] of limits) {
    if (rate === 0) {
      if (room < 0) return null;
    } else if (rate < 0) {
      begin = Math.max(begin, room / rate);
    } else {
      end = Math.min(end, room / rate);
    }
  }
  return begin <= end ? { begin, end } : null;
}
