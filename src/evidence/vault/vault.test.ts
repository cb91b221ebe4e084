import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { sampleEvidence, sampleGrounds } from "../../../test/support/evidence.ts";
import { DAY, vaultSite } from "../../../test/support/vault-site.ts";
import { dispose, type Outcome } from "../../alerts/disposition.ts";
import type { JournalEntry } from "../../journal/leaf.ts";
import { eraseEvidence } from "./erase.ts";
import { open, SEALED_KINDS } from "./sealing.ts";
import { SiteKey } from "./site-key.ts";
import { due, recoverVault, sweep } from "./sweep.ts";
import { openKey, vaultStore } from "./vault-store.ts";
import { verifyEvidence } from "./verify.ts";
import { exportEvidence, viewEvidence } from "./view.ts";

const ALERT = Date.UTC(2026, 2, 1, 12);
const access = { by: "op-07", reason: "the patrol asked what it was" };
type Site = Awaited<ReturnType<typeof vaultSite>>;
let site: Site;
beforeEach(async () => {
  site = await vaultSite(ALERT);
});
afterEach(async () => {
  await site.journal.close();
  rmSync(site.state, { recursive: true, force: true });
});
const root = mkdtempSync(join(tmpdir(), "contrechamp-vault-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const opening = () => ({ siteKey: site.siteKey, journal: site.journal, prove: site.trace.prove });
const erasing = () => ({ clock: site.clock, journal: site.journal, find: site.trace.find });
const saying = (outcome: Outcome | null) => () => Promise.resolve(outcome);
const files = (folder: string) => readdirSync(join(site.vault.folder, folder));

async function bundle(id: string): Promise<string> {
  await site.journal.checkpoint();
  const out = join(mkdtempSync(join(root, "bundle-")), "out");
  await exportEvidence(site.vault, id, { ...access, recipient: "Exemple SA", out }, opening());
  return out;
}

const states = ({ checks }: Awaited<ReturnType<typeof verifyEvidence>>) =>
  checks.map(({ what, name, state }) => `${what === "file" ? name : what} ${state}`);
const ALL_WELL = [
  "still.png ok",
  "clip.mp4 ok",
  "description.json ok",
  "signature ok",
  "inclusion ok",
  "leaf ok",
  "checkpoint ok",
];

describe("sealed evidence", () => {
  it("opens for who says why, and the journal has it before the bytes leave", async () => {
    const { sample } = await site.evidence();
    const before = site.journal.size;
    const bytes = await viewEvidence(site.vault, sample.id, "clip", access, opening());
    expect(Buffer.compare(bytes, sample.clip.value)).toBe(0);
    expect(site.journal.size).toBe(before + 1);
  });

  it("stays shut where the journal does not take the view", async () => {
    const { sample } = await site.evidence();
    const journal = { append: () => Promise.reject(new Error("the journal is full")) };
    const refused = viewEvidence(site.vault, sample.id, "still", access, { siteKey: site.siteKey, journal });
    await expect(refused).rejects.toThrow("the journal is full");
    const out = join(root, "never");
    const order = { ...access, recipient: "Exemple SA", out };
    await expect(
      exportEvidence(site.vault, sample.id, order, { siteKey: site.siteKey, journal }),
    ).rejects.toThrow("the journal is full");
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ["", "because"],
    ["op-07", ""],
    ["op-07", "   "],
  ])("opens for nobody who does not say who and why (%j, %j)", async (by, reason) => {
    const { sample } = await site.evidence();
    const before = site.journal.size;
    await expect(
      viewEvidence(site.vault, sample.id, "still", { by, reason }, opening()),
    ).rejects.toMatchObject({ code: "VIEW_WITHOUT_REASON", exit: 64 });
    expect(site.journal.size).toBe(before);
  });

  it("has a key of its own, wrapped, that no other evidence shares", async () => {
    const some = [await site.evidence(), await site.evidence(), await site.evidence()];
    const keys = await Promise.all(some.map(({ sample }) => openKey(site.vault, site.siteKey, sample.id)));
    expect(new Set(keys.map((key) => Buffer.from(key ?? []).toString("hex"))).size).toBe(3);
    for (const key of keys) {
      for (const name of files("keys"))
        expect(readFileSync(join(site.vault.folder, "keys", name)).includes(Buffer.from(key ?? []))).toBe(
          false,
        );
    }
  });

  it("is readable by its user alone", async () => {
    await site.evidence();
    for (const entry of readdirSync(site.vault.folder, { recursive: true, encoding: "utf8" })) {
      const found = statSync(join(site.vault.folder, entry));
      expect([entry, found.mode & 0o777]).toEqual([entry, found.isDirectory() ? 0o700 : 0o600]);
    }
  });

  it.each([
    ["a bit of a sealed file", () => "EVIDENCE_DAMAGED", (path: string) => flip(path, 40)],
    ["the whole of it", () => "EVIDENCE_DAMAGED", (path: string) => rmSync(path)],
  ])("is not opened, with its reason, where %s is gone", async (_, code, spoil) => {
    const { sample } = await site.evidence();
    spoil(site.vault.sealedPath(sample.id, "still"));
    const before = site.journal.size;
    await expect(viewEvidence(site.vault, sample.id, "still", access, opening())).rejects.toMatchObject({
      code: code(),
    });
    expect(site.journal.size).toBe(before);
  });

  it("is not opened as another's, by another key, nor where its key was changed", async () => {
    const [{ sample: a }, { sample: b }] = [await site.evidence(), await site.evidence()];
    const still = (id: string) => site.vault.sealedPath(id, "still");
    const kept = readFileSync(still(a.id));
    cpSync(still(b.id), still(a.id));
    const view = (siteKey = site.siteKey) =>
      viewEvidence(site.vault, a.id, "still", access, { ...opening(), siteKey });
    await expect(view()).rejects.toMatchObject({ code: "EVIDENCE_DAMAGED" });
    writeFileSync(still(a.id), kept);
    await expect(view(SiteKey.generate())).rejects.toMatchObject({ code: "SITE_KEY_WRONG" });
    cpSync(site.vault.keyPath(b.id), site.vault.keyPath(a.id));
    await expect(view()).rejects.toMatchObject({ code: "EVIDENCE_DAMAGED" });
  });

  it.each([
    "",
    "../../etc/passwd",
    "0",
    `${"0".repeat(8)}-0000-0000-0000-${"0".repeat(11)}g`,
  ])("is not looked for under an id that is none (%j)", async (id) => {
    await expect(viewEvidence(site.vault, id, "still", access, opening())).rejects.toMatchObject({
      code: "EVIDENCE_UNKNOWN",
    });
  });

  it("is kept for no alert that the gate did not let through", async () => {
    const { begun, still } = await sampleEvidence();
    const store = vaultStore({ vault: site.vault, siteKey: site.siteKey, onSealed: () => undefined });
    await expect(store.keepStill(begun, still, null)).rejects.toMatchObject({
      code: "EVIDENCE_WITHOUT_GROUNDS",
    });
    expect(await site.vault.ids()).toEqual(new Set());
  });

  it("says so where the vault goes away in the middle", async () => {
    const { begun, whole, still, clip } = await sampleEvidence();
    const store = vaultStore({ vault: site.vault, siteKey: site.siteKey, onSealed: () => undefined });
    await store.keepStill(begun, still, sampleGrounds(ALERT));
    rmSync(site.vault.folder, { recursive: true });
    await expect(store.complete(whole, clip)).rejects.toMatchObject({ code: "EVIDENCE_NOT_SEALED" });
  });
});

describe("an exported bundle", () => {
  it("is proved from its files alone", async () => {
    const { sample } = await site.evidence();
    const out = await bundle(sample.id);
    rmSync(site.vault.folder, { recursive: true });
    const found = await verifyEvidence(out, null);
    expect(states(found)).toEqual(ALL_WELL);
    expect(found).toMatchObject({ sound: true, evidenceId: sample.id, cameraId: "gate" });
    const clip = readFileSync(join(out, "clip.mp4"));
    expect(Buffer.compare(clip, sample.clip.value)).toBe(0);
    expect((await verifyEvidence(out, site.journal.verifierKey)).sound).toBe(true);
    const other = await verifyEvidence(out, `${site.journal.verifierKey.slice(0, -1)}A`);
    expect(other.checks).toContainEqual(expect.objectContaining({ what: "key", state: "failed" }));
  });

  it.each(["still.png", "clip.mp4", "description.json"])("shows it where %s was changed", async (name) => {
    const { sample } = await site.evidence();
    const out = await bundle(sample.id);
    flip(join(out, name), 30);
    const found = await verifyEvidence(out, null);
    expect(found.sound).toBe(false);
    expect(states(found)).toEqual(ALL_WELL.map((line) => (line === `${name} ok` ? `${name} failed` : line)));
    rmSync(join(out, name));
    expect(states(await verifyEvidence(out, null))).toContain(`${name} absent`);
  });

  it.each([
    ["camera", /"cameraId": "gate"/, '"cameraId": "yard"'],
    ["instant", /"at": "2026-03-01T12/, '"at": "2026-03-01T13'],
    ["authorisation", /"authorisationId": "urn:example:authorisation:1"/, '"authorisationId": null'],
    ["redaction", /"tolerance": 24/, '"tolerance": 25'],
    ["deadline", /"deadline": "2026-03-31/, '"deadline": "2027-03-31'],
    ["place in the journal", /"seq": \d+/, '"seq": 0'],
  ])("shows it where its %s was changed", async (_, from, to) => {
    const { sample } = await site.evidence();
    const out = await bundle(sample.id);
    const path = join(out, "manifest.json");
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(from);
    writeFileSync(path, text.replace(from, to));
    const found = await verifyEvidence(out, null);
    expect(states(found)).toContain("signature failed");
    expect(found.sound).toBe(false);
  });

  it("shows it where somebody signed it anew with a key of their own", async () => {
    const { sample } = await site.evidence();
    const out = await bundle(sample.id);
    const forger = await vaultSite(ALERT);
    const forged = await forger.evidence();
    const path = join(out, "manifest.json");
    const { proof } = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...forged.manifest, proof }));
    const found = await verifyEvidence(out, site.journal.verifierKey);
    expect(found.checks.filter(({ state }) => state === "failed").map(({ what }) => what)).toEqual([
      "file",
      "key",
      "inclusion",
    ]);
    await forger.journal.close();
    rmSync(forger.state, { recursive: true });
  });

  it("carries no proof before a checkpoint covers it, and says that this is missing", async () => {
    const { sample, manifest } = await site.evidence();
    expect(manifest.proof).toBeNull();
    const found = await verifyEvidence(site.vault.manifestPath(sample.id), null);
    expect(found.sound).toBe(false);
    expect(found.checks.map(({ what, state }) => `${what} ${state}`)).toEqual([
      "file ok",
      "file ok",
      "file ok",
      "signature ok",
      "inclusion absent",
    ]);
  });

  it("names its recipient, or is not made; and is not written over another", async () => {
    const { sample } = await site.evidence();
    const out = await bundle(sample.id);
    const again = (recipient: string, to: string) =>
      exportEvidence(site.vault, sample.id, { ...access, recipient, out: to }, opening());
    await expect(again(" ", join(root, "none"))).rejects.toMatchObject({ code: "EXPORT_WITHOUT_RECIPIENT" });
    await expect(again("Exemple SA", out)).rejects.toMatchObject({ code: "EVIDENCE_NOT_WRITTEN" });
  });
});

describe("retention", () => {
  const month = ALERT + 30 * DAY;
  it.each<[Outcome | null, "confirmed" | "always", number, string | null]>([
    [null, "confirmed", ALERT + 3 * DAY - 1, null],
    [null, "confirmed", ALERT + 3 * DAY, "undecided"],
    ["confirmed", "confirmed", ALERT + 3 * DAY, null],
    ["confirmed", "confirmed", month - 1, null],
    ["confirmed", "confirmed", month, "retention"],
    ["dismissed", "confirmed", ALERT, "dismissed"],
    ["undetermined", "confirmed", ALERT, "undecided"],
    ["expired", "confirmed", ALERT, "undecided"],
    [null, "always", ALERT + 3 * DAY, null],
    ["dismissed", "always", month - 1, null],
    ["dismissed", "always", month, "retention"],
    ["dismissed", "confirmed", month, "retention"],
  ])("where the alert is %s and clips are kept %s, at %d: %s", async (outcome, clips, now, cause) => {
    const { manifest } = await site.evidence(clips === "always" ? { undecidedUntil: null } : {});
    site.at(now);
    expect(due(manifest.evidence, outcome, { clock: site.clock })?.cause ?? null).toBe(cause);
  });

  it("erases at once what was made under an authorisation that was taken back", async () => {
    const [{ sample }, other] = [
      await site.evidence(),
      await site.evidence({ authorisationId: "urn:example:authorisation:2" }),
    ];
    const swept = await sweep(site.vault, {
      ...erasing(),
      dispositions: saying("confirmed"),
      endedAuthorisations: new Set(["urn:example:authorisation:1"]),
    });
    expect(swept.erased.map(({ evidenceId, cause }) => [evidenceId, cause])).toEqual([
      [sample.id, "authorisation_ended"],
    ]);
    expect(await site.vault.hasKey(other.sample.id)).toBe(true);
  });

  it("leaves on the 31st day nothing that opens, and everything that proves", async () => {
    const { sample, manifest } = await site.evidence();
    await site.journal.checkpoint();
    const copies = new Map(
      SEALED_KINDS.map((kind) => [kind, readFileSync(site.vault.sealedPath(sample.id, kind))]),
    );
    site.at(ALERT + 31 * DAY);
    const swept = await sweep(site.vault, { ...erasing(), dispositions: saying("confirmed") });
    expect(swept).toMatchObject({ kept: 0, faults: [], erased: [{ cause: "retention", by: "engine" }] });

    expect(files("keys")).toEqual([]);
    expect(files("sealed")).toEqual([]);
    expect(await openKey(site.vault, site.siteKey, sample.id)).toBeNull();
    await expect(viewEvidence(site.vault, sample.id, "still", access, opening())).rejects.toMatchObject({
      code: "EVIDENCE_ERASED",
    });
    // Somebody kept a copy of the ciphertext, and has the site key: the evidence's own key is what is missing.
    for (const [kind, sealed] of copies)
      expect(open(site.siteKey.reveal(), sample.id, kind, sealed)).toBeNull();

    const leaf = await site.trace.find("erasure", sample.id);
    expect(leaf?.payload).toMatchObject({ evidenceId: sample.id, cause: "retention", cameraId: "gate" });
    expect(swept.erased[0]?.journal.seq).toBe(leaf?.seq);
    await site.journal.checkpoint();
    const proof = await site.trace.prove(manifest.journal.seq);
    await site.vault.writeManifest({ ...manifest, proof });
    const found = await verifyEvidence(site.vault.manifestPath(sample.id), site.journal.verifierKey);
    expect(found.checks.map(({ what, state }) => `${what} ${state}`)).toEqual([
      "file absent",
      "file absent",
      "file absent",
      "signature ok",
      "key ok",
      "inclusion ok",
      "leaf ok",
      "checkpoint ok",
    ]);
  });

  it("that nobody decided makes the alert expired, unless somebody decides at that moment", async () => {
    const [{ sample: a }, { sample: b }] = [await site.evidence(), await site.evidence()];
    site.at(ALERT + 4 * DAY);
    const journal = {
      async append(entry: JournalEntry) {
        // An operator's confirmation comes in just before the engine's expiry of the same alert.
        if (entry.type === "disposition" && entry.payload["alertId"] === b.whole.episodeId) {
          const disposition = dispose(
            {
              alertId: b.whole.episodeId,
              outcome: "confirmed",
              reasonCode: "event_present",
              at: site.clock.now(),
              operatorPseudonym: "op-07",
              secondsOnAlert: null,
              actionTaken: "patrol",
              correction: null,
            },
            [],
          );
          await site.journal.append({ type: "disposition", actor: "op-07", payload: { ...disposition } });
        }
        return site.journal.append(entry);
      },
    };
    const swept = await sweep(site.vault, {
      ...erasing(),
      journal,
      async dispositions(alertId) {
        await site.trace.refresh();
        return site.trace.outcome(alertId);
      },
    });
    expect(swept.erased.map(({ evidenceId, cause }) => [evidenceId, cause])).toEqual([[a.id, "undecided"]]);
    await site.trace.refresh();
    expect(site.trace.outcome(a.whole.episodeId)).toBe("expired");
    expect(site.trace.outcome(b.whole.episodeId)).toBe("confirmed");
    expect(await site.vault.hasKey(b.id)).toBe(true);
  });

  it("goes on with the others where one cannot be erased, and tries again", async () => {
    const [{ sample: a }, { sample: b }] = [await site.evidence(), await site.evidence()];
    writeFileSync(join(site.vault.folder, "records", `${a.id}.json`), "{}");
    rmSync(site.vault.manifestPath(a.id));
    site.at(ALERT + 31 * DAY);
    const options = { ...erasing(), dispositions: saying(null) };
    const swept = await sweep(site.vault, options);
    expect(swept.erased.map(({ evidenceId }) => evidenceId)).toEqual([b.id]);
    expect(swept.faults.map(({ code }) => code)).toEqual(["EVIDENCE_RECORD_UNREADABLE"]);
    // By hand it goes all the same.
    await eraseEvidence(site.vault, a.id, { cause: "by_hand", by: "op-1", reason: "damaged" }, erasing());
    expect(files("keys")).toEqual([]);
  });

  it("finds the deadline of a damaged record in the manifest", async () => {
    const { sample } = await site.evidence();
    writeFileSync(join(site.vault.folder, "records", `${sample.id}.json`), "not JSON");
    site.at(ALERT + 31 * DAY);
    const swept = await sweep(site.vault, { ...erasing(), dispositions: saying("confirmed") });
    expect(swept.erased.map(({ evidenceId }) => evidenceId)).toEqual([sample.id]);
  });

  it("erases once, however often it is asked", async () => {
    const { sample } = await site.evidence();
    const order = { cause: "by_hand", by: "op-1", reason: "asked for" } as const;
    const first = await eraseEvidence(site.vault, sample.id, order, erasing());
    const size = site.journal.size;
    expect(await eraseEvidence(site.vault, sample.id, { ...order, by: "op-2" }, erasing())).toEqual(first);
    expect(site.journal.size).toBe(size);
  });

  it("stays erased where the clip comes after", async () => {
    const { id, begun, whole, still, clip } = await sampleEvidence({ at: ALERT });
    const told: string[] = [];
    const store = vaultStore({
      vault: site.vault,
      siteKey: site.siteKey,
      onSealed: ({ evidenceId }) => told.push(evidenceId),
    });
    await store.keepStill(begun, still, sampleGrounds(ALERT));
    await sweep(site.vault, { ...erasing(), dispositions: saying("dismissed") });
    await store.complete(whole, clip);
    expect([files("keys"), files("sealed"), told]).toEqual([[], [], []]);
    expect((await site.vault.erased(id))?.cause).toBe("dismissed");
  });
});

describe("the next start", () => {
  it("erases what has no record, and says of what has lost its key that it has", async () => {
    const { sample } = await site.evidence();
    rmSync(site.vault.keyPath(sample.id));
    const orphan = await sampleEvidence();
    writeFileSync(site.vault.keyPath(orphan.id), "half a key");
    const options = { ...erasing(), find: site.trace.find, sign: site.sign };
    const recovered = await recoverVault(site.vault, options);
    expect(recovered.faults).toEqual([]);
    const causes = new Map(recovered.erased.map(({ evidenceId, cause }) => [evidenceId, cause]));
    expect(causes).toEqual(
      new Map([
        [sample.id, "key_missing"],
        [orphan.id, "incomplete"],
      ]),
    );
    expect((await recoverVault(site.vault, options)).erased).toEqual([]);
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
