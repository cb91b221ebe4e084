import type { Detection, ObjectClass } from "../../src/detectors/detector.ts";
import {
  type Box,
  footPoint,
  interpolateBox,
  intersectionOverUnion,
  type Point,
} from "../../src/geometry/shapes.ts";
import type { Seconds } from "../../src/time/clock.ts";
import { assign } from "../../src/tracking/association.ts";
import {
  beginMotion,
  boxSize,
  correctMotion,
  MOTION_MODELS,
  type MotionState,
  predictMotion,
  stateBox,
  stateVelocity,
} from "../../src/tracking/motion.ts";
import { issueTrackId } from "../../src/tracking/track-id.ts";
import type { Track, Tracker, TrackId } from "../../src/tracking/tracker.ts";

export interface OcSortOptions {
  /** Detections below it are not looked at: OC-SORT has no second round for doubtful ones. */
  readonly score?: number;
  /** Least overlap of a pair. The paper's. */
  readonly overlap?: number;
  /** Weight of going on in the same direction. The paper's. */
  readonly direction?: number;
  /** Directions are measured over this time (the paper: 3 pictures). */
  readonly span?: Seconds;
  readonly confirmSightings?: number;
  readonly longestGap?: Seconds;
}

const DEFAULTS = {
  score: 0.35,
  overlap: 0.3,
  direction: 0.2,
  span: 0.3,
  confirmSightings: 3,
  longestGap: 2,
} as const satisfies Required<OcSortOptions>;

interface Observed {
  readonly at: Seconds;
  readonly box: Box;
}

interface Live {
  readonly id: TrackId;
  readonly class: ObjectClass;
  readonly firstSeen: Seconds;
  sightings: number;
  motion: MotionState;
  /** The newest last; as far back as directions need. */
  readonly observed: Observed[];
}

/**
 * Observation-centric SORT (Cao et al., CVPR 2023, https://arxiv.org/abs/2203.14360), to compare with the tracker that
 * the engine uses: one round of matching by overlap and direction, a second one against each lost track's last
 * observation (OCR), and the way between two observations walked again in small steps when a track is found (ORU). Its
 * boxes are the observations themselves. Times are in seconds where the paper counts pictures; the motion model is
 * the engine's, so that what is compared is the association.
 */
export function createOcSort(options: OcSortOptions = {}): Tracker {
  const settings = { ...DEFAULTS, ...options };
  let live: Live[] = [];
  return {
    update(at, detections) {
      live = live.filter((track) => at - seenLast(track).at <= settings.longestGap);
      if (detections !== null) {
        const sure = detections.filter(({ score }) => score >= settings.score);
        for (const name of new Set(sure.map((d) => d.class))) {
          const found = sure.filter((d) => d.class === name);
          const began = follow(at, live, found, name, settings);
          live.push(...began);
        }
        // A track that was never confirmed does not outlive a picture that does not show it.
        live = live.filter((t) => t.sightings >= settings.confirmSightings || seenLast(t).at === at);
      }
      return live.map((track) => describe(track, at, settings));
    },
    reset() {
      live = [];
    },
  };
}

/** Matches what was found at an instant; gives the tracks that begin. */
function follow(
  at: Seconds,
  live: readonly Live[],
  found: readonly Detection[],
  name: ObjectClass,
  settings: Required<OcSortOptions>,
): Live[] {
  const model = MOTION_MODELS[name];
  const waiting = new Set(live.filter((track) => track.class === name));
  const free = new Set(found);
  const match = (similarity: (track: Live, box: Box) => number) => {
    const [tracks, boxes] = [[...waiting], [...free]];
    const pairs = assign(
      tracks.length,
      boxes.length,
      (row, column) => {
        const [track, detection] = [tracks[row], boxes[column]];
        return track === undefined || detection === undefined ? 0 : similarity(track, detection.box);
      },
      settings.overlap,
    );
    for (const { row, column } of pairs) {
      const [track, detection] = [tracks[row], boxes[column]];
      if (track === undefined || detection === undefined) continue;
      see(track, at, detection.box);
      waiting.delete(track);
      free.delete(detection);
    }
  };
  match((track, box) => {
    const overlap = intersectionOverUnion(stateBox(predictMotion(model, track.motion, at)), box);
    // Direction tells apart what overlaps; it does not join what does not.
    return overlap < settings.overlap ? 0 : overlap + settings.direction * goesOn(track, box, settings.span);
  });
  match((track, box) => intersectionOverUnion(seenLast(track).box, box));
  return [...free].map(({ box }) => ({
    id: issueTrackId(),
    class: name,
    firstSeen: at,
    sightings: 1,
    motion: beginMotion(model, at, box),
    observed: [{ at, box }],
  }));
}

/** Longest step of the virtual way between two observations, as at 30 pictures a second. */
const STEP: Seconds = 1 / 30;

function see(track: Live, at: Seconds, box: Box): void {
  const model = MOTION_MODELS[track.class];
  const from = seenLast(track);
  const steps = Math.max(1, Math.round((at - from.at) / STEP));
  // Only a gap is walked again: between two looks in a row there was nothing to miss.
  const virtual = at - from.at > GAP ? steps : 1;
  for (let step = 1; step <= virtual; step++) {
    const share = step / virtual;
    const then = from.at + share * (at - from.at);
    track.motion = correctMotion(
      model,
      predictMotion(model, track.motion, then),
      interpolateBox(from.box, box, share),
    );
  }
  track.sightings += 1;
  track.observed.push({ at, box });
  while (at - (track.observed[1]?.at ?? at) >= 1) track.observed.shift();
}

/** Longer than between two looks. */
const GAP: Seconds = 0.4;

/** -1 (turns back) to 1 (goes on as it did). */
function goesOn(track: Live, box: Box, span: Seconds): number {
  const last = seenLast(track);
  const from = track.observed.findLast(({ at }) => last.at - at >= span - 1e-6) ?? track.observed[0] ?? last;
  const [a, b, c] = [centre(from.box), centre(last.box), centre(box)];
  const before = { x: b.x - a.x, y: b.y - a.y };
  const now = { x: c.x - a.x, y: c.y - a.y };
  const lengths = Math.hypot(before.x, before.y) * Math.hypot(now.x, now.y);
  if (lengths < 1e-6 * boxSize(box)) return 0;
  // The paper's measure is the angle, not its cosine.
  const cosine = (before.x * now.x + before.y * now.y) / lengths;
  return 1 - (2 * Math.acos(Math.min(1, Math.max(-1, cosine)))) / Math.PI;
}

function describe(track: Live, at: Seconds, settings: Required<OcSortOptions>): Track {
  const last = seenLast(track);
  const coasting = last.at < at;
  const box = coasting ? stateBox(predictMotion(MOTION_MODELS[track.class], track.motion, at)) : last.box;
  return {
    id: track.id,
    class: track.class,
    box,
    foot: footPoint(box),
    velocity: stateVelocity(track.motion),
    confirmed: track.sightings >= settings.confirmSightings,
    coasting,
    firstSeen: track.firstSeen,
    lastSeen: last.at,
  };
}

function seenLast(track: Live): Observed {
  const last = track.observed.at(-1);
  if (last === undefined) throw new TypeError("a track without an observation");
  return last;
}

function centre({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
