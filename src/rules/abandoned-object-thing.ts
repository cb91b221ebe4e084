import type { Detection } from "../detectors/detector.ts";
import { type Box, boxArea, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { type Blob, contourOf, extentOf, greysOf } from "./abandoned-object-blobs.ts";
import type { PeopleAbout, Person } from "./abandoned-object-people.ts";
import { SHOWS, type Stillness } from "./abandoned-object-stillness.ts";
import type { LastingCondition } from "./lasting-condition.ts";

/** Where in somebody's box his trunk is, shares of it: hardly anything of what is behind him shows there. */
const TRUNK = { wide: 0.5, top: 0.15, foot: 0.6 } as const;
/** Who hides the place over this share of his trunk is still there. */
const TRUNK_HIDES = 0.5;
/** Who stays within so many metres has a thing in his care: PETS 2006 warns from 2 m on. */
export const CARE_METRES = 2;
/** Somebody must have been there when it became still, give or take this. */
const AT_THE_TIME: Seconds = 3;
/** When all who were there are known. */
const KNOWN_BY: Seconds = 10;
/** Nobody is remembered for longer than this after he was last seen. */
const FORGOTTEN_AFTER: Seconds = 30;
/** Longest side, least side and largest area of what people carry, in heights of a person: 1.3 m, 17 cm. */
const LONGEST = 0.75;
const SMALLEST = 0.1;
const LARGEST_AREA = 0.36;
/** Taller than half a person, and so many times as tall as wide, is built as people are. */
const TALL = 0.55;
const SLENDER = 3;
/** Smoothing makes a thing wider by so many samples on each side. */
const SMOOTHED = 1;
/** Least area of it that is still, in heights squared: 25 cm by 20 cm, and fewest samples that have an outline. */
const LEAST_AREA = 0.017;
const LEAST_SAMPLES = 100;
/** Least share of its box that it fills. */
const FILLS = 0.35;
/** How often a thing is looked at. */
const APPRAISE_EVERY: Seconds = 0.5;
/** Nothing that people carry covers so many samples of a view of 384 by 288, and a vehicle may cover more. */
const MOST_SAMPLES = 8000;
/**
 * Contrast across the outline in what is there now, in times that of the place as it was: above the first a thing
 * came, below the second one went. A thing before a plain floor gives 3 to 15, one before an edge of its own height
 * still 1.7; a gap gives the reciprocals.
 */
const CAME = 1.22;
const WENT = 0.72;
/** Least contrast across the outline, grey levels and times the sensor's noise: less is a stain of light. */
const LEAST_CONTRAST = 12;
const LEAST_CONTRAST_NOISE = 3;
/** Structure that is as it was before, in another light, is light. */
const ALIKE = 0.7;
/** What hangs together with it and is not still, in times its own size: more is somebody who stands. */
const MOST_EXTENT = 2;
/** A detector's doubt holds a thing for somebody, where it lasts. */
const VETO_SCORE = 0.2;
const VETO_SHARE = 0.25;
/** Of what a human was told of, where it doubts in nearly every look. */
const VETO_SHARE_TOLD = 0.75;
const VETO_SECONDS = 3;
/** The extent is the least of so many seconds: who passes makes it larger, nothing makes it smaller. */
const EXTENT_SECONDS: Seconds = 4;
/** Its pixels must have stayed the same ones, as intersection over union, for so long. */
const STEADY = 0.85;
const STEADY_SECONDS: Seconds = 3.5;
/** For as long as it must be left it must have kept its shape, up to this: somebody who sits shifts about. */
const KEEPS_SHAPE: Seconds = 10;
/** It must have been in sight for this share of the last seconds. */
const IN_SIGHT = 0.5;
const SIGHT_SECONDS = 3;
/** Where the place is seen through more than this share of it, it is going. */
const GOING = 0.3;
/** What a human was told of is no longer a thing only where much less speaks for it. */
const STAYS = 1;
/**
 * Share of it through which the place was seen after it came. A thing hides its ground all at once and until it is taken
 * away, so hardly any; light creeps over the ground and comes and goes.
 */
const SEEN_THROUGH = 0.3;

/** What a still blob is taken for. */
export type Kind =
  /** Not looked at for long enough, or too little of it is seen. */
  | "unknown"
  /** Came and stays. */
  | "thing"
  /** Something went from here. */
  | "gap"
  /** A lamp, a shadow, a stain. */
  | "light"
  /** Larger than what people carry. */
  | "large"
  | "small"
  /** Somebody, or a vehicle: by the detector, or because it is not still as things are. */
  | "living";

/** Something that is still and was not there before. */
export class StillThing {
  readonly condition: LastingCondition;
  blob: Blob;
  /** Image coordinates. */
  box: Box;
  kind: Kind = "unknown";
  seenAt: Seconds;
  /** Since when it stands there, seconds. */
  readonly since: Seconds;
  /** Carried here from elsewhere in the view, where it was part of the place. */
  moved = false;
  #introduced = false;
  readonly #keepers = new Set<Person>();
  #inSight = 0;
  #steady: { readonly since: Seconds; readonly pixels: ReadonlySet<number> } | null = null;
  #attendedAt: Seconds;
  #left = false;
  /** Whether somebody stood by it last whom the detector had lost. */
  #watchedUnseen = false;
  #veto = 0;
  #lookedAt: Seconds | null = null;
  #extents: { readonly at: Seconds; readonly extent: number }[] = [];

  constructor(blob: Blob, box: Box, at: Seconds, condition: LastingCondition) {
    this.blob = blob;
    this.box = box;
    this.since = blob.since;
    this.seenAt = at;
    this.#attendedAt = blob.since;
    this.condition = condition;
  }

  /** Takes it for what it looks like now. @param height of a person there, px; null where nobody was seen */
  appraise(
    at: Seconds,
    view: Stillness,
    height: number | null,
    detections: readonly Detection[] | null,
  ): void {
    const dt = this.#lookedAt === null ? 0 : at - this.#lookedAt;
    if (this.#lookedAt !== null && dt < APPRAISE_EVERY - 1e-6) return;
    this.#lookedAt = at;
    if (this.blob.pixels.length > MOST_SAMPLES) {
      this.#appraiseLarge(at, view);
      return;
    }
    this.#followSteadiness(at, dt);
    if (detections !== null) {
      const hit = looksLikeSomebody(detections, this.box) ? 1 : 0;
      this.#veto += (1 - Math.exp(-dt / VETO_SECONDS)) * (hit - this.#veto);
    }
    if (this.blob.seen > 0.6) this.#extents.push({ at, extent: extentOf(this.blob, view, 2 * MOST_EXTENT) });
    this.#extents = this.#extents.filter((e) => at - e.at <= EXTENT_SECONDS);
    if (this.#extents.length < 3) return;
    const extent = Math.min(...this.#extents.map((e) => e.extent));
    this.kind = this.#kindOf(at, view, height, extent);
  }

  /**
   * Whether it is left behind now, as far as people are concerned, and since when; null where it is not.
   * @param view where it was last seen
   */
  leftSince(at: Seconds, people: PeopleAbout, view: Stillness): Seconds | null {
    const { box, since } = this;
    const standing = [...this.#keepers].filter((person) => this.#standsThere(at, person, people, view));
    for (const person of this.#keepers)
      if (at - person.last > FORGOTTEN_AFTER && !standing.includes(person)) this.#keepers.delete(person);
    // Later nobody can have been there at that time any more.
    if (at - since <= KNOWN_BY) {
      for (const person of people.near(box, since - AT_THE_TIME, since + AT_THE_TIME, CARE_METRES)) {
        this.#keepers.add(person);
        this.#introduced = true;
      }
    }
    const attending = people.attending(at, box, CARE_METRES, this.#keepers);
    if (attending.length > 0 || standing.length > 0) {
      for (const person of attending) this.#keepers.add(person);
      this.#attendedAt = at;
      this.#left = false;
      this.#watchedUnseen = standing.length > 0;
      return null;
    }
    // Whom the detector had lost was not seen to go either; that his place is seen says so.
    if (this.#watchedUnseen) this.#left = true;
    const from = this.#attendedAt - AT_THE_TIME;
    this.#left ||= people.leftBehind(box, from, this.#attendedAt + AT_THE_TIME, CARE_METRES);
    return this.#introduced && this.#left ? this.#attendedAt : null;
  }

  /**
   * Whether a keeper whom the detector lost beside it still stands there: nobody saw him go, and where his body was
   * the place has not been seen since.
   */
  #standsThere(at: Seconds, person: Person, people: PeopleAbout, view: Stillness): boolean {
    const lost = people.lostWithin(at, person, this.box, CARE_METRES);
    if (lost === null) return false;
    const scale = this.blob.box.width / this.box.width;
    const rise = this.blob.box.height / this.box.height;
    const left = Math.ceil((lost.x + (1 - TRUNK.wide) * 0.5 * lost.width) * scale);
    const right = (lost.x + (1 + TRUNK.wide) * 0.5 * lost.width) * scale;
    const top = Math.ceil((lost.y + TRUNK.top * lost.height) * rise);
    const bottom = (lost.y + TRUNK.foot * lost.height) * rise;
    const own = new Set(this.blob.pixels);
    let samples = 0;
    let hidden = 0;
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) {
        const i = y * view.width + x;
        if (own.has(i)) continue;
        samples++;
        if (view.shows[i] !== SHOWS.place && (view.placeSeen[i] ?? at) <= person.last) hidden++;
      }
    return samples > 0 && hidden > TRUNK_HIDES * samples;
  }

  /** Whether it has kept its shape for as long as it must be left. Of what a human was told of it is not asked again. */
  keptShape(at: Seconds, after: Seconds): boolean {
    const steadyFor = this.#steady === null ? 0 : at - this.#steady.since;
    return this.condition.told || steadyFor >= Math.min(after, KEEPS_SHAPE) - 1e-6;
  }

  #followSteadiness(at: Seconds, dt: Seconds): void {
    this.#inSight += (1 - Math.exp(-dt / SIGHT_SECONDS)) * (this.blob.seen - this.#inSight);
    const { pixels } = this.blob;
    const before = this.#steady?.pixels ?? new Set<number>();
    const shared = pixels.filter((i) => before.has(i)).length;
    if (shared >= STEADY * (pixels.length + before.size - shared)) return;
    this.#steady = { since: at, pixels: new Set(pixels) };
  }

  /** Share of it where the place was seen after it is said to have come. */
  #seenThrough(view: Stillness): number {
    const { pixels, since } = this.blob;
    const through = pixels.filter((i) => (view.placeSeen[i] ?? since) > since + AT_THE_TIME).length;
    return through / pixels.length;
  }

  /** A lamp or the sun over much of the view: looked at once, as it is dear. */
  #appraiseLarge(at: Seconds, view: Stillness): void {
    if (this.kind !== "unknown" || at - this.since < EXTENT_SECONDS) return;
    const { now, before, alike } = contourOf(this.blob, view);
    if (now < WENT * before) this.kind = "gap";
    else this.kind = now < LEAST_CONTRAST || (alike !== null && alike > ALIKE) ? "light" : "large";
  }

  #kindOf(at: Seconds, view: Stillness, height: number | null, extent: number): Kind {
    const contour = contourOf(this.blob, view);
    const came = contour.now / Math.max(1e-6, contour.before);
    if (came < WENT) return "gap";
    const least = Math.max(LEAST_CONTRAST, LEAST_CONTRAST_NOISE * view.noise);
    if (contour.now < least || (contour.alike !== null && contour.alike > ALIKE)) return "light";
    if (height === null) return "unknown";
    const samples = this.blob.pixels.length;
    const scale = this.box.width / this.blob.box.width / height;
    const wide = (this.blob.box.width - 2 * SMOOTHED) * scale;
    const tall = (this.box.height * (1 - (2 * SMOOTHED) / this.blob.box.height)) / height;
    const longest = Math.max(wide, tall);
    const shortest = Math.min(wide, tall);
    const area = (samples / boxArea(this.blob.box)) * (boxArea(this.box) / height ** 2);
    if (longest > LONGEST || extent * area > LARGEST_AREA) return "large";
    if (tall > TALL && tall > SLENDER * wide) return "large";
    if (shortest < SMALLEST) return "small";
    const told = this.kind === "thing" && this.condition.told;
    if (extent > MOST_EXTENT || this.#veto > (told ? VETO_SHARE_TOLD : VETO_SHARE)) return "living";
    if (told) return came > STAYS ? "thing" : "unknown";
    if (samples < LEAST_SAMPLES || area < LEAST_AREA) return "small";
    const steadyFor = this.#steady === null ? 0 : at - this.#steady.since;
    if (
      steadyFor < STEADY_SECONDS ||
      Math.min(this.#inSight, this.blob.seen) < IN_SIGHT ||
      this.blob.going > GOING ||
      this.#seenThrough(view) > SEEN_THROUGH
    )
      return "unknown";
    return came > CAME && samples > FILLS * boxArea(this.blob.box) ? "thing" : "unknown";
  }
}

/** Greys of what is there, or of what was there before something went. */
export function greysOfThing(thing: StillThing, view: Stillness): readonly number[] {
  return greysOf(thing.blob, thing.kind === "gap" ? view.place : view.still);
}

/** Whether the detector takes it for a person or a vehicle, and not rather for luggage. */
function looksLikeSomebody(detections: readonly Detection[], thing: Box): boolean {
  const about = detections.filter(({ box }) => isAbout(box, thing));
  const luggage = Math.max(0, ...about.filter((d) => d.class === "luggage").map((d) => d.score));
  return about.some(
    ({ class: cls, score }) =>
      (cls === "person" || cls === "vehicle") && score >= VETO_SCORE && score >= luggage,
  );
}

/** Whether a box is about this thing, and does not merely overlap it. */
function isAbout(box: Box, thing: Box): boolean {
  const shared = boxArea(intersectBoxes(box, thing));
  return shared > 0.5 * boxArea(thing) && shared > 0.25 * boxArea(box);
}
