import { CodedError, fault } from "../../errors.ts";
import type { Clock, Seconds } from "../../time/clock.ts";

/** How many wrong attempts something allows, and how it slows down then. */
export interface Pace {
  /** Attempts that cost no waiting. */
  readonly free: number;
  /** Waiting after the first one too many; it doubles with each further one. */
  readonly first: Seconds;
  readonly longest: Seconds;
}

/** One thing by which attempts are counted, such as a login from an address. */
export interface Counted {
  readonly key: string;
  readonly pace: Pace;
  /** Whether a right attempt makes all the wrong ones before it forgotten, or only takes its own count back. */
  readonly forgiven: boolean;
}

/** An attempt that was begun, and counts as wrong unless one of these is called. */
export interface Attempt {
  right(): void;
  /** Nobody looked whether it was right. */
  unjudged(): void;
}

/** SIGN_IN_THROTTLED, with how long. */
export class Throttled extends CodedError {
  readonly seconds: Seconds;

  constructor(seconds: Seconds) {
    const { code, message, help, exit } = fault("SIGN_IN_THROTTLED", { seconds });
    super(code, message, help, exit);
    this.seconds = seconds;
  }
}

const FORGOTTEN_AFTER: Seconds = 24 * 3600;
/** Things that are counted at once, some 2 MB; the one that was touched longest ago is forgotten first. */
const MOST_COUNTED = 20_000;

interface Count {
  failures: number;
  freeAt: Seconds;
  touchedAt: Seconds;
}

/**
 * Slows guessing down without a lock that somebody else could close. An attempt counts as wrong from its beginning,
 * so that a thousand at once are a thousand; a right one takes its count back. In memory alone: a restart, which no
 * outsider can cause, forgets it.
 */
export class Throttle {
  readonly #clock: Clock;
  /** In the order in which they were touched. */
  readonly #counts = new Map<string, Count>();
  readonly #most: number;

  constructor(clock: Clock, most = MOST_COUNTED) {
    this.#clock = clock;
    this.#most = most;
  }

  /** How much is remembered. */
  get size(): number {
    return this.#counts.size;
  }

  /**
   * Begins an attempt. @param counted all of them count it; none does where one refuses
   * @throws SIGN_IN_THROTTLED
   */
  begin(counted: readonly Counted[]): Attempt {
    const now = this.#clock.monotonic();
    const wait = Math.max(0, ...counted.map(({ key }) => (this.#read(key, now)?.freeAt ?? 0) - now));
    if (wait > 0) throw new Throttled(Math.ceil(wait));
    for (const { key, pace } of counted) this.#fail(key, pace, now);
    return {
      // Whoever has one account of a site does not wash away their guesses at the others with it.
      right: () => {
        for (const { key, forgiven } of counted) this.#takeBack(key, forgiven);
      },
      unjudged: () => {
        for (const { key } of counted) this.#takeBack(key, false);
      },
    };
  }

  #takeBack(key: string, all: boolean): void {
    const count = this.#counts.get(key);
    if (count === undefined) return;
    count.failures -= 1;
    count.freeAt = this.#clock.monotonic();
    if (all || count.failures <= 0) this.#counts.delete(key);
  }

  #read(key: string, now: Seconds): Count | null {
    const count = this.#counts.get(key);
    if (count === undefined || now - count.touchedAt > FORGOTTEN_AFTER) return null;
    return count;
  }

  #fail(key: string, { free, first, longest }: Pace, now: Seconds): void {
    const failures = (this.#read(key, now)?.failures ?? 0) + 1;
    const over = failures - free;
    const wait = over <= 0 ? 0 : Math.min(longest, first * 2 ** Math.min(over - 1, 30));
    this.#counts.delete(key);
    this.#counts.set(key, { failures, freeAt: now + wait, touchedAt: now });
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= this.#most) break;
      this.#counts.delete(oldest);
    }
  }
}
