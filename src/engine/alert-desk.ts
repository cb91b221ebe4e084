import { type Alert, toAlert } from "../alerts/alert.ts";
import type { Episode, EpisodeChange } from "../alerts/episode.ts";
import type { EvidenceRecorder } from "../evidence/recorder.ts";
import type { RuleGeometry } from "../evidence/rule-geometry.ts";
import { decisionRef } from "../policy/decision-ref.ts";
import type { Authorised } from "../policy/mint.ts";
import type { Decision } from "../policy/question.ts";
import type { Clock, Seconds, UtcMilliseconds } from "../time/clock.ts";
import type { CameraJob, CameraMessage } from "./messages.ts";
import type { Permission } from "./permission.ts";
import { type DeniedEpisodes, RollUp, type ShadowEpisodes } from "./roll-up.ts";
import type { RunBook } from "./run-book.ts";
import { engineVersion } from "./version.ts";

interface DeskOptions {
  readonly job: CameraJob;
  /** The network on which an alert of a rule rests. */
  readonly modelOf: (ruleId: string) => { readonly name: string; readonly sha256: string };
  readonly evidence: EvidenceRecorder;
  /** Each rule's geometry, for the evidence picture. */
  readonly geometry: ReadonlyMap<string, RuleGeometry>;
  readonly permission: Permission;
  readonly book: RunBook;
  readonly clock: Clock;
  readonly say: (message: CameraMessage) => void;
}

/** The picture on which changes came. */
interface Instant {
  readonly pts: Seconds;
  readonly wallClock: UtcMilliseconds;
}

/** An alert that is open: its beginning was authorised, so its end is told. */
interface OpenAlert {
  readonly episode: Authorised<Episode>;
  readonly decisionRef: string;
  readonly authorisationId: string | null;
  readonly evidence: Alert["evidence"];
}

/**
 * The one place where an episode becomes an alert: the gate first, then the evidence, then the alert that names
 * both. What the gate does not let through is counted and forgotten; in the dark everything is.
 */
export class AlertDesk {
  readonly #options: DeskOptions;
  readonly #open = new Map<string, OpenAlert>();
  readonly #denied: RollUp<DeniedEpisodes>;
  readonly #shadow: RollUp<ShadowEpisodes>;

  constructor(options: DeskOptions) {
    const { clock, say, book } = options;
    this.#options = options;
    this.#denied = new RollUp(clock, (denials) => say({ kind: "denials", denials }));
    this.#shadow = new RollUp(clock, (shadow) => {
      book.shadow(shadow.ruleId, shadow.count);
      say({ kind: "shadow", shadow });
    });
  }

  /** @param at the picture on which the changes came */
  tell(changes: readonly EpisodeChange[], at: Instant): void {
    for (const change of changes) {
      if (change.kind === "opened") this.#opened(change.episode, at);
      else if (change.kind === "closed") this.#closed(change, at);
    }
    this.#denied.tick();
    this.#shadow.tick();
  }

  /** Says what is still counted only. */
  finish(): void {
    this.#denied.flush();
    this.#shadow.flush();
  }

  #opened(episode: Episode, at: Instant): void {
    const { job, permission, say } = this.#options;
    const answer = permission.authorise(episode, at.wallClock);
    if (answer === null) return;
    const { decision, authorised } = answer;
    if (authorised === null) {
      this.#denied.add(whatWasDenied(decision));
      return;
    }
    if (job.authority.use === "shadow") {
      this.#shadow.add({ cameraId: job.camera.id, ruleId: episode.ruleId, event: episode.event });
      return;
    }
    say({ kind: "decision", decision });
    const open: OpenAlert = {
      episode: authorised,
      decisionRef: decisionRef(decision),
      authorisationId: decision.authorisationId,
      evidence: this.#record(authorised, decision),
    };
    this.#open.set(episode.id, open);
    this.#alert({ kind: "opened", episode: authorised }, open, at);
  }

  #closed(change: Extract<EpisodeChange, { kind: "closed" }>, at: Instant): void {
    const open = this.#open.get(change.episode.id);
    if (open === undefined) return;
    this.#open.delete(change.episode.id);
    const episode = this.#options.permission.carry(open.episode, change.episode);
    this.#alert({ kind: "closed", episode, reason: change.reason }, open, at);
  }

  #record(episode: Authorised<Episode>, decision: Decision): Alert["evidence"] {
    const { evidence, geometry, job, permission } = this.#options;
    const place = geometry.get(episode.ruleId) ?? { kind: "view" };
    const ref = evidence.opened(episode, place, permission.grounds(decision));
    if (ref === null) return null;
    if (ref.sealed) return { kind: "sealed", id: ref.id };
    const folder = `${job.camera.id}/evidence`;
    return { kind: "clear", id: ref.id, still: `${folder}/${ref.still}`, clip: `${folder}/${ref.clip}` };
  }

  #alert(change: Parameters<typeof toAlert>[0], open: OpenAlert, at: Instant): void {
    const { job, modelOf, book } = this.#options;
    const alert = toAlert(change, {
      cameraId: job.camera.id,
      at: at.wallClock,
      streamTime: at.pts,
      footage: job.authority.footage,
      decisionRef: open.decisionRef,
      authorisationId: open.authorisationId,
      model: modelOf(change.episode.ruleId),
      configSha256: job.configSha256,
      evidence: open.evidence,
      engineVersion: engineVersion(),
    });
    book.alert(alert);
  }
}

function whatWasDenied({ cameraId, ruleId, event, reasons }: Decision): DeniedEpisodes {
  return { cameraId, ruleId, event, reasons: reasons.map(({ code }) => code) };
}
