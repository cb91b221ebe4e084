import type { EvidenceRecorder } from "../evidence/recorder.ts";
import type { Redacted } from "../evidence/redacted.ts";
import type { RuleGeometry } from "../evidence/rule-geometry.ts";
import type { Seconds } from "../time/clock.ts";

/** Moments of a recording of which a redacted still is wanted, whether or not anything is raised there. */
export interface Moments {
  readonly of: readonly { readonly at: Seconds; readonly ruleId: string }[];
  /** Takes the still of the moment with that index: a PNG file's bytes. Some moments may give none. */
  readonly take: (index: number, png: Redacted<Uint8Array>) => Promise<void>;
  /** Takes the view without anybody, as far as it is known at the end. */
  readonly takeEmptyView: (png: Redacted<Uint8Array>) => Promise<void>;
}

interface Remembered {
  readonly index: number;
  readonly draw: () => Promise<Redacted<Uint8Array> | null>;
}

/**
 * Keeps the shapes of each moment, and draws them at the end, when most is known of the background: a still of the
 * recording's first seconds would be grey otherwise.
 */
export class MomentStills {
  readonly #moments: Moments;
  readonly #evidence: EvidenceRecorder;
  readonly #geometry: ReadonlyMap<string, RuleGeometry>;
  readonly #due: { readonly at: Seconds; readonly ruleId: string; readonly index: number }[];
  readonly #remembered: Remembered[] = [];

  constructor(moments: Moments, evidence: EvidenceRecorder, geometry: ReadonlyMap<string, RuleGeometry>) {
    this.#moments = moments;
    this.#evidence = evidence;
    this.#geometry = geometry;
    this.#due = moments.of
      .map(({ at, ruleId }, index) => ({ at, ruleId, index }))
      .toSorted((a, b) => a.at - b.at);
  }

  /** @param at of the picture that was just analysed */
  follow(at: Seconds): void {
    for (let next = this.#due[0]; next !== undefined && next.at <= at; next = this.#due[0]) {
      this.#due.shift();
      const draw = this.#evidence.remember(this.#geometry.get(next.ruleId) ?? { kind: "view" });
      if (draw !== null) this.#remembered.push({ index: next.index, draw });
    }
  }

  async finish(): Promise<void> {
    // A moment at the very end may lie after the last picture that was analysed.
    this.follow(Number.POSITIVE_INFINITY);
    for (const { index, draw } of this.#remembered.splice(0)) {
      const png = await draw();
      if (png !== null) await this.#moments.take(index, png);
    }
    const empty = this.#evidence.emptyView();
    if (empty !== null) await this.#moments.takeEmptyView(await empty);
  }
}
