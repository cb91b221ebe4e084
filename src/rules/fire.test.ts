import { describe, expect, it } from "vitest";
import { quietScene } from "../../test/support/observations.ts";
import type { Episode } from "../alerts/episode.ts";
import { type Glow, glowOfColours, WHITE_HOT } from "../frames/glow.ts";
import type { Box } from "../geometry/shapes.ts";
import { paintGlow } from "../scenes/glows.ts";
import type { GlowKind, SceneGlow } from "../scenes/script.ts";
import { issueTrackId } from "../tracking/track-id.ts";
import type { Track } from "../tracking/tracker.ts";
import { Fire, FLAME_LIMITS, type FlameLimits } from "./fire.ts";

const WIDTH = 192;
const HEIGHT = 108;

interface Staged {
  readonly kind: GlowKind;
  /** Metres. */
  readonly size: readonly [number, number];
  /** Samples. */
  readonly seen: readonly [number, number];
  readonly seed: number;
  /** Grey of what is behind. */
  readonly back?: number;
  readonly hz?: number;
  readonly rate?: number;
}

function glowsOf(staged: Staged, seconds: number): { readonly at: number; readonly glow: Glow }[] {
  const { kind, size, seen, seed, back = 90, hz = 12, rate } = staged;
  const [width, height] = size;
  const glow: SceneGlow = {
    kind,
    at: { x: 0, y: 0 },
    width,
    height,
    from: 0,
    to: 99,
    seed,
    ...(rate === undefined ? {} : { rate }),
  };
  const box: Box = { x: 95 - seen[0] / 2, y: 100 - seen[1], width: seen[0], height: seen[1] };
  return Array.from({ length: Math.floor(seconds * hz) }, (_, k) => {
    const canvas = new Uint8ClampedArray(3 * WIDTH * HEIGHT);
    let state = (Math.imul(k + 1, 2654435761) + seed) >>> 0;
    for (let i = 0; i < canvas.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      canvas[i] = back + (state >>> 29) - 4;
    }
    paintGlow(glow, k / hz, box, canvas, WIDTH, HEIGHT);
    return { at: k / hz, glow: glowOfColours(new Uint8Array(canvas.buffer), WIDTH, HEIGHT) };
  });
}

type Looks = ReturnType<typeof glowsOf>;

function play(looks: Looks, limits: FlameLimits, tracks: readonly Track[]): Episode[] {
  const view = { width: 2 * WIDTH, height: 2 * HEIGHT, zones: [], lines: [], homography: null };
  const config = { event: "fire", id: "r", after: 1, clear: 5, longest: 600, smoke: false } as const;
  const rule = new Fire(config, null, view, limits);
  return looks.flatMap(({ at, glow }) =>
    rule
      .observe({ at, tracks, detections: null, scene: quietScene(at), glow: () => glow })
      .flatMap((change) => (change.kind === "opened" ? [change.episode] : [])),
  );
}

function watch(staged: Staged, tracks: readonly Track[] = []): Episode[] {
  return play(glowsOf(staged, 7), FLAME_LIMITS, tracks);
}

const FLAMES: readonly Staged[] = [11, 22, 33].flatMap((seed) => [
  { kind: "flame" as const, size: [0.3, 0.6] as const, seen: [8, 16] as const, seed },
  { kind: "flame" as const, size: [0.6, 1.2] as const, seen: [15, 30] as const, seed, back: 40 },
  { kind: "flame" as const, size: [2, 3] as const, seen: [40, 60] as const, seed, back: 130 },
  { kind: "flame" as const, size: [2, 3] as const, seen: [40, 60] as const, seed, hz: 7 },
  { kind: "flame" as const, size: [5, 6] as const, seen: [75, 90] as const, seed, hz: 25 },
]);

const OTHERS: readonly Staged[] = (
  [
    "beacon",
    "lightbar",
    "hazard",
    "screen",
    "leaves",
    "flag",
    "steam",
    "dapple",
    "lantern",
    "smoke",
    "soot",
  ] as const
)
  .flatMap((kind) => [
    { kind, size: [1, 1] as const, seen: [10, 10] as const, seed: 5 },
    { kind, size: [1.5, 1] as const, seen: [40, 26] as const, seed: 6, back: 30 },
    { kind, size: [3, 3] as const, seen: [70, 60] as const, seed: 7, hz: 8 },
    { kind, size: [1, 1] as const, seen: [24, 24] as const, seed: 8, hz: 25 },
  ])
  .concat([
    { kind: "lamps", size: [60, 4], seen: [190, 12], seed: 9, back: 20, rate: 12 } as never,
    { kind: "lamps", size: [30, 4], seen: [190, 26], seed: 10, back: 20, rate: 6 } as never,
    { kind: "beacon", size: [1, 1], seen: [20, 20], seed: 11, rate: 3.7 } as never,
  ]);

const nameOf = ({ kind, seen, seed, hz = 12 }: Staged) => `${kind} ${seen.join("x")}, seed ${seed}, ${hz}/s`;

describe("a fire", () => {
  it.each(FLAMES.map((one) => ({ ...one, name: nameOf(one) })))("$name is found once", (one) => {
    const found = watch(one);
    expect(found).toHaveLength(1);
    const [episode] = found;
    expect(episode?.raisedAt).toBeLessThan(6);
    // Where it burns: about the middle of the lower half.
    const { x = 0, width = 0 } = episode?.place.box ?? {};
    expect(Math.abs(x + width / 2 - 190)).toBeLessThan(one.seen[0] + 10);
  });

  it.each(OTHERS.map((one) => ({ ...one, name: nameOf(one) })))("$name is none", (one) => {
    expect(watch(one)).toEqual([]);
  });

  it("and its reflection on wet ground are one", () => {
    const [, one] = FLAMES;
    if (one === undefined) throw new Error("no flames");
    const mirrored = glowsOf(one, 7).map(({ at, glow }) => ({ at, glow: withReflection(glow) }));
    const episodes = play(mirrored, FLAME_LIMITS, []);
    expect(episodes).toHaveLength(1);
  });

  it("is found though the camera sets its exposure anew all the time", () => {
    const [one] = FLAMES;
    if (one === undefined) throw new Error("no flames");
    const steps = [1, 0.75, 1.2, 0.85];
    const exposed = glowsOf(one, 7).map(({ at, glow }) => ({
      at,
      glow: exposedBy(glow, steps[Math.floor(at / 0.7) % steps.length] ?? 1),
    }));
    expect(play(exposed, FLAME_LIMITS, [])).toHaveLength(1);
  });

  it("does not hang on any one limit: each may be a fifth looser or stricter", { timeout: 60_000 }, () => {
    const some = [FLAMES[0], FLAMES[3]].flatMap((one) => (one === undefined ? [] : [glowsOf(one, 5)]));
    for (const key of Object.keys(FLAME_LIMITS) as (keyof FlameLimits)[]) {
      // Nothing is brighter than 255.
      for (const factor of key === "brightness" ? [0.8, 1.1] : [0.8, 1.2]) {
        const limits = { ...FLAME_LIMITS, [key]: FLAME_LIMITS[key] * factor };
        for (const looks of some) expect(play(looks, limits, []), `${key} times ${factor}`).toHaveLength(1);
      }
    }
  });

  it("is not seen where somebody stands: what flickers on him is what he wears", () => {
    const [one] = FLAMES;
    if (one === undefined) throw new Error("no flames");
    expect(watch(one, [track("person", 0)])).toEqual([]);
    expect(watch(one, [track("vehicle", 200)])).toEqual([]);
    // A vehicle that stands may burn.
    expect(watch(one, [track("vehicle", 0)])).toHaveLength(1);
  });

  it("says nothing without pictures, at too few looks a second, and in a view that cannot be read", () => {
    const [one] = FLAMES;
    if (one === undefined) throw new Error("no flames");
    expect(watch({ ...one, hz: 4 })).toEqual([]);
    const view = { width: 384, height: 216, zones: [], lines: [], homography: null };
    const rule = new Fire(
      { event: "fire", id: "r", after: 1, clear: 5, longest: 600, smoke: false },
      null,
      view,
    );
    for (const { at, glow } of glowsOf(one, 5)) {
      expect(rule.observe({ at, tracks: [], detections: null, scene: quietScene(at) })).toEqual([]);
      const scene = quietScene(at + 100, { unreadable: true });
      expect(rule.observe({ at: at + 100, tracks: [], detections: null, scene, glow: () => glow })).toEqual(
        [],
      );
      rule.finish(at + 100, "suspended");
    }
  });
});

describe("the glow of a picture", () => {
  it.each([
    ["a flame's edge", [230, 110, 40], 230],
    ["its inside", [255, 220, 120], 255],
    ["its core", [255, 250, 240], WHITE_HOT],
    ["grass", [80, 120, 50], 0],
    ["blue", [60, 90, 220], 0],
    ["skin in the light of a hall", [200, 165, 155], 0],
    ["dark red cloth", [140, 30, 35], 0],
    ["grey", [128, 128, 128], 0],
  ])("%s", (_, rgb, flame) => {
    expect(glowOfColours(Uint8Array.from(rgb), 1, 1).flame.data[0]).toBe(flame);
  });
});

/** The upper half is seen again below, half as bright, as a puddle throws it back. */
function withReflection({ level, flame }: Glow): Glow {
  const mirror = ({ width, height, data }: Glow["level"]) => {
    const out = data.slice();
    // What is lowest in the upper part is nearest to its image.
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < width; x++) {
        const from = data[(99 - 3 * y) * width + x] ?? 0;
        out[(height - 8 + y) * width + x] = from === WHITE_HOT ? 200 : 0.7 * from;
      }
    return { width, height, data: out };
  };
  return { level: mirror(level), flame: mirror(flame) };
}

function exposedBy({ level, flame }: Glow, gain: number): Glow {
  const by = ({ width, height, data }: Glow["level"], least: number) => ({
    width,
    height,
    data: data.map((value) => (value <= WHITE_HOT ? value : Math.max(least, Math.min(255, value * gain)))),
  });
  return { level: by(level, 0), flame: by(flame, 150) };
}

function track(kind: "person" | "vehicle", speed: number): Track {
  return {
    id: issueTrackId(),
    class: kind,
    box: { x: 150, y: 120, width: 80, height: 90 },
    foot: { x: 190, y: 210 },
    velocity: { x: speed, y: 0 },
    confirmed: true,
    coasting: false,
    firstSeen: 0,
    lastSeen: 0,
  };
}
