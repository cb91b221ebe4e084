import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_ID_PCM_S16LE,
  AV_LOG_ERROR,
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AV_PKT_DATA_DISPLAYMATRIX,
  AV_SAMPLE_FMT_S16,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  type FFEncoderCodec,
} from "node-av/constants";
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  Log,
  Packet,
  Rational,
} from "node-av/lib";

/** Planar 4:2:0 picture to draw on; chroma planes are half the size, rounded up. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
}

export interface ClipOptions {
  readonly path: string;
  /** libav's name of the container: mp4, matroska, avi, mpegts, h264 (raw), mjpeg (raw), hls, image2 ... */
  readonly format: string;
  readonly codec?: "libx264" | "mjpeg" | "mpeg4";
  readonly width?: number;
  readonly height?: number;
  readonly frames?: number;
  /** Frames per second; also the declared rate. */
  readonly rate?: number;
  /** Presentation time of each frame in seconds; default `index / rate`. */
  readonly at?: (index: number) => number;
  readonly bFrames?: number;
  /** Frames between two key frames; default one second. */
  readonly gop?: number;
  /** How a player must turn the stored picture clockwise to show it. */
  readonly rotation?: 0 | 90 | 180 | 270;
  readonly pixelAspect?: readonly [number, number];
  readonly fullRange?: boolean;
  readonly colour?: "bt601" | "bt709";
  /** Adds an uncompressed sound track (matroska, avi). */
  readonly sound?: boolean;
  readonly draw?: (canvas: Canvas, index: number) => void;
  /** Written into the container: `creation_time` ... */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Options of the container's muxer. */
  readonly muxer?: Readonly<Record<string, string>>;
  readonly encoder?: Readonly<Record<string, string>>;
}

/** Muxers that make many files, and name them themselves. */
const WRITES_ITS_OWN_FILES: ReadonlySet<string> = new Set(["hls", "image2"]);

/** Writes a small real clip with libav's encoders. Throws when the encoder or the muxer refuses. */
export function writeClip(options: ClipOptions): void {
  Log.setLevel(AV_LOG_ERROR);
  const codecName = options.codec ?? "libx264";
  const width = options.width ?? 160;
  const height = options.height ?? 120;
  const rate = options.rate ?? 10;
  const count = options.frames ?? 20;
  const at = options.at ?? ((index) => index / rate);
  // MJPEG and MPEG-4 want the rate as their time base; H.264 takes the finest clock, for variable rates.
  const ticks = codecName === "libx264" ? 90_000 : rate;

  using encoder = openEncoder(codecName, width, height, rate, ticks, options);
  const muxer = new FormatContext();
  muxer.allocOutputContext2(null, options.format, options.path);
  const stream = muxer.newStream();
  check(stream.codecpar.fromContext(encoder), "describing the stream");
  stream.timeBase = new Rational(1, ticks);
  stream.avgFrameRate = new Rational(rate, 1);
  if (options.pixelAspect) stream.sampleAspectRatio = new Rational(...options.pixelAspect);
  if (options.rotation) {
    check(
      stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, displayMatrix(options.rotation)),
      "writing the rotation",
    );
  }
  if (options.metadata) muxer.metadata = Dictionary.fromObject(options.metadata);
  const sound = options.sound ? addSoundStream(muxer) : null;
  if (!WRITES_ITS_OWN_FILES.has(options.format)) check(muxer.openOutputSync(), `creating ${options.path}`);
  check(muxer.writeHeaderSync(Dictionary.fromObject({ ...options.muxer })), "writing the header");

  using packet = new Packet();
  packet.alloc();
  const flush = () => {
    for (;;) {
      const ret = encoder.receivePacketSync(packet);
      if (ret === AVERROR_EAGAIN || ret === AVERROR_EOF) return;
      check(ret, "encoding");
      packet.streamIndex = stream.index;
      if (packet.duration === 0n) packet.duration = BigInt(Math.round(ticks / rate));
      packet.rescaleTs({ num: 1, den: ticks }, stream.timeBase);
      check(muxer.interleavedWriteFrameSync(packet), "writing a packet");
    }
  };

  using picture = new Frame();
  for (let index = 0; index < count; index++) {
    picture.alloc();
    picture.width = width;
    picture.height = height;
    picture.format = encoder.pixelFormat;
    picture.colorRange = encoder.colorRange;
    picture.colorSpace = encoder.colorSpace;
    check(picture.allocBuffer(), "allocating a picture");
    paint(picture, width, height, index, options.draw ?? drawMovingSquare);
    picture.pts = BigInt(Math.round(at(index) * ticks));
    check(encoder.sendFrameSync(picture), "encoding");
    flush();
    if (sound !== null) writeSound(muxer, sound, packet, index, rate);
  }
  check(encoder.sendFrameSync(null), "encoding the last frames");
  flush();
  check(muxer.writeTrailerSync(), "writing the trailer");
  if (!WRITES_ITS_OWN_FILES.has(options.format)) muxer.closeOutputSync();
  muxer.freeContext();
}

/** A soft gradient with a bright square that moves two pixels to the right a frame. */
export function drawMovingSquare(canvas: Canvas, index: number): void {
  const { width, height, y, u, v } = canvas;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      y[row * width + column] = 60 + ((row + column) >> 2);
    }
  }
  u.fill(128);
  v.fill(128);
  const left = (10 + 2 * index) % Math.max(1, width - 24);
  const top = Math.floor(height / 3);
  for (let row = top; row < Math.min(height, top + 24); row++)
    y.fill(220, row * width + left, row * width + left + 24);
}

function openEncoder(
  name: FFEncoderCodec | string,
  width: number,
  height: number,
  rate: number,
  ticks: number,
  options: ClipOptions,
): CodecContext {
  const codec = Codec.findEncoderByName(name as FFEncoderCodec);
  if (!codec) throw new Error(`no encoder ${name} in this build of libav`);
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = width;
  encoder.height = height;
  const fullRange = options.fullRange ?? name === "mjpeg";
  encoder.pixelFormat = name === "mjpeg" ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
  encoder.colorRange = fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  encoder.colorSpace = options.colour === "bt709" ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  encoder.timeBase = new Rational(1, ticks);
  encoder.framerate = new Rational(rate, 1);
  if (options.pixelAspect) encoder.sampleAspectRatio = new Rational(...options.pixelAspect);
  encoder.gopSize = options.gop ?? Math.max(1, Math.round(rate));
  encoder.maxBFrames = options.bFrames ?? 0;
  encoder.threadCount = 1;
  if (["mp4", "matroska", "avi"].includes(options.format) && name !== "mjpeg") {
    encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  }
  // Not as a dictionary: node-av 6.1.1 frees the one given to open2Sync twice.
  const own: Record<string, string> =
    name === "libx264" ? { preset: "veryfast", crf: "18" } : { b: "2000000" };
  for (const [key, value] of Object.entries({ ...own, ...options.encoder })) {
    check(encoder.setOption(key, value, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), `${name} option ${key}`);
  }
  check(encoder.open2Sync(codec), `opening ${name}`);
  return encoder;
}

function paint(
  picture: Frame,
  width: number,
  height: number,
  index: number,
  draw: (canvas: Canvas, index: number) => void,
): void {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const canvas: Canvas = {
    width,
    height,
    y: new Uint8Array(width * height),
    u: new Uint8Array(half.width * half.height),
    v: new Uint8Array(half.width * half.height),
  };
  draw(canvas, index);
  const sizes = [{ width, height }, half, half];
  [canvas.y, canvas.u, canvas.v].forEach((plane, channel) => {
    const size = sizes[channel];
    const target = picture.data?.[channel];
    const stride = picture.linesize[channel];
    if (!size || !target || !stride) throw new Error("the encoder's picture has no such plane");
    for (let row = 0; row < size.height; row++) {
      target.set(plane.subarray(row * size.width, (row + 1) * size.width), row * stride);
    }
  });
}

/**
 * The 3x3 matrix of ISO/IEC 14496-12 (16.16 and 2.30 fixed point) that turns the picture clockwise by `degrees`.
 */
function displayMatrix(degrees: 90 | 180 | 270): Buffer {
  const radians = (degrees * Math.PI) / 180;
  const cos = Math.round(Math.cos(radians)) * 65_536;
  const sin = Math.round(Math.sin(radians)) * 65_536;
  const matrix = new Int32Array([cos, sin, 0, -sin, cos, 0, 0, 0, 1 << 30]);
  return Buffer.from(matrix.buffer);
}

const SOUND_RATE = 8000;

function addSoundStream(muxer: FormatContext): number {
  const stream = muxer.newStream();
  stream.codecpar.codecType = AVMEDIA_TYPE_AUDIO;
  stream.codecpar.codecId = AV_CODEC_ID_PCM_S16LE;
  stream.codecpar.format = AV_SAMPLE_FMT_S16;
  stream.codecpar.sampleRate = SOUND_RATE;
  stream.codecpar.channels = 1;
  stream.timeBase = new Rational(1, SOUND_RATE);
  return stream.index;
}

function writeSound(muxer: FormatContext, index: number, packet: Packet, frame: number, rate: number): void {
  const samples = Math.floor(SOUND_RATE / rate);
  const tone = new Int16Array(samples);
  for (let i = 0; i < samples; i++)
    tone[i] = Math.round(8000 * Math.sin((i * 2 * Math.PI * 440) / SOUND_RATE));
  packet.unref();
  packet.data = Buffer.from(tone.buffer);
  packet.streamIndex = index;
  packet.pts = BigInt(frame * samples);
  packet.dts = packet.pts;
  packet.duration = BigInt(samples);
  const timeBase = muxer.streams[index]?.timeBase;
  if (timeBase) packet.rescaleTs({ num: 1, den: SOUND_RATE }, timeBase);
  check(muxer.interleavedWriteFrameSync(packet), "writing sound");
}

function check(ret: number, doing: string): void {
  if (ret < 0) throw new Error(`${doing}: ${new FFmpegError(ret).message}`);
}
