import type { Alert } from "../alerts/alert.ts";
import type { CodedError } from "../errors.ts";
import type { HealthEvent, HealthKind } from "../frames/health.ts";
import type { Rule } from "../rules/rule.ts";
import type { SourceInfo } from "../sources/source.ts";
import { type Clock, formatUtc, type Seconds, type UtcMilliseconds } from "../time/clock.ts";
import type { CameraJob, CameraMessage } from "./messages.ts";
import { keepNewest } from "./newest.ts";
import type { CameraSummary, CountTimeline, HealthEntry, RuleSummary, StageTiming } from "./run-summary.ts";

const COUNT_SAMPLE_EVERY: Seconds = 1;
const SAY_PROGRESS_EVERY: Seconds = 0.5;

/** Keeps the account of one camera's run, and passes on what must be known at once. */
export class RunBook {
  readonly frames = { decoded: 0, analysed: 0, inferred: 0, gated: 0, dropped: 0 };
  readonly #job: CameraJob;
  readonly #clock: Clock;
  readonly #say: (message: CameraMessage) => void;
  readonly #health: HealthEntry[] = [];
  readonly #alerts: Alert[] = [];
  readonly #counts = new Map<string, CountTimeline["samples"]>();
  readonly #shadow = new Map<string, number>();
  readonly #began: Seconds;
  readonly #cpuAtBegin = process.cpuUsage();
  #firstPicture: UtcMilliseconds | null = null;
  #lastPicture: { pts: Seconds; wallClock: UtcMilliseconds } | null = null;
  #saidProgress: Seconds = Number.NEGATIVE_INFINITY;

  constructor(job: CameraJob, clock: Clock, say: (message: CameraMessage) => void) {
    this.#job = job;
    this.#clock = clock;
    this.#say = say;
    this.#began = clock.monotonic();
  }

  /** The latest decoded picture, null before the first. */
  get lastPicture(): { readonly pts: Seconds; readonly wallClock: UtcMilliseconds } | null {
    return this.#lastPicture;
  }

  /** Notes a decoded picture. */
  picture(pts: Seconds, wallClock: UtcMilliseconds): void {
    this.frames.decoded += 1;
    this.#firstPicture ??= wallClock;
    this.#lastPicture = { pts, wallClock };
    const now = this.#clock.monotonic();
    if (now - this.#saidProgress < SAY_PROGRESS_EVERY) return;
    this.#saidProgress = now;
    this.#say({
      kind: "progress",
      videoSeconds: pts,
      wallSeconds: now - this.#began,
      rssBytes: process.memoryUsage.rss(),
      startedAt: formatUtc(this.#firstPicture),
      frames: { ...this.frames },
    });
  }

  health(event: HealthEvent): void {
    if (event.kind === "frames_dropped") this.frames.dropped += event.count ?? 1;
    const health: HealthEntry = {
      kind: event.kind,
      at: formatUtc(event.wallClock),
      streamTime: event.pts,
      code: event.code,
      detail: event.detail,
      count: event.count ?? null,
    };
    keepNewest(this.#health, health);
    this.#say({ kind: "health", health });
  }

  /** Notes an error that cost something but stopped nothing. */
  fault(kind: HealthKind, error: CodedError): void {
    this.health({
      kind,
      detail: error.message,
      code: error.code,
      pts: this.#lastPicture?.pts ?? null,
      wallClock: this.#lastPicture?.wallClock ?? this.#clock.now(),
    });
  }

  alert(alert: Alert): void {
    keepNewest(this.#alerts, alert);
    this.#say({ kind: "alert", alert });
  }

  /** Notes episodes that were counted in the dark. */
  shadow(ruleId: string, count: number): void {
    this.#shadow.set(ruleId, (this.#shadow.get(ruleId) ?? 0) + count);
  }

  /** Samples what the counting rules measure, at most once a second of stream time. */
  measures(rules: readonly Rule[]): void {
    for (const rule of rules) {
      const measure = rule.measure();
      if (measure === null) continue;
      const samples = this.#counts.get(rule.id) ?? [];
      this.#counts.set(rule.id, samples);
      const last = samples.at(-1);
      if (last !== undefined && measure.at - last.at < COUNT_SAMPLE_EVERY) continue;
      keepNewest(samples, { at: measure.at, ...measure.count });
    }
  }

  summary(
    info: SourceInfo,
    rest: { stages: StageTiming[]; suspendedSeconds: Seconds; greyShare: number | null },
  ): CameraSummary {
    const cpu = process.cpuUsage(this.#cpuAtBegin);
    const cpuSeconds = (cpu.user + cpu.system) / 1e6;
    const videoSeconds = this.#lastPicture?.pts ?? 0;
    return {
      id: this.#job.camera.id,
      address: info.address,
      live: info.live,
      width: info.width,
      height: info.height,
      startedAt: this.#firstPicture === null ? null : formatUtc(this.#firstPicture),
      videoSeconds,
      suspendedSeconds: rest.suspendedSeconds,
      // A camera that fails gives no summary: its supervisor says so.
      failed: false,
      rules: this.#job.camera.rules.map(ruleSummary),
      frames: { ...this.frames },
      stages: rest.stages,
      cpuSecondsPerVideoSecond: videoSeconds > 0 ? cpuSeconds / videoSeconds : null,
      // maxRSS is in KiB on every platform that Node supports.
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      greyShare: rest.greyShare,
      health: [...this.#health],
      alerts: [...this.#alerts],
      shadow: [...this.#shadow].map(([ruleId, episodes]) => ({ ruleId, episodes })),
      counts: [...this.#counts].map(([ruleId, samples]) => ({ ruleId, samples: [...samples] })),
    };
  }
}

/** A rule as reports name it. */
export function ruleSummary(rule: CameraJob["camera"]["rules"][number]): RuleSummary {
  const zone = rule.zone ?? null;
  const line = "line" in rule ? (rule.line ?? null) : null;
  return {
    id: rule.id,
    event: rule.event,
    placeKind: line !== null ? "line" : zone !== null ? "zone" : "view",
    placeId: line ?? zone,
  };
}
