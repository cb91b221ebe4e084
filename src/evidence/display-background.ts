import type { Detection } from "../detectors/detector.ts";
import type { Frame, RgbImage } from "../frames/frame.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Box } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { cellsWithin, type EvidenceGrid } from "./evidence-grid.ts";
import { namedThings } from "./named-things.ts";
import { createPixelMemory } from "./pixel-memory.ts";

/** What stands wherever the background is not known: flat, the same everywhere. */
export const UNKNOWN_GREY = 0xc9;

export interface BackgroundLimits {
  /** A pixel is shown after it was uncovered and unchanged for so long. */
  readonly showAfter: Seconds;
  /** ... and after so many passes of the detector over it, half a second apart or more, that named nothing near. */
  readonly passes: number;
  /** How often a colour picture is taken, seconds of stream time. */
  readonly every: Seconds;
  /** Largest change of a channel that still counts as unchanged, 0 to 255: sensor noise, not texture. */
  readonly tolerance: number;
}

/**
 * Why 30 passes: somebody who sits still and is named in only 3 of 10 passes stays unnamed through all of
 * them once in 44,000 times. A live view has time, and waits longer.
 */
export const RECORDING_LIMITS: BackgroundLimits = { showAfter: 20, passes: 30, every: 1, tolerance: 24 };
export const LIVE_LIMITS: BackgroundLimits = { showAfter: 180, passes: 240, every: 1, tolerance: 24 };

/** Two passes closer than this see the same noise and count once. */
const PASS_SPACING: Seconds = 0.5;
/** Motion and explained detections cover their cells for so long after they were last seen. */
const COVER_HOLD: Seconds = 0.5;
/** A cell that was covered longer than this is checked again before its old texture is shown. */
const LONG_COVER: Seconds = 3;
const CHECKS_AFTER_LONG_COVER = 4;
/**
 * Each detection that nothing moving explains doubles the waiting time there, at most to eight times: then even
 * somebody who is named in 1 of 20 passes stays unnamed through all of them once in 200,000 times.
 */
const MOST_SUSPICION = 3;
/** A fainter detection starts the waiting anew, and does not lengthen it: most of them are bins and shadows. */
const SUSPECT_SCORE = 0.15;
/** A cell's suspicion grows at most so often, and is halved after so long without cause. */
const SUSPICION_SPACING: Seconds = 5;
const SUSPICION_FADES: Seconds = 600;
/** A cell that looks different in so many pictures running is learnt anew. */
const CHANGES_BEFORE_ANEW = 3;

/** A learnt still of the place without people: every pixel long known, or UNKNOWN_GREY. */
export interface BackgroundPicture extends RgbImage {
  /** 1 for each cell that is shown. */
  readonly shownCells: Uint8Array;
  /** Share of the picture that is grey, 0 to 1. */
  readonly greyShare: number;
}

/** Learns what a place looks like without anybody in it. In doubt it stays grey. */
export interface DisplayBackground {
  /** Grows by one whenever texture that could be shown was taken back. */
  readonly wipes: number;
  /** Stream time of the first and last picture learnt from, null before. */
  readonly learntFrom: Seconds | null;
  readonly learntTo: Seconds | null;
  /**
   * Takes what the detector named in this frame, down to the lowest score there is.
   * @param views what the detector saw, image coordinates; a cell outside all of them has not been passed over
   */
  noteDetections(
    at: Seconds,
    scene: SceneState,
    detections: readonly Detection[],
    views: readonly Box[],
  ): void;
  /** Takes where anything moves or differs: one byte a cell, already grown by the margin. */
  noteActivity(at: Seconds, cells: Uint8Array): void;
  /** True when a colour picture should be taken. */
  due(at: Seconds): boolean;
  /** Learns from a frame, wherever nothing covers it. Call `noteActivity` for the same frame first. */
  learn(frame: Frame, scene: SceneState): void;
  picture(): BackgroundPicture;
  /**
   * How well a still fits what is seen now, -1 to 1, null while too little is known. What it compares with
   * may still hold a person, and therefore never leaves this object.
   */
  resembles(still: RgbImage): number | null;
  /** Forgets everything: the view moved, or the stream is another one. */
  reset(): void;
}

export function createDisplayBackground(grid: EvidenceGrid, limits: BackgroundLimits): DisplayBackground {
  const { width, height, columns, rows } = grid;
  const cellCount = columns * rows;
  const pixels = createPixelMemory(grid, limits.tolerance);
  /** The picture that is being learnt from. */
  const incoming = new Uint8Array(3 * width * height);

  // Per cell.
  const coveredUntil = new Float64Array(cellCount).fill(-1);
  const coveredSince = new Float64Array(cellCount).fill(-1);
  const checksLeft = new Uint8Array(cellCount);
  const passes = new Uint16Array(cellCount);
  const suspicion = new Uint8Array(cellCount);
  const suspectedAt = new Float64Array(cellCount).fill(Number.NEGATIVE_INFINITY);
  const changes = new Uint8Array(cellCount);
  /** The colours of this cell are to be thrown away before anything else happens to it. */
  const forget = new Uint8Array(cellCount).fill(1);

  let wipes = 0;
  let lastPass = Number.NEGATIVE_INFINITY;
  let lastLearnt: Seconds | null = null;
  let firstLearnt: Seconds | null = null;

  /** Covers cells; what was covered for long must be checked before it is shown again. */
  function cover(cell: number, at: Seconds): void {
    const since = coveredSince[cell] ?? -1;
    if ((coveredUntil[cell] ?? -1) < at || since < 0) coveredSince[cell] = at;
    else if (at - since > LONG_COVER) {
      if (checksLeft[cell] === 0) wipes++;
      checksLeft[cell] = CHECKS_AFTER_LONG_COVER;
    }
    coveredUntil[cell] = Math.max(coveredUntil[cell] ?? -1, at + COVER_HOLD);
  }

  function throwAway(cell: number): void {
    if (forget[cell] === 0) wipes++;
    forget[cell] = 1;
    passes[cell] = 0;
    changes[cell] = 0;
  }

  function suspect(cell: number, at: Seconds): void {
    if (at - (suspectedAt[cell] ?? 0) < SUSPICION_SPACING) return;
    suspicion[cell] = Math.min(MOST_SUSPICION, (suspicion[cell] ?? 0) + 1);
    suspectedAt[cell] = at;
  }

  /** How many times longer than usual a cell must wait. */
  const patience = (cell: number) => 2 ** (suspicion[cell] ?? 0);

  /** @returns whether the cell looks different from what was held to be there */
  function learnCell(column: number, row: number, tenths: number): boolean {
    const cell = row * columns + column;
    if (forget[cell] === 0) return pixels.learn(column, row, incoming, tenths);
    pixels.begin(column, row, incoming);
    forget[cell] = 0;
    passes[cell] = 0;
    return false;
  }

  return {
    get wipes() {
      return wipes;
    },
    get learntFrom() {
      return firstLearnt;
    },
    get learntTo() {
      return lastLearnt;
    },

    noteDetections(at, scene, detections, views) {
      for (const { score, walkedIn, cells } of namedThings(grid, scene, detections)) {
        for (let row = cells.top; row <= cells.bottom; row++) {
          for (let column = cells.left; column <= cells.right; column++) {
            const cell = row * columns + column;
            cover(cell, at);
            // While the light changes everything stands out, and nothing can be concluded from it.
            if (walkedIn || scene.lightChanged) continue;
            // Named as a thing, and nothing moving stands there: the texture learnt here may be that thing.
            throwAway(cell);
            if (scene.settled && score >= SUSPECT_SCORE) suspect(cell, at);
          }
        }
      }
      if (at - lastPass < PASS_SPACING || !scene.settled) return;
      lastPass = at;
      for (const view of views) {
        // Only cells wholly inside what was seen count as passed over.
        const seen = cellsWithin(grid, view);
        for (let row = seen.top; row <= seen.bottom; row++) {
          for (let column = seen.left; column <= seen.right; column++) {
            const cell = row * columns + column;
            if (forget[cell] === 1 || (coveredUntil[cell] ?? -1) >= at) continue;
            if ((passes[cell] ?? 0) < 0xffff) passes[cell] = (passes[cell] ?? 0) + 1;
          }
        }
      }
    },

    noteActivity(at, cells) {
      for (let cell = 0; cell < cellCount; cell++) if (cells[cell] === 1) cover(cell, at);
    },

    due: (at) => lastLearnt === null || at - lastLearnt >= limits.every,

    learn(frame, scene) {
      const at = frame.pts;
      const shake = Math.hypot(scene.shift.dx * grid.scaleX, scene.shift.dy * grid.scaleY);
      if (!scene.settled || scene.lightChanged || scene.viewMoved || scene.unreadable || shake > 0.75) return;
      // A long silence proves nothing about the time between: at most two intervals are counted.
      const elapsed = lastLearnt === null ? limits.every : Math.min(at - lastLearnt, 2 * limits.every);
      const tenths = Math.max(1, Math.round(10 * elapsed));
      lastLearnt = at;
      firstLearnt ??= at;
      const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
      frame.rgb(whole, width, height, incoming);

      const anew: number[] = [];
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const cell = row * columns + column;
          if ((coveredUntil[cell] ?? -1) >= at) continue;
          if ((suspicion[cell] ?? 0) > 0 && at - (suspectedAt[cell] ?? 0) > SUSPICION_FADES) {
            suspicion[cell] = (suspicion[cell] ?? 0) >> 1;
            suspectedAt[cell] = at;
          }
          const changed = learnCell(column, row, tenths);
          if (!changed) {
            changes[cell] = 0;
            if ((checksLeft[cell] ?? 0) > 0) checksLeft[cell] = (checksLeft[cell] ?? 0) - 1;
          } else {
            changes[cell] = (changes[cell] ?? 0) + 1;
            if ((changes[cell] ?? 0) >= CHANGES_BEFORE_ANEW) anew.push(cell);
          }
        }
      }
      for (const cell of anew) {
        // It was covered for long, and now something else is there: something was put or sat down.
        if (checksLeft[cell] !== 0) suspect(cell, at);
        throwAway(cell);
      }
      incoming.fill(UNKNOWN_GREY);
    },

    picture() {
      const data = new Uint8Array(3 * width * height).fill(UNKNOWN_GREY);
      const shown = new Uint8Array(cellCount);
      for (let cell = 0; cell < cellCount; cell++) {
        if (forget[cell] === 1 || checksLeft[cell] !== 0) continue;
        if ((passes[cell] ?? 0) < limits.passes * patience(cell)) continue;
        shown[cell] = 1;
      }
      let shownPixels = 0;
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const cell = row * columns + column;
          if (shown[cell] === 0) continue;
          const painted = pixels.paint(column, row, 10 * limits.showAfter * patience(cell), data);
          if (painted === 0) shown[cell] = 0;
          shownPixels += painted;
        }
      }
      return { width, height, data, shownCells: shown, greyShare: 1 - shownPixels / (width * height) };
    },

    resembles(still) {
      const unknown = (i: number) =>
        still.data[3 * i] === UNKNOWN_GREY &&
        still.data[3 * i + 1] === UNKNOWN_GREY &&
        still.data[3 * i + 2] === UNKNOWN_GREY;
      return pixels.match(still, (i) => !unknown(i));
    },

    reset() {
      wipes++;
      forget.fill(1);
      passes.fill(0);
      changes.fill(0);
      checksLeft.fill(0);
      suspicion.fill(0);
      suspectedAt.fill(Number.NEGATIVE_INFINITY);
      coveredUntil.fill(-1);
      coveredSince.fill(-1);
      pixels.forget();
      lastPass = Number.NEGATIVE_INFINITY;
      lastLearnt = null;
      firstLearnt = null;
    },
  };
}
