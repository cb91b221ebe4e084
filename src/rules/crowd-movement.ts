import type { EpisodeChange, Place } from "../alerts/episode.ts";
import { CROWD_FLOOR } from "../config/rules.ts";
import type { CrowdMovementConfig, ZoneConfig } from "../config/schema.ts";
import { polygonBounds } from "../geometry/polygon.ts";
import { type Box, intersectBoxes, intersectionOverUnion } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track } from "../tracking/tracker.ts";
import { CrowdCounter } from "./crowd-counter.ts";
import { CrowdFlow, type MovingPart } from "./crowd-flow.ts";
import type { Sighting } from "./crowd-sight.ts";
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
  /** Persons seen one by one who must run too, so that what runs are persons: followed, or seen by a close look. */
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

/** What a close look saw of who runs says so for this long: until the next one, and half a second. */
const LOOK_HOLDS: Seconds = 2.5;
/** Two looks nearer than this do not show who stands. */
const LOOKS_APART: Seconds = 1;
/** Whoever shares this much of a box (intersection over union) with somebody at the look before stands there still. */
const SAME_PLACE = 0.3;
/** Of who is seen, so many must run: a new track stands at first, and a network sees those who stand best. */
const WITNESSES_SHARE = 1 / 3;
/** Whose track is slower than this stands, m/s. */
const STANDING = 0.7;

/** Who is seen by a close look, and how fast what moves where he is: no box is followed from one look to the next. */
interface Looked {
  readonly at: Seconds;
  readonly persons: readonly { readonly chance: number; readonly speed: number }[];
}

/** What moves fast, and the speed that it exceeds, m/s. */
interface Fast {
  readonly parts: readonly MovingPart[];
  readonly least: number;
}

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
  /** Since when it has, where that is known: a run is one before it is known that persons run. */
  #movedSince: Seconds | null = null;
  /** Since when a crowd's worth has been fast, whether or not it is known to be persons. */
  #fastSince: Seconds | null = null;
  /** Who was seen by the last close look; null before the first. */
  #seen: { readonly at: Seconds; readonly persons: readonly Sighting[] } | null = null;
  #looked: Looked | null = null;

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
    const isNew = flow !== null && (this.#flowAt === null || flow.at > this.#flowAt);
    if (flow === null) this.#forget();
    else if (isNew) this.#flow.add(flow, vehiclesOf(observation));
    if (observation.closeLook !== undefined) this.#look(at);
    if (isNew) {
      const elapsed = this.#flowAt === null ? flow.elapsed : flow.at - this.#flowAt;
      this.#flowAt = flow.at;
      this.#judge(at, elapsed, persons);
    }
    const box = this.#moved === null ? null : this.#around(this.#moved);
    const place = box === null ? null : this.#place(box);
    const since = this.#movedSince === null ? {} : { heldSince: this.#movedSince };
    const finding = place === null ? null : { place, count: null, densityPerM2: null, ...since };
    return this.#condition.observe(at, finding);
  }

  measure(): Measure | null {
    return null;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    this.#forget();
    this.#stream.reset();
    return this.#condition.finish(at, reason);
  }

  #forget(): void {
    this.#flow.reset();
    this.#moved = null;
    this.#flowAt = null;
    this.#fastSince = null;
    this.#movedSince = null;
    this.#seen = null;
    this.#looked = null;
  }

  /**
   * Notes how fast what moves where a close look sees somebody. Where somebody was at the look before as well, he
   * stands there, whatever passes before or behind him: he is seen, and does not move.
   */
  #look(at: Seconds): void {
    const before = this.#seen;
    if (before !== null && at - before.at < LOOKS_APART) return;
    this.#seen = { at, persons: this.#counter.seen };
    if (before === null) return;
    const persons = this.#seen.persons.map(({ box, chance }) => {
      const stands = before.persons.some((one) => intersectionOverUnion(one.box, box) >= SAME_PLACE);
      return { chance, speed: stands ? 0 : (this.#flow.partAt(box)?.speed ?? 0) };
    });
    this.#looked = { at, persons };
  }

  #judge(at: Seconds, elapsed: Seconds, persons: readonly Track[]): void {
    const parts = this.#flow.parts();
    const crowd = at - this.#crowdAt <= CROWD_MEMORY;
    const fast = crowd ? [this.#running(parts), this.#dispersing(parts)].filter((one) => one !== null) : [];
    this.#fastSince = fast.length === 0 ? null : (this.#fastSince ?? at);
    const running = fast.find(({ least }) => this.#witnessed(at, least, persons))?.parts ?? null;
    const turned = this.#stream.against(at, parts, this.#limits.against, this.#limits.support);
    this.#moved = crowd ? (running ?? turned) : null;
    this.#movedSince = running === null ? null : this.#fastSince;
    // What is sudden does not become usual while it lasts.
    if (this.#moved !== null) return;
    this.#stream.observe(at, parts);
    this.#learnUsual(elapsed, parts);
  }

  /** The parts that run, where they are many and most of what moves. */
  #running(parts: readonly MovingPart[]): Fast | null {
    const { running, overUsual } = this.#limits;
    const unusual = this.#watched < USUAL_KNOWN ? 0 : overUsual * this.#usual;
    return this.#faster(Math.max(running, unusual), parts);
  }

  /** The parts that hurry away from a place, which slower people may do too, where it is known how they usually go. */
  #dispersing(parts: readonly MovingPart[]): Fast | null {
    const { hurried, overUsual, outward } = this.#limits;
    if (this.#watched < USUAL_KNOWN) return null;
    const fast = this.#faster(Math.max(hurried, overUsual * this.#usual), parts);
    const out = fast === null ? 0 : worthOf(fast.parts.filter(leaving(fast.parts)));
    return fast !== null && out >= outward * worthOf(fast.parts) ? fast : null;
  }

  #faster(least: number, parts: readonly MovingPart[]): Fast | null {
    const { together, support } = this.#limits;
    const fast = parts.filter(({ speed }) => speed >= least);
    const many = worthOf(fast) >= support && worthOf(fast) >= together * worthOf(parts);
    return many ? { parts: fast, least } : null;
  }

  /**
   * Whether persons go along: a vehicle that no network knows for one is fast and large too. Either who is
   * followed says so, or, where bodies are too many and too small to be followed, the last close look.
   */
  #witnessed(at: Seconds, least: number, persons: readonly Track[]): boolean {
    const run = persons.filter(
      (track) => (this.#flow.partAt(track.box)?.speed ?? 0) >= least && !this.#stands(track),
    ).length;
    if (this.#enough(run, persons.length)) return true;
    if (this.#looked === null || at - this.#looked.at > LOOK_HOLDS) return false;
    const seen = this.#looked.persons;
    return this.#enough(expected(seen.filter(({ speed }) => speed >= least)), expected(seen));
  }

  #enough(run: number, seen: number): boolean {
    return run >= this.#limits.witnesses && run >= WITNESSES_SHARE * seen;
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

/** How many of these are persons, by the chance of each. */
function expected(persons: Looked["persons"]): number {
  return persons.reduce((sum, { chance }) => sum + chance, 0);
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
