import type { CountBand, EpisodeChange, Place } from "../alerts/episode.ts";
import { CROWD_FLOOR } from "../config/rules.ts";
import type { CrowdDensityConfig, ZoneConfig } from "../config/schema.ts";
import { polygonBounds } from "../geometry/polygon.ts";
import { intersectBoxes, type Polygon } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { CrowdCounter } from "./crowd-counter.ts";
import { LastingCondition } from "./lasting-condition.ts";
import type { Measure, Observation, Rule } from "./rule.ts";
import { type ViewGeometry, wholeView } from "./view-geometry.ts";

/**
 * Too many persons in an area: by number, or by number per square metre of ground where the camera is
 * calibrated. Says an area, a band and a time, never who or which group.
 */
export class CrowdDensity implements Rule {
  readonly event = "crowd_density";
  readonly id: string;
  readonly #config: CrowdDensityConfig;
  readonly #place: Place;
  /** Ground in the area, m²; null where it is not known. */
  readonly #ground: number | null;
  readonly #counter: CrowdCounter;
  readonly #condition: LastingCondition;
  #measure: Measure | null = null;

  /** @param zone null for the whole view */
  constructor(config: CrowdDensityConfig, zone: ZoneConfig | null, view: ViewGeometry) {
    this.id = config.id;
    this.#config = config;
    const box = wholeView(view);
    this.#place =
      zone === null
        ? { kind: "view", id: null, box }
        : { kind: "zone", id: zone.id, box: intersectBoxes(polygonBounds(zone.polygon), box) };
    this.#ground = groundArea(zone?.polygon ?? null, view);
    this.#counter = new CrowdCounter(view, zone?.polygon ?? null, config.countFactor);
    this.#condition = new LastingCondition(this, config);
  }

  observe(observation: Observation): readonly EpisodeChange[] {
    const { at } = observation;
    const count = this.#counter.observe(observation);
    if (count === null) return this.#condition.observe(at, null);
    this.#measure = { at, count };
    const densityPerM2 = this.#ground === null ? null : count.best / this.#ground;
    const finding = this.#isTooMany(count, densityPerM2) ? { place: this.#place, count, densityPerM2 } : null;
    return this.#condition.observe(at, finding);
  }

  measure(): Measure | null {
    return this.#measure;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    return this.#condition.finish(at, reason);
  }

  #isTooMany(count: CountBand, densityPerM2: number | null): boolean {
    const { persons, perM2 } = this.#config;
    // A few people are no crowd, and are not called one because they may be more.
    if (count.low < CROWD_FLOOR) return false;
    // With a density, the number is the floor under which no density alerts.
    if (count.best < persons) return false;
    return perM2 === undefined || (densityPerM2 !== null && densityPerM2 >= perM2);
  }
}

function groundArea(polygon: Polygon | null, view: ViewGeometry): number | null {
  const { width, height, homography } = view;
  if (homography === null) return null;
  const corners = polygon ?? [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
  const area = homography.groundArea(corners);
  return area !== null && area > 0 ? area : null;
}
