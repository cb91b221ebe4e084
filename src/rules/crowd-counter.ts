import type { CountBand } from "../alerts/episode.ts";
import type { Detection } from "../detectors/detector.ts";
import { contains } from "../geometry/polygon.ts";
import { boxArea, footPoint, intersectBoxes, type Point, type Polygon } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { crowdCapacity } from "./crowd-capacity.ts";
import { PersonScale } from "./person-scale.ts";
import type { Observation } from "./rule.ts";
import { intoPicture, type ViewGeometry } from "./view-geometry.ts";

/** Counts are averaged over about this time: a crowd does not change within it, a detector's luck does. */
const SMOOTHING: Seconds = 1.5;
/** The score at which a box of the right size is a person half the time, and how sharply that changes. */
const EVEN_SCORE = 0.25;
/** The same while nobody knows what the right size is. */
const EVEN_SCORE_UNSIZED = 0.38;
const SCORE_WIDTH = 0.05;
/** Below about this score a person is seen in part only. */
const WHOLE_SCORE = 0.42;
const WHOLE_WIDTH = 0.04;
/** Ratio of heights (natural logarithm) that counts as one standard deviation from a person's height there. */
const HEIGHT_WIDTH = 0.35;
/** Overlap with another's box, as a share of the own one, from which somebody stands among others. */
const COVERED = 0.1;
/**
 * How many hidden persons each person seen in part stands for in a dense crowd, the count at half of it, and how
 * sharply that grows: among ten hardly anybody hides.
 */
const HIDDEN_BY_PART = 6;
const HALF_DENSE = 17;
const DENSE_POWER = 1.5;
/** Seldom does an area's size in persons change: it is worked out anew this often. */
const CAPACITY_EVERY: Seconds = 5;
/** Error of the count in a dense crowd as a share of it, measured. */
const RELATIVE_ERROR = 0.12;
/** 90 % of a normal distribution lies within this many standard deviations. */
const BAND = 1.64;

/**
 * Counts the persons in an area, also where they cover one another.
 *
 * Every detection counts by the chance that such a score, at such a size for its place, is a person; the
 * doubtful ones, which cannot begin a track, carry most of a dense crowd. People seen in part, among others who
 * overlap them, tell of more behind them, and the more people there are the more so: that share is added. Who is
 * hidden for a moment but still tracked counts as seen. The band spans from who is plainly seen to who may be
 * hidden, and never beyond what the area can hold.
 *
 * The foreground's area was tried as a further witness and left out: on a hall and on a campus road it
 * followed the true count with a correlation of 0.4, against 0.9 for the detections.
 */
export class CrowdCounter {
  readonly #view: ViewGeometry;
  readonly #polygon: Polygon | null;
  readonly #scale = new PersonScale();
  readonly #visible = new Average();
  readonly #partly = new Average();
  readonly #variance = new Average();
  readonly #tracked = new Average();
  #capacity: { readonly at: Seconds; readonly persons: number } | null = null;

  /** @param polygon the area in image coordinates, null for the whole view */
  constructor(view: ViewGeometry, polygon: Polygon | null) {
    this.#view = view;
    this.#polygon = polygon;
  }

  observe({ at, tracks, detections }: Observation): CountBand {
    const persons = tracks.filter((t) => t.class === "person");
    this.#scale.observe(at, persons, this.#view);
    this.#tracked.add(at, persons.filter((t) => t.confirmed && this.#holds(t.foot)).length);
    if (detections !== null) this.#weigh(at, detections);

    const seen = Math.max(this.#visible.value, this.#tracked.value);
    const dense = seen ** DENSE_POWER / (seen ** DENSE_POWER + HALF_DENSE ** DENSE_POWER);
    const hidden = HIDDEN_BY_PART * this.#partly.value * dense;
    const most = this.#most(at);
    const best = Math.min(most, seen + hidden);
    const error = BAND * Math.sqrt(this.#variance.value + (RELATIVE_ERROR * best) ** 2);
    return {
      low: Math.max(0, Math.min(this.#visible.value, this.#tracked.value, best - error)),
      best,
      high: Math.min(most, best + error),
    };
  }

  /** How many the area can hold. */
  #most(at: Seconds): number {
    if (this.#capacity === null || at - this.#capacity.at >= CAPACITY_EVERY) {
      this.#capacity = { at, persons: crowdCapacity(this.#view, this.#polygon, this.#scale) };
    }
    return this.#capacity.persons;
  }

  #weigh(at: Seconds, detections: readonly Detection[]): void {
    const even = this.#scale.known ? EVEN_SCORE : EVEN_SCORE_UNSIZED;
    let visible = 0;
    let partly = 0;
    let variance = 0;
    for (const detection of detections) {
      if (detection.class !== "person" || !this.#holds(footPoint(detection.box))) continue;
      const chance = logistic((detection.score - even) / SCORE_WIDTH) * this.#fits(detection);
      visible += chance;
      const inPart = logistic((WHOLE_SCORE - detection.score) / WHOLE_WIDTH);
      partly += chance * inPart * Math.min(1, coveredShare(detection, detections) / COVERED);
      variance += chance * (1 - chance);
    }
    this.#visible.add(at, visible);
    this.#partly.add(at, partly);
    this.#variance.add(at, variance);
  }

  /** How well a box's height fits a person at its place, 0 to 1; 1 before that is known. */
  #fits({ box }: Detection): number {
    const expected = this.#scale.known ? this.#scale.heightAt(box.y + box.height) : null;
    if (expected === null) return 1;
    const off = Math.log(box.height / expected) / HEIGHT_WIDTH;
    return Math.exp(-0.5 * off * off);
  }

  #holds(point: Point): boolean {
    return this.#polygon === null || contains(this.#polygon, intoPicture(this.#view, point));
  }
}

/** The largest share of a person's box that another's box covers, however doubtful. */
function coveredShare(one: Detection, all: readonly Detection[]): number {
  let most = 0;
  for (const other of all) {
    if (other === one || other.class !== "person") continue;
    most = Math.max(most, boxArea(intersectBoxes(one.box, other.box)));
  }
  return most / Math.max(1, boxArea(one.box));
}

/** A mean over the last moments, by time and not by number of samples. */
class Average {
  value = 0;
  #at: Seconds | null = null;

  add(at: Seconds, sample: number): void {
    const weight = this.#at === null ? 1 : 1 - Math.exp((this.#at - at) / SMOOTHING);
    this.#at = at;
    this.value += weight * (sample - this.value);
  }
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
