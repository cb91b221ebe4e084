/**
 * A whole life of one evidence, for a process that is killed on the way: sealed, put into the journal, and erased
 * when its time is over. Arguments: folder, site key in hexadecimal, step to be killed at.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { SealedRecord } from "../../src/evidence/vault/record.ts";
import { registerEvidence } from "../../src/evidence/vault/register.ts";
import { SiteKey } from "../../src/evidence/vault/site-key.ts";
import { recoverVault, sweep } from "../../src/evidence/vault/sweep.ts";
import { Vault } from "../../src/evidence/vault/vault.ts";
import { vaultStore } from "../../src/evidence/vault/vault-store.ts";
import { systemClock } from "../../src/time/clock.ts";
import { crashAt } from "./crash-at.ts";
import { sampleEvidence, sampleGrounds } from "./evidence.ts";
import { smallJournal } from "./small-journal.ts";

const [, , folder = "", key = "", step = "0", act = "live"] = process.argv;
const ALERT = Date.UTC(2026, 0, 1);
let now = ALERT;
const clock = { ...systemClock, now: () => now };
const journal = smallJournal(join(folder, "journal.jsonl"), clock);
const vault = new Vault(join(folder, "vault"));
const options = {
  clock,
  journal: journal.sink,
  find: journal.find,
  sign: journal.signer,
  prove: journal.prove,
};
const sample = await sampleEvidence({
  at: ALERT,
  media: { still: randomBytes(5000), clip: randomBytes(50_000) },
});

const steps = await crashAt(Number(step));
if (act === "live") {
  const sealed: SealedRecord[] = [];
  const store = vaultStore({
    vault,
    siteKey: new SiteKey(Buffer.from(key, "hex")),
    onSealed: (record) => sealed.push(record),
  });
  await store.keepStill(sample.begun, sample.still, sampleGrounds(ALERT));
  await store.complete(sample.whole, sample.clip);
  for (const record of sealed) await registerEvidence(vault, record, options);
  now = ALERT + 31 * 86_400_000;
  await sweep(vault, { ...options, dispositions: () => Promise.resolve("confirmed") });
} else {
  await recoverVault(vault, options);
}
process.stdout.write(`${steps()}\n`);
