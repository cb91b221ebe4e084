import type { Box } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { PerspectiveCamera } from "./camera.ts";
import { type Placement, placementAt } from "./motion.ts";
import type { Actor, SceneScript } from "./script.ts";
import { type Assembly, castAssembly, corners, screenBounds } from "./solid.ts";
import { Sprite, type ViewLight } from "./sprite.ts";
import { luggageSolids, vehicleSolids } from "./vehicle.ts";
import { type Body, bodyOf, drawBody, inWorld, type Looks, looksOf, shadowLimbs } from "./walker.ts";

/** An actor that is to be drawn: where it is, what it is made of, and the sprite that takes its picture. */
export interface Portrait {
  readonly actor: Actor;
  readonly place: Placement;
  readonly shape:
    | { readonly kind: "body"; readonly body: Body }
    | { readonly kind: "solid"; readonly assembly: Assembly };
  readonly sprite: Sprite;
  /** The sprite already holds this very picture. */
  readonly drawn: boolean;
}

/** Nearer to the camera than this nobody is drawn, metres. */
const TOO_NEAR = 1;

/** Keeps one sprite for each actor, and the picture in it while a thing stands still. */
export class PortraitMaker {
  readonly #script: SceneScript;
  readonly #sprites = new Map<number, { sprite: Sprite; key: string }>();
  readonly #looks = new Map<number, Looks>();

  constructor(script: SceneScript) {
    this.#script = script;
  }

  /** Everybody who can be seen at an instant, farthest first. */
  at(at: Seconds, camera: PerspectiveCamera, view: number, width: number, height: number): Portrait[] {
    const portraits: Portrait[] = [];
    for (const actor of this.#script.actors) {
      const place = placementAt(actor, at);
      if (!place) continue;
      const depth = camera.project(place.x, place.y, 0.8).depth;
      if (depth < TOO_NEAR) continue;
      const kept = this.#sprites.get(actor.number) ?? { sprite: new Sprite(), key: "" };
      this.#sprites.set(actor.number, kept);
      const sprite = kept.sprite;
      if (actor.kind === "walker") {
        const looks = this.#looks.get(actor.number) ?? looksOf(actor);
        this.#looks.set(actor.number, looks);
        const body = bodyOf(actor, looks, place, at);
        if (!frameBody(body, camera, width, height, sprite)) continue;
        if (actor.painted !== undefined) sprite.paintWith(actor.painted, bodyFrame(body, camera));
        portraits.push({ actor, place, shape: { kind: "body", body }, sprite, drawn: false });
      } else {
        const solids = actor.kind === "vehicle" ? vehicleSolids(actor) : luggageSolids(actor);
        const assembly = { at: place, heading: place.heading, solids };
        const window = screenBounds(camera, assembly, width, height);
        if (!window) continue;
        const key = `${view}:${place.x}:${place.y}:${place.heading}`;
        const drawn = kept.key === key;
        if (!drawn) {
          sprite.reset(window.x0, window.y0, window.x1, window.y1);
          if (actor.painted !== undefined) sprite.paintWith(actor.painted, outlineBox(camera, assembly));
        }
        kept.key = key;
        portraits.push({ actor, place, shape: { kind: "solid", assembly }, sprite, drawn });
      }
      sprite.depth = depth;
    }
    return portraits.sort((a, b) => b.sprite.depth - a.sprite.depth);
  }
}

/** Draws an actor into its sprite. @param sun unit vector towards the sun */
export function drawActor(
  portrait: Portrait,
  camera: PerspectiveCamera,
  sun: readonly [number, number, number],
): void {
  if (portrait.drawn) return;
  const { sprite, shape } = portrait;
  if (shape.kind === "body") {
    drawBody(shape.body, camera, sprite, viewLight(camera, sun));
    return;
  }
  const window = {
    x0: sprite.x0,
    y0: sprite.y0,
    x1: sprite.x0 + sprite.width,
    y1: sprite.y0 + sprite.height,
  };
  castAssembly(
    camera,
    shape.assembly,
    window,
    1,
    () => Number.POSITIVE_INFINITY,
    (hit) => {
      const direct = Math.max(0, hit.nx * sun[0] + hit.ny * sun[1] + hit.nz * sun[2]);
      const form = 0.72 + 0.28 * hit.nz + 0.08 * hit.nx;
      const { r, g, b } = hit.surface;
      sprite.dot(hit.x, hit.y, r, g, b, form, direct);
    },
  );
}

/**
 * Draws where an actor keeps light from the ground into `mask` (its alpha).
 * @param sun towards the sun; null draws the dim patch where it touches the ground instead
 * @returns whether there is anything on the canvas
 */
export function castShadow(
  portrait: Portrait,
  camera: PerspectiveCamera,
  sun: readonly [number, number, number] | null,
  width: number,
  height: number,
  mask: Sprite,
): boolean {
  const { shape, place } = portrait;
  const fall = (x: number, y: number, z: number) =>
    sun ? camera.project(x - (sun[0] / sun[2]) * z, y - (sun[1] / sun[2]) * z, 0) : camera.project(x, y, 0);
  if (shape.kind === "body" && sun) {
    const limbs = shadowLimbs(shape.body).map(([from, to, radius]) => {
      const a = fall(...inWorld(shape.body, from));
      const b = fall(...inWorld(shape.body, to));
      // The ground is seen at a slant: a round limb's shadow is flatter than it is wide.
      return { a, b, size: radius * camera.focal * 0.8 };
    });
    if (limbs.some(({ a, b }) => Math.min(a.depth, b.depth) < TOO_NEAR)) return false;
    const ends = limbs.flatMap(({ a, b }) => [a, b]);
    if (!frameMask(ends, 0.15 * camera.focal, width, height, mask)) return false;
    for (const { a, b, size } of limbs) {
      mask.stroke(a.x, a.y, size / a.depth, b.x, b.y, size / b.depth, DARK, UP);
    }
    return true;
  }
  const outline =
    shape.kind === "solid"
      ? hull(corners(shape.assembly).map(([x, y, z]) => fall(x, y, sun ? z : 0)))
      : Array.from({ length: 10 }, (_, index) => {
          const angle = (index * Math.PI) / 5;
          return camera.project(place.x + 0.26 * Math.cos(angle), place.y + 0.26 * Math.sin(angle), 0);
        });
  if (outline.some((point) => point.depth < TOO_NEAR)) return false;
  if (!frameMask(outline, 2 * camera.focal * 0.02, width, height, mask)) return false;
  mask.fill(
    outline.map((point) => [point.x, point.y] as const),
    1,
    DARK,
    UP,
  );
  return true;
}

const DARK = { colour: [0, 0, 0], folds: 0 } as const;
const UP: ViewLight = [0, -1, 0];

function viewLight(camera: PerspectiveCamera, sun: readonly [number, number, number]): ViewLight {
  const along = (axis: readonly [number, number, number]) =>
    axis[0] * sun[0] + axis[1] * sun[1] + axis[2] * sun[2];
  return [along(camera.right), -along(camera.up), -along(camera.forward)];
}

/** Puts the sprite's window around a body. @returns whether any of it is on the canvas */
function frameBody(
  body: Body,
  camera: PerspectiveCamera,
  width: number,
  height: number,
  sprite: Sprite,
): boolean {
  const { head, neck, pelvis, left, right } = body.skeleton;
  const joints = [head, neck, pelvis, ...Object.values(left), ...Object.values(right)];
  const seen = joints.map((joint) => camera.project(...inWorld(body, joint)));
  return frameMask(seen, 0.2 * camera.focal, width, height, sprite);
}

/** Puts a window around points, wider by `reach` (px at a depth of 1 m). */
function frameMask(
  points: readonly { readonly x: number; readonly y: number; readonly depth: number }[],
  reach: number,
  width: number,
  height: number,
  sprite: Sprite,
): boolean {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const point of points) {
    const pad = reach / point.depth + 2;
    x0 = Math.min(x0, point.x - pad);
    x1 = Math.max(x1, point.x + pad);
    y0 = Math.min(y0, point.y - pad);
    y1 = Math.max(y1, point.y + pad);
  }
  x0 = Math.max(0, Math.floor(x0));
  y0 = Math.max(0, Math.floor(y0));
  x1 = Math.min(width, Math.ceil(x1));
  y1 = Math.min(height, Math.ceil(y1));
  if (x1 <= x0 || y1 <= y0) return false;
  sprite.reset(x0, y0, x1, y1);
  return true;
}

/** Where a walker's texture lies: from the ground to the crown, half as wide as high. */
function bodyFrame(body: Body, camera: PerspectiveCamera): Box {
  const { x, y } = body.place;
  const foot = camera.project(x, y, 0);
  const crown = camera.project(x, y, body.stature);
  const middle = camera.project(x, y, body.stature / 2);
  const height = foot.y - crown.y;
  return { x: middle.x - height / 4, y: crown.y, width: height / 2, height };
}

function outlineBox(camera: PerspectiveCamera, assembly: Assembly): Box {
  const points = corners(assembly).map(([x, y, z]) => camera.project(x, y, z));
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** The convex hull of points, by Andrew's monotone chain. */
function hull<P extends { readonly x: number; readonly y: number }>(points: readonly P[]): P[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const chain = (list: readonly P[]) => {
    const kept: P[] = [];
    for (const point of list) {
      for (;;) {
        const a = kept.at(-2);
        const b = kept.at(-1);
        if (!a || !b || (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0) break;
        kept.pop();
      }
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}
