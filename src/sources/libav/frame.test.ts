import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Canvas, type ClipOptions, drawMovingSquare, writeClip } from "../../../test/support/clip.ts";
import { analysisSize, type Frame } from "../../frames/frame.ts";
import { systemClock } from "../../time/clock.ts";
import { createSource } from "../open-source.ts";

const folder = mkdtempSync(join(tmpdir(), "contrechamp-frames-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS = {
  clock: systemClock,
  realtime: false,
  startedAt: 0,
  transport: "tcp",
  decoderThreads: 1,
  motionVectors: true,
  queueFrames: 4,
} as const;
let clips = 0;

/** Looks at every picture of a clip. */
async function watch(clip: Omit<ClipOptions, "path" | "format">, see: (frame: Frame) => void): Promise<void> {
  const path = join(folder, `clip-${clips++}.mp4`);
  writeClip({ path, format: "mp4", ...clip });
  const source = createSource(path, OPTIONS);
  await source.open();
  for await (const item of source.items()) {
    if (item.kind !== "frame") continue;
    see(item.frame);
    item.frame.release();
  }
}

/** A block of one luma and chroma in the given corner, black elsewhere. */
function drawCorner(
  canvas: Canvas,
  yuv: readonly [number, number, number],
  right: boolean,
  low: boolean,
): void {
  const { width, height } = canvas;
  [canvas.y, canvas.u, canvas.v].forEach((plane, channel) => {
    const w = channel === 0 ? width : width / 2;
    const h = channel === 0 ? height : height / 2;
    plane.fill(channel === 0 ? 16 : 128);
    for (let y = low ? h / 2 : 0; y < (low ? h : h / 2); y++) {
      plane.fill(yuv[channel] ?? 0, y * w + (right ? w / 2 : 0), y * w + (right ? w : w / 2));
    }
  });
}

describe("LibavFrame", () => {
  it.each([
    [0, "left", "top"],
    [90, "right", "top"],
    [180, "right", "bottom"],
    [270, "left", "bottom"],
  ] as const)("shows a picture turned by %d degrees upright: luma and colour", async (rotation, x, y) => {
    const draw = (canvas: Canvas) => drawCorner(canvas, [145, 54, 34], false, false);
    await watch({ width: 320, height: 192, frames: 2, rotation, draw }, (frame) => {
      const sideways = rotation === 90 || rotation === 270;
      expect([frame.width, frame.height]).toEqual(sideways ? [192, 320] : [320, 192]);
      const luma = frame.luma();
      const at = (u: number, v: number) =>
        luma.data[Math.floor(v * luma.height) * luma.width + Math.floor(u * luma.width)] ?? 0;
      const [u, v] = [x === "left" ? 0.25 : 0.75, y === "top" ? 0.25 : 0.75];
      expect(at(u, v)).toBeCloseTo(145, -1);
      expect(at(1 - u, 1 - v)).toBeLessThan(30);
      expect(at(1 - u, v)).toBeLessThan(30);
      // The lit corner alone, cut out of the picture as it is shown.
      const half = { width: frame.width / 2, height: frame.height / 2 };
      const box = { x: x === "left" ? 0 : half.width, y: y === "top" ? 0 : half.height, ...half };
      const { data } = frame.rgb(box, 16, 16);
      const centre = 3 * (8 * 16 + 8);
      expect(data[centre + 1]).toBeGreaterThan(220);
      expect(data[centre]).toBeLessThan(40);
    });
  });

  // Codes of green (0, 255, 0), from the matrices of ITU-R BT.601 and BT.709.
  it.each([
    ["bt601", false, [145, 54, 34]],
    ["bt709", false, [173, 42, 26]],
    ["bt601", true, [150, 44, 21]],
  ] as const)("turns %s colour, full range %s, into RGB", async (colour, fullRange, yuv) => {
    const draw = (canvas: Canvas) => {
      canvas.y.fill(yuv[0]);
      canvas.u.fill(yuv[1]);
      canvas.v.fill(yuv[2]);
    };
    await watch({ width: 320, height: 180, frames: 2, colour, fullRange, draw }, (frame) => {
      const { data } = frame.rgb({ x: 10, y: 10, width: 100, height: 80 }, 20, 16);
      const [red = 0, green = 0, blue = 0] = data.subarray(90, 93);
      expect(red).toBeLessThan(6);
      expect(green).toBeGreaterThan(249);
      expect(blue).toBeLessThan(6);
    });
  });

  it("cuts the region that is asked for, at odd places and to the very edge", async () => {
    // Luma grows by one a column and by a half a row: each pixel's place can be read off its value.
    const draw = ({ width, height, y, u, v }: Canvas) => {
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) y[row * width + column] = 16 + column + (row >> 1);
      }
      u.fill(128);
      v.fill(128);
    };
    await watch({ width: 160, height: 118, frames: 1, encoder: { crf: "1" }, draw }, (frame) => {
      for (const region of [
        { x: 0, y: 0, width: 160, height: 118 },
        { x: 33, y: 21, width: 40, height: 30 },
        { x: 120, y: 88, width: 40, height: 30 },
        { x: 101.5, y: 50.2, width: 20.7, height: 15.1 },
      ]) {
        const { data } = frame.rgb(region, 8, 6);
        const luma = (column: number, row: number) => {
          const value = data[3 * (row * 8 + column)] ?? 0;
          return 16 + (value * 219) / 255;
        };
        for (const [column, row] of [
          [0, 0],
          [7, 5],
          [3, 2],
        ] as const) {
          const x = region.x + ((column + 0.5) / 8) * region.width;
          const y = region.y + ((row + 0.5) / 6) * region.height;
          // Two pixels of rounding to whole chroma samples, and the codec's own error.
          expect(Math.abs(luma(column, row) - (16 + x - 0.5 + (y - 0.5) / 2))).toBeLessThan(5);
        }
      }
    });
  });

  it.each([
    [0, [3, 2]],
    [90, [-2, 3]],
    [180, [-3, -2]],
    [270, [2, -3]],
  ] as const)("gives the motion of a texture, turned by %d degrees", async (rotation, expected) => {
    // Panned by (3, 2) a picture: without B-frames and with one reference each vector spans one picture.
    const draw = ({ width, height, y, u, v }: Canvas, index: number) => {
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const [s, t] = [column - 3 * index, row - 2 * index];
          y[row * width + column] =
            128 + 50 * Math.sin(s * 0.31 + Math.sin(t * 0.11) * 3) + 40 * Math.cos(t * 0.23 + s * 0.05);
        }
      }
      u.fill(128);
      v.fill(128);
    };
    const medians: [number, number][] = [];
    await watch({ width: 320, height: 192, frames: 6, rotation, draw, encoder: { refs: "1" } }, (frame) => {
      const vectors = frame.motionVectors();
      if (vectors === null) return;
      expect(vectors.count).toBeGreaterThan(50);
      medians.push([median(vectors.dx), median(vectors.dy)]);
      expect(Math.max(...vectors.x)).toBeLessThanOrEqual(frame.width);
      expect(Math.max(...vectors.y)).toBeLessThanOrEqual(frame.height);
    });
    expect(medians.length).toBeGreaterThanOrEqual(4);
    for (const [dx, dy] of medians) {
      expect(dx).toBeCloseTo(expected[0], 0);
      expect(dy).toBeCloseTo(expected[1], 0);
    }
  });

  it.each([
    [0, 4 / 3],
    [90, 3 / 4],
  ] as const)("gives the pixel aspect of a picture turned by %d degrees", async (rotation, aspect) => {
    await watch({ frames: 2, pixelAspect: [4, 3], rotation }, (frame) => {
      expect(frame.pixelAspect).toBeCloseTo(aspect, 9);
    });
  });

  it("scales luma by averaging", async () => {
    const draw = ({ width, height, y, u, v }: Canvas) => {
      for (let i = 0; i < width * height; i++) y[i] = i % 2 === 0 ? 60 : 180;
      u.fill(128);
      v.fill(128);
    };
    await watch({ width: 768, height: 432, frames: 1, draw, encoder: { crf: "1" } }, (frame) => {
      const { width, height, data } = frame.luma();
      expect({ width, height }).toEqual(analysisSize(768, 432));
      for (const sample of data) expect(Math.abs(sample - 120)).toBeLessThan(8);
    });
  });

  it("does not grow over thousands of pictures", async () => {
    const rounds = 5;
    const sizes: number[] = [];
    const path = join(folder, "long.mp4");
    writeClip({ path, format: "mp4", width: 640, height: 360, frames: 400, draw: drawMovingSquare });
    for (let round = 0; round < rounds; round++) {
      const source = createSource(path, OPTIONS);
      await source.open();
      for await (const item of source.items()) {
        if (item.kind !== "frame") continue;
        item.frame.luma();
        item.frame.motionVectors();
        item.frame.rgb({ x: 0, y: 0, width: 640, height: 360 }, 64, 36);
        item.frame.release();
      }
      sizes.push(process.memoryUsage().rss / 1e6);
    }
    // 2,000 pictures of 0.35 MB: were they kept, 690 MB would be; the first round warms caches and heap up.
    expect((sizes.at(-1) ?? 0) - (sizes[0] ?? 0)).toBeLessThan(80);
  });
});

function median(values: Float32Array): number {
  return values.toSorted()[values.length >> 1] ?? Number.NaN;
}
