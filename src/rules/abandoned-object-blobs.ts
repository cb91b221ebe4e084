import { boundsOfSamples, connectedSets } from "../geometry/masks.ts";
import type { Box } from "../geometry/shapes.ts";
import { SHOWS, type Stillness } from "./abandoned-object-stillness.ts";

/** Set neighbours (of 9, itself among them) without which a pixel is speckle. */
const SPECKLE = 4;
/** Pixels this far apart belong together: a strap, a belt of the floor's own grey. */
const REACH = 2;
/** Sampled so far inside and outside of an outline, samples. */
const ACROSS = 2;

/** Pixels that have become still and hang together. Analysis samples. */
export interface Blob {
  readonly box: Box;
  readonly pixels: readonly number[];
  /** Since when, the median of its pixels, seconds. */
  readonly since: number;
  /** Share of its pixels that are seen now: the rest is hidden by who passes. */
  readonly seen: number;
  /** Share of its pixels where the place is seen again. */
  readonly going: number;
}

/** What is still and hangs together, of at least `least` pixels, from top to bottom. */
export function stillBlobs(view: Stillness, least: number): Blob[] {
  const { width, height, since } = view;
  const set = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (Number.isNaN(since[i] ?? Number.NaN)) continue;
      let count = 0;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++)
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++)
          if (!Number.isNaN(since[ny * width + nx] ?? Number.NaN)) count++;
      if (count >= SPECKLE) set[i] = 1;
    }
  return connectedSets(set, width, height, REACH)
    .filter((pixels) => pixels.length >= least)
    .map((pixels) => {
      const times = pixels.map((i) => since[i] ?? 0).sort((a, b) => a - b);
      const seen = pixels.filter((i) => view.shows[i] === SHOWS.still).length;
      return {
        box: boundsOfSamples(pixels, width),
        pixels,
        since: times[times.length >> 1] ?? 0,
        seen: seen / pixels.length,
        going: pixels.filter((i) => view.shows[i] === SHOWS.place).length / pixels.length,
      };
    });
}

/**
 * How much more than the blob differs from the place there, hanging together with it: as many times its pixels. A
 * bag's whole outline is still; of a person who stands only the middle is.
 * @param most stops counting here
 */
export function extentOf(blob: Blob, view: Stillness, most: number): number {
  const { width, height, shows } = view;
  const seen = new Set(blob.pixels);
  const queue = [...blob.pixels];
  const limit = most * blob.pixels.length;
  for (let at = queue.pop(); at !== undefined && seen.size < limit; at = queue.pop()) {
    const x = at % width;
    const y = (at - x) / width;
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++)
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const next = ny * width + nx;
        if (seen.has(next) || shows[next] === SHOWS.place) continue;
        seen.add(next);
        queue.push(next);
      }
  }
  return seen.size / blob.pixels.length;
}

/** What speaks for a thing that came, against one that went or a light that changed. */
export interface Contour {
  /** Mean contrast across the outline in what is there now, and in the place as it was, grey levels. */
  readonly now: number;
  readonly before: number;
  /** How alike the structure within is, before and now, -1 to 1; null where the place had none. */
  readonly alike: number | null;
}

/** Compares the outline and the inside of a blob, in what is still there now and in the place as it was. */
export function contourOf(blob: Blob, view: Stillness): Contour {
  const { width, height } = view;
  const inside = new Set(blob.pixels);
  let now = 0;
  let before = 0;
  let pairs = 0;
  const value = (i: number) => (inside.has(i) ? (view.still[i] ?? 0) : (view.place[i] ?? 0));
  for (const i of blob.pixels) {
    const x = i % width;
    const y = (i - x) / width;
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      const ex = x + dx;
      const ey = y + dy;
      if (ex < 0 || ey < 0 || ex >= width || ey >= height || inside.has(ey * width + ex)) continue;
      const ox = x + ACROSS * dx;
      const oy = y + ACROSS * dy;
      const ix = x - dx;
      const iy = y - dy;
      if (ox < 0 || oy < 0 || ox >= width || oy >= height) continue;
      if (ix < 0 || iy < 0 || ix >= width || iy >= height) continue;
      const outer = oy * width + ox;
      const inner = iy * width + ix;
      if (inside.has(outer) || !inside.has(inner)) continue;
      now += Math.abs(value(inner) - (view.place[outer] ?? 0));
      before += Math.abs((view.place[inner] ?? 0) - (view.place[outer] ?? 0));
      pairs++;
    }
  }
  return pairs === 0
    ? { now: 0, before: 0, alike: null }
    : { now: now / pairs, before: before / pairs, alike: likeness(blob, inside, view) };
}

/** Correlation of the differences between neighbours, which no even change of light touches. */
function likeness(blob: Blob, inside: ReadonlySet<number>, view: Stillness): number | null {
  let [ss, pp, sp, n] = [0, 0, 0, 0];
  for (const i of blob.pixels)
    for (const step of [2, 2 * view.width]) {
      if (!inside.has(i + step)) continue;
      const s = (view.still[i + step] ?? 0) - (view.still[i] ?? 0);
      const p = (view.place[i + step] ?? 0) - (view.place[i] ?? 0);
      ss += s * s;
      pp += p * p;
      sp += s * p;
      n++;
    }
  const least = n * (2 + 2 * view.noise) ** 2;
  if (n < 12 || pp < least) return null;
  return sp / Math.sqrt(pp * Math.max(ss, least));
}

/** Shares of 8 classes of grey, of what stands there now or of what was there before. */
export function greysOf(blob: Blob, plane: ArrayLike<number>): readonly number[] {
  const shares = new Array<number>(8).fill(0);
  for (const i of blob.pixels) {
    const bin = Math.max(0, Math.min(7, Math.floor((plane[i] ?? 0) / 32)));
    shares[bin] = (shares[bin] ?? 0) + 1 / blob.pixels.length;
  }
  return shares;
}
