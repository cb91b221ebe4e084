import type { BackgroundPlanes, Kernels, LearningStep, Window } from "./arithmetic.ts";

/**
 * The kernels without WebAssembly. Each gives the same bits as its twin in ./assembly, on any input: the
 * arithmetic is spelt out as the SIMD instructions do it (saturation, rounding of q15mulr).
 */
export function typescriptKernels(): Kernels {
  return {
    kind: "typescript",
    bytes: (length) => new Uint8Array(length),
    shorts: (length) => new Int16Array(length),
    ints: (length) => new Int32Array(length),
    affine8,
    affine16,
    smooth,
    moments,
    histogramOfDifference,
    learn,
    limits,
    outside,
    changed,
    both,
    boxCount,
    least3x3: (src, dst, width, height) => extreme3x3(src, dst, width, height, Math.min),
    greatest3x3: (src, dst, width, height) => extreme3x3(src, dst, width, height, Math.max),
    cellCounts,
    quarter,
    sad,
  };
}

const WHITE = 32640;
const MOST = 32767;

/** Rounded product of two numbers in 1/32768, as i16x8.q15mulr_sat_s gives it. */
function multiplyQ15(a: number, b: number): number {
  return (Math.imul(a, b) + 0x4000) >> 15;
}

function affine(value: number, gain: number, offset: number): number {
  const half = Math.max(-32768, Math.min(MOST, multiplyQ15(value, gain) + offset));
  return Math.max(-32768, Math.min(MOST, 2 * half));
}

function affine8(src: Uint8Array, dst: Uint8Array, n: number, gain: number, offset: number): void {
  // A table of 256: the result depends on the sample alone.
  const table = new Uint8Array(256);
  for (let v = 0; v < 256; v++)
    table[v] = Math.max(0, Math.min(255, Math.min(MOST, affine(v << 7, gain, offset) + 64) >> 7));
  for (let i = 0; i < n; i++) dst[i] = table[src[i] ?? 0] ?? 0;
}

function affine16(
  values: Int16Array,
  at: number,
  stride: number,
  width: number,
  rows: number,
  gain: number,
  offset: number,
): void {
  for (let y = 0; y < rows; y++)
    for (let i = at + y * stride; i < at + y * stride + width; i++)
      values[i] = Math.max(0, Math.min(WHITE, affine(values[i] ?? 0, gain, offset)));
}

function smooth(src: Uint8Array, dst: Uint8Array, width: number, height: number): void {
  const mean = (a: number, b: number) => (a + b + 1) >> 1;
  const column = new Uint8Array(width + 2);
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? width : 0;
    const down = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      column[x + 1] = mean(mean(src[i - up] ?? 0, src[i + down] ?? 0), src[i] ?? 0);
    }
    column[0] = column[1] ?? 0;
    column[width + 1] = column[width] ?? 0;
    for (let x = 0; x < width; x++)
      dst[y * width + x] = mean(mean(column[x] ?? 0, column[x + 2] ?? 0), column[x + 1] ?? 0);
  }
}

function moments(a: Uint8Array, b: Uint8Array, width: number, height: number, out: Int32Array): void {
  let to = 0;
  for (let top = 0; top < height; top += 16)
    for (let left = 0; left < width; left += 16) {
      let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
      for (let y = top; y < Math.min(height, top + 16); y++)
        for (let i = y * width + left; i < y * width + left + 16; i++) {
          const va = a[i] ?? 0;
          const vb = b[i] ?? 0;
          sa += va;
          sb += vb;
          saa += va * va;
          sbb += vb * vb;
          sab += va * vb;
        }
      out[to++] = sa;
      out[to++] = sb;
      out[to++] = saa;
      out[to++] = sbb;
      out[to++] = sab;
    }
}

function histogramOfDifference(
  a: Uint8Array,
  b: Uint8Array,
  width: number,
  height: number,
  rowStep: number,
  out: Int32Array,
): void {
  out.fill(0, 0, 256);
  for (let y = 0; y < height; y += rowStep)
    for (let i = y * width; i < (y + 1) * width; i++) {
      const bin = Math.abs((a[i] ?? 0) - (b[i] ?? 0));
      out[bin] = (out[bin] ?? 0) + 1;
    }
}

function learn(
  m: BackgroundPlanes,
  frame: Uint8Array,
  allowed: Uint8Array,
  n: number,
  s: LearningStep,
): void {
  const { mean, spread, candidate, votes, trust } = m;
  for (let i = 0; i < n; i++) {
    if (allowed[i] === 0) {
      votes[i] = 0;
      continue;
    }
    const f = frame[i] ?? 0;
    const f16 = f << 7;
    const mean0 = mean[i] ?? 0;
    const spread0 = spread[i] ?? 0;
    const trust0 = trust[i] ?? 0;
    const before = votes[i] ?? 0;
    const away = Math.abs(f16 - mean0);
    if (trust0 !== 0 && f >= (m.low[i] ?? 0) && f <= (m.high[i] ?? 0)) {
      mean[i] = mean0 + multiplyQ15(f16 - mean0, s.meanRate);
      spread[i] = spread0 + multiplyQ15(away - spread0, s.spreadRate);
      votes[i] = Math.max(0, before - s.weight);
      trust[i] = 2;
      continue;
    }
    if (trust0 !== 0)
      spread[i] = spread0 + multiplyQ15(Math.min(away, s.outsideCap) - spread0, s.outsideRate);
    let c = candidate[i] ?? 0;
    let v: number;
    if (Math.abs(f - c) <= s.tolerance) {
      v = Math.min(255, before + s.weight);
      c += Math.sign(f - c);
    } else if (before === 0) {
      v = s.weight;
      c = f;
    } else v = Math.max(0, before - s.weight);
    if (v >= (trust0 === 2 ? s.votesKnown : s.votesNew)) {
      mean[i] = c << 7;
      spread[i] = Math.max(spread[i] ?? 0, s.firstSpread);
      trust[i] = 2;
      v = 0;
    }
    candidate[i] = c;
    votes[i] = v;
  }
}

function limits(m: BackgroundPlanes, n: number, floor: number, cap: number): void {
  for (let i = 0; i < n; i++) {
    const middle = Math.max(0, Math.min(255, Math.min(MOST, (m.mean[i] ?? 0) + 64) >> 7));
    const twice = Math.min(MOST, 2 * (m.spread[i] ?? 0));
    const mean = m.mean[i] ?? 0;
    const bright = floor + (mean >> 6) + (mean >> 7);
    const wide = Math.min(cap, MOST, bright + Math.min(MOST, 2 * twice));
    const tolerance = Math.max(0, Math.min(255, Math.min(MOST, wide + 127) >> 7));
    const unknown = m.trust[i] === 0;
    m.mean8[i] = middle;
    m.tolerance[i] = tolerance;
    m.low[i] = unknown ? 255 : Math.max(0, middle - tolerance);
    m.high[i] = unknown ? 0 : Math.min(255, middle + tolerance);
  }
}

function outside(frame: Uint8Array, low: Uint8Array, high: Uint8Array, n: number, out: Uint8Array): void {
  for (let i = 0; i < n; i++) {
    const f = frame[i] ?? 0;
    out[i] = f < (low[i] ?? 0) || f > (high[i] ?? 0) ? 255 : 0;
  }
}

function changed(a: Uint8Array, b: Uint8Array, tolerance: Uint8Array, n: number, out: Uint8Array): void {
  for (let i = 0; i < n; i++) out[i] = Math.abs((a[i] ?? 0) - (b[i] ?? 0)) > (tolerance[i] ?? 0) ? 255 : 0;
}

function both(a: Uint8Array, b: Uint8Array, n: number, out: Uint8Array): void {
  for (let i = 0; i < n; i++) out[i] = (a[i] ?? 0) & (b[i] ?? 0);
}

function boxCount(src: Uint8Array, dst: Uint8Array, width: number, height: number, least: number): void {
  const column = new Uint8Array(width + 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const above = y > 0 ? (src[i - width] ?? 0) & 1 : 0;
      const below = y < height - 1 ? (src[i + width] ?? 0) & 1 : 0;
      column[x + 1] = ((src[i] ?? 0) & 1) + above + below;
    }
    for (let x = 0; x < width; x++) {
      const count = (column[x] ?? 0) + (column[x + 1] ?? 0) + (column[x + 2] ?? 0);
      dst[y * width + x] = count >= least ? 255 : 0;
    }
  }
}

function extreme3x3(
  src: Uint8Array,
  dst: Uint8Array,
  width: number,
  height: number,
  of: (...values: number[]) => number,
): void {
  const column = new Uint8Array(width + 2);
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? width : 0;
    const down = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      column[x + 1] = of(src[i - up] ?? 0, src[i] ?? 0, src[i + down] ?? 0);
    }
    column[0] = column[1] ?? 0;
    column[width + 1] = column[width] ?? 0;
    for (let x = 0; x < width; x++)
      dst[y * width + x] = of(column[x] ?? 0, column[x + 1] ?? 0, column[x + 2] ?? 0);
  }
}

function cellCounts(mask: Uint8Array, width: number, height: number, out: Uint8Array): void {
  const across = width >> 3;
  out.fill(0, 0, across * Math.ceil(height / 8));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = (y >> 3) * across + (x >> 3);
      out[cell] = (out[cell] ?? 0) + ((mask[y * width + x] ?? 0) & 1);
    }
}

function quarter(src: Uint8Array, width: number, height: number, dst: Uint8Array): void {
  const across = width >> 2;
  for (let y = 0; y < height >> 2; y++)
    for (let x = 0; x < across; x++) {
      let sum = 8;
      for (let dy = 0; dy < 4; dy++)
        for (let dx = 0; dx < 4; dx++) sum += src[(4 * y + dy) * width + 4 * x + dx] ?? 0;
      dst[y * across + x] = sum >> 4;
    }
}

function sad(
  a: Uint8Array,
  b: Uint8Array,
  stride: number,
  w: Window,
  rowStep: number,
  dx: number,
  dy: number,
  cap: number,
): number {
  let sum = 0;
  for (let y = w.top; y < w.top + w.height; y += rowStep)
    for (let x = w.left; x < w.left + w.width; x++) {
      const d = Math.abs((a[y * stride + x] ?? 0) - (b[(y - dy) * stride + x - dx] ?? 0));
      sum += Math.min(cap, d);
    }
  return sum;
}
