import type { EventType } from "../event.ts";
import type { Box } from "../geometry/shapes.ts";
import type { Seconds } from "../time/clock.ts";

/** Where an episode happens: the rule's declared zone or line, or the whole view, and the part concerned. */
export interface Place {
  readonly kind: "zone" | "line" | "view";
  /** Id of the zone or line, null for the whole view. */
  readonly id: string | null;
  /** The part of the picture concerned, image coordinates. */
  readonly box: Box;
}

/** How many persons, as an interval: a single number would claim more than is known. */
export interface CountBand {
  readonly low: number;
  readonly best: number;
  readonly high: number;
}

/**
 * One stretch of time during which a rule's condition held at a place. Its identity is rule, place and
 * beginning, never a track.
 */
export interface Episode {
  /** Random, for this run only. */
  readonly id: string;
  readonly ruleId: string;
  readonly event: EventType;
  readonly place: Place;
  /** When the condition began to hold, seconds of presentation time. */
  readonly since: Seconds;
  /** When it had held for the rule's `after`: the instant of the alert. */
  readonly raisedAt: Seconds;
  /** When it ended; null while it lasts. */
  readonly endedAt: Seconds | null;
  readonly count: CountBand | null;
  /** Persons per square metre, where the ground is calibrated. */
  readonly densityPerM2: number | null;
}

export type EpisodeChange =
  | { readonly kind: "opened"; readonly episode: Episode }
  | { readonly kind: "updated"; readonly episode: Episode }
  | {
      readonly kind: "closed";
      readonly episode: Episode;
      readonly reason: "cleared" | "longest_life" | "stream_ended" | "suspended";
    };
