import { describe, expect, it } from "vitest";
import { quietScene } from "../../test/support/observations.ts";
import type { Box } from "../geometry/shapes.ts";
import { paintGlow } from "../scenes/glows.ts";
import { valueNoise } from "../scenes/random.ts";
import type { GlowKind } from "../scenes/script.ts";
import { Fire } from "./fire.ts";
import { SMOKE_LIMITS, type SmokeLimits, SmokePlumes } from "./smoke-plumes.ts";

const WIDTH = 192;
const HEIGHT = 108;
/** Bricks: there is something to be veiled everywhere. */
const WALL = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
  const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
  return 70 + 60 * valueNoise(x / 3, y / 2, 7) + (y % 8 === 0 ? 25 : 0);
});

/** What is seen of the wall at a time. */
type Show = (at: number) => Uint8Array;

function glow(kind: GlowKind, growth: number, seed = 3): Show {
  return (at) => {
    const canvas = new Uint8ClampedArray(3 * WIDTH * HEIGHT);
    WALL.forEach((value, i) => {
      canvas.fill(value, 3 * i, 3 * i + 3);
    });
    const grown = Math.sqrt(Math.min(1, Math.max(0, (at - 8) / Math.max(0.1, growth))));
    const box: Box = { x: 96 - 35 * grown, y: 100 - 90 * grown, width: 70 * grown, height: 90 * grown };
    const one = { kind, at: { x: 0, y: 0 }, width: 4 * grown, height: 5 * grown, from: 0, to: 99, seed };
    if (grown > 0) paintGlow(one, at, box, canvas, WIDTH, HEIGHT);
    return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => canvas[3 * i + 1] ?? 0);
  };
}

/** From 8 s on a part of the wall is seen otherwise, the more of it the later. */
function spreading(paint: (behind: number, x: number, y: number, at: number) => number, over = 12): Show {
  return (at) => {
    const grown = Math.min(1, Math.max(0, (at - 8) / over));
    return WALL.map((behind, i) => {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      const inside = Math.abs(x - 96) < 45 * grown && y < 100 && y > 100 - 90 * grown;
      return inside ? paint(behind, x, y, at) : behind;
    });
  };
}

/** Pictures of a show, four a second. */
function shots(show: Show, seconds = 30): readonly Uint8Array[] {
  return Array.from({ length: 4 * seconds }, (_, k) => show(k / 4));
}

function watch(
  pictures: readonly Uint8Array[],
  limits: SmokeLimits = SMOKE_LIMITS,
  isElses: (part: Box) => boolean = () => false,
) {
  const plumes = new SmokePlumes(limits);
  const size = { width: WIDTH, height: HEIGHT };
  const background = { ...size, data: WALL };
  for (const [k, data] of pictures.entries()) {
    const at = k / 4;
    plumes.observe(quietScene(at, { picture: { ...size, data }, background }), isElses);
    if (plumes.confirmed !== null) return { at, ...plumes.confirmed };
  }
  return null;
}

const SMOKE = shots(glow("smoke", 12), 34);

describe("smoke", () => {
  it.each([1, 2])("that rises and spreads from one place is found, seed %i", (seed) => {
    const found = watch(shots(glow("smoke", 12, seed)));
    expect(found?.at).toBeGreaterThan(18);
    expect(found?.at).toBeLessThan(30);
    const { x = 0, width = 0, y = 0, height = 0 } = found?.box ?? {};
    expect(x + width / 2).toBeGreaterThan(0.35);
    expect(x + width / 2).toBeLessThan(0.65);
    expect(y + height).toBeGreaterThan(0.6);
  });

  it.each<[string, Show]>([
    ["nothing", () => WALL],
    ["thin steam", glow("steam", 12)],
    ["smoke that was there at once and does not grow", glow("smoke", 0)],
    ["a shadow that grows", spreading((behind) => 0.5 * behind)],
    ["a lamp's light that grows", spreading((behind) => Math.min(255, 1.5 * behind))],
    ["glass and curtains: a veil that does not churn", spreading((behind) => 0.5 * behind + 80)],
    [
      "a view out of focus",
      () => WALL.map((_, i) => ((WALL[i - 1] ?? 0) + (WALL[i] ?? 0) + (WALL[i + 1] ?? 0)) / 3),
    ],
    ["a crowd: opaque and restless", spreading((_, x, y, at) => 160 * valueNoise(x / 4 + 5 * at, y / 4, 5))],
    [
      "mist over all of the view that drifts",
      (at) =>
        WALL.map(
          (behind, i) =>
            behind +
            0.4 *
              Math.min(1, at / 20) *
              (170 - behind) *
              (0.9 + 0.1 * valueNoise((i % WIDTH) / 60 + at / 9, 1, 2)),
        ),
    ],
    [
      "dust that drives through",
      (at) =>
        WALL.map((behind, i) => {
          const away = Math.abs((i % WIDTH) - 20 * (at - 8));
          return away < 30 ? behind + 0.5 * (170 - behind) : behind;
        }),
    ],
  ])("%s is none", (_, show) => {
    expect(watch(shots(show))).toBeNull();
  });

  it("does not hang on any one limit: each may be a fifth looser or stricter", () => {
    for (const key of Object.keys(SMOKE_LIMITS) as (keyof SmokeLimits)[])
      for (const factor of [0.8, 1.2])
        expect(
          watch(SMOKE, { ...SMOKE_LIMITS, [key]: SMOKE_LIMITS[key] * factor }),
          `${key} times ${factor}`,
        ).not.toBeNull();
  });

  it("is not looked for on somebody, nor out of the area", () => {
    expect(watch(SMOKE, SMOKE_LIMITS, () => true)).toBeNull();
  });
});

describe("a fire rule", () => {
  it.each([
    [true, 1],
    [false, 0],
  ])("with smoke %s tells of a plume %i times, where it is", (smoke, times) => {
    const view = { width: 2 * WIDTH, height: 2 * HEIGHT, zones: [], lines: [], homography: null };
    const rule = new Fire({ event: "fire", id: "r", after: 1, clear: 5, longest: 600, smoke }, null, view);
    const size = { width: WIDTH, height: HEIGHT };
    const dark = { ...size, data: new Uint8Array(WIDTH * HEIGHT) };
    const opened = SMOKE.flatMap((data, k) => {
      const scene = quietScene(k / 4, { picture: { ...size, data }, background: { ...size, data: WALL } });
      const glowing = () => ({ level: dark, flame: dark });
      return rule
        .observe({ at: k / 4, tracks: [], detections: null, scene, glow: glowing })
        .flatMap((change) => (change.kind === "opened" ? [change.episode] : []));
    });
    expect(opened).toHaveLength(times);
    for (const { place } of opened) {
      const { x = 0, width = 0 } = place.box ?? {};
      expect(Math.abs(x + width / 2 - WIDTH)).toBeLessThan(60);
    }
  });
});
