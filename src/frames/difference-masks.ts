import type { Seconds } from "../time/clock.ts";
import { BLOCK } from "./blocks.ts";
import type { Plane } from "./frame.ts";
import type { BackgroundPlanes, Kernels } from "./kernels/arithmetic.ts";
import { CELL } from "./regions.ts";
import { realign } from "./shift.ts";

/** Set neighbours (of 9) without which a pixel is speckle. */
const SPECKLE = 4;
/** Set pixels (of 64) that make a cell restless, and for how long it must not be to count as still. */
const RESTLESS_PIXELS = 3;
const STILL_SECONDS = 1;

/** What of one camera's view differs: from the background, and from the frame of a moment ago. */
export class DifferenceMasks {
  /** Set pixels of each cell, row after row. */
  readonly foregroundCells: Uint8Array;
  readonly movingCells: Uint8Array;
  readonly #kernels: Kernels;
  readonly #width: number;
  readonly #height: number;
  readonly #foreground: Uint8Array;
  readonly #moving: Uint8Array;
  readonly #shown: { readonly foreground: Uint8Array; readonly moving: Uint8Array };
  readonly #speckled: Uint8Array;
  readonly #wideLow: Uint8Array;
  readonly #wideHigh: Uint8Array;
  /** When something last moved in each block. */
  readonly #movedAt: Float64Array;
  #wide = false;

  constructor(kernels: Kernels, width: number, height: number) {
    this.#kernels = kernels;
    this.#width = width;
    this.#height = height;
    const n = width * height;
    this.#foreground = kernels.bytes(n);
    this.#moving = kernels.bytes(n);
    this.#shown = { foreground: kernels.bytes(n), moving: kernels.bytes(n) };
    this.#speckled = kernels.bytes(n);
    this.#wideLow = kernels.bytes(n);
    this.#wideHigh = kernels.bytes(n);
    const cells = (width / CELL) * Math.ceil(height / CELL);
    this.foregroundCells = kernels.bytes(cells);
    this.movingCells = kernels.bytes(cells);
    const blocks = (width / BLOCK) * Math.ceil(height / BLOCK);
    this.#movedAt = new Float64Array(blocks).fill(Number.NEGATIVE_INFINITY);
  }

  /** Forgets when anything moved. */
  reset(): void {
    this.#movedAt.fill(Number.NEGATIVE_INFINITY);
  }

  /**
   * From now on the limits of a pixel's neighbours hold for it as well: around edges a displaced picture never
   * fits to the sample.
   */
  widen({ low, high }: BackgroundPlanes): void {
    this.#kernels.least3x3(low, this.#wideLow, this.#width, this.#height);
    this.#kernels.greatest3x3(high, this.#wideHigh, this.#width, this.#height);
    this.#wide = true;
  }

  /** From now on a pixel's own limits hold for it. */
  narrow(): void {
    this.#wide = false;
  }

  get wide(): boolean {
    return this.#wide;
  }

  /** Finds the foreground of a frame that is laid on the background; its share of the view. */
  separate(frame: Uint8Array, { low, high }: BackgroundPlanes): number {
    if (this.#wide) this.#kernels.outside(frame, this.#wideLow, this.#wideHigh, frame.length, this.#speckled);
    else this.#kernels.outside(frame, low, high, frame.length, this.#speckled);
    this.#kernels.boxCount(this.#speckled, this.#foreground, this.#width, this.#height, SPECKLE);
    return this.#share(this.#foreground, this.foregroundCells);
  }

  /**
   * Finds what changed since a past frame; its share of the view.
   * @param before null where there is none: nothing moves
   * @param tolerance of each pixel, grey levels
   * @param onlyForeground leaves out what does not also differ from the background
   */
  findMotion(
    frame: Uint8Array,
    before: Uint8Array | null,
    tolerance: Uint8Array,
    onlyForeground: boolean,
  ): number {
    if (before === null) {
      this.#moving.fill(0);
      this.movingCells.fill(0);
      return 0;
    }
    const n = frame.length;
    this.#kernels.changed(frame, before, tolerance, n, this.#speckled);
    this.#kernels.boxCount(this.#speckled, this.#moving, this.#width, this.#height, SPECKLE);
    if (onlyForeground) this.#kernels.both(this.#moving, this.#foreground, n, this.#moving);
    return this.#share(this.#moving, this.movingCells);
  }

  /** Takes what moves for the foreground: all there is to go by while the background is not known. */
  takeMotionForForeground(): void {
    this.#foreground.set(this.#moving);
    this.foregroundCells.set(this.movingCells);
  }

  /** Share of the blocks in which nothing has moved for a second. Call once after each `findMotion`. */
  stillShare(at: Seconds): number {
    const across = this.#width / CELL;
    for (let cell = 0; cell < this.movingCells.length; cell++) {
      if ((this.movingCells[cell] ?? 0) < RESTLESS_PIXELS) continue;
      const y = Math.floor(cell / across);
      this.#movedAt[(y >> 1) * (across >> 1) + ((cell - y * across) >> 1)] = at;
    }
    let still = 0;
    for (const moved of this.#movedAt) if (at - moved >= STILL_SECONDS) still++;
    return still / this.#movedAt.length;
  }

  /** Both masks as they lie on a frame that is displaced by (dx, dy). Valid until the next frame. */
  onFrame(dx: number, dy: number): { foreground: Plane; moving: Plane } {
    return {
      foreground: this.#displaced(this.#foreground, this.#shown.foreground, dx, dy),
      moving: this.#displaced(this.#moving, this.#shown.moving, dx, dy),
    };
  }

  #displaced(mask: Uint8Array, into: Uint8Array, dx: number, dy: number): Plane {
    const [width, height] = [this.#width, this.#height];
    if (dx === 0 && dy === 0) return { width, height, data: mask };
    realign(mask, into, width, height, -dx, -dy, 0);
    return { width, height, data: into };
  }

  #share(mask: Uint8Array, cells: Uint8Array): number {
    this.#kernels.cellCounts(mask, this.#width, this.#height, cells);
    let set = 0;
    for (let i = 0; i < cells.length; i++) set += cells[i] ?? 0;
    return set / mask.length;
  }
}
