import type { Box } from "../../geometry/shapes.ts";
import type { LoggedAlert, Origin } from "./log.ts";

/** Something that was seen in one picture. */
export interface Sighting {
  readonly clip: string | null;
  readonly event: string;
  readonly frame: number;
  readonly confidence: number | null;
  readonly box: Box | null;
  readonly origin: Origin;
}

/**
 * Alerts out of detections of single pictures: of each clip and name, sightings that are at most `joinFrames` apart
 * are one alert, raised at the first of them. Whose sighting it is plays no part: no track is read or followed.
 * Its box and its line are those of the first picture, its confidence is the highest of all.
 */
export function* presenceAlerts(sightings: readonly Sighting[], joinFrames: number): Generator<LoggedAlert> {
  const groups = Map.groupBy(sightings, ({ clip, event }) => JSON.stringify([clip, event]));
  for (const group of groups.values()) {
    const ordered = group.toSorted((a, b) => a.frame - b.frame || a.origin.line - b.origin.line);
    let first: Sighting | null = null;
    let last = 0;
    let confidence: number | null = null;
    for (const sighting of ordered) {
      if (first !== null && sighting.frame - last > joinFrames) {
        yield alertOf(first, last, confidence);
        first = null;
        confidence = null;
      }
      first ??= sighting;
      last = sighting.frame;
      if (sighting.confidence !== null) confidence = Math.max(confidence ?? -Infinity, sighting.confidence);
    }
    if (first !== null) yield alertOf(first, last, confidence);
  }
}

function alertOf(first: Sighting, last: number, confidence: number | null): LoggedAlert {
  return {
    clip: first.clip,
    event: first.event,
    rule: null,
    at: { kind: "frame", value: first.frame },
    since: null,
    // The last picture lasts until the next.
    until: { kind: "frame", value: last + 1 },
    confidence,
    box: first.box,
    origin: first.origin,
  };
}
