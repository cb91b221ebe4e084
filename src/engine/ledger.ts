import { asCoded, type CodedError } from "../errors.ts";
import type { Acknowledgement, EntrySink, JournalEntry } from "../journal/leaf.ts";

/** Plain data of the engine as a payload: what JSON has no word for is left out. */
export function toPayload(value: object): JournalEntry["payload"] {
  return JSON.parse(JSON.stringify(value));
}

/**
 * Writes what happens to the journal, in order. What is shown to people waits for its leaf: nothing is shown that
 * leaves no trace. A journal that cannot be written is told of once, and from then on nothing is shown.
 */
export class Ledger {
  readonly #sink: EntrySink;
  readonly #onFault: (error: CodedError) => void;
  #last: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(sink: EntrySink, onFault: (error: CodedError) => void) {
    this.#sink = sink;
    this.#onFault = onFault;
  }

  /** Whether something could not be written: nothing that comes later is shown. */
  get failed(): boolean {
    return this.#failed;
  }

  /** @param then run once the entry is durable, after all that was written before; not run where it failed */
  write(entry: JournalEntry, then?: (leaf: Acknowledgement) => void): void {
    // Appended at once, so that entries keep their order; only what follows waits.
    const written = this.#append(entry);
    this.#last = Promise.allSettled([written, this.#last]).then(async () => {
      try {
        const leaf = await written;
        if (!this.#failed) then?.(leaf);
      } catch (thrown) {
        if (this.#failed) return;
        this.#failed = true;
        this.#onFault(asCoded(thrown));
      }
    });
  }

  /** Resolves when all that was written so far is durable, or has failed. */
  idle(): Promise<void> {
    return this.#last;
  }

  /** A sink that throws at once has failed like any other. */
  async #append(entry: JournalEntry): Promise<Acknowledgement> {
    return this.#sink.append(entry);
  }
}
