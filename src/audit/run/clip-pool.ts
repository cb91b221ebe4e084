import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fromPlain } from "../../engine/messages.ts";
import { CodedError, fault } from "../../errors.ts";
import type { Seconds } from "../../time/clock.ts";
import type { ClipMessage, ClipOrder } from "./clip-order.ts";
import type { ClipOutcome } from "./outcome.ts";

/** A clip to run, and how long it is, so that the longest can begin first. */
export interface PooledClip {
  readonly order: ClipOrder;
  readonly duration: Seconds;
}

export interface PoolOptions {
  /** Clips at a time, each in a process of its own. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (index: number, videoSeconds: Seconds) => void;
  /** A clip is done, for good or ill. */
  readonly onDone: (index: number, result: ClipOutcome | CodedError) => Promise<void>;
}

/** A process that ended by itself, such as one that a decoder's fault brought down, is started once more. */
const TRIES = 2;

/**
 * Runs clips in processes of their own, some at a time, the longest first. What befalls one stops no other. Resolves
 * when all are done or the signal has stopped them; then those that were running have no result.
 */
export async function runClips(clips: readonly PooledClip[], options: PoolOptions): Promise<void> {
  const waiting = clips.map((clip, index) => ({ ...clip, index })).sort((a, b) => b.duration - a.duration);
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (options.signal.aborted) return;
      const { index, order } = next;
      const result = await runWithRetry(order, options.signal, (seconds) =>
        options.onProgress(index, seconds),
      );
      if (result !== null) await options.onDone(index, result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(options.jobs, clips.length)) }, lane));
}

/** @returns null where it was stopped */
async function runWithRetry(
  order: ClipOrder,
  signal: AbortSignal,
  onProgress: (videoSeconds: Seconds) => void,
): Promise<ClipOutcome | CodedError | null> {
  let last: CodedError | null = null;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const result = await runOnce(order, signal, onProgress);
    if (signal.aborted) return null;
    if (!(result instanceof CodedError) || result.code !== "AUDIT_CLIP_CRASHED") return result;
    last = result;
  }
  return last;
}

function runOnce(
  order: ClipOrder,
  signal: AbortSignal,
  onProgress: (videoSeconds: Seconds) => void,
): Promise<ClipOutcome | CodedError> {
  return new Promise((resolve) => {
    const child = startProcess();
    let result: ClipOutcome | CodedError | null = null;
    const kill = () => void child.kill("SIGKILL");
    signal.addEventListener("abort", kill, { once: true });
    child.on("message", (message: ClipMessage) => {
      if (message.kind === "progress") onProgress(message.videoSeconds);
      else result = message.kind === "finished" ? message.outcome : fromPlain(message.error);
    });
    child.on("error", () => undefined);
    child.on("close", (code, ended) => {
      signal.removeEventListener("abort", kill);
      resolve(result ?? fault("AUDIT_CLIP_CRASHED", { how: ended ?? `exit code ${code ?? "unknown"}` }));
    });
    if (signal.aborted) kill();
    else child.send(order, () => undefined);
  });
}

/** Standard output belongs to the results: whatever a clip's libraries print goes to standard error. */
function startProcess(): ChildProcess {
  // The clip's process is the same file in a checkout (.ts) and in the package (.js).
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fork(fileURLToPath(new URL(`./clip-process.${extension}`, import.meta.url)), [], {
    serialization: "advanced",
    execArgv: [],
    stdio: ["ignore", 2, 2, "ipc"],
  });
}
