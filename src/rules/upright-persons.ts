import type { Detection } from "../detectors/detector.ts";
import { type Box, footPoint, intersectionOverUnion, type Point } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track, TrackId } from "../tracking/tracker.ts";

/**
 * Width over height of a box in which somebody stands or walks. Statures are 3 to 5 times as high as wide; arms and
 * a long step bring that to 1.6.
 */
const STANDING_ASPECT = 0.62;
/**
 * The same of somebody who sits on a chair, seen from the side: 0.72 statures high, 0.5 wide. Who was never seen to
 * stand is taken to be as tall as that.
 */
const SEATED_ASPECT = 0.8;
/**
 * From here down nobody is upright any more: sitting on a chair leaves 0.7 of the stature, crouching 0.5 to 0.6
 * (Drillis and Contini, Body segment parameters, 1966).
 */
const UPRIGHT_HEIGHT = 0.62;
const UPRIGHT_ASPECT = 0.95;
/** A track that begins so near to where one was lost, heights, and no taller than that, is the same person. */
const SAME_WITHIN = 0.6;
const SAME_HEIGHT = 1.25;
/** A stride, a stoop and a rough box leave this much of the height of somebody who stands. */
const STANDING_HEIGHT = 0.85;
/** A detection that overlaps a track's box by this much is what the track was seen as. */
const SEEN_AS = 0.5;
/** Somebody must have stood for this long before a height is known to fall from. */
const STOOD_FOR: Seconds = 0.4;
/**
 * How soon a stature is forgotten: who walks away from the camera appears smaller by about an eighth each second,
 * who sits there does not and shall not be taken for a small person who stands.
 */
const FORGETS = { walking: 8, resting: 60 } as const;
/** Who walks away rises in the picture at least so fast, statures per second. */
const WALKING = 0.15;

/** Within this share of the picture of its border a box is cut by it; feet are, when they are so for so long. */
const BORDER = 0.012;
const CUT_FOR: Seconds = 0.3;
/**
 * A side of the picture may hide as much of somebody's width as leaves this share: who sits there with outstretched
 * legs looks as narrow as somebody who stands.
 */
const SEEN_WIDTH = 0.6;

/** Somebody who is or was on his feet, as far as a fall is concerned. */
export interface Stance {
  readonly track: TrackId;
  /** Height of the box when upright, px, there where the person is. */
  readonly height: number;
  /** The last box that was upright, and when that was. */
  readonly box: Box;
  /**
   * The foot point of the last box that was as high as this person stands: the feet of a box that has grown
   * shorter may be hidden by a counter.
   */
  readonly foot: Point;
  readonly lastUpright: Seconds;
  /** The picture's lower border hides the feet: nobody knows how tall this person is, or when he lies. */
  readonly cut: boolean;
  /** Last seen at the picture's border: perhaps the person has left. */
  readonly atBorder: boolean;
}

interface Live {
  height: number;
  box: Box;
  foot: Point;
  stood: Seconds;
  /** Was seen as narrow as people are who stand: before, the height may be that of somebody who sits. */
  narrow: boolean;
  cutFor: Seconds;
  lastUpright: Seconds;
  at: Seconds;
}

/**
 * Remembers for a few seconds who was upright, where, and how tall that looked. It is what a fall begins with; it
 * knows nothing but boxes, and each is gone a few seconds after its track.
 */
export class UprightPersons {
  readonly #picture: { readonly width: number; readonly height: number };
  readonly #memory: Seconds;
  /** Within so much of the border a box is cut by it, px. */
  readonly #edge: number;
  readonly #live = new Map<TrackId, Live>();

  /** @param memory how long somebody who is no longer upright is remembered */
  constructor(picture: { readonly width: number; readonly height: number }, memory: Seconds) {
    this.#picture = picture;
    this.#memory = memory;
    this.#edge = BORDER * Math.max(picture.width, picture.height);
  }

  /** @param detections of this instant: a track's smoothed box runs ahead of who walks towards the lower border */
  observe(at: Seconds, tracks: readonly Track[], detections: readonly Detection[]): void {
    for (const track of tracks) {
      if (track.class === "person" && track.confirmed && !track.coasting)
        this.#see(at, track, lowestSeen(track, detections));
    }
    for (const [id, live] of this.#live) if (at - live.at > this.#memory) this.#live.delete(id);
  }

  /** Everybody who was upright within the memory, whether upright now or not. */
  get stances(): readonly Stance[] {
    return [...this.#live].flatMap(([track, live]) =>
      live.stood < STOOD_FOR
        ? []
        : [
            {
              track,
              height: live.height,
              box: live.box,
              foot: live.foot,
              lastUpright: live.lastUpright,
              cut: live.cutFor >= CUT_FOR,
              atBorder: this.#isAtBorder(live.box),
            },
          ],
    );
  }

  reset(): void {
    this.#live.clear();
  }

  #isAtBorder(box: Box): boolean {
    return this.#isAtSide(box) || box.y + box.height > this.#picture.height - this.#edge;
  }

  #isAtSide({ x, width }: Box): boolean {
    return x < this.#edge || x + width > this.#picture.width - this.#edge;
  }

  /** Whether a box is so narrow that somebody stands in it, or sits on a chair, even if a side of the picture cuts it. */
  #isUpright(box: Box, most: number): boolean {
    return this.#isAtSide(box)
      ? box.width <= SEEN_WIDTH * STANDING_ASPECT * box.height
      : box.width <= most * box.height;
  }

  /** Who was lost here a moment ago and is no longer followed: a tracker loses people who sit down or stumble. */
  #lostAt(at: Seconds, box: Box): Live | null {
    const foot = footPoint(box);
    let nearest: Live | null = null;
    let least = SAME_WITHIN;
    for (const live of this.#live.values()) {
      const away = Math.hypot(live.foot.x - foot.x, live.foot.y - foot.y) / live.height;
      if (live.at >= at || away > least || box.height > SAME_HEIGHT * live.height) continue;
      nearest = live;
      least = away;
    }
    return nearest;
  }

  #see(at: Seconds, { id, box, velocity }: Track, lowest: number): void {
    const before = this.#live.get(id);
    if (before === undefined) {
      const narrow = this.#isUpright(box, STANDING_ASPECT);
      const lost = this.#lostAt(at, box);
      if (lost !== null) this.#live.set(id, { ...lost, at });
      else if (this.#isUpright(box, SEATED_ASPECT))
        this.#live.set(id, {
          height: box.height,
          box,
          foot: footPoint(box),
          stood: 0,
          narrow,
          cutFor: 0,
          lastUpright: at,
          at,
        });
      return;
    }
    const elapsed = at - before.at;
    const forgets = -velocity.y > WALKING * before.height ? FORGETS.walking : FORGETS.resting;
    const kept = before.height * Math.exp(-elapsed / forgets);
    before.at = at;
    if (box.height < UPRIGHT_HEIGHT * kept || box.width > UPRIGHT_ASPECT * box.height) return;
    if (this.#isUpright(box, STANDING_ASPECT)) before.narrow = true;
    const standing =
      this.#isUpright(box, before.narrow ? STANDING_ASPECT : SEATED_ASPECT) &&
      box.height >= STANDING_HEIGHT * kept;
    before.height = standing ? Math.max(box.height, kept) : kept;
    if (standing) {
      before.stood += Math.min(elapsed, 0.5);
      before.foot = footPoint(box);
      before.cutFor = lowest < this.#picture.height * (1 - BORDER) ? 0 : before.cutFor + elapsed;
    }
    before.box = box;
    before.lastUpright = at;
  }
}

/** The lower edge of a person as it was seen now, px; of the track's own box where no detection is of it. */
function lowestSeen({ box }: Track, detections: readonly Detection[]): number {
  let [lowest, most] = [box.y + box.height, SEEN_AS];
  for (const detection of detections) {
    if (detection.class !== "person") continue;
    const same = intersectionOverUnion(box, detection.box);
    if (same < most) continue;
    most = same;
    lowest = detection.box.y + detection.box.height;
  }
  return lowest;
}
