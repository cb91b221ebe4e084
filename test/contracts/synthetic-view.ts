import type { Frame, Plane } from "../../src/frames/frame.ts";
import { memoryFrame } from "../../src/frames/memory-frame.ts";

/** A thing in the view: a rectangle with texture of its own, in samples. */
export interface Thing {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Mean grey level. */
  readonly grey: number;
}

/** What the camera does at one instant. */
export interface Instant {
  readonly at: number;
  readonly things?: readonly Thing[];
  /** picture = gain * scene + offset, before the noise of the sensor. */
  readonly gain?: number;
  readonly offset?: number;
  /** A lamp: this many grey levels more at the left border, none at the right. */
  readonly lamp?: number;
  /** The view's content displaced by whole samples, at most 24. */
  readonly dx?: number;
  readonly dy?: number;
  /** Another view altogether. */
  readonly elsewhere?: boolean;
  /** Standard deviation of the sensor's noise, grey levels. Default 1.5. */
  readonly noise?: number;
}

export interface SyntheticView {
  readonly width: number;
  readonly height: number;
  frame(instant: Instant): Frame;
}

const MARGIN = 24;

/** A view drawn from a seed: ground and walls with texture and edges, and a sensor with noise. Repeatable. */
export function syntheticView(seed: number, width = 192, height = 112): SyntheticView {
  const random = generator(seed);
  const places = [drawPlace(random, width, height), drawPlace(random, width, height)] as const;
  const noise = Float32Array.from({ length: 65_536 }, () => normal(random));
  const texture = Float32Array.from({ length: 4096 }, () => 24 * (random() - 0.5));
  return {
    width,
    height,
    frame(instant) {
      const place = places[instant.elsewhere === true ? 1 : 0];
      const { gain = 1, offset = 0, lamp = 0, dx = 0, dy = 0, noise: sigma = 1.5 } = instant;
      const scene = new Float32Array(width * height);
      const stride = width + 2 * MARGIN;
      for (let y = 0; y < height; y++) {
        const from = (y - dy + MARGIN) * stride - dx + MARGIN;
        scene.set(place.subarray(from, from + width), y * width);
      }
      for (const thing of instant.things ?? [])
        for (let y = Math.max(0, Math.round(thing.y)); y < Math.min(height, thing.y + thing.height); y++)
          for (let x = Math.max(0, Math.round(thing.x)); x < Math.min(width, thing.x + thing.width); x++) {
            const own = 64 * ((y - Math.round(thing.y)) >> 2) + ((x - Math.round(thing.x)) >> 2);
            scene[y * width + x] = thing.grey + (texture[own % 4096] ?? 0);
          }
      // A clamped array rounds and clips. Noise is a long table read from a place that depends on the time.
      const data = new Uint8ClampedArray(width * height);
      let n = Math.floor(instant.at * 7919 * 61) % 65_536;
      for (let y = 0, i = 0; y < height; y++)
        for (let x = 0; x < width; x++, i++) {
          const light = offset + lamp * (1 - x / width);
          data[i] = gain * (scene[i] ?? 0) + light + sigma * (noise[n] ?? 0);
          n = (n + 1) & 65_535;
        }
      const plane: Plane = { width, height, data: new Uint8Array(data.buffer) };
      return memoryFrame(plane, { pts: instant.at });
    },
  };
}

/** Presentation times from `from` to `to` (excluded) at `rate` frames a second. */
export function* times(from: number, to: number, rate: number): Generator<number> {
  for (let i = 0; from + i / rate < to - 1e-9; i++) yield from + i / rate;
}

function drawPlace(random: () => number, width: number, height: number): Float32Array {
  const stride = width + 2 * MARGIN;
  const rows = height + 2 * MARGIN;
  const out = new Float32Array(stride * rows);
  const lattice = [32, 12, 5].map((step) => ({
    step,
    across: Math.ceil(stride / step) + 2,
    values: Float32Array.from(
      { length: (Math.ceil(stride / step) + 2) * (Math.ceil(rows / step) + 2) },
      random,
    ),
  }));
  const weights = [70, 40, 25];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < stride; x++) {
      let value = 55;
      for (const [index, { step, across, values }] of lattice.entries()) {
        const cx = Math.floor(x / step);
        const cy = Math.floor(y / step);
        const fx = x / step - cx;
        const fy = y / step - cy;
        const at = (i: number, j: number) => values[(cy + j) * across + cx + i] ?? 0;
        const top = at(0, 0) * (1 - fx) + at(1, 0) * fx;
        const bottom = at(0, 1) * (1 - fx) + at(1, 1) * fx;
        value += (weights[index] ?? 0) * (top * (1 - fy) + bottom * fy - 0.25);
      }
      out[y * stride + x] = value;
    }
  // Kerbs, posts, windows.
  for (let i = 0; i < 14; i++) {
    const left = Math.floor(random() * stride);
    const top = Math.floor(random() * rows);
    const right = Math.min(stride, left + 4 + Math.floor(random() * 40));
    const bottom = Math.min(rows, top + 4 + Math.floor(random() * 30));
    const step = 50 * (random() - 0.5);
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) out[y * stride + x] = (out[y * stride + x] ?? 0) + step;
  }
  return out;
}

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
