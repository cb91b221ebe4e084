import type { Seconds } from "../time/clock.ts";
import type { AreaFlow, FlowOnDemand } from "./area-flow.ts";
import type { Plane } from "./frame.ts";
import type { SceneState } from "./scene.ts";

/**
 * A block, in samples of the plane it works on, half the analysis size: upright, as people are. Somebody of a tenth
 * of the picture's height is about two of them. The blocks overlap: one begins every `STRIDE` samples.
 */
const BLOCK = { width: 6, height: 8 } as const;
const SAMPLES = BLOCK.width * BLOCK.height;
const STRIDE = 4;
/** Two pictures nearer than this show no motion that could be measured in whole samples. */
const SHORTEST: Seconds = 0.11;
/** People who run have changed place and shape beyond recognition after this. */
const LONGEST: Seconds = 0.4;
/** Of the picture's long side a second: somebody of a quarter of the picture's height who runs at 6 m/s. */
const FASTEST_ACROSS = 0.55;
const FASTEST_DOWN = 0.35;
/** Share of a block's samples that changed within the last half second for it to be looked for. */
const LEAST_MOVING = 0.25;
/** Mean deviation of a block's samples from their mean, grey levels, below which it fits anywhere. */
const LEAST_TEXTURE = 3;
/** A block is found where it differs by so little of what it differs from its own place. */
const CLEARLY_BETTER = 0.8;
/** A neighbour agrees whose displacement differs by at most this; so many within two strides must. */
const AGREES = { share: 0.35, samples: 1.5 } as const;
const NEIGHBOURHOOD = 2;
const AGREEING = 3;

/**
 * The flow of what moves, by block matching on the analysis luma: of each block that changes, the place in the
 * picture before where it fits best, where that is clear and its neighbours agree. The luma is after the ignore
 * masks, laid back on the background (shake) and in its light (clouds), so neither makes a flow. It costs
 * nothing while nobody asks. Why not the codec's motion vectors: docs/decisions/0025.
 */
export class BlockFlow {
  #before: { readonly at: Seconds; readonly plane: Plane } | null = null;
  #flow: AreaFlow | null = null;

  /** The flow of the scene observed last, image coordinates of a picture of this size. */
  onDemand(scene: SceneState, picture: { readonly width: number; readonly height: number }): FlowOnDemand {
    let asked = false;
    return () => {
      if (!asked) {
        asked = true;
        this.#take(scene, picture);
      }
      return this.#flow;
    };
  }

  #take(scene: SceneState, picture: { readonly width: number; readonly height: number }): void {
    const { at } = scene;
    if (scene.viewMoved || scene.unreadable || scene.lightChanged || !scene.settled) {
      this.#before = null;
      this.#flow = null;
      return;
    }
    const before = this.#before;
    const elapsed = before === null ? 0 : at - before.at;
    if (before !== null && elapsed >= 0 && elapsed < SHORTEST) return;
    const plane = halved(scene.picture);
    this.#before = { at, plane };
    const comparable =
      before !== null &&
      elapsed > 0 &&
      elapsed <= LONGEST &&
      before.plane.width === plane.width &&
      before.plane.height === plane.height;
    this.#flow = comparable
      ? inPicture(at, elapsed, matched(plane, before.plane, scene.moving, elapsed), plane, picture)
      : null;
  }
}

interface Match {
  readonly column: number;
  readonly row: number;
  /** By how much the block moved since the picture before, samples of the half plane. */
  readonly dx: number;
  readonly dy: number;
}

function matched(now: Plane, before: Plane, moving: Plane, elapsed: Seconds): readonly Match[] {
  const across = Math.floor((now.width - BLOCK.width) / STRIDE) + 1;
  const down = Math.floor((now.height - BLOCK.height) / STRIDE) + 1;
  const longSide = Math.max(now.width, now.height);
  const reachX = Math.ceil(FASTEST_ACROSS * longSide * elapsed);
  const reachY = Math.ceil(FASTEST_DOWN * longSide * elapsed);
  const matches: (Match | null)[] = [];
  for (let row = 0; row < down; row++)
    for (let column = 0; column < across; column++) {
      const candidate = movingShare(moving, column, row) >= LEAST_MOVING;
      matches.push(candidate ? search(now, before, column, row, reachX, reachY) : null);
    }
  return matches.filter((match, index): match is Match => {
    if (match === null) return false;
    const around = neighbours(index, across, down);
    return around.filter((other) => agrees(match, matches[other] ?? null)).length >= AGREEING;
  });
}

/** Finds a block of `now` in `before`. @returns null where it has too little texture or fits nowhere clearly */
function search(
  now: Plane,
  before: Plane,
  column: number,
  row: number,
  reachX: number,
  reachY: number,
): Match | null {
  const left = column * STRIDE;
  const top = row * STRIDE;
  const texture = deviation(now, left, top);
  if (texture < LEAST_TEXTURE * SAMPLES) return null;
  const atRest = difference(now, before, left, top, 0, 0, Number.POSITIVE_INFINITY);
  let best = { dx: 0, dy: 0, cost: atRest };
  const lowX = Math.max(-reachX, -left);
  const highX = Math.min(reachX, now.width - BLOCK.width - left);
  const lowY = Math.max(-reachY, -top);
  const highY = Math.min(reachY, now.height - BLOCK.height - top);
  for (let dy = lowY; dy <= highY; dy++)
    for (let dx = lowX; dx <= highX; dx++) {
      const cost = difference(now, before, left, top, dx, dy, best.cost);
      if (cost < best.cost) best = { dx, dy, cost };
    }
  if (best.dx === 0 && best.dy === 0) return null;
  if (best.cost > CLEARLY_BETTER * atRest || best.cost > texture) return null;
  const atEnd = best.dx === lowX || best.dx === highX || best.dy === lowY || best.dy === highY;
  if (atEnd) return null;
  const cost = (dx: number, dy: number) =>
    difference(now, before, left, top, dx, dy, Number.POSITIVE_INFINITY);
  const fineX = best.dx + vertex(cost(best.dx - 1, best.dy), best.cost, cost(best.dx + 1, best.dy));
  const fineY = best.dy + vertex(cost(best.dx, best.dy - 1), best.cost, cost(best.dx, best.dy + 1));
  // It was at (fineX, fineY) from here, so it came the other way.
  return { column, row, dx: -fineX, dy: -fineY };
}

/** Where between -0.5 and 0.5 the least of three costs at -1, 0 and 1 lies. */
function vertex(before: number, at: number, after: number): number {
  const curve = before - 2 * at + after;
  return curve <= 0 ? 0 : Math.min(0.5, Math.max(-0.5, (before - after) / (2 * curve)));
}

/** Sum of absolute differences of a block and the block displaced by (dx, dy) in `before`; stops at `enough`. */
function difference(
  now: Plane,
  before: Plane,
  left: number,
  top: number,
  dx: number,
  dy: number,
  enough: number,
): number {
  const a = now.data;
  const b = before.data;
  const stride = now.width;
  let sum = 0;
  for (let y = 0; y < BLOCK.height; y++) {
    let i = (top + y) * stride + left;
    let j = i + dy * stride + dx;
    for (let x = 0; x < BLOCK.width; x++, i++, j++) {
      const d = (a[i] ?? 0) - (b[j] ?? 0);
      sum += d < 0 ? -d : d;
    }
    if (sum >= enough) return sum;
  }
  return sum;
}

/** Sum of absolute deviations of a block's samples from their mean. */
function deviation({ data, width }: Plane, left: number, top: number): number {
  let mean = 0;
  for (let y = 0; y < BLOCK.height; y++)
    for (let x = 0; x < BLOCK.width; x++) mean += data[(top + y) * width + left + x] ?? 0;
  mean /= SAMPLES;
  let sum = 0;
  for (let y = 0; y < BLOCK.height; y++)
    for (let x = 0; x < BLOCK.width; x++) sum += Math.abs((data[(top + y) * width + left + x] ?? 0) - mean);
  return sum;
}

function movingShare({ data, width }: Plane, column: number, row: number): number {
  let set = 0;
  for (let y = 0; y < BLOCK.height; y++) {
    const from = 2 * (row * STRIDE + y) * width + 2 * column * STRIDE;
    for (let x = 0; x < BLOCK.width; x++) if (data[from + 2 * x] !== 0) set++;
  }
  return set / SAMPLES;
}

function neighbours(index: number, across: number, down: number): readonly number[] {
  const column = index % across;
  const row = Math.floor(index / across);
  const found: number[] = [];
  for (let y = Math.max(0, row - NEIGHBOURHOOD); y <= Math.min(down - 1, row + NEIGHBOURHOOD); y++)
    for (let x = Math.max(0, column - NEIGHBOURHOOD); x <= Math.min(across - 1, column + NEIGHBOURHOOD); x++)
      if (x !== column || y !== row) found.push(y * across + x);
  return found;
}

function agrees(one: Match, other: Match | null): boolean {
  if (other === null) return false;
  const allowed = AGREES.samples + AGREES.share * Math.hypot(one.dx, one.dy);
  return Math.hypot(one.dx - other.dx, one.dy - other.dy) <= allowed;
}

/** The mean of each 2 x 2 samples. */
function halved({ data, width, height }: Plane): Plane {
  const half = { width: width >> 1, height: height >> 1 };
  const out = new Uint8Array(half.width * half.height);
  for (let y = 0; y < half.height; y++)
    for (let x = 0; x < half.width; x++) {
      const i = 2 * y * width + 2 * x;
      const sum = (data[i] ?? 0) + (data[i + 1] ?? 0) + (data[i + width] ?? 0) + (data[i + width + 1] ?? 0);
      out[y * half.width + x] = (sum + 2) >> 2;
    }
  return { ...half, data: out };
}

function inPicture(
  at: Seconds,
  elapsed: Seconds,
  matches: readonly Match[],
  plane: Plane,
  picture: { readonly width: number; readonly height: number },
): AreaFlow {
  const sx = picture.width / plane.width;
  const sy = picture.height / plane.height;
  return {
    at,
    elapsed,
    count: matches.length,
    x: Float32Array.from(matches, ({ column }) => (column * STRIDE + BLOCK.width / 2) * sx),
    y: Float32Array.from(matches, ({ row }) => (row * STRIDE + BLOCK.height / 2) * sy),
    vx: Float32Array.from(matches, ({ dx }) => (dx * sx) / elapsed),
    vy: Float32Array.from(matches, ({ dy }) => (dy * sy) / elapsed),
    area: new Float32Array(matches.length).fill(STRIDE * STRIDE * sx * sy),
  };
}
