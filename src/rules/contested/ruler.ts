import type { Homography } from "../../geometry/homography.ts";
import type { Point } from "../../geometry/shapes.ts";
import type { Seconds } from "../../time/clock.ts";
import type { Track } from "../../tracking/tracker.ts";
import { PersonScale } from "../person-scale.ts";
import type { Observation } from "../rule.ts";

/** What a contested rule knows of the view: its size, and the ground where it is calibrated. */
export interface MeasuredView {
  readonly width: number;
  readonly height: number;
  readonly homography: Homography | null;
}

/**
 * Without calibration lengths are told in bodies, and everybody is taken to be so tall, metres: a round figure for
 * adults. Nobody's height is measured.
 */
const BODY = 1.65;
/** A detector places feet to within this share of a box's height. */
const FOOT_ERROR = 0.05;
/** A box nearer to the border than this, px, is cut by it: its feet are not seen. */
const BORDER = 2;
/** Without calibration, a movement is across the view where it is so many times as wide as high in the picture. */
const ACROSS = 3;

/** Where somebody stood at an instant, in a form in which distances can be told. */
export interface Position {
  readonly at: Seconds;
  /** Metres on the ground; px where the view is not calibrated. */
  readonly x: number;
  readonly y: number;
  /** Metres of one unit of x and y at this place. */
  readonly unit: number;
  /**
   * How far a slip of the detector moves it, in units of x and y: along the line of sight, little nearby and much far
   * away.
   */
  readonly slip: Point;
  /** The feet are in the picture. */
  readonly whole: boolean;
}

/** By how much a position may be wrong, metres. */
export function unsure({ slip, unit }: Position): number {
  return Math.hypot(slip.x, slip.y) * unit;
}

/** Tells positions and distances in metres: on the calibrated ground, or else by the height of bodies. */
export class Ruler {
  readonly #view: MeasuredView;
  readonly #scale = new PersonScale();

  constructor(view: MeasuredView) {
    this.#view = view;
  }

  get calibrated(): boolean {
    return this.#view.homography !== null;
  }

  /** Learns from whoever is seen how tall a body appears where. */
  learn({ at, tracks }: Observation): void {
    if (this.calibrated) return;
    const persons = tracks.filter((track) => track.class === "person");
    this.#scale.observe(at, persons, this.#view);
  }

  /** Where a person is; null at and beyond the horizon. */
  position({ foot, box }: Track, at: Seconds): Position | null {
    const whole = box.y + box.height < this.#view.height - BORDER;
    const { homography } = this.#view;
    if (homography === null) {
      const height = this.#scale.known ? (this.#scale.heightAt(foot.y) ?? box.height) : box.height;
      return {
        at,
        x: foot.x,
        y: foot.y,
        unit: BODY / Math.max(4, height),
        slip: { x: 0, y: -FOOT_ERROR * height },
        whole,
      };
    }
    const here = homography.toGround(foot);
    const beyond = homography.toGround({ x: foot.x, y: foot.y - FOOT_ERROR * box.height });
    if (here === null || beyond === null) return null;
    const slip = { x: beyond.x - here.x, y: beyond.y - here.y };
    return { at, x: here.x, y: here.y, unit: 1, slip, whole };
  }

  /** Metres between two positions. Without calibration too few, where they lie one behind the other. */
  metres(a: Position, b: Position): number {
    return (Math.hypot(b.x - a.x, b.y - a.y) * (a.unit + b.unit)) / 2;
  }

  /** Metres between two positions of which no slip of the detector takes anything away. */
  leastMetres(a: Position, b: Position): number {
    const length = Math.hypot(a.slip.x, a.slip.y);
    if (length === 0) return this.metres(a, b);
    const [ux, uy] = [a.slip.x / length, a.slip.y / length];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const along = Math.max(0, Math.abs(dx * ux + dy * uy) - length - Math.hypot(b.slip.x, b.slip.y));
    return (Math.hypot(along, dx * uy - dy * ux) * (a.unit + b.unit)) / 2;
  }

  /** Whether `metres` tells the whole way between two positions: always on calibrated ground, else across the view. */
  tellsAll(a: Position, b: Position): boolean {
    return this.calibrated || Math.abs(b.x - a.x) >= ACROSS * Math.abs(b.y - a.y);
  }
}
