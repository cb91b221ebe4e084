import type { Detection } from "../detectors/detector.ts";
import { type Box, boxArea, footPoint, intersectBoxes, intersectionOverUnion } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track, TrackId } from "../tracking/tracker.ts";
import type { Stance } from "./upright-persons.ts";

/**
 * The box of somebody who lies, in statures: at most so high, at least so wide, and wider than high. Sitting on
 * the ground leaves half the stature, but hardly wider than high; on hands and knees one is as low as that, and moves on.
 */
const LYING = { highest: 0.55, narrowest: 0.42, widest: 1.7, aspect: 1.2 } as const;
/** The middle of the body lies at most this far from where the feet were, statures. */
const REACH = 0.9;
/**
 * Nobody falls upwards: the lower edge stays within this of where the feet were, statures. A bench or a bed is
 * higher, at 0.25 of a stature.
 */
const RISE = 0.18;
/**
 * From upright to the ground. A fall takes 0.5 to 1.1 s (Noury et al., Fall detection, EMBC 2007), one that is broken
 * by hands and knees 2 s; who lies down at will sits for a while.
 */
export const FALLS_WITHIN: Seconds = 2.5;
/** Boxes that overlap by this much are of one body. A detector draws lying people roughly. */
const SAME = 0.35;
/** A body that was not seen for this long is no longer there. */
const UNSEEN: Seconds = 1.2;
/** Its box follows what is seen in about this time: single boxes of somebody who lies stray. */
const SETTLES: Seconds = 0.35;
/** Who moves on by more than this, statures, does not lie yet: crawls, plays, or leaves over the border. */
const MOVES = 0.25;
/** Sightings without which it may be a mistake. */
const SIGHTINGS = 3;
/** Share of a box that others cover who stand: it is of them. */
const OF_OTHERS = 0.5;
/** What was seen as early as this before the fall was there already. */
const THERE_BEFORE: Seconds = 1;
/** How long a place is remembered at which something lay. */
const CLUTTER_MEMORY: Seconds = 60;

/** Somebody who went down and lies there. */
export interface LyingBody {
  readonly box: Box;
  /** Since when it has lain in this place. */
  readonly since: Seconds;
  /** When it was last seen lying. */
  readonly lastSeen: Seconds;
}

interface Body {
  readonly track: TrackId;
  readonly height: number;
  origin: Box;
  box: Box;
  since: Seconds;
  lastSeen: Seconds;
  sightings: number;
}

interface Clutter {
  box: Box;
  readonly firstSeen: Seconds;
  lastSeen: Seconds;
}

/**
 * Finds who lies where somebody was upright a moment ago. The default network still sees somebody who lies, with
 * little certainty and often as several boxes; each alone would be a mistake as likely as not. What makes them a
 * fall is the order of things: somebody stood, no longer does, and since then something flat is there that was not
 * there before.
 */
export class LyingBodies {
  #bodies: Body[] = [];
  #clutter: Clutter[] = [];

  /** @param detections of this instant, doubtful ones too */
  observe(
    at: Seconds,
    stances: readonly Stance[],
    detections: readonly Detection[],
    tracks: readonly Track[],
  ): readonly LyingBody[] {
    const upright = stances.filter((s) => at - s.lastUpright <= 1e-6);
    const shapes = detections.filter((d) => d.class !== "vehicle");
    this.#follow(at, shapes, upright);
    for (const stance of stances) {
      const down = at - stance.lastUpright;
      if (stance.cut || down <= 1e-6 || down > FALLS_WITHIN) continue;
      if (this.#bodies.some((body) => body.track === stance.track)) continue;
      const found = shapes
        .filter((d) => liesAfter(stance, d.box))
        .filter((d) => !this.#wasThere(d.box, stance.lastUpright - THERE_BEFORE))
        .filter((d) => !isOfOthers(d.box, upright) && !isVehicle(d, detections))
        .sort((a, b) => b.score - a.score)[0];
      if (found === undefined) continue;
      if (this.#bodies.some((body) => intersectionOverUnion(body.box, found.box) >= SAME)) continue;
      const { box } = found;
      this.#bodies.push({
        track: stance.track,
        height: stance.height,
        origin: box,
        box,
        since: at,
        lastSeen: at,
        sightings: 1,
      });
    }
    this.#remember(at, shapes);
    void tracks;
    return this.lying;
  }

  get all(): readonly unknown[] { return this.#bodies; }
  /** Those who are lying as far as is known. */
  get lying(): readonly LyingBody[] {
    return this.#bodies
      .filter((b) => b.sightings >= SIGHTINGS)
      .map(({ box, since, lastSeen }) => ({ box, since, lastSeen }));
  }

  reset(): void {
    this.#bodies = [];
    this.#clutter = [];
  }

  #follow(at: Seconds, shapes: readonly Detection[], upright: readonly Stance[]): void {
    for (const body of this.#bodies) {
      const again = shapes
        .filter((d) => isFlat(d.box, body.height) || d.box.height < 0.6 * body.height)
        .map((d) => ({ d, same: intersectionOverUnion(d.box, body.box) }))
        .filter(({ same }) => same >= SAME)
        .sort((a, b) => b.same - a.same)[0];
      if (again === undefined) continue;
      body.box = mix(body.box, again.d.box, 1 - Math.exp((body.lastSeen - at) / SETTLES));
      body.lastSeen = at;
      body.sightings++;
      if (moved(body.origin, body.box) > MOVES * body.height) {
        body.origin = body.box;
        body.since = at;
      }
    }
    const risen = new Set(upright.map((s) => s.track));
    this.#bodies = this.#bodies.filter((b) => at - b.lastSeen <= UNSEEN && !risen.has(b.track));
  }

  #wasThere(box: Box, before: Seconds): boolean {
    return this.#clutter.some(
      (c) => c.firstSeen < before && intersectionOverUnion(c.box, box) >= SAME,
    );
  }

  #remember(at: Seconds, shapes: readonly Detection[]): void {
    this.#clutter = this.#clutter.filter((c) => at - c.lastSeen <= CLUTTER_MEMORY);
    for (const { box } of shapes) {
      if (box.width < box.height) continue;
      const known = this.#clutter.find((c) => intersectionOverUnion(c.box, box) >= 0.6);
      if (known === undefined) this.#clutter.push({ box, firstSeen: at, lastSeen: at });
      else known.lastSeen = at;
    }
  }
}

function isFlat(box: Box, stature: number): boolean {
  const { width, height } = box;
  return (
    height <= LYING.highest * stature &&
    width >= LYING.narrowest * stature &&
    width <= LYING.widest * stature &&
    width >= LYING.aspect * height
  );
}

function liesAfter(stance: Stance, box: Box): boolean {
  const { height, foot } = stance;
  if (!isFlat(box, height)) return false;
  const dx = box.x + box.width / 2 - foot.x;
  const dy = box.y + box.height / 2 - foot.y;
  return Math.hypot(dx, dy) <= REACH * height && footPoint(box).y >= foot.y - RISE * height;
}

function isOfOthers(box: Box, upright: readonly Stance[]): boolean {
  return upright.some((s) => boxArea(intersectBoxes(s.box, box)) > OF_OTHERS * boxArea(box));
}

function isVehicle(shape: Detection, detections: readonly Detection[]): boolean {
  return detections.some(
    (d) => d.class === "vehicle" && d.score > shape.score && intersectionOverUnion(d.box, shape.box) >= SAME,
  );
}

/** How far the middle or the upper edge went, whichever is more. */
function moved(from: Box, to: Box): number {
  const dx = to.x + to.width / 2 - from.x - from.width / 2;
  const dy = to.y + to.height / 2 - from.y - from.height / 2;
  return Math.max(Math.hypot(dx, dy), Math.abs(to.y - from.y));
}

function mix(a: Box, b: Box, share: number): Box {
  const between = (p: number, q: number) => p + share * (q - p);
  return {
    x: between(a.x, b.x),
    y: between(a.y, b.y),
    width: between(a.width, b.width),
    height: between(a.height, b.height),
  };
}
