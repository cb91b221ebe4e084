import type { Plane } from "../frames/frame.ts";
import type { SceneState } from "../frames/scene.ts";
import { type Box, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";

/** How often the foreground is kept, and for how long: a fall and the second before it. */
const KEEP_EVERY: Seconds = 0.4;
const KEEP_FOR: Seconds = 4.5;
/** Samples this far apart hang together: clothes that are as bright as the floor tear a body apart. */
const REACH = 2;
/** Fewest samples of a silhouette that has a shape. */
const FEWEST = 24;

/** What stands out from the background in one piece. */
export interface Silhouette {
  /** Image coordinates. */
  readonly box: Box;
  /** How much of the picture it covers, square px of the picture. */
  readonly area: number;
  /** Length along its longer axis over breadth across it, by second moments; 1 is round. */
  readonly elongation: number;
  /** Angle of the longer axis with the horizontal, radians, 0 to pi / 2. */
  readonly slant: number;
}

/** The foreground of a past instant. */
export interface PastForeground {
  readonly at: Seconds;
  readonly data: Uint8Array;
}

/**
 * The foreground mask as silhouettes that were not there before. A background that was learnt while somebody stood
 * in it shows a ghost for long, and so does furniture that was moved: what was foreground already before a fall
 * is no part of who fell, except where that person stood.
 */
export class Silhouettes {
  readonly #picture: { readonly width: number; readonly height: number };
  #kept: PastForeground[] = [];

  constructor(picture: { readonly width: number; readonly height: number }) {
    this.#picture = picture;
  }

  /** Takes notice of an instant's foreground. Call once for each, before `at`. */
  observe({ at, foreground, settled }: SceneState): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && (last.data.length !== foreground.data.length || last.at >= at)) this.reset();
    while (this.#kept[0] !== undefined && this.#kept[0].at < at - KEEP_FOR) this.#kept.shift();
    if (!settled || (last !== undefined && at - last.at < KEEP_EVERY)) return;
    this.#kept.push({ at, data: foreground.data.slice() });
  }

  /** The foreground as it was at an instant of the last seconds; null where the background was not known then. */
  at(instant: Seconds): PastForeground | null {
    return this.#kept.findLast((kept) => kept.at <= instant) ?? null;
  }

  /**
   * The largest silhouette within `window` that was not there before.
   * @param own where the person stood then: what is there now may be the same person
   * @returns null where nothing is, or where the background says nothing
   */
  fresh(scene: SceneState, window: Box, past: PastForeground, own: Box): Silhouette | null {
    if (!scene.settled || scene.lightChanged || scene.viewMoved || scene.unreadable) return null;
    if (past.data.length !== scene.foreground.data.length) return null;
    const plane = scene.foreground;
    const sx = this.#picture.width / plane.width;
    const sy = this.#picture.height / plane.height;
    const inSamples = (box: Box) => samplesOf(box, plane, sx, sy);
    return largest(plane, past.data, inSamples(window), inSamples(own), sx, sy);
  }

  reset(): void {
    this.#kept = [];
  }
}

/** Share of a box's samples that are set in a mask, 0 to 1. */
export function shareSet(
  mask: Plane,
  box: Box,
  picture: { readonly width: number; readonly height: number },
): number {
  const area = samplesOf(box, mask, picture.width / mask.width, picture.height / mask.height);
  let set = 0;
  for (let y = area.top; y < area.bottom; y++)
    for (let x = area.left; x < area.right; x++) if (mask.data[y * mask.width + x] !== 0) set++;
  return set / Math.max(1, (area.right - area.left) * (area.bottom - area.top));
}

interface Samples {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function samplesOf(box: Box, { width, height }: Plane, sx: number, sy: number): Samples {
  const inside = intersectBoxes(box, { x: 0, y: 0, width: width * sx, height: height * sy });
  const left = Math.floor(inside.x / sx);
  const top = Math.floor(inside.y / sy);
  return {
    left,
    top,
    right: Math.max(left, Math.min(width, Math.ceil((inside.x + inside.width) / sx))),
    bottom: Math.max(top, Math.min(height, Math.ceil((inside.y + inside.height) / sy))),
  };
}

function largest(
  { width, data }: Plane,
  past: Uint8Array,
  window: Samples,
  own: Samples,
  sx: number,
  sy: number,
): Silhouette | null {
  const across = window.right - window.left;
  const down = window.bottom - window.top;
  const waiting = new Uint8Array(across * down);
  for (let y = window.top; y < window.bottom; y++)
    for (let x = window.left; x < window.right; x++) {
      const i = y * width + x;
      if (data[i] === 0) continue;
      const stoodHere = x >= own.left && x < own.right && y >= own.top && y < own.bottom;
      if (past[i] === 0 || stoodHere) waiting[(y - window.top) * across + x - window.left] = 1;
    }
  let best: Piece | null = null;
  for (let start = 0; start < waiting.length; start++) {
    if (waiting[start] === 0) continue;
    const piece = gather(waiting, across, down, start);
    if (best === null || piece.n > best.n) best = piece;
  }
  return best === null || best.n < FEWEST ? null : shapeOf(best, window, sx, sy);
}

/** Sums over the samples of one piece. */
interface Piece {
  n: number;
  x: number;
  y: number;
  xx: number;
  yy: number;
  xy: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function gather(waiting: Uint8Array, across: number, down: number, start: number): Piece {
  const piece: Piece = {
    n: 0,
    x: 0,
    y: 0,
    xx: 0,
    yy: 0,
    xy: 0,
    left: across,
    right: 0,
    top: down,
    bottom: 0,
  };
  const queue = [start];
  waiting[start] = 0;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const x = at % across;
    const y = (at - x) / across;
    piece.n++;
    piece.x += x;
    piece.y += y;
    piece.xx += x * x;
    piece.yy += y * y;
    piece.xy += x * y;
    piece.left = Math.min(piece.left, x);
    piece.right = Math.max(piece.right, x + 1);
    piece.top = Math.min(piece.top, y);
    piece.bottom = Math.max(piece.bottom, y + 1);
    for (let ny = Math.max(0, y - REACH); ny <= Math.min(down - 1, y + REACH); ny++)
      for (let nx = Math.max(0, x - REACH); nx <= Math.min(across - 1, x + REACH); nx++) {
        const next = ny * across + nx;
        if (waiting[next] === 0) continue;
        waiting[next] = 0;
        queue.push(next);
      }
  }
  return piece;
}

function shapeOf(piece: Piece, window: Samples, sx: number, sy: number): Silhouette {
  const { n } = piece;
  const varX = (piece.xx / n - (piece.x / n) ** 2) * sx * sx;
  const varY = (piece.yy / n - (piece.y / n) ** 2) * sy * sy;
  const joint = (piece.xy / n - (piece.x / n) * (piece.y / n)) * sx * sy;
  const middle = (varX + varY) / 2;
  const spread = Math.hypot((varX - varY) / 2, joint);
  const slant = 0.5 * Math.atan2(2 * joint, varX - varY);
  return {
    box: {
      x: (window.left + piece.left) * sx,
      y: (window.top + piece.top) * sy,
      width: (piece.right - piece.left) * sx,
      height: (piece.bottom - piece.top) * sy,
    },
    area: n * sx * sy,
    elongation: Math.sqrt((middle + spread) / Math.max(1e-9, middle - spread)),
    slant: Math.abs(slant),
  };
}
