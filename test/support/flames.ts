import type { Glow } from "../../src/frames/glow.ts";
import type { Observation } from "../../src/rules/rule.ts";
import { boxAt, observationsOf, VIEW, type Walker } from "./walkers.ts";

/** Of the glow's planes: coarser than the engine's, which keeps long streams quick. */
const WIDTH = 96;
const HEIGHT = 72;
const HAIR = 0.0123;
/** What burns looks another way this often. */
const CHANGES_PER_SECOND = 10;

/** What a rule sees when each walker is a fire of his box's size: flames that mirror themselves, and no tracks. */
export function burningOf(walkers: readonly Walker[], hz: number, seconds: number): readonly Observation[] {
  return observationsOf(walkers, hz, seconds).map((observation) => ({
    ...observation,
    tracks: [],
    detections: null,
    glow: () => glowAt(walkers, observation.at),
  }));
}

function glowAt(walkers: readonly Walker[], at: number): Glow {
  const level = new Uint8Array(WIDTH * HEIGHT).fill(40);
  const flame = new Uint8Array(WIDTH * HEIGHT);
  for (const walker of walkers) {
    const box = boxAt(walker, at);
    if (box === null) continue;
    const middle = box.x + box.width / 2;
    for (let y = 0; y < HEIGHT; y++) {
      const py = ((y + 0.5) * VIEW.height) / HEIGHT;
      if (py < box.y || py > box.y + box.height) continue;
      for (let x = 0; x < WIDTH; x++) {
        const px = ((x + 0.5) * VIEW.width) / WIDTH;
        // A hair beside the samples' grid, on which a mirror would change the last digit and with it the cell.
        const away = Math.abs(px - middle) + HAIR;
        if (away > box.width / 2) continue;
        const heat = flicker(Math.floor((away * WIDTH) / VIEW.width), y, at);
        const red = 170 + Math.round(85 * heat);
        flame[y * WIDTH + x] = red;
        level[y * WIDTH + x] = (red + 60 + Math.round(150 * heat)) >> 1;
      }
    }
  }
  const size = { width: WIDTH, height: HEIGHT };
  return { level: { ...size, data: level }, flame: { ...size, data: flame } };
}

/** 0 to 1, the same at an instant whatever the rate of looks. */
function flicker(x: number, y: number, at: number): number {
  const step = Math.floor(at * CHANGES_PER_SECOND);
  const share = at * CHANGES_PER_SECOND - step;
  return (1 - share) * hash(x, y, step) + share * hash(x, y, step + 1);
}

function hash(x: number, y: number, step: number): number {
  let h = Math.imul(x + 1, 0x27d4eb2d) ^ Math.imul(y + 1, 0x165667b1) ^ Math.imul(step + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}
