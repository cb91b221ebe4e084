import type { EpisodeChange } from "../alerts/episode.ts";
import type { PersonDownConfig, ZoneConfig } from "../config/schema.ts";
import { contains } from "../geometry/polygon.ts";
import { footPoint, uniteBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { type Finding, LastingCondition } from "./lasting-condition.ts";
import { FALLS_WITHIN, LyingBodies, type LyingBody } from "./lying-bodies.ts";
import type { Measure, Observation, Rule } from "./rule.ts";
import { UprightPersons } from "./upright-persons.ts";
import { clipToPicture, intoPicture, type ViewGeometry, wholeView } from "./view-geometry.ts";

/**
 * Somebody lies on the ground who was upright a moment before, and has lain there without moving on for `after`.
 * For rescue. Who sits down, crouches, bends or ties a shoe is not flat; who lies there from the start, or lies
 * down slowly, did not fall.
 */
export class PersonDown implements Rule {
  readonly event = "person_down";
  readonly id: string;
  readonly #config: PersonDownConfig;
  readonly #zone: ZoneConfig | null;
  readonly #view: ViewGeometry;
  readonly #condition: LastingCondition;
  readonly #upright: UprightPersons;
  readonly #bodies = new LyingBodies();

  /** @param zone null for the whole view */
  constructor(config: PersonDownConfig, zone: ZoneConfig | null, view: ViewGeometry) {
    this.id = config.id;
    this.#config = config;
    this.#zone = zone;
    this.#view = view;
    this.#upright = new UprightPersons(view.height, FALLS_WITHIN);
    this.#condition = new LastingCondition(this, config);
  }

  observe({ at, tracks, detections }: Observation): readonly EpisodeChange[] {
    this.#upright.observe(at, tracks);
    const lying =
      detections === null
        ? this.#bodies.lying
        : this.#bodies.observe(at, this.#upright.stances, detections, tracks);
    return this.#condition.observe(at, this.#finding(lying));
  }

  measure(): Measure | null {
    return null;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    this.#upright.reset();
    this.#bodies.reset();
    return this.#condition.finish(at, reason);
  }

  /** What has lain in one place for long enough: two short falls never add up to a long one. */
  #finding(lying: readonly LyingBody[]): Finding | null {
    const { after } = this.#config;
    const here = lying.filter((body) => body.lastSeen - body.since >= after - 1e-6 && this.#isInside(body));
    if (here.length === 0) return null;
    const view = wholeView(this.#view);
    const box = here.map((body) => clipToPicture(view, body.box)).reduce(uniteBoxes);
    const place =
      this.#zone === null
        ? { kind: "view" as const, id: null, box }
        : { kind: "zone" as const, id: this.#zone.id, box };
    return {
      place,
      count: null,
      densityPerM2: null,
      heldSince: Math.min(...here.map((body) => body.since)),
    };
  }

  #isInside({ box }: LyingBody): boolean {
    if (this.#zone === null) return true;
    return contains(this.#zone.polygon, intoPicture(this.#view, footPoint(box)));
  }
}
