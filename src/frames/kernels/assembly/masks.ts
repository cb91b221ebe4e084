// Masks (0 or 255) and what is done with them. Twins: ../kernels-ts.ts.

/** 255 where the frame lies outside of the limits. */
export function outside(frame: usize, low: usize, high: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i += 16) {
    const f = v128.load(frame + i);
    const below = i8x16.lt_u(f, v128.load(low + i));
    v128.store(out + i, v128.or(below, i8x16.gt_u(f, v128.load(high + i))));
  }
}

/** 255 where two frames differ by more than the tolerance. */
export function changed(a: usize, b: usize, tolerance: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i += 16) {
    const va = v128.load(a + i);
    const vb = v128.load(b + i);
    const d = v128.or(i8x16.sub_sat_u(va, vb), i8x16.sub_sat_u(vb, va));
    v128.store(out + i, i8x16.gt_u(d, v128.load(tolerance + i)));
  }
}

/** Set where both are. */
export function both(a: usize, b: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i += 16) v128.store(out + i, v128.and(v128.load(a + i), v128.load(b + i)));
}

/**
 * 255 where at least `least` of the 3x3 neighbours (itself included, none beyond the border) are set:
 * 1 dilates, 9 erodes, 4 or 5 takes speckle away. `scratch` holds width + 32 bytes.
 */
export function boxCount(src: usize, dst: usize, width: i32, height: i32, least: i32, scratch: usize): void {
  const need = i8x16.splat(<i8>least);
  const zero = i8x16.splat(0);
  v128.store(scratch, zero);
  v128.store(scratch + 16 + width, zero);
  for (let y = 0; y < height; y++) {
    const row = src + y * width;
    for (let x = 0; x < width; x += 16) {
      let s = v128.load(row + x);
      if (y > 0) s = i8x16.add(s, v128.load(row + x - width));
      if (y < height - 1) s = i8x16.add(s, v128.load(row + x + width));
      v128.store(scratch + 16 + x, i8x16.neg(s)); // set is -1 as a signed byte
    }
    const to = dst + y * width;
    for (let x = 0; x < width; x += 16) {
      const p = scratch + x;
      const s = i8x16.add(i8x16.add(v128.load(p, 15), v128.load(p, 16)), v128.load(p, 17));
      v128.store(to + x, i8x16.ge_u(s, need));
    }
  }
}

/** Least value of each 3x3 neighbourhood, the border repeated. `scratch` holds width + 32 bytes. */
export function least3x3(src: usize, dst: usize, width: i32, height: i32, scratch: usize): void {
  for (let y = 0; y < height; y++) {
    const row = src + y * width;
    const up = y > 0 ? width : 0;
    const down = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x += 16) {
      const m = i8x16.min_u(v128.load(row + x - up), v128.load(row + x + down));
      v128.store(scratch + 16 + x, i8x16.min_u(m, v128.load(row + x)));
    }
    store<u8>(scratch + 15, load<u8>(scratch + 16));
    store<u8>(scratch + 16 + width, load<u8>(scratch + 15 + width));
    for (let x = 0; x < width; x += 16) {
      const p = scratch + x;
      const m = i8x16.min_u(v128.load(p, 15), v128.load(p, 17));
      v128.store(dst + y * width + x, i8x16.min_u(m, v128.load(p, 16)));
    }
  }
}

/** Greatest value of each 3x3 neighbourhood, the border repeated. `scratch` holds width + 32 bytes. */
export function greatest3x3(src: usize, dst: usize, width: i32, height: i32, scratch: usize): void {
  for (let y = 0; y < height; y++) {
    const row = src + y * width;
    const up = y > 0 ? width : 0;
    const down = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x += 16) {
      const m = i8x16.max_u(v128.load(row + x - up), v128.load(row + x + down));
      v128.store(scratch + 16 + x, i8x16.max_u(m, v128.load(row + x)));
    }
    store<u8>(scratch + 15, load<u8>(scratch + 16));
    store<u8>(scratch + 16 + width, load<u8>(scratch + 15 + width));
    for (let x = 0; x < width; x += 16) {
      const p = scratch + x;
      const m = i8x16.max_u(v128.load(p, 15), v128.load(p, 17));
      v128.store(dst + y * width + x, i8x16.max_u(m, v128.load(p, 16)));
    }
  }
}

/** How many pixels of each 8x8 cell are set, row after row of width / 8 cells; the last row may be lower. */
export function cellCounts(mask: usize, width: i32, height: i32, out: usize): void {
  const one = i8x16.splat(1);
  let to = out;
  for (let top = 0; top < height; top += 8) {
    const bottom = min(height, top + 8);
    for (let x = 0; x < width; x += 16) {
      let s = i8x16.splat(0);
      for (let y = top; y < bottom; y++) s = i8x16.add(s, v128.and(v128.load(mask + y * width + x), one));
      const q = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(s));
      store<u8>(to, i32x4.extract_lane(q, 0) + i32x4.extract_lane(q, 1));
      store<u8>(to + 1, i32x4.extract_lane(q, 2) + i32x4.extract_lane(q, 3));
      to += 2;
    }
  }
}
