import sharp from "sharp";
import { createSource } from "../../src/sources/open-source.ts";
import { systemClock } from "../../src/time/clock.ts";

/** Packed RGB. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A channel that differs from the empty place by more is something that was not always there. */
const DIFFERENT = 40;
/** A pixel is that of the recording when no channel differs by more: noise and rounding. */
const SAME = 12;

/** A recording's pictures at some times, and the place as it is most of the time. */
export interface Footage {
  /** The pixel-wise median over the whole recording. */
  readonly empty: Picture;
  /** The picture on or just after each of the times asked for. */
  readonly at: ReadonlyMap<number, Picture>;
}

/** Decodes a recording once. @param every seconds between the pictures that the median is taken of */
export async function readFootage(
  file: string,
  width: number,
  height: number,
  times: readonly number[],
  every: number,
): Promise<Footage> {
  const source = createSource(file, {
    clock: systemClock,
    realtime: false,
    startedAt: null,
    transport: "tcp",
    decoderThreads: 1,
    queueFrames: 4,
  });
  await source.open();
  const waiting = times.toSorted((a, b) => a - b);
  const at = new Map<number, Picture>();
  const samples: Uint8Array[] = [];
  let next = 0;
  for await (const item of source.items()) {
    if (item.kind !== "frame") continue;
    const { frame } = item;
    const wanted = waiting[0] !== undefined && frame.pts >= waiting[0] - 1e-3;
    if (wanted || frame.pts >= next) {
      const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
      const picture = frame.rgb(whole, width, height);
      while (waiting[0] !== undefined && frame.pts >= waiting[0] - 1e-3)
        at.set(waiting.shift() ?? 0, picture);
      if (frame.pts >= next) {
        samples.push(picture.data);
        next += every;
      }
    }
    frame.release();
  }
  await source.close();
  return { empty: { width, height, data: medianOf(samples) }, at };
}

export async function readPng(file: string): Promise<Picture> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/**
 * How much of what moved in a picture can be seen in its evidence: of the pixels in which the picture differs
 * from the empty place, the share that the evidence shows as they were. Chance matches of a flat shape's colour
 * with a coat are counted too.
 */
export function revealedShare(
  evidence: Picture,
  picture: Picture,
  empty: Picture,
): { moving: number; share: number } {
  let moving = 0;
  let revealed = 0;
  for (let i = 0; i < picture.data.length; i += 3) {
    if (distance(picture.data, empty.data, i) <= DIFFERENT) continue;
    moving += 1;
    if (distance(evidence.data, picture.data, i) <= SAME) revealed += 1;
  }
  return { moving, share: moving === 0 ? 0 : revealed / moving };
}

/** Largest difference of a channel. */
function distance(a: Uint8Array, b: Uint8Array, i: number): number {
  return Math.max(
    Math.abs((a[i] ?? 0) - (b[i] ?? 0)),
    Math.abs((a[i + 1] ?? 0) - (b[i + 1] ?? 0)),
    Math.abs((a[i + 2] ?? 0) - (b[i + 2] ?? 0)),
  );
}

function medianOf(samples: readonly Uint8Array[]): Uint8Array {
  const [first] = samples;
  if (first === undefined) throw new Error("The recording has no picture.");
  const values = new Uint8Array(samples.length);
  return first.map((_, i) => {
    for (const [s, sample] of samples.entries()) values[s] = sample[i] ?? 0;
    return values.sort()[samples.length >> 1] ?? 0;
  });
}
