import { hashCell, valueNoise } from "./random.ts";
import type { GroundMaterial, GroundPatch, GroundPoint, SceneScript } from "./script.ts";
import type { Surface } from "./solid.ts";

/** Colours a point of the ground. @param footprint metres of ground that one sample covers, along the view */
export type GroundShade = (x: number, y: number, footprint: number, out: Surface) => void;

/** The ground of a scene: its base material and the patches on it. */
export function groundShade(script: Pick<SceneScript, "ground" | "patches" | "seed" | "rain">): GroundShade {
  const patches = script.patches.map((patch) => ({ patch, bounds: boundsOf(patch) }));
  const wet = 1 - 0.3 * script.rain;
  return (x, y, footprint, out) => {
    let material = script.ground;
    for (const { patch, bounds } of patches) {
      if (x < bounds.x0 || x > bounds.x1 || y < bounds.y0 || y > bounds.y1) continue;
      if (insideConvex(patch.corners, x, y)) material = patch.material;
    }
    colour(material, x, y, footprint, script.seed, out);
    out.r *= wet;
    out.g *= wet;
    out.b *= wet;
    out.glow = 0;
  };
}

/** Whether a point lies in a convex polygon, whichever way round its corners go. */
export function insideConvex(polygon: readonly GroundPoint[], x: number, y: number): boolean {
  let sign = 0;
  for (let index = 0; index < polygon.length; index++) {
    const from = polygon[index];
    const to = polygon[(index + 1) % polygon.length];
    if (!from || !to) return false;
    const side = (to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x);
    if (side === 0) continue;
    if (sign === 0) sign = Math.sign(side);
    else if (Math.sign(side) !== sign) return false;
  }
  return sign !== 0;
}

function boundsOf(patch: GroundPatch): { x0: number; y0: number; x1: number; y1: number } {
  const xs = patch.corners.map((corner) => corner.x);
  const ys = patch.corners.map((corner) => corner.y);
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

function colour(
  material: GroundMaterial,
  x: number,
  y: number,
  footprint: number,
  seed: number,
  out: Surface,
): void {
  // Detail finer than a sample would flicker: it fades out as the footprint grows.
  const fine = Math.max(0, 1 - footprint / 0.25);
  const broad = valueNoise(x * 0.35, y * 0.35, seed) - 0.5;
  const grain = fine * (valueNoise(x * 9, y * 9, seed + 1) - 0.5);
  const stain = Math.max(0, valueNoise(x * 0.9 + 40, y * 0.9, seed + 2) - 0.72);
  switch (material) {
    case "paving":
      tiled(x, y, footprint, 0.6, 0.4, 0.012, [0.55, 0.52, 0.47], 0.14, seed, out);
      break;
    case "slabs":
      tiled(x, y, footprint, 1.2, 1.2, 0.015, [0.58, 0.57, 0.55], 0.09, seed, out);
      break;
    case "tiles":
      tiled(x, y, footprint, 0.9, 0.9, 0.008, [0.68, 0.66, 0.61], 0.06, seed, out);
      break;
    case "asphalt":
      set(out, 0.3, 0.3, 0.31);
      break;
    case "grass": {
      const blade = 0.5 + (valueNoise(x * 3, y * 3, seed + 5) - 0.5) * 0.5;
      set(out, 0.22 + 0.08 * blade, 0.33 + 0.12 * blade, 0.16 + 0.04 * blade);
      break;
    }
    case "tactile": {
      const knob = Math.hypot(fract(x / 0.12) - 0.5, fract(y / 0.12) - 0.5) < 0.28 ? 0.1 * fine : 0;
      set(out, 0.78 + knob, 0.66 + knob, 0.2);
      break;
    }
    case "marking":
      set(out, 0.82, 0.82, 0.8);
      break;
    case "ballast":
      set(out, 0.46, 0.43, 0.4);
      break;
  }
  const shade = 1 + 0.16 * broad + (material === "ballast" ? 0.8 : 0.16) * grain - 0.7 * stain;
  out.r *= shade;
  out.g *= shade;
  out.b *= shade;
}

function tiled(
  x: number,
  y: number,
  footprint: number,
  tileWidth: number,
  tileDepth: number,
  joint: number,
  base: readonly [number, number, number],
  variety: number,
  seed: number,
  out: Surface,
): void {
  const row = Math.floor(y / tileDepth);
  const u = x / tileWidth + (row % 2) * 0.5;
  const column = Math.floor(u);
  const inX = Math.abs(fract(u) - 0.5) * tileWidth;
  const inY = Math.abs(fract(y / tileDepth) - 0.5) * tileDepth;
  // A joint thinner than the footprint darkens its sample only in part.
  const soft = Math.max(joint, footprint);
  const strength = 0.45 * Math.min(1, joint / soft + 0.1) * Math.max(0, 1 - footprint / 0.6);
  const edgeX = Math.max(0, 1 - (tileWidth / 2 - inX) / soft);
  const edgeY = Math.max(0, 1 - (tileDepth / 2 - inY) / soft);
  const fade = Math.max(0, 1 - footprint / (2 * tileDepth));
  const tone = 1 + variety * fade * (hashCell(column, row, seed + 9) - 0.5) * 2;
  const dark = 1 - strength * Math.max(edgeX, edgeY);
  set(out, base[0] * tone * dark, base[1] * tone * dark, base[2] * tone * dark);
}

function set(out: Surface, r: number, g: number, b: number): void {
  out.r = r;
  out.g = g;
  out.b = b;
}

function fract(value: number): number {
  return value - Math.floor(value);
}
