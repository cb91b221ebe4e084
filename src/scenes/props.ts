import { hashCell, valueNoise } from "./random.ts";
import type { Colour, Prop, PropKind } from "./script.ts";
import { type Assembly, box, pillar, plain, type Shade, type Solid } from "./solid.ts";

/** The solids of a thing that never moves. @param seed variety of facades and leaves */
export function propAssembly(prop: Prop, seed: number): Assembly {
  const size = prop.size ?? SIZES[prop.kind];
  return {
    at: prop.at,
    heading: ((prop.facing ?? 0) * Math.PI) / 180,
    solids: build(prop.kind, size, prop.colour ?? COLOURS[prop.kind], seed),
  };
}

/** How high above the ground a lamp post shines. */
export const LAMP_HEIGHT = 4.6;

const SIZES: Record<PropKind, readonly [number, number, number]> = {
  building: [18, 8, 11],
  wall: [12, 0.3, 2.6],
  bench: [1.8, 0.5, 0.45],
  bin: [0.5, 0.5, 0.95],
  lamp: [0.14, 0.14, LAMP_HEIGHT],
  planter: [1.8, 0.8, 0.6],
  tree: [3.4, 3.4, 5.5],
  kiosk: [3, 2.4, 2.8],
  bollard: [0.16, 0.16, 0.95],
  column: [0.8, 0.8, 4.5],
  train: [2.9, 40, 3.7],
  cone: [0.38, 0.38, 0.75],
};

const COLOURS: Record<PropKind, Colour> = {
  building: [0.62, 0.55, 0.46],
  wall: [0.6, 0.59, 0.56],
  bench: [0.42, 0.29, 0.18],
  bin: [0.16, 0.25, 0.2],
  lamp: [0.2, 0.22, 0.23],
  planter: [0.5, 0.48, 0.45],
  tree: [0.26, 0.38, 0.17],
  kiosk: [0.25, 0.36, 0.38],
  bollard: [0.3, 0.3, 0.31],
  column: [0.66, 0.65, 0.62],
  train: [0.75, 0.76, 0.78],
  cone: [1, 0.3, 0.03],
};

function build(
  kind: PropKind,
  [width, depth, height]: readonly [number, number, number],
  colour: Colour,
  seed: number,
): Solid[] {
  const w = width / 2;
  const d = depth / 2;
  switch (kind) {
    case "building":
      return [box([0, 0], [w, d], 0, height, facade(colour, w, d, height, seed))];
    case "wall":
      return [box([0, 0], [w, d], 0, height, panels(colour, seed))];
    case "bench":
      return [
        box([0, 0], [w, d], height - 0.06, height, slats(colour)),
        box([0, -d], [w, 0.03], height + 0.12, height + 0.42, slats(colour)),
        box([-w + 0.15, 0], [0.04, d], 0, height - 0.06, [0.22, 0.22, 0.23]),
        box([w - 0.15, 0], [0.04, d], 0, height - 0.06, [0.22, 0.22, 0.23]),
      ];
    case "bin":
      return [
        box([0, 0], [w, d], 0.08, height - 0.12, slats(colour)),
        box([0, 0], [w * 1.05, d * 1.05], height - 0.12, height, [0.14, 0.15, 0.15]),
      ];
    case "lamp":
      return [
        pillar([0, 0], w, 0, height, colour),
        pillar([0, 0], w * 1.8, 0, 0.5, colour),
        box([0, 0], [0.22, 0.22], height, height + 0.32, lantern),
      ];
    case "planter":
      return [
        box([0, 0], [w, d], 0, height, panels(colour, seed)),
        {
          kind: "ellipsoid",
          centre: [0, 0, height],
          radii: [w * 0.9, d * 0.9, 0.5],
          shade: leaves([0.27, 0.4, 0.18], seed),
        },
      ];
    case "tree":
      return tree(w, height, colour, seed);
    case "kiosk":
      return [
        box([0, 0], [w, d], 0, height, stall(colour, w, d)),
        box([0, 0], [w + 0.35, d + 0.35], height, height + 0.18, [0.2, 0.22, 0.23]),
      ];
    case "bollard":
      return [pillar([0, 0], w, 0, height, stripes(colour))];
    case "column":
      return [pillar([0, 0], w, 0, height, panels(colour, seed))];
    case "cone":
      return [
        box([0, 0], [w, d], 0, 0.04, [0.08, 0.08, 0.08]),
        pillar([0, 0], w * 0.75, 0.04, height * 0.36, colour),
        pillar([0, 0], w * 0.5, height * 0.36, height * 0.68, [0.9, 0.9, 0.88]),
        pillar([0, 0], w * 0.28, height * 0.68, height, colour),
      ];
    case "train":
      return [box([0, 0], [w, d], 0.3, height, coach(colour))];
  }
}

function tree(radius: number, height: number, colour: Colour, seed: number): Solid[] {
  const crown: Solid[] = [pillar([0, 0], 0.14, 0, height * 0.6, bark)];
  for (let index = 0; index < 6; index++) {
    const angle = index * 2.4 + hashCell(index, 1, seed) * 2;
    const out = radius * 0.45 * (0.5 + hashCell(index, 2, seed));
    const size = radius * (0.5 + 0.25 * hashCell(index, 3, seed));
    crown.push({
      kind: "ellipsoid",
      centre: [
        Math.cos(angle) * out,
        Math.sin(angle) * out,
        height * (0.62 + 0.26 * hashCell(index, 4, seed)),
      ],
      radii: [size, size, size * 0.85],
      shade: leaves(colour, seed + index),
    });
  }
  return crown;
}

const bark = plain([0.28, 0.22, 0.17]);

const lantern: Shade = (_face, _x, _y, _z, out) => {
  out.r = 0.92;
  out.g = 0.9;
  out.b = 0.8;
  out.glow = 1.6;
};

function facade(colour: Colour, w: number, d: number, height: number, seed: number): Shade {
  const storey = 3.2;
  const bay = 2.4;
  return (face, x, y, z, out) => {
    const along = face < 2 ? y + d : x + w;
    const tone = 1 + 0.1 * (valueNoise(along * 0.4, z * 0.4, seed) - 0.5);
    out.r = colour[0] * tone;
    out.g = colour[1] * tone;
    out.b = colour[2] * tone;
    out.glow = 0;
    if (face >= 4) return scale(out, 0.7);
    const row = Math.floor(z / storey);
    const column = Math.floor(along / bay);
    const u = along / bay - column;
    const v = z / storey - row;
    if (v > 0.94) return scale(out, 0.82);
    const shop = row === 0;
    const inside = shop
      ? u > 0.08 && u < 0.92 && v > 0.05 && v < 0.78
      : u > 0.26 && u < 0.74 && v > 0.25 && v < 0.8;
    if (!inside || z > height - 0.5) return;
    const frame = shop ? u < 0.11 || u > 0.89 : u < 0.3 || u > 0.7 || Math.abs(u - 0.5) < 0.02;
    if (frame) return scale(out, 0.55);
    const sky = 0.16 + 0.18 * v + 0.1 * hashCell(column, row, seed);
    out.r = sky;
    out.g = sky * 1.05;
    out.b = sky * 1.15;
    if (hashCell(column, row, seed + 3) < (shop ? 0.6 : 0.25)) {
      out.glow = shop ? 1.9 : 1.5;
      out.r += 0.1;
      out.g += 0.06;
    }
  };
}

function panels(colour: Colour, seed: number): Shade {
  return (face, x, y, z, out) => {
    const along = face < 2 ? y : x;
    const tone = 1 + 0.16 * (valueNoise(along * 0.8, z * 0.8, seed) - 0.5);
    const joint = Math.abs((along / 2.4) % 1) < 0.012 ? 0.8 : 1;
    out.r = colour[0] * tone * joint;
    out.g = colour[1] * tone * joint;
    out.b = colour[2] * tone * joint;
    out.glow = 0;
  };
}

function slats(colour: Colour): Shade {
  return (_face, x, y, z, out) => {
    const gap = Math.abs(((y * 8 + z * 8 + 100) % 1) - 0.5) > 0.42 ? 0.6 : 1;
    const grain = 1 + 0.12 * (valueNoise(x * 5, y * 30 + z * 30, 7) - 0.5);
    out.r = colour[0] * gap * grain;
    out.g = colour[1] * gap * grain;
    out.b = colour[2] * gap * grain;
    out.glow = 0;
  };
}

function stripes(colour: Colour): Shade {
  return (_face, _x, _y, z, out) => {
    const white = z > 0.7 && z < 0.85;
    out.r = white ? 0.85 : colour[0];
    out.g = white ? 0.85 : colour[1];
    out.b = white ? 0.83 : colour[2];
    out.glow = 0;
  };
}

function leaves(colour: Colour, seed: number): Shade {
  return (_face, x, y, z, out) => {
    const tone = 0.62 + 0.75 * valueNoise(x * 6 + z * 3, y * 6 - z * 4, seed);
    out.r = colour[0] * tone;
    out.g = colour[1] * tone;
    out.b = colour[2] * tone;
    out.glow = 0;
  };
}

function stall(colour: Colour, w: number, d: number): Shade {
  return (face, x, y, z, out) => {
    out.r = colour[0];
    out.g = colour[1];
    out.b = colour[2];
    out.glow = 0;
    if (face >= 4) return;
    const along = face < 2 ? y / d : x / w;
    if (Math.abs(along) < 0.8 && z > 1.05 && z < 2.3) {
      out.r = 0.25;
      out.g = 0.26;
      out.b = 0.24;
      out.glow = 1.4;
    } else if (z > 2.4) {
      out.r = out.g = out.b = 0.75;
    }
  };
}

function coach(colour: Colour): Shade {
  return (_face, _x, y, z, out) => {
    out.r = colour[0];
    out.g = colour[1];
    out.b = colour[2];
    out.glow = 0;
    const u = (((y % 6) + 6) % 6) / 6;
    const door = u > 0.42 && u < 0.62;
    if (door) {
      out.r = 0.2;
      out.g = 0.32;
      out.b = 0.5;
    }
    if (z > 1.9 && z < 2.9 && (door ? Math.abs(u - 0.52) > 0.01 : u > 0.06 && u < 0.38)) {
      out.r = out.g = 0.16;
      out.b = 0.19;
      out.glow = 1.2;
    }
    if (z < 0.9) scale(out, 0.5);
  };
}

function scale(out: { r: number; g: number; b: number }, factor: number): void {
  out.r *= factor;
  out.g *= factor;
  out.b *= factor;
}
