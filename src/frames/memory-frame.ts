import { fault } from "../errors.ts";
import type { Box } from "../geometry/shapes.ts";
import type { Seconds, UtcMilliseconds } from "../time/clock.ts";
import { analysisSize, type Frame, type MotionVectors, type Plane, type RgbImage } from "./frame.ts";

export interface MemoryFrameOptions {
  /** Presentation time, seconds. */
  readonly pts: Seconds;
  /** Default: `pts` after the Unix epoch. */
  readonly wallClock?: UtcMilliseconds;
  /** Default 1. */
  readonly pixelAspect?: number;
  /** Default null: no motion vectors. */
  readonly motionVectors?: MotionVectors | null;
}

/**
 * A Frame over a picture that is already in memory: packed RGB (3 bytes a pixel) or a luma plane (1 byte a
 * pixel, shown as grey). Scaling is by exact area coverage in both directions, so means are kept.
 * The picture is not copied: do not change it while the frame is in use.
 *
 * @throws CodedError INTERNAL where `data` is not width * height * (1 or 3) bytes, where a region leaves the
 * picture, and where pixels are read after `release()`.
 */
export function memoryFrame(image: RgbImage | Plane, options: MemoryFrameOptions): Frame {
  const { width, height } = image;
  const channels = image.data.length === 3 * width * height ? 3 : 1;
  if (width < 1 || height < 1 || image.data.length !== channels * width * height)
    throw fault("INTERNAL", {
      what: `a picture of ${width}x${height} has ${image.data.length} bytes: neither luma nor packed RGB`,
    });
  let source: Uint8Array | null = image.data;
  let luma: Plane | null = null;
  const pixels = () => {
    if (source === null) throw fault("INTERNAL", { what: "a frame's pixels were read after its release" });
    return source;
  };

  return {
    pts: options.pts,
    wallClock: options.wallClock ?? Math.round(options.pts * 1000),
    width,
    height,
    pixelAspect: options.pixelAspect ?? 1,
    luma() {
      const data = pixels();
      if (luma === null) {
        const grey = channels === 1 ? data : lumaOf(data);
        const size = analysisSize(width, height);
        const whole = { x: 0, y: 0, width, height };
        luma = { ...size, data: scaleByArea(grey, width, height, 1, whole, size.width, size.height) };
      }
      return luma;
    },
    motionVectors() {
      pixels();
      return options.motionVectors ?? null;
    },
    rgb(region, outWidth, outHeight, into) {
      const data = pixels();
      if (
        !(region.x >= 0 && region.y >= 0 && region.width > 0 && region.height > 0) ||
        region.x + region.width > width + 1e-6 ||
        region.y + region.height > height + 1e-6
      )
        throw fault("INTERNAL", {
          what: `region ${region.width}x${region.height} at ${region.x},${region.y} leaves the ${width}x${height} picture`,
        });
      const scaled = scaleByArea(data, width, height, channels, region, outWidth, outHeight);
      const packed = channels === 3 ? scaled : greyToRgb(scaled);
      if (into === undefined) return { width: outWidth, height: outHeight, data: packed };
      if (into.length !== packed.length)
        throw fault("INTERNAL", { what: `rgb() was given ${into.length} bytes for ${packed.length}` });
      into.set(packed);
      return { width: outWidth, height: outHeight, data: into };
    },
    release() {
      source = null;
      luma = null;
    },
  };
}

/** BT.601 luma, full range, of packed RGB. */
export function lumaOf(rgb: Uint8Array): Uint8Array {
  const out = new Uint8Array(rgb.length / 3);
  for (let i = 0, j = 0; i < out.length; i++, j += 3) {
    const r = rgb[j] ?? 0;
    const g = rgb[j + 1] ?? 0;
    const b = rgb[j + 2] ?? 0;
    out[i] = (77 * r + 150 * g + 29 * b + 128) >> 8;
  }
  return out;
}

function greyToRgb(grey: Uint8Array): Uint8Array {
  const out = new Uint8Array(3 * grey.length);
  for (let i = 0, j = 0; i < grey.length; i++, j += 3) out.fill(grey[i] ?? 0, j, j + 3);
  return out;
}

/** Which source samples an output sample covers along one axis, and how much of each. */
interface Coverage {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `stride` weights an output sample, summing to 1. */
  readonly weights: Float32Array;
  readonly stride: number;
}

function coverage(start: number, length: number, limit: number, out: number): Coverage {
  const step = length / out;
  const stride = Math.ceil(step) + 2;
  const first = new Int32Array(out);
  const count = new Int32Array(out);
  const weights = new Float32Array(out * stride);
  for (let o = 0; o < out; o++) {
    const low = start + o * step;
    const high = Math.min(limit, low + step);
    const from = Math.min(limit - 1, Math.floor(low + 1e-9));
    const to = Math.max(from + 1, Math.min(limit, Math.ceil(high - 1e-9)));
    first[o] = from;
    count[o] = to - from;
    let sum = 0;
    for (let s = from; s < to; s++) {
      const weight = Math.max(1e-12, Math.min(high, s + 1) - Math.max(low, s));
      weights[o * stride + s - from] = weight;
      sum += weight;
    }
    for (let s = 0; s < to - from; s++) weights[o * stride + s] = (weights[o * stride + s] ?? 0) / sum;
  }
  return { first, count, weights, stride };
}

/** Separable area scaling of `region` of an interleaved picture to `outWidth` x `outHeight`. */
function scaleByArea(
  data: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3,
  region: Box,
  outWidth: number,
  outHeight: number,
): Uint8Array {
  if (region.x === 0 && region.y === 0 && outWidth === width && outHeight === height)
    if (region.width === width && region.height === height) return data.slice();
  const across = coverage(region.x, region.width, width, outWidth);
  const down = coverage(region.y, region.height, height, outHeight);
  const top = down.first[0] ?? 0;
  const bottom = (down.first[outHeight - 1] ?? 0) + (down.count[outHeight - 1] ?? 0);
  const rowLength = outWidth * channels;
  const rows = new Float32Array((bottom - top) * rowLength);
  for (let y = top; y < bottom; y++) {
    for (let o = 0; o < outWidth; o++) {
      const from = across.first[o] ?? 0;
      const count = across.count[o] ?? 0;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let s = 0; s < count; s++)
          sum +=
            (across.weights[o * across.stride + s] ?? 0) * (data[(y * width + from + s) * channels + c] ?? 0);
        rows[(y - top) * rowLength + o * channels + c] = sum;
      }
    }
  }
  const out = new Uint8Array(outHeight * rowLength);
  for (let o = 0; o < outHeight; o++) {
    const from = (down.first[o] ?? 0) - top;
    const count = down.count[o] ?? 0;
    for (let i = 0; i < rowLength; i++) {
      let sum = 0;
      for (let s = 0; s < count; s++)
        sum += (down.weights[o * down.stride + s] ?? 0) * (rows[(from + s) * rowLength + i] ?? 0);
      out[o * rowLength + i] = Math.min(255, Math.round(sum));
    }
  }
  return out;
}
