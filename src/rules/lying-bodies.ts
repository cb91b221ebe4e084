import type { Detection } from "../detectors/detector.ts";
import {
  type Box,
  boxArea,
  footPoint,
  intersectBoxes,
  intersectionOverUnion,
  uniteBoxes,
} from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { TrackId } from "../tracking/tracker.ts";
import type { Silhouette } from "./silhouettes.ts";
import type { Stance } from "./upright-persons.ts";

/**
 * The box of somebody who lies, in statures: at most so high, at least so wide, and wider than high. On hands and
 * knees one is as low as that, and moves on.
 */
const LYING = { highest: 0.55, narrowest: 0.42, widest: 1.7, aspect: 1.2 } as const;
/**
 * Sitting on the ground leaves 0.52 of the stature, and legs that are stretched out across the line of sight reach 0.65
 * (Drillis and Contini: sitting height 0.52, hip to heel 0.53): what is as high as that lies only if it is wider still.
 */
const SAT = { lowest: 0.44, aspect: 1.35 } as const;
/** The same of a silhouette that lies along the line of sight: lower than anybody sits, as wide as shoulders. */
const END_ON = { highest: 0.38, narrowest: 0.25 } as const;
/**
 * Seen from above, somebody who lies askew fills a box that is as high as wide; the axis of the silhouette gives it
 * away. Upright it is within 20 degrees of the vertical, whatever the stride.
 */
const SLANTED = { elongation: 2.2, most: (50 * Math.PI) / 180, highest: 0.8 } as const;
/** What a silhouette covers, square statures, and which share of its own box. Upright it is about 0.17. */
const COVERS = { least: 0.05, most: 0.4, share: 0.3 } as const;
/** Once somebody lies, boxes up to so high are of the same body, statures: knees and arms are raised. */
const LOW = { highest: 0.6, aspect: 0.8 } as const;
/** The middle of the body lies at most this far from where the feet were, statures. */
const REACH = 0.9;
/**
 * Nobody falls upwards: the lower edge stays within this of where the feet were, statures. A bench or a bed is
 * higher, at 0.25 of a stature.
 */
const RISE = 0.18;
/**
 * Who falls towards the camera comes to lie below where the feet were in the picture, the middle by half a stature
 * at most, whatever the camera's height. What is lower still is somebody else's.
 */
const DROP = 0.5;
/**
 * From upright to the ground. A fall takes 0.5 to 1.1 s (Noury et al., Fall detection, EMBC 2007), one that is broken
 * by hands and knees 2 s; who lies down at will sits for a while.
 */
export const FALLS_WITHIN: Seconds = 2.5;
/** Who shows no silhouette for longer than this did not fall, but left. */
const VANISHED: Seconds = 0.6;
/** Boxes that overlap by this much are of one body. A detector draws lying people roughly. */
const SAME = 0.35;
const SAME_CLUTTER = 0.6;
/** A body that was not seen for this long is no longer there. */
const UNSEEN: Seconds = 1.2;
/** Its box follows what is seen in about this time: single boxes of somebody who lies stray. */
const SETTLES: Seconds = 0.35;
/** Who moves on by more than this, statures, does not lie yet: crawls, plays, or leaves over the border. */
const MOVES = 0.35;
/** Share of a box that must move for something to happen there. */
const STIRS = 0.03;
/** A person so surely seen, who is taller than a box and covers so much of it, is the whole of it. */
const WHOLE = { score: 0.2, share: 0.75 } as const;
/**
 * The trunk and the legs of one who sits on the ground, where a detector draws a box around each: the trunk is as
 * high as people are who sit, and both together reach no further than from the back to the heels (0.53 and the depth
 * of a trunk, Drillis and Contini). Gap between them, and how far apart their lower edges are, in statures.
 */
const SEATED = { highest: 0.75, widest: 0.9, gap: 0.06, level: 0.25 } as const;
/** Sightings without which it may be a mistake. */
const SIGHTINGS = 3;
/** Share of a box that others cover who stand: it is of them. */
const OF_OTHERS = 0.5;
/** The same of a silhouette: among passers-by it may be theirs, or two of them. */
const BESIDE = 0.15;
const STANDS = 0.25;
/** What was seen as early as this before the fall was there already. */
const THERE_BEFORE: Seconds = 1;
/** How long a place is remembered at which something lay. */
const CLUTTER_MEMORY: Seconds = 60;
const MOST_CLUTTER = 256;

/** Somebody who went down and lies there. */
export interface LyingBody {
  readonly box: Box;
  /** Since when it has lain in this place. */
  readonly since: Seconds;
  /** When it was last seen lying. */
  readonly lastSeen: Seconds;
}

interface Body {
  readonly stance: Stance;
  origin: Box;
  box: Box;
  since: Seconds;
  lastSeen: Seconds;
  sightings: number;
  /** The detector's latest box: the engine repeats it while nobody looks anew. */
  detected: Box | null;
  /** For how long it has not been seen though something moved there. */
  missed: Seconds;
}

interface Clutter {
  readonly box: Box;
  readonly firstSeen: Seconds;
  lastSeen: Seconds;
}

/** What one instant shows of those who may lie. */
export interface Shapes {
  /** Of this instant, doubtful ones too; none where nobody looked. */
  readonly detections: readonly Detection[];
  /** What is new in the background's foreground where somebody was upright, by track. */
  readonly silhouettes: ReadonlyMap<TrackId, Silhouette>;
  /** How much of a box moves, 0 to 1. */
  readonly moving: (box: Box) => number;
}

/**
 * Finds who lies where somebody was upright a moment ago. The default network still sees somebody who lies, with
 * little certainty, often as several boxes, as an animal or as luggage; a silhouette of the foreground may be a
 * shadow. Each alone would be a mistake as likely as not. What makes them a fall is the order of things: somebody
 * stood, no longer does, and since then something flat is there that was not there before.
 */
export class LyingBodies {
  readonly #after: Seconds;
  #bodies: Body[] = [];
  #clutter: Clutter[] = [];
  #at: Seconds | null = null;
  /** When those who went down were last seen as a silhouette, while they were so all the way. */
  readonly #shown = new Map<TrackId, Seconds>();

  /** @param after who was seen lying for so long stays where he is while nothing moves there; others must be seen */
  constructor(after: Seconds) {
    this.#after = after;
  }

  /** @param stances of those who are or were upright */
  observe(at: Seconds, stances: readonly Stance[], shapes: Shapes): readonly LyingBody[] {
    const elapsed = this.#at === null ? 0 : at - this.#at;
    this.#at = at;
    const present = stances.filter((s) => at - s.lastUpright <= 1e-6);
    const upright = present.map((s) => s.box);
    const standing = [...upright, ...shapes.detections.filter(stands).map((d) => d.box)];
    const detections = shapes.detections.filter((d) => d.class !== "vehicle");
    this.#follow(at, elapsed, detections, shapes, present);
    this.#accompany(at, stances, shapes.silhouettes);
    for (const stance of stances) {
      const down = at - stance.lastUpright;
      if (stance.cut || down <= 1e-6 || down > FALLS_WITHIN) continue;
      if (this.#bodies.some((body) => body.stance.track === stance.track)) continue;
      const silhouette = shapes.silhouettes.get(stance.track);
      const seen = detections
        .filter((d) => isFlat(d.box, stance.height) && liesAfter(stance, d.box))
        .filter((d) => !this.#wasThere(d.box, stance.lastUpright - THERE_BEFORE))
        .filter((d) => !isVehicle(d, shapes.detections) && !isPart(d, detections, stance.height))
        .sort((a, b) => b.score - a.score)[0]?.box;
      const outline =
        silhouette !== undefined &&
        this.#shown.has(stance.track) &&
        isLow(silhouette, stance.height) &&
        liesAfter(stance, silhouette.box)
          ? silhouette.box
          : undefined;
      const alone = outline === undefined || isOfOthers(outline, standing, BESIDE) ? undefined : outline;
      const box = alone ?? (seen === undefined || isOfOthers(seen, upright, OF_OTHERS) ? undefined : seen);
      if (box === undefined) continue;
      if (this.#bodies.some((body) => intersectionOverUnion(body.box, box) >= SAME)) continue;
      this.#bodies.push({
        stance,
        origin: box,
        box,
        since: at,
        lastSeen: at,
        sightings: 1,
        detected: box === seen ? box : null,
        missed: 0,
      });
    }
    this.#remember(at, detections);
    return this.#bodies
      .filter((b) => b.sightings >= SIGHTINGS)
      .map(({ box, since, lastSeen }) => ({ box, since, lastSeen }));
  }

  /** Who was upright before they lay down, of those who lie or may. */
  get stances(): readonly Stance[] {
    return this.#bodies.map((body) => body.stance);
  }

  reset(): void {
    this.#bodies = [];
    this.#clutter = [];
    this.#shown.clear();
    this.#at = null;
  }

  #follow(
    at: Seconds,
    elapsed: Seconds,
    detections: readonly Detection[],
    { silhouettes, moving }: Shapes,
    upright: readonly Stance[],
  ): void {
    for (const body of this.#bodies) {
      const { height, track } = body.stance;
      const seen = bestMatch(
        body.box,
        detections
          .filter(({ box: b }) => b.height < LOW.highest * height && b.width >= LOW.aspect * b.height)
          .filter((d) => !isPart(d, detections, height))
          .map((d) => d.box),
      );
      const silhouette = silhouettes.get(track);
      const stands =
        silhouette === undefined || !isLow(silhouette, height) ? null : bestMatch(body.box, [silhouette.box]);
      const box = stands ?? seen;
      if (box === null) {
        // Who lies cannot leave without moving: unseen and unmoved is still there.
        if (moving(body.box) >= STIRS) body.missed += elapsed;
        continue;
      }
      body.box = mix(body.box, box, 1 - Math.exp((body.lastSeen - at) / SETTLES));
      body.lastSeen = at;
      body.missed = 0;
      if (stands !== null || (seen !== null && !isSameBox(seen, body.detected))) body.sightings++;
      if (seen !== null) body.detected = seen;
      if (moved(body.origin, body.box) > MOVES * height) {
        body.origin = body.box;
        body.since = at;
      }
    }
    const risen = new Set(upright.map((s) => s.track));
    this.#bodies = this.#bodies.filter(
      (b) =>
        b.missed <= UNSEEN &&
        !risen.has(b.stance.track) &&
        (b.lastSeen - b.since >= this.#after || at - b.lastSeen <= UNSEEN),
    );
  }

  /** Nobody vanishes on the way to the ground: a silhouette counts where there was one ever since. */
  #accompany(at: Seconds, stances: readonly Stance[], silhouettes: ReadonlyMap<TrackId, Silhouette>): void {
    const before = new Map(this.#shown);
    this.#shown.clear();
    for (const stance of stances) {
      const { track, lastUpright, height } = stance;
      const last = Math.max(lastUpright, before.get(track) ?? lastUpright);
      const silhouette = silhouettes.get(track);
      const seen = silhouette !== undefined && silhouette.area >= COVERS.least * height * height;
      if (stance.atBorder || at - last > VANISHED) continue;
      if (seen || lastUpright === at || before.has(track)) this.#shown.set(track, seen ? at : last);
    }
  }

  #wasThere(box: Box, before: Seconds): boolean {
    return this.#clutter.some((c) => c.firstSeen < before && intersectionOverUnion(c.box, box) >= SAME);
  }

  #remember(at: Seconds, detections: readonly Detection[]): void {
    this.#clutter = this.#clutter.filter((c) => at - c.lastSeen <= CLUTTER_MEMORY);
    for (const { box } of detections) {
      if (box.width < box.height || this.#clutter.length >= MOST_CLUTTER) continue;
      const known = this.#clutter.find((c) => intersectionOverUnion(c.box, box) >= SAME_CLUTTER);
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
    width >= (height > SAT.lowest * stature ? SAT.aspect : LYING.aspect) * height
  );
}

/** A silhouette is drawn more exactly than a box, so who lies along the line of sight can be told by it. */
function isLow({ box, area, elongation, slant }: Silhouette, stature: number): boolean {
  const covers = area / (stature * stature);
  if (covers < COVERS.least || covers > COVERS.most || area < COVERS.share * boxArea(box)) return false;
  const endOn = box.height <= END_ON.highest * stature && box.width >= END_ON.narrowest * stature;
  const slanted =
    elongation >= SLANTED.elongation && slant <= SLANTED.most && box.height <= SLANTED.highest * stature;
  return isFlat(box, stature) || ((endOn || slanted) && box.width <= LYING.widest * stature);
}

function liesAfter(stance: Stance, box: Box): boolean {
  const { height, foot } = stance;
  const dx = box.x + box.width / 2 - foot.x;
  const dy = box.y + box.height / 2 - foot.y;
  return (
    Math.hypot(dx, dy) <= REACH * height && dy <= DROP * height && footPoint(box).y >= foot.y - RISE * height
  );
}

function isOfOthers(box: Box, others: readonly Box[], share: number): boolean {
  return others.some((other) => boxArea(intersectBoxes(other, box)) > share * boxArea(box));
}

/** A person as a detector draws those who stand, sure enough to be one. */
function stands({ class: cls, box, score }: Detection): boolean {
  return cls === "person" && score >= STANDS && box.height > box.width;
}

function isVehicle(shape: Detection, detections: readonly Detection[]): boolean {
  return detections.some(
    (d) => d.class === "vehicle" && d.score > shape.score && intersectionOverUnion(d.box, shape.box) >= SAME,
  );
}

/**
 * A doubtful box of legs or a trunk: a network is surer of the person that it belongs to, who does not lie, or of the
 * trunk that rises from the legs.
 */
function isPart(shape: Detection, detections: readonly Detection[], stature: number): boolean {
  return detections.some(
    (d) =>
      d.class === "person" &&
      d.score >= Math.max(WHOLE.score, shape.score) &&
      d.box.height > Math.max(SAT.lowest * stature, shape.box.height) &&
      !isFlat(d.box, stature) &&
      (boxArea(intersectBoxes(d.box, shape.box)) > WHOLE.share * boxArea(shape.box) ||
        isTrunk(d.box, shape.box, stature)),
  );
}

/** @param box of somebody who may sit at one end of `legs` */
function isTrunk(box: Box, legs: Box, stature: number): boolean {
  const both = uniteBoxes(box, legs);
  return (
    box.height > box.width &&
    box.height <= SEATED.highest * stature &&
    Math.abs(footPoint(box).y - footPoint(legs).y) <= SEATED.level * stature &&
    both.width - box.width - legs.width <= SEATED.gap * stature &&
    both.width <= SEATED.widest * stature
  );
}

function bestMatch(box: Box, among: readonly Box[]): Box | null {
  const [best] = among
    .map((other) => ({ other, same: intersectionOverUnion(other, box) }))
    .filter(({ same }) => same >= SAME)
    .sort((a, b) => b.same - a.same);
  return best?.other ?? null;
}

function isSameBox(a: Box, b: Box | null): boolean {
  return b !== null && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
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
