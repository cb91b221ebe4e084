import { type Box, boxArea, intersectBoxes } from "../../geometry/shapes.ts";
import type { DistractorFact } from "../record.ts";
import type { ReferenceDistractor } from "../reference.ts";
import { type AlignableAlert, type Alignment, compareAlerts, SLACK_SECONDS } from "./alignable.ts";

/**
 * Says which distractors raised an alert: a false alarm at an instant from begin - tolerance to end + tolerance and,
 * where both have a box, at the same place. One to one, earliest first, so that one alert is never counted twice. A
 * false alarm stays one, whether it is of a distractor or of nothing that anybody named.
 *
 * @param matched what became of each alert: hits and duplicates are of something that happened
 */
export function distractorFacts(
  distractors: readonly ReferenceDistractor[],
  alerts: readonly AlignableAlert[],
  matched: Alignment["alerts"],
): readonly DistractorFact[] {
  const raised = new Array<number | null>(distractors.length).fill(null);
  const earliest = distractors
    .map((distractor, index) => ({ ...distractor, index }))
    .toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  const unfounded = alerts
    .map((alert, index) => ({ alert, index }))
    .filter(({ index }) => matched[index]?.outcome === "false_alarm")
    .toSorted(({ alert: a }, { alert: b }) => compareAlerts(a, b));
  for (const { alert, index } of unfounded) {
    const of = earliest.find(
      (distractor) =>
        raised[distractor.index] === null && isAt(distractor, alert.at) && meet(distractor.box, alert.box),
    );
    if (of !== undefined) raised[of.index] = index;
  }
  return distractors.map(({ begin, end, tolerance, what, box }, index) => ({
    begin,
    end,
    tolerance,
    what,
    box,
    alert: raised[index] ?? null,
  }));
}

function isAt({ begin, end, tolerance }: ReferenceDistractor, at: number): boolean {
  const slack = tolerance + SLACK_SECONDS;
  return at >= begin - slack && at <= end + slack;
}

function meet(a: Box | null, b: Box | null): boolean {
  return a === null || b === null || boxArea(intersectBoxes(a, b)) > 0;
}
