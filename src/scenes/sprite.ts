import type { Box } from "../geometry/shapes.ts";
import { PAINT_COLUMNS, PAINT_ROWS, paintedTexture } from "./paint.ts";
import type { Colour } from "./script.ts";

/** How a stroke looks: its colour, and how the light falls across it. */
export interface Brush {
  readonly colour: Colour;
  /** Seed of the cloth's folds; 0 is smooth. */
  readonly folds: number;
}

/** Light on a round body as the camera sees it: a unit vector in view axes (right, down, towards the camera). */
export type ViewLight = readonly [number, number, number];

/**
 * One actor's picture before it is lit: colour, shape of the light on it, coverage. Its window is a part of
 * the canvas; the memory is kept from picture to picture.
 */
export class Sprite {
  x0 = 0;
  y0 = 0;
  width = 0;
  height = 0;
  /** Metres from the camera, for the order of drawing. */
  depth = 0;
  albedo = new Uint8Array(0);
  form = new Uint8Array(0);
  sun = new Uint8Array(0);
  /** Coverage, 255 is opaque. */
  alpha = new Uint8Array(0);
  /** Where the painted texture lies, canvas coordinates; null on unpainted actors. */
  paint: { readonly frame: Box; readonly texture: Uint8Array } | null = null;

  /** Empties the sprite and puts its window at the given part of the canvas. */
  reset(x0: number, y0: number, x1: number, y1: number): void {
    this.x0 = x0;
    this.y0 = y0;
    this.width = Math.max(0, x1 - x0);
    this.height = Math.max(0, y1 - y0);
    const size = this.width * this.height;
    if (this.alpha.length < size) {
      const room = Math.ceil(size * 1.3);
      this.albedo = new Uint8Array(room * 3);
      this.form = new Uint8Array(room);
      this.sun = new Uint8Array(room);
      this.alpha = new Uint8Array(room);
    }
    this.alpha.fill(0, 0, size);
    this.paint = null;
  }

  /** Everything drawn from now on shows the texture of `seed`, stretched over `frame`. */
  paintWith(seed: number, frame: Box): void {
    this.paint = { frame, texture: paintedTexture(seed).data };
  }

  /** Draws a stroke with round ends from (ax, ay) to (bx, by), canvas px, of radius ra to rb. */
  stroke(
    ax: number,
    ay: number,
    ra: number,
    bx: number,
    by: number,
    rb: number,
    brush: Brush,
    light: ViewLight,
  ): void {
    const reach = Math.max(ra, rb) + 1;
    const dx = bx - ax;
    const dy = by - ay;
    const length2 = Math.max(1e-9, dx * dx + dy * dy);
    const length = Math.sqrt(length2);
    const window = this.#window(
      Math.min(ax, bx) - reach,
      Math.min(ay, by) - reach,
      Math.max(ax, bx) + reach,
      Math.max(ay, by) + reach,
    );
    for (let y = window.y0; y < window.y1; y++) {
      for (let x = window.x0; x < window.x1; x++) {
        const px = x + 0.5 - ax;
        const py = y + 0.5 - ay;
        let t = (px * dx + py * dy) / length2;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        const ex = px - dx * t;
        const ey = py - dy * t;
        const distance = Math.sqrt(ex * ex + ey * ey);
        const radius = ra + (rb - ra) * t;
        const cover = radius - distance + 0.5;
        if (cover <= 0) continue;
        const s = Math.min(1, distance / Math.max(radius, 1e-6));
        const nx = distance > 1e-6 ? (ex / distance) * s : 0;
        const ny = distance > 1e-6 ? (ey / distance) * s : 0;
        this.#put(x, y, Math.min(1, cover), nx, ny, Math.sqrt(1 - s * s), (t * length) / reach, brush, light);
      }
    }
  }

  /** Fills a convex outline (canvas px, either way round) rounded by `radius`, lit as a round body. */
  fill(
    outline: readonly (readonly [number, number])[],
    radius: number,
    brush: Brush,
    light: ViewLight,
  ): void {
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of outline) {
      x0 = Math.min(x0, x);
      y0 = Math.min(y0, y);
      x1 = Math.max(x1, x);
      y1 = Math.max(y1, y);
    }
    const middle = (x0 + x1) / 2;
    const half = (x1 - x0) / 2 + radius;
    const window = this.#window(x0 - radius - 1, y0 - radius - 1, x1 + radius + 1, y1 + radius + 1);
    for (let y = window.y0; y < window.y1; y++) {
      for (let x = window.x0; x < window.x1; x++) {
        const cover = radius - outlineDistance(outline, x + 0.5, y + 0.5) + 0.5;
        if (cover <= 0) continue;
        const nx = Math.max(-1, Math.min(1, (x + 0.5 - middle) / half));
        this.#put(
          x,
          y,
          Math.min(1, cover),
          nx * 0.95,
          0,
          Math.sqrt(Math.max(0, 1 - nx * nx * 0.9)),
          (y + 0.5 - y0) / half,
          brush,
          light,
        );
      }
    }
  }

  /** Sets one opaque pixel. @param form, @param sun light on it, 0 to 1 */
  dot(x: number, y: number, r: number, g: number, b: number, form: number, sun: number): void {
    const at = (y - this.y0) * this.width + (x - this.x0);
    const painted = this.paint ? this.#texel(x, y) : -1;
    this.albedo[at * 3] = painted < 0 ? Math.min(255, r * 255) : painted;
    this.albedo[at * 3 + 1] = painted < 0 ? Math.min(255, g * 255) : painted;
    this.albedo[at * 3 + 2] = painted < 0 ? Math.min(255, b * 255) : painted;
    this.form[at] = (painted < 0 ? form : 0.92) * 255;
    this.sun[at] = (painted < 0 ? sun : 0) * 255;
    this.alpha[at] = 255;
  }

  #put(
    x: number,
    y: number,
    cover: number,
    nx: number,
    ny: number,
    nz: number,
    along: number,
    brush: Brush,
    light: ViewLight,
  ): void {
    const at = (y - this.y0) * this.width + (x - this.x0);
    let [r, g, b] = brush.colour;
    let form = 0.62 + 0.3 * nz - 0.14 * ny;
    let sun = Math.max(0, nx * light[0] + ny * light[1] + nz * light[2]);
    // The folds lie on the body, not on the picture: they must not swim as it walks.
    if (brush.folds !== 0) {
      const fold =
        1 + 0.11 * Math.sin(nx * 2.6 + along * 0.9 + brush.folds) * Math.sin(along * 2.1 + brush.folds * 1.7);
      r *= fold;
      g *= fold;
      b *= fold;
    }
    if (this.paint) {
      r = g = b = this.#texel(x, y) / 255;
      form = 0.92;
      sun = 0;
    }
    const old = this.alpha[at] ?? 0;
    const whole = Math.max(old, cover * 255);
    // Where nothing was, the colour is the stroke's own; coverage alone softens its edge.
    const share = old === 0 ? 1 : cover;
    const mix = (plane: Uint8Array, index: number, value: number) => {
      const before = plane[index] ?? 0;
      const after = Math.min(255, value * 255);
      plane[index] = before + (after - before) * share;
    };
    mix(this.albedo, at * 3, r);
    mix(this.albedo, at * 3 + 1, g);
    mix(this.albedo, at * 3 + 2, b);
    mix(this.form, at, form);
    mix(this.sun, at, sun);
    this.alpha[at] = whole;
  }

  #texel(x: number, y: number): number {
    if (!this.paint) return 0;
    const { frame, texture } = this.paint;
    const column = clampIndex(((x + 0.5 - frame.x) / frame.width) * PAINT_COLUMNS, PAINT_COLUMNS);
    const row = clampIndex(((y + 0.5 - frame.y) / frame.height) * PAINT_ROWS, PAINT_ROWS);
    return texture[(row * PAINT_COLUMNS + column) * 3] ?? 0;
  }

  #window(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
  ): { x0: number; y0: number; x1: number; y1: number } {
    return {
      x0: Math.max(this.x0, Math.floor(x0)),
      y0: Math.max(this.y0, Math.floor(y0)),
      x1: Math.min(this.x0 + this.width, Math.ceil(x1)),
      y1: Math.min(this.y0 + this.height, Math.ceil(y1)),
    };
  }
}

function clampIndex(value: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor(value)));
}

/** Distance from a point to a convex outline; negative inside. */
function outlineDistance(outline: readonly (readonly [number, number])[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let left = 0;
  let right = 0;
  for (let index = 0; index < outline.length; index++) {
    const from = outline[index];
    const to = outline[(index + 1) % outline.length];
    if (!from || !to) continue;
    const dx = to[0] - from[0];
    const dy = to[1] - from[1];
    const px = x - from[0];
    const py = y - from[1];
    if (dx * py - dy * px >= 0) left++;
    else right++;
    const t = Math.max(0, Math.min(1, (px * dx + py * dy) / Math.max(1e-9, dx * dx + dy * dy)));
    const distance = Math.hypot(px - dx * t, py - dy * t);
    if (distance < nearest) nearest = distance;
  }
  return left === 0 || right === 0 ? -nearest : nearest;
}
