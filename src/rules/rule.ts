import type { CountBand, EpisodeChange } from "../alerts/episode.ts";
import type { Detection } from "../detectors/detector.ts";
import type { EventType } from "../event.ts";
import type { FlowOnDemand } from "../frames/area-flow.ts";
import type { GlowOnDemand } from "../frames/glow.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Seconds } from "../time/clock.ts";
import type { Track } from "../tracking/tracker.ts";
import type { SlotLook, SlotWish } from "./slot-detections.ts";

/** What a rule sees of one instant. */
export interface Observation {
  /** Presentation time, seconds, strictly increasing. */
  readonly at: Seconds;
  /** Live tracks, unconfirmed ones included (rules decide on confirmed ones only). */
  readonly tracks: readonly Track[];
  /** Raw detections of this instant, down to the engine's low score; null when nothing was inferred. */
  readonly detections: readonly Detection[] | null;
  /**
   * What a closer look at the whole view saw at this instant, for rules that count: more of those who overlap,
   * and more that is nobody. Absent between such looks, and where no rule counts.
   */
  readonly closeLook?: readonly Detection[];
  /** Background and motion of this instant, at analysis size. */
  readonly scene: SceneState;
  /**
   * Where the picture glows as flames do: computed for the first rule that asks, and for none that does not.
   * To be called during `observe` alone, the picture is gone after. Absent where there is no picture.
   */
  readonly glow?: GlowOnDemand;
  /** What the networks that an operator brought saw at this instant, by the id of the rule that names each. */
  readonly slots?: ReadonlyMap<string, readonly SlotLook[]>;
  /**
   * How the parts of the picture move: computed for the first rule that asks, and for none that does not. To be
   * called during `observe` alone. Absent where nothing measures it.
   */
  readonly flow?: FlowOnDemand;
}

/** A number that a rule measures continuously, for the audit bench and the operator. */
export interface Measure {
  readonly at: Seconds;
  readonly count: CountBand;
}

/**
 * Watches for one kind of event at one place. Implementations must pass test/contracts/rule.ts:
 * at most one open episode per place, `opened` before `updated` before `closed`, everything closed by
 * `finish`, no episode longer than the longest life, the same input gives the same output.
 */
export interface Rule {
  readonly id: string;
  readonly event: EventType;
  /** Of a rule with a network of its own; absent where the camera's detector is all it needs. */
  readonly slot?: SlotWish;
  /** Several changes may come of one observation (two people cross a line at once). */
  observe(observation: Observation): readonly EpisodeChange[];
  /** The latest measure, for rules that count; null for others or before the first. */
  measure(): Measure | null;
  /** Closes what is open: the stream ended, or the camera was suspended. */
  finish(at: Seconds, reason: "stream_ended" | "suspended"): readonly EpisodeChange[];
}
