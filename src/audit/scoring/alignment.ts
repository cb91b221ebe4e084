import type { AlignmentKind } from "../record.ts";
import { alignActev } from "./align-actev.ts";
import { alignInstants } from "./align-instants.ts";
import type { AlignableAlert, AlignableReference, Alignment } from "./alignable.ts";

/**
 * Says which alerts belong to which references, of ONE rule of one clip, one to one.
 *
 * - `instant`: an alert hits where begin - tolerance <= at <= end + tolerance and, where both have a box, they
 *   overlap; earliest first. A further alert inside a reference that is hit already is a duplicate.
 * - `actev`: as the NIST ActEV scorer aligns activities in time, by overlap of at least 1 s or half of a shorter
 *   reference, the surest alerts first. It knows no duplicates, tolerances or places.
 *
 * The order in which references and alerts are given changes no outcome, but between equals.
 */
export function align(
  kind: AlignmentKind,
  references: readonly AlignableReference[],
  alerts: readonly AlignableAlert[],
): Alignment {
  return kind === "instant" ? alignInstants(references, alerts) : alignActev(references, alerts);
}
