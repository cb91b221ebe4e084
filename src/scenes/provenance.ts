import { stat } from "node:fs/promises";
import { AV_LOG_QUIET, AVMEDIA_TYPE_VIDEO } from "node-av/constants";
import { FormatContext, Log } from "node-av/lib";
import type { Frame, RgbImage } from "../frames/frame.ts";
import { parseAddress } from "../sources/address.ts";
import { createSource } from "../sources/open-source.ts";
import { type Seconds, systemClock } from "../time/clock.ts";
import { prepareScene } from "./catalogue.ts";
import { parseRecipe, type SceneRecipe } from "./recipe.ts";
import { frameTimes, renderScene } from "./render.ts";
import type { SceneScript } from "./script.ts";

/** Where the pictures of a file come from. */
export type Provenance =
  /** Contrechamp drew every one of them that was looked at: nobody real is in them. */
  | { readonly kind: "rendered"; readonly scene: string; readonly seed: number }
  /** Anything else. */
  | { readonly kind: "recording" };

const RECORDING: Provenance = { kind: "recording" };

/**
 * One picture of each such stretch is drawn again, at random. Foreign pictures that last twice as long fill a whole
 * stretch, wherever they begin, and cannot be missed; of those that last as long, one in four times at most neither
 * stretch shows one.
 */
const STRETCH: Seconds = 0.5;
/** Compared in blocks of so many pixels a side: what is small must not drown in what is large. */
const BLOCK = 16;
/**
 * How far a decoded picture may be from the drawn one, in levels of 255. Measured over all scenes, 6 s each, as
 * they are written (constant rate factor 23): picture 4.4, block 10.2, the block's mean colour 6.0 at most. Another
 * machine's floating point moves a level here and there.
 */
const MOST = { picture: 8, block: 18, blockMean: 12 };

/**
 * Says whether a video was drawn by Contrechamp itself, from what the file says of itself and from what it shows:
 * the scene that it names is drawn again at random instants, and each must be the picture that is there. A claim
 * that does not hold, a picture more, another size or time, a second track, damage, or a file that cannot be read
 * at all: a recording. Never rejects.
 *
 * What is not seen: foreign pictures for less than a second, by chance; what differs from the drawn picture by less
 * than strong compression does, too faint to be made out. A scene that was drawn by another version of Contrechamp
 * may count as a recording.
 *
 * @param random 0 to less than 1; whoever makes a file must not be able to foresee it
 */
export async function provenance(path: string, random: () => number = Math.random): Promise<Provenance> {
  try {
    const recipe = await claimOf(path);
    if (recipe === null) return RECORDING;
    const script = prepareScene(recipe.name, recipe.seed, recipe.options);
    if (!(await shows(path, script, random))) return RECORDING;
    return { kind: "rendered", scene: recipe.name, seed: recipe.seed };
  } catch {
    // Whoever opens it next says what is wrong with it; that it was drawn is not shown.
    return RECORDING;
  }
}

/** The recipe that a file states. Only of a file that holds one video track and nothing else. */
async function claimOf(path: string): Promise<SceneRecipe | null> {
  if (parseAddress(path).kind !== "file" || !(await stat(path)).isFile()) return null;
  const format = new FormatContext();
  // What cannot be opened is told by whoever opens it to watch it.
  const level = Log.getLevel();
  Log.setLevel(AV_LOG_QUIET);
  const opened = format.openInputSync(path, null, null);
  Log.setLevel(level);
  if (opened < 0) return null;
  try {
    const [track, ...others] = format.streams;
    if (track?.codecpar.codecType !== AVMEDIA_TYPE_VIDEO || others.length > 0) return null;
    return parseRecipe(format.metadata?.get("comment") ?? "");
  } finally {
    format.closeInputSync();
  }
}

/** Whether a file shows a scene from its beginning, all of it or a part. */
async function shows(path: string, script: SceneScript, random: () => number): Promise<boolean> {
  const times = frameTimes(script);
  const looked = new Set(chooseEach(times, random));
  const drawn = renderScene(script, looked);
  const source = createSource(path, {
    clock: systemClock,
    realtime: false,
    startedAt: null,
    transport: "tcp",
    decoderThreads: 1,
    queueFrames: 4,
  });
  let pictures = 0;
  try {
    await source.open();
    for await (const item of source.items()) {
      if (item.kind === "health") {
        if (item.health.kind === "ended") continue;
        return false;
      }
      const { frame } = item;
      try {
        const index = pictures++;
        if (!isDue(frame, times[index], script)) return false;
        if (looked.has(index) && !isThatPicture(frame, drawn.next().value?.image)) return false;
      } finally {
        frame.release();
      }
    }
  } finally {
    await source.close();
  }
  return pictures > 0;
}

/** One index of each stretch of time. */
function chooseEach(times: readonly Seconds[], random: () => number): readonly number[] {
  const stretches = new Map<number, number[]>();
  for (const [index, time] of times.entries()) {
    const stretch = Math.floor(Math.max(0, time) / STRETCH);
    stretches.set(stretch, [...(stretches.get(stretch) ?? []), index]);
  }
  return [...stretches.values()].flatMap((indices) => indices[Math.floor(random() * indices.length)] ?? []);
}

/** Whether a picture comes when the scene has one, in its size. */
function isDue(frame: Frame, time: Seconds | undefined, script: SceneScript): boolean {
  if (time === undefined) return false;
  // Odd sides are rounded up when they are encoded; avi keeps times to the nearest slot of its rate.
  const even = (side: number) => side + (side % 2);
  const sized = frame.width === even(script.width) && frame.height === even(script.height);
  return sized && Math.abs(frame.pts - time) <= 0.75 / script.rate;
}

function isThatPicture(frame: Frame, drawn: RgbImage | undefined): boolean {
  if (drawn === undefined) return false;
  const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
  const seen = frame.rgb(whole, frame.width, frame.height);
  let sum = 0;
  for (let top = 0; top < drawn.height; top += BLOCK) {
    for (let left = 0; left < drawn.width; left += BLOCK) {
      const block = compareBlock(seen, drawn, left, top);
      if (block.absolute > MOST.block * block.samples) return false;
      if (block.mean > (MOST.blockMean * block.samples) / 3) return false;
      sum += block.absolute;
    }
  }
  return sum <= MOST.picture * drawn.width * drawn.height * 3;
}

/** Sums over a block, cut off at the picture's border: of absolute differences, and the largest of one colour's. */
function compareBlock(
  seen: RgbImage,
  drawn: RgbImage,
  left: number,
  top: number,
): { readonly absolute: number; readonly mean: number; readonly samples: number } {
  const right = Math.min(left + BLOCK, drawn.width);
  const bottom = Math.min(top + BLOCK, drawn.height);
  let [absolute, red, green, blue] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    let a = (y * drawn.width + left) * 3;
    let b = (y * seen.width + left) * 3;
    for (let x = left; x < right; x++, a += 3, b += 3) {
      const r = (drawn.data[a] ?? 0) - (seen.data[b] ?? 0);
      const g = (drawn.data[a + 1] ?? 0) - (seen.data[b + 1] ?? 0);
      const u = (drawn.data[a + 2] ?? 0) - (seen.data[b + 2] ?? 0);
      absolute += Math.abs(r) + Math.abs(g) + Math.abs(u);
      red += r;
      green += g;
      blue += u;
    }
  }
  const mean = Math.max(Math.abs(red), Math.abs(green), Math.abs(blue));
  return { absolute, mean, samples: (right - left) * (bottom - top) * 3 };
}
