import { type Box, boxArea, intersectBoxes } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track } from "../tracking/tracker.ts";

/** How soon what was learnt fades: a camera does not move, so slowly. */
const MEMORY: Seconds = 600;
/** So many persons' worth of a second of sight before the scale is relied on. */
const ENOUGH: Seconds = 5;
/** Width over height of a standing person's box that may be learnt from. */
const ASPECTS = { least: 0.25, most: 0.7 } as const;
/** A camera that looks straight down would see no slope at all; from a head on, this much is steep. */
const STEEPEST = 0.8;
/** Overlap with somebody nearer, as a share of the own box, above which a box is cut short. */
const COVERED = 0.15;

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * How tall a person appears at each height of the picture, learnt from whoever is seen alone: on flat ground a
 * linear function of where the feet are (the camera's roll neglected). Nothing of any one person remains in
 * it, only five sums.
 */
export class PersonScale {
  #weight = 0;
  #y = 0;
  #yy = 0;
  #h = 0;
  #yh = 0;
  #at: Seconds | null = null;

  /** Learns from the confirmed tracks of persons that are seen now. @param picture its size, px */
  observe(at: Seconds, persons: readonly Track[], picture: Size): void {
    this.learn(
      at,
      persons.filter((t) => t.confirmed && !t.coasting).map((t) => t.box),
      picture,
    );
  }

  /** Learns from boxes that are persons without doubt. @param picture its size, px */
  learn(at: Seconds, boxes: readonly Box[], picture: Size): void {
    const dt = this.#at === null ? 0 : Math.min(1, at - this.#at);
    this.#at = at;
    const fade = Math.exp(-dt / MEMORY);
    this.#weight *= fade;
    this.#y *= fade;
    this.#yy *= fade;
    this.#h *= fade;
    this.#yh *= fade;
    for (const box of boxes) {
      if (!isWhole(box, picture) || boxes.some((other) => isCoveredBy(box, other))) continue;
      const y = box.y + box.height;
      this.#weight += dt;
      this.#y += dt * y;
      this.#yy += dt * y * y;
      this.#h += dt * box.height;
      this.#yh += dt * y * box.height;
    }
  }

  /** Whether enough persons were seen to rely on it. */
  get known(): boolean {
    return this.#weight >= ENOUGH;
  }

  /** Height in px of a person whose feet are at row `y`; null before anybody was seen. */
  heightAt(y: number): number | null {
    if (this.#weight === 0) return null;
    const { slope, offset } = this.#line();
    return Math.max(4, offset + slope * y);
  }

  /** Height in px of a person whose head is at row `top`; 0 before anybody was seen. */
  heightBelow(top: number): number {
    if (this.#weight === 0) return 0;
    const { slope, offset } = this.#line();
    // feet = top + offset + slope * feet
    const bounded = Math.min(STEEPEST, slope);
    return Math.max(4, (offset + bounded * top) / (1 - bounded));
  }

  #line(): { readonly slope: number; readonly offset: number } {
    const meanY = this.#y / this.#weight;
    const meanH = this.#h / this.#weight;
    const spread = this.#yy / this.#weight - meanY * meanY;
    const joint = this.#yh / this.#weight - meanY * meanH;
    // A prior of "the same everywhere", as strong as a spread of a quarter of a body: seen at one depth alone,
    // people say nothing of other depths.
    const slope = Math.min(1, Math.max(0, joint / (spread + (0.25 * meanH) ** 2)));
    return { slope, offset: meanH - slope * meanY };
  }
}

function isWhole(box: Box, picture: Size): boolean {
  const aspect = box.width / box.height;
  if (aspect < ASPECTS.least || aspect > ASPECTS.most) return false;
  const edge = 3;
  return (
    box.x > edge &&
    box.y > edge &&
    box.x + box.width < picture.width - edge &&
    box.y + box.height < picture.height - edge
  );
}

function isCoveredBy(box: Box, other: Box): boolean {
  if (other === box || other.y + other.height <= box.y + box.height) return false;
  return boxArea(intersectBoxes(box, other)) > COVERED * boxArea(box);
}
