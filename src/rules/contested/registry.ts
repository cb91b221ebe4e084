import type { ContestedRule } from "./contested-rule.ts";
import type { MeasuredView } from "./ruler.ts";
import { type RunningSetting, running } from "./running.ts";
import { type SlowWalkingSetting, slowWalking } from "./slow-walking.ts";
import { StaticPresence, type StaticPresenceSetting } from "./static-presence.ts";
import type { ContestedSetting } from "./words.ts";

/**
 * What is measured, each at settings that products are commonly sold or tested with: PETS 2007's minute, its half
 * and its double; a jog and a run; the mean walk of women over 65, and slower.
 */
export const CONTESTED_SETTINGS = {
  static_presence: [
    { within: 2, lasts: 30 },
    { within: 2, lasts: 60 },
    { within: 2, lasts: 120 },
  ],
  running: [
    { metresPerSecond: 2.5, lasts: 2 },
    { metresPerSecond: 3.5, lasts: 2 },
  ],
  slow_walking: [
    { metresPerSecond: 0.8, lasts: 8 },
    { metresPerSecond: 0.6, lasts: 8 },
  ],
} as const satisfies {
  readonly static_presence: readonly StaticPresenceSetting[];
  readonly running: readonly RunningSetting[];
  readonly slow_walking: readonly SlowWalkingSetting[];
};

/** Every contested rule at every setting, for one view of a recording. */
export function contestedRules(view: MeasuredView): readonly ContestedRule[] {
  return [
    ...CONTESTED_SETTINGS.static_presence.map((setting) => new StaticPresence(view, setting)),
    ...CONTESTED_SETTINGS.running.map((setting) => running(view, setting)),
    ...CONTESTED_SETTINGS.slow_walking.map((setting) => slowWalking(view, setting)),
  ];
}

/** Every setting, with its kind, in the order of `contestedRules`. */
export const ALL_CONTESTED_SETTINGS: readonly ContestedSetting[] = [
  ...CONTESTED_SETTINGS.static_presence.map((setting) => ({ kind: "static_presence" as const, ...setting })),
  ...CONTESTED_SETTINGS.running.map((setting) => ({ kind: "running" as const, ...setting })),
  ...CONTESTED_SETTINGS.slow_walking.map((setting) => ({ kind: "slow_walking" as const, ...setting })),
];
