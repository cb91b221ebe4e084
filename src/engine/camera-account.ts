import type { Alert } from "../alerts/alert.ts";
import { redactAddress } from "../config/address.ts";
import type { CodedError } from "../errors.ts";
import type { SourceInfo } from "../sources/source.ts";
import { type Clock, formatUtc, type Seconds } from "../time/clock.ts";
import type { CameraMessage, SupervisedJob } from "./messages.ts";
import { keepNewest } from "./newest.ts";
import { ruleSummary } from "./run-book.ts";
import type { CameraSummary, FrameCounts, HealthEntry } from "./run-summary.ts";
import type { CameraResult } from "./supervisor.ts";

type Progress = Extract<CameraMessage, { kind: "progress" }>;

const NONE: FrameCounts = { decoded: 0, analysed: 0, inferred: 0, gated: 0, dropped: 0 };

/**
 * What is known of one camera over all the processes that ran it, however they ended: a process that was killed
 * takes nothing with it that it had already said.
 */
export class CameraAccount {
  readonly #job: SupervisedJob;
  readonly #clock: Clock;
  readonly #alerts: Alert[] = [];
  readonly #health: HealthEntry[] = [];
  /** Alerts of the present process that are not closed. */
  readonly #open = new Map<string, Alert>();
  #info: SourceInfo | null = null;
  #progress: Progress | null = null;
  /** Of processes that are gone. */
  #before: { videoSeconds: Seconds; frames: FrameCounts; startedAt: string | null } = {
    videoSeconds: 0,
    frames: NONE,
    startedAt: null,
  };
  #blindFor: CodedError["code"] | null = null;

  constructor(job: SupervisedJob, clock: Clock) {
    this.#job = job;
    this.#clock = clock;
  }

  /** Whether the camera ever gave a picture. */
  get ran(): boolean {
    return this.#info !== null;
  }

  /** @returns what to report, where the camera was waited for */
  ready(info: SourceInfo): HealthEntry | null {
    this.#info = info;
    const wasBlind = this.#blindFor !== null;
    this.#blindFor = null;
    return wasBlind ? this.#note("camera_back", "The camera is there: analysis begins.", null) : null;
  }

  alert(alert: Alert): void {
    keepNewest(this.#alerts, alert);
    if (alert.kind === "raised") this.#open.set(alert.id, alert);
    else this.#open.delete(alert.id);
  }

  health(health: HealthEntry): void {
    keepNewest(this.#health, health);
  }

  progress(progress: Progress): void {
    this.#progress = progress;
  }

  /** Notes that the camera cannot be reached and is tried again. @returns what to report: a new reason only */
  waiting(error: CodedError): HealthEntry | null {
    if (this.#blindFor === error.code) return null;
    this.#blindFor = error.code;
    return this.#note(
      "camera_blind",
      `${error.message} It is tried again, ever more patiently, until it answers.`,
      error.code,
    );
  }

  restarting(error: CodedError, wait: Seconds, count: number): HealthEntry {
    return this.#note("worker_restarted", `${error.message} Starting again in ${wait} s.`, error.code, count);
  }

  /** Books what a process that ended without a summary had done. @returns the ends of alerts it left open */
  processLost(): Alert[] {
    const at = this.#progress?.videoSeconds ?? 0;
    const closed = [...this.#open.values()].map((raised): Alert => {
      const end = Math.max(at, raised.streamTime);
      return {
        ...raised,
        kind: "closed",
        reason: "stream_ended",
        at: formatUtc(this.#clock.now()),
        streamTime: end,
        until: end,
      };
    });
    for (const alert of closed) this.alert(alert);
    const { videoSeconds, frames, startedAt } = this.#sum(this.#progress);
    this.#before = { videoSeconds, frames, startedAt };
    this.#progress = null;
    return closed;
  }

  /**
   * Books what a process did that was ended because its camera may not run for now.
   * @param last its summary, where it could still give one
   * @returns the ends of alerts it left open
   */
  suspended(last: CameraSummary | null): Alert[] {
    if (last === null) return this.processLost();
    const { videoSeconds, frames, startedAt } = this.#sum(last);
    this.#before = { videoSeconds, frames, startedAt };
    this.#progress = null;
    return [];
  }

  /**
   * @param last the summary of the last process, where it gave one
   * @param error why the camera did not run to its end, where it did not
   */
  summary(last: CameraSummary | null, error: CodedError | null): CameraSummary {
    if (error !== null && this.#blindFor !== error.code) {
      this.#note("camera_blind", `${error.message} ${error.help}`, error.code);
    }
    const { camera, live } = this.#job;
    const own: CameraSummary = last ?? {
      id: camera.id,
      address: this.#info?.address ?? redactAddress(camera.source),
      live,
      width: this.#info?.width ?? null,
      height: this.#info?.height ?? null,
      startedAt: null,
      videoSeconds: 0,
      suspendedSeconds: 0,
      failed: false,
      rules: camera.rules.map(ruleSummary),
      frames: NONE,
      stages: [],
      cpuSecondsPerVideoSecond: null,
      peakRssBytes: null,
      greyShare: null,
      health: [],
      alerts: [],
      shadow: [],
      counts: [],
    };
    return {
      ...own,
      ...this.#sum(last),
      failed: error !== null,
      health: [...this.#health],
      alerts: [...this.#alerts],
    };
  }

  #sum(last: { videoSeconds: Seconds; frames: FrameCounts; startedAt: string | null } | null): {
    videoSeconds: Seconds;
    frames: FrameCounts;
    startedAt: string | null;
  } {
    const { videoSeconds, frames, startedAt } = this.#before;
    const more = last?.frames ?? NONE;
    return {
      videoSeconds: videoSeconds + (last?.videoSeconds ?? 0),
      frames: {
        decoded: frames.decoded + more.decoded,
        analysed: frames.analysed + more.analysed,
        inferred: frames.inferred + more.inferred,
        gated: frames.gated + more.gated,
        dropped: frames.dropped + more.dropped,
      },
      startedAt: startedAt ?? last?.startedAt ?? null,
    };
  }

  #note(kind: HealthEntry["kind"], detail: string, code: HealthEntry["code"], count?: number): HealthEntry {
    const at = formatUtc(this.#clock.now());
    const health: HealthEntry = { kind, at, streamTime: null, code, detail, count: count ?? null };
    this.health(health);
    return health;
  }
}

/** What there is to say of a camera that was never started. */
export function neverRan(job: SupervisedJob, error: CodedError | null, clock: Clock): CameraResult {
  const account = new CameraAccount(job, clock);
  return { cameraId: job.camera.id, summary: account.summary(null, error), ran: false, error };
}
