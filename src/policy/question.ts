import type { EventType } from "../event.ts";
import type { Point } from "../geometry/shapes.ts";
import type { UtcMilliseconds } from "../time/clock.ts";
import type { Reason } from "./reasons.ts";

/** What the pictures are: a stream, real footage that was recorded, or footage that Contrechamp itself drew. */
export const FOOTAGE_KINDS = ["live", "recording", "rendered"] as const;
export type FootageKind = (typeof FOOTAGE_KINDS)[number];

/** What is to be done with episodes: shown to a human, or counted in the dark. */
export const USES = ["alert", "shadow"] as const;
export type Use = (typeof USES)[number];

/** Name of the analysis that detects an event, as authorisations and certificates list it. */
export type AnalyticId = `urn:contrechamp:analytic:${EventType}`;

export function analyticId(event: EventType): AnalyticId {
  return `urn:contrechamp:analytic:${event}`;
}

/** May this episode, of this rule on this camera, be used so at this instant? Plain data. */
export interface GateQuestion {
  /** The instant asked about: the clock's for a stream, the recording's own for a replay. */
  readonly at: UtcMilliseconds;
  readonly use: Use;
  readonly cameraId: string;
  readonly ruleId: string;
  /** Any text: what is not one of the eight events is denied. */
  readonly event: string;
  readonly analyticId: string;
  readonly modelSha256: string;
  readonly footage: FootageKind;
  /** SHA-256 of the recording; null for a stream. */
  readonly recordingSha256: string | null;
  /** Where the rule looks, in px of the picture; a line has two points, the whole view none. */
  readonly place: { readonly kind: "zone" | "line" | "view"; readonly points: readonly Point[] };
}

/** The gate's answer, as it is written to the journal. */
export interface Decision {
  readonly at: string;
  readonly use: Use;
  readonly cameraId: string;
  readonly ruleId: string;
  readonly analyticId: string;
  readonly modelSha256: string;
  readonly event: string;
  readonly footage: FootageKind;
  readonly allow: boolean;
  /** Never empty; `permitted` alone where `allow`. */
  readonly reasons: readonly [Reason, ...Reason[]];
  readonly profileId: string | null;
  readonly profileSha256: string | null;
  /** The analytic authorisation that permits, or that came nearest to it. */
  readonly authorisationId: string | null;
  readonly authorisationSha256: string | null;
  readonly overlayIds: readonly string[];
  /** Name and version of what answered. */
  readonly evaluator: string;
}
