import type { Frame, Plane } from "../frames/frame.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Box } from "../geometry/shapes.ts";

/** Side of a cell in evidence pixels: the finest detail that a silhouette has. */
export const CELL = 8;

/**
 * The two rasters of evidence. The picture: long side 640 at most, even, square pixels. Over it a grid of
 * cells of 8x8 pixels, on which cover and silhouettes are kept: nothing finer of a moving thing is stored.
 */
export interface EvidenceGrid {
  /** Evidence picture, pixels. */
  readonly width: number;
  readonly height: number;
  /** Cells across and down; the last ones may hang over the edge. */
  readonly columns: number;
  readonly rows: number;
  /** Evidence pixels per image coordinate. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** @param longSide evidence pixels of the longer side at most; a smaller picture is never enlarged */
export function evidenceGrid(
  picture: Pick<Frame, "width" | "height" | "pixelAspect">,
  longSide: number,
): EvidenceGrid {
  const shownWidth = picture.width * picture.pixelAspect;
  const scale = Math.min(1, longSide / Math.max(shownWidth, picture.height));
  const width = Math.max(2, 2 * Math.round((shownWidth * scale) / 2));
  const height = Math.max(2, 2 * Math.round((picture.height * scale) / 2));
  return {
    width,
    height,
    columns: Math.ceil(width / CELL),
    rows: Math.ceil(height / CELL),
    scaleX: width / picture.width,
    scaleY: height / picture.height,
  };
}

/** A range of cells, both ends inclusive; empty where `left > right` or `top > bottom`. */
export interface CellRange {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The cells that a box (image coordinates) touches. */
export function cellsOfBox(grid: EvidenceGrid, box: Box): CellRange {
  const sx = grid.scaleX / CELL;
  const sy = grid.scaleY / CELL;
  return {
    left: Math.max(0, Math.floor(box.x * sx)),
    top: Math.max(0, Math.floor(box.y * sy)),
    right: Math.min(grid.columns - 1, Math.ceil((box.x + box.width) * sx) - 1),
    bottom: Math.min(grid.rows - 1, Math.ceil((box.y + box.height) * sy) - 1),
  };
}

/** The cells that lie wholly within a box (image coordinates), give or take a pixel. */
export function cellsWithin(grid: EvidenceGrid, box: Box): CellRange {
  const touched = cellsOfBox(grid, box);
  const right = (box.x + box.width) * grid.scaleX;
  const bottom = (box.y + box.height) * grid.scaleY;
  return {
    left: Math.max(0, Math.ceil((box.x * grid.scaleX) / CELL)),
    top: Math.max(0, Math.ceil((box.y * grid.scaleY) / CELL)),
    // The last cells may hang over the picture's edge: there is nothing more of them to see.
    right:
      right >= grid.width - 1
        ? grid.columns - 1
        : Math.min(touched.right, Math.floor((right + 1) / CELL) - 1),
    bottom:
      bottom >= grid.height - 1
        ? grid.rows - 1
        : Math.min(touched.bottom, Math.floor((bottom + 1) / CELL) - 1),
  };
}

export function growRange(grid: EvidenceGrid, range: CellRange, across: number, down: number): CellRange {
  return {
    left: Math.max(0, range.left - across),
    top: Math.max(0, range.top - down),
    right: Math.min(grid.columns - 1, range.right + across),
    bottom: Math.min(grid.rows - 1, range.bottom + down),
  };
}

/** 1 for every cell in which anything differs from the scene's background or moves, 0 elsewhere. */
export function activeCells(grid: EvidenceGrid, scene: SceneState): Uint8Array {
  const cells = new Uint8Array(grid.columns * grid.rows);
  markActive(grid, scene.foreground, cells);
  markActive(grid, scene.moving, cells);
  return cells;
}

/** The mask grown by one cell in all eight directions. */
export function dilateCells(grid: EvidenceGrid, cells: Uint8Array): Uint8Array {
  const out = new Uint8Array(cells.length);
  for (let y = 0; y < grid.rows; y++) {
    for (let x = 0; x < grid.columns; x++) {
      if (cells[y * grid.columns + x] !== 1) continue;
      const top = Math.max(0, y - 1);
      const bottom = Math.min(grid.rows - 1, y + 1);
      const left = Math.max(0, x - 1);
      const right = Math.min(grid.columns - 1, x + 1);
      for (let v = top; v <= bottom; v++) out.fill(1, v * grid.columns + left, v * grid.columns + right + 1);
    }
  }
  return out;
}

/** Share of set samples of a mask inside a box (image coordinates), 0 to 1; 0 for an empty box. */
export function shareInside(grid: EvidenceGrid, mask: Plane, box: Box): number {
  const sx = (grid.scaleX * mask.width) / grid.width;
  const sy = (grid.scaleY * mask.height) / grid.height;
  const left = Math.max(0, Math.floor(box.x * sx));
  const right = Math.min(mask.width, Math.ceil((box.x + box.width) * sx));
  const top = Math.max(0, Math.floor(box.y * sy));
  const bottom = Math.min(mask.height, Math.ceil((box.y + box.height) * sy));
  if (right <= left || bottom <= top) return 0;
  let set = 0;
  for (let y = top; y < bottom; y++) {
    const row = y * mask.width;
    for (let x = left; x < right; x++) if (mask.data[row + x] !== 0) set++;
  }
  return set / ((right - left) * (bottom - top));
}

function markActive(grid: EvidenceGrid, mask: Plane, cells: Uint8Array): void {
  const { data, width, height } = mask;
  const down = grid.height / height / CELL;
  const { first, last } = columnsOfSamples(grid, width);
  // Rows are whole words (their length is a multiple of 16 samples) and most words are empty.
  const aligned = data.byteOffset % 4 === 0 && width % 4 === 0;
  const words = aligned ? new Uint32Array(data.buffer, data.byteOffset, (width * height) >> 2) : null;
  for (let y = 0; y < height; y++) {
    // A sample may straddle two cells: both are marked.
    const row = Math.floor(y * down) * grid.columns;
    const lastRow = Math.min(grid.rows - 1, Math.ceil((y + 1) * down) - 1) * grid.columns;
    const start = y * width;
    for (let x = 0; x < width; ) {
      if (words !== null && (x & 3) === 0 && words[(start + x) >> 2] === 0) {
        x += 4;
        continue;
      }
      if (data[start + x] !== 0) {
        const left = first[x] ?? 0;
        const right = last[x] ?? 0;
        cells[row + left] = 1;
        if (right !== left) cells[row + right] = 1;
        if (lastRow !== row) {
          cells[lastRow + left] = 1;
          if (right !== left) cells[lastRow + right] = 1;
        }
      }
      x++;
    }
  }
}

/** First and last column of cells that each sample of a mask's row touches. A sample is never wider than a cell. */
function columnsOfSamples(grid: EvidenceGrid, width: number): { first: Uint16Array; last: Uint16Array } {
  const across = grid.width / width / CELL;
  const first = new Uint16Array(width);
  const last = new Uint16Array(width);
  for (let x = 0; x < width; x++) {
    first[x] = Math.floor(x * across);
    last[x] = Math.min(grid.columns - 1, Math.ceil((x + 1) * across) - 1);
  }
  return { first, last };
}
