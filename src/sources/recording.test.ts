import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClipOptions, writeClip } from "../../test/support/clip.ts";
import type { HealthEvent } from "../frames/health.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { createSource } from "./open-source.ts";
import type { Source, SourceOptions } from "./source.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-recordings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS: SourceOptions = {
  clock: systemClock,
  realtime: false,
  startedAt: null,
  transport: "tcp",
  decoderThreads: 1,
  queueFrames: 4,
};

interface Seen {
  readonly times: number[];
  readonly clocks: number[];
  readonly sizes: string[];
  readonly health: HealthEvent[];
}

async function readAll(source: Source): Promise<Seen> {
  const seen: Seen = { times: [], clocks: [], sizes: [], health: [] };
  for await (const item of source.items()) {
    if (item.kind === "health") {
      seen.health.push(item.health);
      continue;
    }
    seen.times.push(item.frame.pts);
    seen.clocks.push(item.frame.wallClock);
    seen.sizes.push(`${item.frame.width}x${item.frame.height}`);
    item.frame.release();
  }
  return seen;
}

async function read(path: string, options: Partial<SourceOptions> = {}): Promise<Seen> {
  const source = createSource(path, { ...OPTIONS, ...options });
  await source.open();
  return readAll(source);
}

function clip(name: string, options: Omit<ClipOptions, "path">): string {
  const path = join(folder, name);
  writeClip({ path, ...options });
  return path;
}

/** A copy of a file, changed. */
function changed(path: string, name: string, change: (bytes: Buffer) => Buffer): string {
  const copy = join(folder, name);
  writeFileSync(copy, change(readFileSync(path)));
  return copy;
}

/** A quarter of a second of silence. */
function wave(): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF");
  header.writeUInt32LE(36 + 4000, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(4000, 40);
  return Buffer.concat([header, Buffer.alloc(4000)]);
}

describe("a recording that cannot be opened", () => {
  const cases: readonly [string, string, () => string][] = [
    ["a file that is not there", "SOURCE_NOT_FOUND", () => join(folder, "nothing.mp4")],
    [
      "an empty file",
      "SOURCE_EMPTY",
      () => changed(import.meta.filename, "empty.mp4", () => Buffer.alloc(0)),
    ],
    ["a text", "SOURCE_FORMAT", () => changed(import.meta.filename, "text.txt", (bytes) => bytes)],
    ["a text named mp4", "SOURCE_FORMAT", () => changed(import.meta.filename, "text.mp4", (bytes) => bytes)],
    [
      "an mp4 cut before its index",
      "SOURCE_FORMAT",
      () =>
        changed(clip("a.mp4", { format: "mp4" }), "cut.mp4", (bytes) => bytes.subarray(0, bytes.length / 2)),
    ],
    ["sound alone", "SOURCE_NO_VIDEO", () => changed(import.meta.filename, "sound.wav", wave)],
    [
      "pictures that are all blanked",
      "SOURCE_NO_PICTURE",
      () =>
        changed(clip("b.mp4", { format: "mp4" }), "blank.mp4", (bytes) => {
          const data = bytes.indexOf("mdat") + 4;
          return bytes.fill(0, data, bytes.indexOf("moov") - 4);
        }),
    ],
    [
      "a folder without images",
      "SOURCE_NO_IMAGES",
      () => {
        mkdirSync(join(folder, "texts"), { recursive: true });
        copyFileSync(import.meta.filename, join(folder, "texts", "readme.txt"));
        return join(folder, "texts");
      },
    ],
    [
      "a pipe that nobody writes to",
      "SOURCE_ADDRESS",
      () => {
        execFileSync("mkfifo", [join(folder, "pipe.mp4")]);
        return join(folder, "pipe.mp4");
      },
    ],
    ["a camera device that is not there", "SOURCE_NOT_FOUND", () => "/dev/video99"],
  ];

  it.each(cases)("%s: %s, with what to do", async (_, code, make) => {
    const address = make();
    const error = await createSource(address, OPTIONS)
      .open()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringContaining(address) });
    expect(error).toHaveProperty("help", expect.stringMatching(/\w{3,}.*\.$/));
  });
});

describe("a damaged recording", () => {
  it.each([
    ["mp4", { format: "mp4", muxer: { movflags: "faststart" } }],
    ["mkv", { format: "matroska" }],
    ["avi", { format: "avi", codec: "mpeg4" }],
  ] as const)("cut short (%s): its pictures, then stream_damaged, then ended", async (extension, options) => {
    const whole = clip(`whole.${extension}`, { ...options, frames: 60, gop: 5 });
    const cut = changed(whole, `short.${extension}`, (bytes) => bytes.subarray(0, bytes.length * 0.6));
    const { times, health } = await read(cut);
    expect(times.length).toBeGreaterThan(10);
    expect(times.length).toBeLessThan(60);
    const kinds = health.map(({ kind, code }) => `${kind} ${code}`);
    expect(kinds.slice(-2)).toEqual(["stream_damaged SOURCE_TRUNCATED", "ended null"]);
    expect(await read(whole)).toMatchObject({ health: [{ kind: "ended" }] });
  });

  it("cut within a packet of a transport stream: stream_damaged, then ended", async () => {
    const whole = clip("whole.ts", { format: "mpegts", frames: 60, gop: 5 });
    const cut = changed(whole, "short.ts", (bytes) =>
      bytes.subarray(0, 188 * Math.floor(bytes.length / 376) - 60),
    );
    const { times, health } = await read(cut);
    expect(times.length).toBeGreaterThan(10);
    expect(health.at(-1)?.kind).toBe("ended");
  });

  it("goes on past damaged packets, and counts them at most once a second", async () => {
    const whole = clip("long.ts", { format: "mpegts", frames: 100, gop: 5 });
    const scratched = changed(whole, "scratched.ts", (bytes) => {
      for (let at = 4000; at < bytes.length; at += 700) bytes[at] = (bytes[at] ?? 0) ^ 0x55;
      return bytes;
    });
    const still: Clock = { ...systemClock, monotonic: () => 5 };
    const { times, health } = await read(scratched, { clock: still });
    expect(times.length).toBeGreaterThan(60);
    expect(times.at(-1)).toBeGreaterThan(9);
    // One at the first, and the rest of the count at the end: the clock stands.
    const damage = health.filter(({ kind }) => kind === "stream_damaged");
    expect(damage.map(({ code }) => code)).toEqual(["SOURCE_DAMAGED", "SOURCE_DAMAGED"]);
    expect(damage[1]?.count).toBeGreaterThan(2);
    expect(health.at(-1)?.kind).toBe("ended");
  });

  it("tells of a picture that changes its size, and goes on", async () => {
    const small = clip("small.h264", { format: "h264", frames: 8 });
    const large = clip("large.h264", { format: "h264", frames: 8, width: 320, height: 240 });
    const both = changed(small, "both.h264", (bytes) => Buffer.concat([bytes, readFileSync(large)]));
    const source = createSource(both, OPTIONS);
    await source.open();
    const widths: number[] = [];
    const health: HealthEvent[] = [];
    for await (const item of source.items()) {
      if (item.kind === "health") {
        health.push(item.health);
        continue;
      }
      expect(item.frame.luma().width).toBe(Math.min(320, item.frame.width));
      widths.push(item.frame.width);
      item.frame.release();
    }
    expect(widths).toEqual([...Array(8).fill(160), ...Array(8).fill(320)]);
    expect(health).toMatchObject([
      {
        kind: "stream_damaged",
        code: "SOURCE_RESIZED",
        detail: expect.stringContaining("160x120 to 320x240"),
      },
      { kind: "ended" },
    ]);
  });
});

describe("times of a recording", () => {
  it.each([
    ["mp4", 9],
    ["matroska", 3],
  ] as const)("keeps a variable rate exactly (%s)", async (format, digits) => {
    const at = [0, 0.04, 0.05, 0.5, 0.9, 2, 2.001, 2.5, 7, 7.2];
    const path = clip(`variable.${format}`, { format, frames: at.length, bFrames: 2, at: (i) => at[i] ?? 0 });
    const { times } = await read(path);
    expect(times).toHaveLength(at.length);
    times.forEach((time, index) => {
      expect(time).toBeCloseTo(at[index] ?? 0, digits);
    });
  });

  it("takes the wall clock from the configuration, else from the file, else from now", async () => {
    const created = "2021-05-06T07:08:09.000000Z";
    const path = clip("created.mp4", { format: "mp4", frames: 3, metadata: { creation_time: created } });
    const plain = clip("plain.mp4", { format: "mp4", frames: 3 });
    const clock: Clock = { ...systemClock, now: () => 77_000 };
    expect((await read(path, { startedAt: 1000 })).clocks).toEqual([1000, 1100, 1200]);
    expect((await read(path, { clock })).clocks[1]).toBe(Date.parse(created) + 100);
    expect((await read(plain, { clock })).clocks).toEqual([77_000, 77_100, 77_200]);
  });

  it("paces a recording by the clock where that is asked for", async () => {
    let time = 50;
    const waits: number[] = [];
    const clock: Clock = {
      now: () => 0,
      monotonic: () => time,
      sleep: async (seconds) => {
        waits.push(seconds);
        time += seconds;
      },
    };
    const { times } = await read(clip("paced.mp4", { format: "mp4", frames: 20 }), { clock, realtime: true });
    expect(times).toHaveLength(20);
    expect(time).toBeCloseTo(51.9, 6);
    for (const wait of waits) expect(wait).toBeCloseTo(0.1, 6);
  });

  it("gives the same pictures with several decoder threads", async () => {
    const path = clip("threads.mp4", { format: "mp4", frames: 40, bFrames: 2 });
    expect((await read(path, { decoderThreads: 3 })).times).toEqual((await read(path)).times);
  });
});

describe("reading as fast as the machine goes", () => {
  let path = "";
  beforeAll(() => {
    path = clip("long.mp4", { format: "mp4", frames: 300, width: 640, height: 360 });
  });

  it("lets timers run, and ends promptly when one closes it", async () => {
    const source = createSource(path, OPTIONS);
    await source.open();
    let ticks = 0;
    const timer = setInterval(() => {
      if (++ticks === 1) void source.close();
    }, 1);
    const { times, health } = await readAll(source);
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(1);
    expect(times.length).toBeLessThan(300);
    expect(health).toEqual([]);
  });

  it("frees everything when the consumer breaks off", async () => {
    const source = createSource(path, OPTIONS);
    await source.open();
    for await (const item of source.items()) {
      if (item.kind === "frame") item.frame.release();
      break;
    }
    expect(await source.items().next()).toEqual({ done: true, value: undefined });
    await expect(source.open()).rejects.toMatchObject({ code: "SOURCE_CLOSED" });
  });
});

describe("a folder of images", () => {
  it("reads them in natural order at the given rate, past one that is damaged", async () => {
    const images = join(folder, "images");
    mkdirSync(images);
    clip("images/shot-%d.jpg", {
      format: "image2",
      codec: "mjpeg",
      frames: 12,
      draw: (canvas, i) => canvas.y.fill(20 * i),
    });
    // As a camera names them, and one of another format; the eleventh is no image.
    renameSync(join(images, "shot-1.jpg"), join(images, "Shot-1.JPG"));
    writeFileSync(join(images, "shot-11.jpg"), "no image");
    writeFileSync(join(images, "notes.txt"), "not one of them");
    const source = createSource(images, OPTIONS, { imageRate: 4 });
    expect(await source.open()).toMatchObject({ codec: "images", nominalRate: 4, duration: 3, live: false });
    const levels: number[] = [];
    const times: number[] = [];
    const health: HealthEvent[] = [];
    for await (const item of source.items()) {
      if (item.kind === "health") {
        health.push(item.health);
        continue;
      }
      levels.push(item.frame.luma().data[500] ?? 0);
      times.push(item.frame.pts);
      item.frame.release();
    }
    expect(times).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11].map((index) => index / 4));
    expect(levels).toEqual(levels.toSorted((a, b) => a - b));
    expect(health).toMatchObject([{ kind: "stream_damaged", count: 1 }, { kind: "ended" }]);
  });
});
