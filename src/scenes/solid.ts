import { NEAR, type PerspectiveCamera } from "./camera.ts";
import type { Colour, GroundPoint } from "./script.ts";

/** What a surface is like at one point: its colour, and how much it glows when the lamps are on. */
export interface Surface {
  r: number;
  g: number;
  b: number;
  glow: number;
}

/**
 * Colours a point of a solid. @param face index of the plane hit; @param x, y, z the point in the solid's own
 * metres
 */
export type Shade = (face: number, x: number, y: number, z: number, out: Surface) => void;

/** A convex body in its own frame: x to its right, y ahead, z up, metres. */
export type Solid =
  | {
      readonly kind: "convex";
      /** Outward normal and distance of each plane: nx, ny, nz, d with n·p <= d inside. */
      readonly planes: readonly (readonly [number, number, number, number])[];
      readonly low: readonly [number, number, number];
      readonly high: readonly [number, number, number];
      readonly shade: Shade;
    }
  | {
      readonly kind: "ellipsoid";
      readonly centre: readonly [number, number, number];
      readonly radii: readonly [number, number, number];
      readonly shade: Shade;
    };

/** Solids that stand together at a place, turned by `heading` (radians clockwise seen from above). */
export interface Assembly {
  readonly at: GroundPoint;
  readonly heading: number;
  readonly solids: readonly Solid[];
}

/** A pixel of a solid that the camera sees. The object is reused from call to call. */
export interface Hit {
  x: number;
  y: number;
  depth: number;
  surface: Surface;
  /** Outward normal in the world. */
  nx: number;
  ny: number;
  nz: number;
  /** The point in the world. */
  wx: number;
  wy: number;
  wz: number;
}

/** An upright box of the given half width, half depth, bottom and top. */
export function box(
  centre: readonly [number, number],
  half: readonly [number, number],
  bottom: number,
  top: number,
  shade: Shade | Colour,
): Solid {
  const [cx, cy] = centre;
  const [hx, hy] = half;
  return {
    kind: "convex",
    planes: [
      [1, 0, 0, cx + hx],
      [-1, 0, 0, -(cx - hx)],
      [0, 1, 0, cy + hy],
      [0, -1, 0, -(cy - hy)],
      [0, 0, 1, top],
      [0, 0, -1, -bottom],
    ],
    low: [cx - hx, cy - hy, bottom],
    high: [cx + hx, cy + hy, top],
    shade: typeof shade === "function" ? shade : plain(shade),
  };
}

/** An upright prism with eight sides: poles and columns. */
export function pillar(
  centre: readonly [number, number],
  radius: number,
  bottom: number,
  top: number,
  shade: Shade | Colour,
): Solid {
  const planes: [number, number, number, number][] = [
    [0, 0, 1, top],
    [0, 0, -1, -bottom],
  ];
  for (let side = 0; side < 8; side++) {
    const nx = Math.cos((side * Math.PI) / 4);
    const ny = Math.sin((side * Math.PI) / 4);
    planes.push([nx, ny, 0, nx * centre[0] + ny * centre[1] + radius]);
  }
  return {
    kind: "convex",
    planes,
    low: [centre[0] - radius * 1.1, centre[1] - radius * 1.1, bottom],
    high: [centre[0] + radius * 1.1, centre[1] + radius * 1.1, top],
    shade: typeof shade === "function" ? shade : plain(shade),
  };
}

/** The same colour everywhere. */
export function plain(colour: Colour): Shade {
  return (_face, _x, _y, _z, out) => {
    out.r = colour[0];
    out.g = colour[1];
    out.b = colour[2];
    out.glow = 0;
  };
}

/** The corners of everything in an assembly, in the world: enough for its outline and its shadow. */
export function corners(assembly: Assembly): (readonly [number, number, number])[] {
  const sin = Math.sin(assembly.heading);
  const cos = Math.cos(assembly.heading);
  const found: (readonly [number, number, number])[] = [];
  for (const solid of assembly.solids) {
    const [low, high] = extent(solid);
    for (let corner = 0; corner < 8; corner++) {
      const x = corner & 1 ? high[0] : low[0];
      const y = corner & 2 ? high[1] : low[1];
      const z = corner & 4 ? high[2] : low[2];
      found.push([assembly.at.x + x * cos + y * sin, assembly.at.y - x * sin + y * cos, z]);
    }
  }
  return found;
}

/** The picture's part that can show the assembly, clipped to width x height; null where it cannot be seen. */
export function screenBounds(
  camera: PerspectiveCamera,
  assembly: Assembly,
  width: number,
  height: number,
): { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number } | null {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  let inFront = 0;
  const all = corners(assembly);
  for (const [x, y, z] of all) {
    const seen = camera.project(x, y, z);
    if (seen.depth < NEAR) continue;
    inFront++;
    x0 = Math.min(x0, seen.x);
    x1 = Math.max(x1, seen.x);
    y0 = Math.min(y0, seen.y);
    y1 = Math.max(y1, seen.y);
  }
  if (inFront === 0) return null;
  // A corner behind the camera has no picture: then anything may be covered.
  if (inFront < all.length) [x0, y0, x1, y1] = [0, 0, width, height];
  x0 = Math.max(0, Math.floor(x0));
  y0 = Math.max(0, Math.floor(y0));
  x1 = Math.min(width, Math.ceil(x1) + 1);
  y1 = Math.min(height, Math.ceil(y1) + 1);
  return x0 < x1 && y0 < y1 ? { x0, y0, x1, y1 } : null;
}

/**
 * Calls `visit` for each pixel of the window in which the assembly is seen nearer than `depthAt` says.
 * The camera's pixels are taken at their centres, `scale` of them to a camera pixel.
 */
export function castAssembly(
  camera: PerspectiveCamera,
  assembly: Assembly,
  window: { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number },
  scale: number,
  depthAt: (x: number, y: number) => number,
  visit: (hit: Hit) => void,
): void {
  const sin = Math.sin(assembly.heading);
  const cos = Math.cos(assembly.heading);
  const ox = camera.origin.x - assembly.at.x;
  const oy = camera.origin.y - assembly.at.y;
  const local = { x: ox * cos - oy * sin, y: ox * sin + oy * cos, z: camera.origin.z };
  const surface: Surface = { r: 0, g: 0, b: 0, glow: 0 };
  const hit: Hit = { x: 0, y: 0, depth: 0, surface, nx: 0, ny: 0, nz: 0, wx: 0, wy: 0, wz: 0 };
  const found = { t: 0, face: 0, nx: 0, ny: 0, nz: 0 };
  for (let py = window.y0; py < window.y1; py++) {
    for (let px = window.x0; px < window.x1; px++) {
      const [wdx, wdy, dz] = camera.ray((px + 0.5) / scale, (py + 0.5) / scale);
      const dx = wdx * cos - wdy * sin;
      const dy = wdx * sin + wdy * cos;
      let best = depthAt(px, py);
      let nearest: Solid | null = null;
      let face = 0;
      let [nx, ny, nz] = [0, 0, 0];
      for (const solid of assembly.solids) {
        found.t = best;
        if (intersect(solid, local.x, local.y, local.z, dx, dy, dz, found)) {
          best = found.t;
          nearest = solid;
          face = found.face;
          nx = found.nx;
          ny = found.ny;
          nz = found.nz;
        }
      }
      if (!nearest) continue;
      const x = local.x + dx * best;
      const y = local.y + dy * best;
      const z = local.z + dz * best;
      nearest.shade(face, x, y, z, surface);
      hit.x = px;
      hit.y = py;
      hit.depth = best;
      hit.nx = nx * cos + ny * sin;
      hit.ny = -nx * sin + ny * cos;
      hit.nz = nz;
      hit.wx = assembly.at.x + x * cos + y * sin;
      hit.wy = assembly.at.y - x * sin + y * cos;
      hit.wz = z;
      visit(hit);
    }
  }
}

/** Whether anything of the assembly stands between a point in the world and the sun. */
export function blocksSun(
  assembly: Assembly,
  x: number,
  y: number,
  z: number,
  sun: readonly [number, number, number],
): boolean {
  const sin = Math.sin(assembly.heading);
  const cos = Math.cos(assembly.heading);
  const px = x - assembly.at.x;
  const py = y - assembly.at.y;
  const lx = px * cos - py * sin;
  const ly = px * sin + py * cos;
  const dx = sun[0] * cos - sun[1] * sin;
  const dy = sun[0] * sin + sun[1] * cos;
  const found = { t: 200, face: 0, nx: 0, ny: 0, nz: 0 };
  return assembly.solids.some((solid) => intersect(solid, lx, ly, z, dx, dy, sun[2], found));
}

function extent(solid: Solid): [readonly [number, number, number], readonly [number, number, number]] {
  if (solid.kind === "convex") return [solid.low, solid.high];
  const [cx, cy, cz] = solid.centre;
  const [rx, ry, rz] = solid.radii;
  return [
    [cx - rx, cy - ry, cz - rz],
    [cx + rx, cy + ry, cz + rz],
  ];
}

/** The nearest hit before `found.t`, written to `found`. */
function intersect(
  solid: Solid,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  found: { t: number; face: number; nx: number; ny: number; nz: number },
): boolean {
  if (solid.kind === "ellipsoid") {
    const [cx, cy, cz] = solid.centre;
    const [rx, ry, rz] = solid.radii;
    const [qx, qy, qz] = [(ox - cx) / rx, (oy - cy) / ry, (oz - cz) / rz];
    const [ex, ey, ez] = [dx / rx, dy / ry, dz / rz];
    const a = ex * ex + ey * ey + ez * ez;
    const b = qx * ex + qy * ey + qz * ez;
    const root = b * b - a * (qx * qx + qy * qy + qz * qz - 1);
    if (root <= 0) return false;
    const t = (-b - Math.sqrt(root)) / a;
    if (t < NEAR || t >= found.t) return false;
    const [nx, ny, nz] = [(qx + ex * t) / rx, (qy + ey * t) / ry, (qz + ez * t) / rz];
    const length = Math.hypot(nx, ny, nz);
    found.t = t;
    found.face = 0;
    found.nx = nx / length;
    found.ny = ny / length;
    found.nz = nz / length;
    return true;
  }
  let enter = 0.01;
  let exit = found.t;
  let face = -1;
  const planes = solid.planes;
  for (let index = 0; index < planes.length; index++) {
    const plane = planes[index];
    if (!plane) continue;
    const towards = plane[0] * dx + plane[1] * dy + plane[2] * dz;
    const room = plane[3] - (plane[0] * ox + plane[1] * oy + plane[2] * oz);
    if (towards < -1e-12) {
      const t = room / towards;
      if (t > enter) {
        enter = t;
        face = index;
      }
    } else if (towards > 1e-12) {
      const t = room / towards;
      if (t < exit) exit = t;
    } else if (room < 0) return false;
    if (enter >= exit) return false;
  }
  if (face < 0) return false;
  const plane = planes[face];
  if (!plane) return false;
  found.t = enter;
  found.face = face;
  found.nx = plane[0];
  found.ny = plane[1];
  found.nz = plane[2];
  return true;
}
