import type { CodecParameters } from "node-av";
import {
  BitStreamFilter,
  BitStreamFilterContext,
  Codec,
  CodecContext,
  FFmpegError,
  Frame,
  Log,
  Packet,
  Rational,
  SoftwareScaleContext,
} from "node-av";
import {
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  SWS_ACCURATE_RND,
  SWS_BILINEAR,
  SWS_BITEXACT,
} from "node-av/constants";
import { fault } from "../errors.ts";
import type { RgbImage } from "../frames/frame.ts";
import type { Seconds } from "../time/clock.ts";

/**
 * Three planes of 8-bit samples, tightly packed: luma of width x height, then two chroma planes of
 * ceil(width / 2) x ceil(height / 2). BT.601, limited range.
 */
export interface I420Image {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
}

/** x264's presets, fast to slow. */
export const PRESETS = ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"] as const;
export type Preset = (typeof PRESETS)[number];

export interface H264Options {
  readonly width: number;
  readonly height: number;
  /** Pictures a second that are to be expected; a hint for rate control (and the fixed rate of avi). Default 25. */
  readonly nominalRate?: number;
  /** Constant rate factor: 0 is lossless, 18 very good, 23 usual, 35 rough. Default 23. */
  readonly crf?: number;
  /** Default `veryfast`. */
  readonly preset?: Preset;
  /** A picture that can be decoded by itself comes at least this often. Default 2 s. */
  readonly keyframeEvery?: Seconds;
  /** Pictures between two references. Default 0: pictures leave in the order they came. */
  readonly bFrames?: number;
  /** Encoder threads. The bytes depend on their number, so it is fixed and not the machine's. Default 1. */
  readonly threads?: number;
}

/** Ticks a second of MPEG's clock: 24, 25, 30 and 60 pictures a second all fall on whole ticks. */
const MPEG_CLOCK = 90_000;

type TakePacket = (packet: Packet) => void;

/**
 * Pictures in, H.264 packets out, without any container. The packets carry no encoder banner and no other
 * user data. A packet is valid only while `take` runs.
 */
export class H264Encoder {
  /** Encoded size: odd sides are rounded up, because 4:2:0 halves both. */
  readonly width: number;
  readonly height: number;
  readonly timeBase: { readonly num: number; readonly den: number };
  readonly #given: { readonly width: number; readonly height: number };
  readonly #context = new CodecContext();
  readonly #scaler = new SoftwareScaleContext();
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  readonly #clean = new BitStreamFilterContext();
  readonly #keyframeTicks: number;
  readonly #durationTicks: bigint;
  readonly #rate: number;
  #lastTick = Number.NEGATIVE_INFINITY;
  #lastKeyTick = Number.NEGATIVE_INFINITY;
  #released = false;

  constructor(
    options: H264Options,
    form: { readonly timeBase: "90kHz" | "rate"; readonly globalHeader: boolean },
  ) {
    const { crf = 23, preset = "veryfast", keyframeEvery = 2, bFrames = 0, threads = 1 } = options;
    this.#rate = options.nominalRate ?? 25;
    requireWhole("width", options.width, 16, 8192);
    requireWhole("height", options.height, 16, 8192);
    requireRange("nominalRate", this.#rate, 0.1, 240);
    requireRange("crf", crf, 0, 51);
    requireRange("keyframeEvery", keyframeEvery, 0.01, 600);
    requireWhole("bFrames", bFrames, 0, 16);
    requireWhole("threads", threads, 1, 64);
    this.#given = { width: options.width, height: options.height };
    this.width = options.width + (options.width % 2);
    this.height = options.height + (options.height % 2);

    const rate = new Rational(Math.round(this.#rate * 1000), 1000);
    this.timeBase = form.timeBase === "rate" ? { num: rate.den, den: rate.num } : { num: 1, den: MPEG_CLOCK };
    this.#keyframeTicks = keyframeEvery * this.#ticksPerSecond;
    this.#durationTicks = BigInt(Math.max(1, Math.round(this.#ticksPerSecond / this.#rate)));

    const codec = Codec.findEncoderByName("libx264" as Parameters<typeof Codec.findEncoderByName>[0]);
    const cleaner = BitStreamFilter.getByName("filter_units");
    if (!codec || !cleaner) {
      throw fault("ENCODER_FAILED", { reason: "this build of libav has no libx264 or no filter_units" });
    }
    const context = this.#context;
    context.allocContext3(codec);
    context.width = this.width;
    context.height = this.height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = new Rational(this.timeBase.num, this.timeBase.den);
    context.framerate = rate;
    // Key pictures are asked for by time below; the encoder's own count must not add any.
    context.gopSize = 100_000;
    context.maxBFrames = bFrames;
    context.threadCount = threads;
    context.colorRange = AVCOL_RANGE_MPEG;
    context.colorSpace = AVCOL_SPC_SMPTE170M;
    context.setFlags(AV_CODEC_FLAG_BITEXACT);
    if (form.globalHeader) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
    // Not as a Dictionary to open2: libav frees it there, and the binding frees it again when it is collected.
    const settings = {
      preset,
      crf: String(crf),
      "forced-idr": "1",
      // The same bytes on any processor. Key pictures at cuts are left out: they would come at uneven times.
      "x264-params": "cpu-independent=1:scenecut=0:log=-1",
    };
    for (const [name, value] of Object.entries(settings))
      check(context.setOption(name, value), `set ${name}`);
    // x264 announces itself and its settings at this point, on standard error.
    const opened = quietly(() => context.open2Sync(codec));
    check(opened, "open the encoder");

    this.#scaler.getContext(
      this.width,
      this.height,
      AV_PIX_FMT_RGB24,
      this.width,
      this.height,
      AV_PIX_FMT_YUV420P,
      (SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT) as typeof SWS_BILINEAR,
    );
    this.#frame.alloc();
    this.#frame.width = this.width;
    this.#frame.height = this.height;
    this.#frame.format = AV_PIX_FMT_YUV420P;
    this.#frame.colorRange = AVCOL_RANGE_MPEG;
    this.#frame.colorSpace = AVCOL_SPC_SMPTE170M;
    check(this.#frame.getBuffer(), "allocate a picture");
    this.#packet.alloc();

    // x264 writes its version and every setting into the first packet (SEI, NAL type 6): not into ours.
    check(this.#clean.alloc(cleaner), "allocate the packet filter");
    const parameters = this.#clean.inputCodecParameters;
    if (parameters) check(context.parametersFromContext(parameters), "describe the track");
    this.#clean.inputTimeBase = context.timeBase;
    this.#clean.setOption("remove_types", "6");
    check(this.#clean.init(), "start the packet filter");
  }

  /** Time base the container should use where it has a choice. */
  get muxTimeBase(): Rational {
    return new Rational(this.timeBase.num, this.timeBase.den);
  }

  get frameRate(): Rational {
    return new Rational(Math.round(this.#rate * 1000), 1000);
  }

  /** Writes what a container must know of the track into `parameters`. */
  describe(parameters: CodecParameters): void {
    const cleaned = this.#clean.outputCodecParameters;
    if (!cleaned) throw fault("INTERNAL", { what: "the packet filter has no output description" });
    check(cleaned.copy(parameters), "describe the track");
  }

  /** @param pts seconds, later than the picture before. Packets that are ready go to `take`. */
  encode(image: RgbImage | I420Image, pts: Seconds, take: TakePacket): void {
    if (image.width !== this.#given.width || image.height !== this.#given.height) {
      throw new RangeError(
        `image must be ${this.#given.width}x${this.#given.height} as the first, not ${image.width}x${image.height}`,
      );
    }
    const tick = Math.round(pts * this.#ticksPerSecond);
    if (!Number.isFinite(tick) || tick <= this.#lastTick) {
      throw new RangeError(
        `pts must increase: ${pts} s falls on or before the picture at ${this.#lastTick / this.#ticksPerSecond} s`,
      );
    }
    this.#lastTick = tick;
    // Encoding may still refer to the last picture's memory.
    check(this.#frame.makeWritable(), "reuse the picture");
    if ("y" in image) this.#fillFromI420(image);
    else this.#fillFromRgb(image);
    this.#frame.pts = BigInt(tick);
    const due = tick >= this.#lastKeyTick + this.#keyframeTicks;
    this.#frame.pictType = due ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    if (due) this.#lastKeyTick = tick;
    check(this.#context.sendFrameSync(this.#frame), "encode");
    this.#drain(take);
  }

  /** The last packets. Nothing can be encoded afterwards. */
  finish(take: TakePacket): void {
    check(this.#context.sendFrameSync(null), "finish");
    this.#drain(take);
  }

  /** Gives the memory back. Idempotent. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#clean.free();
    this.#packet.free();
    this.#frame.free();
    this.#scaler.freeContext();
    this.#context.freeContext();
  }

  get #ticksPerSecond(): number {
    return this.timeBase.den / this.timeBase.num;
  }

  #drain(take: TakePacket): void {
    for (;;) {
      const code = this.#context.receivePacketSync(this.#packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      check(code, "encode");
      this.#packet.duration = this.#durationTicks;
      check(this.#clean.sendPacketSync(this.#packet), "filter a packet");
      const cleaned = this.#clean.receivePacketSync(this.#packet);
      if (cleaned === AVERROR_EAGAIN) continue;
      check(cleaned, "filter a packet");
      take(this.#packet);
      this.#packet.unref();
    }
  }

  #fillFromRgb(image: RgbImage): void {
    const padded = this.width !== image.width || this.height !== image.height;
    const data = padded ? padRgb(image, this.width, this.height) : image.data;
    const planes = this.#frame.data;
    if (!planes) throw fault("INTERNAL", { what: "the encoder's picture has no memory" });
    const source = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    check(
      this.#scaler.scaleSync([source], [this.width * 3], 0, this.height, planes, this.#frame.linesize),
      "convert to YUV",
    );
  }

  #fillFromI420(image: I420Image): void {
    const planes = this.#frame.data;
    const strides = this.#frame.linesize;
    const chromaWidth = Math.ceil(image.width / 2);
    const chromaHeight = Math.ceil(image.height / 2);
    const parts = [
      {
        data: image.y,
        width: image.width,
        height: image.height,
        fullWidth: this.width,
        fullHeight: this.height,
      },
      ...[image.u, image.v].map((data) => ({
        data,
        width: chromaWidth,
        height: chromaHeight,
        fullWidth: chromaWidth,
        fullHeight: chromaHeight,
      })),
    ];
    for (const [index, part] of parts.entries()) {
      const target = planes?.[index];
      const stride = strides[index];
      if (!target || stride === undefined) {
        throw fault("INTERNAL", { what: "the encoder's picture has no memory" });
      }
      for (let row = 0; row < part.fullHeight; row++) {
        const from = Math.min(row, part.height - 1) * part.width;
        const line = part.data.subarray(from, from + part.width);
        target.set(line, row * stride);
        if (part.fullWidth > part.width) target[row * stride + part.width] = line[part.width - 1] ?? 0;
      }
    }
  }
}

/** Repeats the last column and row up to the encoded size. */
function padRgb(image: RgbImage, width: number, height: number): Uint8Array {
  const padded = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = Math.min(row, image.height - 1) * image.width * 3;
    const line = image.data.subarray(from, from + image.width * 3);
    padded.set(line, row * width * 3);
    if (width > image.width) padded.set(line.subarray(-3), (row * width + image.width) * 3);
  }
  return padded;
}

/** Runs a step of libav that would chat about its settings on standard error; errors still show. */
export function quietly<T>(step: () => T): T {
  const level = Log.getLevel();
  Log.setLevel(AV_LOG_ERROR);
  try {
    return step();
  } finally {
    Log.setLevel(level);
  }
}

function check(code: number, step: string): void {
  if (code >= 0) return;
  throw fault("ENCODER_FAILED", { reason: `${FFmpegError.strerror(code)} (${step})` });
}

function requireRange(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new RangeError(`${name} must be between ${low} and ${high}, not ${value}`);
}

function requireWhole(name: string, value: number, low: number, high: number): void {
  requireRange(name, value, low, high);
  if (!Number.isInteger(value)) throw new RangeError(`${name} must be a whole number, not ${value}`);
}
