import type { Ruler } from "./ruler.ts";

/** How lengths were told, at the end of a setting's words. */
export function lengthsIn({ calibrated }: Pick<Ruler, "calibrated">): string {
  return calibrated ? "" : UNCALIBRATED;
}

/** Without calibration metres are worked out from how tall bodies appear. */
export const UNCALIBRATED = ", not calibrated: lengths by the height of bodies";
