import type { EpisodeChange } from "../alerts/episode.ts";
import type { ZoneConfig, ZoneIntrusionConfig } from "../config/schema.ts";
import { contains, distanceToSegment } from "../geometry/polygon.ts";
import { boxArea, type Point, type Polygon, uniteBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track, TrackId } from "../tracking/tracker.ts";
import { FamiliarThings } from "./familiar-things.ts";
import { LastingCondition } from "./lasting-condition.ts";
import type { Measure, Observation, Rule } from "./rule.ts";
import { clipToPicture, intoPicture, type ViewGeometry, wholeView } from "./view-geometry.ts";

/** A track that was seen this recently counts where it is predicted: one missed detection is no absence. */
const COUNTS_WHILE_UNSEEN: Seconds = 0.6;

/**
 * A foot that was in the zone is out of it only beyond this distance from its edge, in sizes of the thing (the
 * square root of its box's area): a detector places the lower edge of a box no better.
 */
const LEAVES_BEYOND = 0.1;

/**
 * Somebody or something stands in a forbidden or sensitive zone: the foot point of any confirmed track. Whoever
 * enters while another is there prolongs the episode, and who is lost by the tracker and found again does too.
 */
export class ZoneIntrusion implements Rule {
  readonly event = "zone_intrusion";
  readonly id: string;
  readonly #config: ZoneIntrusionConfig;
  readonly #zone: ZoneConfig;
  readonly #view: ViewGeometry;
  readonly #condition: LastingCondition;
  readonly #familiar: FamiliarThings;
  /** Since when each track's foot has been in the zone. */
  readonly #inside = new Map<TrackId, Seconds>();

  constructor(config: ZoneIntrusionConfig, zone: ZoneConfig, view: ViewGeometry) {
    this.id = config.id;
    this.#config = config;
    this.#zone = zone;
    this.#view = view;
    this.#condition = new LastingCondition(this, config);
    this.#familiar = new FamiliarThings(config.longest);
  }

  observe({ at, tracks }: Observation): readonly EpisodeChange[] {
    const present = tracks.filter((track) => this.#isInside(track));
    const familiar = this.#familiar.observe(at, present, this.#condition.told);
    const ids = new Set(present.map((t) => t.id));
    for (const id of this.#inside.keys()) if (!ids.has(id)) this.#inside.delete(id);
    for (const { id } of present) if (!this.#inside.has(id)) this.#inside.set(id, at);

    const counted = present.filter((t) => t.confirmed && at - t.lastSeen <= COUNTS_WHILE_UNSEEN);
    // What was told of before keeps an episode open, yet it does not begin one.
    const concerned = this.#condition.told ? counted : counted.filter((t) => !familiar.has(t.id));
    return this.#condition.observe(at, this.#finding(at, concerned));
  }

  measure(): Measure | null {
    return null;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    this.#inside.clear();
    return this.#condition.finish(at, reason);
  }

  #isInside(track: Track): boolean {
    if (!this.#config.classes.some((cls) => cls === track.class)) return false;
    const foot = intoPicture(this.#view, track.foot);
    if (contains(this.#zone.polygon, foot)) return true;
    if (!this.#inside.has(track.id)) return false;
    return distanceToBorder(this.#zone.polygon, foot) <= LEAVES_BEYOND * Math.sqrt(boxArea(track.box));
  }

  #finding(at: Seconds, concerned: readonly Track[]) {
    if (concerned.length === 0) return null;
    const view = wholeView(this.#view);
    const box = concerned.map((t) => clipToPicture(view, t.box)).reduce(uniteBoxes);
    return {
      place: { kind: "zone" as const, id: this.#zone.id, box },
      count: null,
      densityPerM2: null,
      heldSince: Math.min(...concerned.map((t) => this.#inside.get(t.id) ?? at)),
    };
  }
}

function distanceToBorder(polygon: Polygon, point: Point): number {
  return Math.min(
    ...polygon.map((corner, i) =>
      distanceToSegment(point, corner, polygon[(i + 1) % polygon.length] ?? corner),
    ),
  );
}
