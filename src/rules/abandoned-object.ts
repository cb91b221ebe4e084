import type { EpisodeChange, Place } from "../alerts/episode.ts";
import type { AbandonedObjectConfig, ZoneConfig } from "../config/schema.ts";
import { contains } from "../geometry/polygon.ts";
import { type Box, boxArea, footPoint, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { type Blob, stillBlobs } from "./abandoned-object-blobs.ts";
import { PeopleAbout } from "./abandoned-object-people.ts";
import { Stillness } from "./abandoned-object-stillness.ts";
import { greysOfThing, StillThing } from "./abandoned-object-thing.ts";
import { type Finding, LastingCondition } from "./lasting-condition.ts";
import { PersonScale } from "./person-scale.ts";
import type { Measure, Observation, Rule } from "./rule.ts";
import { clipToPicture, intoPicture, type ViewGeometry, wholeView } from "./view-geometry.ts";

/** How often the view is compared with the place as it was. */
const LOOK_EVERY: Seconds = 0.25;
/** Fewest still samples that are worth a look. */
const LEAST_PIXELS = 12;
/** A thing that no blob shows any more is gone after this long. */
const HIDDEN: Seconds = 1.5;
/** A gap or a light must have been one for this long before it becomes the place. */
const SURE_AFTER: Seconds = 5;
/** What is still and nobody's, or too large to be carried, becomes the place after this long. */
const SETTLED_AFTER: Seconds = 300;
/** A thing of the size and the greys of one that went from elsewhere within this time was moved. */
const MOVED_WITHIN: Seconds = 20;
const SAME_SIZE = 1.5;
const SAME_GREYS = 0.8;
/** Gaps that are found this soon are what the first seconds mistook for the place. */
const FIRST_MISTAKES: Seconds = 4;

interface Gone {
  /** When it went. */
  readonly at: Seconds;
  /** Heights of a person there, squared. */
  readonly size: number;
  readonly greys: readonly number[];
}

/**
 * Things that somebody put down and went away from. What has come and is still is told from what has gone, from light
 * and from people by its outline, its size and its stillness; no detector has to know what it is. Then somebody must
 * have been at it when it came, and must have left.
 */
export class AbandonedObject implements Rule {
  readonly event = "abandoned_object";
  readonly id: string;
  readonly #config: AbandonedObjectConfig;
  readonly #zone: ZoneConfig | null;
  readonly #view: ViewGeometry;
  readonly #scale = new PersonScale();
  readonly #people: PeopleAbout;
  #stillness: Stillness | null = null;
  #things: StillThing[] = [];
  #gone: Gone[] = [];
  #startedAt: Seconds = 0;
  #lookedAt: Seconds = Number.NEGATIVE_INFINITY;

  /** @param zone null for the whole view */
  constructor(config: AbandonedObjectConfig, zone: ZoneConfig | null, view: ViewGeometry) {
    this.id = config.id;
    this.#config = config;
    this.#zone = zone;
    this.#view = view;
    this.#people = new PeopleAbout(view, view.homography, this.#scale);
  }

  observe(observation: Observation): readonly EpisodeChange[] {
    const { at, tracks, scene } = observation;
    const persons = tracks.filter((track) => track.class === "person");
    this.#scale.observe(at, persons, this.#view);
    this.#people.observe(at, persons);
    const clear = scene.settled && !scene.lightChanged && !scene.viewMoved && !scene.unreadable;
    const changes: EpisodeChange[] = [];
    if (clear && at - this.#lookedAt >= LOOK_EVERY - 1e-6) {
      this.#lookedAt = at;
      this.#look(observation);
    }
    for (const thing of this.#things) changes.push(...thing.condition.observe(at, this.#finding(at, thing)));
    return changes;
  }

  measure(): Measure | null {
    return null;
  }

  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[] {
    const changes = this.#things.flatMap((thing) => thing.condition.finish(at, reason));
    // After a suspension nobody knows what came while nobody looked.
    this.#stillness = null;
    this.#things = [];
    this.#gone = [];
    this.#people.reset();
    return changes;
  }

  #look({ at, scene, detections }: Observation): void {
    const { picture, background } = scene;
    const known = this.#stillness;
    const fits = known !== null && known.width === picture.width && known.height === picture.height;
    const view = fits ? known : new Stillness(background, picture);
    if (!fits) this.#startedAt = at;
    this.#stillness = view;
    view.observe(at, picture);
    this.#match(at, stillBlobs(view, LEAST_PIXELS), picture);
    for (const thing of this.#things) {
      if (thing.seenAt !== at) continue;
      const before = thing.kind;
      thing.appraise(at, view, this.#people.heightAt(thing.box.y + thing.box.height), detections);
      if (before === "unknown" && thing.kind === "thing") thing.moved = this.#wasMoved(thing, view);
      if (!this.#isPlace(at, thing)) continue;
      if (thing.kind === "gap" && thing.since - this.#startedAt > FIRST_MISTAKES) {
        const size = this.#sizeOf(thing);
        if (size !== null) this.#gone.push({ at: thing.since, size, greys: greysOfThing(thing, view) });
      }
      view.absorb(thing.blob.pixels);
    }
    this.#gone = this.#gone.filter((gone) => at - gone.at <= 3 * MOVED_WITHIN);
  }

  /** Says which thing each blob is; ends what is no longer there. */
  #match(
    at: Seconds,
    blobs: readonly Blob[],
    plane: { readonly width: number; readonly height: number },
  ): void {
    const sx = this.#view.width / plane.width;
    const sy = this.#view.height / plane.height;
    for (const blob of blobs) {
      const { x, y, width, height } = blob.box;
      const scaled = { x: x * sx, y: y * sy, width: width * sx, height: height * sy };
      const box = clipToPicture(wholeView(this.#view), scaled);
      const thing = this.#things
        .filter((t) => t.seenAt !== at && isSame(t.box, box))
        .reduce<StillThing | null>((best, t) => (best === null || t.since < best.since ? t : best), null);
      if (thing === null) {
        this.#things.push(new StillThing(blob, box, at, new LastingCondition(this, this.#config)));
        continue;
      }
      thing.blob = blob;
      thing.box = box;
      thing.seenAt = at;
    }
    // What is open closes by its own clock, and is forgotten then.
    const forgotten = HIDDEN + this.#config.clear;
    this.#things = this.#things.filter((t) => at - t.seenAt <= forgotten || t.condition.told);
  }

  #isPlace(at: Seconds, thing: StillThing): boolean {
    if (thing.condition.told) return false;
    const age = at - thing.since;
    if (thing.kind === "gap" || thing.kind === "light") return age >= SURE_AFTER;
    return age >= SETTLED_AFTER + this.#config.after && thing.kind !== "thing";
  }

  /** Area, in squared heights of a person who stands there: nearer the same thing covers more of the picture. */
  #sizeOf({ blob, box }: StillThing): number | null {
    const height = this.#people.heightAt(box.y + box.height);
    if (height === null) return null;
    return (blob.pixels.length / boxArea(blob.box)) * (boxArea(box) / height ** 2);
  }

  #wasMoved(thing: StillThing, view: Stillness): boolean {
    const size = this.#sizeOf(thing);
    if (size === null) return false;
    const greys = greysOfThing(thing, view);
    return this.#gone.some(
      (gone) =>
        Math.abs(gone.at - thing.since) <= MOVED_WITHIN &&
        Math.max(gone.size / size, size / gone.size) <= SAME_SIZE &&
        gone.greys.reduce((sum, share, i) => sum + Math.min(share, greys[i] ?? 0), 0) >= SAME_GREYS,
    );
  }

  #finding(at: Seconds, thing: StillThing): Finding | null {
    const left = this.#stillness === null ? null : thing.leftSince(at, this.#people, this.#stillness);
    if (left === null || thing.kind !== "thing" || thing.moved || at - thing.seenAt > HIDDEN) return null;
    if (!this.#isWatched(thing.box) || !thing.keptShape(at, this.#config.after)) return null;
    const place: Place =
      this.#zone === null
        ? { kind: "view", id: null, box: thing.box }
        : { kind: "zone", id: this.#zone.id, box: thing.box };
    return { place, count: null, densityPerM2: null, heldSince: Math.max(left, thing.since) };
  }

  #isWatched(box: Box): boolean {
    return this.#zone === null || contains(this.#zone.polygon, intoPicture(this.#view, footPoint(box)));
  }
}

/** Whether two boxes are of one thing, which shows more or less of itself. */
function isSame(a: Box, b: Box): boolean {
  return boxArea(intersectBoxes(a, b)) > 0.5 * Math.min(boxArea(a), boxArea(b));
}
