import { type Box, boxArea, intersectBoxes } from "../../geometry/shapes.ts";
import {
  type AlignableAlert,
  type AlignableReference,
  type Alignment,
  compareAlerts,
  compareBoxes,
  SLACK_SECONDS,
} from "./alignable.ts";

/** A reference while alerts go by. */
interface Window {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly box: Box | null;
  /** Place among the references by their begin: of several that fit, the earliest is hit. */
  readonly rank: number;
}

/** Alignment by the instant an alert is raised: see `align`. Time grows with alerts times references at one instant. */
export function alignInstants(
  references: readonly AlignableReference[],
  alerts: readonly AlignableAlert[],
): Alignment {
  const hitBy = new Array<number | null>(references.length).fill(null);
  const results = new Array<Alignment["alerts"][number]>(alerts.length);
  const waiting = windowsOf(references).toSorted((a, b) => a.from - b.from);
  let next = 0;
  let near: Window[] = [];
  for (const { alert, index } of inOrder(alerts)) {
    for (
      let window = waiting[next];
      window !== undefined && window.from <= alert.at;
      window = waiting[next]
    ) {
      near.splice(near.findLastIndex(({ rank }) => rank < window.rank) + 1, 0, window);
      next++;
    }
    // Alerts come in the order of time, so what is over stays over.
    if (near.some(({ to }) => to < alert.at)) near = near.filter(({ to }) => to >= alert.at);
    const fitting = near.filter(({ box }) => overlap(box, alert.box));
    const open = fitting.find((window) => hitBy[window.index] === null);
    const [done] = fitting;
    if (open !== undefined) {
      hitBy[open.index] = index;
      results[index] = { outcome: "hit", reference: open.index };
    } else if (done !== undefined) results[index] = { outcome: "duplicate", reference: done.index };
    else results[index] = { outcome: "false_alarm", reference: null };
  }
  return { alerts: results, references: hitBy };
}

function windowsOf(references: readonly AlignableReference[]): readonly Window[] {
  return references
    .map((reference, index) => ({ reference, index }))
    .toSorted(
      ({ reference: a }, { reference: b }) =>
        a.begin - b.begin || a.end - b.end || a.tolerance - b.tolerance || compareBoxes(a.box, b.box),
    )
    .map(({ reference: { begin, end, tolerance, box }, index }, rank) => {
      const slack = tolerance + SLACK_SECONDS;
      return { index, from: begin - slack, to: end + slack, box, rank };
    });
}

function inOrder(
  alerts: readonly AlignableAlert[],
): readonly { readonly alert: AlignableAlert; readonly index: number }[] {
  return alerts
    .map((alert, index) => ({ alert, index }))
    .toSorted(({ alert: a }, { alert: b }) => compareAlerts(a, b));
}

function overlap(a: Box | null, b: Box | null): boolean {
  return a === null || b === null || boxArea(intersectBoxes(a, b)) > 0;
}
