import type { MotionVectors } from "../../frames/frame.ts";
import type { Rotation } from "./rotation.ts";

/** Size of libavutil's `struct AVMotionVector` (motion_vector.h) on every platform: 8-byte alignment. */
const ENTRY_BYTES = 40;

/**
 * Reads `AV_FRAME_DATA_MOTION_VECTORS`, an array of:
 * ```
 *  0 int32  source         reference: below 0 a past frame, above 0 a future one
 *  4 uint8  w, h           size of the block
 *  6 int16  src_x, src_y   centre of the block in the reference frame
 * 10 int16  dst_x, dst_y   centre of the block in this frame
 * 16 uint64 flags
 * 24 int32  motion_x, motion_y    src = dst + motion / motion_scale
 * 32 uint16 motion_scale
 * ```
 * Only vectors into the past are kept: what moved since. Their sign is turned, so that they say where the
 * block went and not where it came from.
 * @param width, height stored size of the picture, before its rotation
 */
export function parseMotionVectors(
  data: Uint8Array,
  width: number,
  height: number,
  rotation: Rotation,
): MotionVectors {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const total = Math.floor(data.byteLength / ENTRY_BYTES);
  const x = new Int16Array(total);
  const y = new Int16Array(total);
  const blockWidth = new Uint8Array(total);
  const blockHeight = new Uint8Array(total);
  const dx = new Float32Array(total);
  const dy = new Float32Array(total);
  const sideways = rotation === 90 || rotation === 270;
  let count = 0;
  for (let at = 0; at + ENTRY_BYTES <= data.byteLength; at += ENTRY_BYTES) {
    if (view.getInt32(at, true) >= 0) continue;
    const scale = view.getUint16(at + 32, true) || 1;
    const storedX = view.getInt16(at + 10, true);
    const storedY = view.getInt16(at + 12, true);
    const storedDx = -view.getInt32(at + 24, true) / scale;
    const storedDy = -view.getInt32(at + 28, true) / scale;
    const w = view.getUint8(at + 4);
    const h = view.getUint8(at + 5);
    blockWidth[count] = sideways ? h : w;
    blockHeight[count] = sideways ? w : h;
    switch (rotation) {
      case 0:
        x[count] = storedX;
        y[count] = storedY;
        dx[count] = storedDx;
        dy[count] = storedDy;
        break;
      case 90:
        x[count] = height - storedY;
        y[count] = storedX;
        dx[count] = -storedDy;
        dy[count] = storedDx;
        break;
      case 180:
        x[count] = width - storedX;
        y[count] = height - storedY;
        dx[count] = -storedDx;
        dy[count] = -storedDy;
        break;
      case 270:
        x[count] = storedY;
        y[count] = width - storedX;
        dx[count] = storedDy;
        dy[count] = -storedDx;
        break;
    }
    count++;
  }
  return {
    count,
    x: x.subarray(0, count),
    y: y.subarray(0, count),
    width: blockWidth.subarray(0, count),
    height: blockHeight.subarray(0, count),
    dx: dx.subarray(0, count),
    dy: dy.subarray(0, count),
  };
}
