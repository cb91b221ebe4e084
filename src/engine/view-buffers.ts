import type { View } from "../detectors/detector.ts";
import type { Frame } from "../frames/frame.ts";
import type { Look } from "./attention.ts";

/**
 * Shared memory for what the network sees, used again from look to look. The inference thread reads it while
 * the camera waits for that answer, so a buffer is never rewritten under it.
 */
export class ViewBuffers {
  readonly #buffers: Uint8Array<SharedArrayBuffer>[] = [];

  /** Renders each look of a frame. The views are valid until the next call. */
  render(frame: Frame, looks: readonly Look[]): View[] {
    return looks.map(({ region, width, height }, index) => {
      const rgb = this.#buffer(index, 3 * width * height);
      frame.rgb(region, width, height, rgb);
      return { region, width, height, rgb };
    });
  }

  #buffer(index: number, bytes: number): Uint8Array<SharedArrayBuffer> {
    const kept = this.#buffers[index];
    if (kept !== undefined && kept.length === bytes) return kept;
    // A larger buffer serves smaller views too: sizes vary from look to look, allocations should not.
    const large =
      kept !== undefined && kept.buffer.byteLength >= bytes ? kept.buffer : new SharedArrayBuffer(bytes);
    const buffer = new Uint8Array(large, 0, bytes);
    this.#buffers[index] = buffer;
    return buffer;
  }
}
