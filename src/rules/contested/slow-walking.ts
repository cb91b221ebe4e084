import type { Seconds } from "../../time/clock.ts";
import type { ContestedRule } from "./contested-rule.ts";
import { PaceRule } from "./pace-rule.ts";
import type { MeasuredView } from "./ruler.ts";
import { settingWords } from "./words.ts";

/** Somebody walks slower than this. */
export interface SlowWalkingSetting {
  readonly metresPerSecond: number;
  /** For so long. */
  readonly lasts: Seconds;
}

const WINDOW = 3;
/** Slower than this nobody walks: it is standing, with a detector's slips. Metres per second. */
const STANDING = 0.25;
/** Neither half of a window is faster than this many times the speed: it is no walk with a stop in it. */
const STEADY = 1.3;
/** Way from begin to end over the way walked: less is swaying about. */
const STRAIGHT = 0.8;

/**
 * Slow walking of one person. A walk of adults is at 1.34 m/s (Weidmann 1993, standard deviation 0.26); of people
 * over 65 in England the mean was 0.9 m/s of men and 0.8 m/s of women (Asher et al., Age and Ageing 2012,
 * afs076, 3145 persons). So a rule at 0.8 m/s flags half of the old women, and whoever pushes a pram, looks about,
 * or is ill.
 *
 * Without calibration only walks across the view are looked at: the others seem slow and are not.
 */
export function slowWalking(
  view: MeasuredView,
  { metresPerSecond, lasts }: SlowWalkingSetting,
): ContestedRule {
  return new PaceRule(view, {
    kind: "slow_walking",
    setting: settingWords({ kind: "slow_walking", metresPerSecond, lasts }, view.homography !== null),
    window: WINDOW,
    lasts,
    leastWay: STANDING,
    holds: ({ mean, first, second, whole }) =>
      whole &&
      mean > STANDING &&
      mean < metresPerSecond &&
      Math.max(first, second) < STEADY * metresPerSecond &&
      2 * mean >= STRAIGHT * (first + second),
  });
}
