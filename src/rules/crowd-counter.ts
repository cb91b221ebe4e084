import type { CountBand } from "../alerts/episode.ts";
import type { Detection } from "../detectors/detector.ts";
import type { Plane } from "../frames/frame.ts";
import { rasterise } from "../geometry/masks.ts";
import { contains } from "../geometry/polygon.ts";
import { footPoint, type Point, type Polygon } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { PersonScale } from "./person-scale.ts";
import type { Observation } from "./rule.ts";
import { intoPicture, type ViewGeometry } from "./view-geometry.ts";

/** Counts are averaged over about this time: a crowd does not change within it, a detector's luck does. */
const SMOOTHING: Seconds = 1.5;
/** The score at which a detection of a person is right about half the time, and how sharply that changes. */
const EVEN_SCORE = 0.25;
const SCORE_WIDTH = 0.06;
/** How fast the ratio of persons to foreground is learnt, and its bounds: outside, one of the two is wrong. */
const RATIO_MEMORY: Seconds = 120;
const RATIO_BOUNDS = { least: 0.4, most: 2.5 } as const;
/** 90 % of a normal distribution lies within this many standard deviations. */
const BAND = 1.64;

/**
 * Counts the persons in an area, also where they cover one another. Three witnesses: detections weighted by
 * how often such a score is right, confirmed tracks (who is hidden for a moment still counts), and the
 * foreground's area over that of one person at that depth, whose ratio to the first two is learnt on this
 * camera. Where they disagree the band is wide.
 */
export class CrowdCounter {
  readonly #view: ViewGeometry;
  readonly #polygon: Polygon | null;
  readonly #scale = new PersonScale();
  #mask: Plane | null = null;
  #at: Seconds | null = null;
  #weighted = new Average();
  #variance = new Average();
  #tracked = new Average();
  #area = new Average();
  #ratio: number | null = null;

  /** @param polygon the area in image coordinates, null for the whole view */
  constructor(view: ViewGeometry, polygon: Polygon | null) {
    this.#view = view;
    this.#polygon = polygon;
  }

  observe({ at, tracks, detections, scene }: Observation): CountBand {
    const dt = this.#at === null ? 0 : at - this.#at;
    this.#at = at;
    const persons = tracks.filter((t) => t.class === "person");
    this.#scale.observe(at, persons, this.#view);
    this.#tracked.add(at, persons.filter((t) => t.confirmed && this.#holds(t.foot)).length);
    if (detections !== null) {
      const chances = detections.flatMap((d) =>
        d.class === "person" && this.#holds(footPoint(d.box)) ? [chanceOf(d)] : [],
      );
      this.#weighted.add(at, sum(chances));
      this.#variance.add(at, sum(chances.map((p) => p * (1 - p))));
    }
    const seen = Math.max(this.#weighted.value, this.#tracked.value);
    const area = scene.settled && !scene.lightChanged ? this.#personsOfForeground(scene.foreground) : null;
    if (area !== null) this.#area.add(at, area);
    return this.#combine(seen, area !== null, Math.min(dt, 1));
  }

  #combine(seen: number, areaKnown: boolean, dt: number): CountBand {
    const spread = BAND * Math.sqrt(this.#variance.value + 0.02 * seen * seen);
    if (!areaKnown) return band(Math.min(this.#tracked.value, seen - spread), seen, seen + spread);
    const raw = this.#area.value;
    if (seen >= 1 && raw > 0.5) {
      const now = Math.min(RATIO_BOUNDS.most, Math.max(RATIO_BOUNDS.least, seen / raw));
      this.#ratio ??= now;
      this.#ratio += (1 - Math.exp(-dt / RATIO_MEMORY)) * (now - this.#ratio);
    }
    const byArea = raw * (this.#ratio ?? 1);
    const best = (seen + byArea) / 2;
    const doubt = Math.hypot(spread, (seen - byArea) / 2);
    return band(best - doubt, best, best + doubt);
  }

  #holds(point: Point): boolean {
    return this.#polygon === null || contains(this.#polygon, intoPicture(this.#view, point));
  }

  /** Foreground in the area, each sample as its share of one person at that depth. Null before a scale is known. */
  #personsOfForeground(foreground: Plane): number | null {
    if (!this.#scale.known) return null;
    const { width, height, data } = foreground;
    const mask = this.#maskOf(foreground);
    const rowHeight = this.#view.height / height;
    const sample = rowHeight * (this.#view.width / width);
    let persons = 0;
    for (let y = 0; y < height; y++) {
      let set = 0;
      for (let i = y * width; i < (y + 1) * width; i++) {
        if (data[i] !== 0 && (mask === null || mask.data[i] !== 0)) set++;
      }
      const area = this.#scale.areaAround((y + 0.5) * rowHeight);
      if (set > 0 && area !== null) persons += (set * sample) / area;
    }
    return persons;
  }

  #maskOf({ width, height }: Plane): Plane | null {
    if (this.#polygon === null) return null;
    if (this.#mask?.width !== width || this.#mask.height !== height) {
      const region = { x: 0, y: 0, width: this.#view.width, height: this.#view.height };
      this.#mask = { width, height, data: rasterise([this.#polygon], region, width, height, "centre") };
    }
    return this.#mask;
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

function chanceOf(detection: Detection): number {
  return 1 / (1 + Math.exp(-(detection.score - EVEN_SCORE) / SCORE_WIDTH));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function band(low: number, best: number, high: number): CountBand {
  return { low: Math.max(0, Math.min(low, best)), best: Math.max(0, best), high: Math.max(high, best) };
}
