import { fault } from "../errors.ts";
import { type Box, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { BackgroundModel, fixedLight, usualTolerance } from "./background-model.ts";
import { BlockMeter, type Blocks } from "./blocks.ts";
import type { Frame, Plane } from "./frame.ts";
import { createKernels, type Kernels } from "./kernels/kernels.ts";
import { fitLight, type Light, lightEffect, relitBlocks, SAME_LIGHT } from "./light.ts";
import { noiseOf } from "./noise.ts";
import { PastFrames } from "./past-frames.ts";
import { CELL, movingRegions } from "./regions.ts";
import type { Scene, SceneState } from "./scene.ts";
import { realign, ShiftMeter } from "./shift.ts";
import { ViewWatch } from "./view-watch.ts";

export interface SceneOptions {
  /** A thing that stays this long, uncovered, becomes background. Default 40 s, at most 60 s. */
  readonly absorbAfter?: Seconds;
  /** Where the arithmetic is done. Default: WebAssembly, or TypeScript where that does not run. */
  readonly kernels?: (capacity: number) => Kernels;
}

/** The background is taken from the majority of this much video. */
const SETTLE_SECONDS = 2;
const SETTLE_FRAMES = 4;
/** What one vote of the background's majority stands for, while it settles and after. */
const SETTLE_UNIT = 0.1;
const VOTE_UNIT = 0.25;
/** A gap longer than this in the stream is not evidence of anything. */
const LONGEST_STEP = 2;
/** One frame is not the majority of the first seconds, however long the next one takes. */
const LONGEST_SETTLE_STEP = 0.5;
const LIGHT_SECONDS = 1;
/** Light that differs by this many grey levels at middle grey is taken into the background, and is reported. */
const RELIGHT_EFFECT = 2.5;
const REPORTED_EFFECT = 6;
const SHAKE_SECONDS = 2;
const STILL_SECONDS = 1;
/** Set neighbours (of 9) without which a pixel is speckle. */
const SPECKLE = 4;

/**
 * Background and motion of one camera by a running mean and spread of each pixel, in time and not in frames.
 *
 * - The background starts as the majority of the first 2 s. After that, what is within its limits refines it;
 *   what is outside is absorbed once it was seen for most of the time since the start, at most `absorbAfter`.
 * - Nothing is learnt where `cover` says that something was detected. A cover stays in force until the next
 *   call of `cover`: not to call it means that nobody looked, not that nobody is there.
 * - Changes of light are fitted as gain and offset over blocks that keep their structure, and undone before
 *   the comparison; what differs block by block (a lamp) is carried over into the background.
 * - A displaced view is laid back on the background before the comparison.
 *
 * The size of the picture may change in the stream: the background then starts anew.
 */
export function createScene(options: SceneOptions = {}): Scene {
  let scene: SizedScene | null = null;
  return {
    observe(frame) {
      const luma = frame.luma();
      if (scene === null || scene.width !== luma.width || scene.height !== luma.height)
        scene = new SizedScene(luma.width, luma.height, options);
      return scene.observe(frame, luma);
    },
    cover: (boxes) => scene?.cover(boxes),
    reset: () => scene?.reset(),
  };
}

class SizedScene {
  readonly width: number;
  readonly height: number;
  readonly #kernels: Kernels;
  readonly #absorbAfter: Seconds;
  readonly #model: BackgroundModel;
  readonly #blocks: BlockMeter;
  readonly #shiftMeter: ShiftMeter;
  readonly #past: PastFrames;
  readonly #raw: Uint8Array;
  readonly #lit: Uint8Array;
  readonly #wideLow: Uint8Array;
  readonly #wideHigh: Uint8Array;
  readonly #mask: Uint8Array;
  readonly #foreground: Uint8Array;
  readonly #moving: Uint8Array;
  readonly #shown: { readonly foreground: Uint8Array; readonly moving: Uint8Array };
  readonly #neverCovered: Uint8Array;
  readonly #foregroundCells: Uint8Array;
  readonly #movingCells: Uint8Array;
  readonly #histogram: Int32Array;
  /** When something last moved in each block. */
  readonly #movedAt: Float64Array;

  #watch: ViewWatch;
  #start: Seconds = 0;
  #at: Seconds | null = null;
  #scale = { x: 1, y: 1 };
  #picture: Box = { x: 0, y: 0, width: 0, height: 0 };
  #learntAt: Seconds = 0;
  #learnt = 0;
  #settled = false;
  #noise: number | null = null;
  #light: Light = SAME_LIGHT;
  #meanLight: Light = SAME_LIGHT;
  #relitAt: Seconds = Number.NEGATIVE_INFINITY;
  #shift = { dx: 0, dy: 0, confidence: 1 };
  #shiftAt: Seconds = Number.NEGATIVE_INFINITY;
  #shookAt: Seconds = Number.NEGATIVE_INFINITY;
  #usualForeground = 0;
  #wide = false;

  constructor(width: number, height: number, options: SceneOptions) {
    if (width % 16 !== 0)
      throw fault("INTERNAL", { what: `a luma plane ${width} wide: analysisSize gives multiples of 16` });
    this.width = width;
    this.height = height;
    this.#absorbAfter = Math.min(60, options.absorbAfter ?? 40);
    const n = width * height;
    const kernels = (options.kernels ?? createKernels)(40 * n + (1 << 16));
    this.#kernels = kernels;
    this.#model = new BackgroundModel(kernels, width, height);
    this.#blocks = new BlockMeter(kernels, width, height);
    this.#shiftMeter = new ShiftMeter(kernels, width, height);
    this.#past = new PastFrames(kernels, n);
    this.#raw = kernels.bytes(n);
    this.#lit = kernels.bytes(n);
    this.#wideLow = kernels.bytes(n);
    this.#wideHigh = kernels.bytes(n);
    this.#mask = kernels.bytes(n);
    this.#foreground = kernels.bytes(n);
    this.#moving = kernels.bytes(n);
    this.#shown = { foreground: kernels.bytes(n), moving: kernels.bytes(n) };
    this.#neverCovered = kernels.bytes(n).fill(255);
    const cells = (width / CELL) * Math.ceil(height / CELL);
    this.#foregroundCells = kernels.bytes(cells);
    this.#movingCells = kernels.bytes(cells);
    this.#histogram = kernels.ints(256);
    this.#movedAt = new Float64Array(this.#blocks.count).fill(Number.NEGATIVE_INFINITY);
    this.#watch = new ViewWatch(width, height);
  }

  observe(frame: Frame, luma: Plane): SceneState {
    if (this.#at === null) this.#begin(frame.pts);
    else this.#learn(this.#at);
    const elapsed = this.#at === null ? 0 : Math.max(0, frame.pts - this.#at);
    const at = frame.pts;
    this.#at = at;
    this.#scale = { x: frame.width / this.width, y: frame.height / this.height };
    this.#picture = { x: 0, y: 0, width: frame.width, height: frame.height };

    // Smoothed: noise is no thing, and things are wider than a sample.
    this.#lit.set(luma.data);
    this.#kernels.smooth(this.#lit, this.#raw, this.width, this.height);
    const back = this.#settled ? this.#model.planes.mean8 : this.#raw;
    const blocks = this.#blocks.measure(this.#raw, back);
    this.#compensateLight(blocks, elapsed);
    this.#current().set(this.#lit);

    let foregroundShare = this.#separate(this.#current());
    if (this.#settled && this.#shiftIsDue(at, foregroundShare)) {
      foregroundShare = this.#measureShift(at, foregroundShare);
    }
    const displaced = this.#shift.dx !== 0 || this.#shift.dy !== 0;
    if (this.#settled && foregroundShare > 0.1 && !displaced) {
      const relit = relitBlocks(
        blocks,
        this.#light,
        this.#noise ?? 1,
        0.6 * usualTolerance(this.#noise ?? 1),
      );
      if (relit.length > 0) {
        this.#model.relightBlocks(relit);
        this.#updateLimits();
        this.#relitAt = at;
        foregroundShare = this.#separate(this.#current());
      }
    }
    if (this.#noise === null) this.#measureNoise(elapsed, 0); // the first motion needs a tolerance
    const movingShare = this.#findMotion(at);
    this.#measureNoise(elapsed, movingShare);
    if (!this.#settled) {
      this.#foreground.set(this.#moving);
      this.#foregroundCells.set(this.#movingCells);
      foregroundShare = movingShare;
    }
    this.#usualForeground += (1 - Math.exp(-elapsed / 5)) * (foregroundShare - this.#usualForeground);

    const { dx, dy, confidence } = this.#shift;
    this.#watch.observe({
      at,
      blocks,
      noise: this.#noise ?? 1,
      settled: this.#settled,
      dx,
      dy,
      clear: confidence > 0,
      stillShare: this.#stillShare(at),
    });
    const lightChanged =
      this.#settled && (lightEffect(this.#light) > REPORTED_EFFECT || at - this.#relitAt < LIGHT_SECONDS);
    return {
      at,
      foreground: this.#show(this.#foreground, this.#shown.foreground),
      moving: this.#show(this.#moving, this.#shown.moving),
      regions: this.#regions(lightChanged),
      foregroundShare,
      movingShare,
      settled: this.#settled,
      lightChanged,
      shift: { dx: dx * this.#scale.x, dy: dy * this.#scale.y },
      viewMoved: this.#watch.viewMoved,
      unreadable: this.#watch.unreadable,
    };
  }

  cover(boxes: readonly Box[]): void {
    const { allowed } = this.#model;
    allowed.fill(255);
    for (const box of boxes) {
      // A detector's box cuts off hands, feet and what is carried.
      const margin = 2 + (0.1 * Math.max(box.width, box.height)) / Math.max(this.#scale.x, this.#scale.y);
      const left = Math.max(0, Math.floor(box.x / this.#scale.x - margin));
      const right = Math.min(this.width, Math.ceil((box.x + box.width) / this.#scale.x + margin));
      const top = Math.max(0, Math.floor(box.y / this.#scale.y - margin));
      const bottom = Math.min(this.height, Math.ceil((box.y + box.height) / this.#scale.y + margin));
      for (let y = top; y < bottom && left < right; y++) {
        allowed.fill(0, y * this.width + left, y * this.width + right);
        if (!this.#settled) this.#neverCovered.fill(0, y * this.width + left, y * this.width + right);
      }
    }
  }

  reset(): void {
    this.#model.reset();
    this.#past.clear();
    this.#neverCovered.fill(255);
    this.#movedAt.fill(Number.NEGATIVE_INFINITY);
    this.#watch = new ViewWatch(this.width, this.height);
    this.#at = null;
    this.#learnt = 0;
    this.#settled = false;
    this.#light = SAME_LIGHT;
    this.#meanLight = SAME_LIGHT;
    this.#relitAt = Number.NEGATIVE_INFINITY;
    this.#shift = { dx: 0, dy: 0, confidence: 1 };
    this.#shiftAt = Number.NEGATIVE_INFINITY;
    this.#shookAt = Number.NEGATIVE_INFINITY;
    this.#usualForeground = 0;
  }

  #begin(at: Seconds): void {
    this.#start = at;
    this.#learntAt = at - SETTLE_UNIT;
    this.#watch = new ViewWatch(this.width, this.height);
  }

  #current(): Uint8Array {
    return this.#past.current;
  }

  /** Learns from the frame of the last `observe`, now that `cover` has said where not to. */
  #learn(at: Seconds): void {
    const frame = this.#past.keep(at);
    const elapsed = at - this.#learntAt;
    const unit = this.#settled ? VOTE_UNIT : SETTLE_UNIT;
    const steps = Math.floor(elapsed / unit + 1e-6);
    if (steps < 1) return;
    this.#learntAt = elapsed > LONGEST_STEP ? at : this.#learntAt + steps * unit;
    if (this.#watch.viewMoved || this.#watch.lost || this.#watch.unreadable) return;
    const age = at - this.#start;
    const noise = this.#noise ?? 1;
    this.#learnt++;
    const settle = !this.#settled && age >= SETTLE_SECONDS - 1e-6 && this.#learnt >= SETTLE_FRAMES;
    const weight = Math.min(steps, (this.#settled ? LONGEST_STEP : LONGEST_SETTLE_STEP) / unit);
    const { allowed } = this.#model;
    if (settle) this.#kernels.both(this.#neverCovered, allowed, allowed.length, this.#neverCovered);
    this.#model.learn(frame, settle ? this.#neverCovered : allowed, noise, {
      unit,
      weight,
      absorbAfter: this.#settled ? Math.max(2, Math.min(this.#absorbAfter, age / 2)) : 255 * SETTLE_UNIT,
      settle,
    });
    if (settle) this.#settled = true;
    if (this.#settled) this.#updateLimits();
  }

  #updateLimits(): void {
    this.#model.updateLimits(this.#noise ?? 1);
    if (this.#shaking()) this.#widen();
    else this.#wide = false;
  }

  /** Around edges a displaced picture never fits to the sample: the limits of the neighbours hold as well. */
  #widen(): void {
    const { low, high } = this.#model.planes;
    this.#kernels.least3x3(low, this.#wideLow, this.width, this.height);
    this.#kernels.greatest3x3(high, this.#wideHigh, this.width, this.height);
    this.#wide = true;
  }

  #shaking(): boolean {
    return this.#at !== null && this.#at - this.#shookAt < SHAKE_SECONDS;
  }

  /** Writes the frame as it would be in the background's light to `#lit`, and carries lasting changes over. */
  #compensateLight(blocks: Blocks, elapsed: Seconds): void {
    const n = this.#raw.length;
    if (this.#settled) {
      this.#light = fitLight(blocks, this.#noise ?? 1) ?? this.#light;
      const rate = 1 - Math.exp(-elapsed / LIGHT_SECONDS);
      this.#meanLight = {
        gain: this.#meanLight.gain + rate * (this.#light.gain - this.#meanLight.gain),
        offset: this.#meanLight.offset + rate * (this.#light.offset - this.#meanLight.offset),
      };
      if (lightEffect(this.#meanLight) > RELIGHT_EFFECT && !this.#watch.viewMoved && !this.#watch.lost) {
        const { gain, offset } = this.#meanLight;
        this.#model.relight(gain, offset);
        this.#past.relight(gain, offset);
        this.#updateLimits();
        this.#blocks.measure(this.#raw, this.#model.planes.mean8);
        // The frame in terms of the background as it is now.
        const rest = this.#light.gain / gain;
        this.#light = { gain: rest, offset: this.#light.offset - rest * offset };
        this.#meanLight = SAME_LIGHT;
      }
    }
    const { gain, offset } = this.#light;
    if (gain === 1 && offset === 0) this.#lit.set(this.#raw);
    else this.#kernels.affine8(this.#raw, this.#lit, n, ...fixedLight(1 / gain, -offset / gain));
  }

  #measureNoise(elapsed: Seconds, movingShare: number): void {
    const before = this.#past.latest();
    if (before === null) return;
    this.#kernels.histogramOfDifference(this.#current(), before, this.width, this.height, 4, this.#histogram);
    const found = Math.max(0.5, Math.min(12, noiseOf(this.#histogram)));
    // When much of the view changes at once it is rarely the sensor.
    const tau = !this.#settled ? 0.5 : movingShare > 0.25 ? 20 : 3;
    if (this.#noise === null) this.#noise = found;
    else this.#noise += (1 - Math.exp(-elapsed / tau)) * (found - this.#noise);
    if (!this.#settled) this.#model.planes.tolerance.fill(Math.round(usualTolerance(this.#noise)));
  }

  /** Foreground of a frame laid on the background; its share of the view. */
  #separate(frame: Uint8Array): number {
    if (!this.#settled) return 0;
    const { low, high } = this.#model.planes;
    if (this.#wide) this.#kernels.outside(frame, this.#wideLow, this.#wideHigh, frame.length, this.#mask);
    else this.#kernels.outside(frame, low, high, frame.length, this.#mask);
    this.#kernels.boxCount(this.#mask, this.#foreground, this.width, this.height, SPECKLE);
    return this.#share(this.#foreground, this.#foregroundCells);
  }

  #findMotion(at: Seconds): number {
    const before = this.#past.before(at);
    if (before === null) {
      this.#moving.fill(0);
      this.#movingCells.fill(0);
      return 0;
    }
    const { width, height } = this;
    const n = width * height;
    this.#kernels.changed(this.#current(), before, this.#model.planes.tolerance, n, this.#mask);
    this.#kernels.boxCount(this.#mask, this.#moving, width, height, SPECKLE);
    // After a displaced picture, a lamp or a blind spell, a change is motion only where it also differs from
    // the background.
    const upset = this.#shaking() || at - this.#relitAt < LIGHT_SECONDS || this.#watch.unreadable;
    if (this.#settled && upset) this.#kernels.both(this.#moving, this.#foreground, n, this.#moving);
    return this.#share(this.#moving, this.#movingCells);
  }

  /** Share of the blocks in which nothing has moved for `STILL_SECONDS`. */
  #stillShare(at: Seconds): number {
    const across = this.width / CELL;
    for (let cell = 0; cell < this.#movingCells.length; cell++) {
      if ((this.#movingCells[cell] ?? 0) < 3) continue;
      const y = Math.floor(cell / across);
      this.#movedAt[(y >> 1) * (across >> 1) + ((cell - y * across) >> 1)] = at;
    }
    let still = 0;
    for (const moved of this.#movedAt) if (at - moved >= STILL_SECONDS) still++;
    return still / this.#movedAt.length;
  }

  #share(mask: Uint8Array, cells: Uint8Array): number {
    this.#kernels.cellCounts(mask, this.width, this.height, cells);
    let set = 0;
    for (let i = 0; i < cells.length; i++) set += cells[i] ?? 0;
    return set / mask.length;
  }

  #shiftIsDue(at: Seconds, foregroundShare: number): boolean {
    return (
      this.#shaking() ||
      at - this.#shiftAt >= 1 ||
      (foregroundShare > Math.max(0.04, 1.5 * this.#usualForeground) && at - this.#shiftAt >= 0.1)
    );
  }

  /** Finds the displacement and lays the current frame back on the background; the foreground that is left. */
  #measureShift(at: Seconds, foregroundShare: number): number {
    this.#shiftAt = at;
    const { mean8 } = this.#model.planes;
    this.#shift = this.#shiftMeter.measure(this.#lit, mean8) ?? { dx: 0, dy: 0, confidence: 0 };
    const { dx, dy } = this.#shift;
    if (dx === 0 && dy === 0) return foregroundShare;
    this.#shookAt = at;
    if (!this.#wide) this.#widen();
    realign(this.#lit, this.#current(), this.width, this.height, dx, dy, mean8);
    return this.#separate(this.#current());
  }

  /** A mask on the background's grid, as it lies on the frame. */
  #show(mask: Uint8Array, into: Uint8Array): Plane {
    const { dx, dy } = this.#shift;
    if (dx !== 0 || dy !== 0) realign(mask, into, this.width, this.height, -dx, -dy, 0);
    return { width: this.width, height: this.height, data: dx === 0 && dy === 0 ? mask : into };
  }

  #regions(lightChanged: boolean): Box[] {
    const across = this.width / CELL;
    const down = Math.ceil(this.height / CELL);
    const trusted = this.#settled && !lightChanged && !this.#watch.lost;
    const cells = movingRegions(this.#movingCells, trusted ? this.#foregroundCells : null, across, down);
    return cells
      .map((cell) =>
        intersectBoxes(this.#picture, {
          x: (cell.x * CELL + this.#shift.dx) * this.#scale.x,
          y: (cell.y * CELL + this.#shift.dy) * this.#scale.y,
          width: cell.width * CELL * this.#scale.x,
          height: cell.height * CELL * this.#scale.y,
        }),
      )
      .filter((box) => box.width > 0 && box.height > 0);
  }
}
