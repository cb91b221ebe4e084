import type { Clock, Seconds } from "../../time/clock.ts";

/** A window asks every two seconds; one that is hidden, less often. */
const GONE_AFTER: Seconds = 8;
/** More than any person opens; the memory of a server that is asked by a loop stays small. */
const MOST_WINDOWS = 100;

/** Counts the windows that have the recording open, by the random name that each gives itself. */
export class Windows {
  readonly #clock: Clock;
  readonly #seen = new Map<string, Seconds>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes that a window was closed or left. */
  leave(name: string | null): number {
    if (name !== null) this.#seen.delete(name);
    return this.#seen.size;
  }

  /** Notes that a window is there. @returns how many are, this one included */
  note(name: string | null): number {
    const now = this.#clock.monotonic();
    for (const [other, at] of this.#seen) if (now - at > GONE_AFTER) this.#seen.delete(other);
    if (name !== null && /^[\w-]{1,64}$/.test(name)) {
      this.#seen.delete(name);
      if (this.#seen.size < MOST_WINDOWS) this.#seen.set(name, now);
    }
    return this.#seen.size;
  }
}
