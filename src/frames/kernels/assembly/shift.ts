// What the search for a displaced view needs. Twins: ../kernels-ts.ts.

/** Rounded means of 4x4 blocks: (width / 4) x floor(height / 4). */
export function quarter(src: usize, width: i32, height: i32, dst: usize): void {
  const rows = height >> 2;
  const outWidth = width >> 2;
  const eight = i32x4.splat(8);
  for (let y = 0; y < rows; y++) {
    const row = src + 4 * y * width;
    for (let x = 0; x < width; x += 16) {
      const p = row + x;
      let s = i16x8.extadd_pairwise_i8x16_u(v128.load(p));
      s = i16x8.add(s, i16x8.extadd_pairwise_i8x16_u(v128.load(p + width)));
      s = i16x8.add(s, i16x8.extadd_pairwise_i8x16_u(v128.load(p + 2 * width)));
      s = i16x8.add(s, i16x8.extadd_pairwise_i8x16_u(v128.load(p + 3 * width)));
      const m = i32x4.shr_u(i32x4.add(i32x4.extadd_pairwise_i16x8_u(s), eight), 4);
      const n16 = i16x8.narrow_i32x4_u(m, m);
      store<i32>(dst + y * outWidth + (x >> 2), i32x4.extract_lane(i8x16.narrow_i16x8_u(n16, n16), 0));
    }
  }
}

/**
 * Sum of min(cap, |a(x, y) - b(x - dx, y - dy)|) over a window of a whose `width` is a multiple of 16, every
 * `rowStep`-th row. The caller keeps the window inside of both planes.
 */
export function sad(
  a: usize,
  b: usize,
  stride: i32,
  left: i32,
  top: i32,
  width: i32,
  height: i32,
  rowStep: i32,
  dx: i32,
  dy: i32,
  cap: i32,
): i32 {
  const most = i8x16.splat(<i8>cap);
  let sum = i32x4.splat(0);
  for (let y = top; y < top + height; y += rowStep) {
    const pa = a + y * stride + left;
    const pb = b + (y - dy) * stride + left - dx;
    for (let x = 0; x < width; x += 16) {
      const va = v128.load(pa + x);
      const vb = v128.load(pb + x);
      const d = i8x16.min_u(most, v128.or(i8x16.sub_sat_u(va, vb), i8x16.sub_sat_u(vb, va)));
      sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(d)));
    }
  }
  return (
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3)
  );
}
