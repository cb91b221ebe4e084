import type { ObjectClass } from "../detectors/detector.ts";
import { type Box, boxArea, footPoint, intersectionOverUnion } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track, TrackId } from "../tracking/tracker.ts";

/** A thing that stays within this distance of where it was, in sizes, for this long, stands still. */
const STILL_WITHIN = 0.4;
const STILL_AFTER: Seconds = 3;
/** A new track whose first box overlaps that of a lost still thing by this much is that thing again. */
const SAME_PLACE = 0.4;
/** How long a still person who is no longer seen may come back as the same. Nobody is remembered for long. */
const PERSON_MEMORY: Seconds = 60;

interface Seen {
  readonly class: ObjectClass;
  box: Box;
  anchor: Box;
  anchoredAt: Seconds;
  at: Seconds;
  told: boolean;
}

interface Lost {
  readonly class: ObjectClass;
  readonly box: Box;
  readonly until: Seconds;
}

/**
 * Remembers where things stood still that a human was told of and that the detector then lost, so that a parked
 * car or somebody on a bench who is seen, missed and seen again is not told of again. It knows places alone:
 * what appears elsewhere, or walks in, is new, and so is what moves away from there.
 */
export class FamiliarThings {
  readonly #longest: Seconds;
  readonly #seen = new Map<TrackId, Seen>();
  readonly #familiar = new Map<TrackId, Box>();
  #lost: Lost[] = [];

  /** @param longest how long a vehicle is remembered after it was last seen */
  constructor(longest: Seconds) {
    this.#longest = longest;
  }

  /**
   * @param tracks confirmed ones or not, within the rule's place
   * @param told whether a human has been told of what is there now
   * @returns which tracks are things told of before
   */
  observe(at: Seconds, tracks: readonly Track[], told: boolean): ReadonlySet<TrackId> {
    const live = new Set(tracks.map((t) => t.id));
    for (const [id, seen] of this.#seen) {
      if (live.has(id)) continue;
      const stillFor = seen.at - seen.anchoredAt;
      if (this.#familiar.has(id) || (seen.told && stillFor >= STILL_AFTER)) {
        const memory = seen.class === "person" ? Math.min(PERSON_MEMORY, this.#longest) : this.#longest;
        this.#lost.push({ class: seen.class, box: seen.box, until: seen.at + memory });
      }
      this.#seen.delete(id);
      this.#familiar.delete(id);
    }
    this.#lost = this.#lost.filter((lost) => lost.until > at);
    for (const track of tracks) this.#look(at, track, told);
    return new Set(this.#familiar.keys());
  }

  #look(at: Seconds, track: Track, told: boolean): void {
    const seen = this.#seen.get(track.id);
    if (seen === undefined) {
      const { box } = track;
      this.#seen.set(track.id, { class: track.class, box, anchor: box, anchoredAt: at, at, told: false });
      const same = this.#lost.find(
        (l) => l.class === track.class && intersectionOverUnion(l.box, box) >= SAME_PLACE,
      );
      if (same !== undefined) {
        this.#familiar.set(track.id, same.box);
        this.#lost = this.#lost.filter((lost) => lost !== same);
      }
      return;
    }
    if (track.coasting) return;
    seen.box = track.box;
    seen.at = at;
    seen.told ||= told && track.confirmed;
    if (distanceInSizes(seen.anchor, track.box) > STILL_WITHIN) {
      seen.anchor = track.box;
      seen.anchoredAt = at;
    }
    const home = this.#familiar.get(track.id);
    if (home !== undefined && distanceInSizes(home, track.box) > 2 * STILL_WITHIN)
      this.#familiar.delete(track.id);
  }
}

function distanceInSizes(a: Box, b: Box): number {
  const from = footPoint(a);
  const to = footPoint(b);
  return Math.hypot(to.x - from.x, to.y - from.y) / Math.sqrt(Math.max(1, boxArea(a)));
}
