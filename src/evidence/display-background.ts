import type { Detection } from "../detectors/detector.ts";
import type { Frame, RgbImage } from "../frames/frame.ts";
import type { SceneState } from "../frames/scene.ts";
import { type Box, boxArea, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import {
  CELL,
  type CellRange,
  cellsOfBox,
  type EvidenceGrid,
  growRange,
  shareInside,
} from "./evidence-grid.ts";
import { structureMatch } from "./structure-match.ts";

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
 * them once in 50,000 times. A live view has time, and waits longer.
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
/** Share of a box's middle that must differ from the scene's background for it to be something that walked in. */
const EXPLAINED_SHARE = 1 / 3;
/** ... or of the box that must lie in (or hold) the box of such a thing: the network names one thing twice at times. */
const SHARED_WITH_EXPLAINED = 0.5;
/** Share of a cell's pixels that must have aged for it to be shown, and that may change before it is learnt anew. */
const AGED_SHARE = 0.75;
const CHANGED_SHARE = 0.2;
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

  // Per pixel: the colour held to be the background, and how long it has been seen unchanged (tenths of a second).
  const colour = new Uint8Array(3 * width * height);
  const age = new Uint16Array(width * height);
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
  function learnCell(column: number, row: number, deciseconds: number): boolean {
    const cell = row * columns + column;
    const left = column * CELL;
    const right = Math.min(width, left + CELL);
    const top = row * CELL;
    const bottom = Math.min(height, top + CELL);
    if (forget[cell] === 1) {
      for (let y = top; y < bottom; y++) {
        const from = y * width + left;
        age.fill(0, from, y * width + right);
        colour.set(incoming.subarray(3 * from, 3 * (y * width + right)), 3 * from);
      }
      forget[cell] = 0;
      passes[cell] = 0;
      return false;
    }
    const tolerance = limits.tolerance;
    let changed = 0;
    for (let y = top; y < bottom; y++) {
      for (let i = y * width + left, end = y * width + right; i < end; i++) {
        const j = 3 * i;
        const red = (colour[j] ?? 0) | 0;
        const green = (colour[j + 1] ?? 0) | 0;
        const blue = (colour[j + 2] ?? 0) | 0;
        const dr = (incoming[j] ?? 0) - red;
        const dg = (incoming[j + 1] ?? 0) - green;
        const db = (incoming[j + 2] ?? 0) - blue;
        if (
          dr <= tolerance &&
          dr >= -tolerance &&
          dg <= tolerance &&
          dg >= -tolerance &&
          db <= tolerance &&
          db >= -tolerance
        ) {
          // One step towards what is seen: settles on the median, and no single picture weighs in it.
          colour[j] = red + sign(dr);
          colour[j + 1] = green + sign(dg);
          colour[j + 2] = blue + sign(db);
          const older = (age[i] ?? 0) + deciseconds;
          age[i] = older > 0xffff ? 0xffff : older;
        } else {
          changed++;
          const younger = (age[i] ?? 0) >> 1;
          age[i] = younger;
          if (younger < 10) {
            age[i] = 0;
            colour[j] = incoming[j] ?? 0;
            colour[j + 1] = incoming[j + 1] ?? 0;
            colour[j + 2] = incoming[j + 2] ?? 0;
          }
        }
      }
    }
    return changed > CHANGED_SHARE * (right - left) * (bottom - top);
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
      const walkers = detections.filter(({ box }) => standsOut(grid, scene, box));
      for (const detection of detections) {
        const { box } = detection;
        const walkedIn =
          scene.settled &&
          (walkers.includes(detection) || walkers.some((other) => sharesMost(box, other.box)));
        const around = walkedIn ? closeAround(grid, box) : wideAround(grid, box);
        for (let row = around.top; row <= around.bottom; row++) {
          for (let column = around.left; column <= around.right; column++) {
            const cell = row * columns + column;
            cover(cell, at);
            // While the light changes everything stands out, and nothing can be concluded from it.
            if (walkedIn || scene.lightChanged) continue;
            // Named as a thing, and nothing moving stands there: the texture learnt here may be that thing.
            throwAway(cell);
            if (scene.settled && detection.score >= SUSPECT_SCORE) suspect(cell, at);
          }
        }
      }
      if (at - lastPass < PASS_SPACING || !scene.settled) return;
      lastPass = at;
      for (const view of views) {
        // Only cells wholly inside what was seen count as passed over.
        const seen = growRange(grid, cellsOfBox(grid, view), 0, 0);
        const right = Math.min(seen.right, Math.floor(((view.x + view.width) * grid.scaleX + 1) / CELL) - 1);
        const bottom = Math.min(
          seen.bottom,
          Math.floor(((view.y + view.height) * grid.scaleY + 1) / CELL) - 1,
        );
        const atRight = (view.x + view.width) * grid.scaleX >= width - 1;
        const atBottom = (view.y + view.height) * grid.scaleY >= height - 1;
        const lastColumn = atRight ? columns - 1 : right;
        const lastRow = atBottom ? rows - 1 : bottom;
        for (let row = Math.ceil((view.y * grid.scaleY) / CELL); row <= lastRow; row++) {
          for (let column = Math.ceil((view.x * grid.scaleX) / CELL); column <= lastColumn; column++) {
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
      const deciseconds = Math.max(1, Math.round(10 * elapsed));
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
          const changed = learnCell(column, row, deciseconds);
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
          const pixels = paintCell(column, row, 10 * limits.showAfter * patience(cell), data);
          if (pixels === 0) shown[cell] = 0;
          shownPixels += pixels;
        }
      }
      return { width, height, data, shownCells: shown, greyShare: 1 - shownPixels / (width * height) };
    },

    resembles(still) {
      const unknown = (i: number) =>
        still.data[3 * i] === UNKNOWN_GREY &&
        still.data[3 * i + 1] === UNKNOWN_GREY &&
        still.data[3 * i + 2] === UNKNOWN_GREY;
      return structureMatch({ width, height, data: colour }, still, (i) => (age[i] ?? 0) > 0 && !unknown(i));
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
      colour.fill(UNKNOWN_GREY);
      age.fill(0);
      lastPass = Number.NEGATIVE_INFINITY;
      lastLearnt = null;
      firstLearnt = null;
    },
  };

  /**
   * Writes a cell's known pixels; those that never came to rest (leaves, a flickering lamp) take the mean of
   * the others. @returns the number of pixels written, 0 where too few are known
   */
  function paintCell(column: number, row: number, need: number, data: Uint8Array): number {
    const left = column * CELL;
    const right = Math.min(width, left + CELL);
    const top = row * CELL;
    const bottom = Math.min(height, top + CELL);
    const total = (right - left) * (bottom - top);
    let known = 0;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let y = top; y < bottom; y++) {
      for (let i = y * width + left, end = y * width + right; i < end; i++) {
        if ((age[i] ?? 0) < need) continue;
        known++;
        red += colour[3 * i] ?? 0;
        green += colour[3 * i + 1] ?? 0;
        blue += colour[3 * i + 2] ?? 0;
      }
    }
    if (known < AGED_SHARE * total) return 0;
    for (let y = top; y < bottom; y++) {
      for (let i = y * width + left, end = y * width + right; i < end; i++) {
        const own = (age[i] ?? 0) >= need;
        data[3 * i] = own ? (colour[3 * i] ?? 0) : Math.round(red / known);
        data[3 * i + 1] = own ? (colour[3 * i + 1] ?? 0) : Math.round(green / known);
        data[3 * i + 2] = own ? (colour[3 * i + 2] ?? 0) : Math.round(blue / known);
      }
    }
    return total;
  }
}

/** The cells of something that walked in, and one around: what else moves there, the scene's mask covers. */
function closeAround(grid: EvidenceGrid, box: Box): CellRange {
  return growRange(grid, cellsOfBox(grid, box), 1, 1);
}

/**
 * The cells that may belong to something named where nothing moves. The network often sees the upper half of
 * somebody who sits, or the front of a vehicle: half of the shorter side all round, half of the height below.
 */
function wideAround(grid: EvidenceGrid, box: Box): CellRange {
  const cells = cellsOfBox(grid, box);
  const down = cells.bottom - cells.top + 1;
  const short = Math.min(cells.right - cells.left + 1, down);
  const grown = growRange(grid, cells, 1 + Math.ceil(short / 2), 1 + Math.ceil(short / 2));
  return {
    ...grown,
    bottom: Math.min(grid.rows - 1, Math.max(grown.bottom, cells.bottom + Math.ceil(down / 2) + 1)),
  };
}

/**
 * A walker stands out against the scene's background; somebody who has been there all along does not.
 * Looks at the middle of the box, where a body fills it.
 */
function standsOut(grid: EvidenceGrid, scene: SceneState, box: Box): boolean {
  const middle = {
    x: box.x + box.width / 4,
    y: box.y + box.height / 5,
    width: box.width / 2,
    height: (box.height * 3) / 5,
  };
  return shareInside(grid, scene.foreground, middle) >= EXPLAINED_SHARE;
}

/** Sign of a whole number without a branch: noise makes it random, and a mispredicted branch costs more than all else. */
function sign(n: number): number {
  return (n >> 31) - (-n >> 31);
}

function sharesMost(a: Box, b: Box): boolean {
  return boxArea(intersectBoxes(a, b)) >= SHARED_WITH_EXPLAINED * Math.min(boxArea(a), boxArea(b));
}
