import type { EpisodeChange, Place } from "../alerts/episode.ts";
import type { WeaponConfig, ZoneConfig } from "../config/schema.ts";
import type { Detection } from "../detectors/detector.ts";
import { contains } from "../geometry/polygon.ts";
import { type Box, footPoint, type Point } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { type Finding, LastingCondition } from "./lasting-condition.ts";
import type { Measure, Observation, Rule } from "./rule.ts";
import {
  diagonalOf,
  grown,
  middleDistance,
  middleOf,
  type SlotLook,
  type SlotWish,
} from "./slot-detections.ts";
import { clipToPicture, intoPicture, type ViewGeometry, wholeView } from "./view-geometry.ts";
import { CONFIRMATION_LIMITS, type Neighbour, WeaponCandidate } from "./weapon-candidate.ts";

/** A detection of the camera's detector that counts as somebody: surer than not. */
const SOMEBODY = 0.3;
/** So far from somebody, in statures, a thing is held by them or lies beside them: an arm's reach and a step. */
const NEAR = { sides: 0.6, above: 0.4, below: 0.25 } as const;
/** What nobody is near any more is forgotten after this: detectors lose people for moments. */
const ALONE_FOR: Seconds = 3;
/** What is not seen any more is forgotten after this. */
const UNSEEN_FOR: Seconds = 2;
/** An alert goes on holding through closer looks that fail for this long, or for as many looks as this. */
const BLIND_FOR = { seconds: 1, looks: 2.5 } as const;
/** Candidates at a time: a network that sees more things than this in one view tells nothing. */
const MOST_CANDIDATES = 8;

/**
 * A weapon, by a network that the operator brings. In two stages over time: what that network takes for a weapon near
 * somebody is a candidate; closer looks, at a scale at which an umbrella is an umbrella, must confirm it at its place
 * again and again for `after` before anything is raised. Says a place and a time, never who.
 */
export class Weapon implements Rule {
  readonly event = "weapon";
  readonly id: string;
  readonly slot: SlotWish;
  readonly #config: WeaponConfig;
  readonly #zone: ZoneConfig | null;
  readonly #view: ViewGeometry;
  readonly #limits: typeof CONFIRMATION_LIMITS;
  readonly #condition: LastingCondition;
  #candidates: WeaponCandidate[] = [];
  #at: Seconds = 0;

  /**
   * @param zone null for the whole view
   * @param limits others than the usual ones, to see how much depends on them
   */
  constructor(
    config: WeaponConfig,
    zone: ZoneConfig | null,
    view: ViewGeometry,
    limits: typeof CONFIRMATION_LIMITS = CONFIRMATION_LIMITS,
  ) {
    this.id = config.id;
    this.#config = config;
    this.#zone = zone;
    this.#view = view;
    this.#limits = limits;
    this.#condition = new LastingCondition(this, config);
    this.slot = {
      around: "persons",
      looksPerSecond: config.looksPerSecond,
      closer: () =>
        // Nobody waits: whatever was looked at longest ago comes first.
        this.#candidates
          .toSorted((a, b) => a.lastLook - b.lastLook)
          .map((candidate) => candidate.closer(this.#at + 1 / config.looksPerSecond)),
    };
  }

  observe(observation: Observation): readonly EpisodeChange[] {
    const { at, scene, slots } = observation;
    this.#at = at;
    if (scene.unreadable) {
      this.#candidates = [];
      return this.#condition.observe(at, null);
    }
    const persons = personsIn(observation);
    const looks = slots?.get(this.id) ?? [];
    for (const look of looks.filter(({ closer }) => closer)) this.#confirm(look, at);
    for (const look of looks.filter(({ closer }) => !closer)) this.#propose(look, at, persons);
    for (const candidate of this.#candidates) {
      const neighbour = neighbourOf(candidate.box, persons);
      if (neighbour !== null) candidate.near(at, neighbour);
    }
    this.#candidates = this.#candidates.filter(
      (one) => !one.refused && at - one.lastSeen <= UNSEEN_FOR && at - one.lastNear <= ALONE_FOR,
    );
    return this.#condition.observe(at, this.#finding(at));
  }

  measure(): Measure | null {
    return null;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    this.#candidates = [];
    return this.#condition.finish(at, reason);
  }

  #confirm(look: SlotLook, at: Seconds): void {
    for (const candidate of this.#candidates) {
      if (isWithin(middleOf(candidate.box), look.region)) {
        candidate.lookedAt(look, at, this.#config.confirmScore);
      }
    }
  }

  /** What is near somebody, in the rule's zone, and not known yet is a candidate. */
  #propose({ detections, region }: SlotLook, at: Seconds, persons: readonly Person[]): void {
    const seen = detections.filter(isWeapon).filter(({ score }) => score >= this.#config.candidateScore);
    const boxes = seen.map(({ box }) => box);
    for (const candidate of this.#candidates) {
      if (isWithin(middleOf(candidate.box), region)) candidate.glancedAt(boxes, at);
    }
    for (const detection of seen) {
      const known = this.#candidates.find((candidate) => candidate.isAt(detection.box, at));
      const neighbour = neighbourOf(detection.box, persons);
      // Where closer looks are under way they say where it is; a first look sees it less well.
      if (known !== undefined) {
        if (known.lastConfirmed === null) known.seen(detection, at);
      } else if (
        neighbour !== null &&
        this.#candidates.length < MOST_CANDIDATES &&
        this.#isInZone(detection.box, persons)
      ) {
        const { after } = this.#config;
        this.#candidates.push(new WeaponCandidate(detection.box, at, neighbour, after, this.#limits));
      }
    }
  }

  /** In a zone, which is drawn on the ground, is what hangs over it, or is near somebody whose feet stand in it. */
  #isInZone(box: Box, persons: readonly Person[]): boolean {
    const zone = this.#zone;
    if (zone === null) return true;
    const near = persons.filter((person) => isNear(box, person.box));
    const points = [middleOf(box), ...near.map((person) => footPoint(person.box))];
    return points.some((point) => contains(zone.polygon, intoPicture(this.#view, point)));
  }

  #finding(at: Seconds): Finding | null {
    const { after, looksPerSecond } = this.#config;
    const blind = Math.max(BLIND_FOR.seconds, BLIND_FOR.looks / looksPerSecond);
    const [first] = this.#candidates
      .filter(({ lastConfirmed }) => lastConfirmed !== null && at - lastConfirmed <= blind)
      .flatMap(({ since, confirmed, box }) =>
        since !== null && confirmed && at - since >= after - 1e-6 ? [{ since, box }] : [],
      )
      .toSorted((a, b) => a.since - b.since);
    if (first === undefined) return null;
    // Room around the place: the box says where to look, not what is in whose hand.
    const room = grown(first.box, diagonalOf(first.box), { sides: 1, above: 1, below: 1 });
    const box = clipToPicture(wholeView(this.#view), room);
    const place: Place =
      this.#zone === null ? { kind: "view", id: null, box } : { kind: "zone", id: this.#zone.id, box };
    return { place, count: null, densityPerM2: null, heldSince: first.since };
  }
}

/** Somebody as far as a thing beside them is concerned: where, and which way. */
interface Person {
  readonly box: Box;
  /** Px a second. */
  readonly velocity: Point;
}

/** Everybody who is known to be in view: followed, or seen now. */
function personsIn({ tracks, detections }: Observation): readonly Person[] {
  const followed = tracks.filter((track) => track.class === "person" && track.confirmed);
  const seen = (detections ?? []).filter((one) => one.class === "person" && one.score >= SOMEBODY);
  return [...followed, ...seen.map(({ box }) => ({ box, velocity: { x: 0, y: 0 } }))];
}

/** The nearest of those who might hold a thing or have it beside them; null where nobody might. */
function neighbourOf(box: Box, persons: readonly Person[]): Neighbour | null {
  const near = persons.filter((person) => isNear(box, person.box));
  const [nearest] = near.toSorted((a, b) => middleDistance(a.box, box) - middleDistance(b.box, box));
  return nearest === undefined ? null : { stature: nearest.box.height, velocity: nearest.velocity };
}

function isNear(box: Box, person: Box): boolean {
  return isWithin(middleOf(box), grown(person, person.height, NEAR));
}

function isWithin({ x, y }: { readonly x: number; readonly y: number }, box: Box): boolean {
  return x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height;
}

function isWeapon(detection: SlotLook["detections"][number]): detection is Detection<"weapon"> {
  return detection.class === "weapon";
}
