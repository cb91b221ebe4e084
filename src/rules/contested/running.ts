import type { Seconds } from "../../time/clock.ts";
import type { ContestedRule } from "./contested-rule.ts";
import { PaceRule } from "./pace-rule.ts";
import type { MeasuredView } from "./ruler.ts";
import { settingWords } from "./words.ts";

/** Somebody moves at this speed or faster. */
export interface RunningSetting {
  readonly metresPerSecond: number;
  /** For so long. */
  readonly lasts: Seconds;
}

const WINDOW = 1;
/** Each half of a window moves at this share of the speed at least. */
const STEADY = 0.7;

/**
 * Running of one person. People walk up to 1.9 m/s, mix both to 3.0 m/s and run above (Baker, Long and Srinivasan,
 * arXiv 2501.00720, on the ground; the transition on treadmills is at about 2 m/s). It flags whoever is late for a
 * train, jogs, or plays.
 *
 * Without calibration it knows the movement across the view alone: whoever runs towards the camera or away from it
 * is missed.
 */
export function running(view: MeasuredView, { metresPerSecond, lasts }: RunningSetting): ContestedRule {
  return new PaceRule(view, {
    kind: "running",
    setting: settingWords({ kind: "running", metresPerSecond, lasts }, view.homography !== null),
    window: WINDOW,
    lasts,
    holds: ({ least, first, second }) =>
      least >= metresPerSecond && Math.min(first, second) >= STEADY * metresPerSecond,
  });
}
