import { AV_FRAME_DATA_DISPLAYMATRIX, AV_FRAME_DATA_MOTION_VECTORS } from "node-av/constants";
import { Frame as NativeFrame } from "node-av/lib";
import { fault } from "../../errors.ts";
import {
  analysisSize,
  type Frame,
  type MotionVectors,
  type Plane,
  type RgbImage,
} from "../../frames/frame.ts";
import type { Box } from "../../geometry/shapes.ts";
import type { Seconds, UtcMilliseconds } from "../../time/clock.ts";
import { parseMotionVectors } from "./motion-vectors.ts";
import { type Rotation, readRotation, rotatePixels, storedBox } from "./rotation.ts";
import type { Scaler } from "./scaling.ts";

/** What a frame knows that its picture does not say. */
export interface FrameFacts {
  readonly pts: Seconds;
  readonly wallClock: UtcMilliseconds;
  /** The container's rotation and pixel aspect, for pictures that carry none of their own. */
  readonly rotation: Rotation;
  readonly storedAspect: number;
}

/** A picture in libav's memory. */
export class LibavFrame implements Frame {
  readonly pts: Seconds;
  readonly wallClock: UtcMilliseconds;
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: number;
  readonly #rotation: Rotation;
  readonly #scaler: Scaler;
  readonly #pool: PicturePool;
  #picture: NativeFrame | null;
  /** A copy with a luma plane, where the decoder's picture has none. */
  #planar: NativeFrame | null = null;
  #luma: Plane | null = null;
  #vectors: MotionVectors | null | undefined;

  /** Takes `picture` over: `release` gives it back to `pool`. */
  constructor(picture: NativeFrame, facts: FrameFacts, scaler: Scaler, pool: PicturePool) {
    const look = describePicture(picture, facts.rotation, facts.storedAspect);
    this.pts = facts.pts;
    this.wallClock = facts.wallClock;
    this.width = look.width;
    this.height = look.height;
    this.pixelAspect = look.pixelAspect;
    this.#rotation = look.rotation;
    this.#picture = picture;
    this.#scaler = scaler;
    this.#pool = pool;
  }

  luma(): Plane {
    const picture = this.#pixels("Luma");
    if (this.#luma !== null) return this.#luma;
    const { width, height } = analysisSize(this.width, this.height);
    const sideways = this.#rotation === 90 || this.#rotation === 270;
    const stored = sideways ? { width: height, height: width } : { width, height };
    let data = this.#scaler.luma(picture, stored.width, stored.height);
    if (this.#rotation !== 0) {
      const turned = new Uint8Array(data.length);
      rotatePixels(data, stored.width, stored.height, stored.width, 1, this.#rotation, turned);
      data = turned;
    }
    this.#luma = { width, height, data };
    return this.#luma;
  }

  motionVectors(): MotionVectors | null {
    const picture = this.#native("Motion vectors");
    if (this.#vectors === undefined) {
      const data = picture.getSideData(AV_FRAME_DATA_MOTION_VECTORS);
      this.#vectors =
        data === null || data.length === 0
          ? null
          : parseMotionVectors(data, picture.width, picture.height, this.#rotation);
    }
    return this.#vectors;
  }

  rgb(region: Box, width: number, height: number, into?: Uint8Array): RgbImage {
    const picture = this.#pixels("Colour");
    const data = into ?? new Uint8Array(3 * width * height);
    if (data.length < 3 * width * height) {
      throw fault("INTERNAL", {
        what: `${data.length} bytes are too few for ${width}x${height} pixels of RGB`,
      });
    }
    const sideways = this.#rotation === 90 || this.#rotation === 270;
    const stored = sideways ? { width: height, height: width } : { width, height };
    const cut = storedBox(region, picture.width, picture.height, this.#rotation);
    const scaled = this.#scaler.rgb(picture, cut, stored.width, stored.height);
    rotatePixels(scaled.data, stored.width, stored.height, scaled.stride, 3, this.#rotation, data);
    return { width, height, data };
  }

  release(): void {
    if (this.#picture === null) return;
    if (this.#planar !== null) this.#planar.free();
    this.#pool.give(this.#picture);
    this.#picture = null;
    this.#planar = null;
    this.#luma = null;
    this.#vectors = null;
  }

  #native(what: string): NativeFrame {
    if (this.#picture === null) throw fault("FRAME_RELEASED", { what });
    return this.#picture;
  }

  #pixels(what: string): NativeFrame {
    const picture = this.#native(what);
    if (this.#planar !== null) return this.#planar;
    const planar = this.#scaler.planar(picture);
    if (planar !== picture) this.#planar = planar;
    return planar;
  }
}

/** Size, rotation and aspect of a picture as it is shown. A rotation on the picture goes before the container's. */
export function describePicture(
  picture: NativeFrame,
  containerRotation: Rotation,
  containerAspect: number,
): { width: number; height: number; pixelAspect: number; rotation: Rotation } {
  const matrix = picture.getSideData(AV_FRAME_DATA_DISPLAYMATRIX);
  const rotation = matrix === null ? containerRotation : readRotation(matrix);
  const aspect = saneAspect(picture.sampleAspectRatio) ?? containerAspect;
  const { width, height } = picture;
  return rotation === 90 || rotation === 270
    ? { width: height, height: width, pixelAspect: 1 / aspect, rotation }
    : { width, height, pixelAspect: aspect, rotation };
}

/** A pixel's width over its height; null where none is declared or it is nonsense. */
export function saneAspect(ratio: { num: number; den: number }): number | null {
  const aspect = ratio.num / ratio.den;
  return aspect > 0.1 && aspect < 10 ? aspect : null;
}

/** Empty native frames, used again and again: each is an object that V8 would otherwise have to finalise. */
export class PicturePool {
  readonly #free: NativeFrame[] = [];
  readonly #most: number;
  #closed = false;

  constructor(most = 16) {
    this.#most = most;
  }

  take(): NativeFrame {
    const pooled = this.#free.pop();
    if (pooled !== undefined) return pooled;
    const picture = new NativeFrame();
    picture.alloc();
    return picture;
  }

  give(picture: NativeFrame): void {
    if (this.#closed || this.#free.length >= this.#most) {
      picture.free();
      return;
    }
    picture.unref();
    this.#free.push(picture);
  }

  /** Frees what is pooled; what is still out is freed when it is given back. */
  close(): void {
    this.#closed = true;
    for (const picture of this.#free.splice(0)) picture.free();
  }
}
