import type { Clock, Seconds, UtcMilliseconds } from "../../src/time/clock.ts";

/** A clock that stands still until it is moved by hand. */
export class HandClock implements Clock {
  #now: UtcMilliseconds;
  #monotonic: Seconds = 0;
  readonly #sleepers = new Set<{ until: Seconds; wake: () => void }>();

  constructor(now: UtcMilliseconds = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): UtcMilliseconds {
    return this.#now;
  }

  monotonic(): Seconds {
    return this.#monotonic;
  }

  sleep(seconds: Seconds, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper = { until: this.#monotonic + seconds, wake: resolve };
      if (signal?.aborted || seconds <= 0) return resolve();
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        resolve();
      });
    });
  }

  /** Lets time pass: both clocks go on, and who slept long enough wakes. */
  pass(seconds: Seconds): void {
    this.#now += seconds * 1000;
    this.#monotonic += seconds;
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > this.#monotonic) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  /** Sets the wall clock alone, as a person or a time server does. */
  set(now: UtcMilliseconds): void {
    this.#now = now;
  }
}
