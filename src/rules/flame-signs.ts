import type { FlameWindow, Look } from "./flame-window.ts";

/** Brightness must swing by this much (of 255) to count as a flicker: noise and compression do not. */
const SWING = 28;
/** Turns of brightness a second, two to a period: from 1 Hz on. */
const LEAST_TURNS_PER_SECOND = 2;
/** Flickering samples this near belong to one flame. */
const REACH = 4;
/** Side of the smallest flame told of, as a share of the picture's long side. */
const LEAST_SIDE = 0.02;
/** Samples of a region that its spectrum is taken of; more say the same. */
const MOST_SAMPLES = 256;
/** Spots of a region that its motion is searched in, their half side, and how far, in samples. */
const SPOTS = 8;
const SPOT_REACH = 5;
const SEARCH = 5;
/** How near a core must be to what flickers. */
const CORE_REACH = 2;
/** No more regions than this are looked into at a time, largest first. */
const MOST_REGIONS = 12;

/** A part of the picture, in samples of the glow, that flickers in the colour of flames. */
export interface FlickeringRegion {
  readonly samples: readonly number[];
  readonly left: number;
  readonly top: number;
  /** One past the last. */
  readonly right: number;
  readonly bottom: number;
}

/** Finds what flickers in the colour of flames. @param within samples that count; null for all */
export function flickeringRegions(window: FlameWindow, within: Uint8Array | null): FlickeringRegion[] {
  const { looks, width, height } = window;
  const least = LEAST_TURNS_PER_SECOND * window.span;
  const marked = new Uint8Array(width * height);
  const seeds = window.lit().filter((i) => {
    if (within !== null && within[i] === 0) return false;
    if (turns(looks, i) < least - 1e-6) return false;
    marked[i] = 1;
    return true;
  });
  const smallest = (LEAST_SIDE * Math.max(width, height)) ** 2;
  return seeds
    .flatMap((seed) => (marked[seed] === 1 ? [grown(seed, marked, width, height)] : []))
    .filter(({ samples }) => samples.length >= smallest)
    .sort((a, b) => b.samples.length - a.samples.length)
    .slice(0, MOST_REGIONS);
}

/** How often the brightness of a sample turned, swings smaller than `SWING` left out. */
function turns(looks: readonly Look[], sample: number): number {
  let low = 255;
  let high = 0;
  let sense = 0;
  let count = 0;
  for (const { level } of looks) {
    const value = level[sample] ?? 0;
    if (sense === 0) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      if (value - low > SWING) sense = 1;
      else if (high - value > SWING) sense = -1;
      if (sense !== 0) low = high = value;
    } else if (sense > 0) {
      if (value > high) high = value;
      else if (high - value > SWING) {
        count++;
        sense = -1;
        low = value;
      }
    } else if (value < low) low = value;
    else if (value - low > SWING) {
      count++;
      sense = 1;
      high = value;
    }
  }
  return count;
}

/** All marked samples that hang together with one, taken off `marked`. */
function grown(seed: number, marked: Uint8Array, width: number, height: number): FlickeringRegion {
  const samples: number[] = [];
  let [left, top, right, bottom] = [width, height, 0, 0];
  const queue = [seed];
  marked[seed] = 0;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    samples.push(at);
    const x = at % width;
    const y = (at - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
    for (let ny = Math.max(0, y - REACH); ny <= Math.min(height - 1, y + REACH); ny++)
      for (let nx = Math.max(0, x - REACH); nx <= Math.min(width - 1, x + REACH); nx++) {
        const near = ny * width + nx;
        if (marked[near] !== 1) continue;
        marked[near] = 0;
        queue.push(near);
      }
  }
  // Row after row, so that what is taken of them does not depend on where the search began.
  return { samples: samples.sort((a, b) => a - b), left, top, right, bottom };
}

/** Brightest red that three quarters of a region's samples stay under, of 255: flames give light of their own. */
export function brightness(window: FlameWindow, { samples }: FlickeringRegion): number {
  const peaks = samples.map((i) => {
    let peak = 0;
    for (const { flame } of window.looks) {
      const value = flame[i] ?? 0;
      peak = Math.max(peak, value === 1 ? 255 : value);
    }
    return peak;
  });
  peaks.sort((a, b) => a - b);
  return peaks[Math.floor(0.75 * (peaks.length - 1))] ?? 0;
}

/** Samples that glow nearly all the time in and about a region, per flickering sample: a flame stays. */
export function coreShare(window: FlameWindow, { samples }: FlickeringRegion): number {
  const { width, height } = window;
  const cores = new Set<number>();
  for (const i of samples) {
    const x = i % width;
    const y = (i - x) / width;
    for (let ny = Math.max(0, y - CORE_REACH); ny <= Math.min(height - 1, y + CORE_REACH); ny++)
      for (let nx = Math.max(0, x - CORE_REACH); nx <= Math.min(width - 1, x + CORE_REACH); nx++) {
        const near = ny * width + nx;
        if (window.isCore(near)) cores.add(near);
      }
  }
  return cores.size / samples.length;
}

/**
 * In how many independent ways a region's brightness changes: the participation ratio of the eigenvalues of
 * its covariance, (sum of squares)^2 / sum of fourth powers of the singular values. 1 for a lamp that blinks
 * or a screen that dims, however it does; flames, whose tongues do not know of one another, have several.
 */
export function disorder(window: FlameWindow, { samples }: FlickeringRegion): number {
  const { looks } = window;
  const every = Math.max(1, samples.length / MOST_SAMPLES);
  const taken = Array.from(
    { length: Math.floor(samples.length / every) },
    (_, k) => samples[Math.floor(k * every)] ?? 0,
  );
  const rows = looks.map(({ level }) => Float32Array.from(taken, (i) => level[i] ?? 0));
  for (let k = 0; k < taken.length; k++) {
    const mean = rows.reduce((sum, row) => sum + (row[k] ?? 0), 0) / rows.length;
    for (const row of rows) row[k] = (row[k] ?? 0) - mean;
  }
  let trace = 0;
  let squares = 0;
  for (const [a, rowA] of rows.entries()) {
    for (let b = 0; b <= a; b++) {
      const rowB = rows[b] ?? rowA;
      let sum = 0;
      for (let k = 0; k < rowA.length; k++) sum += (rowA[k] ?? 0) * (rowB[k] ?? 0);
      if (a === b) trace += sum;
      squares += (a === b ? 1 : 2) * sum * sum;
    }
  }
  return squares === 0 ? 0 : (trace * trace) / squares;
}

/**
 * How much of the change from look to look is left when each spot of a region may have moved as a whole: 0 for
 * what goes its way (clothes, lamps of vehicles, a sign in a shaken view), towards 1 for what has no motion that
 * explains it. Taken of what changes alone: what stands still would hide any motion.
 */
export function unexplained(window: FlameWindow, region: FlickeringRegion): number {
  const { looks, width, height } = window;
  const edge = SPOT_REACH + SEARCH;
  if (width <= 2 * edge || height <= 2 * edge) return 1;
  let left = 0;
  let all = 0;
  for (let spot = 0; spot < SPOTS; spot++) {
    const i = region.samples[Math.round((spot * (region.samples.length - 1)) / (SPOTS - 1))] ?? 0;
    const x = Math.min(width - 1 - edge, Math.max(edge, i % width));
    const y = Math.min(height - 1 - edge, Math.max(edge, Math.floor(i / width)));
    const changes = patches(looks, width, x, y, edge);
    for (let k = 0; k + 1 < changes.length; k += 2) {
      const a = changes[k];
      const b = changes[k + 1];
      if (a === undefined || b === undefined) continue;
      all += mismatch(a, b, 0, 0);
      left += bestMatch(a, b);
    }
  }
  return all === 0 ? 0 : left / all;
}

const PATCH = 2 * (SPOT_REACH + SEARCH) + 1;

/** A square about a place in each look, without what is always there. */
function patches(looks: readonly Look[], width: number, x: number, y: number, edge: number): Float32Array[] {
  const mean = new Float32Array(PATCH * PATCH);
  const cut = looks.map(({ level }) => {
    const patch = new Float32Array(PATCH * PATCH);
    for (let dy = 0; dy < PATCH; dy++)
      for (let dx = 0; dx < PATCH; dx++) {
        const value = level[(y + dy - edge) * width + x + dx - edge] ?? 0;
        patch[dy * PATCH + dx] = value;
        mean[dy * PATCH + dx] = (mean[dy * PATCH + dx] ?? 0) + value / looks.length;
      }
    return patch;
  });
  for (const patch of cut) for (let i = 0; i < patch.length; i++) patch[i] = (patch[i] ?? 0) - (mean[i] ?? 0);
  return cut;
}

function bestMatch(a: Float32Array, b: Float32Array): number {
  let best = Number.POSITIVE_INFINITY;
  for (let dy = -SEARCH; dy <= SEARCH; dy++)
    for (let dx = -SEARCH; dx <= SEARCH; dx++) best = Math.min(best, mismatch(a, b, dx, dy));
  return best;
}

/** Squared differences between the middle of `a` and a part of `b`, every other row. */
function mismatch(a: Float32Array, b: Float32Array, dx: number, dy: number): number {
  let sum = 0;
  for (let y = SEARCH; y < PATCH - SEARCH; y += 2)
    for (let x = SEARCH; x < PATCH - SEARCH; x++) {
      const difference = (a[y * PATCH + x] ?? 0) - (b[(y + dy) * PATCH + x + dx] ?? 0);
      sum += difference * difference;
    }
  return sum;
}
