import { type TellingChange, toAlert } from "../alerts/alert.ts";
import type { Episode, EpisodeChange } from "../alerts/episode.ts";
import type { EvidenceRecorder } from "../evidence/recorder.ts";
import type { RuleGeometry } from "../evidence/rule-geometry.ts";
import type { Seconds, UtcMilliseconds } from "../time/clock.ts";
import type { CameraJob } from "./messages.ts";
import type { RunBook } from "./run-book.ts";
import { engineVersion } from "./version.ts";

interface DeskOptions {
  readonly job: CameraJob;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly evidence: EvidenceRecorder;
  /** Each rule's geometry, for the evidence picture. */
  readonly geometry: ReadonlyMap<string, RuleGeometry>;
  readonly book: RunBook;
}

/** Turns episodes into alerts: evidence first, then the alert that names it. */
export class AlertDesk {
  readonly #options: DeskOptions;
  /** Evidence of episodes that are still open, by episode id. */
  readonly #evidence = new Map<string, { still: string; clip: string } | null>();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** @param at the picture on which the changes came */
  tell(changes: readonly EpisodeChange[], at: { pts: Seconds; wallClock: UtcMilliseconds }): void {
    for (const change of changes) {
      if (change.kind === "updated") continue;
      if (change.kind === "opened") this.#evidence.set(change.episode.id, this.#record(change.episode));
      this.#options.book.alert(this.#alert(change, at));
      if (change.kind === "closed") this.#evidence.delete(change.episode.id);
    }
  }

  #record(episode: Episode): { still: string; clip: string } | null {
    const { evidence, geometry, job } = this.#options;
    const ref = evidence.opened(episode, geometry.get(episode.ruleId) ?? { kind: "view" });
    if (ref === null) return null;
    const folder = `${job.camera.id}/evidence`;
    return { still: `${folder}/${ref.still}`, clip: `${folder}/${ref.clip}` };
  }

  #alert(change: TellingChange, at: { pts: Seconds; wallClock: UtcMilliseconds }) {
    const { job, model } = this.#options;
    return toAlert(change, {
      cameraId: job.camera.id,
      at: at.wallClock,
      streamTime: at.pts,
      model,
      configSha256: job.configSha256,
      evidence: this.#evidence.get(change.episode.id) ?? null,
      engineVersion: engineVersion(),
    });
  }
}
