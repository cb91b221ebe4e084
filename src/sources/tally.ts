import type { Clock, Seconds } from "../time/clock.ts";

/** A condition is reported at most so often. */
const REPORT_EVERY: Seconds = 1;

/** Counts what befalls a stream, to be reported at most once a second and never forgotten. */
export class Tally {
  readonly #clock: Clock;
  #count = 0;
  #lastReport = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(count = 1): void {
    this.#count += count;
  }

  /** What was counted since the last report; 0 when there is nothing, or when the last report is too recent. */
  due(): number {
    if (this.#count === 0 || this.#clock.monotonic() - this.#lastReport < REPORT_EVERY) return 0;
    return this.rest();
  }

  /** What was counted since the last report, however recent that is. */
  rest(): number {
    const count = this.#count;
    this.#count = 0;
    if (count > 0) this.#lastReport = this.#clock.monotonic();
    return count;
  }
}
