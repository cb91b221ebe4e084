import type { Kernels, Window } from "./kernels/arithmetic.ts";

/** How far the picture's content lies from where the background has it, in analysis samples. */
export interface Shift {
  readonly dx: number;
  readonly dy: number;
  /** Share of the view's textured windows that agree, 0 to 1. */
  readonly confidence: number;
}

/** Reach of the search on the quarter plane: 4 * 3 + 3 = 15 samples either way. */
const COARSE = 3;
const FINE = 3;
const WINDOW_WIDTH = 16;
const WINDOW_HEIGHT = 8;
/** Differences count up to this: people in front of the view must not outweigh it. */
const CAP = 28;
const LEAST_AGREEMENT = 0.5;

/** Finds small displacements of the whole view by block matching, coarse to fine. */
export class ShiftMeter {
  readonly #kernels: Kernels;
  readonly #width: number;
  readonly #height: number;
  readonly #frame: Uint8Array;
  readonly #back: Uint8Array;

  constructor(kernels: Kernels, width: number, height: number) {
    this.#kernels = kernels;
    this.#width = width;
    this.#height = height;
    this.#frame = kernels.bytes((width >> 2) * (height >> 2));
    this.#back = kernels.bytes((width >> 2) * (height >> 2));
  }

  /**
   * @param frame luma, its light already fitted to the background's
   * @param background the mean in grey levels
   * @returns null where the view has too little texture to say
   */
  measure(frame: Uint8Array, background: Uint8Array): Shift | null {
    const k = this.#kernels;
    const stride = this.#width >> 2;
    k.quarter(frame, this.#width, this.#height, this.#frame);
    k.quarter(background, this.#width, this.#height, this.#back);
    const windows = this.#textured(stride, this.#height >> 2);
    if (windows.length < 4) return null;

    const coarse = search(COARSE, { dx: 0, dy: 0 }, windows, (w, dx, dy) =>
      k.sad(this.#frame, this.#back, stride, w, 1, dx, dy, CAP),
    );
    const large = windows.map((w) => ({
      left: 4 * w.left,
      top: 4 * w.top,
      width: 4 * w.width,
      height: 4 * w.height,
    }));
    const start = { dx: 4 * coarse.dx, dy: 4 * coarse.dy };
    const fine = search(FINE, start, large, (w, dx, dy) =>
      k.sad(frame, background, this.#width, w, 4, dx, dy, CAP),
    );
    // Standing still is the rule: a displacement must explain clearly more, and most windows must say so each
    // for itself. Another picture has a best fit too, but its windows disagree. A best fit at the end of the
    // reach is none: it would go on beyond.
    const end = 4 * COARSE + FINE;
    const within = Math.abs(fine.dx) < end && Math.abs(fine.dy) < end;
    const clear = within && fine.total < 0.85 * fine.totalAtRest && fine.agreement >= LEAST_AGREEMENT;
    return clear ? { dx: fine.dx, dy: fine.dy, confidence: fine.agreement } : { dx: 0, dy: 0, confidence: 1 };
  }

  /** Windows of the quarter plane, clear of the border by the reach, whose background has texture both ways. */
  #textured(width: number, height: number): Window[] {
    // The fine search starts up to 4 * COARSE away and reads FINE further: one more sample of the quarter plane.
    const margin = COARSE + 1;
    const windows: Window[] = [];
    for (let top = margin; top + WINDOW_HEIGHT + margin <= height; top += WINDOW_HEIGHT)
      for (let left = margin; left + WINDOW_WIDTH + margin <= width; left += WINDOW_WIDTH) {
        const window = { left, top, width: WINDOW_WIDTH, height: WINDOW_HEIGHT };
        const least = 2.5 * WINDOW_WIDTH * WINDOW_HEIGHT;
        const texture = (dx: number, dy: number) =>
          this.#kernels.sad(this.#back, this.#back, width, window, 1, dx, dy, CAP);
        if (texture(1, 0) > least && texture(0, 1) > least) windows.push(window);
      }
    return windows;
  }
}

interface Found {
  readonly dx: number;
  readonly dy: number;
  readonly total: number;
  readonly totalAtRest: number;
  /** Share of the windows whose own best is within one step of it. */
  readonly agreement: number;
}

function search(
  reach: number,
  around: { readonly dx: number; readonly dy: number },
  windows: readonly Window[],
  cost: (window: Window, dx: number, dy: number) => number,
): Found {
  const own = windows.map(() => ({ dx: 0, dy: 0, cost: Number.POSITIVE_INFINITY }));
  let best = { dx: 0, dy: 0, total: Number.POSITIVE_INFINITY };
  let totalAtRest = 0;
  for (const window of windows) totalAtRest += cost(window, 0, 0);
  for (let dy = around.dy - reach; dy <= around.dy + reach; dy++)
    for (let dx = around.dx - reach; dx <= around.dx + reach; dx++) {
      let total = 0;
      for (const [index, window] of windows.entries()) {
        const value = cost(window, dx, dy);
        total += value;
        const mine = own[index];
        if (mine !== undefined && value < mine.cost) {
          mine.dx = dx;
          mine.dy = dy;
          mine.cost = value;
        }
      }
      const nearer = dx * dx + dy * dy < best.dx * best.dx + best.dy * best.dy;
      if (total < best.total || (total === best.total && nearer)) best = { dx, dy, total };
    }
  const near = own.filter((w) => Math.abs(w.dx - best.dx) <= 1 && Math.abs(w.dy - best.dy) <= 1).length;
  return { ...best, totalAtRest, agreement: near / Math.max(1, windows.length) };
}

/**
 * Moves a plane's content by (-dx, -dy), so that content displaced by (dx, dy) lies where it was; what comes
 * from beyond the border is taken from `fill`.
 */
export function realign(
  src: Uint8Array,
  dst: Uint8Array,
  width: number,
  height: number,
  dx: number,
  dy: number,
  fill: Uint8Array | 0,
): void {
  if (fill === 0) dst.fill(0);
  else dst.set(fill);
  const from = Math.max(0, -dx);
  const to = Math.min(width, width - dx);
  if (to <= from) return;
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    const row = (y + dy) * width + dx;
    dst.set(src.subarray(row + from, row + to), y * width + from);
  }
}
