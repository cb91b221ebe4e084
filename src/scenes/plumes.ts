import type { Seconds } from "../time/clock.ts";
import { deriveSeed, valueNoise } from "./random.ts";
import type { SceneGlow } from "./script.ts";

/** What gives light at a point of a glow, as shown, 0 to 255 each; `cover` 0 (see through) to 1. */
export interface Emission {
  red: number;
  green: number;
  blue: number;
  cover: number;
}

/** Noise that drifts and that becomes another within `life` seconds: turbulence, not a moving picture. */
export function churn(x: number, y: number, at: Seconds, life: Seconds, seed: number): number {
  const step = Math.floor(at / life);
  const share = at / life - step;
  const before = valueNoise(x, y, deriveSeed(seed, `${step}`));
  return before + (valueNoise(x, y, deriveSeed(seed, `${step + 1}`)) - before) * share;
}

/** What sets one plume apart from another, as shown. */
interface Plume {
  readonly grey: number;
  /** Metres a second. */
  readonly rise: number;
  /** Seconds that an eddy lives. */
  readonly life: Seconds;
  /** Share of its cover that it has lost at the top: steam dries up, smoke only spreads. */
  readonly lost: number;
}

/** Grey smoke of smouldering wood, cloth or paper. */
const SMOKE: Plume = { grey: 172, rise: 0.9, life: 1, lost: 0.35 };
/** Soot of burning rubber, plastic or oil. */
const SOOT: Plume = { grey: 46, rise: 1.4, life: 0.8, lost: 0.2 };

export function paintSmoke(u: number, v: number, at: Seconds, glow: SceneGlow, out: Emission): void {
  paintPlume(u, v, at, glow, SMOKE, out);
}

export function paintSoot(u: number, v: number, at: Seconds, glow: SceneGlow, out: Emission): void {
  paintPlume(u, v, at, glow, SOOT, out);
}

/**
 * A buoyant plume: a cone whose half angle is about 7° (Morton, Taylor and Turner 1956), eddies as large as it is
 * wide that it carries upwards, and a wind that sways it more the higher it is.
 */
function paintPlume(u: number, v: number, at: Seconds, glow: SceneGlow, plume: Plume, out: Emission): void {
  const { seed, width, height } = glow;
  const half = 0.15 + 0.7 * v;
  const sway = 0.35 * v * (2 * valueNoise(0.25 * at, 0.6 * v, seed) - 1);
  const across = (u + sway) / half;
  // Eddies grow with the plume: heights are counted in eddies passed.
  const climbed = (height / (0.7 * width)) * Math.log(half / 0.15) - (plume.rise * at) / (0.4 * width);
  const large = churn(across, climbed, at, plume.life, seed + 1);
  const small = churn(3 * across, 3 * climbed, at, 0.5 * plume.life, seed + 2);
  // No plume ends in a straight line.
  const core = Math.max(0, 1 - across * across) * Math.min(1, (1 - v) / 0.25);
  out.cover = Math.max(0, Math.min(0.95, core * (1 - plume.lost * v) * 1.6 * (large + 0.5 * small - 0.25)));
  out.red = plume.grey;
  out.green = plume.grey;
  out.blue = plume.grey + 3;
}

/** The low sun behind a tree: a white disc and an orange sky, before which dark leaves swing in gusts. */
export function paintDapple(
  u: number,
  v: number,
  at: Seconds,
  { seed, width }: SceneGlow,
  out: Emission,
): void {
  const away = Math.hypot(u, 2 * v - 1);
  const gust = 0.3 + 0.7 * valueNoise(0.4 * at, 0.5, seed);
  const cluster = valueNoise(2 * u, 3 * v, seed + 1);
  const swing = (gust * 0.06 * Math.sin(2 * Math.PI * (0.9 * at + cluster))) / Math.max(0.3, width / 2);
  const leaf = valueNoise(12 * (u + swing), 12 * (v + 0.5 * swing), seed + 2);
  const shade = Math.max(0, Math.min(1, (leaf - 0.42) / 0.1));
  const light = Math.max(0, 1 - away) ** 0.7;
  const through = (1 - shade) * light;
  out.cover = Math.min(1, 4 * Math.max(0, 1 - away));
  out.red = 30 + 300 * through;
  out.green = 28 + 300 * through * (0.5 + 0.5 * light);
  out.blue = 24 + 260 * through * light * light;
}

/** A warm lamp on a wire in the wind: a bright disc with a halo that swings to and fro. */
export function paintLantern(u: number, v: number, at: Seconds, glow: SceneGlow, out: Emission): void {
  const swing =
    0.45 *
    Math.sin(2 * Math.PI * (glow.rate ?? 0.8) * at) *
    (0.6 + 0.4 * valueNoise(0.3 * at, 0.5, glow.seed));
  const away = Math.hypot((u - swing) * (glow.width / glow.height), 2 * (v - 0.5 - 0.25 * swing * swing));
  const disc = Math.max(0, Math.min(1, (0.35 - away) / 0.08));
  const halo = Math.exp(-5 * Math.max(0, away - 0.3));
  out.cover = Math.max(disc, 0.8 * halo);
  out.red = 255;
  out.green = 150 + 95 * disc;
  out.blue = 50 + 150 * disc;
}
