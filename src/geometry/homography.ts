import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { fault } from "../errors.ts";
import { polygonArea } from "./polygon.ts";
import type { Point, Polygon } from "./shapes.ts";

/** A point of the ground as the picture shows it, and on the ground in metres. */
export interface PointPair {
  readonly px: Point;
  readonly m: Point;
}

/**
 * Below this ratio of the 8th to the 1st singular value, the pairs do not fix a plane: three of four in a
 * line or nearly so. Well-spread pairs reach 0.04 to 0.3, a corner 4 px off the line of two others 0.005.
 */
const SMALLEST_RANK_RATIO = 5e-3;
/** Below this determinant of the normalised matrix, it flattens the plane to a line. */
const SMALLEST_DETERMINANT = 3e-4;
/**
 * A point is taken to be beyond the horizon where its depth falls below this share of that of the calibrated
 * points: it would lie a thousand times as far away, where no position means anything.
 */
const HORIZON = 1e-3;

/**
 * The plane of the ground as a camera sees it.
 *
 * Made from at least 4 point pairs by the normalised direct linear transform (Hartley and Zisserman,
 * Multiple View Geometry, algorithm 4.2). Lens distortion is not modelled: the residual shows it.
 */
export class Homography {
  readonly #toGround: Transform;
  readonly #toPicture: Transform;
  readonly #depth: number;
  readonly #pictureDepth: number;
  readonly #determinant: number;
  /** Root-mean-square distance between the pairs' ground points and where their image points fall, metres. */
  readonly residualMetres: number;
  /** The same in the picture, px. */
  readonly residualPixels: number;

  /** @throws CALIBRATION_DEGENERATE where the pairs do not fix a plane, or show it from two sides */
  constructor(pairs: readonly PointPair[]) {
    if (pairs.length < 4) {
      throw fault("CALIBRATION_DEGENERATE", { what: `it has ${pairs.length} point pairs, and 4 are needed` });
    }
    const toGround = solve(pairs);
    const depths = pairs.map((pair) => depthAt(toGround, pair.px));
    if (!(depths.every((depth) => depth > 0) || depths.every((depth) => depth < 0))) {
      throw fault("CALIBRATION_DEGENERATE", {
        what: "the points cannot all be on one flat ground in front of the camera: two of them are probably swapped",
      });
    }
    const sign = (depths[0] ?? 1) > 0 ? 1 : -1;
    this.#toGround = scaled(toGround, sign);
    this.#toPicture = inverse(this.#toGround);
    this.#determinant = determinant(this.#toGround);
    this.#depth = mean(depths.map(Math.abs));
    const pictureDepths = pairs.map((pair) => depthAt(this.#toPicture, pair.m));
    if ((pictureDepths[0] ?? 1) < 0) this.#toPicture = scaled(this.#toPicture, -1);
    this.#pictureDepth = mean(pictureDepths.map(Math.abs));
    this.residualMetres = residual(pairs, (pair) => [this.toGround(pair.px), pair.m]);
    this.residualPixels = residual(pairs, (pair) => [this.toPicture(pair.m), pair.px]);
  }

  /** Where an image point lies on the ground, metres; null at and beyond the horizon. */
  toGround(px: Point): Point | null {
    return apply(this.#toGround, px, HORIZON * this.#depth);
  }

  /** Where a point of the ground is in the picture (perhaps outside its frame), px; null behind the camera. */
  toPicture(m: Point): Point | null {
    return apply(this.#toPicture, m, HORIZON * this.#pictureDepth);
  }

  /**
   * Side of the square of ground that has the area of one pixel at an image point, metres; null at and beyond
   * the horizon. Along the view a pixel is longer than across it; this is the geometric mean of the two.
   */
  metresPerPixel(px: Point): number | null {
    const depth = depthAt(this.#toGround, px);
    if (depth <= HORIZON * this.#depth) return null;
    return Math.sqrt(Math.abs(this.#determinant) / depth ** 3);
  }

  /** Area on the ground of an image polygon, m²; null where it reaches the horizon. */
  groundArea(polygon: Polygon): number | null {
    const corners: Point[] = [];
    for (const corner of polygon) {
      const m = this.toGround(corner);
      if (m === null) return null;
      corners.push(m);
    }
    // Straight sides stay straight, so the corners are enough.
    return polygonArea(corners);
  }
}

/** Row by row, 3 x 3. */
type Transform = readonly [number, number, number, number, number, number, number, number, number];

function solve(pairs: readonly PointPair[]): Transform {
  const px = normalisation(pairs.map((pair) => pair.px));
  const m = normalisation(pairs.map((pair) => pair.m));
  if (px === null || m === null) {
    throw fault("CALIBRATION_DEGENERATE", { what: "all its points are the same" });
  }
  const rows = pairs.flatMap((pair) => {
    const { x, y } = px.to(pair.px);
    const { x: u, y: v } = m.to(pair.m);
    return [
      [-x, -y, -1, 0, 0, 0, u * x, u * y, u],
      [0, 0, 0, -x, -y, -1, v * x, v * y, v],
    ];
  });
  // A square matrix of at least 9 rows, so that the null vector is among the right singular vectors.
  while (rows.length < 9) rows.push([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const svd = new SingularValueDecomposition(new Matrix(rows), { autoTranspose: false });
  const [largest = 0] = svd.diagonal;
  const eighth = svd.diagonal[7] ?? 0;
  const h = transformOf(svd.rightSingularVectors.getColumn(8));
  if (!(eighth > SMALLEST_RANK_RATIO * largest) || !(Math.abs(determinant(h)) > SMALLEST_DETERMINANT)) {
    throw fault("CALIBRATION_DEGENERATE", { what: "its points lie in a line, or three of them nearly do" });
  }
  return multiply(m.back, multiply(h, px.forth));
}

interface Normalisation {
  readonly to: (p: Point) => Point;
  readonly forth: Transform;
  readonly back: Transform;
}

/** Shifts and scales points to mean 0 and mean distance √2, without which the algebra loses its digits. */
function normalisation(points: readonly Point[]): Normalisation | null {
  const x = mean(points.map((p) => p.x));
  const y = mean(points.map((p) => p.y));
  const spread = mean(points.map((p) => Math.hypot(p.x - x, p.y - y)));
  if (!(spread > 0)) return null;
  const scale = Math.SQRT2 / spread;
  return {
    to: (p) => ({ x: (p.x - x) * scale, y: (p.y - y) * scale }),
    forth: [scale, 0, -x * scale, 0, scale, -y * scale, 0, 0, 1],
    back: [1 / scale, 0, x, 0, 1 / scale, y, 0, 0, 1],
  };
}

function residual(
  pairs: readonly PointPair[],
  compare: (pair: PointPair) => readonly [Point | null, Point],
): number {
  const squares = pairs.map((pair) => {
    const [found, meant] = compare(pair);
    return found === null ? Number.POSITIVE_INFINITY : (found.x - meant.x) ** 2 + (found.y - meant.y) ** 2;
  });
  return Math.sqrt(mean(squares));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function depthAt(t: Transform, p: Point): number {
  return t[6] * p.x + t[7] * p.y + t[8];
}

function apply(t: Transform, p: Point, smallestDepth: number): Point | null {
  const depth = depthAt(t, p);
  if (!(depth > smallestDepth)) return null;
  return { x: (t[0] * p.x + t[1] * p.y + t[2]) / depth, y: (t[3] * p.x + t[4] * p.y + t[5]) / depth };
}

function transformOf(values: readonly number[]): Transform {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = values;
  return [a, b, c, d, e, f, g, h, i];
}

function scaled(t: Transform, by: number): Transform {
  return transformOf(t.map((value) => value * by));
}

function multiply(a: Transform, b: Transform): Transform {
  const at = (row: number, column: number) =>
    [0, 1, 2].reduce((sum, k) => sum + (a[row * 3 + k] ?? 0) * (b[k * 3 + column] ?? 0), 0);
  return transformOf([0, 1, 2, 3, 4, 5, 6, 7, 8].map((index) => at(Math.floor(index / 3), index % 3)));
}

function determinant([a, b, c, d, e, f, g, h, i]: Transform): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

function inverse(t: Transform): Transform {
  const [a, b, c, d, e, f, g, h, i] = t;
  const adjugate: Transform = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
  return scaled(adjugate, 1 / determinant(t));
}
