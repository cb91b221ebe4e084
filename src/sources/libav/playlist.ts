import { fault } from "../../errors.ts";
import type { Address } from "../address.ts";
import { Recording } from "../recording.ts";
import type { Source, SourceInfo, SourceItem, SourceOptions } from "../source.ts";
import { connect } from "./connection.ts";
import { PicturePool } from "./frame.ts";
import { LiveStream } from "./live.ts";
import { TrackFeed } from "./track-feed.ts";

/**
 * HLS. Only the playlist says whether it is a recording, read to its end without losing a picture, or a live
 * stream: so this is one or the other once it is open. A playlist on disk is read like one on the network,
 * since libav waits for a live one to grow.
 */
export class PlaylistStream implements Source {
  readonly #address: Address;
  readonly #options: SourceOptions;
  readonly #random: () => number;
  readonly #closing = new AbortController();
  #source: Source | null = null;

  constructor(address: Address, options: SourceOptions, random: () => number) {
    this.#address = address;
    this.#options = options;
    this.#random = random;
  }

  async open(): Promise<SourceInfo> {
    const { clock } = this.#options;
    const pool = new PicturePool();
    const connection = await connect(this.#address, this.#options, clock, pool, this.#closing.signal);
    const { input, picture } = connection;
    this.#source =
      input.facts.duration === null
        ? new LiveStream(this.#address, this.#options, this.#random, { connection, pool })
        : new Recording(
            this.#address.shown,
            async () => new TrackFeed(input, true, picture),
            this.#options,
            pool,
          );
    if (this.#closing.signal.aborted) {
      await this.#source.close();
      throw fault("SOURCE_CLOSED", { address: this.#address.shown });
    }
    return this.#source.open();
  }

  async *items(): AsyncIterableIterator<SourceItem> {
    if (this.#source !== null) yield* this.#source.items();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#source?.close();
  }
}
