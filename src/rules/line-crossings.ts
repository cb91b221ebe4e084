import type { ObjectClass } from "../detectors/detector.ts";
import { CrossingWatch, type Side, signedDistance } from "../geometry/line.ts";
import type { Box, DirectedLine, Point } from "../geometry/shapes.ts";
import { boxArea, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track, TrackId } from "../tracking/tracker.ts";

/** Somebody or something went from one side of a line to the other and stayed there. */
export interface SureCrossing {
  /** The side it went to. */
  readonly towards: Side;
  /** When the foot point was on the line, interpolated between two sightings. */
  readonly at: Seconds;
  /** The thing's box when the crossing became sure. */
  readonly box: Box;
}

export interface LineCrossingOptions {
  readonly line: DirectedLine;
  readonly picture: { readonly width: number; readonly height: number };
  /** How long it must be seen on the new side. */
  readonly hold: Seconds;
}

/** Half the width of the band around the line that is neither side, in sizes of the thing. */
const BAND = 0.2;
/** The same for very small things: a detector's noise is never below this, px. */
const LEAST_BAND = 2;
/** Share of the holding time for which it must be seen clear of the band. */
const CLEAR_SHARE = 0.5;
/** In bands: how far beyond the line a side that was held since is not in doubt. */
const WELL_BEYOND = 1.5;
/** A new track may continue one that was lost for at most this long. */
const LONGEST_BREAK: Seconds = 3;
/** How far from where the lost one should be by now, in sizes, and in sizes for each second of the break. */
const JOIN_DISTANCE = 0.6;
const JOIN_DISTANCE_PER_SECOND = 0.6;
/** Where a track turned into somebody else's, the new one must appear this near to where it was going, in sizes. */
const SWAP_DISTANCE = 0.7;
/** It was walking (sizes per second), and is now this far from where it was going, in sizes. */
const SWAP_SPEED = 0.6;
const SWAP_DIVERGENCE = 1.2;
/** How long before the swap is looked back. */
const SWAP_WITHIN: Seconds = 1.5;
/** A continuation is about as large as what was lost. */
const JOIN_SIZE_RATIO = 1.5;
/** Two that cross within this time, while the box of one lies in the box of the other, are one thing seen twice. */
const DOUBLE_WITHIN: Seconds = 1;
const DOUBLE_CONTAINMENT = 0.75;
/** Boxes this far apart in time may still be compared. */
const SAME_INSTANT: Seconds = 0.3;

/** What is remembered of one way through the picture: of one track, or of several that continue each other. */
interface Path {
  readonly class: ObjectClass;
  watch: CrossingWatch;
  /** The last sighting. */
  at: Seconds;
  foot: Point;
  box: Box;
  velocity: Point;
  size: number;
  /** Since when it has been clear of the line's band, and on which side; null within it. */
  clear: { readonly side: Side; readonly since: Seconds } | null;
  /** Recent sightings, oldest first. */
  readonly trail: Sighting[];
  /** A crossing by a track that is not confirmed yet. */
  waiting: SureCrossing | null;
}

interface Sighting {
  readonly at: Seconds;
  readonly foot: Point;
  readonly velocity: Point;
  /** The side that the path was settled on. */
  readonly side: Side | null;
}

/**
 * Watches one line. A crossing is a change of side of the foot point, between two sightings (never a
 * prediction), beyond a band whose width goes with the thing's size, held for a set time. It belongs to a path,
 * not to a track: a track that begins where another was just lost goes on with its side, so a track that
 * breaks at the line neither hides a crossing nor tells it twice.
 */
export class LineCrossings {
  readonly #line: DirectedLine;
  readonly #hold: Seconds;
  readonly #paths = new Map<TrackId, Path>();
  /** Paths whose track is gone. */
  #loose: Path[] = [];
  #recent: { readonly crossing: SureCrossing; readonly path: Path }[] = [];

  constructor(options: LineCrossingOptions) {
    this.#line = beyondBorder(options.line, options.picture);
    this.#hold = options.hold;
  }

  /** @param tracks all live tracks of the classes that are watched. @returns the crossings that are now sure. */
  observe(at: Seconds, tracks: readonly Track[]): readonly SureCrossing[] {
    this.#release(at, tracks);
    const sure: SureCrossing[] = [];
    // In an order that owes nothing to the tracker's: the same scene must give the same crossings.
    const seen = tracks.filter((t) => !t.coasting).toSorted(byPosition);
    for (const track of seen) {
      const path = this.#paths.get(track.id) ?? this.#begin(at, track, tracks);
      this.#paths.set(track.id, path);
      const crossing = this.#advance(path, at, track);
      if (crossing === null) continue;
      const doubled = this.#recent.some(
        (other) =>
          other.crossing.towards === crossing.towards &&
          Math.abs(other.crossing.at - crossing.at) <= DOUBLE_WITHIN &&
          coincide(other.path, path),
      );
      if (!doubled) sure.push(crossing);
      this.#recent.push({ crossing, path });
    }
    this.#recent = this.#recent.filter((r) => at - r.crossing.at < this.#hold + LONGEST_BREAK);
    return sure;
  }

  /** Puts the paths of tracks that ended aside, and forgets those that nobody continued. */
  #release(at: Seconds, tracks: readonly Track[]): void {
    const live = new Set(tracks.map((t) => t.id));
    for (const [id, path] of this.#paths) {
      if (live.has(id)) continue;
      this.#paths.delete(id);
      this.#loose.push(path);
    }
    this.#loose = this.#loose.filter((path) => at - path.at <= LONGEST_BREAK);
  }

  /** The path of a track that is seen for the first time: that of a lost one which it continues, or a new one. */
  #begin(at: Seconds, track: Track, tracks: readonly Track[]): Path {
    const size = sizeOf(track.box);
    const path: Path = {
      class: track.class,
      watch: new CrossingWatch(this.#line, this.#hold),
      at,
      foot: track.foot,
      box: track.box,
      velocity: track.velocity,
      size,
      clear: null,
      trail: [],
      waiting: null,
    };
    const coasting = tracks
      .filter((t) => t.coasting)
      .flatMap((t) => {
        const lost = this.#paths.get(t.id);
        return lost === undefined ? [] : [lost];
      });
    let continued: Path | null = null;
    let nearest = Number.POSITIVE_INFINITY;
    for (const lost of [...this.#loose, ...coasting]) {
      const gap = at - lost.at;
      const ratio = Math.max(size / lost.size, lost.size / size);
      if (lost.class !== track.class || gap > LONGEST_BREAK || ratio > JOIN_SIZE_RATIO) continue;
      const x = lost.foot.x + lost.velocity.x * gap;
      const y = lost.foot.y + lost.velocity.y * gap;
      const distance = distanceOf(track.foot, { x, y }) / size;
      if (distance > JOIN_DISTANCE + JOIN_DISTANCE_PER_SECOND * gap || distance >= nearest) continue;
      continued = lost;
      nearest = distance;
    }
    if (continued === null) {
      this.#continueSwapped(path);
      return path;
    }
    path.watch = continued.watch;
    path.waiting = continued.waiting;
    path.clear = continued.clear;
    // Should the lost track be seen again after all, it is a thing of its own and its side starts anew.
    continued.watch = new CrossingWatch(this.#line, this.#hold);
    continued.waiting = null;
    this.#loose = this.#loose.filter((lost) => lost !== continued);
    return path;
  }

  /**
   * Two who meet are often taken for each other: the track of one who walked on stays with one who stands, and
   * a new track begins where the first was going. Such a new track goes on from where the old one was before.
   */
  #continueSwapped(path: Path): void {
    let best: Sighting | null = null;
    let nearest = SWAP_DISTANCE * path.size;
    for (const other of this.#paths.values()) {
      const ratio = Math.max(path.size / other.size, other.size / path.size);
      if (other.class !== path.class || ratio > JOIN_SIZE_RATIO) continue;
      for (const sighting of other.trail) {
        const { foot, velocity } = sighting;
        const gap = path.at - sighting.at;
        if (gap <= 0 || gap > SWAP_WITHIN) continue;
        if (Math.hypot(velocity.x, velocity.y) < SWAP_SPEED * path.size) continue;
        const going = { x: foot.x + velocity.x * gap, y: foot.y + velocity.y * gap };
        const away = distanceOf(going, path.foot);
        if (away >= nearest || distanceOf(going, other.foot) < SWAP_DIVERGENCE * path.size) continue;
        best = sighting;
        nearest = away;
      }
    }
    if (best === null) return;
    const distance = signedDistance(this.#line, best.foot);
    const side: Side = distance > 0 ? 1 : -1;
    // Within the band it has the side that the old track was settled on.
    path.watch.observe(best.at, best.foot, side === best.side ? 0 : BAND * path.size);
  }

  #advance(path: Path, at: Seconds, track: Track): SureCrossing | null {
    path.at = at;
    path.foot = track.foot;
    path.box = track.box;
    path.velocity = track.velocity;
    path.size = sizeOf(track.box);
    path.trail.push({ at, foot: track.foot, velocity: track.velocity, side: path.watch.side });
    while ((path.trail[0]?.at ?? at) < at - SWAP_WITHIN) path.trail.shift();
    const band = Math.max(LEAST_BAND, BAND * path.size);
    const distance = signedDistance(this.#line, track.foot);
    const side: Side = distance > 0 ? 1 : -1;
    if (Math.abs(distance) < band) path.clear = null;
    else if (path.clear?.side !== side) path.clear = { side, since: at };
    // One noisy box is not enough: of the holding time it must be clear of the band for a good part. Not for the
    // whole: somebody far away who walks into the picture takes a second to leave the band.
    const clear = path.clear !== null && at - path.clear.since >= CLEAR_SHARE * this.#hold - 1e-6;
    // At two pictures a second that is one picture more; well beyond the band one is enough.
    const settled = clear || (path.watch.side !== null && Math.abs(distance) >= WELL_BEYOND * band);
    const crossing = path.watch.observe(at, track.foot, settled ? band : Number.POSITIVE_INFINITY);
    if (crossing !== null) path.waiting = { towards: crossing.towards, at: crossing.at, box: track.box };
    if (!track.confirmed) return null;
    const { waiting } = path;
    path.waiting = null;
    return waiting;
  }
}

/** Whether two paths are where one thing would be, now: boxes of one instant, one within the other. */
function coincide(a: Path, b: Path): boolean {
  if (a === b || Math.abs(a.at - b.at) > SAME_INSTANT) return false;
  const shared = boxArea(intersectBoxes(a.box, b.box));
  return shared > DOUBLE_CONTAINMENT * Math.min(boxArea(a.box), boxArea(b.box));
}

function distanceOf(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function byPosition(a: Track, b: Track): number {
  return a.foot.x - b.foot.x || a.foot.y - b.foot.y;
}

/** The length that bands and distances are measured in: the square root of the box's area, px. */
function sizeOf(box: Box): number {
  return Math.sqrt(Math.max(1, boxArea(box)));
}

/**
 * The line, drawn on where it ends at the picture's border (within 2 % of the short side): there is no way
 * round that end, and the foot of somebody who is cut by the border may lie outside.
 */
function beyondBorder(line: DirectedLine, picture: LineCrossingOptions["picture"]): DirectedLine {
  const { width, height } = picture;
  const near = 0.02 * Math.min(width, height);
  const dx = line.to.x - line.from.x;
  const dy = line.to.y - line.from.y;
  const stretch = Math.max(width, height) / Math.max(1, Math.hypot(dx, dy));
  const atBorder = ({ x, y }: Point) => x <= near || y <= near || x >= width - near || y >= height - near;
  return {
    from: atBorder(line.from) ? { x: line.from.x - stretch * dx, y: line.from.y - stretch * dy } : line.from,
    to: atBorder(line.to) ? { x: line.to.x + stretch * dx, y: line.to.y + stretch * dy } : line.to,
  };
}
