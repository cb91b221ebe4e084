import { mkdir } from "node:fs/promises";
import type { Config } from "../config/schema.ts";
import { sourcesSha256 } from "../engine/baseline.ts";
import { Ledger } from "../engine/ledger.ts";
import type { AuthoritySummary } from "../engine/run-summary.ts";
import { SiteAuthority, type SiteCamera } from "../engine/site-authority.ts";
import { engineVersion } from "../engine/version.ts";
import type { CodedError } from "../errors.ts";
import { journalFolder } from "../journal/folder.ts";
import { serveInbox } from "../journal/inbox.ts";
import { openJournal } from "../journal/journal.ts";
import type { EntrySink } from "../journal/leaf.ts";
import { readLog } from "../journal/log-reader.ts";
import type { SlotModel } from "../models/slot-models.ts";
import type { Clock } from "../time/clock.ts";
import { followAccessRetention } from "./site-retention.ts";
import { worldSources } from "./site-sources.ts";
import { openSiteVault, type SiteVault } from "./site-vault.ts";

export interface OpenSiteOptions {
  readonly config: Config;
  readonly configFile: string | null;
  readonly configSha256: string;
  /** Folder of the journal, the holds, the keys and the evidence at rest. */
  readonly state: string;
  readonly cameras: readonly SiteCamera[];
  readonly model: { readonly name: string; readonly sha256: string; readonly file: string };
  /** Networks that rules name for themselves. */
  readonly slots: readonly SlotModel[];
  readonly clock: Clock;
  /** The journal can no longer be written: nothing more may be shown. */
  readonly onFault: (error: CodedError) => void;
  /** Something could not be done that is tried again. */
  readonly onWarning: (error: CodedError) => void;
}

/** A site that is open: what may run, and where it leaves its trace. */
export interface OpenSite {
  readonly authority: SiteAuthority;
  readonly ledger: Ledger;
  /** For what is written in answer to a person; all else goes through the ledger. */
  readonly journal: EntrySink;
  /** Where evidence is sealed; null where the profile keeps it in clear. */
  readonly vault: SiteVault | null;
  /** Follows changes of the world and takes what commands hand in, until `close`. */
  follow(): void;
  /** On what authority it ran so far, for the run's summary. */
  summary(): AuthoritySummary;
  /** Writes and signs what is open. */
  close(): Promise<void>;
}

/** Opens the site's state, its journal first: whatever is decided next leaves its trace there. */
export async function openSite(options: OpenSiteOptions): Promise<OpenSite> {
  const { config, state, clock, model, slots } = options;
  await mkdir(state, { recursive: true, mode: 0o700 });
  const folder = journalFolder(state);
  // A command that writes an entry of its own holds it for a moment.
  const journal = await openJournal(folder, { clock, wait: 5, onFault: options.onWarning });
  const { size: before, newest } = journal;
  const ledger = new Ledger(journal, options.onFault);
  ledger.write({
    type: "start",
    actor: "engine",
    payload: { cameraId: null, engineVersion: engineVersion(), configSha256: options.configSha256 },
  });
  ledger.write({
    type: "configuration",
    actor: "engine",
    payload: { configSha256: options.configSha256, cameras: config.cameras.map(({ id }) => id) },
  });
  for (const { name, sha256 } of [model, ...slots]) {
    ledger.write({ type: "model", actor: "engine", payload: { name, sha256 } });
  }
  const authority = await SiteAuthority.open({
    cameras: options.cameras,
    sources: worldSources(config, state, newest),
    configFile: options.configFile,
    configSha256: options.configSha256,
    sourcesSha256: sourcesSha256(config.cameras, process.env),
    model,
    slots,
    clock,
    record: (entry) => ledger.write(entry),
    ranBefore: async () => {
      // A journal can be read from its first checkpoint on.
      await journal.checkpoint();
      for await (const { leaf, content } of readLog(folder, { to: before })) {
        if (leaf.type !== "start") continue;
        if (content.kind !== "kept" || content.payload["cameraId"] !== null) return true;
      }
      return false;
    },
  });
  const vault =
    authority.world.profile?.profile.handling.evidence === "encrypted"
      ? await openSiteVault({
          state,
          journal,
          clock,
          world: () => authority.world,
          onFault: options.onWarning,
        })
      : null;
  const over = new AbortController();
  const running: (Promise<unknown> | undefined)[] = [];
  return {
    authority,
    ledger,
    journal,
    vault,
    follow: () => {
      running.push(
        authority.follow(over.signal),
        vault?.follow(over.signal),
        followAccessRetention(journal, {
          ...{ clock, signal: over.signal },
          world: () => authority.world,
          onFault: options.onWarning,
        }),
        serveInbox(journal, folder, { signal: over.signal, clock, onFault: options.onWarning }),
      );
    },
    summary: () => ({
      ...authority.summary(),
      journal: { origin: journal.origin, leaves: journal.size, folder },
    }),
    close: async () => {
      over.abort();
      await Promise.all(running);
      await vault?.idle();
      ledger.write({ type: "stop", actor: "engine", payload: { cameraId: null } });
      await ledger.idle();
      await journal.close();
    },
  };
}
