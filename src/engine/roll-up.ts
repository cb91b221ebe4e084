import { type Clock, formatUtc, type Seconds, type UtcMilliseconds } from "../time/clock.ts";

/** How often something happened between two instants of the clock. */
export type Counted<What extends object> = What & {
  readonly count: number;
  readonly from: string;
  readonly to: string;
};

/** Episodes that the gate did not let through: what they were is not kept. */
export interface DeniedEpisodes {
  readonly cameraId: string;
  readonly ruleId: string;
  readonly event: string;
  readonly reasons: readonly string[];
}

/** Episodes that were counted in the dark. */
export interface ShadowEpisodes {
  readonly cameraId: string;
  readonly ruleId: string;
  readonly event: string;
}

const SAY_EVERY: Seconds = 60;

/** Counts what is alike and says it once a minute, so that a busy place does not fill the journal. */
export class RollUp<What extends object> {
  readonly #clock: Clock;
  readonly #say: (counted: Counted<What>) => void;
  readonly #open = new Map<string, { what: What; count: number; from: UtcMilliseconds }>();
  #saidAt: Seconds;

  constructor(clock: Clock, say: (counted: Counted<What>) => void) {
    this.#clock = clock;
    this.#say = say;
    this.#saidAt = clock.monotonic();
  }

  add(what: What): void {
    const key = JSON.stringify(what);
    const open = this.#open.get(key);
    if (open === undefined) this.#open.set(key, { what, count: 1, from: this.#clock.now() });
    else open.count += 1;
  }

  /** Says what was counted, when it is time. */
  tick(): void {
    if (this.#clock.monotonic() - this.#saidAt >= SAY_EVERY) this.flush();
  }

  flush(): void {
    this.#saidAt = this.#clock.monotonic();
    for (const { what, count, from } of this.#open.values()) {
      this.#say({ ...what, count, from: formatUtc(from), to: formatUtc(this.#clock.now()) });
    }
    this.#open.clear();
  }
}
