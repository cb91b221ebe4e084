/** A length of time, or an instant on a stream's own presentation clock, in seconds. */
export type Seconds = number;

/** An instant in milliseconds since 1970-01-01T00:00:00Z. */
export type UtcMilliseconds = number;

/**
 * Everything that needs the time takes a Clock, so that tests move time by hand.
 * `monotonic` never goes back; `now` is the wall clock and may.
 */
export interface Clock {
  /** Wall-clock time, UTC, in milliseconds. */
  now(): UtcMilliseconds;
  /** Seconds since an arbitrary origin; never decreases. */
  monotonic(): Seconds;
  /** Resolves after `seconds`, or at once when the signal aborts (it does not reject). */
  sleep(seconds: Seconds, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() / 1000,
  sleep: (seconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, seconds * 1000));
      signal?.addEventListener("abort", done, { once: true });
    }),
};

/** RFC 3339 in UTC with milliseconds, the one form in which instants are written. */
export function formatUtc(instant: UtcMilliseconds): string {
  return new Date(instant).toISOString();
}
