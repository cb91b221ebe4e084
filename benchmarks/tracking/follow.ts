import type { CollectedScores } from "../../src/audit/tracking/collector.ts";
import { TrackCollector } from "../../src/audit/tracking/collector.ts";
import { isScored, type MotRows, scoredRows } from "../../src/audit/tracking/mot-file.ts";
import type { Detection } from "../../src/detectors/detector.ts";
import { Pace } from "../../src/engine/pace.ts";
import { intersectionOverUnion } from "../../src/geometry/shapes.ts";
import type { Seconds } from "../../src/time/clock.ts";
import type { Track, Tracker } from "../../src/tracking/tracker.ts";
import type { SeenClip } from "./detections.ts";

/** What a tracker said at an instant at which the network looked. */
export interface Followed {
  /** Number of the picture, from 0. */
  readonly picture: number;
  readonly at: Seconds;
  readonly detections: readonly Detection[];
  readonly tracks: readonly Track[];
}

/** Gives a tracker what a strategy saw, at most so many looks a second. */
export function follow(
  clip: SeenClip,
  strategy: string,
  looksPerSecond: number,
  tracker: Tracker,
): readonly Followed[] {
  const pace = new Pace(looksPerSecond);
  const followed: Followed[] = [];
  let known: readonly Detection[] = [];
  for (const [picture, { at, by }] of clip.pictures.entries()) {
    if (!pace.due(at)) {
      tracker.update(at, null);
      continue;
    }
    // Where nothing moves nothing is looked at: what was there still is.
    known = by.get(strategy)?.detections ?? known;
    followed.push({ picture, at, detections: known, tracks: tracker.update(at, known) });
  }
  return followed;
}

/** The persons that the bench scores: confirmed and seen at this very instant. */
export function persons({ tracks }: Followed): readonly Track[] {
  return tracks.filter((track) => track.class === "person" && track.confirmed && !track.coasting);
}

/** The least overlap at which two boxes are of one person, as all tracking benchmarks have it. */
export const SAME_PERSON = 0.5;

/**
 * Scores as the bench gives them, and the same where a box on a person that the reference says is not to be scored is
 * forgiven. The bench, like TrackEval for MOT15 and py-motmetrics, leaves such persons out of the reference and so
 * counts whoever finds them as wrong.
 */
export function scores(
  clip: SeenClip,
  reference: MotRows,
  followed: readonly Followed[],
): { readonly bench: CollectedScores; readonly forgiven: CollectedScores } {
  const times = reference.map((_, index) => clip.pictures[index]?.at ?? Number.POSITIVE_INFINITY);
  const [bench, forgiven] = [new TrackCollector(), new TrackCollector()];
  for (const instant of followed) {
    const boxes = persons(instant).map(({ id, box }) => ({ id: String(id), box }));
    const rows = reference[instant.picture] ?? [];
    bench.observe(instant.at, boxes);
    forgiven.observe(
      instant.at,
      boxes.filter(({ box }) => {
        const best = rows
          .map((row) => ({ row, overlap: intersectionOverUnion(row.box, box) }))
          .toSorted((a, b) => b.overlap - a.overlap)[0];
        return best === undefined || best.overlap < SAME_PERSON || isScored(best.row);
      }),
    );
  }
  const truth = scoredRows(reference);
  return { bench: bench.scores(truth, times), forgiven: forgiven.scores(truth, times) };
}
