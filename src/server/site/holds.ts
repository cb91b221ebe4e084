import { asCoded, type CodedError, fault } from "../../errors.ts";
import type { EntrySink } from "../../journal/leaf.ts";
import type { Hold } from "../../policy/hold.ts";
import { awaitEngines, type EngineAnswer } from "../../policy/hold-seen.ts";
import { placeHold, readHolds, releaseHold } from "../../policy/hold-store.ts";
import { type Clock, formatUtc, type Seconds } from "../../time/clock.ts";

/** How long an engine has to say that nothing of what is held is decoded any more. */
const PATIENCE: Seconds = 1;

export interface HoldsPlace {
  /** The site's state folder. */
  readonly state: string;
  readonly journal: EntrySink;
  readonly clock: Clock;
}

/** A stop, as far as it has come. */
export interface Stopped {
  readonly hold: Hold;
  readonly engines: readonly EngineAnswer[];
  /** Index of its leaf; null where the journal did not take it. */
  readonly leaf: number | null;
  /** Why the journal did not: it is stopped all the same. */
  readonly untraced: CodedError | null;
}

/** What is held now. */
export async function standingHolds(state: string): Promise<readonly Hold[]> {
  return (await readHolds(state)).filter((hold) => hold.released === null);
}

/**
 * The stop switch: the hold stands before anything else is done, and whatever fails then.
 * @param by pseudonym. @param reason null: nobody has to say why to stop
 * @throws HOLD_NOT_PLACED
 */
export async function stop(
  { state, journal, clock }: HoldsPlace,
  scope: Hold["scope"],
  by: string,
  reason: string | null,
): Promise<Stopped> {
  const why = reason ?? "no reason was given";
  const hold = await placeHold(state, { scope, cause: "stop_switch", by, reason: why, at: clock.now() });
  const engines = await awaitEngines(state, false, [hold], { clock, patience: PATIENCE });
  try {
    const { seq } = await journal.append({ type: "hold", actor: by, payload: { ...hold } });
    return { hold, engines, leaf: seq, untraced: null };
  } catch (thrown) {
    return { hold, engines, leaf: null, untraced: asCoded(thrown) };
  }
}

/**
 * Lets it run again. The leaf comes first: what runs again without one could be denied.
 * @throws HOLD_NO_TRACE, HOLD_NOT_RELEASED: it is held as before
 */
export async function release(
  { state, journal, clock }: HoldsPlace,
  hold: Hold,
  by: string,
  reason: string,
): Promise<Hold> {
  const at = clock.now();
  const released: Hold = { ...hold, released: { at: formatUtc(at), by, reason } };
  try {
    await journal.append({ type: "hold_released", actor: by, payload: { ...released } });
  } catch (thrown) {
    throw fault("HOLD_NO_TRACE", { reason: asCoded(thrown).message }, thrown);
  }
  await releaseHold(state, [hold.id], { by, reason, at });
  return released;
}

/** @throws HOLD_UNKNOWN */
export async function standingHold(state: string, id: string): Promise<Hold> {
  const found = (await standingHolds(state)).find((hold) => hold.id === id);
  if (found === undefined) throw fault("HOLD_UNKNOWN", { id });
  return found;
}
