import { contains, polygonBounds } from "../geometry/polygon.ts";
import { intersectBoxes, type Polygon } from "../geometry/shapes.ts";
import type { PersonScale } from "./person-scale.ts";
import { type ViewGeometry, wholeView } from "./view-geometry.ts";

/** Persons on a square metre beyond whom nobody fits: crushes were measured at 7 to 9 (Fruin; Helbing et al., 2007). */
const MOST_PER_M2 = 8;
/** In the densest crowd each still shows about the top of a head: this share of the square of a person's height. */
const LEAST_VISIBLE = 0.02;
/** Steps across the area's longer sides. */
const STEPS = 24;

/**
 * How many persons an area can hold at most, as the picture shows it and, where the camera is calibrated, on its
 * ground. No count may exceed it, whatever a network believes to see.
 * @param polygon in image coordinates, null for the whole view
 * @returns infinity while neither the ground nor a person's size is known
 */
export function crowdCapacity(view: ViewGeometry, polygon: Polygon | null, scale: PersonScale): number {
  return Math.min(onGround(view, polygon), scale.known ? inPicture(view, polygon, scale) : Infinity);
}

function onGround(view: ViewGeometry, polygon: Polygon | null): number {
  if (view.homography === null || polygon === null) return Number.POSITIVE_INFINITY;
  const area = view.homography.groundArea(polygon);
  return area === null || area <= 0 ? Number.POSITIVE_INFINITY : Math.max(1, MOST_PER_M2 * area);
}

/** Sums over a grid of cells how many persons' feet would fill each, a person being as tall there as `scale` says. */
function inPicture(view: ViewGeometry, polygon: Polygon | null, scale: PersonScale): number {
  const whole = wholeView(view);
  const bounds = polygon === null ? whole : intersectBoxes(polygonBounds(polygon), whole);
  const cell = (bounds.width * bounds.height) / (STEPS * STEPS);
  let most = 0;
  for (let row = 0; row < STEPS; row++) {
    const y = bounds.y + ((row + 0.5) / STEPS) * bounds.height;
    const height = scale.heightAt(y) ?? bounds.height;
    for (let column = 0; column < STEPS; column++) {
      const x = bounds.x + ((column + 0.5) / STEPS) * bounds.width;
      if (polygon === null || contains(polygon, { x, y })) most += cell / (LEAST_VISIBLE * height * height);
    }
  }
  return Math.max(1, most);
}
