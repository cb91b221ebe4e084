import type { Seconds } from "../time/clock.ts";

/**
 * Lets at most `perSecond` instants through, evenly, whatever the stream's own rate: an instant is due when
 * it lies nearest to the next tick of a grid that starts at the first instant seen. A grid (instead of "at
 * least 1/rate since the last") keeps 10 of 25 frames and not 8 when the rates do not divide.
 */
export class Pace {
  readonly #period: Seconds;
  #next: Seconds | null = null;

  constructor(perSecond: number) {
    this.#period = 1 / perSecond;
  }

  due(at: Seconds): boolean {
    if (this.#next === null) {
      this.#next = at + this.#period;
      return true;
    }
    // A microsecond of slack: presentation times are rationals that were rounded to doubles.
    if (at < this.#next - 1e-6) return false;
    const behind = Math.floor((at - this.#next) / this.#period + 1e-6);
    this.#next += (behind + 1) * this.#period;
    return true;
  }

  /** The next instant will be due: after a cut or a suspension. */
  reset(): void {
    this.#next = null;
  }
}
