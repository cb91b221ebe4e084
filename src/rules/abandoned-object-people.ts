import type { Homography } from "../geometry/homography.ts";
import { type Box, footPoint, type Point } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track, TrackId } from "../tracking/tracker.ts";
import type { PersonScale } from "./person-scale.ts";

/** Somebody's height, metres, to turn heights into metres where nothing better is known. */
export const PERSON_METRES = 1.7;
/** Who goes at this pace, metres per second, passes; a stroll is 1, somebody who shifts about stays below. */
const PASSING_SPEED = 0.55;
/** Speed is taken over so long. */
const SPEED_OVER: Seconds = 1.5;
/** A track that was seen this recently is there. */
const THERE_WHILE_UNSEEN: Seconds = 1;
/** A new track that begins where one was lost goes on with it, within this time and these metres. */
const GOES_ON: Seconds = 2;
const GOES_ON_WITHIN = 1;
/** Where somebody went is forgotten after this long. */
const MEMORY: Seconds = 30;
const SPACING: Seconds = 0.25;
/** Whose track ends this near the border, in sizes of the box, has left the view. */
const BORDER = 0.15;
/** Seen in the picture, not on a calibrated ground: focal length in widths of the picture, of a usual lens. */
const FOCAL = 1;

interface Step {
  readonly at: Seconds;
  readonly box: Box;
}

/** Somebody who is or was about, without a name: good to be compared with himself, and for nothing else. */
export interface Person {
  readonly id: TrackId;
  steps: Step[];
  /** The track that it goes on with. */
  before: Person | null;
  last: Seconds;
}

/**
 * Where people are and where they went in the last half minute: enough to say whether somebody was at a place at a
 * certain time and has gone away from it since. Tracks by place and time alone; all of it is forgotten with them.
 */
export class PeopleAbout {
  readonly #picture: { readonly width: number; readonly height: number };
  readonly #homography: Homography | null;
  readonly #scale: PersonScale;
  readonly #live = new Map<TrackId, Person>();
  #past: Person[] = [];

  constructor(
    picture: { readonly width: number; readonly height: number },
    homography: Homography | null,
    scale: PersonScale,
  ) {
    this.#picture = picture;
    this.#homography = homography;
    this.#scale = scale;
  }

  /** @param tracks of persons, confirmed or not */
  observe(at: Seconds, tracks: readonly Track[]): void {
    const live = new Set(tracks.map((t) => t.id));
    for (const [id, person] of this.#live) {
      if (live.has(id)) continue;
      this.#past.push(person);
      this.#live.delete(id);
    }
    this.#past = this.#past.filter((person) => at - person.last <= MEMORY);
    for (const track of tracks) {
      if (track.coasting) continue;
      let person = this.#live.get(track.id);
      if (person === undefined) {
        person = { id: track.id, steps: [], before: this.#lostAt(at, track.box), last: at };
        this.#live.set(track.id, person);
      }
      person.last = at;
      if (person.before !== null && at - person.before.last > MEMORY) person.before = null;
      const before = person.steps.at(-1);
      if (before !== undefined && at - before.at < SPACING - 1e-6) continue;
      person.steps.push({ at, box: track.box });
      const first = person.steps[0];
      if (first !== undefined && at - first.at > MEMORY) person.steps.shift();
    }
  }

  reset(): void {
    this.#live.clear();
    this.#past = [];
  }

  /** Who is within `metres` of a thing: its keepers, and anybody who does not merely pass. */
  attending(at: Seconds, thing: Box, metres: number, keepers: ReadonlySet<Person>): readonly Person[] {
    return [...this.#live.values()].filter((person) => {
      if (at - person.last > THERE_WHILE_UNSEEN) return false;
      const step = person.steps.at(-1);
      if (step === undefined || this.metresBetween(step.box, thing) > metres) return false;
      return isOneOf(person, keepers) || this.#speed(person) < PASSING_SPEED;
    });
  }

  /** Where somebody was lost from sight, if that was within `metres` of a thing and he cannot have left the view. */
  lostWithin(at: Seconds, person: Person, thing: Box, metres: number): Box | null {
    const last = person.steps.at(-1);
    if (last === undefined || at - person.last <= THERE_WHILE_UNSEEN || this.#atBorder(last.box)) return null;
    return this.metresBetween(last.box, thing) <= metres ? last.box : null;
  }

  /** Who was within `metres` of a thing between two times. */
  near(thing: Box, from: Seconds, to: Seconds, metres: number): readonly Person[] {
    return [...this.#live.values(), ...this.#past].filter((p) => this.#wasNear(p, thing, from, to, metres));
  }

  /** Whether somebody who was within `metres` of a thing between two times has gone further away, or out of view. */
  leftBehind(thing: Box, from: Seconds, to: Seconds, metres: number): boolean {
    for (const person of [...this.#live.values(), ...this.#past]) {
      const last = person.steps.at(-1);
      if (last === undefined || last.at < from) continue;
      const outOfView = !this.#live.has(person.id) && this.#atBorder(last.box);
      if (!outOfView && this.metresBetween(last.box, thing) <= metres) continue;
      for (let one: Person | null = person; one !== null; one = one.before)
        if (this.#wasNear(one, thing, from, to, metres)) return true;
    }
    return false;
  }

  /** Metres on the ground between where somebody stands and a thing; by the height of people where it is not calibrated. */
  metresBetween(person: Box, thing: Box): number {
    const foot = footPoint(person);
    const base = nearestOnBase(thing, foot);
    const a = this.#homography?.toGround(foot) ?? null;
    const b = this.#homography?.toGround(base) ?? null;
    if (a !== null && b !== null) return Math.hypot(a.x - b.x, a.y - b.y);
    const here = this.heightAt(base.y) ?? person.height;
    const there = this.#scale.known ? (this.heightAt(foot.y) ?? here) : here;
    const mean = (here + there) / 2;
    const across = Math.abs(foot.x - base.x) / mean;
    const inPicture = Math.hypot(across, (foot.y - base.y) / mean);
    const away = this.#picture.width * FOCAL * Math.abs(1 / here - 1 / there);
    return PERSON_METRES * Math.max(inPicture, Math.hypot(across, away));
  }

  /** Height of a person whose feet are at a row of the picture, px; null before anybody was seen. */
  heightAt(y: number): number | null {
    return this.#scale.heightAt(y);
  }

  #wasNear(person: Person, thing: Box, from: Seconds, to: Seconds, metres: number): boolean {
    return person.steps.some(
      (step) => step.at >= from && step.at <= to && this.metresBetween(step.box, thing) <= metres,
    );
  }

  #atBorder({ x, y, width, height }: Box): boolean {
    const edge = BORDER * Math.max(width, height);
    return (
      x < edge ||
      y < edge ||
      x + width > this.#picture.width - edge ||
      y + height > this.#picture.height - edge
    );
  }

  #speed(person: Person): number {
    const last = person.steps.at(-1);
    if (last === undefined) return 0;
    const first = person.steps.find((step) => last.at - step.at <= SPEED_OVER + 1e-6) ?? last;
    const elapsed = last.at - first.at;
    if (elapsed < 0.4) return 0;
    return this.metresBetween(last.box, pointBox(footPoint(first.box))) / elapsed;
  }

  #lostAt(at: Seconds, box: Box): Person | null {
    const near = (person: Person) => {
      const last = person.steps.at(-1);
      return (
        last !== undefined &&
        at - person.last <= GOES_ON &&
        this.metresBetween(box, pointBox(footPoint(last.box))) <= GOES_ON_WITHIN + at - person.last
      );
    };
    const lost = this.#past.filter(near);
    return lost.reduce<Person | null>((best, p) => (best === null || p.last > best.last ? p : best), null);
  }
}

function isOneOf(person: Person, some: ReadonlySet<Person>): boolean {
  for (let one: Person | null = person; one !== null; one = one.before) if (some.has(one)) return true;
  return false;
}

function pointBox({ x, y }: Point): Box {
  return { x, y, width: 0, height: 0 };
}

/** Things stand on the lower edge of their box. */
function nearestOnBase(thing: Box, { x }: Point): Point {
  return {
    x: Math.min(Math.max(x, thing.x), thing.x + thing.width),
    y: thing.y + thing.height,
  };
}
