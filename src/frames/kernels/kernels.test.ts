import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BackgroundPlanes, Kernels } from "./arithmetic.ts";
import { createKernels, wasmKernels } from "./kernels.ts";
import { typescriptKernels } from "./kernels-ts.ts";

// The binary is built by npm's `prepare`; build it here where that has not run or the sources are newer.
execFileSync(process.execPath, [
  fileURLToPath(new URL("../../../scripts/build-kernels.ts", import.meta.url)),
]);

const CAPACITY = 1 << 20;

function wasm(): Kernels {
  const kernels = wasmKernels(CAPACITY);
  if (kernels === null) throw new Error("kernels.wasm does not run here");
  return kernels;
}

/** Deterministic samples: noise, or (even seeds) mostly flat with edges and extremes, where rules of rounding show. */
function samples(length: number, seed: number): number[] {
  let state = seed | 1;
  return Array.from({ length }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const value = state >>> 24;
    if (seed % 2 !== 0) return value;
    return value < 40 ? 0 : value > 215 ? 255 : 100 + ((i >> 4) % 3) + (value % 8);
  });
}

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 6 }).map((n) => 16 * n),
  height: fc.integer({ min: 1, max: 41 }),
  seed: fc.integer({ min: 0, max: 1 << 30 }),
});
const q15 = fc.integer({ min: 0, max: 32767 });
const byte = fc.integer({ min: 0, max: 255 });
const offset16 = fc.integer({ min: -32768, max: 32767 });

function plane(kernels: Kernels, values: number[]): Uint8Array {
  const out = kernels.bytes(values.length);
  out.set(values);
  return out;
}

function maskPlane(kernels: Kernels, length: number, seed: number, share: number): Uint8Array {
  return plane(
    kernels,
    samples(length, seed | 1).map((value) => (value < share ? 255 : 0)),
  );
}

function background(kernels: Kernels, n: number, seed: number): BackgroundPlanes {
  const mean = kernels.shorts(n);
  mean.set(samples(n, seed).map((value, i) => Math.min(32640, (value << 7) + (i % 128))));
  const spread = kernels.shorts(n);
  spread.set(samples(n, seed + 1).map((value) => value * 16));
  const near = samples(n, seed + 2);
  return {
    mean,
    spread,
    candidate: plane(kernels, near),
    votes: plane(
      kernels,
      samples(n, seed + 3).map((value, i) => (i % 3 === 0 ? 0 : value)),
    ),
    trust: plane(
      kernels,
      samples(n, seed | 1).map((value) => value % 3),
    ),
    mean8: kernels.bytes(n),
    tolerance: kernels.bytes(n),
    low: plane(
      kernels,
      near.map((value) => Math.max(0, value - 20)),
    ),
    high: plane(
      kernels,
      near.map((value) => Math.min(255, value + 20)),
    ),
  };
}

/** Runs the same on both and compares everything it returns. */
function agree(run: (kernels: Kernels) => unknown): void {
  const plain = (value: unknown) =>
    JSON.stringify(value, (_, v: unknown) => (ArrayBuffer.isView(v) ? Array.from(v as Uint8Array) : v));
  expect(plain(run(wasm()))).toBe(plain(run(typescriptKernels())));
}

describe("WebAssembly and TypeScript kernels agree bit for bit", () => {
  it("affine8", () => {
    fc.assert(
      fc.property(sizes, q15, offset16, ({ width, height, seed }, gain, offset) =>
        agree((k) => {
          const n = width * height;
          const dst = k.bytes(n);
          k.affine8(plane(k, samples(n, seed)), dst, n, gain, offset);
          return dst;
        }),
      ),
    );
  });

  it("affine16", () => {
    fc.assert(
      fc.property(sizes, q15, offset16, ({ width, height, seed }, gain, offset) =>
        agree((k) => {
          const { mean } = background(k, width * height, seed);
          k.affine16(mean, 8, width, 8, Math.max(1, height - 1), gain, offset);
          return mean;
        }),
      ),
    );
  });

  it("moments", () => {
    fc.assert(
      fc.property(sizes, ({ width, height, seed }) =>
        agree((k) => {
          const n = width * height;
          const out = k.ints(5 * (width / 16) * Math.ceil(height / 16));
          k.moments(plane(k, samples(n, seed)), plane(k, samples(n, seed + 1)), width, height, out);
          return out;
        }),
      ),
    );
  });

  it("histogramOfDifference", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 5 }), ({ width, height, seed }, rowStep) =>
        agree((k) => {
          const n = width * height;
          const out = k.ints(256);
          const [a, b] = [plane(k, samples(n, seed)), plane(k, samples(n, seed + 1))];
          k.histogramOfDifference(a, b, width, height, rowStep, out);
          return out;
        }),
      ),
    );
  });

  it("learn and limits, over several steps", () => {
    fc.assert(
      fc.property(
        sizes,
        fc.record({
          meanRate: q15,
          spreadRate: q15,
          outsideRate: q15,
          outsideCap: fc.integer({ min: 0, max: 32640 }),
          firstSpread: fc.integer({ min: 0, max: 4096 }),
          weight: byte,
          votesKnown: byte,
          votesNew: byte,
          tolerance: byte,
        }),
        offset16,
        fc.integer({ min: 0, max: 32767 }),
        ({ width, height, seed }, step, floor, cap) =>
          agree((k) => {
            const n = width * height;
            const model = background(k, n, seed);
            for (let i = 0; i < 3; i++) {
              const frame = plane(k, samples(n, seed + 10 * i));
              k.learn(model, frame, maskPlane(k, n, seed + i, 200), n, step);
              k.limits(model, n, Math.abs(floor) >> 2, cap);
            }
            return model;
          }),
      ),
    );
  });

  it("outside, changed and both", () => {
    fc.assert(
      fc.property(sizes, ({ width, height, seed }) =>
        agree((k) => {
          const n = width * height;
          const [a, b, c] = [0, 1, 2].map((i) => plane(k, samples(n, seed + i)));
          const out = [k.bytes(n), k.bytes(n), k.bytes(n)] as const;
          if (a !== undefined && b !== undefined && c !== undefined) {
            k.outside(a, b, c, n, out[0]);
            k.changed(a, b, c, n, out[1]);
            k.both(a, b, n, out[2]);
          }
          return out;
        }),
      ),
    );
  });

  it("boxCount and cellCounts", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 9 }), byte, ({ width, height, seed }, least, share) =>
        agree((k) => {
          const n = width * height;
          const dst = k.bytes(n);
          const cells = k.bytes((width / 8) * Math.ceil(height / 8));
          k.boxCount(maskPlane(k, n, seed, share), dst, width, height, least);
          k.cellCounts(dst, width, height, cells);
          return [dst, cells];
        }),
      ),
    );
  });

  it("least3x3, greatest3x3 and smooth", () => {
    fc.assert(
      fc.property(sizes, ({ width, height, seed }) =>
        agree((k) => {
          const n = width * height;
          const src = plane(k, samples(n, seed));
          const out = [k.bytes(n), k.bytes(n), k.bytes(n)] as const;
          k.smooth(src, out[2], width, height);
          k.least3x3(src, out[0], width, height);
          k.greatest3x3(src, out[1], width, height);
          return out;
        }),
      ),
    );
  });

  it("quarter and sad", () => {
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: -3, max: 3 }),
        fc.integer({ min: -3, max: 3 }),
        byte,
        fc.integer({ min: 1, max: 3 }),
        ({ width, height, seed }, dx, dy, cap, rowStep) =>
          agree((k) => {
            const [w, h] = [width + 16, height + 8];
            const a = plane(k, samples(w * h, seed));
            const b = plane(k, samples(w * h, seed + 1));
            const small = k.bytes((w / 4) * (h >> 2));
            k.quarter(a, w, h, small);
            return [small, k.sad(a, b, w, { left: 8, top: 4, width, height }, rowStep, dx, dy, cap)];
          }),
      ),
    );
  });
});

describe.each([
  ["wasm", wasm],
  ["typescript", typescriptKernels],
] as const)("%s kernels", (kind, make) => {
  it("says what it is", () => expect(make().kind).toBe(kind));

  it("affine8 with gain 1 and offset 0 changes nothing, and follows gain and offset", () => {
    const k = make();
    const src = plane(
      k,
      Array.from({ length: 256 }, (_, i) => i),
    );
    const dst = k.bytes(256);
    k.affine8(src, dst, 256, 16384, 0);
    expect([...dst]).toEqual([...src]);
    k.affine8(src, dst, 256, 16384 / 2, 10 * 64);
    expect([dst[0], dst[100], dst[255]]).toEqual([10, 60, 138]);
    k.affine8(src, dst, 256, 24576, -50 * 64);
    expect([dst[0], dst[100], dst[255]]).toEqual([0, 100, 255]);
  });

  it("boxCount dilates, erodes and takes speckle away", () => {
    const k = make();
    const src = k.bytes(16 * 8);
    for (const [x, y] of [
      [3, 3],
      [10, 2],
      [11, 2],
      [10, 3],
      [11, 3],
    ] as const)
      src[y * 16 + x] = 255;
    const dst = k.bytes(16 * 8);
    const set = () => dst.reduce((sum, value) => sum + (value === 255 ? 1 : 0), 0);
    k.boxCount(src, dst, 16, 8, 1);
    expect(set()).toBe(9 + 16);
    k.boxCount(src, dst, 16, 8, 4);
    expect([set(), dst[3 * 16 + 3], dst[2 * 16 + 10]]).toEqual([4, 0, 255]);
    k.boxCount(src, dst, 16, 8, 9);
    expect(set()).toBe(0);
  });

  it("learn moves the mean towards the frame, votes, promotes, and leaves what is not allowed", () => {
    const k = make();
    const model = background(k, 16, 1);
    model.mean.fill(100 << 7);
    model.spread.fill(128);
    model.votes.fill(0);
    model.trust.fill(2);
    k.limits(model, 16, 8 << 7, 60 << 7);
    expect([model.mean8[0], model.tolerance[0], model.low[0], model.high[0]]).toEqual([100, 15, 85, 115]);
    const frame = k.bytes(16);
    frame.fill(110, 0, 4); // within the limits
    frame.fill(180, 4); // outside
    const allowed = k.bytes(16).fill(255);
    allowed.fill(0, 8); // covered
    const step = {
      ...{ meanRate: 3277, spreadRate: 3277, outsideRate: 328, outsideCap: 12 << 7, firstSpread: 256 },
      ...{ weight: 1, tolerance: 8, votesKnown: 4, votesNew: 2 },
    };
    for (let i = 0; i < 3; i++) k.learn(model, frame, allowed, 16, step);
    expect((model.mean[0] ?? 0) / 128).toBeCloseTo(100 + 10 * (1 - 0.9 ** 3), 1);
    expect([model.votes[4], model.candidate[4], (model.mean[4] ?? 0) >> 7]).toEqual([3, 180, 100]);
    expect(model.spread[4]).toBeGreaterThan(128);
    k.learn(model, frame, allowed, 16, step);
    expect([model.votes[4], (model.mean[4] ?? 0) >> 7]).toEqual([0, 180]);
    expect([model.votes[12], (model.mean[12] ?? 0) >> 7, model.spread[12]]).toEqual([0, 100, 128]);
  });

  it("sad finds where a plane has gone", () => {
    const k = make();
    const [w, h] = [64, 40];
    const b = plane(k, samples(w * h, 5));
    const a = k.bytes(w * h);
    for (let y = 4; y < h; y++) for (let x = 0; x < w - 3; x++) a[y * w + x] = b[(y - 4) * w + x + 3] ?? 0;
    const window = { left: 16, top: 8, width: 32, height: 24 };
    expect(k.sad(a, b, w, window, 1, -3, 4, 255)).toBe(0);
    expect(k.sad(a, b, w, window, 1, 0, 0, 255)).toBeGreaterThan(10_000);
  });
});

it("createKernels takes WebAssembly where it runs, and refuses to hand out more memory than it has", () => {
  const kernels = createKernels(1000);
  expect(kernels.kind).toBe("wasm");
  expect(() => kernels.bytes(200_000)).toThrow(/bytes of memory/);
});
