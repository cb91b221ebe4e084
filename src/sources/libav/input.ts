import { closeSync, openSync, readSync, statSync } from "node:fs";
import {
  AV_CODEC_FLAG2_EXPORT_MVS,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AV_OPT_TYPE_INT64,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVDISCARD_ALL,
  AVDISCARD_DEFAULT,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
} from "node-av/constants";
import {
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  type Frame,
  InputFormat,
  Log,
  Packet,
  type Stream,
} from "node-av/lib";
import { fault } from "../../errors.ts";
import type { Seconds, UtcMilliseconds } from "../../time/clock.ts";
import type { Address } from "../address.ts";
import { connectFailure, openFailure } from "./failure.ts";
import { saneAspect } from "./frame.ts";
import { type Rotation, readRotation } from "./rotation.ts";

/** Pictures of more pixels are refused: a damaged header may declare any size. 8K has 33 million. */
export const MOST_PIXELS = 64 * 1024 * 1024;

/** What the container says of its video track. */
export interface TrackFacts {
  readonly codec: string;
  /** Seconds a tick of the track's clock. */
  readonly timeBase: { readonly num: number; readonly den: number };
  readonly rotation: Rotation;
  readonly storedAspect: number;
  /** Frames per second, null where it says none or nonsense. */
  readonly nominalRate: number | null;
  readonly duration: Seconds | null;
  readonly createdAt: UtcMilliseconds | null;
}

/** What one read brought: a packet of the video, one of something else, the end, nothing yet, or a failure. */
export type ReadResult = "video" | "other" | "end" | "later" | "failed";
/** What the decoder gave: a picture, a demand for more packets, its end, or a packet that it could not decode. */
export type DecodeResult = "picture" | "more" | "end" | "damaged";

export interface InputOptions {
  readonly transport: "tcp" | "udp";
  readonly decoderThreads: number;
  readonly motionVectors?: boolean;
}

/**
 * One opened address: libav's demuxer, held to the video track, and its decoder. Sound and data are discarded
 * by the demuxer; over RTSP their tracks are not even asked for.
 *
 * The synchronous calls are for files, where they cost two thirds of the asynchronous ones. Those are for the
 * network: they wait in libuv's thread pool, one thread for each input that waits.
 */
export class Input {
  readonly facts: TrackFacts;
  readonly #format: FormatContext;
  readonly #stream: Stream;
  readonly #index: number;
  readonly #decoder: CodecContext;
  readonly #packet: Packet;
  #packetDamaged = false;
  #closed = false;

  /** @throws CodedError SOURCE_NO_VIDEO, SOURCE_TOO_LARGE, SOURCE_NO_DECODER */
  private constructor(format: FormatContext, shown: string, options: InputOptions) {
    this.#format = format;
    this.#stream = videoTrack(format, shown);
    this.#index = this.#stream.index;
    for (const stream of format.streams) {
      stream.discard = stream.index === this.#index ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    this.#decoder = openDecoder(this.#stream, shown, options);
    this.facts = trackFacts(format, this.#stream);
    this.#packet = new Packet();
    this.#packet.alloc();
  }

  /**
   * Opens a file. @throws CodedError, see failure.ts
   */
  static openFile(address: Address, options: InputOptions): Input {
    quieten();
    refuseUnreadable(address);
    const format = new FormatContext();
    const ret = format.openInputSync(
      address.location,
      null,
      Dictionary.fromObject(demuxerOptions(address, options)),
    );
    if (ret < 0) throw openFailure(ret, address.shown);
    try {
      refuseFormat(format, address.shown);
      refuseSize(format, address.shown);
      const found = format.findStreamInfoSync();
      if (found < 0) throw openFailure(found, address.shown);
      return new Input(format, address.shown, options);
    } catch (error) {
      format.closeInputSync();
      throw error;
    }
  }

  /**
   * Opens an address on the network or a device without holding up the event loop.
   * @param interruptible is given, at once, a function that makes the opening fail soon with AVERROR_EXIT
   * @throws CodedError, see failure.ts
   */
  static async connect(
    address: Address,
    options: InputOptions,
    interruptible: (interrupt: () => void) => void,
  ): Promise<Input> {
    quieten();
    if (address.kind === "device" || address.kind === "playlist") refuseUnreadable(address);
    const format = new FormatContext();
    // Allocated beforehand, so that an interrupt reaches the connecting too.
    format.allocContext();
    interruptible(() => format.interrupt());
    const demuxer = address.kind === "device" ? InputFormat.findInputFormat("v4l2") : null;
    const ret = await format.openInput(
      address.location,
      demuxer,
      Dictionary.fromObject(demuxerOptions(address, options)),
    );
    if (ret < 0) throw connectFailure(ret, address.shown);
    try {
      refuseSize(format, address.shown);
      const found = await format.findStreamInfo();
      if (found < 0) throw connectFailure(found, address.shown);
      return new Input(format, address.shown, options);
    } catch (error) {
      await format.closeInput();
      throw error;
    }
  }

  /** Reads the next packet, blocking. */
  readSync(): ReadResult {
    this.#packet.unref();
    return this.#judge(this.#format.readFrameSync(this.#packet));
  }

  /** Reads the next packet in libuv's thread pool. */
  async read(): Promise<ReadResult> {
    this.#packet.unref();
    const ret = await this.#format.readFrame(this.#packet);
    return this.#closed ? "end" : this.#judge(ret);
  }

  /** Gives the packet that was read to the decoder. @returns false where it is damaged */
  decode(): boolean {
    const ret = this.#decoder.sendPacketSync(this.#packet);
    return ret >= 0 && !this.#packetDamaged;
  }

  /** Tells the decoder that no packet follows: it gives the pictures it holds back, then its end. */
  drain(): void {
    this.#decoder.sendPacketSync(null);
  }

  /** Takes the next decoded picture into `picture`, replacing what it holds. */
  receive(picture: Frame): DecodeResult {
    const ret = this.#decoder.receiveFrameSync(picture);
    if (ret >= 0) return "picture";
    if (ret === AVERROR_EAGAIN) return "more";
    return ret === AVERROR_EOF ? "end" : "damaged";
  }

  /** Makes a read that waits return soon. The input is of no use afterwards but to be closed. */
  interrupt(): void {
    if (!this.#closed) this.#format.interrupt();
  }

  closeSync(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#freeDecoder();
    this.#format.closeInputSync();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#format.interrupt();
    this.#freeDecoder();
    await this.#format.closeInput();
  }

  #freeDecoder(): void {
    this.#decoder.freeContext();
    this.#packet.free();
  }

  #judge(ret: number): ReadResult {
    if (ret === AVERROR_EOF) return "end";
    if (ret === AVERROR_EAGAIN) return "later";
    if (ret < 0) return "failed";
    if (this.#packet.streamIndex !== this.#index) return "other";
    this.#packetDamaged = (Number(this.#packet.flags) & PACKET_CORRUPT) !== 0;
    return "video";
  }
}

/** `AV_PKT_FLAG_CORRUPT` of packet.h: the demuxer knows that a part is missing. */
const PACKET_CORRUPT = 2;

/** Ticks of a picture's presentation time; null where the stream gives none. */
export function stampOf(picture: Frame): bigint | null {
  const stamp = picture.bestEffortTimestamp;
  return stamp === AV_NOPTS_VALUE ? null : stamp;
}

/** Whether the decoder made parts of a picture up, since their data was missing or damaged. */
export function isConcealed(picture: Frame): boolean {
  return picture.decodeErrorFlags !== 0;
}

/** libav prints to the terminal, addresses and their passwords among it. What matters comes back as codes. */
function quieten(): void {
  Log.setLevel(AV_LOG_QUIET);
}

/**
 * What may be opened in the course of reading an address: without the list a playlist or a header could make
 * libav read other files, or call out to other hosts.
 */
function demuxerOptions(address: Address, options: InputOptions): Record<string, string> {
  const web = "http,https,httpproxy,tcp,tls,crypto,data";
  switch (address.kind) {
    case "rtsp":
      return {
        protocol_whitelist: "rtsp,rtsps,rtp,srtp,udp,tcp,tls,crypto",
        rtsp_transport: options.transport,
        allowed_media_types: "video",
        timeout: NETWORK_TIMEOUT,
        analyzeduration: "2000000",
      };
    case "hls":
      return { protocol_whitelist: web, rw_timeout: NETWORK_TIMEOUT };
    case "mjpeg":
      return { protocol_whitelist: web, rw_timeout: NETWORK_TIMEOUT, analyzeduration: "1000000" };
    case "playlist":
      return { protocol_whitelist: "file,crypto,data" };
    case "device":
      return {};
    default:
      return { protocol_whitelist: "file" };
  }
}

/** Microseconds after which a silent socket fails by itself; the stall limit is shorter, and acts first. */
const NETWORK_TIMEOUT = "20000000";

/** Demuxers that make pictures out of what is no recording, or open further files. */
const REFUSED_FORMATS: ReadonlySet<string> = new Set([
  ...["tty", "concat", "concatf", "lavfi"],
  // A file that only names others, whatever its own name: the SHA-256 of a recording would say nothing of its pictures.
  ...["hls", "dash", "imf", "image2"],
]);

function refuseFormat(format: FormatContext, shown: string): void {
  if (REFUSED_FORMATS.has(format.iformat?.name ?? "")) throw fault("SOURCE_FORMAT", { address: shown });
}

/** Before libav looks for details, which may decode a first picture. */
function refuseSize(format: FormatContext, shown: string): void {
  for (const { codecpar } of format.streams) {
    const { width, height } = codecpar;
    if (width * height > MOST_PIXELS) {
      const limit = Math.round(MOST_PIXELS / 1e6);
      throw fault("SOURCE_TOO_LARGE", { address: shown, width, height, limit });
    }
  }
}

/** Says what the operating system thinks before libav says "Invalid data". */
function refuseUnreadable(address: Address): void {
  const { location, shown } = address;
  try {
    const kind = statSync(location);
    // Opening a pipe waits for its writer, and could wait for ever.
    if (!kind.isFile() && !kind.isCharacterDevice()) {
      throw fault("SOURCE_ADDRESS", { address: shown, why: "it is neither a file nor a camera device" });
    }
    const file = openSync(location, "r");
    try {
      if (kind.isFile() && readSync(file, new Uint8Array(1)) === 0) {
        throw fault("SOURCE_EMPTY", { address: shown });
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const errno = error instanceof Error && "errno" in error ? Number(error.errno) : null;
    throw errno === null ? error : openFailure(errno, shown);
  }
}

function videoTrack(format: FormatContext, shown: string): Stream {
  const index = format.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = format.streams.find((candidate) => candidate.index === index);
  // A cover picture of a sound recording counts as a video track in libav.
  if (stream === undefined || stream.hasDisposition(AV_DISPOSITION_ATTACHED_PIC)) {
    throw fault("SOURCE_NO_VIDEO", { address: shown });
  }
  refuseSize(format, shown);
  return stream;
}

function openDecoder(stream: Stream, shown: string, options: InputOptions): CodecContext {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (codec === null) {
    const name = stream.codecpar.codecTagString ?? "an unknown codec";
    throw fault("SOURCE_NO_DECODER", { address: shown, codec: name });
  }
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = options.decoderThreads;
  if (options.motionVectors === true) decoder.setFlags2(AV_CODEC_FLAG2_EXPORT_MVS);
  decoder.setOption("max_pixels", BigInt(MOST_PIXELS), AV_OPT_TYPE_INT64);
  const ret = decoder.open2Sync(codec);
  if (ret < 0) {
    decoder.freeContext();
    throw openFailure(ret, shown);
  }
  return decoder;
}

function trackFacts(format: FormatContext, stream: Stream): TrackFacts {
  const { num, den } = stream.timeBase;
  return {
    codec: Codec.findDecoder(stream.codecpar.codecId)?.name ?? "unknown",
    timeBase: { num, den },
    rotation: readRotation(stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX)),
    storedAspect: saneAspect(stream.sampleAspectRatio) ?? 1,
    nominalRate: saneRate(stream.avgFrameRate) ?? saneRate(stream.rFrameRate),
    duration: trackDuration(format, stream),
    createdAt: creationTime(format),
  };
}

/** Some containers give their clock as the rate; no camera takes 500 pictures a second. */
function saneRate(rate: { num: number; den: number }): number | null {
  const perSecond = rate.num / rate.den;
  return perSecond > 0 && perSecond <= 500 ? perSecond : null;
}

function trackDuration(format: FormatContext, stream: Stream): Seconds | null {
  if (stream.duration > 0n) return (Number(stream.duration) * stream.timeBase.num) / stream.timeBase.den;
  const tag = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(stream.metadata?.get("DURATION") ?? "");
  if (tag !== null) return Number(tag[1]) * 3600 + Number(tag[2]) * 60 + Number(tag[3]);
  return format.duration > 0n ? Number(format.duration) / 1e6 : null;
}

function creationTime(format: FormatContext): UtcMilliseconds | null {
  const instant = Date.parse(format.metadata?.get("creation_time") ?? "");
  // Cameras without a clock write the epoch of the container, 1904 or 1970.
  return Number.isFinite(instant) && instant > Date.UTC(1990, 0) ? instant : null;
}
