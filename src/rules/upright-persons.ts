import type { Box, Point } from "../geometry/shapes.ts";
import { footPoint } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track, TrackId } from "../tracking/tracker.ts";

/**
 * Width over height of a box in which somebody stands or walks. Statures are 3 to 5 times as high as wide; arms and
 * a long step bring that to 1.6.
 */
const STANDING_ASPECT = 0.62;
/**
 * From here down nobody is upright any more: sitting on a chair leaves 0.7 of the stature, crouching 0.5 to 0.6
 * (Drillis and Contini, Body segment parameters, 1966).
 */
const UPRIGHT_HEIGHT = 0.62;
const UPRIGHT_ASPECT = 0.95;
/** A stride, a stoop and a rough box leave this much of the height of somebody who stands. */
const STANDING_HEIGHT = 0.85;
/** Somebody must have stood for this long before a height is known to fall from. */
const STOOD_FOR: Seconds = 0.4;
/**
 * How soon a stature is forgotten: who walks away from the camera appears smaller by about an eighth each second,
 * who sits there does not and shall not be taken for a small person who stands.
 */
const FORGETS = { walking: 8, resting: 60 } as const;
/** Who walks away rises in the picture at least so fast, statures per second. */
const WALKING = 0.15;

/** Within this share of the picture's height of its lower border feet are cut off, when they are so for so long. */
const BORDER = 0.012;
const CUT_FOR: Seconds = 0.3;

/** Somebody who is or was on his feet, as far as a fall is concerned. */
export interface Stance {
  readonly track: TrackId;
  /** Height of the box when upright, px, there where the person is. */
  readonly height: number;
  /** The last box that was upright, its foot point, and when that was. */
  readonly box: Box;
  readonly foot: Point;
  readonly lastUpright: Seconds;
  /** The picture's lower border hides the feet: nobody knows how tall this person is, or when he lies. */
  readonly cut: boolean;
}

interface Live {
  height: number;
  box: Box;
  stood: Seconds;
  cutFor: Seconds;
  lastUpright: Seconds;
  at: Seconds;
}

/**
 * Remembers for a few seconds who was upright, where, and how tall that looked. It is what a fall begins with; it
 * knows nothing but boxes, and each is gone a few seconds after its track.
 */
export class UprightPersons {
  readonly #lowest: number;
  readonly #memory: Seconds;
  readonly #live = new Map<TrackId, Live>();

  /**
   * @param pictureHeight px
   * @param memory how long somebody who is no longer upright is remembered
   */
  constructor(pictureHeight: number, memory: Seconds) {
    this.#lowest = pictureHeight * (1 - BORDER);
    this.#memory = memory;
  }

  observe(at: Seconds, tracks: readonly Track[]): void {
    for (const track of tracks) {
      if (track.class === "person" && track.confirmed && !track.coasting) this.#see(at, track);
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
              foot: footPoint(live.box),
              lastUpright: live.lastUpright,
              cut: live.cutFor >= CUT_FOR,
            },
          ],
    );
  }

  reset(): void {
    this.#live.clear();
  }

  #see(at: Seconds, { id, box, velocity }: Track): void {
    const aspect = box.width / Math.max(1, box.height);
    const before = this.#live.get(id);
    if (before === undefined) {
      if (aspect <= STANDING_ASPECT)
        this.#live.set(id, { height: box.height, box, stood: 0, cutFor: 0, lastUpright: at, at });
      return;
    }
    const elapsed = at - before.at;
    const forgets = -velocity.y > WALKING * before.height ? FORGETS.walking : FORGETS.resting;
    const kept = before.height * Math.exp(-elapsed / forgets);
    before.at = at;
    if (box.height < UPRIGHT_HEIGHT * kept || aspect > UPRIGHT_ASPECT) return;
    const standing = aspect <= STANDING_ASPECT && box.height >= STANDING_HEIGHT * kept;
    before.height = standing ? Math.max(box.height, kept) : kept;
    if (standing) {
      before.stood += Math.min(elapsed, 0.5);
      before.cutFor = box.y + box.height < this.#lowest ? 0 : before.cutFor + elapsed;
    }
    before.box = box;
    before.lastUpright = at;
  }
}
