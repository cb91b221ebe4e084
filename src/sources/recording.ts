import type { Frame as NativeFrame } from "node-av/lib";
import { type CodedError, type ErrorCode, fault } from "../errors.ts";
import type { HealthKind } from "../frames/health.ts";
import type { Clock, Seconds, UtcMilliseconds } from "../time/clock.ts";
import { describePicture, LibavFrame, PicturePool } from "./libav/frame.ts";
import type { TrackFacts } from "./libav/input.ts";
import { Scaler } from "./libav/scaling.ts";
import { pictureSize, SizeWatch } from "./libav/size-watch.ts";
import type { Source, SourceInfo, SourceItem, SourceOptions } from "./source.ts";
import { Tally } from "./tally.ts";

/** A picture; `damaged` where parts of it are made up. */
export interface PictureStep {
  readonly kind: "picture";
  readonly picture: NativeFrame;
  readonly pts: Seconds;
  readonly damaged: boolean;
}

/** What a feed has next. */
export type Step =
  | PictureStep
  /** Something could not be decoded, or was left out. */
  | { readonly kind: "damaged" }
  /** Nothing yet: it worked for a while and lets others have a turn. */
  | { readonly kind: "busy" }
  /** `broken`: it ended otherwise than it should. */
  | { readonly kind: "end"; readonly broken: ErrorCode | null };

/** Something recorded, read from its first picture to its last. */
export interface Feed {
  readonly facts: TrackFacts;
  /** A picture it gives belongs to the caller, who gives it back to `pool`. */
  step(pool: PicturePool): Step | Promise<Step>;
  /** Makes a step that waits return soon. */
  interrupt(): void;
  close(): Promise<void>;
}

/** Opens a feed. @throws CodedError */
export type OpenFeed = () => Promise<Feed>;

/** After this time without giving way, other work of the process gets its turn. */
const LONGEST_TURN_MS = 12;

/** A source that ends: a file, a playlist that is complete, a folder of images. */
export class Recording implements Source {
  readonly #shown: string;
  readonly #openFeed: OpenFeed;
  readonly #options: SourceOptions;
  readonly #clock: Clock;
  readonly #scaler = new Scaler();
  readonly #pool: PicturePool;
  readonly #closing = new AbortController();
  readonly #damage: Tally;
  #feed: Feed | null = null;
  #first: PictureStep | null = null;
  #startedAt: UtcMilliseconds = 0;
  #size: SizeWatch | null = null;
  #lastPts: Seconds | null = null;
  #turnBegan = performance.now();

  /** @param pool where the feed was given a picture beforehand: the pool that it is from */
  constructor(shown: string, openFeed: OpenFeed, options: SourceOptions, pool = new PicturePool()) {
    this.#pool = pool;
    this.#shown = shown;
    this.#openFeed = openFeed;
    this.#options = options;
    this.#clock = options.clock;
    this.#damage = new Tally(options.clock);
  }

  async open(): Promise<SourceInfo> {
    this.#refuseClosed();
    const feed = await this.#openFeed();
    this.#feed = feed;
    if (this.#closing.signal.aborted) await this.#free();
    this.#refuseClosed();
    const { facts } = feed;
    this.#startedAt = this.#options.startedAt ?? facts.createdAt ?? this.#clock.now();
    const first = await this.#firstPicture(feed);
    if (first === null) {
      await this.#free();
      this.#refuseClosed();
      throw fault("SOURCE_NO_PICTURE", { address: this.#shown });
    }
    this.#first = first;
    const { width, height, pixelAspect } = describePicture(first.picture, facts.rotation, facts.storedAspect);
    this.#size = new SizeWatch(this.#shown, { width, height });
    return {
      address: this.#shown,
      live: false,
      width,
      height,
      pixelAspect,
      codec: facts.codec,
      nominalRate: facts.nominalRate,
      duration: facts.duration,
    };
  }

  async *items(): AsyncIterableIterator<SourceItem> {
    const feed = this.#feed;
    if (feed === null) return;
    const began = this.#clock.monotonic();
    try {
      let step: Step | null = this.#first;
      this.#first = null;
      while (!this.#closing.signal.aborted) {
        step ??= await this.#step(feed);
        if (step.kind === "damaged" || (step.kind === "picture" && step.damaged)) this.#damage.add();
        const damaged = this.#damage.due();
        if (damaged > 0) yield this.#damageItem(damaged);
        if (step.kind === "picture") {
          if (this.#options.realtime) await this.#holdUntil(began + step.pts);
          if (this.#closing.signal.aborted) {
            this.#pool.give(step.picture);
            return;
          }
          const frame = this.#frame(step, feed.facts);
          const resized = this.#size?.note(pictureSize(frame)) ?? null;
          if (resized !== null) yield this.#health("stream_damaged", resized);
          this.#lastPts = frame.pts;
          yield { kind: "frame", frame };
        } else if (step.kind === "end") {
          yield* this.#ending(step.broken);
          return;
        }
        step = null;
        await this.#giveWay();
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#free();
  }

  *#ending(broken: ErrorCode | null): Generator<SourceItem> {
    const damaged = this.#damage.rest();
    if (damaged > 0) yield this.#damageItem(damaged);
    if (broken === "SOURCE_TRUNCATED") {
      yield this.#health("stream_damaged", fault("SOURCE_TRUNCATED", { address: this.#shown }));
    } else if (broken !== null) {
      yield this.#health("stream_damaged", fault("SOURCE_DAMAGED", { address: this.#shown }), 1);
    }
    yield {
      kind: "health",
      health: {
        kind: "ended",
        wallClock: this.#wallClock(),
        pts: this.#lastPts,
        code: null,
        detail: `${this.#shown} was read to its end.`,
      },
    };
  }

  async #firstPicture(feed: Feed): Promise<PictureStep | null> {
    for (;;) {
      if (this.#closing.signal.aborted) return null;
      const step = await this.#step(feed);
      if (step.kind === "end") return null;
      if (step.kind === "picture") {
        if (!this.#closing.signal.aborted) return step;
        this.#pool.give(step.picture);
        return null;
      }
      if (step.kind === "damaged") this.#damage.add();
      await this.#giveWay();
    }
  }

  /** What the stream does never throws out of `items`. */
  async #step(feed: Feed): Promise<Step> {
    try {
      return await feed.step(this.#pool);
    } catch {
      return { kind: "end", broken: "SOURCE_DAMAGED" };
    }
  }

  #frame(step: PictureStep, facts: TrackFacts): LibavFrame {
    const { rotation, storedAspect } = facts;
    const wallClock = this.#startedAt + Math.round(step.pts * 1000);
    return new LibavFrame(
      step.picture,
      { pts: step.pts, wallClock, rotation, storedAspect },
      this.#scaler,
      this.#pool,
    );
  }

  async #holdUntil(instant: Seconds): Promise<void> {
    const wait = instant - this.#clock.monotonic();
    if (wait > 0) await this.#clock.sleep(wait, this.#closing.signal);
  }

  /** Decoding is synchronous, and awaiting what is ready lets no timer or socket run. */
  async #giveWay(): Promise<void> {
    if (performance.now() - this.#turnBegan < LONGEST_TURN_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#turnBegan = performance.now();
  }

  #damageItem(count: number): SourceItem {
    return this.#health("stream_damaged", fault("SOURCE_DAMAGED", { address: this.#shown }), count);
  }

  #health(kind: HealthKind, error: CodedError, count?: number): SourceItem {
    return {
      kind: "health",
      health: {
        kind,
        wallClock: this.#wallClock(),
        pts: this.#lastPts,
        code: error.code,
        detail: error.message,
        ...(count === undefined ? {} : { count }),
      },
    };
  }

  #wallClock(): UtcMilliseconds {
    return this.#startedAt + Math.round((this.#lastPts ?? 0) * 1000);
  }

  #refuseClosed(): void {
    if (this.#closing.signal.aborted) throw fault("SOURCE_CLOSED", { address: this.#shown });
  }

  async #free(): Promise<void> {
    const feed = this.#feed;
    this.#feed = null;
    if (this.#first !== null) this.#pool.give(this.#first.picture);
    this.#first = null;
    this.#pool.close();
    this.#scaler.free();
    if (feed === null) return;
    feed.interrupt();
    await feed.close();
  }
}
