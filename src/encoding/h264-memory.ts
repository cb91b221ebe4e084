import { FFmpegError, FormatContext, IOContext, type Packet } from "node-av";
import { AVFMT_FLAG_BITEXACT, AVSEEK_CUR, AVSEEK_END, AVSEEK_SIZE } from "node-av/constants";
import { fault } from "../errors.ts";
import type { RgbImage } from "../frames/frame.ts";
import type { Seconds } from "../time/clock.ts";
import { H264Encoder, type H264Options, type I420Image } from "./h264-encoder.ts";
import { addStream } from "./h264-writer.ts";

/**
 * The same as H264Writer, but the mp4 stays in memory: for clips that are encrypted before they touch a disk.
 * Encoding blocks; only `finish` is asynchronous, because libav calls back into JavaScript to write.
 */
export class H264MemoryWriter {
  readonly width: number;
  readonly height: number;
  readonly #encoder: H264Encoder;
  readonly #packets: Packet[] = [];
  #state: "open" | "finished" = "open";

  constructor(options: H264Options) {
    this.#encoder = new H264Encoder(options, { timeBase: "90kHz", globalHeader: true });
    this.width = this.#encoder.width;
    this.height = this.#encoder.height;
  }

  /** As H264Writer.write. */
  write(image: RgbImage | I420Image, pts: Seconds): void {
    if (this.#state !== "open") throw new TypeError("H264MemoryWriter.write was called after finish");
    this.#encoder.encode(image, pts, (packet) => this.#keep(packet));
  }

  /** Completes the clip. Can be called once. @returns the bytes of an mp4 file, its index first */
  async finish(): Promise<Uint8Array> {
    if (this.#state !== "open") throw new TypeError("H264MemoryWriter.finish was called twice");
    this.#state = "finished";
    const file = new GrowingFile();
    const output = new IOContext();
    const format = new FormatContext();
    try {
      this.#encoder.finish((packet) => this.#keep(packet));
      check(format.allocOutputContext2(null, "mp4", null), "allocate");
      format.setFlags(AVFMT_FLAG_BITEXACT);
      const index = addStream(format, this.#encoder);
      output.allocContextWithCallbacks(
        1 << 16,
        1,
        null,
        (chunk) => file.write(chunk),
        (offset, whence) => file.seek(Number(offset), whence),
      );
      format.pb = output;
      // `faststart` would have to read the file back; room left for the index does the same without reading.
      check(format.setOption("moov_size", String(4096 + 48 * this.#packets.length)), "set moov_size");
      check(await format.writeHeader(), "write header");
      const stream = format.streams[index];
      if (!stream) throw fault("INTERNAL", { what: "the container lost its video track" });
      for (const packet of this.#packets) {
        packet.streamIndex = index;
        packet.rescaleTs(this.#encoder.timeBase, stream.timeBase);
        check(await format.interleavedWriteFrame(packet), "write");
      }
      check(await format.writeTrailer(), "write trailer");
      await output.flush();
      return file.bytes();
    } finally {
      for (const packet of this.#packets) packet.free();
      this.#packets.length = 0;
      this.#encoder.release();
      format.pb = null;
      output.freeContext();
      format.freeContext();
    }
  }

  #keep(packet: Packet): void {
    const copy = packet.clone();
    if (!copy) throw fault("ENCODER_FAILED", { reason: "out of memory" });
    this.#packets.push(copy);
  }
}

/** A file in memory that can be written anywhere, growing as needed. */
class GrowingFile {
  #data = new Uint8Array(1 << 18);
  #length = 0;
  #position = 0;

  write(chunk: Uint8Array): number {
    const end = this.#position + chunk.length;
    if (end > this.#data.length) {
      const larger = new Uint8Array(Math.max(end, this.#data.length * 2));
      larger.set(this.#data.subarray(0, this.#length));
      this.#data = larger;
    }
    this.#data.set(chunk, this.#position);
    this.#position = end;
    this.#length = Math.max(this.#length, end);
    return chunk.length;
  }

  seek(offset: number, whence: number): number {
    if (whence === AVSEEK_SIZE) return this.#length;
    const from = whence === AVSEEK_CUR ? this.#position : whence === AVSEEK_END ? this.#length : 0;
    this.#position = from + offset;
    return this.#position;
  }

  bytes(): Uint8Array {
    return this.#data.slice(0, this.#length);
  }
}

function check(code: number, step: string): void {
  if (code >= 0) return;
  throw fault("ENCODER_FAILED", { reason: `${FFmpegError.strerror(code)} (${step})` });
}
