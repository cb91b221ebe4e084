import type { Box } from "../geometry/shapes.ts";
import { normalTable, randomStream } from "./random.ts";

/**
 * Softens a part of a packed RGB picture by the three-tap kernel (b, 1 - 2b, b) in both directions, with
 * b = strength / 3. Reads `from`, writes `to`.
 */
export function soften(
  from: Uint8ClampedArray,
  to: Uint8ClampedArray,
  width: number,
  height: number,
  part: Box,
  strength: number,
): void {
  const x0 = Math.max(0, Math.floor(part.x));
  const y0 = Math.max(0, Math.floor(part.y));
  const x1 = Math.min(width, Math.ceil(part.x + part.width));
  const y1 = Math.min(height, Math.ceil(part.y + part.height));
  if (x1 <= x0 || y1 <= y0) return;
  // 8-bit fixed point: rows are summed once each and kept for the two rows that need them.
  const side = Math.round((strength / 3) * 256);
  const middle = 256 - 2 * side;
  const span = (x1 - x0) * 3;
  let [above, here, below] = [new Uint16Array(span), new Uint16Array(span), new Uint16Array(span)];
  const row = (y: number, into: Uint16Array) => {
    const base = Math.max(0, Math.min(height - 1, y)) * width * 3;
    const first = x0 === 0 ? 3 : 0;
    const last = x1 === width ? span - 3 : span;
    let at = base + x0 * 3;
    for (let index = 0; index < span; index++, at++) {
      const left = index < first ? at : at - 3;
      const right = index >= last ? at : at + 3;
      into[index] = (side * ((from[left] ?? 0) + (from[right] ?? 0)) + middle * (from[at] ?? 0)) >> 4;
    }
  };
  row(y0 - 1, above);
  row(y0, here);
  for (let y = y0; y < y1; y++) {
    row(y + 1, below);
    let at = (y * width + x0) * 3;
    for (let index = 0; index < span; index++, at++) {
      to[at] =
        (side * ((above[index] ?? 0) + (below[index] ?? 0)) + middle * (here[index] ?? 0) + 2048) >> 12;
    }
    [above, here, below] = [here, below, above];
  }
}

/** A sensor's noise: each picture of a scene draws its own part of one seeded table. */
export class SensorNoise {
  readonly #luma: Int8Array;
  readonly #seed: number;

  /** @param deviation standard deviation, of 255 */
  constructor(deviation: number, seed: number) {
    this.#seed = seed;
    this.#luma = Int8Array.from(normalTable(1 << 16, seed), (value) =>
      Math.max(-127, Math.min(127, Math.round(value * deviation))),
    );
  }

  /** Adds the noise of picture number `index` in place: mostly brightness, a little colour. */
  add(data: Uint8ClampedArray, width: number, height: number, index: number): void {
    const random = randomStream(this.#seed + index * 7919);
    const table = this.#luma;
    const mask = table.length - 1;
    for (let y = 0; y < height; y++) {
      let at = y * width * 3;
      let luma = Math.floor(random() * table.length);
      let colour = Math.floor(random() * table.length);
      for (let x = 0; x < width; x++, at += 3) {
        const grey = table[luma++ & mask] ?? 0;
        const tint = (table[colour++ & mask] ?? 0) >> 1;
        data[at] = (data[at] ?? 0) + grey + tint;
        data[at + 1] = (data[at + 1] ?? 0) + grey;
        data[at + 2] = (data[at + 2] ?? 0) + grey - tint;
      }
    }
  }
}

/** Draws falling drops over a picture, in place. @param amount 0 to 1 */
export function addRain(
  data: Uint8ClampedArray,
  width: number,
  height: number,
  amount: number,
  seed: number,
): void {
  const random = randomStream(seed);
  const drops = Math.round((width * height * amount) / 1500);
  for (let drop = 0; drop < drops; drop++) {
    const length = (0.02 + 0.05 * random()) * height;
    const strength = 14 + 34 * random();
    const drift = 0.08 + 0.08 * random();
    let x = random() * width;
    let y = random() * (height + length) - length;
    for (let step = 0; step < length; step++, y++, x += drift) {
      const px = Math.floor(x);
      const py = Math.floor(y);
      if (px < 0 || px >= width || py < 0 || py >= height) continue;
      const at = (py * width + px) * 3;
      for (let channel = 0; channel < 3; channel++) data[at + channel] = (data[at + channel] ?? 0) + strength;
    }
  }
}

/** Takes the part of a larger picture that begins at a fraction of a pixel. Packed RGB. */
export function cropShifted(
  from: Uint8ClampedArray,
  fromWidth: number,
  x: number,
  y: number,
  to: Uint8ClampedArray,
  width: number,
  height: number,
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = Math.round((x - left) * 256);
  const fy = Math.round((y - top) * 256);
  for (let row = 0; row < height; row++) {
    let at = row * width * 3;
    let source = ((row + top) * fromWidth + left) * 3;
    const next = fromWidth * 3;
    for (let index = 0; index < width * 3; index++, at++, source++) {
      const upper = (from[source] ?? 0) * (256 - fx) + (from[source + 3] ?? 0) * fx;
      const lower = (from[source + next] ?? 0) * (256 - fx) + (from[source + next + 3] ?? 0) * fx;
      to[at] = (upper * (256 - fy) + lower * fy + 32768) >> 16;
    }
  }
}
