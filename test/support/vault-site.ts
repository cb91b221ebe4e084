import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EvidenceGrounds } from "../../src/evidence/grounds.ts";
import type { SealedRecord } from "../../src/evidence/vault/record.ts";
import { registerEvidence } from "../../src/evidence/vault/register.ts";
import type { SignedManifest } from "../../src/evidence/vault/signed-manifest.ts";
import { openSiteKey } from "../../src/evidence/vault/site-key.ts";
import { EvidenceTrace } from "../../src/evidence/vault/trace.ts";
import { Vault } from "../../src/evidence/vault/vault.ts";
import { vaultStore } from "../../src/evidence/vault/vault-store.ts";
import { type Journal, openJournal } from "../../src/journal/journal.ts";
import { openLogKey } from "../../src/journal/log-key.ts";
import { type Clock, systemClock } from "../../src/time/clock.ts";
import { type SampleEvidence, sampleEvidence, sampleGrounds } from "./evidence.ts";

export const DAY = 86_400_000;
const nobody = () => Promise.resolve(null);

/** A state folder with a real journal, a vault and its key, and a clock that a test sets. */
export async function vaultSite(now: number) {
  const state = mkdtempSync(join(tmpdir(), "contrechamp-site-"));
  let time = now;
  const clock: Clock = { ...systemClock, now: () => time };
  const vault = new Vault(join(state, "vault"));
  const siteKey = await openSiteKey(vault.folder, true, {}, nobody);
  const folder = join(state, "journal");
  const trace = new EvidenceTrace(folder);
  let journal: Journal = await openJournal(folder, { clock, origin: "example.org/journal", onFault });
  const sign = await openLogKey(folder, undefined, true);
  const site = {
    state,
    clock,
    vault,
    siteKey,
    trace,
    sign,
    get journal(): Journal {
      return journal;
    },
    at(instant: number): void {
      time = instant;
    },
    /** Gives the journal free for a command, and takes it again after. */
    async without<T>(work: () => Promise<T>): Promise<T> {
      await journal.close();
      try {
        return await work();
      } finally {
        journal = await openJournal(folder, { clock, onFault });
      }
    },
    /** Seals and registers one evidence, with the leaves of its decision and its alert. */
    async evidence(
      over: Partial<EvidenceGrounds> = {},
    ): Promise<{ sample: SampleEvidence; manifest: SignedManifest }> {
      const sample = await sampleEvidence({ at: time });
      const alertId = sample.whole.episodeId;
      const decision = await journal.append({ type: "decision", actor: "engine", payload: { allow: true } });
      await journal.append({ type: "alert", actor: "engine", payload: { id: alertId, kind: "raised" } });
      const sealed: SealedRecord[] = [];
      const store = vaultStore({ vault, siteKey, onSealed: (record) => sealed.push(record) });
      await store.keepStill(sample.begun, sample.still, sampleGrounds(time, over));
      await store.complete(sample.whole, sample.clip);
      const [record] = sealed;
      if (record === undefined) throw new Error("nothing was sealed");
      return { sample, manifest: await registerEvidence(vault, record, { journal, sign, decision }) };
    },
  };
  return site;
}

function onFault(error: Error): void {
  throw error;
}
