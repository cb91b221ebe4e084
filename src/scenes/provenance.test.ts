import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Canvas, writeClip } from "../../test/support/clip.ts";
import { H264Writer } from "../encoding/h264-writer.ts";
import type { RgbImage } from "../frames/frame.ts";
import { createSource } from "../sources/open-source.ts";
import { systemClock } from "../time/clock.ts";
import { prepareScene } from "./catalogue.ts";
import { provenance } from "./provenance.ts";
import { formatRecipe, recipeOf } from "./recipe.ts";
import { frameTimes, renderScene } from "./render.ts";
import type { SceneScript } from "./script.ts";
import { writeScene } from "./write.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-provenance-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = { width: 320, height: 180, rate: 8, seconds: 4 } as const;
const SCRIPT = prepareScene("plaza-intrusion", 1, SMALL);
const COMMENT = comment(SCRIPT);
const DRAWN = [...renderScene(SCRIPT)].map((frame) => frame.image);
const OTHER = [...renderScene(prepareScene("road-traffic", 5, SMALL))].map((frame) => frame.image);
/** The choices of a picture in each stretch: whoever makes a file foresees none of them. */
const CHOICES = [() => 0, () => 0.5, () => 0.999, Math.random, Math.random];
let made = 0;

function comment(script: SceneScript): string {
  const recipe = recipeOf(script);
  if (recipe === null) throw new Error("the scene is of the catalogue");
  return formatRecipe(recipe);
}

interface Forged {
  readonly pictures?: readonly RgbImage[];
  readonly times?: readonly number[];
  readonly comment?: string | null;
  readonly crf?: number;
}

/** A clip that claims to be the scene. */
function forge({
  pictures = DRAWN,
  times = frameTimes(SCRIPT),
  comment = COMMENT,
  crf = 23,
}: Forged): string {
  const path = join(folder, `${++made}.mp4`);
  const [first] = pictures;
  if (first === undefined) throw new Error("a clip has a picture");
  const { width, height } = first;
  const writer = new H264Writer(path, { width, height, crf, ...(comment === null ? {} : { comment }) });
  for (const [index, picture] of pictures.entries())
    writer.write(picture, times[index] ?? index / SMALL.rate);
  writer.close();
  return path;
}

async function expectRecording(path: string): Promise<void> {
  for (const random of CHOICES) expect(await provenance(path, random)).toEqual({ kind: "recording" });
}

describe("what was drawn", () => {
  test.each([".mp4", ".mkv", ".avi"] as const)("is rendered, in %s", async (container) => {
    const { video } = writeScene(SCRIPT, join(folder, "drawn"), { container });
    for (const random of CHOICES) {
      expect(await provenance(video, random)).toEqual({
        kind: "rendered",
        scene: "plaza-intrusion",
        seed: 1,
      });
    }
  });

  // One of each place and of each thing that is drawn in a way of its own. Not of the boards of one strong colour
  // (marker-…), whose edges video cannot keep: those scenes may count as recordings.
  const known = [
    ...(["plaza-busy", "plaza-shake", "plaza-rain", "plaza-moved", "plaza-nightfall"] as const),
    ...(["platform-edge", "corridor-wrong-way", "road-traffic", "hall-crowd", "room-fall"] as const),
    ...(["plaza-smoke", "plaza-evening", "road-fire", "square-surge", "concourse-left"] as const),
    ...(["plaza-fire-rounds", "evening-rounds"] as const),
  ];
  test.each(known)("is rendered: %s", async (name) => {
    const { video } = writeScene(prepareScene(name, 7, { ...SMALL, seconds: 1 }), folder);
    expect(await provenance(video)).toEqual({ kind: "rendered", scene: name, seed: 7 });
  });

  test("at night in the rain with paint, odd sides and uneven times", async () => {
    const options = {
      ...SMALL,
      width: 321,
      height: 181,
      light: "night",
      rain: 0.8,
      timeJitter: 0.5,
      painted: true,
    } as const;
    const { video } = writeScene(prepareScene("platform-edge", 2, options), folder, { id: "odd" });
    expect(await provenance(video)).toMatchObject({ kind: "rendered", scene: "platform-edge" });
  });

  test("and compressed more strongly, or cut off before its end, still is", async () => {
    expect(await provenance(forge({ crf: 28 }))).toMatchObject({ kind: "rendered" });
    expect(await provenance(forge({ pictures: DRAWN.slice(0, 20) }))).toMatchObject({ kind: "rendered" });
  });

  test("a scene of one's own is not of the catalogue: it carries no claim", async () => {
    const { video } = writeScene({ ...SCRIPT, actors: SCRIPT.actors.slice(1) }, folder, { id: "own" });
    await expectRecording(video);
  });
});

describe("what only claims to be drawn is a recording", () => {
  test("without the claim", async () => {
    await expectRecording(forge({ comment: null }));
    const { video } = writeScene(SCRIPT, join(folder, "ts"), { container: ".ts" });
    await expectRecording(video);
  });

  test("other pictures with the same claim", async () => {
    await expectRecording(forge({ pictures: OTHER }));
  });

  test("the same scene with other people", async () => {
    const others = [...renderScene(prepareScene("plaza-intrusion", 2, SMALL))].map((frame) => frame.image);
    await expectRecording(forge({ pictures: others }));
  });

  test.each([0, 3, 6, 11, 17, 23])("foreign pictures for a second, from picture %i on", async (from) => {
    const spliced = DRAWN.map((picture, index) =>
      index >= from && index < from + SMALL.rate + 1 ? (OTHER[index] ?? picture) : picture,
    );
    await expectRecording(forge({ pictures: spliced }));
  });

  test("somebody small who was put into the pictures, for a second", async () => {
    const spliced = DRAWN.map((picture, index) =>
      index >= 8 && index < 17 ? withSomebody(picture) : picture,
    );
    await expectRecording(forge({ pictures: spliced }));
  });

  test("pictures after the scene's end, in another order, twice, at other times, in another size", async () => {
    await expectRecording(forge({ pictures: [...DRAWN, ...OTHER.slice(0, 2)], times: [] }));
    await expectRecording(forge({ pictures: DRAWN.toReversed() }));
    await expectRecording(forge({ pictures: DRAWN.flatMap((picture) => [picture, picture]), times: [] }));
    await expectRecording(forge({ times: frameTimes(SCRIPT).map((time) => 2 * time) }));
    const large = prepareScene("plaza-intrusion", 1, { ...SMALL, width: 640, height: 360 });
    await expectRecording(forge({ comment: comment(large) }));
  });

  test("a second track", async () => {
    const clip = (name: string, sound: boolean) => {
      const path = join(folder, name);
      writeClip({
        path,
        format: "matroska",
        ...SMALL,
        frames: DRAWN.length,
        sound,
        metadata: { comment: COMMENT },
        draw: (canvas, index) => paint(canvas, DRAWN[index]),
      });
      return path;
    };
    expect(await provenance(clip("silent.mkv", false))).toMatchObject({ kind: "rendered" });
    await expectRecording(clip("sound.mkv", true));
  });

  test("what is no video file at all", async () => {
    const text = join(folder, "text.mp4");
    writeFileSync(text, COMMENT);
    mkdirSync(join(folder, "images"));
    const { video } = writeScene(SCRIPT, join(folder, "cut"));
    const half = join(folder, "half.mkv");
    writeFileSync(half, "");
    for (const path of [
      text,
      half,
      join(folder, "images"),
      join(folder, "missing.mp4"),
      "rtsp://127.0.0.1:1/stream",
      "/dev/null",
      `${video}/below`,
    ]) {
      await expectRecording(path);
    }
  });
});

describe("the claim changes nothing else", () => {
  test.each([
    "plaza-idle",
    "road-traffic",
    "hall-crowd",
  ])("%s: the same pictures at the same times", async (name) => {
    const script = prepareScene(name, 1, { width: 160, height: 90, rate: 6, seconds: 1 });
    const { video } = writeScene(script, folder, { id: `${name}-claimed` });
    const plain = join(folder, `${name}-plain.mp4`);
    const writer = new H264Writer(plain, { width: 160, height: 90, nominalRate: 6, crf: 23 });
    for (const frame of renderScene(script)) writer.write(frame.image, frame.pts);
    writer.close();
    const decoded = await picturesOf(video);
    expect(decoded).toHaveLength(6);
    expect(decoded).toEqual(await picturesOf(plain));
  });

  test.each([
    "plaza-shake",
    "plaza-rain",
    "plaza-moved",
    "road-traffic",
    "plaza-nightfall",
  ])("%s: a picture drawn alone is the one of the whole", (name) => {
    const script = prepareScene(name, 3, SMALL);
    const whole = [...renderScene(script)];
    const some = [2, 9, 10, 30];
    const alone = [...renderScene(script, new Set(some))];
    expect(alone.map((frame) => frame.pts)).toEqual(some.map((index) => whole[index]?.pts));
    for (const [at, index] of some.entries()) {
      expect(alone[at]?.image.data.every((value, byte) => value === whole[index]?.image.data[byte])).toBe(
        true,
      );
    }
  });
});

async function picturesOf(file: string): Promise<readonly { pts: number; rgb: string }[]> {
  const source = createSource(file, {
    clock: systemClock,
    realtime: false,
    startedAt: null,
    transport: "tcp",
    decoderThreads: 1,
    queueFrames: 8,
  });
  await source.open();
  const pictures: { pts: number; rgb: string }[] = [];
  for await (const item of source.items()) {
    if (item.kind !== "frame") continue;
    const { width, height, pts } = item.frame;
    const { data } = item.frame.rgb({ x: 0, y: 0, width, height }, width, height);
    pictures.push({ pts, rgb: Buffer.from(data).toString("base64") });
    item.frame.release();
  }
  await source.close();
  return pictures;
}

/** A dark figure of 8x24 px with a light head. */
function withSomebody({ width, height, data }: RgbImage): RgbImage {
  const changed = data.slice();
  for (let y = 100; y < 124; y++) {
    for (let x = 150; x < 158; x++)
      changed.fill(y < 106 ? 210 : 35, (y * width + x) * 3, (y * width + x + 1) * 3);
  }
  return { width, height, data: changed };
}

/** BT.601, limited range; the chroma of each second pixel of each second row. */
function paint(canvas: Canvas, image: RgbImage | undefined): void {
  if (image === undefined) return;
  const half = canvas.width / 2;
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const at = (y * canvas.width + x) * 3;
      const [r, g, b] = [image.data[at] ?? 0, image.data[at + 1] ?? 0, image.data[at + 2] ?? 0];
      canvas.y[y * canvas.width + x] = Math.round(16 + 0.257 * r + 0.504 * g + 0.098 * b);
      if (x % 2 === 1 || y % 2 === 1) continue;
      canvas.u[(y / 2) * half + x / 2] = Math.round(128 - 0.148 * r - 0.291 * g + 0.439 * b);
      canvas.v[(y / 2) * half + x / 2] = Math.round(128 + 0.439 * r - 0.368 * g - 0.071 * b);
    }
  }
}
