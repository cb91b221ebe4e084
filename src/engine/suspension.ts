import type { HealthKind } from "../frames/health.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Seconds } from "../time/clock.ts";

/** Why a camera does not analyse for now. */
export type SuspensionCause = "view_moved" | "picture_dark";

export interface ConditionChange {
  readonly kind: HealthKind;
  readonly detail: string;
}

const WORDS: Record<SuspensionCause, { begins: ConditionChange; ends: ConditionChange }> = {
  view_moved: {
    begins: {
      kind: "view_moved",
      detail:
        "The camera does not look where it did: zones and lines no longer fit, so nothing is analysed until it does.",
    },
    ends: { kind: "view_restored", detail: "The camera looks where it did before; analysis goes on." },
  },
  picture_dark: {
    begins: {
      kind: "picture_dark",
      detail: "The picture is too dark, covered or washed out to see anything: nothing is analysed.",
    },
    ends: { kind: "picture_clear", detail: "The picture can be read again; analysis goes on." },
  },
};

/** Follows a camera into and out of suspension, and counts the time it spent there. */
export class Suspension {
  #cause: SuspensionCause | null = null;
  #since: Seconds = 0;
  #total: Seconds = 0;

  get active(): boolean {
    return this.#cause !== null;
  }

  /** Takes the next instant. @returns the changes to report, none in most cases */
  observe(scene: SceneState): ConditionChange[] {
    const cause = scene.viewMoved ? "view_moved" : scene.unreadable ? "picture_dark" : null;
    if (cause === this.#cause) return [];
    const changes: ConditionChange[] = [];
    if (this.#cause !== null) {
      changes.push(WORDS[this.#cause].ends);
      this.#total += scene.at - this.#since;
    }
    if (cause !== null) {
      changes.push(WORDS[cause].begins);
      this.#since = scene.at;
    }
    this.#cause = cause;
    return changes;
  }

  /** Seconds of stream time spent suspended up to `at`. */
  total(at: Seconds): Seconds {
    return this.#total + (this.#cause === null ? 0 : Math.max(0, at - this.#since));
  }
}
