import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { vaultSite } from "../../test/support/vault-site.ts";
import { disposeCommand } from "./dispose.ts";
import { eraseCommand } from "./erase.ts";
import { evidenceCommand } from "./evidence.ts";

type Site = Awaited<ReturnType<typeof vaultSite>>;
const root = mkdtempSync(join(tmpdir(), "contrechamp-cli-evidence-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let site: Site;
let said = "";
beforeEach(async () => {
  site = await vaultSite(Date.now());
  said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
  await site.journal.close();
  rmSync(site.state, { recursive: true, force: true });
});

const commands = { evidence: evidenceCommand, erase: eraseCommand, dispose: disposeCommand };

/** Runs a command while no process holds the journal. */
async function run(name: keyof typeof commands, ...words: string[]): Promise<string> {
  said = "";
  await site.without(() =>
    commands[name]()
      .exitOverride()
      .parseAsync(["node", name, ...words]),
  );
  return said;
}
const inState = () => ["--state", site.state, "--lang", "en"];
const who = ["--by", "op-07", "--reason", "the patrol asked"];

describe("contrechamp evidence", () => {
  it("lists what there is, without any key", async () => {
    const { sample } = await site.evidence();
    rmSync(join(site.vault.folder, "site.key"));
    const text = await run("evidence", "list", ...inState());
    expect(text).toContain(sample.id);
    expect(text).toContain("open, kept until");
    const { entries } = JSON.parse(await run("evidence", "list", "--state", site.state, "--json"));
    expect(entries).toMatchObject([
      { id: sample.id, cameraId: "gate", alertId: sample.whole.episodeId, outcome: "open", erased: null },
    ]);
    expect(await run("evidence", "list", "--state", site.state, "--lang", "fr")).toContain("en attente");
  });

  it("writes the still for who says why, and the journal has who and why", async () => {
    const { sample } = await site.evidence();
    const out = join(root, "still.png");
    await run("evidence", "view", sample.id, ...inState(), ...who, "--out", out);
    expect(Buffer.compare(readFileSync(out), sample.still.value)).toBe(0);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const size = site.journal.size;
    const refused = run("evidence", "view", sample.id, ...inState(), "--by", "op-07", "--out", `${out}.2`);
    await expect(refused).rejects.toMatchObject({ code: "VIEW_WITHOUT_REASON" });
    expect(existsSync(`${out}.2`)).toBe(false);
    expect(site.journal.size).toBe(size);
  });

  it("exports a bundle that verifies by itself, in either language", async () => {
    const { sample } = await site.evidence();
    const out = join(root, sample.id);
    await run("evidence", "export", sample.id, ...inState(), ...who, "--to", "Exemple SA", "--out", out);
    const key = site.journal.verifierKey;
    expect(await run("evidence", "verify", out, "--lang", "en")).toContain("Everything fits.");
    expect(said).toContain(key);
    expect(process.exitCode).toBe(0);
    expect(await run("evidence", "verify", out, "--key", key, "--lang", "fr")).toContain("Tout concorde.");
    const still = readFileSync(join(out, "still.png"));
    writeFileSync(join(out, "still.png"), Buffer.concat([still, Buffer.of(0)]));
    expect(await run("evidence", "verify", out, "--lang", "en")).toContain("IT DOES NOT HOLD");
    expect(process.exitCode).toBe(65);
    rmSync(join(out, "still.png"));
    await run("evidence", "verify", out, "--json");
    expect(process.exitCode).toBe(1);
    await expect(run("evidence", "verify", join(root, "nothing"))).rejects.toMatchObject({
      code: "BUNDLE_UNREADABLE",
    });
  });

  it("puts the site key behind a passphrase, which is needed from then on", async () => {
    const { sample } = await site.evidence();
    const file = join(root, "passphrase");
    writeFileSync(file, "quatre cigognes au bord du Rhône\n", { mode: 0o600 });
    await run("evidence", "key", "protect", "--state", site.state, "--passphrase-file", file);
    const out = join(root, "behind.png");
    const view = () => run("evidence", "view", sample.id, ...inState(), ...who, "--out", out);
    await expect(view()).rejects.toMatchObject({ code: "SITE_KEY_PASSPHRASE_NEEDED" });
    vi.stubEnv("CONTRECHAMP_SITE_PASSPHRASE_FILE", file);
    await view();
    expect(existsSync(out)).toBe(true);
    const shown = JSON.parse(await run("evidence", "key", "show", "--state", site.state, "--json"));
    expect(shown).toMatchObject({ protection: "passphrase", name: site.siteKey.name });
    chmodSync(file, 0o644);
    await expect(view()).rejects.toMatchObject({ code: "SITE_KEY_EXPOSED" });
  });

  it("never makes another key for a vault that has lost its own", async () => {
    const { sample } = await site.evidence();
    rmSync(join(site.vault.folder, "site.key"));
    const view = run("evidence", "view", sample.id, ...inState(), ...who, "--out", join(root, "no"));
    await expect(view).rejects.toMatchObject({ code: "SITE_KEY_MISSING" });
    expect(existsSync(join(site.vault.folder, "site.key"))).toBe(false);
  });

  it("says so where the state folder is none", async () => {
    await expect(run("evidence", "list", "--state", join(root, "elsewhere"))).rejects.toMatchObject({
      code: "STATE_MISSING",
    });
  });
});

describe("contrechamp dispose", () => {
  const dispose = (alert: string, ...more: string[]) =>
    run("dispose", alert, "--state", site.state, "--by", "op-07", "--lang", "en", ...more);
  const dismissed = ["--outcome", "dismissed", "--reason", "light_or_reflection"];
  const confirmed = ["--outcome", "confirmed", "--reason", "event_present"];

  it("dismisses in one step; the journal has it, and the evidence goes at once", async () => {
    const { sample } = await site.evidence();
    const alert = sample.whole.episodeId;
    expect(await dispose(alert, ...dismissed)).toContain(`Alert ${alert} is dismissed`);
    await site.trace.refresh();
    expect(site.trace.outcome(alert)).toBe("dismissed");
    expect(await site.vault.hasKey(sample.id)).toBe(false);
    expect((await site.vault.erased(sample.id))?.cause).toBe("dismissed");
  });

  it("confirms in two steps, and keeps the evidence", async () => {
    const { sample } = await site.evidence();
    const alert = sample.whole.episodeId;
    const size = site.journal.size;
    await expect(dispose(alert, ...confirmed)).rejects.toMatchObject({ code: "DISPOSITION_NOT_CONFIRMED" });
    expect(site.journal.size).toBe(size);
    await dispose(alert, ...confirmed, "--confirm", "--action", "patrol");
    await run("erase", "--state", site.state, "--due");
    expect(await site.vault.hasKey(sample.id)).toBe(true);
    await site.trace.refresh();
    expect(site.trace.dispositions(alert)).toMatchObject([{ outcome: "confirmed", actionTaken: "patrol" }]);
  });

  it("takes one, and after it corrections with their reason alone", async () => {
    const { sample } = await site.evidence();
    const alert = sample.whole.episodeId;
    await dispose(alert, ...confirmed, "--confirm");
    await expect(dispose(alert, ...dismissed)).rejects.toMatchObject({ code: "DISPOSITION_FINAL" });
    await dispose(alert, ...dismissed, "--correct", "a reflection after all");
    await site.trace.refresh();
    expect(site.trace.dispositions(alert).map(({ outcome }) => outcome)).toEqual(["confirmed", "dismissed"]);
    expect(site.trace.outcome(alert)).toBe("dismissed");
    expect(await site.vault.hasKey(sample.id)).toBe(false);
  });

  it("knows no alert that the journal does not know", async () => {
    await expect(dispose("nothing", ...dismissed)).rejects.toMatchObject({ code: "ALERT_UNKNOWN" });
  });
});

describe("contrechamp erase", () => {
  it("erases one by hand, and leaves who and why", async () => {
    const [{ sample }, other] = [await site.evidence(), await site.evidence()];
    const flags = ["--by", "op-01", "--reason", "the person filmed asked for it"];
    await run("erase", "--state", site.state, "--evidence", sample.id, ...flags);
    expect(await site.vault.erased(sample.id)).toMatchObject({ cause: "by_hand", by: "op-01" });
    expect((await site.trace.find("erasure", sample.id))?.payload).toMatchObject({
      reason: "the person filmed asked for it",
    });
    expect(await site.vault.hasKey(other.sample.id)).toBe(true);
  });

  it("erases everything only when asked twice", async () => {
    await site.evidence();
    await site.evidence();
    const flags = ["--state", site.state, "--all", "--by", "op-01", "--reason", "the site closes"];
    await expect(run("erase", ...flags)).rejects.toMatchObject({ code: "ERASURE_NOT_CONFIRMED" });
    expect(await run("erase", ...flags, "--yes", "--lang", "en")).toBe("2 erased, 0 kept.\n");
    expect(await site.vault.isUsed()).toBe(false);
  });

  it("erases what was made under one authorisation", async () => {
    await site.evidence();
    await site.evidence({ authorisationId: "urn:example:authorisation:2" });
    const flags = ["--authorisation", "urn:example:authorisation:2", "--by", "op-01", "--reason", "annulled"];
    const { erased, kept } = JSON.parse(await run("erase", "--state", site.state, ...flags, "--json"));
    expect([erased.length, erased[0].cause, kept]).toEqual([1, "authorisation_ended", 1]);
  });

  it("erases what is due, and nothing else", async () => {
    await site.evidence({ deadline: new Date(Date.now() - 1000).toISOString() });
    await site.evidence();
    expect(await run("erase", "--state", site.state, "--due", "--lang", "fr")).toBe(
      "1 effacée(s), 1 gardée(s).\n",
    );
  });

  it.each([
    [["--all"], "ERASURE_WITHOUT_REASON"],
    [["--all", "--by", "op-1"], "ERASURE_WITHOUT_REASON"],
    [[], "ERASURE_OF_WHAT"],
    [["--due", "--all"], "ERASURE_OF_WHAT"],
    [["--evidence", "../../x", "--by", "op-1", "--reason", "x"], "EVIDENCE_UNKNOWN"],
  ])("with %j says what is missing", async (flags, code) => {
    await expect(run("erase", "--state", site.state, ...flags)).rejects.toMatchObject({ code });
  });
});
