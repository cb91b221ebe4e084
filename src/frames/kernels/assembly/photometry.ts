// Light: affine changes of samples, block moments, histograms. Twins: ../kernels-ts.ts.

/** dst = src * gain / 16384 + offset / 64, to 1/64 of a grey level, rounded and clipped. `n` is a multiple of 16. */
export function affine8(src: usize, dst: usize, n: i32, gain: i32, offset: i32): void {
  const g = i16x8.splat(<i16>gain);
  const o = i16x8.splat(<i16>offset);
  const half = i16x8.splat(64);
  for (let i = 0; i < n; i += 16) {
    const s = v128.load(src + i);
    let low = i16x8.q15mulr_sat_s(i16x8.shl(i16x8.extend_low_i8x16_u(s), 7), g);
    let high = i16x8.q15mulr_sat_s(i16x8.shl(i16x8.extend_high_i8x16_u(s), 7), g);
    low = i16x8.add_sat_s(low, o);
    high = i16x8.add_sat_s(high, o);
    low = i16x8.add_sat_s(i16x8.add_sat_s(low, low), half);
    high = i16x8.add_sat_s(i16x8.add_sat_s(high, high), half);
    v128.store(dst + i, i8x16.narrow_i16x8_u(i16x8.shr_s(low, 7), i16x8.shr_s(high, 7)));
  }
}

/** The same in place on samples in 1/128 of a grey level, over a rectangle of `width` (multiple of 8) by `rows`. */
export function affine16(at: usize, stride: i32, width: i32, rows: i32, gain: i32, offset: i32): void {
  const g = i16x8.splat(<i16>gain);
  const o = i16x8.splat(<i16>offset);
  const zero = i16x8.splat(0);
  const white = i16x8.splat(32640);
  for (let y = 0; y < rows; y++) {
    const row = at + (((y * stride) as usize) << 1);
    for (let x = 0; x < width; x += 8) {
      const p = row + ((x as usize) << 1);
      const half = i16x8.add_sat_s(i16x8.q15mulr_sat_s(v128.load(p), g), o);
      const value = i16x8.add_sat_s(half, half);
      v128.store(p, i16x8.min_s(white, i16x8.max_s(zero, value)));
    }
  }
}

/**
 * Weighs each 3x3 neighbourhood by 1 2 1 both ways, the border repeated; each halving rounds up. It takes
 * five eighths off white noise. `scratch` holds width + 32 bytes.
 */
export function smooth(src: usize, dst: usize, width: i32, height: i32, scratch: usize): void {
  for (let y = 0; y < height; y++) {
    const row = src + y * width;
    const up = y > 0 ? width : 0;
    const down = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x += 16) {
      const m = i8x16.avgr_u(v128.load(row + x - up), v128.load(row + x + down));
      v128.store(scratch + 16 + x, i8x16.avgr_u(m, v128.load(row + x)));
    }
    store<u8>(scratch + 15, load<u8>(scratch + 16));
    store<u8>(scratch + 16 + width, load<u8>(scratch + 15 + width));
    for (let x = 0; x < width; x += 16) {
      const p = scratch + x;
      const m = i8x16.avgr_u(v128.load(p, 15), v128.load(p, 17));
      v128.store(dst + y * width + x, i8x16.avgr_u(m, v128.load(p, 16)));
    }
  }
}

function sumLanes(v: v128): i32 {
  return (
    i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3)
  );
}

/** For each 16x16 block (the last row may be lower), five sums: a, b, a*a, b*b, a*b. */
export function moments(a: usize, b: usize, width: i32, height: i32, out: usize): void {
  let to = out;
  for (let top = 0; top < height; top += 16) {
    const bottom = min(height, top + 16);
    for (let x = 0; x < width; x += 16) {
      let sa = i16x8.splat(0);
      let sb = i16x8.splat(0);
      let saa = i32x4.splat(0);
      let sbb = i32x4.splat(0);
      let sab = i32x4.splat(0);
      for (let y = top; y < bottom; y++) {
        const at = y * width + x;
        const va = v128.load(a + at);
        const vb = v128.load(b + at);
        const al = i16x8.extend_low_i8x16_u(va);
        const ah = i16x8.extend_high_i8x16_u(va);
        const bl = i16x8.extend_low_i8x16_u(vb);
        const bh = i16x8.extend_high_i8x16_u(vb);
        sa = i16x8.add(sa, i16x8.add(al, ah));
        sb = i16x8.add(sb, i16x8.add(bl, bh));
        saa = i32x4.add(saa, i32x4.add(i32x4.dot_i16x8_s(al, al), i32x4.dot_i16x8_s(ah, ah)));
        sbb = i32x4.add(sbb, i32x4.add(i32x4.dot_i16x8_s(bl, bl), i32x4.dot_i16x8_s(bh, bh)));
        sab = i32x4.add(sab, i32x4.add(i32x4.dot_i16x8_s(al, bl), i32x4.dot_i16x8_s(ah, bh)));
      }
      store<i32>(to, sumLanes(i32x4.extadd_pairwise_i16x8_u(sa)));
      store<i32>(to + 4, sumLanes(i32x4.extadd_pairwise_i16x8_u(sb)));
      store<i32>(to + 8, sumLanes(saa));
      store<i32>(to + 12, sumLanes(sbb));
      store<i32>(to + 16, sumLanes(sab));
      to += 20;
    }
  }
}

/** How often each |a - b| occurs, over every `rowStep`-th row. `out` holds 256 counts. */
export function histogramOfDifference(
  a: usize,
  b: usize,
  width: i32,
  height: i32,
  rowStep: i32,
  out: usize,
): void {
  memory.fill(out, 0, 1024);
  for (let y = 0; y < height; y += rowStep) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const d = abs((load<u8>(a + row + x) as i32) - (load<u8>(b + row + x) as i32));
      const bin = out + ((d as usize) << 2);
      store<i32>(bin, load<i32>(bin) + 1);
    }
  }
}
