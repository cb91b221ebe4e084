import { rmSync } from "node:fs";
import { extname } from "node:path";
import type { Codec, Packet } from "node-av";
import { Dictionary, FFmpegError, FormatContext } from "node-av";
import { AVFMT_FLAG_BITEXACT } from "node-av/constants";
import { fault } from "../errors.ts";
import type { RgbImage } from "../frames/frame.ts";
import type { Seconds } from "../time/clock.ts";
import { H264Encoder, type H264Options, type I420Image, quietly } from "./h264-encoder.ts";

/** The containers a clip can be written in, by file extension. */
export const CONTAINERS = { ".mp4": "mp4", ".mkv": "matroska", ".avi": "avi", ".ts": "mpegts" } as const;
export type ContainerExtension = keyof typeof CONTAINERS;

export interface H264WriterOptions extends H264Options {
  /** A line that the container carries, where it can (not in ts). Default none. */
  readonly comment?: string;
}

/**
 * Writes pictures to a video file: H.264, one video track, nothing else. There is no sound track, no
 * creation time, no name of the encoder, and the same pictures give the same bytes.
 *
 * The container follows the file's extension (`.mp4` with its index first, `.mkv`, `.avi`, `.ts`). Times are
 * kept to 1/90000 s in mp4 and ts, to 1 ms in mkv; avi has no times of its own, only a fixed rate, so each
 * picture takes the nearest slot of `nominalRate`.
 *
 * All calls block: use it in a worker or where nothing else waits.
 */
export class H264Writer {
  /** Size of the encoded picture: the size asked for, odd sides rounded up (the last column or row repeated). */
  readonly width: number;
  readonly height: number;
  readonly #file: string;
  readonly #encoder: H264Encoder;
  readonly #format: FormatContext;
  readonly #streamIndex: number;
  #state: "open" | "closed" = "open";

  /**
   * Opens `file` for writing, replacing what was there.
   * @throws CodedError VIDEO_NOT_WRITTEN when the place cannot be written or the extension is unknown
   */
  constructor(file: string, options: H264WriterOptions) {
    const extension = extname(file).toLowerCase();
    if (!isContainer(extension)) {
      throw fault("VIDEO_NOT_WRITTEN", {
        file,
        reason: `the extension "${extension}" is none of ${Object.keys(CONTAINERS).join(", ")}`,
      });
    }
    this.#file = file;
    // AVI stores no times: the encoder itself must count in slots of the fixed rate.
    this.#encoder = new H264Encoder(options, {
      timeBase: extension === ".avi" ? "rate" : "90kHz",
      globalHeader: extension !== ".ts" && extension !== ".avi",
    });
    this.width = this.#encoder.width;
    this.height = this.#encoder.height;
    this.#format = new FormatContext();
    try {
      this.#check(this.#format.allocOutputContext2(null, CONTAINERS[extension], file), "allocate");
      this.#format.setFlags(AVFMT_FLAG_BITEXACT);
      this.#streamIndex = addStream(this.#format, this.#encoder);
      this.#check(this.#format.openOutputSync(), "open");
      if (options.comment !== undefined)
        this.#format.metadata = Dictionary.fromObject({ comment: options.comment });
      if (extension === ".mp4") this.#check(this.#format.setOption("movflags", "+faststart"), "set movflags");
      this.#check(
        quietly(() => this.#format.writeHeaderSync()),
        "write header",
      );
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  /**
   * Adds one picture, shown from `pts` on.
   * @param pts seconds, later than the picture before
   * @throws RangeError for a wrong size or a time that does not increase; CodedError when writing fails
   */
  write(image: RgbImage | I420Image, pts: Seconds): void {
    if (this.#state === "closed") throw new TypeError("H264Writer.write was called after close");
    this.#encoder.encode(image, pts, (packet) => this.#mux(packet));
  }

  /** Writes what the encoder still holds and completes the file. Idempotent. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    try {
      this.#encoder.finish((packet) => this.#mux(packet));
      this.#check(
        quietly(() => this.#format.writeTrailerSync()),
        "write trailer",
      );
    } finally {
      this.#release();
    }
  }

  /** Gives up: closes and removes the unfinished file. Idempotent, never throws. */
  abort(): void {
    if (this.#state === "closed") return;
    this.#release();
    rmSync(this.#file, { force: true });
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #mux(packet: Packet): void {
    const stream = this.#format.streams[this.#streamIndex];
    if (!stream) throw fault("INTERNAL", { what: "the container lost its video track" });
    packet.streamIndex = this.#streamIndex;
    packet.rescaleTs(this.#encoder.timeBase, stream.timeBase);
    this.#check(this.#format.interleavedWriteFrameSync(packet), "write");
  }

  #check(code: number, step: string): void {
    if (code >= 0) return;
    throw fault("VIDEO_NOT_WRITTEN", { file: this.#file, reason: `${FFmpegError.strerror(code)} (${step})` });
  }

  #release(): void {
    this.#state = "closed";
    this.#encoder.release();
    if (this.#format.pb !== null) this.#format.closeOutputSync();
    this.#format.freeContext();
  }
}

/** Makes the container's only track, described by the encoder. @returns its index */
export function addStream(format: FormatContext, encoder: H264Encoder): number {
  const noCodec: Codec | null = null;
  const stream = format.newStream(noCodec);
  encoder.describe(stream.codecpar);
  stream.timeBase = encoder.muxTimeBase;
  stream.avgFrameRate = encoder.frameRate;
  return stream.index;
}

function isContainer(extension: string): extension is ContainerExtension {
  return Object.hasOwn(CONTAINERS, extension);
}
