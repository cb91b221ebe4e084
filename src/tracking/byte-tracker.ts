import type { Detection, ObjectClass } from "../detectors/detector.ts";
import type { Box, Point } from "../geometry/shapes.ts";
import { footPoint, intersectionOverUnion } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { assign, bufferedOverlap, containment } from "./association.ts";
import {
  beginMotion,
  boxSize,
  correctMotion,
  MOTION_MODELS,
  type MotionState,
  positionSpread,
  predictMotion,
  stateBox,
  stateVelocity,
} from "./motion.ts";
import { issueTrackId } from "./track-id.ts";
import type { Track, Tracker, TrackId } from "./tracker.ts";

export interface TrackerOptions {
  /** Size of the picture in image px: a thing that is lost at its border has left. */
  readonly width: number;
  readonly height: number;
  /** A detection at least this sure is matched first and may begin a track. */
  readonly highScore?: number;
  /** A detection at least this sure may continue a track; below it is not looked at. */
  readonly lowScore?: number;
  /** Sightings and time between the first and the last of them that confirm a track. */
  readonly confirmSightings?: number;
  readonly confirmSeconds?: Seconds;
  /** How long a confirmed track outlives its last sighting. */
  readonly longestGap?: Seconds;
  /** The same for a track that was last seen at, or is predicted beyond, the border of the picture. */
  readonly borderGap?: Seconds;
}

export const TRACKER_DEFAULTS = {
  highScore: 0.4,
  lowScore: 0.15,
  confirmSightings: 3,
  confirmSeconds: 0.25,
  longestGap: 2,
  borderGap: 0.6,
} as const satisfies Omit<Required<TrackerOptions>, "width" | "height">;

export const TUNE = {
  least: 0.2,
  leastLow: 0.3,
  leastNew: 0.2,
  marginK: 1.0,
  marginBase: 0.05,
  gapPenalty: 0.1,
  direction: 0.15,
  dupContain: 0.8,
  lowTrust: 0.6,
  newScore: 0.45,
  scorePenalty: 0.1,
};

/**
 * Joins detections by motion alone, after ByteTrack (Zhang et al., ECCV 2022): sure detections are matched
 * first, doubtful ones only continue what is already there, which carries tracks through occlusion without
 * letting doubtful detections begin any. From OC-SORT (Cao et al., CVPR 2023) come the direction term and the
 * re-estimation of the velocity over a gap. Everything is in seconds and in sizes of the thing itself, so it
 * behaves the same at 2 and at 30 updates a second and at every distance from the camera.
 */
export function createTracker(options: TrackerOptions): Tracker {
  return new ByteTracker({ ...TRACKER_DEFAULTS, ...options });
}

/** One live track. The motion state is that of the last sighting. */
interface Live {
  readonly id: TrackId;
  readonly class: ObjectClass;
  readonly firstSeen: Seconds;
  lastSeen: Seconds;
  sightings: number;
  /** Pictures in a row that were inferred and did not show it. */
  missed: number;
  confirmed: boolean;
  motion: MotionState;
  /** The detector's own box at the last sighting. */
  seenBox: Box;
  /** Recent sighted centres, oldest first, for the direction term. */
  readonly trail: { readonly at: Seconds; readonly centre: Point }[];
}

class ByteTracker implements Tracker {
  readonly #options: Required<TrackerOptions>;
  #live: Live[] = [];

  constructor(options: Required<TrackerOptions>) {
    this.#options = options;
  }

  update(at: Seconds, detections: readonly Detection[] | null): readonly Track[] {
    if (detections !== null) {
      const usable = detections.filter((d) => isUsable(d) && d.score >= this.#options.lowScore);
      // Things of different classes never compete: a person is never matched to a vehicle.
      for (const cls of new Set([...this.#live.map((t) => t.class), ...usable.map((d) => d.class)])) {
        this.#updateClass(at, cls, withoutDoubles(usable.filter((d) => d.class === cls)));
      }
    }
    this.#live = this.#live.filter((track) => !this.#isOver(track, at));
    return this.#live.map((track) => describe(track, at));
  }

  reset(): void {
    this.#live = [];
  }

  #updateClass(at: Seconds, cls: ObjectClass, detections: readonly Detection[]): void {
    const model = MOTION_MODELS[cls];
    const tracks = this.#live
      .filter((t) => t.class === cls)
      .map((track) => ({ track, predicted: predictMotion(model, track.motion, at), seen: false }));
    const high = detections.filter((d) => d.score >= this.#options.highScore);
    const low = detections.filter((d) => d.score < this.#options.highScore);
    const taken = new Set<Detection>();

    const match = (pool: typeof tracks, offered: readonly Detection[], least: number) => {
      const waiting = pool.filter((t) => !t.seen);
      const free = offered.filter((d) => !taken.has(d));
      const pairs = assign(
        waiting.length,
        free.length,
        (row, column) => {
          const candidate = waiting[row];
          const detection = free[column];
          if (candidate === undefined || detection === undefined) return 0;
          return this.#similarity(candidate.track, candidate.predicted, detection, at);
        },
        least,
      );
      for (const { row, column } of pairs) {
        const candidate = waiting[row];
        const detection = free[column];
        if (candidate === undefined || detection === undefined) continue;
        candidate.seen = true;
        taken.add(detection);
        this.#sight(candidate.track, candidate.predicted, detection, at);
      }
    };

    match(
      tracks.filter((t) => t.track.confirmed),
      high,
      TUNE.least,
    );
    match(
      tracks.filter((t) => t.track.confirmed && at - t.track.lastSeen < 1),
      low,
      TUNE.leastLow,
    );
    match(
      tracks.filter((t) => !t.track.confirmed),
      high,
      TUNE.leastNew,
    );

    for (const { track, seen } of tracks) if (!seen) track.missed++;

    const held = tracks.filter((t) => t.seen).map((t) => t.track.seenBox);
    for (const detection of high) {
      if (taken.has(detection) || detection.score < TUNE.newScore) continue;
      // A box on a part of somebody who is already tracked is not somebody else.
      if (held.some((box) => containment(box, detection.box) > TUNE.dupContain)) continue;
      held.push(detection.box);
      this.#live.push({
        id: issueTrackId(),
        class: cls,
        firstSeen: at,
        lastSeen: at,
        sightings: 1,
        missed: 0,
        confirmed: false,
        motion: beginMotion(model, at, detection.box),
        seenBox: detection.box,
        trail: [{ at, centre: centreOf(detection.box) }],
      });
    }
  }

  #sight(track: Live, predicted: MotionState, detection: Detection, at: Seconds): void {
    const trust = detection.score >= this.#options.highScore ? 1 : TUNE.lowTrust;
    track.motion = correctMotion(MOTION_MODELS[track.class], predicted, detection.box, trust);
    track.lastSeen = at;
    track.sightings++;
    track.missed = 0;
    track.seenBox = detection.box;
    track.trail.push({ at, centre: centreOf(detection.box) });
    while ((track.trail[1]?.at ?? at) <= at - DIRECTION_SPAN) track.trail.shift();
    track.confirmed ||=
      track.sightings >= this.#options.confirmSightings &&
      at - track.firstSeen >= this.#options.confirmSeconds;
  }

  /** 0 to about 1. */
  #similarity(track: Live, predicted: MotionState, detection: Detection, at: Seconds): number {
    const box = stateBox(predicted);
    const size = boxSize(box);
    const margin = TUNE.marginK * positionSpread(predicted) + TUNE.marginBase * size;
    const overlap = bufferedOverlap(box, detection.box, margin);
    const gap = Math.min(1, (at - track.lastSeen) / this.#options.longestGap);
    const turn = directionAgreement(track.trail, detection.box, size);
    return (
      overlap *
      (1 - TUNE.gapPenalty * gap) *
      (1 + TUNE.direction * turn) *
      (1 - TUNE.scorePenalty * (1 - detection.score))
    );
  }

  #isOver(track: Live, at: Seconds): boolean {
    const gap = at - track.lastSeen;
    if (gap === 0) return false;
    if (!track.confirmed) return track.missed >= 2 && gap > UNCONFIRMED_GAP;
    if (gap > this.#options.longestGap) return true;
    return gap > this.#options.borderGap && this.#atBorder(track, at);
  }

  /** Whether it was last seen leaving the picture, or would be outside by now. */
  #atBorder(track: Live, at: Seconds): boolean {
    const { width, height } = this.#options;
    const predicted = stateBox(predictMotion(MOTION_MODELS[track.class], track.motion, at));
    const cx = predicted.x + predicted.width / 2;
    const cy = predicted.y + predicted.height / 2;
    if (cx < 0 || cy < 0 || cx > width || cy > height) return true;
    const velocity = stateVelocity(track.motion);
    const { x, y, width: w, height: h } = track.seenBox;
    const edge = 2;
    return (
      (x <= edge && velocity.x < 0) ||
      (x + w >= width - edge && velocity.x > 0) ||
      (y <= edge && velocity.y < 0) ||
      (y + h >= height - edge && velocity.y > 0)
    );
  }
}

/** Directions are compared over this time, as OC-SORT compares them over three frames of 30 a second and more. */
const DIRECTION_SPAN: Seconds = 0.5;
/** An unconfirmed track that two pictures and this time did not show is dropped. */
const UNCONFIRMED_GAP: Seconds = 0.25;

/** -1 (turns back) to 1 (goes on as it did); 0 while neither direction is longer than the detector's noise. */
function directionAgreement(trail: Live["trail"], box: Box, size: number): number {
  const from = trail[0]?.centre;
  const last = trail.at(-1)?.centre;
  if (from === undefined || last === undefined) return 0;
  const to = centreOf(box);
  const before = { x: last.x - from.x, y: last.y - from.y };
  const now = { x: to.x - from.x, y: to.y - from.y };
  const a = Math.hypot(before.x, before.y);
  const b = Math.hypot(now.x, now.y);
  if (a < 0.2 * size || b < 0.2 * size) return 0;
  return (before.x * now.x + before.y * now.y) / (a * b);
}

function describe(track: Live, at: Seconds): Track {
  const coasting = track.lastSeen < at;
  const motion = coasting ? predictMotion(MOTION_MODELS[track.class], track.motion, at) : track.motion;
  const smoothed = stateBox(motion);
  return {
    id: track.id,
    class: track.class,
    box: coasting ? smoothed : track.seenBox,
    foot: footPoint(smoothed),
    velocity: stateVelocity(motion),
    confirmed: track.confirmed,
    coasting,
    firstSeen: track.firstSeen,
    lastSeen: track.lastSeen,
  };
}

/** Keeps the surer of two boxes that nearly coincide (overlapping views of one detector). */
function withoutDoubles(detections: readonly Detection[]): readonly Detection[] {
  const kept: Detection[] = [];
  for (const d of detections.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some((k) => intersectionOverUnion(k.box, d.box) > 0.75)) kept.push(d);
  }
  return kept;
}

function isUsable({ box, score }: Detection): boolean {
  return (
    [box.x, box.y, box.width, box.height, score].every(Number.isFinite) && box.width > 0 && box.height > 0
  );
}

function centreOf(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
