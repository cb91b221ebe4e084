import type { Seconds } from "../time/clock.ts";
import type { MovingPart } from "./crowd-flow.ts";

/** Over which the stream of an area is known. */
const MEMORY: Seconds = 8;
/** A stream is one while what moves goes its way by this much on the mean of directions, 0 to 1. */
const COMMON = 0.7;
/** It must have flowed for so long. */
const ESTABLISHED: Seconds = 5;
/** After so long without most of it there is none to go against: the next one is another. */
const FORGOTTEN: Seconds = 5;
/** With a stream, or against it, goes who deviates from it or from its opposite by less than 60 degrees. */
const ASIDE = 0.5;
/** It is there while this share of what it was on average goes with it. */
const STILL_THERE = 0.5;
/** Of what goes against, at most this much may still go with it: two streams that pass one another are none. */
const STILL_WITH = 0.35;

interface Stream {
  /** Its direction, of length 1. */
  readonly u: number;
  readonly v: number;
  /** Persons' worth that moved on average. */
  readonly worth: number;
}

/** The direction that most of what moves in an area has had, and what turns against it. */
export class PrevailingStream {
  #u = 0;
  #v = 0;
  #worth = 0;
  #weight = 0;
  #since: Seconds | null = null;
  #at: Seconds | null = null;
  /** The stream that there was last, and when most of it was last seen. */
  #known: { readonly stream: Stream; readonly at: Seconds } | null = null;

  observe(at: Seconds, parts: readonly MovingPart[]): void {
    const elapsed = this.#at === null ? 0 : Math.min(MEMORY, at - this.#at);
    this.#at = at;
    const keep = Math.exp(-elapsed / MEMORY);
    this.#u *= keep;
    this.#v *= keep;
    this.#worth *= keep;
    this.#weight = keep * this.#weight + (1 - keep);
    for (const { u, v, speed, worth } of parts) {
      this.#u += (1 - keep) * worth * (u / speed);
      this.#v += (1 - keep) * worth * (v / speed);
      this.#worth += (1 - keep) * worth;
    }
    const stream = this.#stream();
    this.#since = stream === null ? null : (this.#since ?? at);
    if (stream === null || this.#since === null || at - this.#since < ESTABLISHED) return;
    if (worthOf(parts.filter((part) => along(stream, part) > ASIDE)) >= STILL_THERE * stream.worth)
      this.#known = { stream, at };
  }

  /**
   * The parts that go against the stream, where they are most of what moves and hardly anything still goes with it;
   * null where there was no stream just now, or nothing of the kind.
   * @param share of what moves that must go against it
   * @param support persons' worth that must go against it; half of that must have flowed
   */
  against(
    at: Seconds,
    parts: readonly MovingPart[],
    share: number,
    support: number,
  ): readonly MovingPart[] | null {
    if (this.#known === null || at - this.#known.at > FORGOTTEN) return null;
    const { stream } = this.#known;
    const turned = parts.filter((part) => along(stream, part) < -ASIDE);
    const against = worthOf(turned);
    const still = worthOf(parts.filter((part) => along(stream, part) > ASIDE));
    const all = stream.worth >= support / 2 && against >= support && against >= share * worthOf(parts);
    return all && still <= STILL_WITH * against ? turned : null;
  }

  reset(): void {
    this.#u = 0;
    this.#v = 0;
    this.#worth = 0;
    this.#weight = 0;
    this.#since = null;
    this.#at = null;
    this.#known = null;
  }

  #stream(): Stream | null {
    const length = Math.hypot(this.#u, this.#v);
    if (length === 0 || length < COMMON * this.#worth) return null;
    return { u: this.#u / length, v: this.#v / length, worth: this.#worth / this.#weight };
  }
}

/** The cosine of the angle between a part's motion and a stream's. */
function along(stream: Stream, part: MovingPart): number {
  return (part.u * stream.u + part.v * stream.v) / part.speed;
}

/** Persons' worth of all parts together. */
export function worthOf(parts: readonly MovingPart[]): number {
  return parts.reduce((sum, { worth }) => sum + worth, 0);
}
