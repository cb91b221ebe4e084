import type { Frame } from "../frames/frame.ts";
import type { HealthEvent } from "../frames/health.ts";
import type { Clock, Seconds, UtcMilliseconds } from "../time/clock.ts";

/** What is known of a stream once its first picture could be described. */
export interface SourceInfo {
  /** The address as it may be shown: credentials replaced by `***`. */
  readonly address: string;
  readonly live: boolean;
  /** Picture size in image coordinates (after rotation). */
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: number;
  readonly codec: string;
  /** Frames per second as the stream declares, null when it does not. A hint only: time comes from `pts`. */
  readonly nominalRate: number | null;
  /** Length of a recording, null for live streams and where the file does not say. */
  readonly duration: Seconds | null;
}

/** What a source yields: pictures and changes of condition, in order. */
export type SourceItem =
  | { readonly kind: "frame"; readonly frame: Frame }
  | { readonly kind: "health"; readonly health: HealthEvent };

/**
 * A camera, a recording or a folder of pictures.
 *
 * `open` rejects with a CodedError that says what to do (unreadable, refused password, no video track ...).
 * After that `items` never throws for what the stream does: a live source reconnects by itself and yields
 * `camera_blind` / `camera_back`; a recording that is damaged yields `stream_damaged` and goes on where it
 * can. A recording ends with a health item `ended`, then the iteration is done. The consumer releases each
 * frame. `close` ends the iteration promptly, from any state, and is idempotent.
 */
export interface Source {
  open(): Promise<SourceInfo>;
  items(): AsyncIterableIterator<SourceItem>;
  close(): Promise<void>;
}

export interface SourceOptions {
  readonly clock: Clock;
  /** Recordings only: hold frames back to their own pace. */
  readonly realtime: boolean;
  /** Recordings only: when the first frame was taken; null takes the file's own creation time, else now. */
  readonly startedAt: UtcMilliseconds | null;
  /** RTSP transport. */
  readonly transport: "tcp" | "udp";
  /** Export the codec's motion vectors with each frame: about a tenth of the decoder's time. Default false. */
  readonly motionVectors?: boolean;
  /** Decoder threads; 0 lets libav choose. */
  readonly decoderThreads: number;
  /** Live only: how many decoded frames may wait before the oldest is dropped and counted. */
  readonly queueFrames: number;
}
