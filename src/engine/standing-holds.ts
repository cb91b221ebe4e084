import { randomUUID } from "node:crypto";
import { asCoded } from "../errors.ts";
import type { JournalEntry } from "../journal/leaf.ts";
import type { Hold } from "../policy/hold.ts";
import { ENGINE, standsForFile } from "../policy/hold-files.ts";
import { placeHold } from "../policy/hold-store.ts";
import { type Clock, formatUtc } from "../time/clock.ts";
import { toPayload } from "./ledger.ts";

export interface StandingHoldsOptions {
  /** Folder of the site's state. */
  readonly state: string;
  readonly clock: Clock;
  readonly record: (entry: JournalEntry) => void;
  /** Called when a hold of this engine has come to stand on the disk. */
  readonly onPlaced: (hold: Hold) => void;
}

/**
 * The holds of a site as its engine acts upon them: those of the files, those that went out of their files without a
 * release, and those that the engine places itself, which hold from the instant at which they are decided. The disk
 * follows; where it cannot, they hold all the same.
 */
export class StandingHolds {
  readonly #options: StandingHoldsOptions;
  /** Stand here already, and are not on the disk yet; by cause and scope. */
  readonly #unplaced = new Map<string, Hold>();
  /** Ids that holds had before they were placed. */
  readonly #provisional = new Set<string>();
  #placing: Promise<void> | null = null;
  #told = false;

  constructor(options: StandingHoldsOptions) {
    this.#options = options;
  }

  /** Whether all of them are on the disk. */
  get placed(): boolean {
    return this.#unplaced.size === 0;
  }

  /**
   * @param found what the files say
   * @param known what stood before
   */
  merged(found: readonly Hold[], known: readonly Hold[]): readonly Hold[] {
    const ids = new Set(found.map(({ id }) => id));
    const gone = known.filter((hold) => hold.released === null && !standsForFile(hold) && !ids.has(hold.id));
    const onDisk = [...found, ...gone].filter(({ id }) => !this.#provisional.has(id));
    return [...onDisk, ...this.#unplaced.values()];
  }

  /** @returns whether it is a hold that did not stand before */
  add({ cause, scope, reason }: Pick<Hold, "cause" | "scope" | "reason">, known: readonly Hold[]): boolean {
    const key = keyOf({ cause, scope });
    if (known.some((hold) => hold.released === null && keyOf(hold) === key)) return false;
    const [id, at] = [randomUUID(), formatUtc(this.#options.clock.now())];
    this.#provisional.add(id);
    this.#unplaced.set(key, { id, scope, cause, at, by: ENGINE, reason, released: null });
    return true;
  }

  /** Writes what holds to the disk. What cannot be written is said once, and waits for the next call. */
  place(): Promise<void> {
    this.#placing ??= this.#placeAll().finally(() => {
      this.#placing = null;
    });
    return this.#placing;
  }

  async #placeAll(): Promise<void> {
    const { state, record, onPlaced } = this.#options;
    for (let [next] = this.#unplaced; next !== undefined; [next] = this.#unplaced) {
      const [key, { scope, cause, by, reason, at }] = next;
      try {
        const hold = await placeHold(state, { scope, cause, by, reason, at: Date.parse(at) });
        this.#unplaced.delete(key);
        this.#told = false;
        record({ type: "hold", actor: "engine", payload: toPayload(hold) });
        onPlaced(hold);
      } catch (thrown) {
        if (this.#told) return;
        this.#told = true;
        const { code, message } = asCoded(thrown);
        record({ type: "incident", actor: "engine", payload: { cause, scope: { ...scope }, code, message } });
        return;
      }
    }
  }
}

function keyOf({ cause, scope }: Pick<Hold, "cause" | "scope">): string {
  return JSON.stringify([cause, scope]);
}
