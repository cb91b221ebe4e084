import type { PerspectiveCamera } from "./camera.ts";
import { groundShade } from "./ground.ts";
import { LAMP_TINT, type LightState, SUN_TINT, sunDirection } from "./light.ts";
import { LAMP_HEIGHT, propAssembly } from "./props.ts";
import { hashCell, valueNoise } from "./random.ts";
import type { SceneScript } from "./script.ts";
import { type Assembly, blocksSun, castAssembly, corners, type Surface, screenBounds } from "./solid.ts";

/** Everything of a view that does not move, ready to be lit. All planes have width x height samples. */
export interface Backdrop {
  readonly width: number;
  readonly height: number;
  /** Packed RGB, what the surfaces reflect. */
  readonly albedo: Uint8Array;
  /** How much ambient light a surface gets by its slope, 255 is all. */
  readonly form: Uint8Array;
  /** How much of the sun's light arrives: slope and shadows of what stands. */
  readonly sun: Uint8Array;
  /** How much of the lamps' light arrives, 128 is one. */
  readonly lamp: Uint8Array;
  /** Depth of the things that stand on the ground, metres along the camera's axis; infinite where none is. */
  readonly depth: Float32Array;
}

const FAR = 300;

/** Draws a script's ground, sky and props as `camera` sees them. */
export function paintBackdrop(
  script: SceneScript,
  camera: PerspectiveCamera,
  width: number,
  height: number,
): Backdrop {
  // Twice the samples in each direction keep joints and edges calm; a large picture has enough of its own.
  const scale = width * height <= 1_300_000 ? 2 : 1;
  const fine = paint(script, camera, width * scale, height * scale, scale);
  return scale === 1 ? fine : halve(fine);
}

/** Lights a backdrop. @param into packed RGB, 3 * width * height bytes */
export function lightBackdrop(backdrop: Backdrop, light: LightState, into: Uint8ClampedArray): void {
  const { albedo, form, sun, lamp } = backdrop;
  for (let channel = 0; channel < 3; channel++) {
    const ambient = (light.ambient[channel] ?? 0) / 255;
    const sunlight = (light.sun * (SUN_TINT[channel] ?? 1)) / 255;
    const lamplight = (light.lamps * (LAMP_TINT[channel] ?? 1)) / 128;
    for (let index = 0, at = channel; index < form.length; index++, at += 3) {
      const lit =
        ambient * (form[index] ?? 0) + sunlight * (sun[index] ?? 0) + lamplight * (lamp[index] ?? 0);
      into[at] = (albedo[at] ?? 0) * lit;
    }
  }
}

function paint(
  script: SceneScript,
  camera: PerspectiveCamera,
  width: number,
  height: number,
  scale: number,
): Backdrop {
  const backdrop: Backdrop = {
    width,
    height,
    albedo: new Uint8Array(width * height * 3),
    form: new Uint8Array(width * height),
    sun: new Uint8Array(width * height),
    lamp: new Uint8Array(width * height),
    depth: new Float32Array(width * height).fill(Number.POSITIVE_INFINITY),
  };
  const sun = sunDirection(script.sun);
  const indoor = script.sky === "ceiling";
  const assemblies = script.props.map((prop, index) => propAssembly(prop, script.seed + index * 17));
  const casters = indoor ? [] : assemblies.map((assembly) => ({ assembly, ...shadowBounds(assembly, sun) }));
  const lamps = script.props.filter((prop) => prop.kind === "lamp").map((prop) => prop.at);
  const reach = 22;
  const lampAt = (x: number, y: number, z: number): number => {
    if (indoor) return 0.9 + 0.1 * Math.cos(x * 1.1) * Math.cos(y * 0.8);
    let sum = 0;
    for (const lamp of lamps) {
      const d2 = (x - lamp.x) ** 2 + (y - lamp.y) ** 2 + (z - LAMP_HEIGHT) ** 2;
      sum += Math.max(0, 1 - d2 / (reach * reach)) * (34 / (12 + d2));
    }
    return Math.min(1.9, sum);
  };
  const ground = groundShade(script);
  const surface: Surface = { r: 0, g: 0, b: 0, glow: 0 };
  const put = (at: number, form: number, sunlight: number, lamplight: number) => {
    backdrop.albedo[at * 3] = to8(surface.r);
    backdrop.albedo[at * 3 + 1] = to8(surface.g);
    backdrop.albedo[at * 3 + 2] = to8(surface.b);
    backdrop.form[at] = to8(form);
    backdrop.sun[at] = to8(sunlight);
    backdrop.lamp[at] = Math.min(255, Math.max(lamplight, surface.glow) * 128);
  };
  // Shadows are soft anyway: one ray for each 2 x 2 samples.
  let shadowed = false;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const [dx, dy, dz] = camera.ray((x + 0.5) / scale, (y + 0.5) / scale);
      const depth = dz < 0 ? camera.origin.z / -dz : FAR * 2;
      if (depth > FAR) {
        sky(script, dx, dy, dz, surface);
        put(at, 1, 0, indoor ? 0.9 : 0.02);
        continue;
      }
      const gx = camera.origin.x + dx * depth;
      const gy = camera.origin.y + dy * depth;
      ground(gx, gy, (depth * depth) / (camera.focal * scale * camera.origin.z), surface);
      if (x % scale === 0) {
        shadowed = casters.some(
          (caster) =>
            gx > caster.x0 &&
            gx < caster.x1 &&
            gy > caster.y0 &&
            gy < caster.y1 &&
            blocksSun(caster.assembly, gx, gy, 0.01, sun),
        );
      }
      put(at, 1, shadowed ? 0 : sun[2], lampAt(gx, gy, 0));
    }
  }
  for (const assembly of assemblies) {
    const window = screenBounds(camera, assembly, width / scale, height / scale);
    if (!window) continue;
    castAssembly(
      camera,
      assembly,
      { x0: window.x0 * scale, y0: window.y0 * scale, x1: window.x1 * scale, y1: window.y1 * scale },
      scale,
      (x, y) => backdrop.depth[y * width + x] ?? 0,
      (hit) => {
        const at = hit.y * width + hit.x;
        backdrop.depth[at] = hit.depth;
        surface.r = hit.surface.r;
        surface.g = hit.surface.g;
        surface.b = hit.surface.b;
        surface.glow = hit.surface.glow;
        const slope = 0.72 + 0.28 * hit.nz + 0.06 * hit.nx;
        const facing = Math.max(0, hit.nx * sun[0] + hit.ny * sun[1] + hit.nz * sun[2]);
        put(at, slope, facing, 0.7 * lampAt(hit.wx, hit.wy, hit.wz));
      },
    );
  }
  return backdrop;
}

/** The part of the ground that a thing's shadow can reach. */
function shadowBounds(
  assembly: Assembly,
  sun: readonly [number, number, number],
): { x0: number; y0: number; x1: number; y1: number } {
  const fallen = corners(assembly).flatMap(([x, y, z]) => [
    { x, y },
    { x: x - (sun[0] / sun[2]) * z, y: y - (sun[1] / sun[2]) * z },
  ]);
  const xs = fallen.map((point) => point.x);
  const ys = fallen.map((point) => point.y);
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

function sky(script: SceneScript, dx: number, dy: number, dz: number, out: Surface): void {
  out.glow = 0;
  const up = Math.max(0, dz / Math.hypot(dx, dy, dz));
  if (script.sky === "ceiling") {
    const panel = hashCell(
      Math.floor((dx / Math.max(0.02, dz)) * 0.8),
      Math.floor((dy / Math.max(0.02, dz)) * 0.4),
      3,
    );
    out.r = out.g = 0.62 + 0.1 * panel;
    out.b = 0.6 + 0.1 * panel;
  } else if (script.sky === "night") {
    out.r = 0.16;
    out.g = 0.17;
    out.b = 0.24;
  } else {
    const cloud = valueNoise(dx * 4, up * 16, script.seed) * (script.sky === "overcast" ? 0.12 : 0.2);
    const blue = script.sky === "clear" ? 1 - up * 1.2 : 1;
    out.r = 0.72 * blue + cloud;
    out.g = 0.8 * (0.4 + 0.6 * blue) + cloud;
    out.b = 0.86 + cloud;
  }
}

function to8(value: number): number {
  return value <= 0 ? 0 : value >= 1 ? 255 : value * 255;
}

/** The mean of each 2 x 2 samples; of depth the nearest. */
function halve(fine: Backdrop): Backdrop {
  const width = fine.width / 2;
  const height = fine.height / 2;
  const mean = (plane: Uint8Array, step: number, offset: number, into: Uint8Array) => {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = (2 * y * fine.width + 2 * x) * step + offset;
        const below = at + fine.width * step;
        into[(y * width + x) * step + offset] =
          ((plane[at] ?? 0) +
            (plane[at + step] ?? 0) +
            (plane[below] ?? 0) +
            (plane[below + step] ?? 0) +
            2) >>
          2;
      }
    }
    return into;
  };
  const albedo = new Uint8Array(width * height * 3);
  for (let channel = 0; channel < 3; channel++) mean(fine.albedo, 3, channel, albedo);
  const depth = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 2 * y * fine.width + 2 * x;
      depth[y * width + x] = Math.min(
        fine.depth[at] ?? 0,
        fine.depth[at + 1] ?? 0,
        fine.depth[at + fine.width] ?? 0,
        fine.depth[at + fine.width + 1] ?? 0,
      );
    }
  }
  return {
    width,
    height,
    albedo,
    form: mean(fine.form, 1, 0, new Uint8Array(width * height)),
    sun: mean(fine.sun, 1, 0, new Uint8Array(width * height)),
    lamp: mean(fine.lamp, 1, 0, new Uint8Array(width * height)),
    depth,
  };
}
