import { fault } from "../errors.ts";
import { type Box, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { BackgroundModel, fixedLight, usualTolerance } from "./background-model.ts";
import { BlockMeter, type Blocks } from "./blocks.ts";
import { DifferenceMasks } from "./difference-masks.ts";
import { Displacement } from "./displacement.ts";
import type { Frame, Plane } from "./frame.ts";
import type { Kernels } from "./kernels/arithmetic.ts";
import { createKernels } from "./kernels/kernels.ts";
import { LightFollower, lightEffect, relitBlocks } from "./light.ts";
import { NoiseMeter } from "./noise.ts";
import { PastFrames } from "./past-frames.ts";
import { CELL, movingRegions } from "./regions.ts";
import type { Scene, SceneState } from "./scene.ts";
import { realign } from "./shift.ts";
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
/** After a lamp was switched the light counts as changing for so long. */
const LIGHT_SECONDS = 1;
/** Light that differs by this many grey levels at middle grey is reported. */
const REPORTED_EFFECT = 6;

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
  readonly #displacement: Displacement;
  readonly #masks: DifferenceMasks;
  readonly #past: PastFrames;
  readonly #noise: NoiseMeter;
  readonly #light = new LightFollower();
  readonly #raw: Uint8Array;
  readonly #lit: Uint8Array;
  readonly #neverCovered: Uint8Array;

  #watch: ViewWatch;
  #start: Seconds = 0;
  #at: Seconds | null = null;
  #scale = { x: 1, y: 1 };
  #picture: Box = { x: 0, y: 0, width: 0, height: 0 };
  #learntAt: Seconds = 0;
  #learnt = 0;
  #settled = false;
  #relitAt: Seconds = Number.NEGATIVE_INFINITY;
  #usualForeground = 0;

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
    this.#displacement = new Displacement(kernels, width, height);
    this.#masks = new DifferenceMasks(kernels, width, height);
    this.#past = new PastFrames(kernels, n);
    this.#noise = new NoiseMeter(kernels, width, height);
    this.#raw = kernels.bytes(n);
    this.#lit = kernels.bytes(n);
    this.#neverCovered = kernels.bytes(n).fill(255);
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
    if (this.#settled && this.#displacement.isDue(at, foregroundShare, this.#usualForeground)) {
      foregroundShare = this.#measureShift(at, foregroundShare);
    }
    if (this.#settled && foregroundShare > 0.1 && !this.#displacement.displaced) {
      const { level } = this.#noise;
      const relit = relitBlocks(blocks, this.#light.now, level, 0.6 * usualTolerance(level));
      if (relit.length > 0) {
        this.#model.relightBlocks(relit);
        this.#updateLimits();
        this.#relitAt = at;
        foregroundShare = this.#separate(this.#current());
      }
    }
    if (!this.#noise.known) this.#measureNoise(elapsed, 0); // the first motion needs a tolerance
    const movingShare = this.#findMotion(at);
    this.#measureNoise(elapsed, movingShare);
    if (!this.#settled) {
      this.#masks.takeMotionForForeground();
      foregroundShare = movingShare;
    }
    this.#usualForeground += (1 - Math.exp(-elapsed / 5)) * (foregroundShare - this.#usualForeground);

    const { dx, dy, confidence } = this.#displacement.shift;
    this.#watch.observe({
      at,
      blocks,
      noise: this.#noise.level,
      settled: this.#settled,
      dx,
      dy,
      clear: confidence > 0,
      stillShare: this.#masks.stillShare(at),
    });
    const lightChanged =
      this.#settled && (lightEffect(this.#light.now) > REPORTED_EFFECT || at - this.#relitAt < LIGHT_SECONDS);
    return {
      at,
      ...this.#masks.onFrame(dx, dy),
      picture: this.#plane(this.#current()),
      background: this.#plane(this.#model.planes.mean8),
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
    this.#masks.reset();
    this.#displacement.reset();
    this.#watch = new ViewWatch(this.width, this.height);
    this.#at = null;
    this.#learnt = 0;
    this.#settled = false;
    this.#light.reset();
    this.#relitAt = Number.NEGATIVE_INFINITY;
    this.#usualForeground = 0;
  }

  #plane(data: Uint8Array): Plane {
    return { width: this.width, height: this.height, data };
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
    const noise = this.#noise.level;
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
    this.#model.updateLimits(this.#noise.level);
    if (this.#shaking()) this.#masks.widen(this.#model.planes);
    else this.#masks.narrow();
  }

  #shaking(): boolean {
    return this.#at !== null && this.#displacement.shaking(this.#at);
  }

  /** Writes the frame as it would be in the background's light to `#lit`, and carries lasting changes over. */
  #compensateLight(blocks: Blocks, elapsed: Seconds): void {
    const n = this.#raw.length;
    if (this.#settled) {
      const certain = !this.#watch.viewMoved && !this.#watch.lost;
      const lasting = this.#light.follow(blocks, this.#noise.level, elapsed, certain);
      if (lasting !== null) {
        this.#model.relight(lasting.gain, lasting.offset);
        this.#past.relight(lasting.gain, lasting.offset);
        this.#updateLimits();
        this.#blocks.measure(this.#raw, this.#model.planes.mean8);
      }
    }
    const { gain, offset } = this.#light.now;
    if (gain === 1 && offset === 0) this.#lit.set(this.#raw);
    else this.#kernels.affine8(this.#raw, this.#lit, n, ...fixedLight(1 / gain, -offset / gain));
  }

  #measureNoise(elapsed: Seconds, movingShare: number): void {
    const before = this.#past.latest();
    if (before === null) return;
    this.#noise.measure(this.#current(), before, elapsed, this.#settled, movingShare);
    if (!this.#settled) this.#model.planes.tolerance.fill(Math.round(usualTolerance(this.#noise.level)));
  }

  /** Foreground of a frame laid on the background; its share of the view. */
  #separate(frame: Uint8Array): number {
    return this.#settled ? this.#masks.separate(frame, this.#model.planes) : 0;
  }

  #findMotion(at: Seconds): number {
    // After a displaced picture, a lamp or a blind spell, a change is motion only where it also differs from
    // the background.
    const upset = this.#shaking() || at - this.#relitAt < LIGHT_SECONDS || this.#watch.unreadable;
    const before = this.#past.before(at);
    const { tolerance } = this.#model.planes;
    return this.#masks.findMotion(this.#current(), before, tolerance, this.#settled && upset);
  }

  /** Finds the displacement and lays the current frame back on the background; the foreground that is left. */
  #measureShift(at: Seconds, foregroundShare: number): number {
    const { planes } = this.#model;
    if (!this.#displacement.measure(at, this.#lit, planes.mean8)) return foregroundShare;
    if (!this.#masks.wide) this.#masks.widen(planes);
    const { dx, dy } = this.#displacement.shift;
    realign(this.#lit, this.#current(), this.width, this.height, dx, dy, planes.mean8);
    return this.#separate(this.#current());
  }

  #regions(lightChanged: boolean): Box[] {
    const { movingCells, foregroundCells } = this.#masks;
    const { dx, dy } = this.#displacement.shift;
    const across = this.width / CELL;
    const down = Math.ceil(this.height / CELL);
    const trusted = this.#settled && !lightChanged && !this.#watch.lost;
    const cells = movingRegions(movingCells, trusted ? foregroundCells : null, across, down);
    return cells
      .map((cell) =>
        intersectBoxes(this.#picture, {
          x: (cell.x * CELL + dx) * this.#scale.x,
          y: (cell.y * CELL + dy) * this.#scale.y,
          width: cell.width * CELL * this.#scale.x,
          height: cell.height * CELL * this.#scale.y,
        }),
      )
      .filter((box) => box.width > 0 && box.height > 0);
  }
}
