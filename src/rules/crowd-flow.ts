import type { AreaFlow } from "../frames/area-flow.ts";
import { contains } from "../geometry/polygon.ts";
import type { Box, Point, Polygon } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { GroundMotion } from "./ground-motion.ts";
import type { ViewGeometry } from "./view-geometry.ts";

/** Cells across the longer side of the view: somebody of a tenth of its height is about one. */
const CELLS = 16;
/** The flow is a mean over this time: legs, bobbing heads and bad matches cancel. */
const SMOOTHING: Seconds = 0.5;
/** Area of somebody who moves that the flow shows, of the square of his height: half of his silhouette. */
const BODY_AREA = 0.25;
/** Below it a part only sways, m/s. */
const LEAST_SPEED = 0.3;
/** A cell counts with at least this much of a person in it. */
const LEAST_WORTH = 0.1;
/** Nobody runs faster: 100 m in under 10 s is 12 m/s, and crowds are slower. What is faster is a bad match. */
const FASTEST = 9;

/** A part of the area that moves. */
export interface MovingPart {
  /** Its middle, image px. */
  readonly x: number;
  readonly y: number;
  readonly box: Box;
  /** Mean velocity of what moves there on the ground, m/s (or what stands for it, see GroundMotion). */
  readonly u: number;
  readonly v: number;
  readonly speed: number;
  /** The same in the picture, px/s. */
  readonly vx: number;
  readonly vy: number;
  /** Persons' worth of area that moves there. */
  readonly worth: number;
}

/** The flow of an area as that of persons, in parts and over half a second. Nobody is told apart in it. */
export class CrowdFlow {
  readonly #polygon: Polygon | null;
  readonly #ground: GroundMotion;
  readonly #across: number;
  readonly #down: number;
  readonly #side: number;
  readonly #worth: Float32Array;
  readonly #sumU: Float32Array;
  readonly #sumV: Float32Array;
  readonly #sumX: Float32Array;
  readonly #sumY: Float32Array;
  #at: Seconds | null = null;
  /** How much of the window is filled, 0 to 1. */
  #weight = 0;

  constructor(view: ViewGeometry, polygon: Polygon | null, ground: GroundMotion) {
    this.#polygon = polygon;
    this.#ground = ground;
    this.#side = Math.max(view.width, view.height) / CELLS;
    this.#across = Math.ceil(view.width / this.#side);
    this.#down = Math.ceil(view.height / this.#side);
    const cells = () => new Float32Array(this.#across * this.#down);
    this.#worth = cells();
    this.#sumU = cells();
    this.#sumV = cells();
    this.#sumX = cells();
    this.#sumY = cells();
  }

  /** Takes a flow. @param vehicles where what moves is no crowd, image px */
  add(flow: AreaFlow, vehicles: readonly Box[]): void {
    const elapsed = this.#at === null ? flow.elapsed : flow.at - this.#at;
    this.#at = flow.at;
    const keep = Math.exp(-elapsed / SMOOTHING);
    this.#weight = keep * this.#weight + (1 - keep);
    for (const sum of this.#sums())
      for (let cell = 0; cell < sum.length; cell++) sum[cell] = keep * (sum[cell] ?? 0);
    for (let i = 0; i < flow.count; i++) {
      const at = { x: flow.x[i] ?? 0, y: flow.y[i] ?? 0 };
      const cell = this.#cellOf(at);
      if (cell === null || !this.#holds(at) || vehicles.some((box) => isIn(box, at))) continue;
      const velocity = { x: flow.vx[i] ?? 0, y: flow.vy[i] ?? 0 };
      const motion = this.#ground.of(at, velocity);
      if (motion === null || Math.hypot(motion.u, motion.v) > FASTEST) continue;
      const worth = ((1 - keep) * (flow.area[i] ?? 0)) / (BODY_AREA * motion.height ** 2);
      this.#worth[cell] = (this.#worth[cell] ?? 0) + worth;
      this.#sumU[cell] = (this.#sumU[cell] ?? 0) + worth * motion.u;
      this.#sumV[cell] = (this.#sumV[cell] ?? 0) + worth * motion.v;
      this.#sumX[cell] = (this.#sumX[cell] ?? 0) + worth * velocity.x;
      this.#sumY[cell] = (this.#sumY[cell] ?? 0) + worth * velocity.y;
    }
  }

  /** What moves now. */
  parts(): readonly MovingPart[] {
    const found: MovingPart[] = [];
    for (let cell = 0; cell < this.#worth.length; cell++) {
      const part = this.#part(cell);
      if (part !== null) found.push(part);
    }
    return found;
  }

  /** What moves where somebody's body is; null where nothing does. */
  partAt(box: Box): MovingPart | null {
    const cell = this.#cellOf({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    return cell === null ? null : this.#part(cell);
  }

  reset(): void {
    for (const sum of this.#sums()) sum.fill(0);
    this.#weight = 0;
    this.#at = null;
  }

  #sums(): readonly Float32Array[] {
    return [this.#worth, this.#sumU, this.#sumV, this.#sumX, this.#sumY];
  }

  #part(cell: number): MovingPart | null {
    const sum = this.#worth[cell] ?? 0;
    const worth = sum / Math.max(0.2, this.#weight);
    if (worth < LEAST_WORTH) return null;
    const u = (this.#sumU[cell] ?? 0) / sum;
    const v = (this.#sumV[cell] ?? 0) / sum;
    const speed = Math.hypot(u, v);
    if (speed < LEAST_SPEED) return null;
    const side = this.#side;
    const x = (cell % this.#across) * side;
    const y = Math.floor(cell / this.#across) * side;
    const box = { x, y, width: side, height: side };
    const vx = (this.#sumX[cell] ?? 0) / sum;
    const vy = (this.#sumY[cell] ?? 0) / sum;
    return { x: x + side / 2, y: y + side / 2, box, u, v, speed, vx, vy, worth };
  }

  #cellOf({ x, y }: Point): number | null {
    const column = Math.floor(x / this.#side);
    const row = Math.floor(y / this.#side);
    const outside = column < 0 || row < 0 || column >= this.#across || row >= this.#down;
    return outside ? null : row * this.#across + column;
  }

  #holds(point: Point): boolean {
    return this.#polygon === null || contains(this.#polygon, point);
  }
}

function isIn({ x, y, width, height }: Box, point: Point): boolean {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}
