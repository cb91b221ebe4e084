/**
 * Integer arithmetic on planes, in two implementations that give the same bits: WebAssembly with SIMD, and
 * TypeScript. An instance owns a fixed amount of memory; every array it is given must have been taken from
 * it with `bytes`, `shorts` or `ints`. Planes have a width that is a multiple of 16 (what `analysisSize`
 * gives) and any height; `n` is a number of pixels, a multiple of 16. Arguments are not checked: these are
 * the inner loops of src/frames, called by nothing else.
 *
 * Means and spreads are in 1/128 of a grey level (0 to 32640). Rates are in 1/32768. Masks are 0 or 255.
 */
export interface Kernels {
  readonly kind: "wasm" | "typescript";
  /** Zeroed memory of this instance. @throws CodedError INTERNAL where it has no more. */
  bytes(length: number): Uint8Array;
  shorts(length: number): Int16Array;
  ints(length: number): Int32Array;

  /** dst = src * gain / 16384 + offset / 64, to 1/64 of a grey level, rounded and clipped; gain 0 to 32767. */
  affine8(src: Uint8Array, dst: Uint8Array, n: number, gain: number, offset: number): void;
  /** The same in place on 1/128 grey levels from index `at`, `width` (multiple of 8) by `rows`. */
  affine16(
    values: Int16Array,
    at: number,
    stride: number,
    width: number,
    rows: number,
    gain: number,
    offset: number,
  ): void;
  /** Weighs each 3x3 neighbourhood by 1 2 1 both ways, the border repeated; each halving rounds up. */
  smooth(src: Uint8Array, dst: Uint8Array, width: number, height: number): void;
  /** For each 16x16 block (the last row may be lower), five sums: a, b, a*a, b*b, a*b. */
  moments(a: Uint8Array, b: Uint8Array, width: number, height: number, out: Int32Array): void;
  /** How often each |a - b| occurs over every `rowStep`-th row, as 256 counts. */
  histogramOfDifference(
    a: Uint8Array,
    b: Uint8Array,
    width: number,
    height: number,
    rowStep: number,
    out: Int32Array,
  ): void;

  /**
   * One step of learning. Where `allowed` is 0 nothing is learnt and the votes are taken back. Elsewhere a
   * pixel inside its limits moves its mean and spread towards the frame; outside, its spread grows a little
   * (swaying leaves, boiling compression), and a majority vote (Boyer and Moore) looks for the value that
   * stays: a candidate gains `weight` votes when it is seen again within `tolerance` and loses them
   * otherwise, and becomes the background with enough votes.
   *
   * `trust` of a pixel: 0 nothing known (all values are outside), 1 known but doubtful, 2 known.
   */
  learn(model: BackgroundPlanes, frame: Uint8Array, allowed: Uint8Array, n: number, step: LearningStep): void;
  /**
   * Mean in grey levels, tolerance min(cap, floor + mean / 64 + mean / 128 + 4 * spread) rounded up, and the
   * limits mean -/+ tolerance. `floor` and `cap` in 1/128.
   */
  limits(model: BackgroundPlanes, n: number, floor: number, cap: number): void;

  /** 255 where the frame lies outside of the limits. */
  outside(frame: Uint8Array, low: Uint8Array, high: Uint8Array, n: number, out: Uint8Array): void;
  /** 255 where two frames differ by more than the tolerance. */
  changed(a: Uint8Array, b: Uint8Array, tolerance: Uint8Array, n: number, out: Uint8Array): void;
  /** Set where both are. */
  both(a: Uint8Array, b: Uint8Array, n: number, out: Uint8Array): void;
  /**
   * 255 where at least `least` of the 3x3 neighbours (itself included, none beyond the border) are set: 1
   * dilates, 9 erodes, 4 or 5 takes speckle away.
   */
  boxCount(src: Uint8Array, dst: Uint8Array, width: number, height: number, least: number): void;
  /** Least and greatest value of each 3x3 neighbourhood, the border repeated. */
  least3x3(src: Uint8Array, dst: Uint8Array, width: number, height: number): void;
  greatest3x3(src: Uint8Array, dst: Uint8Array, width: number, height: number): void;
  /** Set pixels of each 8x8 cell, row after row of width / 8 cells; the last row may be lower. */
  cellCounts(mask: Uint8Array, width: number, height: number, out: Uint8Array): void;

  /** Rounded means of 4x4 blocks: (width / 4) x floor(height / 4). */
  quarter(src: Uint8Array, width: number, height: number, dst: Uint8Array): void;
  /**
   * Sum of min(cap, |a(x, y) - b(x - dx, y - dy)|) over a window of a whose width is a multiple of 16, every
   * `rowStep`-th row. The window, displaced or not, stays inside of both planes.
   */
  sad(
    a: Uint8Array,
    b: Uint8Array,
    stride: number,
    window: Window,
    rowStep: number,
    dx: number,
    dy: number,
    cap: number,
  ): number;
}

/** The per-pixel state of the background. */
export interface BackgroundPlanes {
  readonly mean: Int16Array;
  readonly spread: Int16Array;
  readonly candidate: Uint8Array;
  readonly votes: Uint8Array;
  readonly trust: Uint8Array;
  /** Written by `limits`. */
  readonly mean8: Uint8Array;
  readonly tolerance: Uint8Array;
  readonly low: Uint8Array;
  readonly high: Uint8Array;
}

export interface LearningStep {
  readonly meanRate: number;
  readonly spreadRate: number;
  /** How fast, and up to what distance, values outside of the limits widen the spread. */
  readonly outsideRate: number;
  readonly outsideCap: number;
  /** Least spread of a pixel whose background is new. */
  readonly firstSpread: number;
  /** Votes this frame is worth, and how many make a candidate the background: where trust is 2, and below. */
  readonly weight: number;
  readonly votesKnown: number;
  readonly votesNew: number;
  /** How far a value may be from the candidate to vote for it, in grey levels. */
  readonly tolerance: number;
}

export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
