import { deriveSeed, randomStream } from "../random.ts";
import type { GroundPoint, LightKey, SceneScript } from "../script.ts";

/** What can be chosen of every prepared scene; what is left out is the scene's own. */
export interface SceneOptions {
  readonly seconds?: number;
  readonly width?: number;
  readonly height?: number;
  readonly rate?: number;
  readonly light?: LightName;
  readonly rain?: number;
  readonly noise?: number;
  readonly blur?: number;
  readonly timeJitter?: number;
  /** Paints a known texture on those actors who are most likely to give themselves away. */
  readonly painted?: boolean;
}

export const LIGHT_NAMES = ["day", "overcast", "dusk", "night", "indoor"] as const;
export type LightName = (typeof LIGHT_NAMES)[number];

/** A script without anybody in it: the place, its camera and its light. */
export type Place = Omit<SceneScript, "name" | "actors" | "survey"> & {
  readonly survey: Pick<SceneScript["survey"], "marks">;
};

const LIGHTS: Record<LightName, Omit<LightKey, "at">> = {
  day: { ambient: 0.72, sun: 0.75, lamps: 0, tint: [0.95, 0.99, 1.06] },
  overcast: { ambient: 1.12, sun: 0, lamps: 0, tint: [0.98, 1, 1.02] },
  dusk: { ambient: 0.42, sun: 0.05, lamps: 0.6, tint: [0.92, 0.95, 1.15] },
  night: { ambient: 0.19, sun: 0, lamps: 1.1, tint: [0.8, 0.9, 1.25] },
  indoor: { ambient: 0.78, sun: 0, lamps: 0.4, tint: [1, 1, 1] },
};

/** One light from the first picture to the last. */
export function steadyLight(name: LightName): readonly LightKey[] {
  return [{ at: 0, ...LIGHTS[name] }];
}

/** The light of a name at a time. */
export function lightKey(at: number, name: LightName): LightKey {
  return { at, ...LIGHTS[name] };
}

/** A square in front of some houses: benches, trees, lamps, a kiosk. */
export function plaza(seed: number, options: SceneOptions): Place {
  const light = options.light ?? "day";
  return {
    ...common(seed, options, light),
    views: [{ at: 0, camera: { at: { x: 0, y: 0 }, height: 4.6, pan: 0, tilt: 15, fieldOfView: 62 } }],
    sun: { azimuth: 228, elevation: 40 },
    sky: light === "night" ? "night" : light === "day" ? "clear" : "overcast",
    ground: "paving",
    patches: [
      { material: "asphalt", corners: rectangle(-60, 34, 60, 41) },
      { material: "slabs", corners: rectangle(-60, 32.6, 60, 34) },
      { material: "grass", corners: rectangle(-16, 18, -6.5, 25) },
      { material: "slabs", corners: rectangle(2.5, 9, 8, 15) },
    ],
    props: [
      { kind: "building", at: { x: -24, y: 48 }, size: [22, 10, 13] },
      { kind: "building", at: { x: -1, y: 49 }, size: [22, 10, 10], colour: [0.66, 0.62, 0.56] },
      { kind: "building", at: { x: 23, y: 48 }, size: [24, 10, 15], colour: [0.58, 0.44, 0.38] },
      { kind: "tree", at: { x: -13.5, y: 21.5 } },
      { kind: "tree", at: { x: -9, y: 22.5 }, size: [3, 3, 5] },
      { kind: "lamp", at: { x: -5.2, y: 17 } },
      { kind: "lamp", at: { x: 10.5, y: 20 } },
      { kind: "lamp", at: { x: 1.5, y: 31 } },
      { kind: "bench", at: { x: -8, y: 16.6 }, facing: 180 },
      { kind: "bench", at: { x: -5, y: 25.5 }, facing: 180 },
      { kind: "bin", at: { x: -6.2, y: 16.6 } },
      { kind: "kiosk", at: { x: 13.5, y: 26 }, facing: 200 },
      { kind: "planter", at: { x: 9.6, y: 13 } },
      { kind: "bollard", at: { x: -6, y: 32.9 } },
      { kind: "bollard", at: { x: -2, y: 32.9 } },
      { kind: "bollard", at: { x: 2, y: 32.9 } },
      { kind: "bollard", at: { x: 6, y: 32.9 } },
    ],
    survey: {
      marks: [
        { x: -4, y: 9 },
        { x: 4, y: 9 },
        { x: 9, y: 22 },
        { x: -9, y: 22 },
        { x: 0, y: 15 },
      ],
    },
    conditions: { place: "outdoor", light: light === "overcast" ? "day" : light, origin: "rendered" },
  };
}

/** A railway platform, seen along its edge. */
export function platform(seed: number, options: SceneOptions): Place {
  const light = options.light ?? "overcast";
  return {
    ...common(seed, options, light),
    views: [{ at: 0, camera: { at: { x: 0, y: 0 }, height: 3.9, pan: 4, tilt: 16, fieldOfView: 52 } }],
    sun: { azimuth: 150, elevation: 48 },
    sky: light === "night" ? "night" : "overcast",
    ground: "slabs",
    patches: [
      { material: "ballast", corners: rectangle(4.2, -5, 13, 120) },
      { material: "asphalt", corners: rectangle(13, -5, 60, 120) },
      { material: "tactile", corners: rectangle(3.1, -5, 3.5, 120) },
      { material: "marking", corners: rectangle(4.05, -5, 4.2, 120) },
      { material: "marking", corners: rectangle(5.6, -5, 5.68, 120) },
      { material: "marking", corners: rectangle(7.04, -5, 7.12, 120) },
    ],
    props: [
      { kind: "wall", at: { x: -5.5, y: 30 }, facing: 90, size: [70, 0.3, 3.4] },
      { kind: "column", at: { x: -3.2, y: 20 }, size: [0.5, 0.5, 4.4] },
      { kind: "column", at: { x: -3.2, y: 28 }, size: [0.5, 0.5, 4.4] },
      { kind: "column", at: { x: -3.2, y: 35 }, size: [0.5, 0.5, 4.4] },
      { kind: "lamp", at: { x: -4.4, y: 12 } },
      { kind: "lamp", at: { x: -4.4, y: 27 } },
      { kind: "bench", at: { x: -4.6, y: 17 }, facing: 90 },
      { kind: "bin", at: { x: -4.6, y: 18.6 } },
      { kind: "building", at: { x: 24, y: 46 }, size: [14, 40, 9] },
    ],
    survey: {
      marks: [
        { x: -2, y: 8 },
        { x: 3, y: 9 },
        { x: 3, y: 24 },
        { x: -3, y: 24 },
      ],
    },
    conditions: { place: "platform", light: light === "overcast" ? "day" : light, origin: "rendered" },
  };
}

/** An indoor hall under artificial light; narrow, it is a corridor. */
export function hall(seed: number, options: SceneOptions, halfWidth: number): Place {
  const light = options.light ?? "indoor";
  return {
    ...common(seed, options, light),
    views: [{ at: 0, camera: { at: { x: 0, y: 0 }, height: 3.9, pan: 0, tilt: 20, fieldOfView: 54 } }],
    sun: { azimuth: 180, elevation: 60 },
    sky: "ceiling",
    ground: "tiles",
    patches: [{ material: "slabs", corners: rectangle(-halfWidth, 20, halfWidth, 21) }],
    props: [
      { kind: "wall", at: { x: -halfWidth - 0.2, y: 22 }, facing: 90, size: [60, 0.4, 4.4] },
      { kind: "wall", at: { x: halfWidth + 0.2, y: 22 }, facing: 90, size: [60, 0.4, 4.4] },
      { kind: "wall", at: { x: 0, y: 44 }, size: [2 * halfWidth + 1, 0.4, 4.4], colour: [0.5, 0.52, 0.55] },
      ...(halfWidth < 5
        ? []
        : ([
            { kind: "column", at: { x: -halfWidth * 0.62, y: 16 } },
            { kind: "column", at: { x: halfWidth * 0.62, y: 16 } },
            { kind: "column", at: { x: -halfWidth * 0.62, y: 27 } },
            { kind: "column", at: { x: halfWidth * 0.62, y: 27 } },
            { kind: "planter", at: { x: -halfWidth + 0.8, y: 12 }, facing: 90 },
          ] as const)),
      { kind: "bin", at: { x: halfWidth - 0.5, y: 13 } },
    ],
    survey: {
      marks: [
        { x: -2, y: 7 },
        { x: 2, y: 7 },
        { x: 2, y: 22 },
        { x: -2, y: 22 },
      ],
    },
    conditions: { place: "indoor", light: "artificial", origin: "rendered" },
  };
}

/**
 * A room as in a home or an office, seen from a stand or from below the ceiling, near enough that people fill much of
 * the picture. A seat and a bed stand in it.
 */
export function room(seed: number, options: SceneOptions): Place {
  const light = options.light ?? "indoor";
  const random = randomStream(deriveSeed(seed, "room"));
  const height = 1.2 + 1.5 * random();
  // Whatever the height, the middle of the view lies some metres ahead on people's waists.
  const tilt = (Math.atan2(height - 0.8, 4.6) * 180) / Math.PI;
  return {
    ...common(seed, options, light),
    views: [{ at: 0, camera: { at: { x: 0, y: 0 }, height, pan: 0, tilt, fieldOfView: 66 } }],
    sun: { azimuth: 180, elevation: 60 },
    sky: "ceiling",
    ground: "tiles",
    patches: [],
    props: [
      { kind: "wall", at: { x: -3.4, y: 4 }, facing: 90, size: [9, 0.2, 3] },
      { kind: "wall", at: { x: 3.4, y: 4 }, facing: 90, size: [9, 0.2, 3] },
      { kind: "wall", at: { x: 0, y: 8.2 }, size: [7, 0.2, 3], colour: [0.72, 0.7, 0.62] },
      { kind: "bench", at: SEAT, size: [0.9, 0.5, 0.45], facing: 180 },
      { kind: "wall", at: BED, size: [2, 0.9, 0.5], colour: [0.5, 0.52, 0.62] },
    ],
    survey: {
      marks: [
        { x: -1, y: 4 },
        { x: 1, y: 4 },
        { x: 1.5, y: 7 },
        { x: -1.5, y: 7 },
      ],
    },
    conditions: { place: "indoor", light: "artificial", origin: "rendered" },
  };
}

/** Where a room's seat and bed stand. */
export const SEAT: GroundPoint = { x: -0.9, y: 6.3 };
export const BED: GroundPoint = { x: 1.2, y: 7.2 };

/** A street with two lanes across the view and pavements on both sides. */
export function road(seed: number, options: SceneOptions): Place {
  const light = options.light ?? "day";
  const dashes = Array.from({ length: 14 }, (_, index) => ({
    material: "marking" as const,
    corners: rectangle(-42 + index * 6, 17.45, -39 + index * 6, 17.6),
  }));
  return {
    ...common(seed, options, light),
    views: [{ at: 0, camera: { at: { x: 0, y: 0 }, height: 6.2, pan: 0, tilt: 18, fieldOfView: 62 } }],
    sun: { azimuth: 200, elevation: 42 },
    sky: light === "night" ? "night" : light === "day" ? "clear" : "overcast",
    ground: "slabs",
    patches: [
      { material: "asphalt", corners: rectangle(-80, 14, 80, 21) },
      { material: "marking", corners: rectangle(-80, 14, 80, 14.12) },
      { material: "marking", corners: rectangle(-80, 20.88, 80, 21) },
      { material: "asphalt", corners: rectangle(-80, 21, 80, 23.4) },
      ...dashes,
      { material: "grass", corners: rectangle(-80, 26.5, 80, 31) },
    ],
    props: [
      { kind: "building", at: { x: -20, y: 39 }, size: [24, 10, 11], colour: [0.6, 0.5, 0.42] },
      { kind: "building", at: { x: 8, y: 39 }, size: [26, 10, 9], colour: [0.66, 0.63, 0.58] },
      { kind: "building", at: { x: 36, y: 40 }, size: [22, 10, 13] },
      { kind: "tree", at: { x: -14, y: 28.5 } },
      { kind: "tree", at: { x: -4, y: 28.8 }, size: [3, 3, 5] },
      { kind: "tree", at: { x: 7, y: 28.5 } },
      { kind: "lamp", at: { x: -9, y: 24.2 } },
      { kind: "lamp", at: { x: 9, y: 24.2 } },
      { kind: "lamp", at: { x: 0, y: 12.6 } },
      { kind: "bin", at: { x: 5.2, y: 24.6 } },
    ],
    survey: {
      marks: [
        { x: -5, y: 12 },
        { x: 5, y: 12 },
        { x: 10, y: 24 },
        { x: -10, y: 24 },
      ],
    },
    conditions: { place: "road", light: light === "overcast" ? "day" : light, origin: "rendered" },
  };
}

export function rectangle(x0: number, y0: number, x1: number, y1: number): GroundPoint[] {
  return [
    { x: x0, y: y0 },
    { x: x1, y: y0 },
    { x: x1, y: y1 },
    { x: x0, y: y1 },
  ];
}

function common(seed: number, options: SceneOptions, light: LightName) {
  const random = randomStream(deriveSeed(seed, "optics"));
  const dark = light === "night" ? 2 : light === "dusk" ? 1.4 : 1;
  return {
    seed,
    width: options.width ?? 640,
    height: options.height ?? 360,
    seconds: options.seconds ?? 20,
    rate: options.rate ?? 12.5,
    timeJitter: options.timeJitter ?? 0,
    shakes: [],
    light: steadyLight(light),
    rain: options.rain ?? 0,
    optics: {
      noise: options.noise ?? dark * (2.2 + random()),
      blur: options.blur ?? 0.55 + 0.25 * random(),
    },
  };
}
