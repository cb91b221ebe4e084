import type { EpisodeChange, Place } from "../alerts/episode.ts";
import { CROWD_FLOOR } from "../config/rules.ts";
import type { CrowdMovementConfig, ZoneConfig } from "../config/schema.ts";
import { polygonBounds } from "../geometry/polygon.ts";
import { type Box, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track } from "../tracking/tracker.ts";
import { CrowdCounter } from "./crowd-counter.ts";
import { CrowdFlow, type MovingPart } from "./crowd-flow.ts";
import { GroundMotion } from "./ground-motion.ts";
import { LastingCondition } from "./lasting-condition.ts";
import { PersonScale } from "./person-scale.ts";
import { PrevailingStream, worthOf } from "./prevailing-stream.ts";
import type { Measure, Observation, Rule } from "./rule.ts";
import { clipToPicture, type ViewGeometry, wholeView } from "./view-geometry.ts";

/** What a movement of a crowd must show; docs/rules/crowd-movement.md says what each was measured at. */
export interface MovementLimits {
  /** m/s from which on people run: the preferred transition from walking (Hreljac 1993). */
  readonly running: number;
  /** m/s that nobody exceeds who is at ease: crowds get nervous above (Helbing, Farkas and Vicsek 2000). */
  readonly hurried: number;
  /** How many times as fast as is usual in the area. */
  readonly overUsual: number;
  /** Share of what moves that must run, and of the persons who are seen. */
  readonly together: number;
  /** Persons' worth of area that must move as one. */
  readonly support: number;
  /** Persons seen one by one who must run too, so that what runs are persons: a network misses most of a crowd. */
  readonly witnesses: number;
  /** Share of what hurries that must go away from its middle, for it to be a dispersal before it runs. */
  readonly outward: number;
  /** Share of what moves that must go against what was the stream. */
  readonly against: number;
}

export const MOVEMENT_LIMITS: MovementLimits = {
  running: 2.1,
  hurried: 1.5,
  overUsual: 1.6,
  together: 0.5,
  support: CROWD_FLOOR,
  witnesses: 3,
  outward: 0.75,
  against: 0.6,
};

/** What moved is remembered as a crowd for so long: who runs out of the view leaves no crowd behind. */
const CROWD_MEMORY: Seconds = 10;
/** How soon the usual speed of an area follows. */
const USUAL_MEMORY: Seconds = 60;
/** So long must an area have been watched while people moved before its usual speed means anything. */
const USUAL_KNOWN: Seconds = 5;

/** Of who is seen, so many must run: a new track stands at first, and a network sees those who stand best. */
const WITNESSES_SHARE = 1 / 3;
/** Whose track is slower than this stands, m/s. */
const STANDING = 0.7;

/**
 * A crowd moves suddenly as one: it runs to one side (a surge), away from a place (a dispersal), or against its
 * own stream (a counter-wave). Of the flow of the area alone: it takes at least ten persons in view, flow worth
 * at least five and half of what moves, so that no single runner, and no few, can make it hold.
 */
export class CrowdMovement implements Rule {
  readonly event = "crowd_movement";
  readonly id: string;
  readonly #zone: ZoneConfig | null;
  readonly #view: ViewGeometry;
  readonly #limits: MovementLimits;
  readonly #scale = new PersonScale();
  readonly #counter: CrowdCounter;
  readonly #ground: GroundMotion;
  readonly #flow: CrowdFlow;
  readonly #stream = new PrevailingStream();
  readonly #condition: LastingCondition;
  #flowAt: Seconds | null = null;
  #crowdAt: Seconds = Number.NEGATIVE_INFINITY;
  #usual = 0;
  #watched: Seconds = 0;
  /** What moved as one when the flow was worked out last; null where nothing did. */
  #moved: readonly MovingPart[] | null = null;

  /**
   * @param zone null for the whole view
   * @param limits others than the measured ones, to see how much depends on them
   */
  constructor(
    config: CrowdMovementConfig,
    zone: ZoneConfig | null,
    view: ViewGeometry,
    limits = MOVEMENT_LIMITS,
  ) {
    this.id = config.id;
    this.#zone = zone;
    this.#view = view;
    this.#limits = limits;
    const polygon = zone?.polygon ?? null;
    this.#counter = new CrowdCounter(view, polygon);
    this.#ground = new GroundMotion(view, this.#scale);
    this.#flow = new CrowdFlow(view, polygon, this.#ground);
    this.#condition = new LastingCondition(this, config);
  }

  observe(observation: Observation): readonly EpisodeChange[] {
    const { at, tracks } = observation;
    const persons = tracks.filter((track) => track.class === "person");
    this.#scale.observe(at, persons, this.#view);
    const count = this.#counter.observe(observation);
    if (count !== null && count.best >= CROWD_FLOOR) this.#crowdAt = at;
    const flow = observation.flow?.() ?? null;
    if (flow === null) {
      this.#flow.reset();
      this.#moved = null;
      this.#flowAt = null;
    } else if (this.#flowAt === null || flow.at > this.#flowAt) {
      const elapsed = this.#flowAt === null ? flow.elapsed : flow.at - this.#flowAt;
      this.#flowAt = flow.at;
      this.#flow.add(flow, vehiclesOf(observation));
      this.#judge(at, elapsed, persons);
    }
    const box = this.#moved === null ? null : this.#around(this.#moved);
    const place = box === null ? null : this.#place(box);
    return this.#condition.observe(at, place === null ? null : { place, count: null, densityPerM2: null });
  }

  measure(): Measure | null {
    return null;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    this.#flow.reset();
    this.#stream.reset();
    this.#moved = null;
    this.#flowAt = null;
    return this.#condition.finish(at, reason);
  }

  #judge(at: Seconds, elapsed: Seconds, persons: readonly Track[]): void {
    const parts = this.#flow.parts();
    const crowd = at - this.#crowdAt <= CROWD_MEMORY;
    const running = this.#running(parts, persons) ?? this.#dispersing(parts, persons);
    const turned = this.#stream.against(at, parts, this.#limits.against, this.#limits.support);
    this.#moved = crowd ? (running ?? turned) : null;
    // What is sudden does not become usual while it lasts.
    if (this.#moved !== null) return;
    this.#stream.observe(at, parts);
    this.#learnUsual(elapsed, parts);
  }

  /** The parts that run, where they are many, most of what moves, and most of who is seen. */
  #running(parts: readonly MovingPart[], persons: readonly Track[]): readonly MovingPart[] | null {
    const { running, overUsual } = this.#limits;
    const unusual = this.#watched < USUAL_KNOWN ? 0 : overUsual * this.#usual;
    return this.#faster(Math.max(running, unusual), parts, persons);
  }

  /** The parts that hurry away from a place, which slower people may do too, where it is known how they usually go. */
  #dispersing(parts: readonly MovingPart[], persons: readonly Track[]): readonly MovingPart[] | null {
    const { hurried, overUsual, outward } = this.#limits;
    if (this.#watched < USUAL_KNOWN) return null;
    const fast = this.#faster(Math.max(hurried, overUsual * this.#usual), parts, persons);
    return fast !== null && worthOf(fast.filter(leaving(fast))) >= outward * worthOf(fast) ? fast : null;
  }

  #faster(
    least: number,
    parts: readonly MovingPart[],
    persons: readonly Track[],
  ): readonly MovingPart[] | null {
    const { together, support, witnesses } = this.#limits;
    const fast = parts.filter(({ speed }) => speed >= least);
    if (worthOf(fast) < support || worthOf(fast) < together * worthOf(parts)) return null;
    // A vehicle that no network knows for one is fast and large too, but no persons go along with it.
    const run = persons.filter(
      (track) => (this.#flow.partAt(track.box)?.speed ?? 0) >= least && !this.#stands(track),
    ).length;
    return run >= witnesses && run >= WITNESSES_SHARE * persons.length ? fast : null;
  }

  /** Whether somebody is known to stand, whatever passes behind. */
  #stands({ confirmed, box, velocity }: Track): boolean {
    if (!confirmed) return false;
    const motion = this.#ground.of({ x: box.x + box.width / 2, y: box.y + box.height / 2 }, velocity);
    return motion !== null && Math.hypot(motion.u, motion.v) < STANDING;
  }

  #learnUsual(elapsed: Seconds, parts: readonly MovingPart[]): void {
    const worth = worthOf(parts);
    if (worth < 1) return;
    const speed = parts.reduce((sum, part) => sum + part.worth * part.speed, 0) / worth;
    this.#watched += elapsed;
    // An average of all so far at first, and of the last minute later.
    const share = Math.max(1 - Math.exp(-elapsed / USUAL_MEMORY), elapsed / Math.max(elapsed, this.#watched));
    this.#usual += share * (speed - this.#usual);
  }

  #around(parts: readonly MovingPart[]): Box {
    const left = Math.min(...parts.map(({ box }) => box.x));
    const top = Math.min(...parts.map(({ box }) => box.y));
    const right = Math.max(...parts.map(({ box }) => box.x + box.width));
    const bottom = Math.max(...parts.map(({ box }) => box.y + box.height));
    return { x: left, y: top, width: right - left, height: bottom - top };
  }

  #place(box: Box): Place {
    const inView = clipToPicture(wholeView(this.#view), box);
    if (this.#zone === null) return { kind: "view", id: null, box: inView };
    const bounds = intersectBoxes(polygonBounds(this.#zone.polygon), wholeView(this.#view));
    return { kind: "zone", id: this.#zone.id, box: intersectBoxes(inView, bounds) };
  }
}

/** Whether a part moves away from the middle of all. */
function leaving(parts: readonly MovingPart[]): (part: MovingPart) => boolean {
  const worth = worthOf(parts);
  const x = parts.reduce((sum, part) => sum + part.worth * part.x, 0) / worth;
  const y = parts.reduce((sum, part) => sum + part.worth * part.y, 0) / worth;
  return (part) => (part.x - x) * part.vx + (part.y - y) * part.vy > 0;
}

/** Where vehicles are, however doubtful: nothing there speaks for a crowd. */
function vehiclesOf({ tracks, detections }: Observation): readonly Box[] {
  return [...tracks, ...(detections ?? [])]
    .filter((thing) => thing.class === "vehicle")
    .map(({ box }) => ({
      x: box.x - 0.1 * box.width,
      y: box.y - 0.1 * box.height,
      width: 1.2 * box.width,
      height: 1.2 * box.height,
    }));
}
