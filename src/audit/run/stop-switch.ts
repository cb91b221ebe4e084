import { fault } from "../../errors.ts";
import { type Hold, holds } from "../../policy/hold.ts";
import { readHolds, watchHolds } from "../../policy/hold-store.ts";
import type { Clock } from "../../time/clock.ts";

/** A signal that aborts by hand or by the stop switch. */
export interface Stoppable {
  readonly signal: AbortSignal;
  /** @throws AUDIT_HELD where it was the stop switch */
  readonly refuseHeld: () => void;
  /** Ends the watch of the switch. */
  readonly close: () => void;
}

/**
 * Heeds the machine's stop switch: `contrechamp stop` of everything ends a measurement within a second, as it ends
 * every engine, and none begins while it stands. Holds of a site or a camera are of their own engine.
 * @param by hand
 * @throws AUDIT_HELD where everything is stopped now
 */
export async function heedStopSwitch(by: AbortSignal, camera: string, clock: Clock): Promise<Stoppable> {
  const stop = new AbortController();
  const closed = new AbortController();
  let held: Hold | null = null;
  const look = (all: readonly Hold[]) => {
    held ??= all.find((hold) => holds(hold, camera)) ?? null;
    if (held !== null) stop.abort();
  };
  const refuseHeld = () => {
    if (held !== null) throw fault("AUDIT_HELD", { by: held.by, at: held.at, reason: held.reason });
  };
  look(await readHolds(null));
  refuseHeld();
  const watch = watchHolds(null, { clock, signal: closed.signal, onChange: look });
  // It ends by `close` alone; were it to fail, nobody could stop the run by the switch any more.
  watch.catch(() => stop.abort());
  return { signal: AbortSignal.any([by, stop.signal]), refuseHeld, close: () => closed.abort() };
}
