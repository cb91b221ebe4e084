import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_BT2020_NCL,
  AVCOL_SPC_FCC,
  AVCOL_SPC_RGB,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_SMPTE240M,
  type AVColorSpace,
  type AVPixelFormat,
  SWS_AREA,
} from "node-av/constants";
import { FFmpegError, Frame, SoftwareScaleContext } from "node-av/lib";
import { fault } from "../../errors.ts";
import type { Box } from "../../geometry/shapes.ts";

/**
 * Scales decoded pictures with libswscale, and keeps its contexts, which cost more to make than a picture
 * costs to scale. One for each source; not to be shared between threads.
 *
 * Areas are averaged: the cheapest of the filters that neither alias nor blur (0.23 ms for the luma of a
 * 1280x720 picture, where bilinear takes 0.29 and nearest, with 0.15, would make a still texture flicker).
 */
export class Scaler {
  readonly #contexts = new Lru<SoftwareScaleContext>(12, (context) => context.freeContext());
  readonly #stages = new Lru<RgbStage>(4, freeStage);

  /** Scales the luma plane of a planar picture, samples as they are coded. @returns width x height bytes */
  luma(picture: Frame, width: number, height: number): Uint8Array {
    const into = Buffer.allocUnsafeSlow(width * height);
    const plane = planesOf(picture)[0];
    if (plane === undefined) throw unscalable(picture);
    const context = this.#context(
      { width: picture.width, height: picture.height, format: AV_PIX_FMT_GRAY8 },
      { width, height, format: AV_PIX_FMT_GRAY8 },
    );
    check(context.scaleSync([plane.data], [plane.stride], 0, picture.height, [into], [width]), picture);
    return into;
  }

  /**
   * Cuts `region` out of a planar picture and scales it to packed RGB.
   *
   * In two steps: libswscale's interface for parts of a picture takes no colour matrix and would read the
   * BT.709 of high-definition cameras as BT.601, so the part is first scaled within its own colour space,
   * and then turned into RGB by the interface that reads matrix and range off the picture.
   * @param region in stored pixels; taken to whole chroma samples, so that it may grow by up to 2 px a side
   * @returns rows of 3 * width bytes, `stride` apart, valid until the next call
   */
  rgb(picture: Frame, region: Box, width: number, height: number): { data: Uint8Array; stride: number } {
    const layout = LAYOUTS.get(pixelFormat(picture));
    if (layout === undefined) throw unscalable(picture);
    const cut = wholeChroma(region, picture.width, picture.height);
    const stage = this.#stage(width, height);
    const planes = planesOf(picture);
    const parts: Buffer[] = [];
    const strides: number[] = [];
    planes.slice(0, layout.planes).forEach((plane, channel) => {
      const x = channel === 0 ? cut.x : (cut.x >> layout.shiftX) * (layout.planes === 2 ? 2 : 1);
      const y = channel === 0 ? cut.y : cut.y >> layout.shiftY;
      parts.push(plane.data.subarray(y * plane.stride + x));
      strides.push(plane.stride);
    });
    const cutting = this.#context(
      { width: cut.width, height: cut.height, format: pixelFormat(picture) },
      { width, height, format: layout.full ? AV_PIX_FMT_YUVJ444P : AV_PIX_FMT_YUV444P },
    );
    const middle = planesOf(stage.middle);
    check(
      cutting.scaleSync(
        parts,
        strides,
        0,
        cut.height,
        middle.map((plane) => plane.data),
        middle.map((plane) => plane.stride),
      ),
      picture,
    );
    stage.middle.colorRange =
      layout.full || picture.colorRange === AVCOL_RANGE_JPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    stage.middle.colorSpace = colourSpace(picture);
    check(stage.converter.scaleFrameSync(stage.result, stage.middle), picture);
    const result = planesOf(stage.result)[0];
    if (result === undefined) throw unscalable(picture);
    return result;
  }

  /**
   * The picture itself where its luma is an 8-bit plane of its own, else a copy that has one (10-bit, packed,
   * RGB and palette formats). The caller frees the copy.
   */
  planar(picture: Frame): Frame {
    if (LAYOUTS.has(pixelFormat(picture)) && planesOf(picture).length > 0) return picture;
    const copy = newPicture(picture.width, picture.height, AV_PIX_FMT_YUV444P);
    copy.colorRange = AVCOL_RANGE_MPEG;
    copy.colorSpace = colourSpace(picture);
    using converter = new SoftwareScaleContext();
    converter.allocContext();
    const ret = converter.scaleFrameSync(copy, picture);
    if (ret < 0) {
      copy.free();
      check(ret, picture);
    }
    return copy;
  }

  /** Gives all contexts back. What is scaled afterwards makes new ones. Idempotent. */
  free(): void {
    this.#contexts.clear();
    this.#stages.clear();
  }

  #context(
    from: Size & { format: AVPixelFormat },
    to: Size & { format: AVPixelFormat },
  ): SoftwareScaleContext {
    const key = `${from.format}:${from.width}x${from.height}>${to.format}:${to.width}x${to.height}`;
    return this.#contexts.get(key, () => {
      const context = new SoftwareScaleContext();
      context.getContext(from.width, from.height, from.format, to.width, to.height, to.format, SWS_AREA);
      return context;
    });
  }

  #stage(width: number, height: number): RgbStage {
    return this.#stages.get(`${width}x${height}`, () => {
      const converter = new SoftwareScaleContext();
      converter.allocContext();
      const middle = newPicture(width, height, AV_PIX_FMT_YUV444P);
      const result = newPicture(width, height, AV_PIX_FMT_RGB24);
      result.colorRange = AVCOL_RANGE_JPEG;
      result.colorSpace = AVCOL_SPC_RGB;
      return { converter, middle, result };
    });
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface RgbStage {
  readonly converter: SoftwareScaleContext;
  readonly middle: Frame;
  readonly result: Frame;
}

interface Layout {
  readonly planes: 2 | 3;
  /** Chroma is subsampled by 2 to the power of these. */
  readonly shiftX: 0 | 1;
  readonly shiftY: 0 | 1;
  /** The format itself says that samples use the full range. */
  readonly full: boolean;
}

/** 8-bit formats whose first plane is luma alone. */
const LAYOUTS: ReadonlyMap<AVPixelFormat, Layout> = new Map([
  [AV_PIX_FMT_YUV420P, { planes: 3, shiftX: 1, shiftY: 1, full: false }],
  [AV_PIX_FMT_YUVJ420P, { planes: 3, shiftX: 1, shiftY: 1, full: true }],
  [AV_PIX_FMT_YUV422P, { planes: 3, shiftX: 1, shiftY: 0, full: false }],
  [AV_PIX_FMT_YUVJ422P, { planes: 3, shiftX: 1, shiftY: 0, full: true }],
  [AV_PIX_FMT_YUV444P, { planes: 3, shiftX: 0, shiftY: 0, full: false }],
  [AV_PIX_FMT_YUVJ444P, { planes: 3, shiftX: 0, shiftY: 0, full: true }],
  [AV_PIX_FMT_NV12, { planes: 2, shiftX: 1, shiftY: 1, full: false }],
]);

const MATRICES: ReadonlySet<AVColorSpace> = new Set([
  AVCOL_SPC_BT709,
  AVCOL_SPC_FCC,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_SMPTE240M,
  AVCOL_SPC_BT2020_NCL,
]);

/** The matrix the stream declares; where it declares none, what players take: BT.709 from 720 lines on. */
function colourSpace(picture: Frame): AVColorSpace {
  if (MATRICES.has(picture.colorSpace)) return picture.colorSpace;
  return picture.width >= 1280 || picture.height > 576 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

/** A region taken outwards to even pixels and clipped to the picture: at least 2x2 where the picture is. */
function wholeChroma(region: Box, width: number, height: number): Box {
  const x = clamp(Math.floor(region.x / 2) * 2, 0, Math.max(0, width - 2) & ~1);
  const y = clamp(Math.floor(region.y / 2) * 2, 0, Math.max(0, height - 2) & ~1);
  const right = clamp(Math.ceil((region.x + region.width) / 2) * 2, x + 2, Math.max(width, x + 1));
  const bottom = clamp(Math.ceil((region.y + region.height) / 2) * 2, y + 2, Math.max(height, y + 1));
  return { x, y, width: Math.min(right, width) - x, height: Math.min(bottom, height) - y };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

/** Views of the planes in the decoder's memory: never to outlive the frame. */
function planesOf(picture: Frame): { data: Buffer; stride: number }[] {
  const strides = picture.linesize;
  const planes: { data: Buffer; stride: number }[] = [];
  (picture.data ?? []).forEach((data, channel) => {
    const stride = strides[channel];
    if (data !== undefined && stride !== undefined && stride > 0) planes.push({ data, stride });
  });
  return planes;
}

/** For pictures `format` is a pixel format; node-av types it as a sample format too, for sound. */
function pixelFormat(picture: Frame): AVPixelFormat {
  return picture.format as AVPixelFormat;
}

function newPicture(width: number, height: number, format: AVPixelFormat): Frame {
  const picture = new Frame();
  picture.alloc();
  picture.width = width;
  picture.height = height;
  picture.format = format;
  check(picture.allocBuffer(), picture);
  return picture;
}

function freeStage(stage: RgbStage): void {
  stage.converter.freeContext();
  stage.middle.free();
  stage.result.free();
}

function check(ret: number, picture: Frame): void {
  if (ret < 0) throw unscalable(picture, new FFmpegError(ret).message);
}

function unscalable(picture: Frame, why = "its planes cannot be reached"): Error {
  return fault("INTERNAL", {
    what: `a picture of ${picture.width}x${picture.height} (format ${picture.format}) could not be scaled: ${why}`,
  });
}

/** The most recently used values of a key, at most `size`; the one let go is freed. */
class Lru<T> {
  readonly #values = new Map<string, T>();
  readonly #size: number;
  readonly #free: (value: T) => void;

  constructor(size: number, free: (value: T) => void) {
    this.#size = size;
    this.#free = free;
  }

  get(key: string, make: () => T): T {
    const found = this.#values.get(key);
    if (found !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, found);
      return found;
    }
    const made = make();
    this.#values.set(key, made);
    for (const [oldest, value] of this.#values) {
      if (this.#values.size <= this.#size) break;
      this.#values.delete(oldest);
      this.#free(value);
    }
    return made;
  }

  clear(): void {
    for (const value of this.#values.values()) this.#free(value);
    this.#values.clear();
  }
}
