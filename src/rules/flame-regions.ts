import { boundsOfSamples, connectedSets } from "../geometry/masks.ts";
import type { FlameWindow, Look } from "./flame-window.ts";

/** Brightness must swing by this much (of 255) to count as a flicker: noise and compression do not. */
const SWING = 28;
/** Turns of brightness a second, two to a period: from 1 Hz on. */
const LEAST_TURNS_PER_SECOND = 2;
/** Flickering samples this near belong to one flame. */
const REACH = 4;
/** Side of the smallest flame told of, as a share of the picture's long side. */
const LEAST_SIDE = 0.016;
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
  for (const i of window.lit()) {
    if (within !== null && within[i] === 0) continue;
    if (turns(looks, i) >= least - 1e-6) marked[i] = 1;
  }
  const smallest = (LEAST_SIDE * Math.max(width, height)) ** 2;
  return connectedSets(marked, width, height, REACH)
    .filter((samples) => samples.length >= smallest)
    .map((samples) => regionOf(samples, width))
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

function regionOf(samples: readonly number[], width: number): FlickeringRegion {
  const { x: left, y: top, width: wide, height: high } = boundsOfSamples(samples, width);
  // Row after row, so that what is taken of them does not depend on where the search began.
  return { samples: samples.toSorted((a, b) => a - b), left, top, right: left + wide, bottom: top + high };
}
