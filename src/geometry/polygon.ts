import type { Box, Point, Polygon } from "./shapes.ts";

/** How near to a side counts as on it, in px: far below what anybody can mean, far above rounding. */
const ON_BORDER = 1e-9;

/**
 * Whether a point lies in a polygon. The border belongs to it: a point on a side or a corner is inside, so
 * that somebody whose foot touches the lower edge of the picture is in a zone that ends there. Two zones that
 * share a side both hold the points of that side.
 */
export function contains(polygon: Polygon, point: Point): boolean {
  let inside = false;
  for (const [a, b] of sides(polygon)) {
    if (distanceToSegment(point, a, b) <= ON_BORDER) return true;
    // Even-odd rule; a side owns its upper end only, so that a ray through a corner meets one side of two.
    if (a.y > point.y !== b.y > point.y) {
      const x = a.x + ((point.y - a.y) / (b.y - a.y)) * (b.x - a.x);
      if (point.x < x) inside = !inside;
    }
  }
  return inside;
}

/** Area in px² (or in m² where the corners are in metres), whichever way round the corners are listed. */
export function polygonArea(polygon: Polygon): number {
  const origin = polygon[0];
  if (origin === undefined) return 0;
  let twice = 0;
  // Relative to a corner, so that coordinates of a national grid lose no digits.
  for (const [a, b] of sides(polygon)) {
    twice += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
  }
  return Math.abs(twice) / 2;
}

/** The smallest box that holds the polygon; an empty box at the origin for no corners. */
export function polygonBounds(polygon: Polygon): Box {
  if (polygon.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const xs = polygon.map((corner) => corner.x);
  const ys = polygon.map((corner) => corner.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Why a list of corners is no simple polygon. Corners count from 0. */
export type PolygonFault =
  | { readonly kind: "repeated_corner"; readonly corners: readonly [number, number] }
  | { readonly kind: "crossing_sides"; readonly corners: readonly [number, number, number, number] };

/**
 * The first fault that keeps a list of corners from being a simple polygon: a corner that stands twice (the
 * first one again at the end included), or two sides that meet elsewhere than at their common corner.
 * @returns null for a simple polygon
 */
export function polygonFault(polygon: Polygon): PolygonFault | null {
  const count = polygon.length;
  const all = sides(polygon);
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const [first, second] = [polygon[i], polygon[j]];
      if (first && second && first.x === second.x && first.y === second.y) {
        return { kind: "repeated_corner", corners: [i, j] };
      }
    }
  }
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const [one, two] = [all[i], all[j]];
      if (one === undefined || two === undefined) continue;
      const crossing: PolygonFault = {
        kind: "crossing_sides",
        corners: [i, (i + 1) % count, j, (j + 1) % count],
      };
      if (j === i + 1) {
        if (foldsBack(one[0], one[1], two[1])) return crossing;
      } else if ((j + 1) % count === i) {
        if (foldsBack(two[0], two[1], one[1])) return crossing;
      } else if (segmentsMeet(one[0], one[1], two[0], two[1])) {
        return crossing;
      }
    }
  }
  return null;
}

/**
 * The part of a polygon inside a box, by Sutherland and Hodgman. A concave polygon that falls into several
 * parts comes back as one, joined along the box's border: its area is right, its outline has seams.
 * @returns no corners where nothing of it lies inside
 */
export function clipToBox(polygon: Polygon, box: Box): Polygon {
  const right = box.x + box.width;
  const bottom = box.y + box.height;
  const edges: readonly ((p: Point) => number)[] = [
    (p) => p.x - box.x,
    (p) => right - p.x,
    (p) => p.y - box.y,
    (p) => bottom - p.y,
  ];
  let corners: readonly Point[] = polygon;
  for (const inside of edges) corners = clipToHalfPlane(corners, inside);
  return polygonArea(corners) > 0 ? corners : [];
}

/** Distance of a point from a segment, px. */
export function distanceToSegment(point: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / squared;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - t * dx, point.y - a.y - t * dy);
}

function sides(polygon: Polygon): readonly (readonly [Point, Point])[] {
  return polygon.map((corner, index) => [corner, polygon[(index + 1) % polygon.length] ?? corner]);
}

/** Keeps the part where `inside` is not negative. */
function clipToHalfPlane(corners: readonly Point[], inside: (p: Point) => number): readonly Point[] {
  const kept: Point[] = [];
  for (const [a, b] of sides(corners)) {
    const [da, db] = [inside(a), inside(b)];
    if (da >= 0) kept.push(a);
    if ((da > 0 && db < 0) || (da < 0 && db > 0)) {
      const t = da / (da - db);
      kept.push({ x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) });
    }
  }
  return kept;
}

/** Twice the signed area of a triangle. */
function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/** Whether b→c runs back over a→b. */
function foldsBack(a: Point, b: Point, c: Point): boolean {
  return turn(a, b, c) === 0 && (a.x - b.x) * (c.x - b.x) + (a.y - b.y) * (c.y - b.y) > 0;
}

function segmentsMeet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (
    (abc === 0 && inBounds(c, a, b)) ||
    (abd === 0 && inBounds(d, a, b)) ||
    (cda === 0 && inBounds(a, c, d)) ||
    (cdb === 0 && inBounds(b, c, d))
  );
}

/** For a point known to be in line with a and b: whether it lies between them. */
function inBounds(point: Point, a: Point, b: Point): boolean {
  return (
    Math.min(a.x, b.x) <= point.x &&
    point.x <= Math.max(a.x, b.x) &&
    Math.min(a.y, b.y) <= point.y &&
    point.y <= Math.max(a.y, b.y)
  );
}
