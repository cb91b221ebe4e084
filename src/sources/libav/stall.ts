import type { Seconds } from "../../time/clock.ts";

/** Pictures over which the rate of a stream is learnt. */
const REMEMBERED = 50;
/** So many times the usual gap without a picture is a stall. */
const GAPS = 10;
/** However slow a stream, after this time it is told. */
const LONGEST: Seconds = 30;

/** Learns how long a stream may be silent before it counts as stalled, from the pace of its own pictures. */
export class StallLimit {
  readonly #shortest: Seconds;
  readonly #gaps: Seconds[] = [];
  #next = 0;
  #limit: Seconds | null = null;

  /** @param shortest never below this: what the network and the protocol may take of themselves */
  constructor(shortest: Seconds) {
    this.#shortest = shortest;
  }

  /** @param gap presentation time between two pictures */
  note(gap: Seconds): void {
    this.#gaps[this.#next] = gap;
    this.#next = (this.#next + 1) % REMEMBERED;
    this.#limit = null;
  }

  get seconds(): Seconds {
    this.#limit ??= Math.min(LONGEST, Math.max(this.#shortest, GAPS * this.#medianGap()));
    return this.#limit;
  }

  #medianGap(): Seconds {
    const sorted = this.#gaps.toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }
}
