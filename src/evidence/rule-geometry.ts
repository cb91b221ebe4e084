import type { DirectedLine, Point, Polygon } from "../geometry/shapes.ts";
import type { EvidenceGrid } from "./evidence-grid.ts";

/** Where a rule looks, for drawing. `against` is the forbidden direction of travel, image coordinates. */
export type RuleGeometry =
  | { readonly kind: "zone"; readonly polygon: Polygon; readonly against: Point | null }
  | { readonly kind: "line"; readonly line: DirectedLine; readonly against: Point | null }
  | { readonly kind: "view" };

/** Half the stroke's width, length of a dash and of the gap after it, evidence pixels at a long side of 640. */
const STROKE = 1.1;
const DASH = 9;
const GAP = 6;
const ARROW = 22;

/** How strongly the stroke (high byte values) and its light edge cover each pixel. */
export interface GeometryDrawing {
  readonly stroke: Uint8Array;
  readonly edge: Uint8Array;
}

/** Draws the rule's place at evidence size: thin, dashed, the forbidden direction as an arrow. */
export function drawGeometry(grid: EvidenceGrid, geometry: RuleGeometry): GeometryDrawing {
  const drawing = {
    stroke: new Uint8Array(grid.width * grid.height),
    edge: new Uint8Array(grid.width * grid.height),
  };
  if (geometry.kind === "view") return drawing;
  const at = (p: Point): Point => ({ x: p.x * grid.scaleX, y: p.y * grid.scaleY });
  const unit = Math.max(0.5, Math.max(grid.width, grid.height) / 640);
  const path =
    geometry.kind === "zone"
      ? [...geometry.polygon, ...geometry.polygon.slice(0, 1)].map(at)
      : [at(geometry.line.from), at(geometry.line.to)];
  let travelled = 0;
  for (let i = 1; i < path.length; i++) {
    const from = path[i - 1];
    const to = path[i];
    if (from === undefined || to === undefined) continue;
    stroke(grid, drawing, from, to, unit, travelled);
    travelled += Math.hypot(to.x - from.x, to.y - from.y);
  }
  if (geometry.against !== null) {
    const anchor =
      geometry.kind === "zone"
        ? middle(geometry.polygon.map(at))
        : middle([at(geometry.line.from), at(geometry.line.to)]);
    const heading = { x: geometry.against.x * grid.scaleX, y: geometry.against.y * grid.scaleY };
    arrow(grid, drawing, anchor, heading, unit);
  }
  return drawing;
}

function middle(points: readonly Point[]): Point {
  const sum = points.reduce((a, p) => ({ x: a.x + p.x, y: a.y + p.y }), { x: 0, y: 0 });
  return { x: sum.x / Math.max(1, points.length), y: sum.y / Math.max(1, points.length) };
}

function arrow(grid: EvidenceGrid, drawing: GeometryDrawing, at: Point, heading: Point, unit: number): void {
  const length = Math.hypot(heading.x, heading.y);
  if (!(length > 0)) return;
  const u = { x: heading.x / length, y: heading.y / length };
  const size = ARROW * unit;
  const tip = { x: at.x + u.x * size, y: at.y + u.y * size };
  const wing = (side: number): Point => ({
    x: tip.x - (u.x * 0.5 - side * u.y * 0.35) * size * 0.8,
    y: tip.y - (u.y * 0.5 + side * u.x * 0.35) * size * 0.8,
  });
  stroke(grid, drawing, at, tip, unit, null);
  stroke(grid, drawing, tip, wing(1), unit, null);
  stroke(grid, drawing, tip, wing(-1), unit, null);
}

/** One segment. @param travelled length of the path before it, for the dashes; null draws it solid */
function stroke(
  grid: EvidenceGrid,
  drawing: GeometryDrawing,
  from: Point,
  to: Point,
  unit: number,
  travelled: number | null,
): void {
  const half = STROKE * unit;
  const reach = half + 2 * unit;
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy);
  if (length === 0) return;
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
  const right = Math.min(grid.width - 1, Math.ceil(Math.max(from.x, to.x) + reach));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
  const bottom = Math.min(grid.height - 1, Math.ceil(Math.max(from.y, to.y) + reach));
  const period = (DASH + GAP) * unit;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const px = x + 0.5 - from.x;
      const py = y + 0.5 - from.y;
      const along = Math.max(0, Math.min(length, (px * dx + py * dy) / length));
      let off = Math.hypot(px - (along * dx) / length, py - (along * dy) / length);
      if (off > reach) continue;
      if (travelled !== null) {
        // Into the gap the distance to the dash's end counts, which rounds its ends.
        const phase = (travelled + along) % period;
        const beyond = Math.max(0, Math.min(phase - DASH * unit, period - phase));
        off = Math.hypot(off, beyond);
      }
      const i = y * grid.width + x;
      const strong = Math.round(255 * Math.max(0, Math.min(1, half - off + 0.5)));
      const soft = Math.round(255 * Math.max(0, Math.min(1, half + unit - off + 0.5)));
      drawing.stroke[i] = Math.max(drawing.stroke[i] ?? 0, strong);
      drawing.edge[i] = Math.max(drawing.edge[i] ?? 0, soft);
    }
  }
}
