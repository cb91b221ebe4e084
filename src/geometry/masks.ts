import type { Box, Point, Polygon } from "./shapes.ts";

/**
 * Which samples of a plane a polygon takes: those whose centre lies inside (to measure an area), or every one
 * that it touches (to hide one: no sample may mix in what a mask covers).
 */
export type Coverage = "centre" | "touch";

/**
 * Draws polygons of the picture on a plane of any size.
 *
 * @param polygons in image coordinates; parts outside the region are left out
 * @param region the part of the picture that the plane shows, image coordinates
 * @param width of the plane, samples
 * @param height of the plane, samples
 * @returns width * height bytes, row after row: 255 where any polygon covers the sample, 0 elsewhere
 */
export function rasterise(
  polygons: readonly Polygon[],
  region: Box,
  width: number,
  height: number,
  coverage: Coverage,
): Uint8Array {
  const plane = new Uint8Array(width * height);
  for (const polygon of polygons) {
    const corners = polygon.map((corner) => ({
      x: ((corner.x - region.x) * width) / region.width,
      y: ((corner.y - region.y) * height) / region.height,
    }));
    fillCentres(plane, width, height, corners);
    if (coverage === "touch") fillSides(plane, width, height, corners);
  }
  return plane;
}

/**
 * Sets of set samples that hang together, each by its samples' indices, in the order of their first ones.
 * @param set of width * height samples, 0 or not; it is cleared
 * @param reach samples at most this far apart, along rows and columns, belong together
 */
export function connectedSets(set: Uint8Array, width: number, height: number, reach: number): number[][] {
  const found: number[][] = [];
  for (let start = 0; start < set.length; start++) {
    if (set[start] === 0) continue;
    const samples: number[] = [];
    const queue = [start];
    set[start] = 0;
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      samples.push(at);
      const x = at % width;
      const y = (at - x) / width;
      for (let ny = Math.max(0, y - reach); ny <= Math.min(height - 1, y + reach); ny++)
        for (let nx = Math.max(0, x - reach); nx <= Math.min(width - 1, x + reach); nx++) {
          const near = ny * width + nx;
          if (set[near] === 0) continue;
          set[near] = 0;
          queue.push(near);
        }
    }
    found.push(samples);
  }
  return found;
}

/** The smallest box, in samples, that holds these ones of a plane of that width. At least one sample. */
export function boundsOfSamples(samples: readonly number[], width: number): Box {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  for (const i of samples) {
    const x = i % width;
    const y = (i - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Share of a plane that is set, 0 to 1. */
export function coveredShare(plane: Uint8Array): number {
  let set = 0;
  for (const sample of plane) if (sample !== 0) set++;
  return plane.length === 0 ? 0 : set / plane.length;
}

/** Row by row, between each pair of sides that the row's middle meets (even-odd rule). */
function fillCentres(plane: Uint8Array, width: number, height: number, corners: readonly Point[]): void {
  const ys = corners.map((corner) => corner.y);
  const first = Math.max(0, Math.floor(Math.min(...ys)));
  const last = Math.min(height - 1, Math.ceil(Math.max(...ys)));
  for (let row = first; row <= last; row++) {
    const middle = row + 0.5;
    const meets: number[] = [];
    for (let index = 0; index < corners.length; index++) {
      const a = corners[index];
      const b = corners[(index + 1) % corners.length];
      if (a === undefined || b === undefined || a.y > middle === b.y > middle) continue;
      meets.push(a.x + ((middle - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
    meets.sort((one, two) => one - two);
    for (let index = 0; index + 1 < meets.length; index += 2) {
      const [from = 0, to = 0] = [meets[index], meets[index + 1]];
      set(plane, width, row, Math.ceil(from - 0.5), Math.floor(to - 0.5));
    }
  }
}

/** Every sample that a side passes through. */
function fillSides(plane: Uint8Array, width: number, height: number, corners: readonly Point[]): void {
  for (let index = 0; index < corners.length; index++) {
    const a = corners[index];
    const b = corners[(index + 1) % corners.length];
    if (a === undefined || b === undefined) continue;
    const [upper, lower] = a.y <= b.y ? [a, b] : [b, a];
    const first = Math.max(0, Math.floor(upper.y));
    const last = Math.min(height - 1, Math.floor(lower.y));
    for (let row = first; row <= last; row++) {
      const xs = [Math.max(row, upper.y), Math.min(row + 1, lower.y)].map((y) => xAt(upper, lower, y));
      if (upper.y === lower.y) xs.push(upper.x, lower.x);
      set(plane, width, row, Math.floor(Math.min(...xs)), Math.floor(Math.max(...xs)));
    }
  }
}

function xAt(upper: Point, lower: Point, y: number): number {
  if (upper.y === lower.y) return upper.x;
  return upper.x + ((y - upper.y) / (lower.y - upper.y)) * (lower.x - upper.x);
}

/** Sets samples `from` to `to` of a row, both included, as far as they lie on the plane. */
function set(plane: Uint8Array, width: number, row: number, from: number, to: number): void {
  const begin = Math.max(0, from);
  const end = Math.min(width - 1, to);
  if (begin <= end) plane.fill(255, row * width + begin, row * width + end + 1);
}
