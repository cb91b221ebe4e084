import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fault } from "../errors.ts";
import { environmentPassphrase, openSiteKey, type SiteKey } from "../evidence/vault/site-key.ts";
import { EvidenceTrace } from "../evidence/vault/trace.ts";
import { Vault } from "../evidence/vault/vault.ts";
import { journalFolder } from "../journal/folder.ts";
import type { EntrySink } from "../journal/leaf.ts";
import { submissions } from "../journal/submit.ts";
import { systemClock } from "../time/clock.ts";

/** A state folder as the commands about evidence and alerts use it. */
export interface VaultPlace {
  readonly vault: Vault;
  /** What the journal says, as of now. */
  readonly trace: EvidenceTrace;
  /** The way into the journal, whoever holds it. */
  readonly journal: EntrySink;
  /** Opens the site key; asks for its passphrase where there is somebody to ask. */
  siteKey(): Promise<SiteKey>;
}

/** @throws CodedError STATE_MISSING, JOURNAL_CUT, JOURNAL_DAMAGED */
export async function openVaultPlace(state: string): Promise<VaultPlace> {
  const folder = resolve(state);
  const there = await stat(folder).catch(() => null);
  if (there?.isDirectory() !== true) throw fault("STATE_MISSING", { folder });
  const vault = new Vault(join(folder, "vault"));
  const trace = new EvidenceTrace(journalFolder(folder));
  await trace.refresh();
  return {
    vault,
    trace,
    journal: submissions(journalFolder(folder), { clock: systemClock }),
    siteKey: async () => openSiteKey(vault.folder, !(await vault.isUsed()), process.env, askPassphrase),
  };
}

/** From the file that the environment names, else from the terminal; null where there is neither. */
export async function askPassphrase(): Promise<string | null> {
  const given = await environmentPassphrase(process.env);
  return given ?? (await askHidden("Passphrase of the site key"));
}

/** Asks on the terminal without showing what is typed; null where there is none, or no answer. */
export async function askHidden(message: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await password({ message, output: process.stderr });
  return isCancel(answer) ? null : answer;
}

/** Asks for a yes on the terminal; null where there is none. */
export async function askYes(message: string): Promise<boolean | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const { confirm } = await import("@clack/prompts");
  return (await confirm({ message, initialValue: false, output: process.stderr })) === true;
}
