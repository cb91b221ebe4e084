import type { Detection } from "../detectors/detector.ts";
import { type Box, boxArea, footPoint, intersectBoxes, type Point } from "../geometry/shapes.ts";
import type { PersonScale } from "./person-scale.ts";

/** What one box of a close look stands for. */
export interface Sighting {
  readonly box: Box;
  readonly foot: Point;
  /** The chance that it is a person, 0 to 1. */
  readonly chance: number;
  /** How many persons there are where one is seen like this one, itself included: 1 or more. */
  readonly standsFor: number;
}

/** The score at which a box of the right size is a person half the time, and how sharply that changes. */
const EVEN_SCORE = 0.2;
const SCORE_WIDTH = 0.03;
/** Ratio of heights (natural logarithm) that counts as one standard deviation from a person's height there. */
const HEIGHT_WIDTH = 0.3;
/** A head is 0.09 of stature wide and 0.13 high (Drillis and Contini): less of somebody than his head is nobody. */
const HEAD_WIDTH = 0.09;
const HEAD_HEIGHT = 0.13;
/** Within this many body heights to the side of somebody nearer, a box too small is a person seen in part. */
const BESIDE = 1;
/** A box of which a surer and larger one holds this share, and which is this much lower, is a part of that body. */
const HELD = 0.7;
const LOWER = 0.8;
/**
 * Width, in body heights, of the strip that somebody nearer takes from those behind: a body is 0.25 to 0.3 wide
 * (shoulders 0.26 of stature, Drillis and Contini 1966), and who is covered by half is missed too, on either side.
 */
const SHADOW = 0.6;
/** Crowding is taken over this many body heights to either side: where people stand now, they stand by chance. */
const ABOUT = 2;
/** No one box stands for more: beyond, the chance of being seen is too small to divide by. */
const MOST_EACH = 4;
/** Where the head is, as a share of the body from its top. */
const HEAD = 0.1;

interface Body extends Sighting {
  readonly middle: number;
  readonly top: number;
  /** Where the feet would be of a whole person with this head, and how tall he would appear. */
  readonly feet: number;
  readonly height: number;
}

/**
 * What the boxes of one close look say of how many persons there are.
 *
 * Each counts by the chance that such a score, at such a size for its place, is a person; and by the reciprocal
 * of the chance that somebody at its place is seen at all (Horvitz and Thompson, 1952). That chance follows from
 * the geometry: who is nearer hides heads behind him in a strip as wide as a body, and where the strips lie is
 * chance (a Boolean model), so a head is free of `n` strips expected over it with probability exp(-n).
 * @param scale how tall people appear; where it is not known yet, boxes are taken to be whole bodies
 */
export function sightings(detections: readonly Detection[], scale: PersonScale): readonly Sighting[] {
  const persons = withoutParts(detections.filter((detection) => detection.class === "person"));
  const bodies = persons.map((detection) => bodyOf(detection, scale));
  const credible = scale.known
    ? bodies.map((body) => ({ ...body, chance: body.chance * sizeChance(body, bodies, scale) }))
    : bodies;
  return credible.map((body) => ({
    box: body.box,
    foot: body.foot,
    chance: body.chance,
    standsFor: Math.min(MOST_EACH, Math.exp(shadowsOver(body, credible))),
  }));
}

/** A close look finds torsos and legs too. Who stands before another is as large; who is behind sticks out above. */
function withoutParts(persons: readonly Detection[]): readonly Detection[] {
  const kept: Detection[] = [];
  for (const one of persons.toSorted((a, b) => b.score - a.score)) {
    const isPart = kept.some(
      ({ box }) =>
        one.box.height < LOWER * box.height &&
        boxArea(intersectBoxes(one.box, box)) > HELD * boxArea(one.box),
    );
    if (!isPart) kept.push(one);
  }
  return kept;
}

function bodyOf({ box, score }: Detection, scale: PersonScale): Body {
  const height = scale.known ? scale.heightBelow(box.y) : box.height;
  return {
    box,
    foot: footPoint(box),
    chance: 1 / (1 + Math.exp((EVEN_SCORE - score) / SCORE_WIDTH)),
    standsFor: 1,
    middle: box.x + box.width / 2,
    top: box.y,
    feet: box.y + height,
    height,
  };
}

/** How well a box's height fits a person who stands at its lower edge, or whom somebody nearer hides from there on. */
function sizeChance(body: Body, bodies: readonly Body[], scale: PersonScale): number {
  const { width, height } = body.box;
  if (width < HEAD_WIDTH * body.height || height < HEAD_HEIGHT * body.height) return 0;
  const off = Math.log(body.box.height / (scale.heightAt(body.foot.y) ?? body.box.height));
  const whole = Math.exp(-0.5 * (off / HEIGHT_WIDTH) ** 2);
  if (off >= 0) return whole;
  let beside = 0;
  for (const other of bodies) {
    const nearer = other.foot.y > body.foot.y && other.top < body.feet;
    if (other === body || !nearer || Math.abs(other.middle - body.middle) > BESIDE * body.height) continue;
    const size = Math.log(other.box.height / (scale.heightAt(other.foot.y) ?? other.box.height));
    beside += other.chance * Math.exp(-0.5 * (size / HEIGHT_WIDTH) ** 2);
  }
  return Math.max(whole, Math.min(1, beside));
}

/** How many strips of those nearer are to be expected over a head at this place. */
function shadowsOver(body: Body, bodies: readonly Body[]): number {
  const head = body.top + HEAD * body.height;
  const about = ABOUT * body.height;
  let width = 0;
  for (const other of bodies) {
    const nearer = other.feet > body.feet + 0.03 * body.height && other.top < head;
    if (other === body || !nearer || Math.abs(other.middle - body.middle) > about) continue;
    width += other.chance * SHADOW * other.height;
  }
  return width / (2 * about);
}
