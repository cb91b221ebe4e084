import type { CountBand } from "../alerts/episode.ts";
import type { Detection } from "../detectors/detector.ts";
import { contains } from "../geometry/polygon.ts";
import type { Point, Polygon } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { crowdCapacity } from "./crowd-capacity.ts";
import { type Sighting, sightings } from "./crowd-sight.ts";
import { PersonScale } from "./person-scale.ts";
import type { Observation } from "./rule.ts";
import { intoPicture, type ViewGeometry } from "./view-geometry.ts";

/** Counts are averaged over about this time: a crowd does not change within it, a detector's luck does. */
const SMOOTHING: Seconds = 1.5;
/** A box of this score is a person without doubt: from such the scale is learnt. */
const SURE_SCORE = 0.5;
/** Seldom does an area's size in persons change: it is worked out anew this often. */
const CAPACITY_EVERY: Seconds = 5;
/** Error of the count that does not average out, as a share of it: what a place hides or a network mistakes. */
const RELATIVE_ERROR = 0.1;
/** 90 % of a normal distribution lies within this many standard deviations. */
const BAND = 1.64;

/**
 * Counts the persons in an area, also where they cover one another, by close looks at the whole view: the sum
 * over the boxes of how many persons each stands for (`sightings`), averaged over moments. The band holds the
 * true count nine times in ten, and never more than the area can hold.
 */
export class CrowdCounter {
  readonly #view: ViewGeometry;
  readonly #polygon: Polygon | null;
  readonly #factor: number;
  readonly #scale = new PersonScale();
  readonly #persons = new Average();
  readonly #variance = new Average();
  #capacity: { readonly at: Seconds; readonly persons: number } | null = null;
  #band: CountBand | null = null;
  #seen: readonly Sighting[] = [];

  /**
   * @param polygon the area in image coordinates, null for the whole view
   * @param factor persons there for each that is counted, where that was found for this place
   */
  constructor(view: ViewGeometry, polygon: Polygon | null, factor = 1) {
    this.#view = view;
    this.#polygon = polygon;
    this.#factor = factor;
  }

  /** The count as of the last close look; null before the first. */
  observe({ at, closeLook }: Observation): CountBand | null {
    if (closeLook === undefined) return this.#band;
    const sure = closeLook.filter(({ class: name, score }) => name === "person" && score >= SURE_SCORE);
    this.#scale.learn(
      at,
      sure.map(({ box }) => box),
      this.#view,
    );
    this.#add(at, closeLook);
    const most = this.#most(at);
    const best = Math.min(most, this.#persons.value);
    const error = BAND * Math.sqrt(this.#variance.value + (RELATIVE_ERROR * best) ** 2);
    this.#band = { low: Math.max(0, best - error), best, high: Math.min(most, best + error) };
    return this.#band;
  }

  /** Who was seen in the area at the last close look. */
  get seen(): readonly Sighting[] {
    return this.#seen;
  }

  #add(at: Seconds, closeLook: readonly Detection[]): void {
    let persons = 0;
    let variance = 0;
    this.#seen = sightings(closeLook, this.#scale).filter(({ foot }) => this.#holds(foot));
    for (const { chance, standsFor } of this.#seen) {
      persons += chance * standsFor;
      // Of the estimator of Horvitz and Thompson, for sightings that are independent.
      variance += chance * standsFor * (standsFor - 1) + chance * (1 - chance) * standsFor;
    }
    this.#persons.add(at, this.#factor * persons);
    this.#variance.add(at, this.#factor ** 2 * variance);
  }

  /** How many the area can hold. */
  #most(at: Seconds): number {
    if (this.#capacity === null || at - this.#capacity.at >= CAPACITY_EVERY) {
      this.#capacity = { at, persons: crowdCapacity(this.#view, this.#polygon, this.#scale) };
    }
    return this.#capacity.persons;
  }

  #holds(point: Point): boolean {
    return this.#polygon === null || contains(this.#polygon, intoPicture(this.#view, point));
  }
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
