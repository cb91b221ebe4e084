import type { EpisodeChange } from "../alerts/episode.ts";
import type { WrongWayConfig, ZoneConfig } from "../config/schema.ts";
import { directionVector } from "../geometry/line.ts";
import { contains } from "../geometry/polygon.ts";
import { boxArea, type Point, uniteBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track, TrackId } from "../tracking/tracker.ts";
import { LastingCondition } from "./lasting-condition.ts";
import type { Measure, Observation, Rule } from "./rule.ts";
import { clipToPicture, intoPicture, type ViewGeometry, wholeView } from "./view-geometry.ts";

/** Movement is judged over this time. */
const SPAN: Seconds = 1.2;
/** Shortest way within it, in sizes of the thing (the square root of its box's area): less is standing. */
const SHORTEST_WAY = 0.4;
/** Cosine of the largest angle against the declared direction's opposite: 60 degrees. Across is not against. */
const AGAINST = 0.5;

/**
 * Somebody or something moves against the declared direction of a zone. Judged on sighted foot points over
 * about a second, so neither noise nor one turn of the head of a queue makes an alert.
 */
export class WrongWayZone implements Rule {
  readonly event = "wrong_way";
  readonly id: string;
  readonly #config: WrongWayConfig;
  readonly #zone: ZoneConfig;
  readonly #forbidden: Point;
  readonly #view: ViewGeometry;
  readonly #condition: LastingCondition;
  readonly #trails = new Map<TrackId, { at: Seconds; foot: Point }[]>();

  constructor(
    config: WrongWayConfig,
    zone: ZoneConfig,
    direction: NonNullable<ZoneConfig["direction"]>,
    view: ViewGeometry,
  ) {
    this.id = config.id;
    this.#config = config;
    this.#zone = zone;
    this.#view = view;
    const declared = unitVector(direction);
    this.#forbidden = { x: -declared.x, y: -declared.y };
    this.#condition = new LastingCondition(this, config);
  }

  observe({ at, tracks }: Observation): readonly EpisodeChange[] {
    const against = tracks.filter((track) => this.#goesAgainst(at, track));
    const live = new Set(tracks.map((t) => t.id));
    for (const id of this.#trails.keys()) if (!live.has(id)) this.#trails.delete(id);
    if (against.length === 0) return this.#condition.observe(at, null);
    const box = against.map((t) => clipToPicture(wholeView(this.#view), t.box)).reduce(uniteBoxes);
    const place = { kind: "zone" as const, id: this.#zone.id, box };
    return this.#condition.observe(at, { place, count: null, densityPerM2: null });
  }

  measure(): Measure | null {
    return null;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    this.#trails.clear();
    return this.#condition.finish(at, reason);
  }

  #goesAgainst(at: Seconds, track: Track): boolean {
    if (!this.#config.classes.some((cls) => cls === track.class)) return false;
    if (!contains(this.#zone.polygon, intoPicture(this.#view, track.foot))) {
      this.#trails.delete(track.id);
      return false;
    }
    const trail = this.#trails.get(track.id) ?? [];
    this.#trails.set(track.id, trail);
    if (!track.coasting) trail.push({ at, foot: track.foot });
    while (trail[0] !== undefined && trail[0].at < at - SPAN - 1e-6) trail.shift();
    const [from, to] = [trail[0], trail.at(-1)];
    if (from === undefined || to === undefined || !track.confirmed) return false;
    const dx = to.foot.x - from.foot.x;
    const dy = to.foot.y - from.foot.y;
    const way = Math.hypot(dx, dy);
    if (way < SHORTEST_WAY * Math.sqrt(boxArea(track.box))) return false;
    return dx * this.#forbidden.x + dy * this.#forbidden.y >= AGAINST * way;
  }
}

function unitVector(direction: NonNullable<ZoneConfig["direction"]>): Point {
  if (typeof direction === "string") return directionVector(direction);
  const dx = direction.to.x - direction.from.x;
  const dy = direction.to.y - direction.from.y;
  const length = Math.hypot(dx, dy);
  return length === 0 ? { x: 0, y: 0 } : { x: dx / length, y: dy / length };
}
