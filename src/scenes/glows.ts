import type { Box } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { PerspectiveCamera } from "./camera.ts";
import { churn, type Emission, paintDapple, paintLantern, paintSmoke, paintSoot } from "./plumes.ts";
import { deriveSeed, hashCell, valueNoise } from "./random.ts";
import type { GlowKind, SceneGlow, SceneScript } from "./script.ts";

/**
 * Emission at a point of a glow's box.
 * @param u across, -1 to 1 @param v upwards, 0 to 1 @param at since it began, seconds @param out is filled
 */
type Paint = (u: number, v: number, at: Seconds, glow: SceneGlow, out: Emission) => void;

/** Draws the glows of a script over a canvas of packed RGB. Nothing hides them: scripts place them in front. */
export function drawGlows(
  script: SceneScript,
  at: Seconds,
  camera: PerspectiveCamera,
  canvas: Uint8ClampedArray,
  width: number,
  height: number,
): void {
  for (const glow of script.glows ?? []) {
    const box = glowBox(glow, at, camera);
    if (box !== null) paintGlow(glow, at, box, canvas, width, height);
  }
}

/** Where a glow stands on the canvas at an instant; null before it begins and after its end. */
export function glowBox(glow: SceneGlow, at: Seconds, camera: PerspectiveCamera): Box | null {
  const scale = sizeAt(glow, at);
  if (scale <= 0) return null;
  const foot = camera.project(glow.at.x, glow.at.y, glow.above ?? 0);
  if (foot.depth < 0.5) return null;
  const perMetre = camera.focal / foot.depth;
  const width = glow.width * scale * perMetre;
  const height = glow.height * scale * perMetre;
  return { x: foot.x - width / 2, y: foot.y - height, width, height };
}

/** Share of its full size that a glow has: it grows evenly, in area, from its beginning. */
export function sizeAt(glow: SceneGlow, at: Seconds): number {
  if (at < glow.from || at > glow.to) return 0;
  const growth = glow.growth ?? 0;
  return growth <= 0 ? 1 : Math.sqrt(Math.min(1, Math.max(0, (at - glow.from) / growth)));
}

/** Draws one glow into a box of the canvas. */
export function paintGlow(
  glow: SceneGlow,
  at: Seconds,
  box: Box,
  canvas: Uint8ClampedArray,
  width: number,
  height: number,
): void {
  const paint = PAINT[glow.kind];
  const since = at - glow.from;
  const out: Emission = { red: 0, green: 0, blue: 0, cover: 0 };
  const right = Math.min(width, Math.ceil(box.x + box.width));
  const bottom = Math.min(height, Math.ceil(box.y + box.height));
  for (let y = Math.max(0, Math.floor(box.y)); y < bottom; y++) {
    const v = 1 - (y + 0.5 - box.y) / box.height;
    for (let x = Math.max(0, Math.floor(box.x)); x < right; x++) {
      const u = (2 * (x + 0.5 - box.x)) / box.width - 1;
      paint(u, v, since, glow, out);
      if (out.cover <= 0) continue;
      const j = 3 * (y * width + x);
      const see = 1 - Math.min(1, out.cover);
      canvas[j] = (canvas[j] ?? 0) * see + out.red * (1 - see);
      canvas[j + 1] = (canvas[j + 1] ?? 0) * see + out.green * (1 - see);
      canvas[j + 2] = (canvas[j + 2] ?? 0) * see + out.blue * (1 - see);
    }
  }
}

const PAINT: Record<GlowKind, Paint> = {
  flame: paintFlame,
  beacon: paintBeacon,
  lightbar: paintLightbar,
  hazard: paintHazard,
  screen: paintScreen,
  leaves: paintLeaves,
  flag: paintFlag,
  steam: paintSteam,
  lamps: paintLamps,
  smoke: paintSmoke,
  soot: paintSoot,
  dapple: paintDapple,
  lantern: paintLantern,
  neon: paintNeon,
  sunset: paintSunset,
  puddle: paintPuddle,
};

/**
 * A diffusion flame. It puffs at 1.5 / sqrt(width in m) Hz (Cetegen and Ahmed 1993), its gas rises at about
 * 2 m/s, its tongues live for a fraction of a puff. Dark red at the edge, orange, yellow, washed out inside.
 */
function paintFlame(u: number, v: number, at: Seconds, glow: SceneGlow, out: Emission): void {
  const { seed, width, height } = glow;
  const puff = 1.5 / Math.sqrt(width);
  const life = 0.4 / puff;
  const tall = 0.75 + 0.5 * (valueNoise(at * 2 * puff, 0.5, seed) - 0.5);
  const rise = (2 * at) / height;
  const sway = 0.5 * v * (valueNoise(at * 1.6 * puff, 3.5 + v, seed) - 0.5);
  // Tongues as wide as a fraction of the flame, and eddies of some decimetres whatever its size.
  const eddies = Math.max(2, width / 0.3);
  const coarse = churn(1.6 * u, 2.2 * (v - rise), at, life, seed + 1);
  const fine = churn(eddies * u, (eddies * height * (v - rise)) / width, at, 0.15, seed + 2);
  const heat =
    1.25 * (1 - v / tall) + 0.25 - 1.35 * Math.abs(u + sway) + 0.9 * (coarse - 0.5) + 1.1 * (fine - 0.5);
  const level = Math.max(0, Math.min(1.3, heat));
  out.cover = Math.min(1, 2.2 * level);
  out.red = 150 + 260 * level;
  out.green = 30 + 215 * level;
  out.blue = 10 + 120 * level * level;
}

/** A turning beacon of amber glass: 2 turns a second, twice as bright as its daylight look when it faces us. */
function paintBeacon(u: number, v: number, at: Seconds, glow: SceneGlow, out: Emission): void {
  const away = Math.hypot(u, 2 * v - 1);
  const turn = Math.cos(2 * Math.PI * (glow.rate ?? 2) * at);
  const shine = Math.max(0, turn) ** 4;
  const side = Math.sin(2 * Math.PI * (glow.rate ?? 2) * at);
  const spot = Math.exp(-4 * (u - 0.5 * side) ** 2);
  out.cover = away < 0.6 ? 1 : shine * Math.max(0, 1 - (away - 0.6) / 0.4) * 0.7;
  out.red = 150 + 105 * shine * spot;
  out.green = 70 + 130 * shine * spot;
  out.blue = 15 + 90 * shine * spot;
}

/** Four amber lamps side by side, each with a double flash of its own. */
function paintLightbar(u: number, v: number, at: Seconds, glow: SceneGlow, out: Emission): void {
  const lamp = Math.min(3, Math.floor((u + 1) * 2));
  const phase = ((at * (glow.rate ?? 2) + hashCell(lamp, 0, glow.seed)) % 1) * 4;
  const on = phase < 0.6 || (phase > 1 && phase < 1.6);
  const inside = Math.abs((u + 1) * 2 - lamp - 0.5) < 0.42 && Math.abs(v - 0.5) < 0.42;
  out.cover = inside ? 1 : 0;
  out.red = on ? 255 : 150;
  out.green = on ? 190 : 80;
  out.blue = on ? 70 : 30;
}

/** A vehicle's hazard lamps: two, in step. */
function paintHazard(u: number, v: number, at: Seconds, glow: SceneGlow, out: Emission): void {
  const on = (at * (glow.rate ?? 1.5)) % 1 < 0.5;
  const inside = Math.abs(u) > 0.6 && Math.abs(v - 0.5) < 0.4;
  out.cover = inside ? 1 : 0;
  out.red = on ? 255 : 130;
  out.green = on ? 160 : 50;
  out.blue = on ? 40 : 30;
}

/** A screen with a film on it: cuts, pans, all colours. */
function paintScreen(u: number, v: number, at: Seconds, { seed }: SceneGlow, out: Emission): void {
  const shot = Math.floor(at / 1.3 + hashCell(Math.floor(at / 4), 1, seed));
  const pan = 0.6 * at * (hashCell(shot, 2, seed) - 0.5);
  const texture = valueNoise(3 * u + 4 * pan, 4 * v, deriveSeed(seed, `shot ${shot}`));
  const tone = (channel: number) => 0.35 + 0.65 * hashCell(shot, channel, seed);
  out.cover = 1;
  out.red = 255 * texture * tone(3);
  out.green = 255 * texture * tone(4);
  out.blue = 255 * texture * tone(5);
}

/** A tree in autumn: each cluster of leaves swings about its own place, in gusts. */
function paintLeaves(u: number, v: number, at: Seconds, { seed, width }: SceneGlow, out: Emission): void {
  const gust = 0.4 + 0.6 * valueNoise(0.4 * at, 0.5, seed);
  const cluster = valueNoise(3 * u, 5 * v, seed + 1);
  const swing = (gust * 0.04 * Math.sin(2 * Math.PI * (1.1 * at + cluster))) / Math.max(0.3, width / 2);
  const leaf = valueNoise(14 * (u + swing), 18 * (v + 0.4 * swing), seed + 2);
  const hue = valueNoise(5 * (u + swing), 6 * v, seed + 3);
  out.cover = Math.hypot(u, 2 * v - 1) < 1 ? 1 : 0;
  const light = 0.45 + 0.55 * leaf;
  out.red = 250 * light;
  out.green = (110 + 90 * hue) * light;
  out.blue = 45 * light;
}

/** Orange cloth in the wind: waves run along it. */
function paintFlag(u: number, v: number, at: Seconds, { seed }: SceneGlow, out: Emission): void {
  const wave = Math.sin(2 * Math.PI * (1.2 * u - 1.5 * at + 0.3 * v) + 2 * valueNoise(u, at, seed));
  const edge = 0.46 + 0.05 * Math.sin(2 * Math.PI * (u - 1.5 * at));
  out.cover = Math.abs(v - 0.5) < edge ? 1 : 0;
  const light = 0.86 + 0.14 * wave;
  out.red = 255 * light;
  out.green = 130 * light;
  out.blue = 30 * light;
}

/** Steam in the light of a low sun: it rolls slowly and lets things through. */
function paintSteam(u: number, v: number, at: Seconds, { seed, height }: SceneGlow, out: Emission): void {
  const rise = (0.7 * at) / height;
  const cloud = churn(1.5 * u, 2.5 * (v - rise), at, 1.2, seed) * (1 - Math.abs(u)) * (1 - 0.6 * v);
  out.cover = Math.max(0, Math.min(0.9, 2 * cloud - 0.3));
  out.red = 255;
  out.green = 214;
  out.blue = 170;
}

/** Traffic by night, seen from its side: head and tail lamps in two lanes that pass each other. */
function paintLamps(u: number, v: number, at: Seconds, glow: SceneGlow, out: Emission): void {
  const lane = v > 0.5 ? 1 : 0;
  const metres = ((u + 1) / 2) * glow.width + (lane === 0 ? -1 : 1) * (glow.rate ?? 12) * at;
  const gap = 14;
  const car = Math.floor(metres / gap);
  const place = metres - gap * (car + 0.3 + 0.4 * hashCell(car, lane, glow.seed));
  const up = ((v * 2) % 1) * (glow.height / 2) - 0.7;
  const away = Math.hypot(place, up);
  out.cover = Math.max(0, Math.min(1, 1.6 - away / 0.45));
  out.red = 255;
  out.green = lane === 0 ? 235 - 60 * away : 70;
  out.blue = lane === 0 ? 190 - 120 * away : 50;
}

/** Red and orange tubes that spell something: steady, one of them fails now and then. */
function paintNeon(u: number, v: number, at: Seconds, { seed }: SceneGlow, out: Emission): void {
  const letter = Math.floor((u + 1) * 3);
  const inside = ((u + 1) * 3) % 1;
  const ring = Math.abs(Math.hypot((inside - 0.5) / 0.38, (v - 0.5) / 0.42) - 0.85);
  // Near the end of its life a tube goes out for a part of a second, some times a minute.
  const failing = letter === 2 && valueNoise(4 * at, 0.5, seed) > 0.72;
  const shine = Math.max(0, 1 - ring / 0.16);
  out.cover = failing ? 0.5 * shine : Math.min(1, 1.4 * shine);
  out.red = failing ? 120 : 255;
  out.green = failing ? 40 : 60 + 120 * shine * shine;
  out.blue = failing ? 30 : 40 + 60 * shine * shine;
}

/** The low sun, or its mirror image in a window: white in its middle, orange around; clouds drift over it. */
function paintSunset(u: number, v: number, at: Seconds, { seed }: SceneGlow, out: Emission): void {
  const away = Math.hypot(u, 2 * v - 1);
  const cloud = valueNoise(2 * u + 0.08 * at, 5 * v, seed);
  const disc = Math.max(0, Math.min(1, (0.35 - away) / 0.06));
  const haze = Math.max(0, 1 - away) ** 1.5;
  out.cover = Math.min(1, disc + 0.9 * haze * (0.5 + 0.5 * cloud));
  out.red = 255;
  out.green = 130 + 110 * disc + 40 * cloud * haze;
  out.blue = 50 + 150 * disc;
}

/**
 * Water on the ground that mirrors a warm lamp: the mirror image is a column, which ripples break into flakes. Of the
 * ripples only the longer ones, some decimetres, can be seen from a camera's distance; they run at about half a metre a
 * second.
 */
function paintPuddle(
  u: number,
  v: number,
  at: Seconds,
  { seed, width, height }: SceneGlow,
  out: Emission,
): void {
  const shore = Math.hypot(u, 2 * v - 1) + 0.25 * (valueNoise(2 * u, 3 * v, seed) - 0.5);
  if (shore > 0.9) {
    out.cover = 0;
    return;
  }
  const ripple =
    Math.sin(2 * Math.PI * (6 * v * height + 1.5 * at + valueNoise(3 * u, 0.7 * at, seed + 1))) +
    Math.sin(2 * Math.PI * (0.8 * u * width - 1.1 * at + 2 * valueNoise(4 * v, 0.5 * at, seed + 2)));
  const column = Math.exp(-(((u + 0.05 * ripple) / 0.22) ** 2));
  const flake = Math.max(0, Math.min(1, 0.5 + 0.45 * ripple)) * column;
  out.cover = Math.min(1, 0.75 + flake);
  out.red = 70 + 185 * flake;
  out.green = 78 + 130 * flake;
  out.blue = 86 + 40 * flake;
}
