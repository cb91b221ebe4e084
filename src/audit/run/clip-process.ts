/** One clip's process: takes an order, runs it, says what came of it, ends. */
import { toPlain } from "../../engine/messages.ts";
import { asCoded } from "../../errors.ts";
import type { ClipMessage, ClipOrder } from "./clip-order.ts";
import { runClip } from "./clip-run.ts";

const stop = new AbortController();

function say(message: ClipMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, undefined, () => resolve());
  });
}

process.on("message", (order: ClipOrder) => {
  const onProgress = (videoSeconds: number) => void say({ kind: "progress", videoSeconds });
  runClip(order, { onProgress, signal: stop.signal })
    .then(
      (outcome) => say({ kind: "finished", outcome }),
      (thrown: unknown) => say({ kind: "failed", error: toPlain(asCoded(thrown)) }),
    )
    // The process ends here even if a library left a thread or a timer behind.
    .finally(() => process.exit(0));
});

// Whoever asked is gone: nobody wants the outcome. At once: an orderly end trips over a decoder that is at work.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// Ctrl-C reaches the whole process group; the bench decides when its clips stop.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
