import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodecContext, FFmpegError, FormatContext, Frame, Packet } from "node-av";
import { AVMEDIA_TYPE_VIDEO } from "node-av/constants";
import { afterAll, describe, expect, it } from "vitest";
import { CodedError } from "../errors.ts";
import type { RgbImage } from "../frames/frame.ts";
import { H264MemoryWriter } from "./h264-memory.ts";
import { CONTAINERS, H264Writer } from "./h264-writer.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-encoding-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A grey ramp with a bright square that moves with `step`. */
function picture(width: number, height: number, step: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = x >= step * 4 && x < step * 4 + 20 && y >= 10 && y < 30;
      const value = inside ? 230 : 40 + ((x + y) % 100);
      data.fill(value, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return { width, height, data };
}

interface Read {
  readonly streams: number;
  readonly codecType: number;
  readonly metadata: Record<string, string>;
  readonly times: number[];
  readonly keyframes: number[];
  readonly lumas: { width: number; height: number; data: Uint8Array }[];
}

/** Reads a clip back with libav's own decoder. */
function readBack(file: string): Read {
  const format = new FormatContext();
  FFmpegError.throwIfError(format.openInputSync(file), "open");
  FFmpegError.throwIfError(format.findStreamInfoSync(), "describe");
  const { streamIndex, decoder } = format.findBestStream(AVMEDIA_TYPE_VIDEO, -1, -1, true);
  const stream = format.streams[streamIndex];
  if (!stream || !decoder) throw new Error("no video");
  const codec = new CodecContext();
  codec.allocContext3(decoder);
  codec.parametersToContext(stream.codecpar);
  FFmpegError.throwIfError(codec.open2Sync(decoder), "decoder");
  const read: Read = {
    streams: format.nbStreams,
    codecType: stream.codecpar.codecType,
    metadata: { ...format.metadata?.getAll(), ...stream.metadata?.getAll() },
    times: [],
    keyframes: [],
    lumas: [],
  };
  const base = stream.timeBase;
  const start = Number(stream.startTime) * (base.num / base.den);
  const packet = new Packet();
  packet.alloc();
  const frame = new Frame();
  frame.alloc();
  const drain = () => {
    while (codec.receiveFrameSync(frame) >= 0) {
      const at = (Number(frame.bestEffortTimestamp) * base.num) / base.den - start;
      read.times.push(at);
      if (frame.keyFrame) read.keyframes.push(at);
      const plane = frame.data?.[0];
      const stride = frame.linesize[0] ?? 0;
      const data = new Uint8Array(frame.width * frame.height);
      for (let y = 0; y < frame.height; y++) {
        if (plane) data.set(plane.subarray(y * stride, y * stride + frame.width), y * frame.width);
      }
      read.lumas.push({ width: frame.width, height: frame.height, data });
      frame.unref();
    }
  };
  while (format.readFrameSync(packet) >= 0) {
    if (packet.streamIndex === streamIndex) codec.sendPacketSync(packet);
    packet.unref();
    drain();
  }
  codec.sendPacketSync(null);
  drain();
  frame.free();
  packet.free();
  codec.freeContext();
  format.closeInputSync();
  return read;
}

const uneven = [0, 0.04, 0.09, 0.2, 0.233333, 0.5, 1.75, 1.8, 2.5, 4.1];

describe("H264Writer", () => {
  it.each([
    [".mp4", 1 / 90_000],
    [".ts", 1 / 90_000],
    [".mkv", 0.0011],
  ])("keeps uneven times in %s to %d s", (extension, precision) => {
    const file = join(folder, `uneven${extension}`);
    const writer = new H264Writer(file, { width: 160, height: 96 });
    for (const [index, at] of uneven.entries()) writer.write(picture(160, 96, index), at);
    writer.close();
    const read = readBack(file);
    expect(read.times.length).toBe(uneven.length);
    for (const [index, at] of uneven.entries()) {
      expect(Math.abs((read.times[index] ?? Number.NaN) - at), `picture ${index}`).toBeLessThanOrEqual(
        precision,
      );
    }
  });

  it("gives each picture its slot in avi, which knows only a fixed rate", () => {
    const file = join(folder, "fixed.avi");
    const writer = new H264Writer(file, { width: 160, height: 96, nominalRate: 10 });
    for (const at of [0, 0.1, 0.2, 0.3]) writer.write(picture(160, 96, at * 10), at);
    expect(() => writer.write(picture(160, 96, 0), 0.31)).toThrow(RangeError);
    writer.close();
    const read = readBack(file);
    expect(read.times.map((at) => Math.round(at * 10))).toEqual([0, 1, 2, 3]);
  });

  it.each(Object.keys(CONTAINERS))("writes one video track, no sound and no banner in %s", (extension) => {
    const file = join(folder, `plain${extension}`);
    const writer = new H264Writer(file, { width: 64, height: 64 });
    for (let index = 0; index < 5; index++) writer.write(picture(64, 64, index), index / 25);
    writer.close();
    const read = readBack(file);
    expect(read.streams).toBe(1);
    expect(read.codecType).toBe(AVMEDIA_TYPE_VIDEO);
    // Matroska must name its muxer; it says "Lavf" without a version.
    expect(read.metadata["encoder"] ?? "Lavf").toBe("Lavf");
    expect(Object.keys(read.metadata)).not.toContain("creation_time");
    const bytes = readFileSync(file).toString("latin1");
    expect(bytes).not.toMatch(/x264|Lavf\d|Lavc\d|libx264/);
  });

  it("puts the index of an mp4 first", () => {
    const file = join(folder, "fast.mp4");
    const writer = new H264Writer(file, { width: 64, height: 64 });
    for (let index = 0; index < 30; index++) writer.write(picture(64, 64, index), index / 25);
    writer.close();
    const bytes = readFileSync(file).toString("latin1");
    expect(bytes.indexOf("moov")).toBeGreaterThan(0);
    expect(bytes.indexOf("moov")).toBeLessThan(bytes.indexOf("mdat"));
  });

  it("repeats key pictures by time, whatever the rate", () => {
    const file = join(folder, "keys.mp4");
    const writer = new H264Writer(file, { width: 64, height: 64, keyframeEvery: 1 });
    const times = Array.from({ length: 40 }, (_, index) => (index < 20 ? index * 0.04 : index * 0.25));
    for (const [index, at] of times.entries()) writer.write(picture(64, 64, index % 10), at);
    writer.close();
    const { keyframes } = readBack(file);
    expect(keyframes[0]).toBe(0);
    for (let index = 1; index < keyframes.length; index++) {
      const gap = (keyframes[index] ?? 0) - (keyframes[index - 1] ?? 0);
      expect(gap).toBeGreaterThanOrEqual(0.999);
    }
    expect(keyframes.length).toBeGreaterThan(5);
  });

  it.each([
    [65, 49, 66, 50],
    [64, 49, 64, 50],
    [33, 64, 34, 64],
  ])("rounds %dx%d up to %dx%d by repeating the edge", (width, height, evenWidth, evenHeight) => {
    const file = join(folder, `odd-${width}x${height}.mp4`);
    const writer = new H264Writer(file, { width, height, crf: 1 });
    expect([writer.width, writer.height]).toEqual([evenWidth, evenHeight]);
    writer.write(picture(width, height, 0), 0);
    writer.close();
    const luma = readBack(file).lumas[0];
    expect([luma?.width, luma?.height]).toEqual([evenWidth, evenHeight]);
    const at = (x: number, y: number) => luma?.data[y * evenWidth + x] ?? 0;
    for (let y = 0; y < height; y += 7)
      expect(Math.abs(at(evenWidth - 1, y) - at(width - 1, y))).toBeLessThan(12);
    for (let x = 0; x < width; x += 7)
      expect(Math.abs(at(x, evenHeight - 1) - at(x, height - 1))).toBeLessThan(12);
  });

  it("shows the pictures it was given, from RGB and from I420 alike", () => {
    const width = 96;
    const height = 64;
    const grey = new Uint8Array(width * height).map((_, index) => 16 + (index % width) * 2);
    const chroma = new Uint8Array((width / 2) * (height / 2)).fill(128);
    const file = join(folder, "planes.mp4");
    const planes = new H264Writer(file, { width, height, crf: 1 });
    planes.write({ width, height, y: grey, u: chroma, v: chroma }, 0);
    planes.close();
    const back = readBack(file).lumas[0]?.data ?? new Uint8Array();
    const error =
      grey.reduce((sum, value, index) => sum + Math.abs(value - (back[index] ?? 0)), 0) / grey.length;
    expect(error).toBeLessThan(1.5);

    const rgbFile = join(folder, "rgb.mp4");
    const rgb = new H264Writer(rgbFile, { width, height, crf: 1 });
    const data = new Uint8Array(width * height * 3).fill(180);
    rgb.write({ width, height, data }, 0);
    rgb.close();
    const luma = readBack(rgbFile).lumas[0]?.data ?? new Uint8Array();
    // BT.601 limited range: 16 + 219 * 180 / 255 = 170.6
    expect(luma.reduce((sum, value) => sum + value, 0) / luma.length).toBeCloseTo(170.6, -0.5);
  });

  it("gives the same bytes for the same pictures, and keeps times with B pictures", () => {
    const write = (name: string) => {
      const file = join(folder, name);
      const writer = new H264Writer(file, { width: 128, height: 80, bFrames: 2, threads: 2 });
      for (let index = 0; index < 20; index++) writer.write(picture(128, 80, index), index / 15);
      writer.close();
      return file;
    };
    const first = write("same-1.mp4");
    expect(readFileSync(first).equals(readFileSync(write("same-2.mp4")))).toBe(true);
    const { times } = readBack(first);
    for (const [index, at] of times.entries()) expect(at).toBeCloseTo(index / 15, 4);
    expect(times.length).toBe(20);
  });

  it.each([
    ["an unknown extension", () => join(folder, "clip.gif")],
    ["a folder that is not there", () => join(folder, "nowhere", "clip.mp4")],
    [
      "a path through a file",
      () => {
        writeFileSync(join(folder, "plain-file"), "x");
        return join(folder, "plain-file", "clip.mp4");
      },
    ],
  ])("says what is wrong with %s", (_what, path) => {
    const file = path();
    let thrown: unknown;
    try {
      new H264Writer(file, { width: 64, height: 64 });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CodedError);
    expect((thrown as CodedError).code).toBe("VIDEO_NOT_WRITTEN");
    expect((thrown as CodedError).message).toContain(file);
  });

  it.each([
    [{ width: 8, height: 64 }, /width must be between 16 and 8192, not 8/],
    [{ width: 64.5, height: 64 }, /width must be a whole number/],
    [{ width: 64, height: 64, crf: 60 }, /crf must be between 0 and 51, not 60/],
    [{ width: 64, height: 64, nominalRate: 0 }, /nominalRate must be between/],
  ])("refuses %o", (options, message) => {
    expect(() => new H264Writer(join(folder, "refused.mp4"), options)).toThrow(message);
  });

  it("refuses a picture of another size, a time that does not increase, and a write after close", () => {
    const writer = new H264Writer(join(folder, "misuse.mp4"), { width: 64, height: 64 });
    writer.write(picture(64, 64, 0), 1);
    expect(() => writer.write(picture(32, 64, 0), 2)).toThrow(/image must be 64x64/);
    expect(() => writer.write(picture(64, 64, 0), 1)).toThrow(/pts must increase/);
    expect(() => writer.write(picture(64, 64, 0), Number.NaN)).toThrow(/pts must increase/);
    writer.close();
    writer.close();
    expect(() => writer.write(picture(64, 64, 0), 3)).toThrow(/after close/);
  });

  it("removes what it began when it gives up", () => {
    const file = join(folder, "aborted.mp4");
    const writer = new H264Writer(file, { width: 64, height: 64 });
    writer.write(picture(64, 64, 0), 0);
    writer.abort();
    writer.abort();
    expect(() => readFileSync(file)).toThrow(/ENOENT/);
  });
});

describe("H264MemoryWriter", () => {
  it("gives an mp4 that reads like the one on disk, its index first", async () => {
    const disk = new H264Writer(join(folder, "disk.mp4"), { width: 160, height: 96 });
    const memory = new H264MemoryWriter({ width: 160, height: 96 });
    for (const [index, at] of uneven.entries()) {
      disk.write(picture(160, 96, index), at);
      memory.write(picture(160, 96, index), at);
    }
    disk.close();
    const bytes = await memory.finish();
    const text = Buffer.from(bytes).toString("latin1");
    expect(text.indexOf("moov")).toBeLessThan(text.indexOf("mdat"));
    expect(text).not.toMatch(/x264|Lavf\d/);
    const file = join(folder, "memory.mp4");
    writeFileSync(file, bytes);
    const fromMemory = readBack(file);
    const fromDisk = readBack(join(folder, "disk.mp4"));
    expect(fromMemory.times).toEqual(fromDisk.times);
    expect(fromMemory.lumas).toEqual(fromDisk.lumas);
    await expect(memory.finish()).rejects.toThrow(/twice/);
  });

  it("holds a clip of some seconds with many pictures", async () => {
    const memory = new H264MemoryWriter({ width: 64, height: 64 });
    for (let index = 0; index < 300; index++) memory.write(picture(64, 64, index % 12), index / 30);
    const file = join(folder, "long.mp4");
    writeFileSync(file, await memory.finish());
    expect(readBack(file).times.length).toBe(300);
  });
});
