import { expire, type Outcome } from "../../alerts/disposition.ts";
import { asCoded, type CodedError } from "../../errors.ts";
import type { EntrySink } from "../../journal/leaf.ts";
import type { Clock, UtcMilliseconds } from "../../time/clock.ts";
import { type EraseOptions, type ErasureOrder, eraseEvidence, resumeErasures } from "./erase.ts";
import type { Erased, SealedRecord } from "./record.ts";
import {
  type FindEvidenceLeaf,
  type ProveInclusion,
  type RegisterOptions,
  registerEvidence,
} from "./register.ts";
import type { Vault } from "./vault.ts";

/** What people have made of an alert so far, as the journal has it at the moment of asking; null while it is open. */
export type FindOutcome = (alertId: string) => Promise<Outcome | null>;

export interface SweepOptions {
  readonly clock: Clock;
  readonly journal: EntrySink;
  readonly dispositions: FindOutcome;
  readonly find?: FindEvidenceLeaf | undefined;
  /** Authorisations that were withdrawn or annulled: what was made under them goes at once. */
  readonly endedAuthorisations?: ReadonlySet<string>;
}

export interface SweepResult {
  readonly erased: readonly Erased[];
  /** How many evidences remain. */
  readonly kept: number;
  /** What could not be erased; the next sweep tries again. */
  readonly faults: readonly CodedError[];
}

/**
 * Erases all that is due: what has reached its deadline, what nobody confirmed in time (its alert then expires) or
 * somebody did not confirm at all, what was made under an authorisation that was taken back. One that fails keeps no other from going. Run it
 * every minute or so, and whenever an alert is disposed of.
 */
export async function sweep(vault: Vault, options: SweepOptions): Promise<SweepResult> {
  const erased: Erased[] = [];
  const faults: CodedError[] = [];
  const attempt = async (work: () => Promise<readonly Erased[]>) => {
    try {
      erased.push(...(await work()));
    } catch (thrown) {
      faults.push(asCoded(thrown));
    }
  };
  await attempt(() => resumeErasures(vault, options));
  let kept = 0;
  for (const id of await vault.recorded()) {
    await attempt(async () => {
      if ((await vault.erased(id)) !== null) return [];
      const record = await recordOf(vault, id);
      if (record === null) return [];
      const outcome = await outcomeOf(record, options);
      let order = due(record, outcome, options);
      if (order?.cause === "undecided" && outcome === null) {
        // That nobody decided is itself a disposition. Somebody may decide at this very moment, and be first.
        const disposition = expire(record.episodeId, options.clock.now());
        await options.journal.append({ type: "disposition", actor: "engine", payload: { ...disposition } });
        order = due(record, (await outcomeOf(record, options)) ?? "expired", options);
      }
      if (order === null) kept += 1;
      return order === null ? [] : [await eraseEvidence(vault, id, order, options)];
    });
  }
  return { erased, kept, faults };
}

/** Why an evidence must go now, or null. @param outcome of its alert, null while that is open */
export function due(
  { grounds }: SealedRecord,
  outcome: Outcome | null,
  { clock, endedAuthorisations }: Pick<SweepOptions, "clock" | "endedAuthorisations">,
): ErasureOrder | null {
  const now: UtcMilliseconds = clock.now();
  const { deadline, undecidedUntil, authorisationId } = grounds;
  if (now >= Date.parse(deadline)) return order("retention", `kept until ${deadline}`);
  if (authorisationId !== null && endedAuthorisations?.has(authorisationId) === true)
    return order("authorisation_ended", `made under ${authorisationId}`);
  // The profile keeps it whatever people say of the alert.
  if (undecidedUntil === null || outcome === "confirmed") return null;
  if (outcome === "dismissed") return order("dismissed", "the alert was dismissed");
  if (outcome !== null) return order("undecided", `the alert is ${outcome}`);
  return now >= Date.parse(undecidedUntil)
    ? order("undecided", `nobody decided until ${undecidedUntil}`)
    : null;
}

/** A record that was damaged is found again in the manifest: its deadline holds all the same. */
async function recordOf(vault: Vault, id: string): Promise<SealedRecord | null> {
  try {
    return await vault.record(id);
  } catch (error) {
    const manifest = await vault.manifest(id).catch(() => null);
    if (manifest === null) throw error;
    return manifest.evidence;
  }
}

function order(cause: ErasureOrder["cause"], reason: string): ErasureOrder {
  return { cause, by: "engine", reason };
}

/** Where nothing hangs on it nobody is asked. */
async function outcomeOf(
  { grounds, episodeId }: SealedRecord,
  { dispositions }: SweepOptions,
): Promise<Outcome | null> {
  return grounds.undecidedUntil === null ? null : await dispositions(episodeId);
}

export interface RecoverOptions extends EraseOptions {
  readonly sign: RegisterOptions["sign"];
  readonly prove?: ProveInclusion | undefined;
  /** Without it an interrupted registration or erasure would be written twice. */
  readonly find: FindEvidenceLeaf;
}

export interface RecoverResult {
  /** Finished now: erasures that a crash interrupted, and what was found without its record or its key. */
  readonly erased: readonly Erased[];
  /** Put into the journal now. */
  readonly registered: readonly string[];
  /** Half-written files that were destroyed. */
  readonly partials: number;
  readonly faults: readonly CodedError[];
}

/**
 * Makes good what a crash left: half-written files are destroyed, erasures finished, evidence without its leaf is
 * registered, keys and sealed files of which nothing says what they are, and records whose key has gone, are erased
 * with a leaf that says so. For the start, before any camera runs: later, what is still being written would be taken
 * for what was left.
 */
export async function recoverVault(vault: Vault, options: RecoverOptions): Promise<RecoverResult> {
  const erased: Erased[] = [];
  const registered: string[] = [];
  const faults: CodedError[] = [];
  const partials = await vault.destroyPartials();
  erased.push(...(await resumeErasures(vault, options)));
  for (const id of await vault.ids()) {
    try {
      const gone = await vault.erased(id);
      const record = await vault.record(id);
      if (record !== null && (await vault.manifest(id)) === null) {
        await registerEvidence(vault, record, options);
        registered.push(id);
      }
      if (gone !== null) await vault.destroy(id);
      else if (record === null) erased.push(await eraseEvidence(vault, id, INCOMPLETE, options));
      else if (!(await vault.hasKey(id))) erased.push(await eraseEvidence(vault, id, KEY_MISSING, options));
    } catch (thrown) {
      faults.push(asCoded(thrown));
    }
  }
  return { erased, registered, partials, faults };
}

const INCOMPLETE: ErasureOrder = {
  cause: "incomplete",
  by: "engine",
  reason: "found at the start without its record",
};
const KEY_MISSING: ErasureOrder = {
  cause: "key_missing",
  by: "engine",
  reason: "found at the start without its key",
};
