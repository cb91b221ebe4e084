import sharp from "sharp";
import { H264MemoryWriter } from "../encoding/h264-memory.ts";
import type { RgbImage } from "../frames/frame.ts";
import type { Seconds } from "../time/clock.ts";
import { Redacted } from "./redacted.ts";

/** A redacted picture as the bytes of a PNG file. The same picture gives the same bytes. */
export async function encodeStill(image: Redacted<RgbImage>): Promise<Redacted<Uint8Array>> {
  const { width, height, data } = image.value;
  // Few colours and flat areas: the palette of shapes compresses by itself.
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  return Redacted.seal(new Uint8Array(png));
}

/** One redacted picture of a clip, and when it is shown: seconds from the clip's start, increasing. */
export interface ClipPicture {
  readonly image: Redacted<RgbImage>;
  readonly at: Seconds;
}

/**
 * Redacted pictures as the bytes of an mp4 file, which is made in memory: whoever keeps it decides whether it ever
 * lies anywhere in clear. One H.264 track and nothing else.
 */
export async function encodeClip(
  pictures: Iterable<ClipPicture>,
  options: { readonly width: number; readonly height: number; readonly nominalRate: number },
): Promise<Redacted<Uint8Array>> {
  const writer = new H264MemoryWriter(options);
  let finished = false;
  try {
    for (const { image, at } of pictures) {
      writer.write(image.value, at);
      // A picture takes some milliseconds; the camera's other work goes on between two of them.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    finished = true;
    return Redacted.seal(await writer.finish());
  } finally {
    // The encoder holds memory outside the heap; `finish` is also what frees it.
    if (!finished) await writer.finish().catch(() => undefined);
  }
}
