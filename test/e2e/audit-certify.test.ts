import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import type { AuditRecord } from "../../src/audit/record.ts";
import { certifyCommand } from "../../src/cli/audit/certify.ts";
import { engineVersion } from "../../src/engine/version.ts";
import { asCoded } from "../../src/errors.ts";
import type { EventType } from "../../src/event.ts";
import { type LogEntry, readLog } from "../../src/journal/log-reader.ts";
import { DEFAULT_MODEL, loadManifest } from "../../src/models/manifest.ts";
import { createSecondOpinion } from "../../src/policy/cedar.ts";
import type { Certificate } from "../../src/policy/certificate.ts";
import { readDocument, writeDocument } from "../../src/policy/documents.ts";
import { loadWorld } from "../../src/policy/load-world.ts";
import { Gate } from "../../src/policy/mint.ts";
import { analyticId } from "../../src/policy/question.ts";
import { SITE_PLACE, siteAuthorisation } from "../support/authority.ts";
import { exampleRecord } from "../support/certified.ts";
import { exampleNotice, testKeys } from "../support/policy-fixtures.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));
const HASH = exampleRecord().suite.sha256;
const HALL: [number, number][] = [
  [120, 120],
  [480, 120],
  [480, 380],
  [120, 380],
];
const EVENTS: EventType[] = ["zone_intrusion", "wrong_way"];
const DAY = 24 * 3_600_000;

let folder: string;
let modelSha256: string;
const inside = (...parts: readonly string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "contrechamp-audit-certify-"));
  modelSha256 = (await loadManifest(DEFAULT_MODEL)).onnx.sha256;
  mkdirSync(inside("documents"));
  await writeDocument(inside("documents", "trust.yml"), testKeys().trust);
  for (const role of ["certifying", "publishing"] as const) {
    const pem = testKeys()[role].privateKey.export({ type: "pkcs8", format: "pem" });
    writeFileSync(inside(`${role}.pem`), pem, { mode: 0o600 });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly said: string;
}

/** The program as a person starts it. */
function contrechamp(...args: readonly string[]): Ran {
  const run = spawnSync(process.execPath, [LAUNCHER, ...args], {
    cwd: folder,
    env: { ...process.env, LC_ALL: "C", XDG_STATE_HOME: inside("machine") },
    encoding: "utf8",
  });
  return { status: run.status ?? -1, stdout: run.stdout, said: `${run.stdout}${run.stderr}` };
}

/** The same command in this process: to start another one takes a second. */
async function audit(...args: readonly string[]): Promise<Ran> {
  let stdout = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  try {
    await certifyCommand()
      .exitOverride()
      .parseAsync([...args], { from: "user" });
    return { status: Number(process.exitCode ?? 0), stdout, said: stdout };
  } catch (thrown) {
    const { code, message, exit } = asCoded(thrown);
    return { status: exit, stdout, said: `${code} ${message}` };
  } finally {
    write.mockRestore();
    process.exitCode = undefined;
  }
}

function writeThresholds(name: string, overrides: object = {}): void {
  const thresholds = {
    schema: "contrechamp/thresholds@1",
    id: "urn:example:thresholds:site",
    suite: { name: "example suite", sha256: HASH },
    model: { name: DEFAULT_MODEL },
    events: {
      zone_intrusion: { recall: 0.9, precision: 0.9, falseAlarmsPerHour: 4, minimumEvents: 59 },
      wrong_way: { recall: 0.9, precision: 0.9, falseAlarmsPerHour: null, minimumEvents: 59 },
    },
    validFor: "P6M",
    conditions: { fr: "Exemple : de jour.", en: "Example: daylight." },
    issuer: "An example of a bench",
    ...overrides,
  };
  writeFileSync(inside(name), stringify(thresholds));
}

/** A record that was made since, of what was fixed. Nobody measured it. */
function writeRecord(name: string, configSha256: string, overrides: Partial<AuditRecord> = {}): void {
  const now = new Date().toISOString();
  const { system } = exampleRecord();
  if (system.kind !== "engine") throw new Error("the example is of the engine");
  const record = exampleRecord({
    system: { ...system, version: engineVersion(), modelSha256, configSha256 },
    ...{ startedAt: now, endedAt: now },
    ...overrides,
  });
  mkdirSync(inside(name), { recursive: true });
  writeFileSync(inside(name, "audit.json"), JSON.stringify(record));
}

const place = () => ["--state", inside("state")];
const certify = (...args: readonly string[]) =>
  audit("--thresholds", inside("thresholds.yml"), ...place(), ...args);
const record = (name: string) => ["--record", inside(name)];
const certifying = () => ["--key", inside("certifying.pem")];
const library = () => ["--out", inside("documents"), ...certifying()];

async function certificates(): Promise<Readonly<Record<string, Certificate>>> {
  const found: Record<string, Certificate> = {};
  for (const name of readdirSync(inside("documents"))) {
    const document = await readDocument(inside("documents", name));
    if (document.schema === "contrechamp/certificate@1") found[document.event] = document;
  }
  return found;
}

describe("audit certify, from thresholds to the gate", () => {
  let configSha256: string;

  it("fixes thresholds, and says what they will take", async () => {
    writeThresholds("thresholds.yml");
    const fixed = contrechamp("audit", "certify", "fix", "thresholds.yml", "--state", "state", "--json");
    expect(fixed.status, fixed.said).toBe(0);
    const told = JSON.parse(fixed.stdout);
    configSha256 = told.configSha256;
    expect(configSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(told).toMatchObject({ schema: "contrechamp/fixed@1", modelSha256, leaf: { seq: 1 } });
    expect(told.outlook).toMatchObject([
      { event: "wrong_way", eventsForRecall: 36, hoursForFalseAlarms: null },
      { event: "zone_intrusion" },
    ]);
    const again = await audit("fix", inside("thresholds.yml"), ...place(), "--lang", "fr");
    expect(again.said).toContain("Fixés : urn:example:thresholds:site");
    expect(again.said).toContain("au moins 59 événements sans un seul manqué");
  });

  it("refuses what was not fixed, and writes nothing", async () => {
    writeRecord("early", configSha256, { startedAt: "2026-03-01T10:00:00Z" });
    const early = await certify(...record("early"), ...library());
    expect(early.status).toBe(65);
    expect(early.said).toContain("CERTIFY_FIXED_LATE");
    writeRecord("other", "e".repeat(64));
    expect((await certify(...record("other"), ...library())).said).toContain("(other_config)");
    writeThresholds("lowered.yml", { validFor: "P1Y" });
    writeRecord("run", configSha256);
    const lowered = await audit(
      ...["--thresholds", inside("lowered.yml"), ...place(), ...record("run"), ...library()],
    );
    expect(lowered.status).toBe(65);
    expect(lowered.said).toContain("the file was changed since");
    expect(readdirSync(inside("documents"))).toEqual(["trust.yml"]);
  });

  it("says which option is missing or one too many", async () => {
    for (const [args, option] of [
      [record("run"), "--key"],
      [[...record("run"), "--run", "there", ...certifying()], "--run"],
      [certifying(), "--record"],
      [[...record("run"), ...certifying(), "--journal", "j"], "--journal"],
    ] as const) {
      const wrong = await certify(...args);
      expect(wrong.status).toBe(64);
      expect(wrong.said).toContain(option);
    }
    expect((await audit("fix", inside("thresholds.yml"))).said).toContain("--state");
    expect((await audit("fix", inside("nothing.yml"), ...place())).said).toContain("AUDIT_UNREADABLE");
  });

  it("signs a certificate for each event, also for the one that fails, and says so", async () => {
    const said = contrechamp(
      ...["audit", "certify", "--thresholds", "thresholds.yml", "--state", "state", "--record", "run"],
      ...["--out", "documents", "--key", "certifying.pem", "--lang", "en"],
    );
    expect(said.status, said.said).toBe(1);
    expect(said.said).toContain("PASSED  zone_intrusion");
    expect(said.said).toContain("60 of 60 events found: recall at least 94%");
    expect(said.said).toContain("FAILED  wrong_way");
    expect(said.said).toMatch(/fails: recall is shown to be at least 71\.4%, and 90% was demanded/);
    expect(said.said).not.toContain("The signature");
    const { zone_intrusion: passed, wrong_way: failed } = await certificates();
    expect(passed).toMatchObject({ passed: true, modelSha256 });
    expect(failed).toMatchObject({ passed: false, modelSha256 });
    const leaves: LogEntry[] = [];
    for await (const entry of readLog(inside("state", "journal"))) leaves.push(entry);
    const types = leaves.map(({ leaf }) => leaf.type);
    expect(types.filter((type) => type === "thresholds" || type === "certificate")).toEqual([
      ...["thresholds", "thresholds", "certificate", "certificate"],
    ]);
    const first = leaves[types.indexOf("certificate")];
    expect(first?.content).toMatchObject({ kind: "kept", payload: { passed: false, certificate: failed } });
  });

  it("can be worked out again by anybody, and says what does not follow", async () => {
    const of = (name: string, ...args: readonly string[]) =>
      audit(
        ...["verify", inside("documents", name), "--thresholds", inside("thresholds.yml"), ...place()],
        ...[...record("run"), ...args],
      );
    const names = readdirSync(inside("documents")).filter((name) => name.startsWith("certificate-"));
    expect(names).toHaveLength(2);
    for (const name of names) {
      const sound = await of(name, "--lang", "en");
      expect(sound.status, sound.said).toBe(0);
      expect(sound.said).toContain("The journal holds it, leaf");
    }
    const [name = ""] = names.filter((one) => one.includes("wrong_way"));
    const text = readFileSync(inside("documents", name), "utf8");
    writeFileSync(inside("documents", name), text.replace("hits: 50", "hits: 51"));
    const changed = await of(name, "--json");
    writeFileSync(inside("documents", name), text);
    expect(changed.status).toBe(65);
    expect(JSON.parse(changed.stdout)).toMatchObject({
      differences: [{ path: "results.hits", stated: "51", follows: "50" }],
      ...{ signature: "broken", leaf: null },
    });
    const french = await of(name, "--lang", "fr");
    expect(french.said).toContain("découle des seuils, du journal et du relevé : échec");
    expect((await of("trust.yml")).status).toBe(64);
  });

  it("overwrites nothing, counts what went before, and says of a key that it may not certify", async () => {
    expect((await certify(...record("run"), ...library())).said).toContain("AUDIT_EXISTS");
    const publishing = ["--key", inside("publishing.pem")];
    const other = await certify(...record("run"), "--out", inside("elsewhere"), ...publishing, "--json");
    expect(other.status, other.said).toBe(1);
    expect(JSON.parse(other.stdout)).toMatchObject({
      others: 0,
      comparedWithSuite: false,
      earlier: [{ passed: false }, { passed: true }],
      certificates: [{ signature: "unknown_key" }, { signature: "unknown_key" }],
    });
    const documents = ["--out", inside("documents"), "--force"];
    const wrong = await certify(...record("run"), ...documents, ...publishing, "--lang", "fr");
    expect(wrong.said).toContain("ÉCHEC  wrong_way");
    expect(wrong.said).toContain("ne reconnaît pas maintenant le droit de certifier");
    const right = await certify(...record("run"), ...documents, ...certifying(), "--lang", "en");
    expect(right.said).toContain("PASSED");
    expect(right.said).not.toContain("The signature");
  });

  it("lets the gate say yes for what passed, and no for what failed, later, and with another model", async () => {
    const { zone_intrusion: passed, wrong_way: failed } = await certificates();
    if (passed === undefined || failed === undefined) throw new Error("both were written");
    const authorisation = siteAuthorisation({
      cameras: ["gate"],
      events: EVENTS,
      zones: EVENTS.map((event) => ({
        ...{ cameraId: "gate", event, polygon: HALL, nature: "forbidden" as const },
        justification: "Exemple : accès technique",
      })),
      validUntil: Date.now() + 300 * DAY,
      overrides: {
        maxDuration: "P1Y",
        analytics: [passed, failed].map(({ id, event }) => ({
          ...{ analyticId: analyticId(event), modelSha256, benchCertificateId: id },
        })),
      },
    });
    await writeDocument(inside("documents", "site.yml"), authorisation);
    const notice = exampleNotice({
      ...{ authorisationId: authorisation.id, events: EVENTS, cameras: ["gate"] },
      publishedAt: new Date(Date.now() - 3 * DAY).toISOString(),
    });
    await writeDocument(inside("documents", "notice.yml"), notice);

    const { world } = await loadWorld({
      ...{
        profile: "private-premises",
        overlays: [],
        documents: inside("documents"),
        state: inside("state"),
      },
      cameras: [{ id: "gate", ...SITE_PLACE }],
      newest: null,
    });
    expect(world.faults).toEqual([]);
    const gate = new Gate(world, createSecondOpinion(world), {
      onIncident: ({ kind }) => {
        throw new Error(kind);
      },
    });
    const ask = (event: EventType, at: number, model = modelSha256) => {
      const { allow, reasons } = gate.ask({
        ...{ at, use: "alert", cameraId: "gate", ruleId: "rule", event, modelSha256: model },
        ...{ analyticId: analyticId(event), footage: "live", recordingSha256: null },
        place: { kind: "zone", points: HALL.map(([x, y]) => ({ x, y })) },
      });
      return allow ? "yes" : reasons.map(({ code }) => code).join(" ");
    };
    const end = Date.parse(passed.validUntil);
    expect(ask("zone_intrusion", Date.now())).toBe("yes");
    expect(ask("zone_intrusion", end - 1)).toBe("yes");
    expect(ask("zone_intrusion", end)).toBe("certificate_expired");
    expect(ask("wrong_way", Date.now())).toBe("certificate_failed");
    expect(ask("zone_intrusion", Date.now(), "d".repeat(64))).not.toBe("yes");
  });

  it("counts no more once a figure in the file was changed", async () => {
    const [name = ""] = readdirSync(inside("documents")).filter((one) => one.includes("wrong_way"));
    const text = readFileSync(inside("documents", name), "utf8");
    writeFileSync(inside("documents", name), text.replace("hits: 50", "hits: 51"));
    const { world } = await loadWorld({
      ...{
        profile: "private-premises",
        overlays: [],
        documents: inside("documents"),
        state: inside("state"),
      },
      ...{ cameras: [], newest: null },
    });
    expect(world.certificates.map(({ signature }) => signature).toSorted()).toEqual(["broken", "valid"]);
  });
});
