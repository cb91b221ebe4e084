import { deriveSeed, randomStream } from "../random.ts";
import type { Actor, GroundPoint, Luggage, Vehicle, Walker, Waypoint } from "../script.ts";

/** Fills a scene with actors: numbers and looks come from one seed, in order. */
export class Cast {
  readonly actors: Actor[] = [];
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomStream(deriveSeed(seed, "cast"));
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.#random();
  }

  /** Adds a walker who goes along a path. */
  walker(
    path: readonly Waypoint[],
    more: Partial<Omit<Walker, "kind" | "number" | "seed" | "path">> = {},
  ): void {
    this.actors.push({ kind: "walker", path, ...this.#identity(), ...more });
  }

  /** Adds a vehicle. */
  vehicle(
    model: Vehicle["model"],
    path: readonly Waypoint[],
    more: Partial<Pick<Vehicle, "painted" | "facing">> = {},
  ): void {
    this.actors.push({ kind: "vehicle", model, path, ...this.#identity(), ...more });
  }

  /** Adds a bag, a suitcase or a piece of furniture. */
  luggage(model: Luggage["model"], path: readonly Waypoint[]): void {
    this.actors.push({ kind: "luggage", model, path, ...this.#identity() });
  }

  #identity(): { number: number; seed: number } {
    return { number: this.actors.length + 1, seed: Math.floor(this.#random() * 2 ** 31) };
  }
}

/**
 * A path along points at an even speed, in metres a second; a pause at a point is given as [point, seconds].
 */
export function route(
  startAt: number,
  speed: number,
  ...stops: readonly (GroundPoint | readonly [GroundPoint, number])[]
): Waypoint[] {
  const path: Waypoint[] = [];
  let at = startAt;
  let last: GroundPoint | null = null;
  for (const stop of stops) {
    const [point, pause] = isPause(stop) ? stop : [stop, 0];
    if (last) at += Math.hypot(point.x - last.x, point.y - last.y) / speed;
    path.push({ x: point.x, y: point.y, at });
    if (pause > 0) {
      at += pause;
      path.push({ x: point.x, y: point.y, at });
    }
    last = point;
  }
  return path;
}

/** Stays at a point from one time to another. */
export function stay(point: GroundPoint, from: number, to: number): Waypoint[] {
  return [
    { ...point, at: from },
    { ...point, at: to },
  ];
}

/** When a path ends. */
export function endOf(path: readonly Waypoint[]): number {
  return path.at(-1)?.at ?? 0;
}

function isPause(stop: GroundPoint | readonly [GroundPoint, number]): stop is readonly [GroundPoint, number] {
  return Array.isArray(stop);
}
