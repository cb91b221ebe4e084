import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Box } from "../../src/geometry/shapes.ts";
import { paintedTexture } from "../../src/scenes/paint.ts";
import type { SceneFrame } from "../../src/scenes/render.ts";
import { decodeStill, decodeVideo, type GreyPicture } from "./texture-search.ts";

/** A place of a rendered picture where a painted actor was at some time, and the paint's seed. */
export interface PaintedPlace {
  readonly seed: number;
  readonly frame: Box;
}

/** Every place where paint was seen, one picture in `every`. */
export function paintedPlaces(frames: Iterable<SceneFrame>, every: number): PaintedPlace[] {
  const places: PaintedPlace[] = [];
  let index = 0;
  for (const { truth } of frames) {
    if (index++ % every !== 0) continue;
    for (const { painted } of truth) if (painted !== null) places.push(painted);
  }
  return places;
}

/** Below this contrast (standard deviation of brightness) nobody could recognise anything. */
const LEAST_CONTRAST = 3;

/**
 * The highest correlation (-1 to 1) of the paint with a picture, at any place where it ever was.
 * @param width width of the rendered pictures, to scale their places to this picture
 */
export function strongestPaint(picture: GreyPicture, places: readonly PaintedPlace[], width: number): number {
  const scale = picture.width / width;
  let strongest = -1;
  for (const { seed, frame } of places) {
    const texture = paintedTexture(seed);
    strongest = Math.max(strongest, correlation(picture, texture, frame, scale));
  }
  return strongest;
}

function correlation(
  picture: GreyPicture,
  texture: { width: number; height: number; data: Uint8Array },
  frame: Box,
  scale: number,
): number {
  // Compared cell by cell: noise and compression average out, the paint does not.
  const seen: number[] = [];
  const painted: number[] = [];
  for (let row = 0; row < texture.height; row += 1) {
    for (let column = 0; column < texture.width; column += 1) {
      const x0 = Math.round((frame.x + (column / texture.width) * frame.width) * scale);
      const x1 = Math.round((frame.x + ((column + 1) / texture.width) * frame.width) * scale);
      const y0 = Math.round((frame.y + (row / texture.height) * frame.height) * scale);
      const y1 = Math.round((frame.y + ((row + 1) / texture.height) * frame.height) * scale);
      const value = mean(picture, x0, y0, Math.max(x1, x0 + 1), Math.max(y1, y0 + 1));
      if (value === null) continue;
      seen.push(value);
      painted.push(texture.data[3 * (row * texture.width + column)] ?? 0);
    }
  }
  if (seen.length < 24) return -1;
  return pearson(seen, painted);
}

function mean(picture: GreyPicture, x0: number, y0: number, x1: number, y1: number): number | null {
  if (x0 < 0 || y0 < 0 || x1 > picture.width || y1 > picture.height) return null;
  let sum = 0;
  for (let y = y0; y < y1; y += 1) {
    for (let x = x0; x < x1; x += 1) sum += picture.data[y * picture.width + x] ?? 0;
  }
  return sum / ((x1 - x0) * (y1 - y0));
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const average = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [ma, mb] = [average(a), average(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    const da = value - ma;
    const db = (b[i] ?? 0) - mb;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  if (Math.sqrt(aa / a.length) < LEAST_CONTRAST || bb === 0) return 0;
  return ab / Math.sqrt(aa * bb);
}

/** Every picture in every file below a folder: stills, frames of clips, pictures inside pages. */
export async function* picturesBelow(folder: string): AsyncGenerator<{ path: string; picture: GreyPicture }> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (entry.name.endsWith(".mp4")) {
      for (const picture of decodeVideo(path)) yield { path, picture };
      continue;
    }
    const bytes = await readFile(path);
    const still = await decodeStill(bytes);
    if (still !== null) yield { path, picture: still };
    for (const [, base64] of bytes
      .toString("latin1")
      .matchAll(/data:image\/[a-z+]+;base64,([A-Za-z0-9+/=]+)/g)) {
      const embedded = await decodeStill(Buffer.from(base64 ?? "", "base64"));
      if (embedded !== null) yield { path, picture: embedded };
    }
  }
}
