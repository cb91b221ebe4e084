import type { Box } from "../../geometry/shapes.ts";
import type { AlertFact, AlignmentKind } from "../record.ts";
import { alignActev } from "./align-actev.ts";
import { alignInstants } from "./align-instants.ts";

/** What happened, as far as alignment goes. Seconds of presentation time. */
export interface AlignableReference {
  readonly begin: number;
  readonly end: number;
  readonly tolerance: number;
  readonly box: Box | null;
}

/** What was raised. Seconds of presentation time, on the reference's clock. */
export interface AlignableAlert {
  readonly at: number;
  readonly until: number | null;
  readonly confidence: number | null;
  readonly box: Box | null;
}

/** What became of each alert and of each reference, in the order they were given. */
export interface Alignment {
  /** What goes into a record's `AlertFact.outcome` and `.reference`. */
  readonly alerts: readonly Pick<AlertFact, "outcome" | "reference">[];
  /** What goes into a record's `ReferenceFact.alert`: the alert's index, null of a miss. */
  readonly references: readonly (number | null)[];
}

/** A hair for instants that were written with few digits. */
export const SLACK_SECONDS = 1e-6;

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
