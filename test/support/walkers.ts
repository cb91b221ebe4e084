import fc from "fast-check";
import type { Detection, ObjectClass } from "../../src/detectors/detector.ts";
import { type Box, footPoint, type Point } from "../../src/geometry/shapes.ts";
import type { Observation } from "../../src/rules/rule.ts";
import { issueTrackId } from "../../src/tracking/track-id.ts";
import type { Track, TrackId } from "../../src/tracking/tracker.ts";
import { sceneOf } from "./observations.ts";

export const VIEW = { width: 640, height: 480 } as const;

/** Somebody who walks straight from a place to another, known at every instant and so at every rate. */
export interface Walker {
  readonly class: ObjectClass;
  readonly from: Point;
  readonly to: Point;
  /** When it appears and how long it takes, seconds. It stands at `to` for `stays` more. */
  readonly begin: number;
  readonly takes: number;
  readonly stays: number;
  /** Height of the box, px. */
  readonly height: number;
  /** Instants at which the tracker loses it and begins a new track at once. */
  readonly breaks: readonly number[];
  /** Stretches [begin, end) during which it is not seen and its track coasts on straight. */
  readonly unseen: readonly (readonly [number, number])[];
  /** When it falls, which takes it `FALL` seconds, to the side it went to; it lies until it is gone. Null for never. */
  readonly falls: number | null;
}

/** A fall takes about this long, seconds. */
const FALL = 0.7;

export function walker(part: Partial<Walker> & Pick<Walker, "from" | "to">): Walker {
  return {
    class: "person",
    begin: 0,
    takes: 5,
    stays: 0,
    height: 80,
    breaks: [],
    unseen: [],
    falls: null,
    ...part,
  };
}

/** Any walkers at all, in and about the view. */
export function anyWalkers(most: number): fc.Arbitrary<readonly Walker[]> {
  const point = fc.record({ x: fc.integer({ min: -60, max: 700 }), y: fc.integer({ min: 0, max: 540 }) });
  const one = fc.record({
    class: fc.constantFrom<ObjectClass>("person", "person", "vehicle", "luggage"),
    from: point,
    to: point,
    begin: fc.integer({ min: 0, max: 12 }),
    takes: fc.integer({ min: 1, max: 12 }),
    stays: fc.integer({ min: 0, max: 8 }),
    height: fc.integer({ min: 20, max: 200 }),
    breaks: fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 2 }),
    unseen: fc.array(
      fc
        .tuple(fc.double({ min: 0, max: 20, noNaN: true }), fc.double({ min: 0.1, max: 3, noNaN: true }))
        .map(([begin, length]) => [begin, begin + length] as const),
      { maxLength: 2 },
    ),
    falls: fc.option(fc.double({ min: 0, max: 18, noNaN: true }), { freq: 2 }),
  });
  return fc.array(one, { maxLength: most });
}

/** The same walkers seen in a mirror that stands on the picture's side. */
export function mirrored(walkers: readonly Walker[]): readonly Walker[] {
  const flip = ({ x, y }: Point) => ({ x: VIEW.width - x, y });
  return walkers.map((w) => ({ ...w, from: flip(w.from), to: flip(w.to) }));
}

export function boxAt(w: Walker, at: number): Box | null {
  if (at < w.begin || at > w.begin + w.takes + w.stays) return null;
  const share = Math.min(1, (at - w.begin) / w.takes);
  const width = w.class === "vehicle" ? 2 * w.height : 0.4 * w.height;
  const x = w.from.x + share * (w.to.x - w.from.x);
  const y = w.from.y + share * (w.to.y - w.from.y);
  const upright = { x: x - width / 2, y: y - w.height, width, height: w.height };
  const down = w.falls === null ? 0 : Math.min(1, Math.max(0, (at - w.falls) / FALL));
  if (down === 0) return upright;
  // Pivoted about the feet: as wide as it was high, and low.
  const length = width + down * (w.height - width);
  const low = w.height - down * 0.7 * w.height;
  const side = Math.sign(w.to.x - w.from.x);
  // Who went to neither side falls to both: a mirror must change nothing.
  return { x: x - length / 2 + (side * (length - width)) / 2, y: y - low, width: length, height: low };
}

export function seenAt(w: Walker, at: number): boolean {
  return !w.unseen.some(([begin, end]) => at >= begin && at < end);
}

/** What a faultless detector says at an instant. */
export function detectionsAt(walkers: readonly Walker[], at: number, score = 0.7): readonly Detection[] {
  return walkers.flatMap((w) => {
    const box = boxAt(w, at);
    return box !== null && seenAt(w, at) ? [{ class: w.class, box, score }] : [];
  });
}

/** Half a second after it appears a track counts. */
const CONFIRMED_AFTER = 0.5;

/** What a rule sees of walkers under a tracker that does what each walker's `breaks` and `unseen` say. */
export function observationsOf(
  walkers: readonly Walker[],
  hz: number,
  seconds: number,
): readonly Observation[] {
  const ids = new Map<string, { readonly id: TrackId; readonly firstSeen: number }>();
  const lastSeen = new Map<TrackId, number>();
  return Array.from({ length: Math.floor(seconds * hz) + 1 }, (_, index) => {
    const at = index / hz;
    const tracks = walkers.flatMap((w, which): Track[] => {
      const box = boxAt(w, at);
      if (box === null) return [];
      const key = `${which}/${w.breaks.filter((b) => b <= at).length}`;
      const seen = seenAt(w, at);
      const known = ids.get(key) ?? (seen ? { id: issueTrackId(), firstSeen: at } : null);
      if (known === null) return [];
      ids.set(key, known);
      if (seen) lastSeen.set(known.id, at);
      const moving = at < w.begin + w.takes ? 1 / w.takes : 0;
      return [
        {
          id: known.id,
          class: w.class,
          box,
          foot: footPoint(box),
          velocity: { x: (w.to.x - w.from.x) * moving, y: (w.to.y - w.from.y) * moving },
          confirmed: at - known.firstSeen >= CONFIRMED_AFTER - 1e-9,
          coasting: !seen,
          firstSeen: known.firstSeen,
          lastSeen: lastSeen.get(known.id) ?? at,
        },
      ];
    });
    const detections = detectionsAt(walkers, at);
    const boxes = tracks.map((t) => t.box);
    const scene = sceneOf(at, VIEW, boxes, { width: 80, height: 60 });
    return { at, tracks, detections, closeLook: detections, scene };
  });
}
