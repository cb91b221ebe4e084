import { contains, distanceToSegment, polygonArea, polygonBounds } from "../geometry/polygon.ts";
import type { Box, Point, Polygon } from "../geometry/shapes.ts";
import type { Perimeter } from "./authorisation.ts";
import type { GateQuestion } from "./question.ts";
import type { CameraSite } from "./world.ts";

/**
 * Whether the camera stands in an authorised perimeter and all the ground that it can see lies in it. The border
 * belongs to the perimeter, that of a hole too. What is seen must lie in one polygon of a MultiPolygon: two that
 * only touch leave a seam. Degrees are taken as a plane (RFC 7946, section 3.1.6), as a perimeter is drawn on a map.
 * @returns null where the configuration does not say where the camera stands or what it sees
 */
export function seesOnlyWithin(perimeter: Perimeter, site: CameraSite): boolean | null {
  if (site.location === null || site.fieldOfView === null) return null;
  const polygons = perimeter.type === "Polygon" ? [perimeter.coordinates] : perimeter.coordinates;
  // A ring that is none, a hole too, makes its polygon hold nothing.
  const grounds = polygons
    .map((rings) => rings.map(openRing))
    .filter((rings) => rings.every((ring) => Number.isFinite(polygonArea(ring))));
  const stands = position(site.location);
  const seen = site.fieldOfView.map(position);
  return (
    grounds.some((rings) => holdsPoint(rings, stands)) && grounds.some((rings) => holdsRegion(rings, seen))
  );
}

/** How far outside a declared zone a rule may look, px: what rounding to whole pixels loses. */
export const ZONE_TOLERANCE = 1;

/**
 * Whether every point of where a rule looks lies in a declared zone, or within 1 px of it: all of a polygon and of
 * a line, not their corners alone. The whole view lies in none.
 */
export function looksOnlyWithin(
  zone: readonly (readonly [number, number])[],
  place: GateQuestion["place"],
): boolean {
  if (place.kind === "view") return false;
  const outside = zone.map(position);
  if (!isRegion(outside) || place.points.length < 2) return false;
  return sidesOf(place.points, place.kind === "zone").every(([a, b]) => {
    const points = piecesOf(a, b, outside);
    return points.every((point, index) => staysNear(outside, point, points[index + 1] ?? point));
  });
}

/** Far below what anybody can mean (a tenth of a millimetre on the ground), far above rounding. */
const ON_BORDER = 1e-9;

function holdsPoint(rings: readonly Polygon[], point: Point): boolean {
  const [outside, ...holes] = rings;
  if (outside === undefined || !isRegion(outside) || !contains(outside, point)) return false;
  return holes.every((hole) => !strictlyWithin(hole, point));
}

/** Whether a region lies in the first ring and over no other. */
function holdsRegion(rings: readonly Polygon[], region: Polygon): boolean {
  const [outside, ...holes] = rings;
  if (outside === undefined || !isRegion(outside) || !isRegion(region)) return false;
  // A ring without holes has no inner border: what has its own border inside lies inside.
  const sides = sidesOf(region, true);
  if (!sides.every(([a, b]) => piecesOf(a, b, outside).every((point) => contains(outside, point))))
    return false;
  return holes.every((hole) => {
    if (!isRegion(hole)) return true;
    if (!overlap(polygonBounds(hole), polygonBounds(region))) return true;
    if (sides.some(([a, b]) => piecesOf(a, b, hole).some((point) => strictlyWithin(hole, point))))
      return false;
    // No side of the region crosses the hole: it lies in the region as a whole, or not at all.
    const inner = innerPoint(hole);
    return inner === null || !contains(region, inner);
  });
}

/** Shorter stretches of a path are taken for their ends, px. */
const STEP = 0.25;

/** Longer ones are in no picture, px. */
const LONGEST = 100_000;

/** Whether a path that does not cross the border of a zone stays within the tolerance of it. */
function staysNear(zone: Polygon, from: Point, to: Point): boolean {
  const middle = between(from, to, 0.5);
  // The path does not cross the border, so that its middle tells for all of it.
  if (contains(zone, middle)) return true;
  const [first, last] = [distanceOutside(zone, from), distanceOutside(zone, to)];
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (!(first <= ZONE_TOLERANCE && last <= ZONE_TOLERANCE && length <= LONGEST)) return false;
  // One cannot get further from the zone than half of the way there and back.
  if (first + last + length <= 2 * ZONE_TOLERANCE || length <= STEP) return true;
  return staysNear(zone, from, middle) && staysNear(zone, middle, to);
}

function distanceOutside(zone: Polygon, point: Point): number {
  return contains(zone, point) ? 0 : distanceToBorder(zone, point);
}

/** The ends of a segment, where it meets a border, and a point between each two of these, in their order. */
function piecesOf(a: Point, b: Point, border: Polygon): readonly Point[] {
  const bounds = {
    minX: Math.min(a.x, b.x),
    maxX: Math.max(a.x, b.x),
    minY: Math.min(a.y, b.y),
    maxY: Math.max(a.y, b.y),
  };
  const shares = [0, 1];
  for (const [c, d] of sidesOf(border, true)) {
    if (Math.max(c.x, d.x) < bounds.minX || Math.min(c.x, d.x) > bounds.maxX) continue;
    if (Math.max(c.y, d.y) < bounds.minY || Math.min(c.y, d.y) > bounds.maxY) continue;
    shares.push(...meetings(a, b, c, d));
  }
  shares.sort((one, other) => one - other);
  return shares.flatMap((share, index) => {
    const next = shares[index + 1];
    const here = between(a, b, share);
    return next === undefined || next <= share ? [here] : [here, between(a, b, (share + next) / 2)];
  });
}

/** Where a→b meets c→d, as shares of a→b: one where they cross, the ends of the common stretch where they are in line. */
function meetings(a: Point, b: Point, c: Point, d: Point): readonly number[] {
  const [rx, ry, sx, sy] = [b.x - a.x, b.y - a.y, d.x - c.x, d.y - c.y];
  const cross = rx * sy - ry * sx;
  const [qx, qy] = [c.x - a.x, c.y - a.y];
  const squared = rx * rx + ry * ry;
  if (squared === 0) return [];
  const share =
    cross === 0
      ? [(qx * rx + qy * ry) / squared, ((d.x - a.x) * rx + (d.y - a.y) * ry) / squared]
      : [(qx * sy - qy * sx) / cross];
  return share.filter((at) => at > 0 && at < 1);
}

function between(a: Point, b: Point, share: number): Point {
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
}

function strictlyWithin(polygon: Polygon, point: Point): boolean {
  return isRegion(polygon) && contains(polygon, point) && !(distanceToBorder(polygon, point) <= ON_BORDER);
}

function distanceToBorder(polygon: Polygon, point: Point): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const [a, b] of sidesOf(polygon, true)) nearest = Math.min(nearest, distanceToSegment(point, a, b));
  return nearest;
}

/** A point that lies strictly inside: the middle of the first stretch inside, halfway between two corners' heights. */
function innerPoint(polygon: Polygon): Point | null {
  const heights = [...new Set(polygon.map(({ y }) => y))].sort((one, other) => one - other);
  for (const [index, height] of heights.entries()) {
    const next = heights[index + 1];
    if (next === undefined) break;
    const y = (height + next) / 2;
    const crossings = sidesOf(polygon, true)
      .filter(([a, b]) => a.y > y !== b.y > y)
      .map(([a, b]) => a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x))
      .sort((one, other) => one - other);
    const [first, second] = crossings;
    if (first !== undefined && second !== undefined && second > first) return { x: (first + second) / 2, y };
  }
  return null;
}

/** Whether it has an area: a list of corners that has none holds nothing. */
function isRegion(polygon: Polygon): boolean {
  return polygon.length >= 3 && polygonArea(polygon) > 0;
}

function sidesOf(corners: readonly Point[], closed: boolean): readonly (readonly [Point, Point])[] {
  return corners.flatMap((corner, index) => {
    const next = corners[index + 1] ?? (closed ? corners[0] : undefined);
    return next === undefined ? [] : [[corner, next] as const];
  });
}

/** A GeoJSON ring repeats its first position at the end. */
function openRing(ring: readonly (readonly [number, number])[]): Polygon {
  const corners = ring.map(position);
  const [first, last] = [corners[0], corners.at(-1)];
  const closed = first !== undefined && last !== undefined && first.x === last.x && first.y === last.y;
  return closed ? corners.slice(0, -1) : corners;
}

/** What is no number is none here either, and not 0. */
function position([x, y]: readonly [number, number]): Point {
  return { x: typeof x === "number" ? x : Number.NaN, y: typeof y === "number" ? y : Number.NaN };
}

function overlap(a: Box, b: Box): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}
