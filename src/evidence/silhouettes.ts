import type { Detection, ObjectClass } from "../detectors/detector.ts";
import type { SceneState } from "../frames/scene.ts";
import { type Box, boxArea, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { activeCells, CELL, type CellRange, cellsOfBox, type EvidenceGrid } from "./evidence-grid.ts";

/** What a silhouette may say of a thing: one of three kinds, the same hue for all of a kind. */
export const SHAPE_KINDS = ["person", "vehicle", "other"] as const;
export type ShapeKind = (typeof SHAPE_KINDS)[number];

const KIND_OF_CLASS: Readonly<Record<ObjectClass, ShapeKind>> = {
  person: "person",
  vehicle: "vehicle",
  luggage: "other",
  animal: "other",
};

/** Below this score a detection still keeps the background from being learnt, but draws no shape. */
export const SHAPE_SCORE = 0.25;

/** A thing as a rounded block on the grid: no outline, no posture, nothing to know it again by. */
export interface Shape {
  readonly kind: ShapeKind;
  readonly cells: CellRange;
}

/** All that is kept in memory of one instant for a clip. */
export interface ShapeLayer {
  readonly at: Seconds;
  readonly shapes: readonly Shape[];
  /** One bit a cell, row after row: something moves there that no shape covers. */
  readonly unnamed: Uint8Array;
  /** The light changed or the view moved: what differs says nothing, and the background does not fit. */
  readonly unreliable: boolean;
}

/**
 * Makes the shapes of one instant. Detections become blocks that fill the cells their boxes touch; whatever
 * else moves or differs from the background is covered by cells of kind "other".
 *
 * @param detections the latest ones, at most half a second old, or empty
 */
export function shapeLayer(
  grid: EvidenceGrid,
  at: Seconds,
  scene: SceneState,
  detections: readonly Detection[],
  active: Uint8Array = activeCells(grid, scene),
): ShapeLayer {
  const unreliable = scene.lightChanged || scene.viewMoved || scene.unreadable;
  const shapes: Shape[] = [];
  const left = active.slice();
  const drawn = detections.filter(({ score }) => score >= SHAPE_SCORE);
  const named = drawn.filter(({ class: name }) => KIND_OF_CLASS[name] !== "other");
  for (const detection of drawn) {
    // One thing under two names is drawn under the one that the rules go by.
    if (
      KIND_OF_CLASS[detection.class] === "other" &&
      named.some((other) => mostlyWithin(detection.box, other.box))
    )
      continue;
    const cells = cellsOfBox(grid, detection.box);
    if (cells.left > cells.right || cells.top > cells.bottom) continue;
    shapes.push({ kind: KIND_OF_CLASS[detection.class], cells });
    // Arms, a shadow's edge: what sticks out a little belongs to the block and shows no limb of its own.
    const marginAcross = 1 + Math.ceil((cells.right - cells.left + 1) / 4);
    const marginDown = 1 + Math.ceil((cells.bottom - cells.top + 1) / 8);
    const top = Math.max(0, cells.top - marginDown);
    const bottom = Math.min(grid.rows - 1, cells.bottom + marginDown);
    const from = Math.max(0, cells.left - marginAcross);
    const to = Math.min(grid.columns - 1, cells.right + marginAcross);
    for (let row = top; row <= bottom; row++)
      left.fill(0, row * grid.columns + from, row * grid.columns + to + 1);
  }
  // Far ones first, so that a near one stands in front.
  shapes.sort((a, b) => a.cells.bottom - b.cells.bottom);
  return { at, shapes, unnamed: unreliable ? pack(new Uint8Array(left.length)) : pack(left), unreliable };
}

/** An instant in which nothing is. */
export function emptyLayer(grid: EvidenceGrid, at: Seconds): ShapeLayer {
  return { at, shapes: [], unnamed: pack(new Uint8Array(grid.columns * grid.rows)), unreliable: false };
}

function mostlyWithin(part: Box, whole: Box): boolean {
  return boxArea(intersectBoxes(part, whole)) > 0.5 * boxArea(part);
}

/** A drawing of shapes: for each pixel how strongly (0 to 255) its kind covers it. */
export interface ShapeDrawing {
  readonly cover: Uint8Array;
  /** Index into SHAPE_KINDS, where covered. */
  readonly kind: Uint8Array;
}

/** Draws a layer at evidence size, into buffers of width * height bytes that are cleared first. */
export function drawShapes(grid: EvidenceGrid, layer: ShapeLayer, into: ShapeDrawing): void {
  into.cover.fill(0);
  drawUnnamed(grid, layer.unnamed, into);
  for (const shape of layer.shapes) drawBlock(grid, shape, into);
}

/** Cells with round corners: the mask is interpolated between cell centres and cut at one half. */
function drawUnnamed(grid: EvidenceGrid, unnamed: Uint8Array, into: ShapeDrawing): void {
  const { width, height, columns, rows } = grid;
  const kind = SHAPE_KINDS.indexOf("other");
  const bit = (column: number, row: number): number => {
    if (column < 0 || row < 0 || column >= columns || row >= rows) return 0;
    const cell = row * columns + column;
    return ((unnamed[cell >> 3] ?? 0) >> (cell & 7)) & 1;
  };
  for (let row = -1; row < rows; row++) {
    for (let column = -1; column < columns; column++) {
      const a = bit(column, row);
      const b = bit(column + 1, row);
      const c = bit(column, row + 1);
      const d = bit(column + 1, row + 1);
      if (a + b + c + d === 0) continue;
      // The square between four cell centres.
      const x0 = Math.round((column + 0.5) * CELL);
      const y0 = Math.round((row + 0.5) * CELL);
      for (let v = 0; v < CELL; v++) {
        const y = y0 + v;
        if (y < 0 || y >= height) continue;
        const fy = (v + 0.5) / CELL;
        for (let u = 0; u < CELL; u++) {
          const x = x0 + u;
          if (x < 0 || x >= width) continue;
          const fx = (u + 0.5) / CELL;
          const value = (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy;
          // A little under one half, so that a lone cell is a disc as large as itself.
          const cover = Math.max(0, Math.min(1, (value - 0.3) * CELL * 0.9));
          if (cover <= 0) continue;
          const i = y * width + x;
          into.cover[i] = Math.max(into.cover[i] ?? 0, Math.round(255 * cover));
          into.kind[i] = kind;
        }
      }
    }
  }
}

/** A block with fully rounded short sides: a person is an upright pill, a car a lying one. */
function drawBlock(grid: EvidenceGrid, shape: Shape, into: ShapeDrawing): void {
  const { width, height } = grid;
  const left = shape.cells.left * CELL;
  const top = shape.cells.top * CELL;
  const right = Math.min(width, (shape.cells.right + 1) * CELL);
  const bottom = Math.min(height, (shape.cells.bottom + 1) * CELL);
  const short = Math.min(right - left, bottom - top);
  const radius = shape.kind === "person" ? short / 2 : Math.min(short / 3, 3 * CELL);
  const kind = SHAPE_KINDS.indexOf(shape.kind);
  // Around it a hairline of background, so that a group stays readable as several.
  const rim = 2;
  for (let y = Math.max(0, top - rim); y < Math.min(height, bottom + rim); y++) {
    const dy = Math.max(top + radius - (y + 0.5), y + 0.5 - (bottom - radius), 0);
    for (let x = Math.max(0, left - rim); x < Math.min(width, right + rim); x++) {
      const dx = Math.max(left + radius - (x + 0.5), x + 0.5 - (right - radius), 0);
      const outside = Math.hypot(dx, dy) - radius;
      const i = y * width + x;
      if (outside < 0.5) {
        into.cover[i] = Math.max(into.cover[i] ?? 0, Math.round(255 * Math.min(1, 0.5 - outside)));
        into.kind[i] = kind;
      } else if (outside < rim) into.cover[i] = Math.round(((into.cover[i] ?? 0) * (outside - 0.5)) / rim);
    }
  }
}

/** One bit a byte, packed to eight a byte. */
function pack(cells: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(cells.length / 8));
  for (let i = 0; i < cells.length; i++)
    if (cells[i] === 1) out[i >> 3] = (out[i >> 3] ?? 0) | (1 << (i & 7));
  return out;
}
