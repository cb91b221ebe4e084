import { fault } from "../../errors.ts";
import { type Box, interpolateBox } from "../../geometry/shapes.ts";
import type { Seconds } from "../../time/clock.ts";
import type { MotFrames, TrackBox } from "./frames.ts";
import { type TrackingScores, trackingScores } from "./tracking-scores.ts";

/** Scores, and on how many of the reference's pictures they rest. */
export interface CollectedScores extends TrackingScores {
  readonly basis: {
    /** Pictures that the system looked at. */
    readonly analysed: number;
    /** Pictures between two that it looked at. */
    readonly interpolated: number;
    /** Pictures of which it said nothing: whoever is in them is missed. */
    readonly unseen: number;
  };
}

/**
 * Takes what a tracker sees at the instants that it looks, at any rate, and scores it on the pictures of a reference.
 *
 * A tracker that looks at fewer pictures than the reference has says where people are at its own instants only. It is
 * scored on every picture of the reference all the same: where it looked at that instant, with what it saw; between
 * two instants, with each track that is in both, on the straight line between its two boxes. A track that is in one of
 * them alone is not there in between, nothing goes beyond the first and the last instant, and a pause of more than
 * `LONGEST_PAUSE` is not bridged. So a system pays for what it does not look at, as its operator does, and gets no
 * credit for guesses: a slow tracker scores lower on people who turn, come and go.
 *
 * Ids of tracks stay in here: scores alone come out.
 */
export class TrackCollector {
  readonly #instants: { readonly at: Seconds; readonly boxes: ReadonlyMap<string, Box> }[] = [];

  /**
   * What the tracker has at an instant of presentation time; an empty list where it sees nobody.
   * @param at later than the instant before
   * @param boxes px of the picture, as the reference's are; no id twice
   */
  observe(at: Seconds, boxes: readonly TrackBox[]): void {
    const last = this.#instants.at(-1);
    if (!Number.isFinite(at) || (last !== undefined && at <= last.at)) {
      throw new TypeError(`at must be later than the instant before, ${last?.at} s; it is ${at} s`);
    }
    const byId = new Map(boxes.map(({ id, box }) => [id, box]));
    if (byId.size !== boxes.length) throw new TypeError(`an id stands twice among the boxes at ${at} s`);
    this.#instants.push({ at, boxes: byId });
  }

  /**
   * @param pictures how many pictures a second the reference has, the first at 0 s; or the presentation time of each
   * @throws AUDIT_VALUE if the reference has more pictures than there are times
   */
  scores(reference: MotFrames, pictures: number | readonly Seconds[]): CollectedScores {
    if (typeof pictures === "number" && !(pictures > 0 && Number.isFinite(pictures)))
      throw new TypeError(`pictures a second must be greater than 0; they are ${pictures}`);
    const times = reference.map((_, index) => {
      const at = typeof pictures === "number" ? index / pictures : pictures[index];
      if (at !== undefined) return at;
      const what = `they reach picture ${reference.length}, and the recording has ${typeof pictures === "number" ? 0 : pictures.length}`;
      throw fault("AUDIT_VALUE", { at: "tracks of the reference", what });
    });
    const basis = { analysed: 0, interpolated: 0, unseen: 0 };
    const system: (readonly TrackBox[])[] = [];
    let next = 0;
    for (const at of times) {
      while ((this.#instants[next]?.at ?? Number.POSITIVE_INFINITY) < at - SAME_INSTANT) next++;
      const later = this.#instants[next];
      const earlier = next === 0 ? undefined : this.#instants[next - 1];
      if (later !== undefined && later.at <= at + SAME_INSTANT) {
        basis.analysed++;
        system.push([...later.boxes].map(([id, box]) => ({ id, box })));
      } else if (later === undefined || earlier === undefined || later.at - earlier.at > LONGEST_PAUSE) {
        basis.unseen++;
        system.push([]);
      } else {
        basis.interpolated++;
        const share = (at - earlier.at) / (later.at - earlier.at);
        system.push(
          [...earlier.boxes].flatMap(([id, from]) => {
            const to = later.boxes.get(id);
            return to === undefined ? [] : [{ id, box: interpolateBox(from, to, share) }];
          }),
        );
      }
    }
    return { ...trackingScores(reference, system), basis };
  }
}

/** Longer than any tracker looks away on purpose. */
export const LONGEST_PAUSE: Seconds = 2;
/** Containers round presentation times to a millisecond. */
const SAME_INSTANT: Seconds = 0.001;
