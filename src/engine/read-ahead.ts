import { setImmediate as turn } from "node:timers/promises";
import type { SourceItem } from "../sources/source.ts";

/**
 * Reads a recording ahead while the inference thread works, so that decoding and inference share the wait.
 * Bounded; order is kept.
 */
export class ReadAhead {
  readonly #items: AsyncIterator<SourceItem>;
  readonly #most: number;
  readonly #read: IteratorResult<SourceItem>[] = [];
  /** A read that has begun and not ended: an iterator takes one at a time. */
  #reading: Promise<void> | null = null;

  constructor(items: AsyncIterator<SourceItem>, most: number) {
    this.#items = items;
    this.#most = most;
  }

  async next(): Promise<IteratorResult<SourceItem>> {
    const reading = this.#reading;
    this.#reading = null;
    await reading;
    return this.#read.shift() ?? this.#items.next();
  }

  /** Awaits `work`, reading on meanwhile. Call `next` before the next `during`. */
  async during<T>(work: Promise<T>): Promise<T> {
    let working = true;
    const settled = () => {
      working = false;
    };
    work.then(settled, settled);
    const read = async () => {
      while (working && this.#read.length < this.#most && !this.#read.at(-1)?.done) {
        this.#read.push(await this.#items.next());
        // The inference thread's answer arrives as an event: let the loop turn to receive it.
        await turn();
      }
    };
    if (this.#most > 0 && this.#reading === null) {
      this.#reading = read();
      // Whatever the source threw is met by the next `next`, not as an unhandled rejection.
      this.#reading.catch(() => undefined);
    }
    return work;
  }

  /** Gives back what was read and will not be looked at. */
  release(): void {
    for (const item of this.#read.splice(0))
      if (!item.done && item.value.kind === "frame") item.value.frame.release();
  }
}
