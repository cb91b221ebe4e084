import type { CodedError, ErrorCode } from "../errors.ts";
import type { Seconds } from "../time/clock.ts";

const LONGEST: Seconds = 60;

/** How long to wait before a camera is tried again: twice as long each time, up to a minute. */
export class Patience {
  #attempts = 0;

  next(): Seconds {
    const wait = Math.min(LONGEST, 2 ** Math.min(this.#attempts, 10));
    this.#attempts += 1;
    return wait;
  }

  /** The camera has run well: the next trouble is a new one. */
  reset(): void {
    this.#attempts = 0;
  }
}

/**
 * What time alone may heal: a camera that is off, still starting, in another's hands, or behind a broken network.
 * A media server says "no stream" of a camera that is off. A refused password is not among them: to try it again
 * and again locks the account on many cameras.
 */
const HEALING: readonly ErrorCode[] = [
  "SOURCE_UNREACHABLE",
  "SOURCE_TIMEOUT",
  "SOURCE_STALLED",
  "SOURCE_LOST",
  "SOURCE_BUSY",
  "SOURCE_NO_STREAM",
  "SOURCE_NO_PICTURE",
  "SOURCE_NOT_FOUND",
  "SOURCE_FAILED",
];

/** Whether a live camera that could not be opened for this reason may be there later. */
export function mayHeal(error: CodedError): boolean {
  return HEALING.includes(error.code);
}
