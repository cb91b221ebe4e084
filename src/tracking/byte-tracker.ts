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
  /** A detection at least this sure may continue a track; what is below is not looked at. */
  readonly lowScore?: number;
  /** A sighting at least this sure speaks for a thing even where it does not move. */
  readonly sureScore?: number;
  /** Sightings, and time between the first and the last of them, that confirm a track. */
  readonly confirmSightings?: number;
  readonly confirmSeconds?: Seconds;
  /** How long a confirmed track outlives its last sighting. */
  readonly longestGap?: Seconds;
  /** The same for a track that left over the border of the picture, or would be beyond it by now. */
  readonly borderGap?: Seconds;
}

export const TRACKER_DEFAULTS = {
  highScore: 0.35,
  lowScore: 0.24,
  sureScore: 0.55,
  confirmSightings: 3,
  confirmSeconds: 0.25,
  longestGap: 2,
  borderGap: 0.3,
} as const satisfies Omit<Required<TrackerOptions>, "width" | "height">;

/** Pairs less alike than this are never joined: sure detections with confirmed tracks, doubtful ones, new tracks. */
const LEAST = { sure: 0.3, doubtful: 0.25, unconfirmed: 0.2 } as const;
/** A doubtful detection continues only what was seen this recently: later, anything could be there. */
const DOUBTFUL_WITHIN: Seconds = 0.5;
/** Room around a predicted box, in standard deviations of its place and in sizes. */
const ROOM = { deviations: 1.5, sizes: 0.03 } as const;
/** Distance from the prediction, in standard deviations, at which likeness is halved. */
const HALF_AT = 5;
/** Standard deviation of where a box lies when part of the thing is hidden, in sizes. */
const PLACE_NOISE = 0.08;
/**
 * How a network scores things of a class as against persons: of a vehicle its certainty is divided among car,
 * van, lorry and bus.
 */
const SCORE_LEVEL: Readonly<Record<ObjectClass, number>> = {
  person: 1,
  vehicle: 0.8,
  luggage: 1,
  animal: 1,
};
/**
 * Ratios of heights and of widths (natural logarithm) that count as one standard deviation. A person's width says
 * nothing: arms, legs and who stands in front change it. A vehicle is rigid: a box that suddenly is half as
 * large again is two vehicles that meet.
 */
const SHAPE: Readonly<Record<ObjectClass, { readonly height: number; readonly width: number }>> = {
  person: { height: 0.45, width: Number.POSITIVE_INFINITY },
  vehicle: { height: 0.3, width: 0.3 },
  luggage: { height: 0.45, width: Number.POSITIVE_INFINITY },
  animal: { height: 0.45, width: Number.POSITIVE_INFINITY },
};
/** How much going on in the same direction makes a pair more alike, and turning back less. */
const DIRECTION_WEIGHT = 0.35;
/** Directions are compared over this time, as OC-SORT compares them over some frames. */
const DIRECTION_SPAN: Seconds = 0.5;
/** A shorter way than this says nothing of direction, in sizes. */
const SHORTEST_WAY = 0.2;
/** A thing that no sighting is sure of must move this far before it counts, in sizes: furniture does not. */
const CONFIRMING_WAY = 0.4;
const CONFIRMING_SIGHTINGS = 2;
/** A box of which this share lies in one that is tracked is not somebody else. */
const PART_OF = 0.75;
/** Two boxes of one picture that overlap by this much are one thing. */
const DOUBLE = 0.75;
/** An unconfirmed track that two pictures and this time did not show is dropped; and the same where hardly any pictures come. */
const UNCONFIRMED_GAP: Seconds = 0.25;
const UNCONFIRMED_LONGEST: Seconds = 1;
/** Who is slower than this at the border stands there, sizes per second. */
const LEAVING_SPEED = 0.05;
/** Within this of the picture's edge a box is cut by it, px. */
const EDGE = 2;

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
  /** How many of them were sure. */
  sure: number;
  readonly bornAt: Point;
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
    // What has been away for too long is over before anything is matched, else a pause in the stream would revive it.
    this.#live = this.#live.filter((track) => !this.#isAway(track, at));
    if (detections !== null) {
      const usable = detections.filter((d) => isUsable(d) && certaintyOf(d) >= this.#options.lowScore);
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
    const high = detections.filter((d) => certaintyOf(d) >= this.#options.highScore);
    const low = detections.filter((d) => certaintyOf(d) < this.#options.highScore);
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
          return this.#similarity(candidate.track, candidate.predicted, detection);
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

    const confirmed = tracks.filter((t) => t.track.confirmed);
    const recent = confirmed.filter((t) => at - t.track.lastSeen <= DOUBTFUL_WITHIN);
    const unconfirmed = tracks.filter((t) => !t.track.confirmed);
    match(confirmed, high, LEAST.sure);
    match(recent, low, LEAST.doubtful);
    match(unconfirmed, high, LEAST.unconfirmed);

    for (const { track, seen } of tracks) if (!seen) track.missed++;

    const held = tracks.filter((t) => t.seen).map((t) => t.track.seenBox);
    for (const detection of high) {
      if (taken.has(detection)) continue;
      // A box on a part of somebody who is already tracked is not somebody else.
      if (held.some((box) => containment(box, detection.box) > PART_OF)) continue;
      held.push(detection.box);
      this.#live.push({
        id: issueTrackId(),
        class: cls,
        firstSeen: at,
        lastSeen: at,
        sightings: 1,
        sure: certaintyOf(detection) >= this.#options.sureScore ? 1 : 0,
        bornAt: centreOf(detection.box),
        missed: 0,
        confirmed: false,
        motion: beginMotion(model, at, detection.box),
        seenBox: detection.box,
        trail: [{ at, centre: centreOf(detection.box) }],
      });
    }
  }

  #sight(track: Live, predicted: MotionState, detection: Detection, at: Seconds): void {
    const { box } = detection;
    track.motion = correctMotion(MOTION_MODELS[track.class], predicted, box);
    track.lastSeen = at;
    track.sightings++;
    if (certaintyOf(detection) >= this.#options.sureScore) track.sure++;
    track.missed = 0;
    track.seenBox = box;
    track.trail.push({ at, centre: centreOf(box) });
    while ((track.trail[1]?.at ?? at) <= at - DIRECTION_SPAN) track.trail.shift();
    track.confirmed ||=
      track.sightings >= this.#options.confirmSightings &&
      at - track.firstSeen >= this.#options.confirmSeconds &&
      (track.sure >= CONFIRMING_SIGHTINGS ||
        distance(track.bornAt, centreOf(box)) >= CONFIRMING_WAY * boxSize(box));
  }

  /**
   * How alike a prediction and a detection are, 0 to about 1.3: overlap of the widened boxes, less where the
   * place is far outside the prediction's own uncertainty or the height differs, more where it goes on as before.
   */
  #similarity(track: Live, predicted: MotionState, detection: Detection): number {
    const box = stateBox(predicted);
    const size = boxSize(box);
    const sure = certaintyOf(detection) >= this.#options.highScore;
    const margin = sure ? ROOM.deviations * positionSpread(predicted) + ROOM.sizes * size : 0;
    const overlap = bufferedOverlap(box, detection.box, margin);
    if (overlap === 0) return 0;
    const away = deviations(predicted, centreOf(detection.box), PLACE_NOISE * size) / HALF_AT;
    const turn = directionAgreement(track.trail, detection.box, size);
    const shape = this.#shapeAgreement(track, box, detection.box);
    return ((overlap * shape) / (1 + away * away)) * (1 + DIRECTION_WEIGHT * turn);
  }

  /** 1 for the same shape, towards 0 for another. What the picture's border cuts has no size of its own. */
  #shapeAgreement(track: Live, predicted: Box, seen: Box): number {
    const { width, height } = SHAPE[track.class];
    const borders = [bordersOf(track.seenBox, this.#options), bordersOf(seen, this.#options)];
    const rigid = track.class === "vehicle";
    const cutDown = rigid && borders.some((border) => border.ends);
    const cutAcross = rigid && borders.some((border) => border.sides);
    const taller = cutDown ? 0 : Math.log(seen.height / predicted.height) / height;
    const wider = cutAcross ? 0 : Math.log(seen.width / predicted.width) / width;
    return Math.exp(-0.5 * (taller * taller + wider * wider));
  }

  #isAway(track: Live, at: Seconds): boolean {
    const { longestGap } = this.#options;
    return at - track.lastSeen > (track.confirmed ? longestGap : Math.min(longestGap, UNCONFIRMED_LONGEST));
  }

  #isOver(track: Live, at: Seconds): boolean {
    const gap = at - track.lastSeen;
    if (gap === 0) return false;
    if (!track.confirmed && track.missed >= 2 && gap > UNCONFIRMED_GAP) return true;
    return this.#isAway(track, at) || (gap > this.#options.borderGap && this.#atBorder(track, at));
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
    const leaving = LEAVING_SPEED * boxSize(track.seenBox);
    return (
      (x <= EDGE && velocity.x < -leaving) ||
      (x + w >= width - EDGE && velocity.x > leaving) ||
      (y <= EDGE && velocity.y < -leaving) ||
      (y + h >= height - EDGE && velocity.y > leaving)
    );
  }
}

/** A detection's score on the scale of a person's. */
function certaintyOf({ class: name, score }: Detection): number {
  return score / SCORE_LEVEL[name];
}

/** Which borders of the picture cut a box: left or right (`sides`), upper or lower (`ends`). */
function bordersOf(
  { x, y, width, height }: Box,
  picture: { readonly width: number; readonly height: number },
): { readonly sides: boolean; readonly ends: boolean } {
  return {
    sides: x <= EDGE || x + width >= picture.width - EDGE,
    ends: y <= EDGE || y + height >= picture.height - EDGE,
  };
}

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
  if (a < SHORTEST_WAY * size || b < SHORTEST_WAY * size) return 0;
  return (before.x * now.x + before.y * now.y) / (a * b);
}

function describe(track: Live, at: Seconds): Track {
  const coasting = track.lastSeen < at;
  const motion = coasting ? predictMotion(MOTION_MODELS[track.class], track.motion, at) : track.motion;
  const smoothed = stateBox(motion);
  return {
    id: track.id,
    class: track.class,
    box: smoothed,
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
    if (!kept.some((k) => intersectionOverUnion(k.box, d.box) > DOUBLE)) kept.push(d);
  }
  return kept;
}

function isUsable({ box, score }: Detection): boolean {
  return (
    [box.x, box.y, box.width, box.height, score].every(Number.isFinite) && box.width > 0 && box.height > 0
  );
}

/** Distance of a point from a predicted centre, in standard deviations of it and of a detector's noise. */
function deviations(predicted: MotionState, point: Point, noise: number): number {
  const variance = noise * noise + 1;
  return Math.sqrt(
    (point.x - predicted.x.p) ** 2 / (predicted.x.pp + variance) +
      (point.y - predicted.y.p) ** 2 / (predicted.y.pp + variance),
  );
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function centreOf(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
