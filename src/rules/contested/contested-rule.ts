import type { Box } from "../../geometry/shapes.ts";
import type { Seconds } from "../../time/clock.ts";
import type { Observation } from "../rule.ts";

/**
 * What the market sells and no law names: one person who stays, runs, or walks slowly. Measured on recordings, to
 * say whom such a rule would have flagged; no alert can be made of it (docs/decisions/0023).
 */
export const CONTESTED_KINDS = ["static_presence", "running", "slow_walking"] as const;
export type ContestedKind = (typeof CONTESTED_KINDS)[number];

/**
 * One person whom a contested rule would have flagged: from when to when, and where in the picture. Nothing tells
 * which person, and two flaggings of one person are two.
 *
 * It is no `Episode` and cannot be made one: it has none of its fields, and a private field makes it a type of its
 * own, so that neither the gate nor the alert desk takes it, nor anything that looks like it here.
 */
export class Flagging {
  /** When it began to be so, seconds of presentation time: of a stay its begin, not the end of its first minute. */
  readonly begin: Seconds;
  /** When it was over. */
  readonly end: Seconds;
  /** The part of the picture where the rule would have spoken, image coordinates, within the picture. */
  readonly box: Box;
  readonly #measuredOnly = true;

  constructor(begin: Seconds, end: Seconds, { x, y, width, height }: Box) {
    this.begin = begin;
    this.end = end;
    this.box = { x, y, width, height };
  }

  /** Whether something is a flagging, and no look-alike. */
  static is(value: unknown): value is Flagging {
    return typeof value === "object" && value !== null && #measuredOnly in value && value.#measuredOnly;
  }
}

/**
 * A rule that is measured and never acted upon. Not a `Rule`: it has no id, no event that a configuration or an
 * alert could name, and gives no episode. Tracks are looked at in memory and forgotten when they end.
 */
export interface ContestedRule {
  readonly kind: ContestedKind;
  /** What it is set to, in words that a person can check. */
  readonly setting: string;
  /** What is seen at one instant. Instants strictly increase. */
  observe(observation: Observation): void;
  /** Ends what lasts: the recording is over. */
  finish(at: Seconds): void;
  /** Whom it would have flagged so far, in the order of their ends; what lasts still is not among them. */
  flaggings(): readonly Flagging[];
}
