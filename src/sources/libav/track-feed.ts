import type { Frame as NativeFrame } from "node-av/lib";
import type { Seconds } from "../../time/clock.ts";
import type { Feed, Step } from "../recording.ts";
import type { PicturePool } from "./frame.ts";
import { type Input, isConcealed, type ReadResult, stampOf, type TrackFacts } from "./input.ts";
import { Timeline } from "./timeline.ts";

/** So many failures of the demuxer in a row, and nothing more is expected: over a network each takes long. */
const MOST_FAILURES = { file: 16, network: 3 };
/** Longest work on packets that give no picture before others have a turn. */
const LONGEST_WORK_MS = 10;
/** Recordings that start on motion hold long pauses; longer ones than a day are a clock gone wrong. */
const LONGEST_PAUSE: Seconds = 86_400;
/** Where a track declares no rate: the default of libav and of the raw formats. */
const DEFAULT_RATE = 25;

/** The video track of a recording, read and decoded as fast as it is asked for. */
export class TrackFeed implements Feed {
  readonly facts: TrackFacts;
  readonly #input: Input;
  readonly #waits: boolean;
  readonly #mostFailures: number;
  readonly #timeline: Timeline;
  readonly #gap: Seconds;
  #first: NativeFrame | null;
  #failures = 0;
  #draining = false;
  #last: Seconds = 0;
  #longestGap: Seconds = 0;

  /**
   * @param waits whether reading may take long (the network), so that it must not hold up the event loop
   * @param first a picture that was decoded already
   */
  constructor(input: Input, waits: boolean, first: NativeFrame | null = null) {
    this.#input = input;
    this.#first = first;
    this.#waits = waits;
    this.#mostFailures = waits ? MOST_FAILURES.network : MOST_FAILURES.file;
    this.facts = input.facts;
    this.#gap = 1 / (input.facts.nominalRate ?? DEFAULT_RATE);
    this.#timeline = new Timeline({
      timeBase: input.facts.timeBase,
      gap: this.#gap,
      longestLeap: LONGEST_PAUSE,
    });
  }

  step(pool: PicturePool): Step | Promise<Step> {
    return this.#waits ? this.#waitingStep(pool) : this.#step(pool);
  }

  interrupt(): void {
    this.#input.interrupt();
  }

  async close(): Promise<void> {
    if (this.#waits) await this.#input.close();
    else this.#input.closeSync();
  }

  #step(pool: PicturePool): Step {
    const until = performance.now() + LONGEST_WORK_MS;
    do {
      const decoded = this.#decoded(pool);
      if (decoded !== null) return decoded;
      if (!this.#accept(this.#input.readSync())) return { kind: "damaged" };
    } while (performance.now() < until);
    return { kind: "busy" };
  }

  async #waitingStep(pool: PicturePool): Promise<Step> {
    const decoded = this.#decoded(pool);
    if (decoded !== null) return decoded;
    return this.#accept(await this.#input.read()) ? { kind: "busy" } : { kind: "damaged" };
  }

  /** What the decoder has; null when it wants a packet. */
  #decoded(pool: PicturePool): Step | null {
    const picture = this.#first ?? pool.take();
    const result = this.#first === null ? this.#input.receive(picture) : "picture";
    this.#first = null;
    if (result === "picture") {
      const pts = this.#timeline.place(stampOf(picture));
      if (pts === null) {
        pool.give(picture);
        return { kind: "damaged" };
      }
      this.#longestGap = Math.max(this.#longestGap, pts - this.#last);
      this.#last = pts;
      return { kind: "picture", picture, pts, damaged: isConcealed(picture) };
    }
    pool.give(picture);
    if (result === "end") return { kind: "end", broken: this.#verdict() };
    // A decoder that keeps failing at its end would be asked for ever.
    if (result === "damaged" && this.#draining && ++this.#failures > this.#mostFailures) {
      return { kind: "end", broken: "SOURCE_DAMAGED" };
    }
    return result === "damaged" ? { kind: "damaged" } : null;
  }

  /** Passes a packet on. @returns false where it, or the reading, failed */
  #accept(read: ReadResult): boolean {
    if (read === "video") {
      this.#failures = 0;
      return this.#input.decode();
    }
    if (read === "other" || read === "later") return true;
    if (read === "failed" && ++this.#failures <= this.#mostFailures) return false;
    this.#draining = true;
    this.#input.drain();
    return true;
  }

  /** What the end of the file says: given up on, cut short of what it declares, or as it should be. */
  #verdict(): "SOURCE_DAMAGED" | "SOURCE_TRUNCATED" | null {
    if (this.#failures > this.#mostFailures) return "SOURCE_DAMAGED";
    const { duration } = this.facts;
    // The declared length counts the last picture's own time, and may count some silence.
    const tolerance = Math.max(0.5, 3 * this.#longestGap, 0.02 * (duration ?? 0));
    return duration !== null && this.#last + this.#gap < duration - tolerance ? "SOURCE_TRUNCATED" : null;
  }
}
