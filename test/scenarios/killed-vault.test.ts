import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEvidencePayload } from "../../src/evidence/vault/signed-manifest.ts";
import { SiteKey } from "../../src/evidence/vault/site-key.ts";
import { recoverVault, sweep } from "../../src/evidence/vault/sweep.ts";
import { Vault } from "../../src/evidence/vault/vault.ts";
import { verifyEvidence } from "../../src/evidence/vault/verify.ts";
import { viewEvidence } from "../../src/evidence/vault/view.ts";
import { systemClock } from "../../src/time/clock.ts";
import { smallJournal } from "../support/small-journal.ts";

const root = mkdtempSync(join(tmpdir(), "contrechamp-crash-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const siteKey = new SiteKey(randomBytes(32));
const ALERT = Date.UTC(2026, 0, 1);
const LATER = ALERT + 31 * 86_400_000;

/** @returns how many steps it took, or null where it was killed */
function life(folder: string, step: number, act: "live" | "recover"): Promise<number | null> {
  const script = join(import.meta.dirname, "../support/vault-life.ts");
  const key = Buffer.from(siteKey.reveal()).toString("hex");
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, folder, key, String(step), act], (error, stdout, stderr) => {
      if (error === null) resolve(Number(stdout));
      else if (error.signal === "SIGKILL") resolve(null);
      else reject(new Error(stderr));
    });
  });
}

function place(): string {
  const folder = join(root, randomUUID());
  mkdirSync(folder);
  return folder;
}

function open(folder: string, now: number) {
  const clock = { ...systemClock, now: () => now };
  const journal = smallJournal(join(folder, "journal.jsonl"), clock);
  const vault = new Vault(join(folder, "vault"));
  const sink = {
    journal: journal.sink,
    find: journal.find,
    sign: journal.signer,
    prove: journal.prove,
    clock,
  };
  return { vault, journal, options: sink };
}

/** Everything that must hold after the next start, whenever the process was killed. */
async function expectWhole(folder: string): Promise<void> {
  const { vault, journal, options } = open(folder, ALERT + 60_000);
  const first = await recoverVault(vault, options);
  expect(first.faults).toEqual([]);
  const again = await recoverVault(vault, options);
  expect([again.erased, again.registered, again.partials, again.faults]).toEqual([[], [], 0, []]);
  expect(await vault.erasing()).toEqual([]);
  for (const id of await vault.ids()) {
    const leaves = journal.ofType("evidence").filter((entry) => entry.opening?.payload["evidenceId"] === id);
    const erasures = journal.ofType("erasure").filter((entry) => entry.opening?.payload["evidenceId"] === id);
    expect(leaves.length, "leaves of one evidence").toBe(1);
    const manifest = await vault.manifest(id);
    expect(manifest?.evidence).toEqual(readEvidencePayload(leaves[0]?.opening?.payload).evidence);
    if (await vault.hasKey(id)) {
      expect(erasures).toEqual([]);
      const access = { by: "op-1", reason: "test" };
      for (const kind of ["still", "clip"] as const) {
        if (manifest?.evidence.files[kind] === null) continue;
        const bytes = await viewEvidence(vault, id, kind, access, { siteKey, journal: journal.sink });
        expect(bytes.length).toBeGreaterThan(100);
      }
    } else {
      expect(erasures.length, "erasures of one evidence").toBe(1);
      expect((await vault.erased(id))?.journal.seq).toBe(erasures[0]?.leaf.seq);
    }
  }
  await expectErasedInTime(folder);
}

/** A month later nothing is left that could be opened, and each erasure is in the journal once. */
async function expectErasedInTime(folder: string): Promise<void> {
  const { vault, journal, options } = open(folder, LATER);
  const ids = await vault.recorded();
  const swept = await sweep(vault, { ...options, dispositions: () => Promise.resolve("confirmed") });
  expect([swept.kept, swept.faults]).toEqual([0, []]);
  const below = join(folder, "vault");
  const left = existsSync(below) ? readdirSync(below, { recursive: true, encoding: "utf8" }) : [];
  expect(left.filter((name) => /^(keys|sealed|erasing).+\.|\.part/.test(name))).toEqual([]);
  for (const id of ids) {
    const erasures = journal.ofType("erasure").filter((entry) => entry.opening?.payload["evidenceId"] === id);
    expect(erasures.length).toBe(1);
    const { checks } = await verifyEvidence(vault.manifestPath(id), null);
    const proved = checks.filter(({ what }) => what !== "file");
    expect(proved.map(({ what, state }) => `${what} ${state}`)).toEqual([
      "signature ok",
      "inclusion ok",
      "leaf ok",
      "checkpoint ok",
    ]);
  }
}

describe("a process that is killed on the way through an evidence's life", () => {
  let steps = 0;
  beforeAll(async () => {
    const folder = place();
    steps = (await life(folder, 0, "live")) ?? 0;
    await expectWhole(folder);
  });

  it("has steps to be killed at", () => {
    expect(steps).toBeGreaterThan(50);
  });

  // Every step, in three parts so that none takes long.
  it.each([
    0, 1, 2,
  ])("loses nothing that was sealed, and keeps nothing that was erased (%i of 3)", async (part) => {
    const wanted = Array.from({ length: steps }, (_, i) => i + 1).filter((step) => step % 3 === part);
    await inPairs(wanted, async (step) => {
      const folder = place();
      expect(await life(folder, step, "live"), `killed at step ${step}`).toBeNull();
      await expectWhole(folder);
    });
  });

  it("may be killed again while it makes that good", async () => {
    await inPairs([12, 30, Math.round(steps * 0.75), steps - 8], async (step) => {
      const folder = place();
      await life(folder, step, "live");
      for (let kill = 1; kill < 12; kill += 3) await life(folder, kill, "recover");
      await expectWhole(folder);
    });
  });
});

describe("a disk that takes no more", () => {
  it("is told of by its code; what was sealed before stays, and nothing half-written is left", async () => {
    const folder = place();
    const script = join(import.meta.dirname, "../support/vault-life.ts");
    const key = Buffer.from(siteKey.reveal()).toString("hex");
    // No file of this process may grow beyond 8 KiB: the still fits, the clip does not.
    const limited = `ulimit -f 8; exec "$0" "$@"`;
    const words = ["-c", limited, process.execPath, script, folder, key, "0", "live"];
    const said = await new Promise<string>((resolve) => {
      execFile("bash", words, (_, __, stderr) => resolve(stderr));
    });
    expect(said).toContain("EVIDENCE_NOT_SEALED");
    const files = readdirSync(join(folder, "vault"), { recursive: true, encoding: "utf8" });
    expect(files.filter((name) => name.includes("part-") || name.endsWith(".clip"))).toEqual([]);
    await expectWhole(folder);
  });
});

async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    [1, 2].map(async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}
