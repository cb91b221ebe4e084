import type { Seconds } from "../../time/clock.ts";

export interface TimelineOptions {
  /** Seconds a tick. */
  readonly timeBase: { readonly num: number; readonly den: number };
  /** Between two pictures where the stream gives no times. */
  readonly gap: Seconds;
  /** Presentation time of the first picture. */
  readonly startAt?: Seconds;
  /**
   * By how much time may leap ahead between two pictures before it is taken for a fault of the stream's clock.
   */
  readonly longestLeap: Seconds;
}

/** A leap back by less leaves single pictures out; by more it is a new beginning. */
const LONGEST_STEP_BACK: Seconds = 1;
/** Pictures that arrive in one burst still follow each other. */
const SHORTEST_STEP: Seconds = 0.001;
/** As many pictures in a row out of order are not out of order: the clock stands. */
const MOST_LEFT_OUT = 8;

/**
 * Turns a stream's time stamps into presentation times: seconds since the first picture, strictly increasing,
 * exact to the stream's own clock for as long as that runs.
 */
export class Timeline {
  readonly #timeBase: { readonly num: number; readonly den: number };
  readonly #gap: Seconds;
  readonly #longestLeap: Seconds;
  #origin: bigint | null = null;
  #base: Seconds;
  #last: Seconds | null = null;
  #leftOut = 0;

  constructor(options: TimelineOptions) {
    this.#timeBase = options.timeBase;
    this.#gap = options.gap;
    this.#base = options.startAt ?? 0;
    this.#longestLeap = options.longestLeap;
  }

  /**
   * @param stamp in ticks, null where the stream gives none
   * @param elapsed live: seconds since the last picture arrived, which says how long a leap really took
   * @returns null for a picture that must be left out, since its time is past
   */
  place(stamp: bigint | null, elapsed: Seconds = this.#gap): Seconds | null {
    if (this.#last === null) {
      this.#origin = stamp;
      return this.#take(this.#base);
    }
    if (stamp === null) return this.#take(this.#last + this.#gap);
    if (this.#origin === null) return this.#restart(stamp, this.#gap);
    const at = this.#base + (Number(stamp - this.#origin) * this.#timeBase.num) / this.#timeBase.den;
    const step = at - this.#last;
    if (step > 0 && step <= this.#longestLeap + elapsed) return this.#take(at);
    if (step <= 0 && step >= -LONGEST_STEP_BACK && ++this.#leftOut < MOST_LEFT_OUT) return null;
    return this.#restart(stamp, elapsed);
  }

  /** For streams without times of their own. @param elapsed seconds since the last picture arrived */
  arrive(elapsed: Seconds): Seconds {
    return this.#take(this.#last === null ? this.#base : this.#last + Math.max(elapsed, SHORTEST_STEP));
  }

  #take(at: Seconds): Seconds {
    this.#leftOut = 0;
    this.#last = at;
    return at;
  }

  /** The stream's clock was set: goes on from here, `elapsed` after the last picture. */
  #restart(stamp: bigint, elapsed: Seconds): Seconds {
    this.#origin = stamp;
    this.#base = (this.#last ?? 0) + Math.max(elapsed, SHORTEST_STEP);
    return this.#take(this.#base);
  }
}
