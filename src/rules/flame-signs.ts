import { WHITE_HOT } from "../frames/glow.ts";
import type { FlickeringRegion } from "./flame-regions.ts";
import type { FlameWindow, Look } from "./flame-window.ts";

/** Samples of a region that its statistics are taken of; more say the same. */
const MOST_SAMPLES = 512;
/** Half side of the spots that a region's motion is searched in, and how far it is searched, in samples. */
const SPOT_REACH = 5;
const SEARCH = 5;
/** How near a core must be to what flickers. */
const CORE_REACH = 2;
/** A colour that was seen less often has no deviation to speak of. */
const FEWEST_HUES = 4;
/** What is about a region: samples farther from it than its blur reaches, up to so many. */
const ABOUT = { from: 3, to: 6 } as const;
/** The middle of a sample's range of brightness, where what is switched hardly is. */
const MIDDLE = { from: 0.2, to: 0.8 } as const;

/** Brightest red that three quarters of a region's samples stay under, of 255: flames give light of their own. */
export function brightness(window: FlameWindow, { samples }: FlickeringRegion): number {
  const peaks = samples.map((i) => {
    let peak = 0;
    for (const { flame } of window.looks) {
      const value = flame[i] ?? 0;
      peak = Math.max(peak, value === WHITE_HOT ? 255 : value);
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
 * How a region's colour goes with its brightness: the correlation of green over red with brightness, -1 to 1, of
 * the samples of flame colour. The hotter and thicker a flame the yellower it looks, and its edges are red; cloth,
 * leaves and paint keep their hue in the light and in the shade.
 */
export function yellowing(window: FlameWindow, region: FlickeringRegion): number {
  const taken = someOf(region, window.width);
  let [count, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (const { level, flame } of window.looks) {
    for (const i of taken) {
      const red = flame[i] ?? 0;
      if (red <= WHITE_HOT) continue;
      const bright = level[i] ?? 0;
      const hue = (2 * bright - red) / red;
      count++;
      x += bright;
      y += hue;
      xx += bright * bright;
      yy += hue * hue;
      xy += bright * hue;
    }
  }
  const spread = (xx - (x * x) / count) * (yy - (y * y) / count);
  return count < 2 || spread <= 1e-9 ? 0 : (xy - (x * y) / count) / Math.sqrt(spread);
}

/**
 * How much a sample's own colour changes while it glows: the deviation of green over red in its looks of flame
 * colour, on average. In a flame gas of another heat passes; what is only covered and uncovered, as a low sun behind
 * leaves or a floor behind people, comes back in the colour that it had.
 */
export function shimmer(window: FlameWindow, region: FlickeringRegion): number {
  let all = 0;
  let samples = 0;
  for (const i of someOf(region, window.width)) {
    let [count, sum, squares] = [0, 0, 0];
    for (const { level, flame } of window.looks) {
      const red = flame[i] ?? 0;
      if (red <= WHITE_HOT) continue;
      const hue = (2 * (level[i] ?? 0) - red) / red;
      count++;
      sum += hue;
      squares += hue * hue;
    }
    if (count < FEWEST_HUES) continue;
    samples++;
    all += Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  }
  return samples === 0 ? 0 : all / samples;
}

/**
 * Share of the looks in which a sample is neither near its darkest nor near its brightest, on average: small for
 * what is switched, however many lamps there are, and for what is covered and uncovered.
 */
export function halfway(window: FlameWindow, region: FlickeringRegion): number {
  const { looks } = window;
  let between = 0;
  const taken = someOf(region, window.width);
  for (const i of taken) {
    let low = 255;
    let high = 0;
    for (const { level } of looks) {
      low = Math.min(low, level[i] ?? 0);
      high = Math.max(high, level[i] ?? 0);
    }
    const from = low + MIDDLE.from * (high - low);
    const to = low + MIDDLE.to * (high - low);
    for (const { level } of looks) if ((level[i] ?? 0) > from && (level[i] ?? 0) < to) between++;
  }
  return between / (taken.length * looks.length);
}

/**
 * In how many independent ways a region's brightness changes: the participation ratio of the eigenvalues of
 * its covariance, (sum of squares)^2 / sum of fourth powers of the singular values. 1 for a lamp that blinks
 * or a screen that dims, however it does; flames, whose tongues do not know of one another, have several. Taken
 * in one light: a camera that sets its exposure anew, as it does when a fire begins, changes everything at once.
 */
export function disorder(window: FlameWindow, region: FlickeringRegion): number {
  const { looks } = window;
  const taken = someOf(region, window.width);
  const usual = looks.reduce((sum, { light }) => sum + light, 0) / looks.length;
  const rows = looks.map(({ level, light }) =>
    Float32Array.from(taken, (i) => ((level[i] ?? 0) * usual) / light),
  );
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
  const side = Math.max(region.right - region.left, region.bottom - region.top);
  // Larger flames are looked at more coarsely, so that a spot is always a good part of one.
  const step = Math.max(1, Math.round(side / (2 * PATCH)));
  const edge = step * (SPOT_REACH + SEARCH);
  if (width <= 2 * edge || height <= 2 * edge) return 1;
  let left = 0;
  let all = 0;
  for (const [column, row] of spotsOf(region)) {
    const x = Math.min(width - 1 - edge, Math.max(edge, column));
    const y = Math.min(height - 1 - edge, Math.max(edge, row));
    const changes = patches(looks, width, x - edge, y - edge, step);
    for (let k = 0; k + 1 < changes.length; k += 3) {
      const a = changes[k];
      const b = changes[k + 1];
      if (a === undefined || b === undefined) continue;
      const still = mismatch(a, b, 0, 0);
      all += still;
      left += bestMatch(a, b, still);
    }
  }
  return all === 0 ? 0 : left / all;
}

const PATCH = 2 * (SPOT_REACH + SEARCH) + 1;

/** A square of every `step`th sample in each look, without what is always there. */
function patches(looks: readonly Look[], width: number, x: number, y: number, step: number): Float32Array[] {
  const mean = new Float32Array(PATCH * PATCH);
  const cut = looks.map(({ level }) => {
    const patch = new Float32Array(PATCH * PATCH);
    for (let dy = 0; dy < PATCH; dy++)
      for (let dx = 0; dx < PATCH; dx++) {
        const value = level[(y + dy * step) * width + x + dx * step] ?? 0;
        patch[dy * PATCH + dx] = value;
        mean[dy * PATCH + dx] = (mean[dy * PATCH + dx] ?? 0) + value / looks.length;
      }
    return patch;
  });
  for (const patch of cut) for (let i = 0; i < patch.length; i++) patch[i] = (patch[i] ?? 0) - (mean[i] ?? 0);
  return cut;
}

/** @param still the mismatch where nothing moves */
function bestMatch(a: Float32Array, b: Float32Array, still: number): number {
  let best = still;
  for (let dy = -SEARCH; dy <= SEARCH; dy++)
    for (let dx = -SEARCH; dx <= SEARCH; dx++) best = Math.min(best, mismatch(a, b, dx, dy, best));
  return best;
}

/** Squared differences between the middle of `a` and a part of `b`, every other row; given up above `most`. */
function mismatch(
  a: Float32Array,
  b: Float32Array,
  dx: number,
  dy: number,
  most = Number.POSITIVE_INFINITY,
): number {
  let sum = 0;
  for (let y = SEARCH; y < PATCH - SEARCH && sum < most; y += 2)
    for (let x = SEARCH; x < PATCH - SEARCH; x++) {
      const difference = (a[y * PATCH + x] ?? 0) - (b[(y + dy) * PATCH + x + dx] ?? 0);
      sum += difference * difference;
    }
  return sum;
}

/**
 * How much brighter a region gets than what is about it, grey levels: its middling sample at its brightest, less what
 * three quarters of the samples about it stay under on average. A flame gives light; before a bright floor or a lit
 * wall, what flickers as people pass is never brighter than the floor beside them.
 */
export function ownLight(window: FlameWindow, { samples }: FlickeringRegion): number {
  const { looks, width, height } = window;
  const near = new Set<number>();
  const about = new Set<number>();
  for (const i of samples) {
    const x = i % width;
    const y = (i - x) / width;
    for (let ny = Math.max(0, y - ABOUT.to); ny <= Math.min(height - 1, y + ABOUT.to); ny++)
      for (let nx = Math.max(0, x - ABOUT.to); nx <= Math.min(width - 1, x + ABOUT.to); nx++)
        (Math.max(Math.abs(nx - x), Math.abs(ny - y)) < ABOUT.from ? near : about).add(ny * width + nx);
  }
  const surroundings = [...about]
    .filter((i) => !near.has(i))
    .map((i) => looks.reduce((sum, { level }) => sum + (level[i] ?? 0), 0) / looks.length)
    .sort((a, b) => a - b);
  const peaks = samples
    .map((i) => looks.reduce((peak, { level }) => Math.max(peak, level[i] ?? 0), 0))
    .sort((a, b) => a - b);
  const usual = surroundings[Math.floor(0.75 * surroundings.length)] ?? 0;
  return (peaks[Math.floor(peaks.length / 2)] ?? 0) - usual;
}

/** A region's samples, or those of every so many rows where they are many. */
function someOf({ samples, top }: FlickeringRegion, width: number): readonly number[] {
  const every = Math.ceil(samples.length / MOST_SAMPLES);
  return every <= 1 ? samples : samples.filter((i) => (Math.floor(i / width) - top) % every === 0);
}

/**
 * Eight places spread over a region, the same ones in a mirror: four across, two down.
 * @returns of each the column and the row
 */
function spotsOf({ left, right, top, bottom }: FlickeringRegion): readonly (readonly [number, number])[] {
  const outer = Math.round((right - 1 - left) / 6);
  const inner = Math.round(0.4 * (right - 1 - left));
  const rows = [0.3, 0.7].map((share) => Math.round(top + share * (bottom - 1 - top)));
  return [left + outer, left + inner, right - 1 - inner, right - 1 - outer].flatMap((x) =>
    rows.map((y) => [x, y] as const),
  );
}
