import { deriveSeed, randomStream } from "./random.ts";
import type { Colour, Luggage, Vehicle } from "./script.ts";
import { box, type Shade, type Solid } from "./solid.ts";

/** The solids of a vehicle, its middle at the origin, its front along y. */
export function vehicleSolids(vehicle: Pick<Vehicle, "model" | "seed">): readonly Solid[] {
  const random = randomStream(deriveSeed(vehicle.seed, "vehicle"));
  const colour = PAINTS[Math.floor(random() * PAINTS.length)] ?? PAINTS[0];
  switch (vehicle.model) {
    case "car":
      return car(colour);
    case "van":
      return [body(5.1, 1.95, 2.15, 1.75, colour, { low: 1.25, high: 1.95, windows: "front" })];
    case "bus":
      return [body(10.8, 2.5, 3, 3.1, colour, { low: 1.15, high: 2.5, windows: "all" })];
  }
}

/** Length of each model in metres: what a path must leave room for. */
export const VEHICLE_LENGTH = { car: 4.3, van: 5.1, bus: 10.8 } as const;

/** The solids of a bag, a suitcase or a piece of furniture that people carry about. */
export function luggageSolids(luggage: Pick<Luggage, "model" | "seed">): readonly Solid[] {
  const random = randomStream(deriveSeed(luggage.seed, "luggage"));
  const colour = BAGS[Math.floor(random() * BAGS.length)] ?? BAGS[0];
  if (luggage.model === "suitcase") {
    return [
      box([0, 0], [0.23, 0.14], 0.04, 0.66, zipped(colour)),
      box([0, 0.1], [0.12, 0.02], 0.66, 0.98, [0.2, 0.2, 0.2]),
    ];
  }
  if (luggage.model === "chair") {
    const leg = (x: number, y: number) => box([x, y], [0.025, 0.025], 0, 0.44, [0.3, 0.3, 0.31]);
    return [
      box([0, 0], [0.23, 0.22], 0.44, 0.49, colour),
      box([0, -0.2], [0.22, 0.025], 0.52, 0.88, colour),
      leg(-0.2, -0.19),
      leg(0.2, -0.19),
      leg(-0.2, 0.19),
      leg(0.2, 0.19),
    ];
  }
  if (luggage.model === "board") {
    return [
      box([0, 0], [0.32, 0.22], 0, 0.05, [0.2, 0.2, 0.2]),
      box([0, 0], [0.3, 0.03], 0.05, 1.05, [0.86, 0.84, 0.78]),
      box([0, 0.035], [0.24, 0.01], 0.3, 0.9, colour),
    ];
  }
  return [
    box([0, 0], [0.27, 0.16], 0, 0.32, zipped(colour)),
    box([0, 0], [0.14, 0.02], 0.32, 0.42, [0.15, 0.13, 0.12]),
  ];
}

const PAINTS: readonly [Colour, ...Colour[]] = [
  [0.78, 0.79, 0.8],
  [0.16, 0.17, 0.19],
  [0.45, 0.47, 0.5],
  [0.5, 0.1, 0.1],
  [0.12, 0.2, 0.38],
  [0.85, 0.85, 0.83],
  [0.18, 0.3, 0.24],
];

const BAGS: readonly [Colour, ...Colour[]] = [
  [0.12, 0.13, 0.16],
  [0.42, 0.12, 0.12],
  [0.14, 0.22, 0.36],
  [0.3, 0.24, 0.16],
];

function car(colour: Colour): Solid[] {
  const bodyShade = carBody(colour);
  return [
    {
      kind: "convex",
      planes: [
        [1, 0, 0, 0.89],
        [-1, 0, 0, 0.89],
        [0, 1, 0, 2.15],
        [0, -1, 0, 2.15],
        [0, 0, 1, 0.92],
        [0, 0, -1, 0],
        slope(0, 0.25, 1, 0, 0.9, 0.95),
        slope(0, 0.9, 0.45, 0, 2.1, 0.7),
        slope(0, -0.9, 0.35, 0, -2.1, 0.8),
      ],
      low: [-0.89, -2.15, 0],
      high: [0.89, 2.15, 0.95],
      shade: bodyShade,
    },
    {
      kind: "convex",
      planes: [
        slope(1, 0, 0.32, 0.84, 0, 0.88),
        slope(-1, 0, 0.32, -0.84, 0, 0.88),
        slope(0, 0.7, 1, 0, 0.95, 0.88),
        slope(0, -0.85, 1, 0, -1.85, 0.88),
        [0, 0, 1, 1.45],
        [0, 0, -1, -0.85],
      ],
      low: [-0.86, -1.9, 0.85],
      high: [0.86, 1, 1.45],
      shade: cabin(colour),
    },
  ];
}

/** A plane with the given outward direction through a point. */
function slope(
  nx: number,
  ny: number,
  nz: number,
  x: number,
  y: number,
  z: number,
): readonly [number, number, number, number] {
  const length = Math.hypot(nx, ny, nz);
  return [nx / length, ny / length, nz / length, (nx * x + ny * y + nz * z) / length];
}

function carBody(colour: Colour): Shade {
  return (face, x, y, z, out) => {
    out.r = colour[0];
    out.g = colour[1];
    out.b = colour[2];
    out.glow = 0;
    if (face < 2) {
      if (wheel(y, z, 1.32, 0.32, out)) return;
      if (z < 0.2) return dark(out, 0.03);
      if (Math.abs(Math.abs(y) - 1.32) < 0.4 && Math.hypot(Math.abs(y) - 1.32, z - 0.32) < 0.38)
        return dark(out, 0.05);
      if (Math.abs(y + 0.25) < 0.012 || Math.abs(y - 0.9) < 0.012) return dark(out, 0.12);
      if (z > 0.72 && z < 0.75 && (Math.abs(y - 0.05) < 0.09 || Math.abs(y + 0.95) < 0.09)) dark(out, 0.25);
      return;
    }
    if (z < 0.2) return dark(out, 0.03);
    const front = face === 2 || face === 7;
    const rear = face === 3 || face === 8;
    if (!front && !rear) return;
    if (z < 0.42) return dark(out, 0.1);
    if (Math.abs(x) > 0.55 && z > 0.52) {
      out.r = front ? 0.9 : 0.55;
      out.g = front ? 0.9 : 0.06;
      out.b = front ? 0.85 : 0.05;
      out.glow = front ? 1.9 : 1;
    } else if (Math.abs(x) < 0.26 && z > 0.44 && z < 0.56) {
      out.r = out.g = 0.85;
      out.b = 0.8;
    } else if (front && z < 0.62) dark(out, 0.08);
  };
}

function cabin(colour: Colour): Shade {
  return (face, x, y, z, out) => {
    const side = face < 2;
    const glass = side
      ? z > 0.92 && z < 1.36 && Math.abs(y + 0.35) > 0.05 && y > -1.45 && y < 0.62
      : face === 2 || face === 3
        ? z > 0.93 && z < 1.4 && Math.abs(x) < 0.72
        : false;
    if (glass) {
      const sheen = 0.09 + 0.16 * (z - 0.9);
      out.r = sheen;
      out.g = sheen * 1.08;
      out.b = sheen * 1.2;
    } else {
      out.r = colour[0];
      out.g = colour[1];
      out.b = colour[2];
    }
    out.glow = 0;
  };
}

function body(
  length: number,
  width: number,
  height: number,
  frontSlope: number,
  colour: Colour,
  glass: { readonly low: number; readonly high: number; readonly windows: "front" | "all" },
): Solid {
  const half = length / 2;
  const axle = half - 1.05;
  const shade: Shade = (face, x, y, z, out) => {
    out.r = colour[0];
    out.g = colour[1];
    out.b = colour[2];
    out.glow = 0;
    if (face < 2) {
      if (wheel(y, z, axle, 0.38, out)) return;
      if (z < 0.28) return dark(out, 0.04);
      const along = half - y;
      const bay = along % 1.5;
      const window = glass.windows === "all" ? bay > 0.1 && bay < 1.4 : along > 0.7 && along < 1.7;
      if (window && z > glass.low && z < glass.high) pane(z, out);
      else if (glass.windows === "front" && Math.abs(along - 2) < 0.012) dark(out, 0.2);
      return;
    }
    if (z < 0.28) return dark(out, 0.04);
    if (face === 4) return;
    const front = face === 2 || face === 6;
    if (
      z > glass.low &&
      z < glass.high &&
      Math.abs(x) < width / 2 - 0.16 &&
      (front || glass.windows === "all")
    ) {
      return pane(z, out);
    }
    if (Math.abs(x) > width / 2 - 0.35 && z > 0.6 && z < 0.9) {
      out.r = front ? 0.9 : 0.55;
      out.g = front ? 0.9 : 0.06;
      out.b = front ? 0.85 : 0.05;
      out.glow = front ? 1.9 : 1;
    } else if (Math.abs(x) < 0.26 && z > 0.45 && z < 0.57) {
      out.r = out.g = out.b = 0.85;
    } else if (z < 0.45) dark(out, 0.1);
  };
  return {
    kind: "convex",
    planes: [
      [1, 0, 0, width / 2],
      [-1, 0, 0, width / 2],
      [0, 1, 0, half],
      [0, -1, 0, half],
      [0, 0, 1, height],
      [0, 0, -1, 0],
      slope(0, 1, 0.42, 0, half, Math.min(frontSlope, height) * 0.5),
    ],
    low: [-width / 2, -half, 0],
    high: [width / 2, half, height],
    shade,
  };
}

function pane(z: number, out: { r: number; g: number; b: number }): void {
  const sheen = 0.1 + 0.06 * z;
  out.r = sheen;
  out.g = sheen * 1.08;
  out.b = sheen * 1.18;
}

function wheel(
  y: number,
  z: number,
  axle: number,
  radius: number,
  out: { r: number; g: number; b: number },
): boolean {
  const distance = Math.hypot(Math.abs(y) - axle, z - radius);
  if (distance > radius) return false;
  const rim = distance < radius * 0.62;
  const spoke = rim && Math.sin(Math.atan2(z - radius, Math.abs(y) - axle) * 5) > 0.2;
  dark(out, rim ? (spoke ? 0.5 : 0.28) : 0.06);
  return true;
}

function dark(out: { r: number; g: number; b: number }, value: number): void {
  out.r = out.g = out.b = value;
}

function zipped(colour: Colour): Shade {
  return (_face, x, _y, z, out) => {
    const seam = Math.abs(z - 0.24) < 0.012 || Math.abs(Math.abs(x) - 0.2) < 0.01 ? 0.6 : 1;
    out.r = colour[0] * seam;
    out.g = colour[1] * seam;
    out.b = colour[2] * seam;
    out.glow = 0;
  };
}
