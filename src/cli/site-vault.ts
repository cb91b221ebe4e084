import { join } from "node:path";
import { asCoded, type CodedError } from "../errors.ts";
import type { SealedRecord } from "../evidence/vault/record.ts";
import { type LeafPlace, registerEvidence } from "../evidence/vault/register.ts";
import { openSiteKey } from "../evidence/vault/site-key.ts";
import { recoverVault, sweep } from "../evidence/vault/sweep.ts";
import { EvidenceTrace } from "../evidence/vault/trace.ts";
import { Vault } from "../evidence/vault/vault.ts";
import type { Journal } from "../journal/journal.ts";
import { openLogKey } from "../journal/log-key.ts";
import type { PolicyWorld } from "../policy/world.ts";
import type { Clock, Seconds } from "../time/clock.ts";
import { askPassphrase } from "./vault-place.ts";

/** Retention is counted in hours at the least; a disposition is followed by its own command at once. */
const SWEEP_EVERY: Seconds = 60;
/** Statuses that take an authorisation back: what was made under it goes at once. */
const TAKEN_BACK: ReadonlySet<string> = new Set(["withdrawn", "annulled", "never_took_effect"]);

/** Evidence at rest, as the process that holds the journal keeps it. */
export interface SiteVault {
  /** What a camera's process needs to seal. */
  readonly forCameras: { readonly folder: string; readonly siteKey: Uint8Array };
  /** Gives sealed evidence its leaf and its manifest. @param decision the leaf of what let its alert through */
  sealed(record: SealedRecord, decision: LeafPlace | null): void;
  /** Erases what is due, every minute, until the signal aborts. */
  follow(signal: AbortSignal): Promise<void>;
  /** Resolves when all that was sealed is registered. */
  idle(): Promise<void>;
}

export interface SiteVaultOptions {
  readonly state: string;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly world: () => PolicyWorld;
  /** What could not be registered or erased: it is tried again, and at the next start at the latest. */
  readonly onFault: (error: CodedError) => void;
}

/**
 * Opens the vault of a site, its key made where it is new, and makes good what a crash has left.
 * @throws what `openSiteKey` throws
 */
export async function openSiteVault(options: SiteVaultOptions): Promise<SiteVault> {
  const { state, journal, clock, world, onFault } = options;
  const vault = new Vault(join(state, "vault"));
  await vault.prepare();
  const siteKey = await openSiteKey(vault.folder, !(await vault.isUsed()), process.env, askPassphrase);
  const sign = await openLogKey(journal.folder, undefined, true);
  const trace = new EvidenceTrace(journal.folder);
  await trace.refresh();
  const { faults } = await recoverVault(vault, {
    ...{ journal, sign, clock },
    ...{ find: trace.find, prove: trace.prove },
  });
  for (const error of faults) onFault(error);
  let registered: Promise<unknown> = Promise.resolve();

  async function erase(): Promise<void> {
    await trace.refresh();
    const takenBack = world().authorisations.filter(({ document }) => TAKEN_BACK.has(document.status));
    const result = await sweep(vault, {
      ...{ journal, clock },
      find: trace.find,
      dispositions: async (alertId) => trace.outcome(alertId),
      endedAuthorisations: new Set(takenBack.map(({ document }) => document.id)),
    });
    for (const error of result.faults) onFault(error);
  }

  return {
    forCameras: { folder: vault.folder, siteKey: siteKey.reveal() },
    sealed: (record, decision) => {
      registered = registered
        .then(() => registerEvidence(vault, record, { journal, sign, decision, prove: trace.prove }))
        .catch((thrown: unknown) => onFault(asCoded(thrown)));
    },
    follow: async (signal) => {
      while (!signal.aborted) {
        await erase().catch((thrown: unknown) => onFault(asCoded(thrown)));
        await clock.sleep(SWEEP_EVERY, signal);
      }
    },
    idle: async () => {
      await registered;
    },
  };
}
