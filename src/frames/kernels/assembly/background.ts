// The background model: learning, and the limits that foreground lies outside of. Twins: ../kernels-ts.ts.
// Means and spreads are in 1/128 of a grey level, 0 to 32640.

function learnMean(f: v128, mean: v128, background: v128, rate: v128): v128 {
  const d = i16x8.sub(f, mean);
  return i16x8.add(mean, v128.and(i16x8.q15mulr_sat_s(d, rate), background));
}

function learnSpread(
  f: v128,
  mean: v128,
  spread: v128,
  inside: v128,
  outside: v128,
  rate: v128,
  outsideRate: v128,
  cap: v128,
): v128 {
  const away = i16x8.abs(i16x8.sub(f, mean));
  const near = v128.and(i16x8.q15mulr_sat_s(i16x8.sub(away, spread), rate), inside);
  const far = v128.and(i16x8.q15mulr_sat_s(i16x8.sub(i16x8.min_s(away, cap), spread), outsideRate), outside);
  return i16x8.add(spread, i16x8.add(near, far));
}

/**
 * One step of learning on `n` pixels (multiple of 16). See `Kernels.learn` for what it does and why.
 */
export function learn(
  frame: usize,
  low: usize,
  high: usize,
  allowed: usize,
  mean: usize,
  spread: usize,
  candidate: usize,
  votes: usize,
  trust: usize,
  n: i32,
  meanRate: i32,
  spreadRate: i32,
  outsideRate: i32,
  outsideCap: i32,
  firstSpread: i32,
  weight: i32,
  tolerance: i32,
  votesKnown: i32,
  votesNew: i32,
): void {
  const zero = i8x16.splat(0);
  const two = i8x16.splat(2);
  const w = i8x16.splat(<i8>weight);
  const tol = i8x16.splat(<i8>tolerance);
  const needKnown = i8x16.splat(<i8>votesKnown);
  const needNew = i8x16.splat(<i8>votesNew);
  const rm = i16x8.splat(<i16>meanRate);
  const rs = i16x8.splat(<i16>spreadRate);
  const ro = i16x8.splat(<i16>outsideRate);
  const cap = i16x8.splat(<i16>outsideCap);
  const first = i16x8.splat(<i16>firstSpread);
  for (let i = 0; i < n; i += 16) {
    const f = v128.load(frame + i);
    const t = v128.load(trust + i);
    const learnable = i8x16.ne(v128.load(allowed + i), zero);
    const known = i8x16.ne(t, zero);
    const within = v128.and(i8x16.ge_u(f, v128.load(low + i)), i8x16.le_u(f, v128.load(high + i)));
    const inside = v128.and(v128.and(within, known), learnable);
    const out = v128.andnot(learnable, inside);
    const outKnown = v128.and(out, known);

    // The majority vote for what else stands here.
    let c = v128.load(candidate + i);
    const before = v128.load(votes + i);
    const match = i8x16.le_u(v128.or(i8x16.sub_sat_u(f, c), i8x16.sub_sat_u(c, f)), tol);
    const agree = v128.and(out, match);
    const replace = v128.and(v128.andnot(out, match), i8x16.eq(before, zero));
    let v = v128.bitselect(i8x16.add_sat_u(before, w), i8x16.sub_sat_u(before, w), agree);
    v = v128.bitselect(w, v128.and(v, learnable), replace);
    c = i8x16.add(i8x16.sub(c, v128.and(i8x16.gt_u(f, c), agree)), v128.and(i8x16.lt_u(f, c), agree));
    c = v128.bitselect(f, c, replace);
    const need = v128.bitselect(needKnown, needNew, i8x16.eq(t, two));
    const promote = v128.and(out, i8x16.ge_u(v, need));
    v128.store(candidate + i, c);
    v128.store(votes + i, v128.andnot(v, promote));
    v128.store(trust + i, v128.bitselect(two, t, v128.or(promote, inside)));

    const at = (i as usize) << 1;
    let m = v128.load(mean + at);
    let s = v128.load(spread + at);
    let f16 = i16x8.shl(i16x8.extend_low_i8x16_u(f), 7);
    let in16 = i16x8.extend_low_i8x16_s(inside);
    let p16 = i16x8.extend_low_i8x16_s(promote);
    s = learnSpread(f16, m, s, in16, i16x8.extend_low_i8x16_s(outKnown), rs, ro, cap);
    m = learnMean(f16, m, in16, rm);
    v128.store(mean + at, v128.bitselect(i16x8.shl(i16x8.extend_low_i8x16_u(c), 7), m, p16));
    v128.store(spread + at, v128.bitselect(i16x8.max_s(s, first), s, p16));

    m = v128.load(mean + at, 16);
    s = v128.load(spread + at, 16);
    f16 = i16x8.shl(i16x8.extend_high_i8x16_u(f), 7);
    in16 = i16x8.extend_high_i8x16_s(inside);
    p16 = i16x8.extend_high_i8x16_s(promote);
    s = learnSpread(f16, m, s, in16, i16x8.extend_high_i8x16_s(outKnown), rs, ro, cap);
    m = learnMean(f16, m, in16, rm);
    v128.store(mean + at, v128.bitselect(i16x8.shl(i16x8.extend_high_i8x16_u(c), 7), m, p16), 16);
    v128.store(spread + at, v128.bitselect(i16x8.max_s(s, first), s, p16), 16);
  }
}

function tolerance16(mean: v128, spread: v128, floor: v128, cap: v128): v128 {
  const twice = i16x8.add_sat_s(spread, spread);
  const bright = i16x8.add(floor, i16x8.add(i16x8.shr_s(mean, 6), i16x8.shr_s(mean, 7)));
  const wide = i16x8.min_s(cap, i16x8.add_sat_s(bright, i16x8.add_sat_s(twice, twice)));
  return i16x8.shr_s(i16x8.add_sat_s(wide, i16x8.splat(127)), 7);
}

/**
 * From mean and spread: the mean in grey levels, how far from it is still background
 * (min(cap, floor + mean / 64 + mean / 128 + 4 * spread), rounded up), and the limits. Where nothing is known no value is background.
 */
export function limits(
  mean: usize,
  spread: usize,
  trust: usize,
  n: i32,
  floor: i32,
  cap: i32,
  mean8: usize,
  tolerance: usize,
  low: usize,
  high: usize,
): void {
  const half = i16x8.splat(64);
  const f = i16x8.splat(<i16>floor);
  const c = i16x8.splat(<i16>cap);
  for (let i = 0; i < n; i += 16) {
    const at = (i as usize) << 1;
    const m = i8x16.narrow_i16x8_u(
      i16x8.shr_s(i16x8.add_sat_s(v128.load(mean + at), half), 7),
      i16x8.shr_s(i16x8.add_sat_s(v128.load(mean + at, 16), half), 7),
    );
    const t = i8x16.narrow_i16x8_u(
      tolerance16(v128.load(mean + at), v128.load(spread + at), f, c),
      tolerance16(v128.load(mean + at, 16), v128.load(spread + at, 16), f, c),
    );
    const unknown = i8x16.eq(v128.load(trust + i), i8x16.splat(0));
    v128.store(mean8 + i, m);
    v128.store(tolerance + i, t);
    v128.store(low + i, v128.or(i8x16.sub_sat_u(m, t), unknown));
    v128.store(high + i, v128.andnot(i8x16.add_sat_u(m, t), unknown));
  }
}
