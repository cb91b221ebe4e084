import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Alert } from "../alerts/alert.ts";
import { asCoded, type CodedError, fault } from "../errors.ts";
import type { PolicyWorld } from "../policy/world.ts";
import type { SourceInfo } from "../sources/source.ts";
import type { Clock, Seconds } from "../time/clock.ts";
import { CameraAccount } from "./camera-account.ts";
import {
  type CameraMessage,
  type CameraOrder,
  fromPlain,
  type SupervisedJob,
  type TraceMessage,
} from "./messages.ts";
import { mayHeal, Patience } from "./patience.ts";
import type { CameraSummary, HealthEntry } from "./run-summary.ts";

/** What the supervisor tells whoever started it, camera by camera, as it happens. */
export interface CameraEvents {
  ready(cameraId: string, info: SourceInfo): void;
  alert(alert: Alert): void;
  /** What is for the journal, in order with the alerts. */
  trace(message: TraceMessage): void;
  health(cameraId: string, health: HealthEntry): void;
  progress(cameraId: string, videoSeconds: Seconds, wallSeconds: Seconds): void;
  /** Other cameras are decoded than before: see `Supervisor.decoding`. */
  decoding(): void;
  /** The camera's last process ended; `error` where it ended in one. */
  ended(cameraId: string, error: CodedError | null): void;
}

/** Whether cameras may run at all, as the site's authority has it. */
export interface RunPermission {
  mayRun(cameraId: string): boolean;
  /** Whether a camera that may not run might do so later, in this run. */
  waits(cameraId: string): boolean;
  /** Why a camera may not run, in a few words. */
  why(cameraId: string): string;
  /** Called whenever one of the two could be another than before. */
  onChange(listener: () => void): void;
  /** What the gate of a camera's process is to know now. */
  readonly world: PolicyWorld;
}

export interface CameraResult {
  readonly cameraId: string;
  /** All that is known of it, also where it failed or never came to run. */
  readonly summary: CameraSummary;
  /** Whether it ever gave a picture. */
  readonly ran: boolean;
  /** Why it did not run to its end; null where it did or was told to stop. */
  readonly error: CodedError | null;
}

export interface SupervisorOptions {
  readonly clock: Clock;
  readonly events: CameraEvents;
  readonly permission: RunPermission;
  /** How many recordings are analysed at once; live cameras all run. */
  readonly parallelRecordings: number;
  /** A camera's process that grows beyond this is started again, bytes. */
  readonly mostMemoryBytes?: number;
}

const MOST_MEMORY_BYTES = 2 * 1024 ** 3;
/** A process that may no longer run has this long to decode its last picture; then it is killed. */
const SUSPEND_WITHIN: Seconds = 0.7;
/** A process that was told to stop has this long to write what is open. */
const STOP_WITHIN: Seconds = 15;
/** A live camera that has run for so long has got over its earlier troubles. */
const RAN_WELL: Seconds = 300;
/** Each live read waits in a thread of libuv's pool; file system and name look-ups need some too. */
const POOL_THREADS = 8;

/** A camera's process. */
interface RunningCamera {
  readonly cameraId: string;
  /** It has given a picture. */
  ready: boolean;
  /** It may still decode one. */
  decodes: boolean;
  /** It was told to end because its camera may not run for now. */
  suspended: boolean;
}

/** How one process of a camera ended. */
interface ProcessEnd {
  readonly summary: CameraSummary | null;
  readonly error: CodedError | null;
  /** It was ended because its camera might not run for now: it comes back when it may again. */
  readonly suspended: boolean;
  /** It said nothing before it ended. */
  readonly crashed: boolean;
  /** For how long it gave pictures; null where it never did. */
  readonly ranFor: Seconds | null;
}

/**
 * Runs each camera in a process of its own, so that a crash, a corrupt stream or a leak costs that process and
 * nobody else a frame. A live camera's process is started again, ever more patiently; a recording's is not,
 * since it would meet the same bytes again. A live camera that is not there yet is waited for where its job says
 * so, or where it was there before; what waiting cannot heal, such as a refused password, ends it at once.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  /** Each running process, and whether its camera has given a picture. */
  readonly #running = new Map<ChildProcess, RunningCamera>();
  readonly #stop = new AbortController();
  #change = Promise.withResolvers<void>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    options.permission.onChange(() => this.#follow());
  }

  /** Cameras of which a process may still decode a picture. */
  get decoding(): readonly string[] {
    return [...this.#running.values()].filter(({ decodes }) => decodes).map(({ cameraId }) => cameraId);
  }

  /** Resolves when every camera has ended. Never rejects for what one camera does. */
  async run(jobs: readonly SupervisedJob[]): Promise<CameraResult[]> {
    const results = new Map<string, CameraResult>();
    const runOne = async (job: SupervisedJob) => {
      const result = await this.#camera(job);
      this.#options.events.ended(job.camera.id, result.error);
      results.set(job.camera.id, result);
    };
    const recordings = jobs.filter((job) => !job.live);
    const lanes = Array.from({ length: Math.max(1, this.#options.parallelRecordings) }, async () => {
      for (let job = recordings.shift(); job !== undefined; job = recordings.shift()) await runOne(job);
    });
    await Promise.all([...lanes, ...jobs.filter((job) => job.live).map(runOne)]);
    return jobs.flatMap((job) => results.get(job.camera.id) ?? []);
  }

  /** Ends every camera: what is open is written, summaries come back through `run`. */
  stop(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    for (const [child, { ready }] of this.#running) {
      // One that is still connecting has nothing to write, and might wait for its camera for long.
      if (ready) order(child, { kind: "stop" });
      else child.kill("SIGKILL");
    }
    setTimeout(() => this.kill(), STOP_WITHIN * 1000).unref();
  }

  /** Ends every camera at once; what is open is lost. */
  kill(): void {
    this.#stop.abort();
    for (const child of this.#running.keys()) child.kill("SIGKILL");
  }

  /** Hands on what the gate is to know, and ends what may no longer run. */
  #follow(): void {
    const { permission, clock } = this.#options;
    for (const [child, running] of this.#running) {
      if (permission.mayRun(running.cameraId)) order(child, { kind: "world", world: permission.world });
      else {
        running.suspended = true;
        // One that is still connecting has nothing to write.
        if (!running.ready) {
          child.kill("SIGKILL");
          continue;
        }
        order(child, { kind: "stop" });
        void clock.sleep(SUSPEND_WITHIN).then(() => {
          if (running.decodes) child.kill("SIGKILL");
        });
      }
    }
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /** Waits until a camera may run. @returns false where it will not, or where all is to stop */
  async #permitted(cameraId: string): Promise<boolean> {
    const { permission } = this.#options;
    const stopped = new Promise<void>((resolve) => {
      this.#stop.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    while (!this.#stop.signal.aborted) {
      if (permission.mayRun(cameraId)) return true;
      if (!permission.waits(cameraId)) return false;
      await Promise.race([this.#change.promise, stopped]);
    }
    return false;
  }

  async #camera(job: SupervisedJob): Promise<CameraResult> {
    const { clock, events } = this.#options;
    const account = new CameraAccount(job, clock);
    const patience = new Patience();
    const began = clock.monotonic();
    const result = (summary: CameraSummary | null, error: CodedError | null): CameraResult => ({
      cameraId: job.camera.id,
      summary: account.summary(summary, error),
      ran: account.ran,
      error,
    });
    for (let restarts = 0, error: CodedError | null = null; ; ) {
      if (this.#stop.signal.aborted) return result(null, error);
      // A live camera's time runs while it is waited for.
      const waited = clock.monotonic() - began;
      const left = job.longest === null || !job.live ? job.longest : job.longest - waited;
      if (error !== null && left !== null && left <= 0) return result(null, error);
      if (!(await this.#permitted(job.camera.id))) return result(null, error);

      const { world } = this.#options.permission;
      const authority = { ...job.authority, world };
      const ended = await this.#process({ ...job, authority, longest: left }, account);
      if (ended.suspended && !this.#stop.signal.aborted) {
        // It was ended because it may not run, however it ended.
        for (const alert of account.suspended(ended.summary)) events.alert(alert);
        error = null;
        if (job.live) continue;
        const reasons = this.#options.permission.why(job.camera.id);
        return result(ended.summary, fault("CAMERA_HELD", { camera: job.camera.id, reasons }));
      }
      if (ended.summary !== null) return result(ended.summary, null);
      for (const alert of account.processLost()) events.alert(alert);
      // Stopped before its first picture: there is nothing to say of it that was not said.
      if (this.#stop.signal.aborted && ended.ranFor === null) return result(null, error);
      error = ended.error;
      if (error === null || this.#stop.signal.aborted || !job.live) return result(null, error);
      const again = ended.crashed || (mayHeal(error) ? job.patient || account.ran : ended.ranFor !== null);
      if (!again) return result(null, error);

      if (ended.ranFor !== null && ended.ranFor > RAN_WELL) patience.reset();
      const wait = Math.min(patience.next(), left ?? Number.POSITIVE_INFINITY);
      const unreachable = !ended.crashed && ended.ranFor === null;
      const health = unreachable ? account.waiting(error) : account.restarting(error, wait, ++restarts);
      if (health !== null) events.health(job.camera.id, health);
      await clock.sleep(wait, this.#stop.signal);
    }
  }

  /** Runs a camera in one process, until that ends. */
  #process(job: SupervisedJob, account: CameraAccount): Promise<ProcessEnd> {
    const { clock, events } = this.#options;
    const mostMemory = this.#options.mostMemoryBytes ?? MOST_MEMORY_BYTES;
    const cameraId = job.camera.id;
    return new Promise((resolve) => {
      const child = startProcess();
      const state: RunningCamera = { cameraId, ready: false, decodes: true, suspended: false };
      this.#running.set(child, state);
      events.decoding();
      const over = new AbortController();
      let readyAt: Seconds | null = null;
      let summary: CameraSummary | null = null;
      let error: CodedError | null = null;
      let overgrown = false;
      child.on("message", (message: CameraMessage) => {
        switch (message.kind) {
          case "ready": {
            state.ready = true;
            readyAt = clock.monotonic();
            const back = account.ready(message.info);
            events.ready(cameraId, message.info);
            if (back !== null) events.health(cameraId, back);
            if (job.live && job.longest !== null) {
              // A stream that is cut off gives no picture on which its own process could see the time.
              void clock.sleep(job.longest + 1, over.signal).then(() => order(child, { kind: "stop" }));
            }
            break;
          }
          case "alert":
            account.alert(message.alert);
            events.alert(message.alert);
            break;
          case "health":
            account.health(message.health);
            events.health(cameraId, message.health);
            break;
          case "progress":
            account.progress(message);
            events.progress(cameraId, message.videoSeconds, message.wallSeconds);
            if (message.rssBytes <= mostMemory) break;
            overgrown = true;
            child.kill("SIGKILL");
            break;
          case "standing":
          case "decision":
          case "denials":
          case "shadow":
          case "incident":
          case "sealed":
            events.trace(message);
            break;
          case "decoded":
            state.decodes = false;
            events.decoding();
            break;
          case "finished":
            summary = message.summary;
            break;
          case "failed":
            error = fromPlain(message.error);
            break;
        }
      });
      const end = (how: string) => {
        if (!this.#running.delete(child)) return;
        events.decoding();
        over.abort();
        const crashed = summary === null && error === null;
        if (crashed) error = fault("CAMERA_PROCESS_ENDED", { camera: cameraId, how });
        const ranFor = readyAt === null ? null : clock.monotonic() - readyAt;
        resolve({ summary, error, crashed, ranFor, suspended: state.suspended });
      };
      child.on("error", (thrown) => {
        // A process that could not be started has no exit.
        if (child.pid !== undefined) return;
        error = asCoded(thrown);
        end("not started");
      });
      child.on("exit", (code, signal) => {
        const status = signal === null ? `exit code ${code ?? "unknown"}` : `signal ${signal}`;
        const mebibytes = Math.round(mostMemory / 1024 ** 2);
        end(overgrown ? `it took more than ${mebibytes} MiB of memory` : status);
      });
      order(child, { kind: "run", job });
    });
  }
}

/** Standard output belongs to the results: whatever a camera's libraries print goes to standard error. */
function startProcess(): ChildProcess {
  const threads = Math.max(POOL_THREADS, Number(process.env["UV_THREADPOOL_SIZE"]) || 0);
  return fork(processEntry(), [], {
    serialization: "advanced",
    execArgv: [],
    stdio: ["ignore", 2, 2, "ipc"],
    env: { ...process.env, UV_THREADPOOL_SIZE: String(threads) },
  });
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
