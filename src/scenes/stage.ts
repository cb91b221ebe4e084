import type { Box } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { type Backdrop, lightBackdrop, paintBackdrop } from "./backdrop.ts";
import { PerspectiveCamera } from "./camera.ts";
import { LAMP_TINT, type LightState, lightAt, SUN_TINT, sunDirection } from "./light.ts";
import { soften } from "./optics.ts";
import { castShadow, drawActor, type Portrait, PortraitMaker } from "./portrait.ts";
import type { Actor, SceneScript } from "./script.ts";
import { Sprite } from "./sprite.ts";

/** An actor as it appears in one picture, canvas coordinates. */
export interface Appearance {
  readonly actor: Actor;
  /** Extent of the body on the canvas, hidden parts included. */
  readonly box: Box;
  /** Share of the body on the canvas that nothing hides, 0 to 1. */
  readonly visible: number;
  /** Where its painted texture lies, null where it has none. */
  readonly paint: Box | null;
}

/** Things hide an actor only when they stand clearly in front of it, metres. */
const HIDES = 0.25;

/**
 * Draws one moment of a scene after the other on a canvas that is wider than the picture by `margin` on each
 * side, so that a shaken camera finds something there.
 */
export class Stage {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  readonly #script: SceneScript;
  readonly #portraits: PortraitMaker;
  readonly #sharp: Uint8ClampedArray;
  readonly #lit: Uint8ClampedArray;
  readonly #softLit: Uint8ClampedArray;
  readonly #shade: Uint8Array;
  readonly #contact: Uint8Array;
  readonly #owner: Uint8Array;
  readonly #shadow = new Sprite();
  #view = -1;
  #camera: PerspectiveCamera;
  #backdrop: Backdrop | null = null;
  #light: LightState | null = null;

  constructor(script: SceneScript, margin: number) {
    this.#script = script;
    this.margin = margin;
    this.width = script.width + 2 * margin;
    this.height = script.height + 2 * margin;
    const size = this.width * this.height;
    this.#sharp = new Uint8ClampedArray(size * 3);
    this.#lit = new Uint8ClampedArray(size * 3);
    this.#softLit = new Uint8ClampedArray(size * 3);
    this.#shade = new Uint8Array(size);
    this.#contact = new Uint8Array(size);
    this.#owner = new Uint8Array(size);
    this.#portraits = new PortraitMaker(script);
    this.#camera = viewCamera(script, 0, margin);
  }

  /** The camera of the picture drawn last, with the canvas's margin. */
  get camera(): PerspectiveCamera {
    return this.#camera;
  }

  /** Draws the scene at an instant into `into` (packed RGB of the whole canvas). */
  draw(at: Seconds, into: Uint8ClampedArray): Appearance[] {
    const backdrop = this.#prepare(at);
    const light = this.#light;
    if (!light) return [];
    this.#sharp.set(this.#lit);
    into.set(this.#softLit);
    const portraits = this.#portraits.at(at, this.#camera, this.#view, this.width, this.height);
    const dirty: Box[] = [];
    for (const portrait of portraits) {
      dirty.push(...this.#markShadow(portrait, light.sun));
    }
    for (const part of dirty) this.#applyShadow(part, backdrop, light);
    for (const [index, portrait] of portraits.entries()) {
      drawActor(portrait, this.#camera, sunDirection(this.#script.sun));
      dirty.push(this.#blit(portrait, index + 1, backdrop, light));
    }
    const appearances = portraits.flatMap((portrait, index) => this.#appearance(portrait, index + 1) ?? []);
    for (const part of dirty) {
      const wider = { x: part.x - 1, y: part.y - 1, width: part.width + 2, height: part.height + 2 };
      soften(this.#sharp, into, this.width, this.height, wider, this.#script.optics.blur);
    }
    for (const portrait of portraits) this.#clearOwner(portrait.sprite);
    return appearances;
  }

  #prepare(at: Seconds): Backdrop {
    const script = this.#script;
    const view = Math.max(
      0,
      script.views.findLastIndex((candidate) => candidate.at <= at),
    );
    let backdrop = this.#backdrop;
    const moved = backdrop === null || view !== this.#view;
    if (moved || backdrop === null) {
      this.#view = view;
      this.#camera = viewCamera(script, view, this.margin);
      backdrop = paintBackdrop(script, this.#camera, this.width, this.height);
      this.#backdrop = backdrop;
    }
    const light = lightAt(script.light, at);
    if (moved || !this.#light || !sameLight(light, this.#light)) {
      this.#light = light;
      lightBackdrop(backdrop, light, this.#lit);
      const whole = { x: 0, y: 0, width: this.width, height: this.height };
      soften(this.#lit, this.#softLit, this.width, this.height, whole, script.optics.blur);
    }
    return backdrop;
  }

  /** Marks where the actor keeps light away. @returns the parts of the canvas that were marked */
  #markShadow(portrait: Portrait, sunlight: number): Box[] {
    const sun = sunDirection(this.#script.sun);
    const marked: Box[] = [];
    const mark = (into: Uint8Array, strength: number) => {
      const sprite = this.#shadow;
      for (let y = 0; y < sprite.height; y++) {
        let at = (y + sprite.y0) * this.width + sprite.x0;
        for (let index = y * sprite.width; index < (y + 1) * sprite.width; index++, at++) {
          const value = (sprite.alpha[index] ?? 0) * strength;
          if (value > (into[at] ?? 0)) into[at] = value;
        }
      }
      marked.push({ x: sprite.x0, y: sprite.y0, width: sprite.width, height: sprite.height });
    };
    if (sunlight > 0.02 && castShadow(portrait, this.#camera, sun, this.width, this.height, this.#shadow)) {
      mark(this.#shade, 1);
    }
    if (castShadow(portrait, this.#camera, null, this.width, this.height, this.#shadow))
      mark(this.#contact, 1);
    return marked;
  }

  #applyShadow(part: Box, backdrop: Backdrop, light: LightState): void {
    for (let y = part.y; y < part.y + part.height; y++) {
      for (let x = part.x; x < part.x + part.width; x++) {
        const at = y * this.width + x;
        const shade = this.#shade[at] ?? 0;
        const contact = this.#contact[at] ?? 0;
        if (shade === 0 && contact === 0) continue;
        this.#shade[at] = 0;
        this.#contact[at] = 0;
        // Only the ground takes shadows: what stands on it is too thin to matter.
        if (backdrop.depth[at] !== Number.POSITIVE_INFINITY) continue;
        const sun = (light.sun * (backdrop.sun[at] ?? 0) * shade * 0.9) / (255 * 255);
        const keep = 1 - (0.3 * contact) / 255;
        for (let channel = 0; channel < 3; channel++) {
          const value = this.#sharp[at * 3 + channel] ?? 0;
          const direct = (backdrop.albedo[at * 3 + channel] ?? 0) * sun * (SUN_TINT[channel] ?? 1);
          this.#sharp[at * 3 + channel] = (value - direct) * keep;
        }
      }
    }
  }

  #blit(portrait: Portrait, id: number, backdrop: Backdrop, light: LightState): Box {
    const sprite = portrait.sprite;
    const here = this.#lightAtFoot(portrait, backdrop);
    const sunlight = (light.sun * here.sun) / 255;
    const gain = [0, 1, 2].map(
      (channel) =>
        ((light.ambient[channel] ?? 0) + light.lamps * here.lamp * (LAMP_TINT[channel] ?? 1)) / 255,
    );
    const [red = 0, green = 0, blue = 0] = gain;
    const { albedo, form, sun, alpha } = sprite;
    const out = this.#sharp;
    for (let y = 0; y < sprite.height; y++) {
      let at = (y + sprite.y0) * this.width + sprite.x0;
      for (let index = y * sprite.width; index < (y + 1) * sprite.width; index++, at++) {
        const cover = alpha[index] ?? 0;
        if (cover === 0 || (backdrop.depth[at] ?? 0) < sprite.depth - HIDES) continue;
        const shape = form[index] ?? 0;
        const direct = (sun[index] ?? 0) * sunlight;
        const a = cover / 255;
        const p = at * 3;
        const q = index * 3;
        out[p] = (out[p] ?? 0) * (1 - a) + (albedo[q] ?? 0) * (shape * red + direct * SUN_TINT[0]) * a;
        out[p + 1] =
          (out[p + 1] ?? 0) * (1 - a) + (albedo[q + 1] ?? 0) * (shape * green + direct * SUN_TINT[1]) * a;
        out[p + 2] =
          (out[p + 2] ?? 0) * (1 - a) + (albedo[q + 2] ?? 0) * (shape * blue + direct * SUN_TINT[2]) * a;
        if (cover >= 128) this.#owner[at] = id;
      }
    }
    return { x: sprite.x0, y: sprite.y0, width: sprite.width, height: sprite.height };
  }

  /** An actor is lit like the ground at its feet; `sun` 1 is full sunlight. */
  #lightAtFoot(portrait: Portrait, backdrop: Backdrop): { sun: number; lamp: number } {
    const foot = this.#camera.project(portrait.place.x, portrait.place.y, 0);
    const x = Math.max(0, Math.min(this.width - 1, Math.round(foot.x)));
    const y = Math.max(0, Math.min(this.height - 1, Math.round(foot.y)));
    const at = y * this.width + x;
    const ground = backdrop.depth[at] === Number.POSITIVE_INFINITY;
    const highest = Math.max(0.05, sunDirection(this.#script.sun)[2]) * 255;
    return {
      sun: ground ? Math.min(1, 0.12 + (backdrop.sun[at] ?? 0) / highest) : 1,
      lamp: (backdrop.lamp[at] ?? 0) / 128 + 0.1,
    };
  }

  #appearance(portrait: Portrait, id: number): Appearance | null {
    const { sprite, actor } = portrait;
    let [x0, y0, x1, y1] = [sprite.width, sprite.height, -1, -1];
    let drawn = 0;
    let seen = 0;
    for (let y = 0; y < sprite.height; y++) {
      const row = (y + sprite.y0) * this.width + sprite.x0;
      for (let x = 0; x < sprite.width; x++) {
        if ((sprite.alpha[y * sprite.width + x] ?? 0) < 128) continue;
        drawn++;
        if (this.#owner[row + x] === id) seen++;
        if (x < x0) x0 = x;
        if (x > x1) x1 = x;
        if (y < y0) y0 = y;
        y1 = y;
      }
    }
    if (drawn === 0) return null;
    return {
      actor,
      box: { x: sprite.x0 + x0, y: sprite.y0 + y0, width: x1 - x0 + 1, height: y1 - y0 + 1 },
      visible: seen / drawn,
      paint: sprite.paint?.frame ?? null,
    };
  }

  #clearOwner(sprite: Sprite): void {
    for (let y = sprite.y0; y < sprite.y0 + sprite.height; y++) {
      const row = y * this.width + sprite.x0;
      this.#owner.fill(0, row, row + sprite.width);
    }
  }
}

/** The camera of a view, on a canvas with a margin; its ground is the picture's, moved by the margin. */
export function viewCamera(script: SceneScript, view: number, margin: number): PerspectiveCamera {
  const found = script.views[view] ?? script.views[0];
  if (!found) throw new RangeError("a scene needs at least one view");
  return new PerspectiveCamera(found.camera, script.width, script.height, margin);
}

function sameLight(a: LightState, b: LightState): boolean {
  const near = (x: number, y: number) => Math.abs(x - y) < 1e-4;
  return (
    near(a.sun, b.sun) &&
    near(a.lamps, b.lamps) &&
    near(a.ambient[0], b.ambient[0]) &&
    near(a.ambient[1], b.ambient[1]) &&
    near(a.ambient[2], b.ambient[2])
  );
}
