/** One camera's process: takes a job from the supervisor, runs it, says what happens, ends. */
import { asCoded } from "../errors.ts";
import type { PolicyWorld } from "../policy/world.ts";
import { systemClock } from "../time/clock.ts";
import { runCamera } from "./camera-run.ts";
import { type CameraMessage, type CameraOrder, toPlain } from "./messages.ts";

/** How long a camera's process outlives its supervisor at most. */
const LONGEST_ALONE_MS = 5000;

const stop = new AbortController();
/** Where a new world goes, once the camera runs; until then the newest waits here. */
let takeWorld: ((world: PolicyWorld) => void) | null = null;
let newest: PolicyWorld | null = null;

function say(message: CameraMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, undefined, () => resolve());
  });
}

process.on("message", (order: CameraOrder) => {
  if (order.kind === "stop") {
    stop.abort();
    return;
  }
  if (order.kind === "world") {
    newest = order.world;
    takeWorld?.(order.world);
    return;
  }
  runCamera(order.job, {
    clock: systemClock,
    say: (message) => void say(message),
    signal: stop.signal,
    onWorld: (take) => {
      takeWorld = take;
      if (newest !== null) take(newest);
    },
  })
    .then(
      (summary) => say({ kind: "finished", summary }),
      (thrown: unknown) => say({ kind: "failed", error: toPlain(asCoded(thrown)) }),
    )
    // The process ends here even if a library left a thread or a timer behind.
    .finally(() => process.exit(0));
});

// The supervisor is gone: nobody would hear an alert. What is open is written, if that can be done soon.
process.on("disconnect", () => {
  stop.abort();
  setTimeout(() => process.exit(0), LONGEST_ALONE_MS).unref();
});
// Ctrl-C reaches the whole process group, a service manager's SIGTERM every process of the service; the supervisor
// decides when its cameras stop.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
