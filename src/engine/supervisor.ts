import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Alert } from "../alerts/alert.ts";
import { asCoded, type CodedError, fault } from "../errors.ts";
import type { SourceInfo } from "../sources/source.ts";
import { type Clock, formatUtc, type Seconds } from "../time/clock.ts";
import { type CameraJob, type CameraMessage, type CameraOrder, fromPlain } from "./messages.ts";
import type { CameraSummary, HealthEntry } from "./run-summary.ts";

/** What the supervisor tells whoever started it, camera by camera, as it happens. */
export interface CameraEvents {
  ready(cameraId: string, info: SourceInfo, model: { name: string; sha256: string }): void;
  alert(alert: Alert): void;
  health(cameraId: string, health: HealthEntry): void;
  progress(cameraId: string, videoSeconds: Seconds, wallSeconds: Seconds): void;
  failed(cameraId: string, error: CodedError): void;
}

/** A job, and whether its source has no end of its own. */
export type SupervisedJob = CameraJob & { readonly live: boolean };

export interface CameraResult {
  readonly cameraId: string;
  readonly summary: CameraSummary | null;
  /** Why there is no summary, or a partial one. */
  readonly error: CodedError | null;
}

export interface SupervisorOptions {
  readonly clock: Clock;
  readonly events: CameraEvents;
  /** How many recordings are analysed at once; live cameras all run. */
  readonly parallelRecordings: number;
  /** A camera's process that grows beyond this is started again, bytes. */
  readonly mostMemoryBytes?: number;
}

const MOST_MEMORY_BYTES = 2 * 1024 ** 3;
/** A process that was told to stop has this long to write what is open. */
const STOP_WITHIN: Seconds = 15;
const LONGEST_WAIT_BEFORE_RESTART: Seconds = 60;

/**
 * Runs each camera in a process of its own, so that a crash, a corrupt stream or a leak costs that process and
 * nobody else a frame. A live camera's process is started again, ever more patiently; a recording's is not,
 * since it would meet the same bytes again.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #running = new Set<ChildProcess>();
  #stopping = false;
  readonly #stop = new AbortController();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Resolves when every camera has ended. Never rejects for what one camera does. */
  async run(jobs: readonly SupervisedJob[]): Promise<CameraResult[]> {
    const results = new Map<string, CameraResult>();
    const recordings = jobs.filter((job) => !job.live);
    const lanes = Array.from({ length: Math.max(1, this.#options.parallelRecordings) }, async () => {
      for (let job = recordings.shift(); job !== undefined; job = recordings.shift()) {
        results.set(job.camera.id, await this.#camera(job));
      }
    });
    const live = jobs
      .filter((job) => job.live)
      .map(async (job) => {
        results.set(job.camera.id, await this.#camera(job));
      });
    await Promise.all([...lanes, ...live]);
    return jobs.flatMap((job) => results.get(job.camera.id) ?? []);
  }

  /** Ends every camera: what is open is written, summaries come back through `run`. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#stop.abort();
    for (const child of this.#running) order(child, { kind: "stop" });
    const last = setTimeout(() => {
      for (const child of this.#running) child.kill("SIGKILL");
    }, STOP_WITHIN * 1000);
    last.unref();
  }

  async #camera(job: SupervisedJob): Promise<CameraResult> {
    const kept = { alerts: [] as Alert[], health: [] as HealthEntry[] };
    for (let attempt = 0; ; attempt += 1) {
      if (this.#stopping) return { cameraId: job.camera.id, summary: null, error: null };
      const ended = await this.#process(job, kept);
      if (ended.kind === "finished") {
        return { cameraId: job.camera.id, summary: { ...ended.summary, ...kept }, error: null };
      }
      if (ended.kind === "failed" || !job.live || this.#stopping) {
        this.#options.events.failed(job.camera.id, ended.error);
        return { cameraId: job.camera.id, summary: null, error: ended.error };
      }
      const wait = Math.min(LONGEST_WAIT_BEFORE_RESTART, 2 ** attempt);
      const health: HealthEntry = {
        kind: "worker_restarted",
        at: formatUtc(this.#options.clock.now()),
        streamTime: null,
        code: ended.error.code,
        detail: `${ended.error.message} Starting again in ${wait} s.`,
        count: attempt + 1,
      };
      kept.health.push(health);
      this.#options.events.health(job.camera.id, health);
      await this.#options.clock.sleep(wait, this.#stop.signal);
    }
  }

  #process(
    job: CameraJob,
    kept: { alerts: Alert[]; health: HealthEntry[] },
  ): Promise<
    | { kind: "finished"; summary: CameraSummary }
    | { kind: "failed"; error: CodedError }
    | { kind: "crashed"; error: CodedError }
  > {
    const { events } = this.#options;
    const cameraId = job.camera.id;
    return new Promise((resolve) => {
      const child = fork(processEntry(), [], {
        serialization: "advanced",
        execArgv: [],
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      this.#running.add(child);
      let finished: CameraSummary | null = null;
      let failed: CodedError | null = null;
      child.on("message", (message: CameraMessage) => {
        switch (message.kind) {
          case "ready":
            events.ready(cameraId, message.info, message.model);
            break;
          case "alert":
            kept.alerts.push(message.alert);
            events.alert(message.alert);
            break;
          case "health":
            kept.health.push(message.health);
            events.health(cameraId, message.health);
            break;
          case "progress":
            events.progress(cameraId, message.videoSeconds, message.wallSeconds);
            if (message.rssBytes > (this.#options.mostMemoryBytes ?? MOST_MEMORY_BYTES))
              child.kill("SIGKILL");
            break;
          case "finished":
            finished = message.summary;
            break;
          case "failed":
            failed = fromPlain(message.error);
            break;
        }
      });
      child.on("error", (error) => {
        failed ??= asCoded(error);
      });
      child.on("exit", (code, signal) => {
        this.#running.delete(child);
        if (failed !== null) resolve({ kind: "failed", error: failed });
        else if (finished !== null) resolve({ kind: "finished", summary: finished });
        else {
          const how = signal === null ? `exit code ${code ?? "unknown"}` : `signal ${signal}`;
          resolve({ kind: "crashed", error: fault("CAMERA_PROCESS_ENDED", { camera: cameraId, how }) });
        }
      });
      order(child, { kind: "run", job });
      if (this.#stopping) order(child, { kind: "stop" });
    });
  }
}

function order(child: ChildProcess, message: CameraOrder): void {
  // A process that has just ended cannot take orders; its exit says so already.
  if (child.connected) child.send(message, () => undefined);
}

/** The camera's process is the same file in a checkout (.ts) and in the package (.js). */
function processEntry(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./camera-process.${extension}`, import.meta.url));
}
