import type { Box } from "../geometry/shapes.ts";
import type { Seconds, UtcMilliseconds } from "../time/clock.ts";

/** One plane of 8-bit samples, row after row, `stride === width`. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Packed 8-bit RGB, 3 bytes a pixel, row after row. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * The codec's motion vectors of one frame, one entry a block, in image coordinates.
 * Each typed array has `count` entries. A block that moved by (dx, dy) px since the reference frame is
 * centred on (x, y) and measures (width, height). Intra-coded blocks have no entry.
 */
export interface MotionVectors {
  readonly count: number;
  readonly x: Int16Array;
  readonly y: Int16Array;
  readonly width: Uint8Array;
  readonly height: Uint8Array;
  readonly dx: Float32Array;
  readonly dy: Float32Array;
}

/**
 * One decoded picture. Its pixels live in the decoder's memory until `release()`; what is asked for is
 * computed on demand and once. After `release()` only the scalars may be read.
 */
export interface Frame {
  /** Presentation time in seconds since the stream's first frame. Strictly increasing within a stream. */
  readonly pts: Seconds;
  /** When the picture was taken, as well as the source knows: live, the arrival; a recording, its start plus `pts`. */
  readonly wallClock: UtcMilliseconds;
  /** Size in image coordinates: stored pixels after rotation. */
  readonly width: number;
  readonly height: number;
  /** Width of a pixel over its height as shown; 1 for square pixels. */
  readonly pixelAspect: number;
  /** Luma scaled to `analysisSize(width, height)`. */
  luma(): Plane;
  /** Null where the codec exports none (MJPEG, images, intra frames). */
  motionVectors(): MotionVectors | null;
  /**
   * Colour of `region` (image coordinates, clipped to the picture by the caller) scaled to width x height,
   * written to `into` where given (3 * width * height bytes).
   */
  rgb(region: Box, width: number, height: number, into?: Uint8Array): RgbImage;
  /** Gives the picture's memory back. Idempotent. */
  release(): void;
}

/** The long side of the luma that background, motion and flow work on, in samples. */
export const ANALYSIS_LONG_SIDE = 384;

/**
 * Size of the analysis luma for a picture: the long side at most 384, aspect kept, width a multiple of 16
 * (one SIMD register), height even, never larger than the picture rounded down to that grid.
 */
export function analysisSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, ANALYSIS_LONG_SIDE / Math.max(width, height));
  return {
    width: Math.max(16, Math.round((width * scale) / 16) * 16),
    height: Math.max(2, Math.round((height * scale) / 2) * 2),
  };
}
