import type { Seconds } from "../time/clock.ts";
import type { MotionVectors, Plane } from "./frame.ts";

export interface FlowOptions {
  /** Of the picture, image px. */
  readonly width: number;
  readonly height: number;
  /** Default 16 x 12 cells. */
  readonly across?: number;
  readonly down?: number;
  /** The flow is the mean over about this long. Default 0.5 s. */
  readonly span?: Seconds;
  /** Image px per second below which a block stands still. Default 1 % of the long side. */
  readonly leastSpeed?: number;
}

/** Motion of an area as a whole; arrays of across * down cells, row after row. Nobody is told apart in it. */
export interface Flow {
  readonly across: number;
  readonly down: number;
  /** Mean of what moves in each cell, image px per second; 0 where nothing does. */
  readonly vx: Float32Array;
  readonly vy: Float32Array;
  /** How much speaks for it: blocks of 16x16 px that moved, a frame, averaged over the span. */
  readonly support: Float32Array;
  /** Share of each cell's area that moved, 0 to 1. */
  readonly moving: Float32Array;
}

const BLOCK_AREA = 256;

/**
 * Adds up the codec's motion vectors over half a second. Encoders choose vectors to save bits: flat areas
 * and repeated patterns carry arbitrary ones. Single blocks therefore count for little; a cell's mean does.
 */
export class FlowField {
  readonly #options: Required<FlowOptions>;
  readonly #sumX: Float32Array;
  readonly #sumY: Float32Array;
  readonly #area: Float32Array;
  #at: Seconds | null = null;
  /** Weight of the frames in the sums. */
  #weight = 0;

  constructor(options: FlowOptions) {
    this.#options = {
      across: 16,
      down: 12,
      span: 0.5,
      leastSpeed: 0.01 * Math.max(options.width, options.height),
      ...options,
    };
    const cells = this.#options.across * this.#options.down;
    this.#sumX = new Float32Array(cells);
    this.#sumY = new Float32Array(cells);
    this.#area = new Float32Array(cells);
  }

  /**
   * Takes the vectors of the next frame; call it for every frame of the stream. Vectors are displacements
   * since the frame before, and the time between the two makes them speeds (a reference further back makes
   * them too fast: rare with the low-delay streams of cameras). A frame without vectors, an intra frame, says
   * nothing and leaves the flow as it is.
   */
  add(at: Seconds, vectors: MotionVectors | null): void {
    const elapsed = this.#at === null ? 0 : at - this.#at;
    this.#at = at;
    if (vectors === null || elapsed <= 0) return;
    const { width, height, across, down, span, leastSpeed } = this.#options;
    const keep = Math.exp(-elapsed / span);
    const share = 1 - keep;
    for (let cell = 0; cell < this.#area.length; cell++) {
      this.#sumX[cell] = keep * (this.#sumX[cell] ?? 0);
      this.#sumY[cell] = keep * (this.#sumY[cell] ?? 0);
      this.#area[cell] = keep * (this.#area[cell] ?? 0);
    }
    this.#weight = keep * this.#weight + share;
    for (let i = 0; i < vectors.count; i++) {
      const vx = (vectors.dx[i] ?? 0) / elapsed;
      const vy = (vectors.dy[i] ?? 0) / elapsed;
      if (Math.hypot(vx, vy) < leastSpeed) continue;
      const x = Math.floor(((vectors.x[i] ?? 0) * across) / width);
      const y = Math.floor(((vectors.y[i] ?? 0) * down) / height);
      if (x < 0 || y < 0 || x >= across || y >= down) continue;
      const cell = y * across + x;
      const area = share * (vectors.width[i] ?? 0) * (vectors.height[i] ?? 0);
      this.#sumX[cell] = (this.#sumX[cell] ?? 0) + area * vx;
      this.#sumY[cell] = (this.#sumY[cell] ?? 0) + area * vy;
      this.#area[cell] = (this.#area[cell] ?? 0) + area;
    }
  }

  /** The flow as of the last frame. The arrays are the caller's. */
  read(): Flow {
    const { width, height, across, down } = this.#options;
    const cellArea = (width / across) * (height / down);
    const weight = Math.max(this.#weight, 1e-9);
    const over = (sum: Float32Array) =>
      sum.map((value, cell) => value / Math.max(this.#area[cell] ?? 0, 1e-9));
    return {
      across,
      down,
      vx: over(this.#sumX),
      vy: over(this.#sumY),
      support: this.#area.map((area) => area / weight / BLOCK_AREA),
      moving: this.#area.map((area) => Math.min(1, area / weight / cellArea)),
    };
  }

  reset(): void {
    this.#sumX.fill(0);
    this.#sumY.fill(0);
    this.#area.fill(0);
    this.#weight = 0;
    this.#at = null;
  }
}

/**
 * The blocks that moved by at least `least` px since their reference frame, drawn on a plane of any size:
 * 255 there, 0 elsewhere. A motion mask that costs no pixel.
 * @param picture size of the picture the vectors are of, image px
 */
export function motionVectorMask(
  vectors: MotionVectors,
  picture: { readonly width: number; readonly height: number },
  size: { readonly width: number; readonly height: number },
  least = 1,
): Plane {
  const data = new Uint8Array(size.width * size.height);
  const scaleX = size.width / picture.width;
  const scaleY = size.height / picture.height;
  for (let i = 0; i < vectors.count; i++) {
    if (Math.hypot(vectors.dx[i] ?? 0, vectors.dy[i] ?? 0) < least) continue;
    const halfWidth = (vectors.width[i] ?? 0) / 2;
    const halfHeight = (vectors.height[i] ?? 0) / 2;
    const left = Math.max(0, Math.floor(((vectors.x[i] ?? 0) - halfWidth) * scaleX));
    const right = Math.min(size.width, Math.ceil(((vectors.x[i] ?? 0) + halfWidth) * scaleX));
    const top = Math.max(0, Math.floor(((vectors.y[i] ?? 0) - halfHeight) * scaleY));
    const bottom = Math.min(size.height, Math.ceil(((vectors.y[i] ?? 0) + halfHeight) * scaleY));
    for (let y = top; y < bottom && left < right; y++)
      data.fill(255, y * size.width + left, y * size.width + right);
  }
  return { width: size.width, height: size.height, data };
}
