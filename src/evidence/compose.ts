import type { RgbImage } from "../frames/frame.ts";
import type { BackgroundPicture } from "./display-background.ts";
import { UNKNOWN_GREY } from "./display-background.ts";
import type { EvidenceGrid } from "./evidence-grid.ts";
import { Redacted } from "./redacted.ts";
import type { GeometryDrawing } from "./rule-geometry.ts";
import {
  drawShapes,
  SHAPE_KINDS,
  type ShapeDrawing,
  type ShapeKind,
  type ShapeLayer,
} from "./silhouettes.ts";

type Colour = readonly [red: number, green: number, blue: number];

/** One hue a kind, the same for everyone. */
export const SHAPE_COLOURS: Readonly<Record<ShapeKind, Colour>> = {
  person: [0x1f, 0x4e, 0x79],
  vehicle: [0x2f, 0x6b, 0x4f],
  other: [0x6b, 0x72, 0x80],
};
const GEOMETRY_COLOUR: Colour = [0x93, 0x57, 0x00];
const EDGE_COLOUR: Colour = [0xfb, 0xfa, 0xf7];
/** The place steps back behind what happens in it: half its colour is taken out, and it is lightened. */
const KEPT_COLOUR = 0.45;
const KEPT_DEPTH = 0.72;

/** Draws the pictures of one piece of evidence. */
export interface Composer {
  /** @param background a picture of this grid's size, or null for shapes on flat grey */
  setBackground(background: BackgroundPicture | RgbImage | null): void;
  setGeometry(drawing: GeometryDrawing | null): void;
  draw(layer: ShapeLayer): Redacted<RgbImage>;
}

/**
 * The one place where a picture that leaves memory comes into being. Its inputs are the learnt or approved
 * background, shapes on a coarse grid, and the rule's geometry; no frame reaches it.
 */
export function createComposer(grid: EvidenceGrid): Composer {
  const size = grid.width * grid.height;
  const base = new Uint8Array(3 * size).fill(UNKNOWN_GREY);
  const drawing: ShapeDrawing = { cover: new Uint8Array(size), kind: new Uint8Array(size) };
  const colours = SHAPE_KINDS.map((kind) => SHAPE_COLOURS[kind]);
  let geometry: GeometryDrawing | null = null;

  return {
    setBackground(background) {
      if (background === null) {
        base.fill(UNKNOWN_GREY);
        return;
      }
      if (background.width !== grid.width || background.height !== grid.height)
        throw new RangeError(
          `the background measures ${background.width}x${background.height}, evidence ${grid.width}x${grid.height}`,
        );
      toneInto(background.data, base);
    },
    setGeometry(next) {
      geometry = next;
    },
    draw(layer) {
      const out = layer.unreliable ? new Uint8Array(base.length).fill(UNKNOWN_GREY) : base.slice();
      drawShapes(grid, layer, drawing);
      for (let i = 0; i < size; i++) {
        const cover = drawing.cover[i] ?? 0;
        if (cover !== 0) blend(out, i, colours[drawing.kind[i] ?? 0] ?? SHAPE_COLOURS.other, cover);
      }
      if (geometry !== null) {
        for (let i = 0; i < size; i++) {
          const edge = geometry.edge[i] ?? 0;
          if (edge === 0) continue;
          blend(out, i, EDGE_COLOUR, edge);
          blend(out, i, GEOMETRY_COLOUR, geometry.stroke[i] ?? 0);
        }
      }
      return Redacted.seal({ width: grid.width, height: grid.height, data: out });
    },
  };
}

/** Takes colour and depth out of a background, and leaves the grey of the unknown as it is. */
function toneInto(from: Uint8Array, to: Uint8Array): void {
  for (let j = 0; j < to.length; j += 3) {
    const r = from[j] ?? 0;
    const g = from[j + 1] ?? 0;
    const b = from[j + 2] ?? 0;
    if (r === UNKNOWN_GREY && g === UNKNOWN_GREY && b === UNKNOWN_GREY) {
      to.fill(UNKNOWN_GREY, j, j + 3);
      continue;
    }
    const y = (77 * r + 150 * g + 29 * b) >> 8;
    to[j] = tone(r, y);
    to[j + 1] = tone(g, y);
    to[j + 2] = tone(b, y);
  }
}

function tone(channel: number, luma: number): number {
  return Math.round(255 - KEPT_DEPTH * (255 - (luma + KEPT_COLOUR * (channel - luma))));
}

function blend(out: Uint8Array, pixel: number, colour: Colour, cover: number): void {
  const j = 3 * pixel;
  const rest = 255 - cover;
  out[j] = Math.round(((out[j] ?? 0) * rest + colour[0] * cover) / 255);
  out[j + 1] = Math.round(((out[j + 1] ?? 0) * rest + colour[1] * cover) / 255);
  out[j + 2] = Math.round(((out[j + 2] ?? 0) * rest + colour[2] * cover) / 255);
}
