import type { EventType } from "../../event.ts";
import type { SceneName } from "../../scenes/catalogue.ts";
import type { SceneOptions } from "../../scenes/prepared/places.ts";
import type { Conditions } from "../reference.ts";

/** One clip of the example suite, before it is drawn. */
export interface ExampleClip {
  readonly id: string;
  /** Clips that share it are of one camera: they are resampled together. */
  readonly camera: string;
  readonly scene: SceneName;
  readonly options: SceneOptions & { readonly seconds: number };
  /** Declared of it, beyond what the scene says of itself (place, light, origin). */
  readonly conditions: Conditions;
  /** What happens in it, whatever the seed; null where nothing does. */
  readonly happens: EventType | null;
}

/** Pictures a second: twice as often as the network looks, so that nothing hangs on the odd picture. */
const RATE = 8;
const SMALL_RATE = 5;

/**
 * Twelve clips of five cameras, just under four minutes: each camera has at least one clip with an event and one
 * without, so that hits, misses and false alarms are all possible; the square is seen by day, at night and in rain.
 */
export const EXAMPLE_CLIPS: readonly ExampleClip[] = [
  clip("square-day", "square", "plaza-intrusion", 16, "zone_intrusion", { weather: "dry", crowd: "sparse" }),
  clip("square-passers", "square", "plaza-passers", 16, null, { weather: "dry", crowd: "sparse" }),
  clip("square-night", "square", "plaza-night", 16, "zone_intrusion", { weather: "dry", crowd: "sparse" }),
  clip("square-rain", "square", "plaza-rain", 16, "zone_intrusion", { weather: "rain", crowd: "sparse" }),
  clip("platform-edge", "platform", "platform-edge", 20, "zone_intrusion", {
    weather: "dry",
    crowd: "sparse",
  }),
  clip("platform-waiting", "platform", "platform-waiting", 36, null, { weather: "dry", crowd: "sparse" }),
  clip("corridor-in", "corridor", "corridor-wrong-way", 18, "wrong_way", { crowd: "sparse" }),
  clip("corridor-out", "corridor", "corridor-right-way", 18, null, { crowd: "sparse" }),
  clip("hall-full", "hall", "hall-crowd", 40, "crowd_density", { crowd: "dense" }),
  clip("hall-quiet", "hall", "hall-quiet", 14, null, { crowd: "sparse" }),
  clip("road-against", "road", "road-wrong-way", 14, "wrong_way", { weather: "dry", crowd: "sparse" }),
  clip("road-along", "road", "road-traffic", 14, null, { weather: "dry", crowd: "sparse" }),
];

/** Three clips of two cameras, half a minute at fewer pictures a second: drawn and run in seconds. */
export const SMALL_EXAMPLE_CLIPS: readonly ExampleClip[] = [
  clip("square-day", "square", "plaza-intrusion", 10, "zone_intrusion", { weather: "dry", crowd: "sparse" }),
  clip("square-passers", "square", "plaza-passers", 10, null, { weather: "dry", crowd: "sparse" }),
  clip("corridor-in", "corridor", "corridor-wrong-way", 10, "wrong_way", { crowd: "sparse" }),
].map((each) => ({ ...each, options: { ...each.options, rate: SMALL_RATE } }));

function clip(
  id: string,
  camera: string,
  scene: SceneName,
  seconds: number,
  happens: EventType | null,
  conditions: Conditions,
): ExampleClip {
  return { id, camera, scene, options: { seconds, rate: RATE }, conditions, happens };
}
