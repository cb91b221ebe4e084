import type { Seconds } from "../time/clock.ts";
import { type Blocks, structured, structuredShare } from "./blocks.ts";

/** The view must have gone for this long before it is said to have moved, and be back for this long. */
const MOVED_SECONDS = 2;
const BACK_SECONDS = 1;
const UNREADABLE_SECONDS = 1;
const READABLE_SECONDS = 0.5;
/** A camera that is turned or hit takes its picture away faster than this; a crowd fills it slower. */
const ABRUPT_SECONDS = 4;
const STILL_SHARE = 0.4;
/** A block still shows the background above this correlation; chance rarely gives so much. */
const AGREES = 0.65;
/** Of the long side: a displacement from here on makes zones and calibration wrong. */
const MOVED_SHARE = 0.01;

export interface ViewEvidence {
  readonly at: Seconds;
  readonly blocks: Blocks;
  /** Standard deviation, grey levels. */
  readonly noise: number;
  /** False while the background is not known. */
  readonly settled: boolean;
  /** Latest displacement, analysis samples, and whether it was clearly seen. */
  readonly dx: number;
  readonly dy: number;
  readonly clear: boolean;
  /** Share of the view where nothing has moved for a second, 0 to 1. */
  readonly stillShare: number;
}

/** Watches whether the camera still looks where it did, and whether there is anything to see. */
export class ViewWatch {
  viewMoved = false;
  unreadable = false;
  /** The background's structure is gone from most of the view: nothing should be learnt now. */
  lost = false;
  readonly #movedAt: number;
  #last: Seconds | null = null;
  #meanDx = 0;
  #meanDy = 0;
  #agreedAt: Seconds = Number.NEGATIVE_INFINITY;
  readonly #displaced = new Since();
  readonly #gone = new Since();
  readonly #back = new Since();
  readonly #blank = new Since();
  readonly #legible = new Since();
  #abrupt = false;

  /** @param width of the analysis plane */
  constructor(width: number, height: number) {
    this.#movedAt = Math.max(3, MOVED_SHARE * Math.max(width, height));
  }

  observe(e: ViewEvidence): void {
    const elapsed = this.#last === null ? 0 : e.at - this.#last;
    this.#last = e.at;
    this.#watchLegibility(e);
    if (!e.settled || this.unreadable) {
      this.#gone.clear();
      this.#displaced.clear();
      this.lost = this.unreadable;
      return;
    }
    const rate = 1 - Math.exp(-elapsed);
    this.#meanDx += rate * (e.dx - this.#meanDx);
    this.#meanDy += rate * (e.dy - this.#meanDy);
    const displacement = Math.hypot(this.#meanDx, this.#meanDy);
    const agreement = agreementOf(e.blocks, e.noise);
    if (agreement === null) {
      this.lost = false;
      return; // no texture to judge by
    }
    if (agreement.share > 0.5) this.#agreedAt = e.at;

    const displacedFor = this.#displaced.update(e.clear && displacement >= this.#movedAt, e.at);
    // A small displacement, as long as it explains the picture, is shake and not another view.
    const explained = e.clear && (e.dx !== 0 || e.dy !== 0);
    this.lost = !explained && agreement.share < 0.25 && agreement.best < 0.6;
    const goneFor = this.#gone.update(this.lost, e.at);
    if (goneFor === 0 && this.lost) this.#abrupt = e.at - this.#agreedAt <= ABRUPT_SECONDS;

    // A turned camera sees another still place; people before a camera do not hold still for a second.
    const still = e.stillShare > STILL_SHARE;
    const another =
      structuredShare(e.blocks.frameVariance, e.noise) >
      0.5 * structuredShare(e.blocks.backVariance, e.noise);
    if (displacedFor !== null && displacedFor >= MOVED_SECONDS) this.viewMoved = true;
    if (goneFor !== null && goneFor >= MOVED_SECONDS && this.#abrupt && still && another)
      this.viewMoved = true;

    const isBack = agreement.share > 0.5 && Math.hypot(e.dx, e.dy) < this.#movedAt / 2;
    const backFor = this.#back.update(isBack, e.at);
    if (this.viewMoved && backFor !== null && backFor >= BACK_SECONDS) {
      this.viewMoved = false;
      this.#meanDx = 0;
      this.#meanDy = 0;
    }
  }

  #watchLegibility(e: ViewEvidence): void {
    const share = structuredShare(e.blocks.frameVariance, e.noise);
    // A view that is nearly bare by nature, snow or a blank wall, is held to its own measure.
    const usual = e.settled ? structuredShare(e.blocks.backVariance, e.noise) : 1;
    const least = Math.min(0.04, 0.3 * usual);
    const blankFor = this.#blank.update(share <= least, e.at);
    const legibleFor = this.#legible.update(share > 1.5 * least, e.at);
    if (blankFor !== null && blankFor >= UNREADABLE_SECONDS) this.unreadable = true;
    if (legibleFor !== null && legibleFor >= READABLE_SECONDS) this.unreadable = false;
  }
}

/** How long something has held without a break. */
class Since {
  #start: Seconds | null = null;

  update(holds: boolean, at: Seconds): Seconds | null {
    if (!holds) this.#start = null;
    else this.#start ??= at;
    return this.#start === null ? null : at - this.#start;
  }

  clear(): void {
    this.#start = null;
  }
}

/** The view is judged in 4 x 3 parts. */
const PARTS_ACROSS = 4;
const PARTS_DOWN = 3;

/**
 * Share of the background's textured blocks that the frame still shows, over the view and in the part of the
 * view where it is best: who stands before the camera leaves a corner free, a turned camera none.
 * Null where the background has too little texture.
 */
function agreementOf(blocks: Blocks, noise: number): { share: number; best: number } | null {
  const textured = new Float64Array(PARTS_ACROSS * PARTS_DOWN);
  const agreeing = new Float64Array(PARTS_ACROSS * PARTS_DOWN);
  for (let b = 0; b < blocks.count; b++) {
    const variance = blocks.backVariance[b] ?? 0;
    if (!structured(variance, noise) || variance < 4 * noise * noise + 16) continue;
    const x = Math.floor(((b % blocks.across) * PARTS_ACROSS) / blocks.across);
    const y = Math.floor((Math.floor(b / blocks.across) * PARTS_DOWN) / blocks.down);
    const part = y * PARTS_ACROSS + x;
    textured[part] = (textured[part] ?? 0) + 1;
    if ((blocks.correlation[b] ?? 0) > AGREES) agreeing[part] = (agreeing[part] ?? 0) + 1;
  }
  const all = textured.reduce((sum, n) => sum + n, 0);
  if (all < 8) return null;
  const shares = Array.from(textured, (n, part) => (n >= 4 ? (agreeing[part] ?? 0) / n : 0));
  return { share: agreeing.reduce((sum, n) => sum + n, 0) / all, best: Math.max(...shares) };
}
