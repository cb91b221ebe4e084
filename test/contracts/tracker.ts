import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Detection } from "../../src/detectors/detector.ts";
import { type Box, intersectionOverUnion } from "../../src/geometry/shapes.ts";
import type { Track, Tracker, TrackId } from "../../src/tracking/tracker.ts";
import { anyWalkers, boxAt, detectionsAt, mirrored, VIEW, type Walker, walker } from "../support/walkers.ts";

/** What a tracker's test has to bring. */
export interface TrackerCase {
  readonly make: (picture: { readonly width: number; readonly height: number }) => Tracker;
  /** How long a confirmed track outlives its last sighting, seconds. */
  readonly longestGap: number;
  /** Steady sightings after which a track must be confirmed, seconds (at 5 updates a second and more). */
  readonly confirmedWithin: number;
}

const RATES = [2, 3.3, 5, 10, 15, 25, 30] as const;

/** What every tracker must hold to. */
export function trackerContract(name: string, trackerCase: TrackerCase): void {
  const make = () => trackerCase.make(VIEW);

  describe(`${name} keeps the contract of a tracker`, () => {
    it.each(RATES)("follows one walker as one track at %d updates a second", (hz) => {
      const w = walker({ from: { x: 60, y: 300 }, to: { x: 580, y: 330 }, takes: 8 });
      const seen = follow(make(), jittered([w], hz, 8, 1));
      expect(confirmedIds(seen).size).toBe(1);
      const last = seen.at(-1)?.tracks[0];
      expect(last?.confirmed).toBe(true);
      const truth = boxAt(w, seen.at(-1)?.at ?? 0);
      expect(last && truth && intersectionOverUnion(last.box, truth)).toBeGreaterThan(0.6);
      // 520 px in 8 s.
      expect(last?.velocity.x).toBeGreaterThan(45);
      expect(last?.velocity.x).toBeLessThan(85);
    });

    it.each(RATES)("keeps two who pass each other apart at %d updates a second", (hz) => {
      const right = walker({ from: { x: 80, y: 300 }, to: { x: 560, y: 300 }, takes: 8, height: 90 });
      const left = walker({ from: { x: 560, y: 330 }, to: { x: 80, y: 330 }, takes: 8, height: 100 });
      const seen = follow(make(), jittered([right, left], hz, 8, 2));
      const owner = (at: number, w: Walker) => nearest(seen, at, boxAt(w, at));
      expect(confirmedIds(seen).size).toBe(2);
      expect(owner(7.5, right)).toBe(owner(2, right));
      expect(owner(7.5, left)).toBe(owner(2, left));
    });

    it.each([5, 10, 25])("bridges an occlusion of a second at %d updates a second", (hz) => {
      const w = walker({
        from: { x: 60, y: 300 },
        to: { x: 580, y: 300 },
        takes: 8,
        unseen: [[4, 5]],
      });
      const seen = follow(make(), jittered([w], hz, 8, 3));
      expect(confirmedIds(seen).size).toBe(1);
      const during = seen.filter((s) => s.at > 4.05 && s.at < 4.95).flatMap((s) => s.tracks);
      expect(during.length).toBeGreaterThan(0);
      expect(during.every((t) => t.coasting)).toBe(true);
    });

    it("confirms what is seen steadily, and not what is seen once or twice", () => {
      for (const hz of [5, 10, 25]) {
        const steady = walker({ from: { x: 200, y: 300 }, to: { x: 260, y: 300 }, takes: 4 });
        const seen = follow(make(), jittered([steady], hz, 4, 4));
        expect(seen.find((s) => s.tracks.some((t) => t.confirmed))?.at).toBeLessThanOrEqual(
          trackerCase.confirmedWithin + 1 / hz,
        );
        expect(seen[0]?.tracks.some((t) => t.confirmed)).toBe(false);
      }
      const tracker = make();
      const flash: Detection = {
        class: "person",
        box: { x: 100, y: 100, width: 30, height: 80 },
        score: 0.9,
      };
      for (let index = 0; index < 20; index++) {
        const tracks = tracker.update(index, index === 5 || index === 12 ? [flash] : []);
        expect(tracks.some((t) => t.confirmed)).toBe(false);
      }
    });

    it("coasts without detections, and ends after its longest gap", () => {
      for (const empty of [null, []]) {
        const tracker = make();
        const w = walker({ from: { x: 300, y: 300 }, to: { x: 320, y: 300 }, takes: 3 });
        follow(tracker, jittered([w], 10, 3, 5));
        const soon = tracker.update(3.4, empty);
        expect(soon.map((t) => [t.confirmed, t.coasting])).toEqual([[true, true]]);
        expect(soon[0]?.lastSeen).toBeLessThanOrEqual(3);
        expect(tracker.update(3 + trackerCase.longestGap + 0.2, empty)).toEqual([]);
      }
    });

    it("lets what leaves over the border go sooner than what is hidden inside", () => {
      const ends = (to: number) => {
        const tracker = make();
        const w = walker({ from: { x: 400, y: 300 }, to: { x: to, y: 300 }, takes: 3 });
        follow(tracker, jittered([w], 10, 3, 6));
        let at = 3;
        while (tracker.update(at + 0.1, []).length > 0) at += 0.1;
        return at;
      };
      expect(ends(640)).toBeLessThan(ends(520) - 0.3);
    });

    it("never matches things of different classes", () => {
      const tracker = make();
      const box = { x: 300, y: 200, width: 60, height: 90 };
      const classOf = new Map<TrackId, string>();
      for (let index = 0; index < 40; index++) {
        const cls = index % 2 === 0 ? "person" : "vehicle";
        for (const track of tracker.update(index / 10, [{ class: cls, box, score: 0.8 }])) {
          expect(classOf.get(track.id) ?? track.class).toBe(track.class);
          classOf.set(track.id, track.class);
        }
      }
      expect(new Set(classOf.values()).size).toBe(2);
    });

    it("takes a box that is found twice, or in part, for one person", () => {
      const w = walker({ from: { x: 100, y: 300 }, to: { x: 500, y: 300 }, takes: 6, height: 100 });
      const stream = jittered([w], 10, 6, 7).map(({ at, detections }) => ({
        at,
        detections: detections.flatMap((d) => [
          d,
          { ...d, box: { ...d.box, x: d.box.x + 2, width: d.box.width * 0.97 }, score: 0.6 },
          { ...d, box: { ...d.box, height: d.box.height * 0.55 }, score: 0.55 },
        ]),
      }));
      expect(confirmedIds(follow(make(), stream)).size).toBe(1);
    });

    it("gives every track an id of its own, in no order, and never a second time", () => {
      const ids: TrackId[] = [];
      const tracker = make();
      for (let index = 0; index < 200; index++) {
        const box = { x: (index * 97) % 560, y: 200 + ((index * 53) % 150), width: 30, height: 80 };
        for (const t of tracker.update(index * 5, [{ class: "person", box, score: 0.9 }])) ids.push(t.id);
      }
      expect(new Set(ids).size).toBe(200);
      const rises = ids.filter((id, index) => index > 0 && id > (ids[index - 1] ?? 0)).length;
      // Of 199 pairs about half rise; 5 standard deviations either way.
      expect(rises).toBeGreaterThan(60);
      expect(rises).toBeLessThan(140);
    });

    it("forgets everything on reset", () => {
      const tracker = make();
      const w = walker({ from: { x: 100, y: 300 }, to: { x: 300, y: 300 }, takes: 3 });
      const before = confirmedIds(follow(tracker, jittered([w], 10, 3, 8)));
      tracker.reset();
      expect(tracker.update(3.1, null)).toEqual([]);
      const after = tracker.update(3.2, detectionsAt([w], 2.9));
      expect(after.every((t) => !before.has(t.id) && !t.confirmed)).toBe(true);
    });

    it("keeps its word about every track, for any walkers at uneven times", () => {
      const steps = fc.array(fc.double({ min: 0.03, max: 0.6, noNaN: true }), {
        minLength: 5,
        maxLength: 60,
      });
      fc.assert(
        fc.property(anyWalkers(6), steps, fc.boolean(), (walkers, gaps, skip) => {
          const tracker = make();
          const known = new Map<TrackId, Track>();
          const gone = new Set<TrackId>();
          let at = 0;
          for (const [index, gap] of gaps.entries()) {
            at += gap;
            const tracks = tracker.update(at, skip && index % 3 === 2 ? null : detectionsAt(walkers, at));
            const live = new Set(tracks.map((t) => t.id));
            expect(live.size).toBe(tracks.length);
            for (const id of known.keys()) if (!live.has(id)) gone.add(id);
            for (const track of tracks) checkTrack(track, known.get(track.id), at, trackerCase.longestGap);
            for (const track of tracks) {
              expect(gone.has(track.id)).toBe(false);
              known.set(track.id, track);
            }
          }
        }),
        { numRuns: 100 },
      );
    });

    it("gives the mirror image for the mirrored scene", () => {
      fc.assert(
        fc.property(anyWalkers(5), (walkers) => {
          const straight = follow(make(), exact(walkers, 5, 12)).map(({ tracks }) =>
            tracks.map(summary).toSorted(),
          );
          const flipped = follow(make(), exact(mirrored(walkers), 5, 12)).map(({ tracks }) =>
            tracks.map((t) => summary({ ...t, foot: { x: VIEW.width - t.foot.x, y: t.foot.y } })).toSorted(),
          );
          expect(flipped).toEqual(straight);
        }),
        { numRuns: 40 },
      );
    });

    it("leaves broken boxes aside", () => {
      const tracker = make();
      const bad: Box[] = [
        { x: Number.NaN, y: 0, width: 10, height: 10 },
        { x: 0, y: 0, width: 0, height: 10 },
        { x: 0, y: 0, width: 10, height: -5 },
        { x: 0, y: Number.POSITIVE_INFINITY, width: 10, height: 10 },
      ];
      for (let index = 0; index < 10; index++) {
        const found = bad.map((box): Detection => ({ class: "person", box, score: 0.9 }));
        expect(tracker.update(index / 10, found)).toEqual([]);
      }
    });
  });
}

interface Step {
  readonly at: number;
  readonly detections: readonly Detection[];
}

function exact(walkers: readonly Walker[], hz: number, seconds: number): readonly Step[] {
  return Array.from({ length: Math.floor(seconds * hz) + 1 }, (_, index) => ({
    at: index / hz,
    detections: detectionsAt(walkers, index / hz),
  }));
}

/** A detector's noise: 3 % of a box's height on every edge, one in ten missed, scores that vary. */
function jittered(walkers: readonly Walker[], hz: number, seconds: number, seed: number): readonly Step[] {
  const random = generator(seed);
  return exact(walkers, hz, seconds).map(({ at, detections }) => ({
    at,
    detections: detections.flatMap((d) => {
      const noise = () => (random() + random() + random() - 1.5) * 0.06 * d.box.height;
      const box = {
        x: d.box.x + noise(),
        y: d.box.y + noise(),
        width: d.box.width + noise(),
        height: d.box.height + noise(),
      };
      const score = 0.5 + 0.3 * random();
      // The first and last sightings stay, so that each track's length is known.
      return at > 1 && at < seconds - 1 && random() < 0.1 ? [] : [{ ...d, box, score }];
    }),
  }));
}

/** Mulberry32: small, seeded, even enough for noise. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Seen {
  readonly at: number;
  readonly tracks: readonly Track[];
}

function follow(tracker: Tracker, steps: readonly Step[]): readonly Seen[] {
  return steps.map(({ at, detections }) => ({ at, tracks: tracker.update(at, detections) }));
}

function confirmedIds(seen: readonly Seen[]): ReadonlySet<TrackId> {
  return new Set(seen.flatMap((s) => s.tracks.filter((t) => t.confirmed).map((t) => t.id)));
}

/** The confirmed track that overlaps a box most, at the step nearest to an instant. */
function nearest(seen: readonly Seen[], at: number, box: Box | null): TrackId | null {
  const step = seen.toSorted((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0];
  const overlap = (t: Track) => (box === null ? 0 : intersectionOverUnion(t.box, box));
  const found = step?.tracks.filter((t) => t.confirmed).toSorted((a, b) => overlap(b) - overlap(a))[0];
  return found !== undefined && overlap(found) > 0.2 ? found.id : null;
}

function checkTrack(track: Track, before: Track | undefined, at: number, longestGap: number): void {
  expect(track.coasting).toBe(track.lastSeen < at);
  expect(track.lastSeen).toBeLessThanOrEqual(at);
  expect(track.firstSeen).toBeLessThanOrEqual(track.lastSeen);
  expect(at - track.lastSeen).toBeLessThanOrEqual(longestGap + 1e-9);
  const { x, y, width, height } = track.box;
  for (const value of [x, y, width, height, track.foot.x, track.foot.y, track.velocity.x, track.velocity.y]) {
    expect(Number.isFinite(value)).toBe(true);
  }
  expect(width > 0 && height > 0).toBe(true);
  if (before === undefined) return;
  expect(track.class).toBe(before.class);
  expect(track.firstSeen).toBe(before.firstSeen);
  expect(track.lastSeen).toBeGreaterThanOrEqual(before.lastSeen);
  expect(track.confirmed || !before.confirmed).toBe(true);
}

function summary(track: Track): string {
  const { class: cls, foot, confirmed, coasting, firstSeen } = track;
  return [cls, foot.x.toFixed(3), foot.y.toFixed(3), confirmed, coasting, firstSeen.toFixed(3)].join(" ");
}
