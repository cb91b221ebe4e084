import { rasterise } from "../geometry/masks.ts";
import type { Box, Polygon } from "../geometry/shapes.ts";
import type { Frame, MotionVectors, Plane } from "./frame.ts";

/** What a masked sample shows, in luma and in each colour: middle grey. */
export const MASK_GREY = 128;

/**
 * How far the pixels of a masked part can reach into their neighbours on the way to an output, in image px:
 * half a chroma sample, the cut to whole chroma samples, and a scaling filter's foot.
 */
const COLOUR_REACH = 4;
const LUMA_REACH = 1;
/** Side of a cell of the mask that drops motion vectors, px. */
const VECTOR_CELL = 4;
/** Masks of crops kept for the next frame: crops change, the whole view and its luma do not. */
const KEPT = 6;

/** The parts of one camera's picture that must not be seen by anything: a private window, a neighbour's garden. */
export interface IgnoreMask {
  /** False where there is nothing to hide. */
  readonly any: boolean;
  /**
   * 255 where an output sample could hold anything of a masked part.
   * @param region which part of the picture the output shows, image coordinates
   */
  samples(region: Box, width: number, height: number, kind: "luma" | "colour"): Uint8Array;
  /** Whether a rectangle of the picture touches a masked part. */
  touches(box: Box): boolean;
}

/**
 * @param polygons in image coordinates; they may reach beyond the picture
 * @param picture its size
 */
export function createIgnoreMask(
  polygons: readonly Polygon[],
  picture: { readonly width: number; readonly height: number },
): IgnoreMask {
  const kept = new Map<string, Uint8Array>();
  const across = Math.ceil(picture.width / VECTOR_CELL);
  const down = Math.ceil(picture.height / VECTOR_CELL);
  const grid = { x: 0, y: 0, width: across * VECTOR_CELL, height: down * VECTOR_CELL };
  const cells = rasterise(polygons, grid, across, down, "touch");
  return {
    any: polygons.length > 0,
    samples(region, width, height, kind) {
      const key = [region.x, region.y, region.width, region.height, width, height, kind].join();
      const found = kept.get(key);
      if (found !== undefined) return found;
      const reach = kind === "luma" ? LUMA_REACH : COLOUR_REACH;
      const plane = drawn(polygons, region, width, height, reach);
      const oldest = kept.keys().next();
      if (kept.size >= KEPT && oldest.done !== true) kept.delete(oldest.value);
      kept.set(key, plane);
      return plane;
    },
    touches(box) {
      const right = Math.min(across - 1, Math.floor((box.x + box.width) / VECTOR_CELL));
      const bottom = Math.min(down - 1, Math.floor((box.y + box.height) / VECTOR_CELL));
      for (let y = Math.max(0, Math.floor(box.y / VECTOR_CELL)); y <= bottom; y++)
        for (let x = Math.max(0, Math.floor(box.x / VECTOR_CELL)); x <= right; x++)
          if (cells[y * across + x] !== 0) return true;
      return false;
    },
  };
}

/**
 * A frame that shows constant grey (128) where the mask is, in every output at any scale, and has no motion
 * vectors there. Everything after the source sees this frame only. The frame itself is not changed; to
 * release either releases both.
 */
export function maskFrame(frame: Frame, mask: IgnoreMask): Frame {
  if (!mask.any) return frame;
  let luma: Plane | null = null;
  let vectors: MotionVectors | null | undefined;
  return {
    pts: frame.pts,
    wallClock: frame.wallClock,
    width: frame.width,
    height: frame.height,
    pixelAspect: frame.pixelAspect,
    luma() {
      if (luma === null) {
        const plane = frame.luma();
        const data = plane.data.slice();
        const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
        const hidden = mask.samples(whole, plane.width, plane.height, "luma");
        for (let i = 0; i < data.length; i++) if (hidden[i] !== 0) data[i] = MASK_GREY;
        luma = { width: plane.width, height: plane.height, data };
      }
      return luma;
    },
    motionVectors() {
      vectors ??= frame.motionVectors();
      if (vectors !== null) vectors = uncovered(vectors, mask);
      return vectors;
    },
    rgb(region, width, height, into) {
      // Into memory of its own, where none is given: the frame may keep what it hands out.
      const image = frame.rgb(region, width, height, into ?? new Uint8Array(3 * width * height));
      const hidden = mask.samples(region, width, height, "colour");
      for (let i = 0; i < hidden.length; i++)
        if (hidden[i] !== 0) image.data.fill(MASK_GREY, 3 * i, 3 * i + 3);
      return image;
    },
    release() {
      luma = null;
      frame.release();
    },
  };
}

/** The polygons on an output, every sample they touch, grown by one sample and by `reach` px of the picture. */
function drawn(
  polygons: readonly Polygon[],
  region: Box,
  width: number,
  height: number,
  reach: number,
): Uint8Array {
  const growX = 1 + Math.ceil((reach * width) / region.width);
  const growY = 1 + Math.ceil((reach * height) / region.height);
  // Drawn on a larger plane, so that what lies just outside of the region reaches in.
  const wide = width + 2 * growX;
  const high = height + 2 * growY;
  const around = {
    x: region.x - (growX * region.width) / width,
    y: region.y - (growY * region.height) / height,
    width: (wide * region.width) / width,
    height: (high * region.height) / height,
  };
  const core = rasterise(polygons, around, wide, high, "touch");
  const rows = new Uint8Array(wide * high);
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++)
      if (core[y * wide + x] !== 0)
        rows.fill(255, y * wide + Math.max(0, x - growX), y * wide + Math.min(wide, x + growX + 1));
  const out = new Uint8Array(width * height);
  for (let y = 0; y < high; y++)
    for (let x = 0; x < width; x++)
      if (rows[y * wide + x + growX] !== 0)
        for (let to = Math.max(0, y - 2 * growY); to <= Math.min(height - 1, y); to++)
          out[to * width + x] = 255;
  return out;
}

function uncovered(vectors: MotionVectors, mask: IgnoreMask): MotionVectors {
  const kept: number[] = [];
  for (let i = 0; i < vectors.count; i++) {
    const width = vectors.width[i] ?? 0;
    const height = vectors.height[i] ?? 0;
    const box = { x: (vectors.x[i] ?? 0) - width / 2, y: (vectors.y[i] ?? 0) - height / 2, width, height };
    if (!mask.touches(box)) kept.push(i);
  }
  return {
    count: kept.length,
    x: Int16Array.from(kept, (i) => vectors.x[i] ?? 0),
    y: Int16Array.from(kept, (i) => vectors.y[i] ?? 0),
    width: Uint8Array.from(kept, (i) => vectors.width[i] ?? 0),
    height: Uint8Array.from(kept, (i) => vectors.height[i] ?? 0),
    dx: Float32Array.from(kept, (i) => vectors.dx[i] ?? 0),
    dy: Float32Array.from(kept, (i) => vectors.dy[i] ?? 0),
  };
}
