import type { Frame as NativeFrame } from "node-av/lib";
import { asCoded, type CodedError, fault } from "../../errors.ts";
import type { HealthKind } from "../../frames/health.ts";
import type { Clock, Seconds } from "../../time/clock.ts";
import type { Address } from "../address.ts";
import type { Source, SourceInfo, SourceItem, SourceOptions } from "../source.ts";
import { Tally } from "../tally.ts";
import { backoff } from "./backoff.ts";
import { type Connection, connect, MOST_FAILED_READS } from "./connection.ts";
import { describePicture, LibavFrame, PicturePool } from "./frame.ts";
import { type Input, isConcealed, stampOf } from "./input.ts";
import { Scaler } from "./scaling.ts";
import { pictureSize, SizeWatch } from "./size-watch.ts";
import { StallLimit } from "./stall.ts";
import { Timeline } from "./timeline.ts";

/**
 * Shortest silence that is a stall. HLS comes a segment at a time, and a segment lasts up to ten seconds; the
 * rest comes picture by picture.
 */
const SHORTEST_STALL: Seconds = 2;
const SHORTEST_STALL_HLS: Seconds = 25;
/** A live stream's clock that leaps further than this against the wall's was set. */
const LONGEST_LEAP: Seconds = 10;
const DEFAULT_RATE = 25;
/** Changes of condition that wait for a consumer who does not come; the oldest goes first. */
const MOST_WAITING_HEALTH = 64;
/** `close` waits no longer for libav to let go; what is left is freed when it does. */
const LONGEST_CLOSE_MS = 700;

/**
 * A stream that has no end: a camera. Packets are read in libuv's pool and decoded here; pictures wait in a
 * bounded queue, from which the oldest goes when it is full. A stream that breaks off, stalls or fails is
 * connected again until it is closed.
 */
export class LiveStream implements Source {
  readonly #address: Address;
  readonly #options: SourceOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #scaler = new Scaler();
  readonly #pool: PicturePool;
  readonly #closing = new AbortController();
  readonly #dropped: Tally;
  readonly #damaged: Tally;
  readonly #queue: SourceItem[] = [];
  #queuedFrames = 0;
  #connection: Connection | null;
  #input: Input | null = null;
  #size: SizeWatch | null = null;
  #lastPts: Seconds | null = null;
  #lastArrival: Seconds = 0;
  #pumping: Promise<void> = Promise.resolve();
  #closed: Promise<void> | null = null;
  #wake: () => void = () => {};

  /** @param connected a connection that was made already, with the pool its picture is from */
  constructor(
    address: Address,
    options: SourceOptions,
    random: () => number,
    connected?: { readonly connection: Connection; readonly pool: PicturePool },
  ) {
    this.#address = address;
    this.#options = options;
    this.#clock = options.clock;
    this.#random = random;
    this.#dropped = new Tally(options.clock);
    this.#damaged = new Tally(options.clock);
    this.#connection = connected?.connection ?? null;
    this.#pool = connected?.pool ?? new PicturePool();
  }

  async open(): Promise<SourceInfo> {
    const { input, picture } = this.#connection ?? (await this.#connect());
    this.#connection = { input, picture };
    this.#input = input;
    const { facts } = input;
    const { width, height, pixelAspect } = describePicture(picture, facts.rotation, facts.storedAspect);
    this.#size = new SizeWatch(this.#address.shown, { width, height });
    this.#lastArrival = this.#clock.monotonic();
    return {
      address: this.#address.shown,
      live: true,
      width,
      height,
      pixelAspect,
      codec: facts.codec,
      nominalRate: facts.nominalRate,
      duration: null,
    };
  }

  async *items(): AsyncIterableIterator<SourceItem> {
    const connection = this.#connection;
    if (connection === null || this.#closing.signal.aborted) return;
    this.#connection = null;
    this.#pumping = this.#pump(connection);
    try {
      while (!this.#closing.signal.aborted) {
        const dropped = this.#dropped.due();
        if (dropped > 0) yield this.#droppedItem(dropped);
        const damaged = this.#damaged.due();
        if (damaged > 0) yield this.#damagedItem(damaged);
        const item = this.#queue.shift();
        if (item === undefined) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          continue;
        }
        if (item.kind === "frame") this.#queuedFrames--;
        yield item;
      }
    } finally {
      await this.close();
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#shutDown();
    return this.#closed;
  }

  async #shutDown(): Promise<void> {
    this.#closing.abort();
    this.#input?.interrupt();
    this.#wake();
    for (const item of this.#queue.splice(0)) if (item.kind === "frame") item.frame.release();
    this.#queuedFrames = 0;
    const waiting = this.#connection;
    this.#connection = null;
    if (waiting !== null) this.#pool.give(waiting.picture);
    const done = Promise.all([this.#pumping, waiting?.input.close()]);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LONGEST_CLOSE_MS);
    });
    await Promise.race([done, late]);
    clearTimeout(timer);
    this.#pool.close();
    this.#scaler.free();
  }

  #connect(): Promise<Connection> {
    return connect(this.#address, this.#options, this.#clock, this.#pool, this.#closing.signal);
  }

  /** Streams, and connects again whenever the stream is lost, until the source is closed. Never rejects. */
  async #pump(first: Connection): Promise<void> {
    let connection: Connection | null = first;
    while (connection !== null) {
      const { input } = connection;
      this.#input = input;
      const reason = await this.#stream(connection).catch(asCoded);
      await input.close().catch(() => {});
      if (reason === null || this.#closing.signal.aborted) return;
      this.#push(this.#health("camera_blind", reason));
      connection = await this.#reconnect();
    }
  }

  async #reconnect(): Promise<Connection | null> {
    for (let attempt = 0; !this.#closing.signal.aborted; attempt++) {
      await this.#clock.sleep(backoff(attempt, this.#random()), this.#closing.signal);
      try {
        const connection = await this.#connect();
        const blindFor = Math.round(this.#clock.monotonic() - this.#lastArrival);
        this.#push(
          this.#item("camera_back", null, `${this.#address.shown} sends pictures again after ${blindFor} s.`),
        );
        return connection;
      } catch {
        // The camera is known to be blind, and why: the next attempt is all there is to do.
      }
    }
    return null;
  }

  /** Takes pictures in until the stream is lost. @returns why, or null when the source is being closed */
  async #stream({ input, picture }: Connection): Promise<CodedError | null> {
    const shown = this.#address.shown;
    const { facts } = input;
    const gap = 1 / (facts.nominalRate ?? DEFAULT_RATE);
    const blind = Math.max(gap, this.#clock.monotonic() - this.#lastArrival);
    const timeline = new Timeline({
      timeBase: facts.timeBase,
      gap,
      startAt: this.#lastPts === null ? 0 : this.#lastPts + blind,
      longestLeap: LONGEST_LEAP,
    });
    const isHls = this.#address.kind === "hls" || this.#address.kind === "playlist";
    const limit = new StallLimit(isHls ? SHORTEST_STALL_HLS : SHORTEST_STALL);
    this.#take(picture, input, timeline, limit);
    const watch = new StallWatch(this.#clock, limit, () => input.interrupt());
    let failed = 0;
    try {
      for (;;) {
        const read = await input.read();
        if (this.#closing.signal.aborted) return null;
        if (watch.stalledFor !== null) {
          return fault("SOURCE_STALLED", { address: shown, seconds: Math.round(watch.stalledFor) });
        }
        if (read === "end" || (read === "failed" && ++failed > MOST_FAILED_READS)) {
          return fault("SOURCE_LOST", { address: shown });
        }
        if (read === "later") await this.#clock.sleep(0.01, this.#closing.signal);
        if (read !== "video") continue;
        failed = 0;
        if (!input.decode()) this.#damaged.add();
        if (this.#receive(input, timeline, limit)) watch.alive();
      }
    } finally {
      watch.stop();
    }
  }

  /** Takes every picture that the decoder has. @returns whether there was one */
  #receive(input: Input, timeline: Timeline, limit: StallLimit): boolean {
    for (let any = false; ; any = true) {
      const picture = this.#pool.take();
      const result = input.receive(picture);
      if (result === "picture") {
        this.#take(picture, input, timeline, limit);
        continue;
      }
      this.#pool.give(picture);
      if (result === "damaged") this.#damaged.add();
      return any;
    }
  }

  #take(picture: NativeFrame, input: Input, timeline: Timeline, limit: StallLimit): void {
    const now = this.#clock.monotonic();
    // Motion JPEG carries no times: libav counts 25 a second whatever comes. Its pictures are live, so the
    // time of arrival is their time.
    const elapsed = now - this.#lastArrival;
    const pts =
      this.#address.kind === "mjpeg" ? timeline.arrive(elapsed) : timeline.place(stampOf(picture), elapsed);
    this.#lastArrival = now;
    if (pts === null) {
      this.#pool.give(picture);
      this.#damaged.add();
      return;
    }
    if (isConcealed(picture)) this.#damaged.add();
    if (this.#lastPts !== null) limit.note(pts - this.#lastPts);
    this.#lastPts = pts;
    const { rotation, storedAspect } = input.facts;
    const frame = new LibavFrame(
      picture,
      { pts, wallClock: this.#clock.now(), rotation, storedAspect },
      this.#scaler,
      this.#pool,
    );
    const resized = this.#size?.note(pictureSize(frame)) ?? null;
    if (resized !== null) this.#push(this.#health("stream_damaged", resized));
    this.#push({ kind: "frame", frame });
  }

  #push(item: SourceItem): void {
    if (this.#closing.signal.aborted) {
      if (item.kind === "frame") item.frame.release();
      return;
    }
    this.#queue.push(item);
    if (item.kind === "frame") {
      if (++this.#queuedFrames > Math.max(1, this.#options.queueFrames)) this.#dropOldest("frame");
    } else if (this.#queue.length - this.#queuedFrames > MOST_WAITING_HEALTH) {
      this.#dropOldest("health");
    }
    this.#wake();
  }

  #dropOldest(kind: SourceItem["kind"]): void {
    const index = this.#queue.findIndex((item) => item.kind === kind);
    const [oldest] = this.#queue.splice(index, 1);
    if (oldest?.kind !== "frame") return;
    oldest.frame.release();
    this.#queuedFrames--;
    this.#dropped.add();
  }

  #droppedItem(count: number): SourceItem {
    const detail = `This machine is too slow for ${this.#address.shown}: the oldest waiting frames were dropped.`;
    return this.#item("frames_dropped", null, detail, count);
  }

  #damagedItem(count: number): SourceItem {
    return this.#health("stream_damaged", fault("SOURCE_DAMAGED", { address: this.#address.shown }), count);
  }

  #health(kind: HealthKind, error: CodedError, count?: number): SourceItem {
    return this.#item(kind, error, error.message, count);
  }

  #item(kind: HealthKind, error: CodedError | null, detail: string, count?: number): SourceItem {
    return {
      kind: "health",
      health: {
        kind,
        wallClock: this.#clock.now(),
        pts: this.#lastPts,
        code: error?.code ?? null,
        detail,
        ...(count === undefined ? {} : { count }),
      },
    };
  }
}

/** Calls when no picture has come for the learnt time. */
class StallWatch {
  readonly #clock: Clock;
  readonly #limit: StallLimit;
  readonly #onStall: () => void;
  readonly #stopping = new AbortController();
  #aliveAt: Seconds;
  #stalledFor: Seconds | null = null;

  constructor(clock: Clock, limit: StallLimit, onStall: () => void) {
    this.#clock = clock;
    this.#limit = limit;
    this.#onStall = onStall;
    this.#aliveAt = clock.monotonic();
    void this.#watch();
  }

  /** How long the stream was silent when it was given up; null as long as it is not. */
  get stalledFor(): Seconds | null {
    return this.#stalledFor;
  }

  alive(): void {
    this.#aliveAt = this.#clock.monotonic();
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #watch(): Promise<void> {
    const signal = this.#stopping.signal;
    for (;;) {
      const pause = this.#limit.seconds / 4;
      const expected = this.#clock.monotonic() + pause;
      await this.#clock.sleep(pause, signal);
      if (signal.aborted) return;
      // Where this process itself was held up, the stream is not to blame for the time.
      this.#aliveAt += Math.max(0, this.#clock.monotonic() - expected - pause);
      const silence = this.#clock.monotonic() - this.#aliveAt;
      if (silence <= this.#limit.seconds) continue;
      this.#stalledFor = silence;
      this.#onStall();
      return;
    }
  }
}
