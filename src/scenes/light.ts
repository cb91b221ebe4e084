import type { Seconds } from "../time/clock.ts";
import type { LightKey, SceneScript } from "./script.ts";

/** The light of one instant. */
export interface LightState {
  /** Ambient light for each of red, green and blue. */
  readonly ambient: readonly [number, number, number];
  readonly sun: number;
  readonly lamps: number;
}

/** Colour of the sun's and of the lamps' light. */
export const SUN_TINT = [1, 0.96, 0.88] as const;
export const LAMP_TINT = [1, 0.86, 0.62] as const;

/** Interpolates between a script's keys; before the first and after the last it stays. */
export function lightAt(keys: readonly LightKey[], at: Seconds): LightState {
  const first = keys[0];
  if (!first) return { ambient: [1, 1, 1], sun: 0, lamps: 0 };
  let from = first;
  let to = first;
  for (const key of keys) {
    to = key;
    if (key.at >= at) break;
    from = key;
  }
  const span = to.at - from.at;
  const share = span <= 0 ? 1 : Math.min(1, Math.max(0, (at - from.at) / span));
  const mix = (a: number, b: number) => a + (b - a) * share;
  const ambient = mix(from.ambient, to.ambient);
  return {
    ambient: [
      ambient * mix(from.tint[0], to.tint[0]),
      ambient * mix(from.tint[1], to.tint[1]),
      ambient * mix(from.tint[2], to.tint[2]),
    ],
    sun: mix(from.sun, to.sun),
    lamps: mix(from.lamps, to.lamps),
  };
}

/** Unit vector towards the sun. */
export function sunDirection(sun: SceneScript["sun"]): readonly [number, number, number] {
  const azimuth = (sun.azimuth * Math.PI) / 180;
  const elevation = (sun.elevation * Math.PI) / 180;
  return [
    Math.sin(azimuth) * Math.cos(elevation),
    Math.cos(azimuth) * Math.cos(elevation),
    Math.sin(elevation),
  ];
}
