import type { Detection } from "../detectors/detector.ts";
import type { Box, Point } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";
import { diagonalOf, middleDistance, type SlotLook, squareAround } from "./slot-detections.ts";

/** What must be so for a candidate to count; docs/rules/weapon.md says why each is as it is. */
export interface ConfirmationLimits {
  /** Closer looks that must confirm, and their share of all closer looks, within the rule's `after` or longer. */
  readonly confirmations: number;
  readonly share: number;
  /** Closer looks in a row that do not confirm end it. */
  readonly refusals: number;
  /** How fast it may go beside whoever it is near, statures a second: 1.2 m/s, a hand that waves. */
  readonly speed: number;
  /** How much larger or smaller a closer look may show it than it was: an artefact follows the network's scale. */
  readonly resizing: number;
  /** Side of the closer look, in diagonals of the thing and in statures, whichever is more. */
  readonly context: { readonly diagonals: number; readonly statures: number };
}

export const CONFIRMATION_LIMITS: ConfirmationLimits = {
  confirmations: 3,
  share: 0.6,
  refusals: 3,
  speed: 0.7,
  resizing: 2,
  context: { diagonals: 3, statures: 0.6 },
};

/** The share of confirmations is taken over this long at least. */
const LEAST_WINDOW: Seconds = 1.5;
/** However long it was not seen, it is looked for no further away than it may go in this time. */
const LONGEST_STEP: Seconds = 0.5;
/**
 * A look that shows something else nearby and not this counts so many times against it: a network that sees a weapon
 * now here and now there about somebody sees none.
 */
const ELSEWHERE = 2;
/** So far from it, in statures, something else is about the same person. */
const ABOUT = 1.5;
/** What was confirmed stays so while this share of the share that it took is. */
const STAYS = 0.5;

/** What a look came to: for it (weight 1), or against it. */
interface Look {
  readonly at: Seconds;
  readonly confirmed: boolean;
  readonly weight: number;
}

/** Somebody near a thing: how tall they appear, px, and how they move, px a second. */
export interface Neighbour {
  readonly stature: number;
  readonly velocity: Point;
}

/**
 * A thing that the operator's network took for a weapon near somebody, and what became of that in closer looks. It is
 * a place and a time: by whom it is held or beside whom it lies is not noted.
 */
export class WeaponCandidate {
  readonly #limits: ConfirmationLimits;
  readonly #window: Seconds;
  #looks: Look[] = [];
  #box: Box;
  #lastSeen: Seconds;
  #lastNear: Seconds;
  #lastLook: Seconds = Number.NEGATIVE_INFINITY;
  #lastConfirmed: Seconds | null = null;
  #since: Seconds | null = null;
  #confirmed = false;
  /** Who is nearest now: the measure of all that is near it, and what is held moves along. Not kept beyond that. */
  #neighbour: Neighbour;

  /** @param after of the rule: so long it must be confirmed */
  constructor(box: Box, at: Seconds, neighbour: Neighbour, after: Seconds, limits: ConfirmationLimits) {
    this.#box = box;
    this.#lastSeen = at;
    this.#lastNear = at;
    this.#neighbour = neighbour;
    this.#window = Math.max(LEAST_WINDOW, after);
    this.#limits = limits;
  }

  get box(): Box {
    return this.#box;
  }

  get lastSeen(): Seconds {
    return this.#lastSeen;
  }

  get lastNear(): Seconds {
    return this.#lastNear;
  }

  get lastLook(): Seconds {
    return this.#lastLook;
  }

  get lastConfirmed(): Seconds | null {
    return this.#lastConfirmed;
  }

  /** Since when closer looks confirm it; null where none has. */
  get since(): Seconds | null {
    return this.#since;
  }

  /** Closer looks, again and again, did not find it. */
  get refused(): boolean {
    const last = this.#looks.slice(-this.#limits.refusals);
    return last.length === this.#limits.refusals && last.every(({ confirmed }) => !confirmed);
  }

  /** Enough of the closer looks of late confirm it. */
  get confirmed(): boolean {
    return this.#confirmed;
  }

  /** The part of the picture in which it is looked at closer. @param at when that will be */
  closer(at: Seconds): Box {
    const { diagonals, statures } = this.#limits.context;
    const side = Math.max(diagonals * diagonalOf(this.#box), statures * this.#neighbour.stature);
    return squareAround(this.#expected(at), side);
  }

  /** Somebody is near it. */
  near(at: Seconds, neighbour: Neighbour): void {
    this.#lastNear = at;
    this.#neighbour = neighbour;
  }

  /** Whether something may be this thing: there where it was, as far as whoever is near has gone, or a little off. */
  isAt(box: Box, at: Seconds): boolean {
    const step = Math.min(LONGEST_STEP, at - this.#lastSeen);
    const reach = 0.5 * diagonalOf(this.#box) + this.#limits.speed * this.#neighbour.stature * step;
    // It may also have been put down: then it stays where it was.
    return (
      middleDistance(this.#expected(at), box) <= reach ||
      middleDistance(this.#box, box) <= 0.5 * diagonalOf(this.#box)
    );
  }

  /** Where it is if it moves as somebody near it does. */
  #expected(at: Seconds): Box {
    const step = Math.min(LONGEST_STEP, Math.max(0, at - this.#lastSeen));
    const { x, y } = this.#neighbour.velocity;
    return { ...this.#box, x: this.#box.x + x * step, y: this.#box.y + y * step };
  }

  /** It is seen again without being looked at closer. */
  seen({ box }: Detection<"weapon">, at: Seconds): void {
    this.#box = box;
    this.#lastSeen = at;
  }

  /** Takes a first look that covers it. @param boxes all that the network took for a weapon there */
  glancedAt(boxes: readonly Box[], at: Seconds): void {
    const about = boxes.filter((box) => middleDistance(this.#box, box) <= ABOUT * this.#neighbour.stature);
    if (about.length === 0 || about.some((box) => this.isAt(box, at))) return;
    this.#note({ at, confirmed: false, weight: ELSEWHERE });
  }

  /** Takes a closer look. @param least the score that confirms */
  lookedAt({ detections }: SlotLook, at: Seconds, least: number): void {
    const { resizing } = this.#limits;
    const [found] = detections
      .filter(({ score, box }) => {
        const size = diagonalOf(box) / diagonalOf(this.#box);
        return score >= least && size <= resizing && size >= 1 / resizing && this.isAt(box, at);
      })
      .toSorted((a, b) => middleDistance(a.box, this.#box) - middleDistance(b.box, this.#box));
    this.#lastLook = at;
    const elsewhere = found === undefined && detections.some(({ score }) => score >= least);
    this.#note({ at, confirmed: found !== undefined, weight: elsewhere ? ELSEWHERE : 1 });
    if (found === undefined) return;
    this.#since ??= at;
    this.#lastConfirmed = at;
    this.#box = found.box;
    this.#lastSeen = at;
  }

  #note(look: Look): void {
    this.#looks = [...this.#looks.filter(({ at }) => look.at - at <= this.#window), look];
    const confirmations = this.#looks.filter(({ confirmed }) => confirmed).length;
    const { confirmations: least, share } = this.#limits;
    const wanted = share * this.#looks.reduce((sum, { weight }) => sum + weight, 0);
    this.#confirmed = this.#confirmed
      ? confirmations >= STAYS * wanted
      : confirmations >= least && confirmations >= wanted;
  }
}
