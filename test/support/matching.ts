import type { Box } from "../../src/geometry/shapes.ts";
import { boxArea, intersectBoxes } from "../../src/geometry/shapes.ts";

/** An event that happened, as a reference file tells it. Seconds of presentation time. */
export interface ReferenceEvent {
  readonly event: string;
  readonly rule: string;
  readonly begin: number;
  readonly end: number;
  readonly tolerance: number;
  readonly box?: Box;
}

/** An alert as far as matching goes. */
export interface RaisedAlert {
  readonly rule: string;
  readonly at: number;
  readonly box: Box | null;
}

export interface Score {
  readonly references: number;
  readonly hits: number;
  readonly misses: number;
  readonly falseAlarms: number;
  readonly duplicates: number;
  /** 1 where there is no reference. */
  readonly recall: number;
  /** 1 where there is no alert. */
  readonly precision: number;
  /** Of each hit, from the reference's begin to the alert, seconds. */
  readonly secondsToAlert: readonly number[];
  readonly missed: readonly ReferenceEvent[];
  readonly unfounded: readonly RaisedAlert[];
}

/**
 * Matches alerts with reference events of the same rule, one to one, earliest first: an alert hits where
 * begin - tolerance <= at <= end + tolerance and, where both have a box, they overlap. A further alert inside a
 * reference that is hit already is a duplicate; any other is a false alarm.
 */
export function matchAlerts(references: readonly ReferenceEvent[], alerts: readonly RaisedAlert[]): Score {
  const open = new Set(references.toSorted((a, b) => a.begin - b.begin));
  const hit: { readonly reference: ReferenceEvent; readonly alert: RaisedAlert }[] = [];
  const unfounded: RaisedAlert[] = [];
  let duplicates = 0;
  for (const alert of alerts.toSorted((a, b) => a.at - b.at)) {
    const reference = [...open].find((r) => fits(r, alert));
    if (reference !== undefined) {
      open.delete(reference);
      hit.push({ reference, alert });
    } else if (hit.some((h) => fits(h.reference, alert))) duplicates++;
    else unfounded.push(alert);
  }
  const alarms = hit.length + unfounded.length;
  return {
    references: references.length,
    hits: hit.length,
    misses: open.size,
    falseAlarms: unfounded.length,
    duplicates,
    recall: references.length === 0 ? 1 : hit.length / references.length,
    precision: alarms === 0 ? 1 : hit.length / alarms,
    secondsToAlert: hit.map((h) => h.alert.at - h.reference.begin),
    missed: [...open],
    unfounded,
  };
}

function fits(reference: ReferenceEvent, alert: RaisedAlert): boolean {
  // A hair for instants that were written with one digit.
  const slack = reference.tolerance + 1e-6;
  if (reference.rule !== alert.rule) return false;
  if (alert.at < reference.begin - slack || alert.at > reference.end + slack) return false;
  if (reference.box === undefined || alert.box === null) return true;
  return boxArea(intersectBoxes(reference.box, alert.box)) > 0;
}
