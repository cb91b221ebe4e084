import type { Box } from "../../geometry/shapes.ts";
import type { AlertFact } from "../record.ts";

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

/** By time, and of one instant by all else, so that no outcome hangs on the order of a file. */
export function compareAlerts(a: AlignableAlert, b: AlignableAlert): number {
  return (
    a.at - b.at ||
    compareBoxes(a.box, b.box) ||
    compareNumbers(b.confidence, a.confidence) ||
    compareNumbers(a.until, b.until)
  );
}

/** Nothing is less than any number. */
export function compareNumbers(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a - b;
}

/** What has a place first: it fits less. */
export function compareBoxes(a: Box | null, b: Box | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a.x - b.x || a.y - b.y || a.width - b.width || a.height - b.height;
}
