import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { AuditRecord } from "../../src/audit/record.ts";
import { engineVersion } from "../../src/engine/version.ts";
import type { EventType } from "../../src/event.ts";
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

function contrechamp(...args: readonly string[]) {
  const run = spawnSync(process.execPath, [LAUNCHER, ...args], {
    cwd: folder,
    env: { ...process.env, LC_ALL: "C", XDG_STATE_HOME: inside("machine") },
    encoding: "utf8",
  });
  return { status: run.status, stdout: run.stdout, said: `${run.stdout}${run.stderr}` };
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

const certify = (...args: readonly string[]) => {
  const fixed = ["--thresholds", "thresholds.yml", "--state", "state"];
  return contrechamp("audit", "certify", ...fixed, ...args);
};
const CERTIFYING = ["--key", "certifying.pem"];
const LIBRARY = ["--out", "documents", ...CERTIFYING];

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

  it("fixes thresholds, and says what they will take", () => {
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
    const again = contrechamp(
      ...["audit", "certify", "fix", "thresholds.yml", "--state", "state", "--lang", "fr"],
    );
    expect(again.said).toContain("Fixés : urn:example:thresholds:site");
    expect(again.said).toContain("au moins 59 événements sans un seul manqué");
  });

  it("refuses what was not fixed, and writes nothing", () => {
    writeRecord("early", configSha256, { startedAt: "2026-03-01T10:00:00Z" });
    expect(certify("--record", "early", ...LIBRARY)).toMatchObject({ status: 65 });
    expect(certify("--record", "early", ...LIBRARY).said).toContain("CERTIFY_FIXED_LATE");
    writeRecord("other", "e".repeat(64));
    expect(certify("--record", "other", ...LIBRARY).said).toContain("(other_config)");
    writeThresholds("lowered.yml", { validFor: "P1Y" });
    writeRecord("run", configSha256);
    const lowered = contrechamp(
      ...["audit", "certify", "--thresholds", "lowered.yml", "--state", "state", "--record", "run"],
      ...LIBRARY,
    );
    expect(lowered.status).toBe(65);
    expect(lowered.said).toContain("the file was changed since");
    expect(readdirSync(inside("documents"))).toEqual(["trust.yml"]);
    for (const [args, option] of [
      [["--record", "run"], "--key"],
      [["--record", "run", "--run", "there", ...CERTIFYING], "--run"],
      [CERTIFYING, "--record"],
    ] as const) {
      const wrong = certify(...args);
      expect(wrong.status).toBe(64);
      expect(wrong.said).toContain(option);
    }
    expect(contrechamp("audit", "certify", "fix", "thresholds.yml").status).toBe(64);
  });

  it("signs a certificate for each event, also for the one that fails, and says so", async () => {
    const said = certify("--record", "run", ...LIBRARY, "--lang", "en");
    expect(said.status, said.said).toBe(1);
    expect(said.said).toContain("PASSED  zone_intrusion");
    expect(said.said).toContain("60 of 60 events found: recall at least 94%");
    expect(said.said).toContain("FAILED  wrong_way");
    expect(said.said).toMatch(/fails: recall is shown to be at least 71\.4%, and 90% was demanded/);
    expect(said.said).not.toContain("The signature");
    const { zone_intrusion: passed, wrong_way: failed } = await certificates();
    expect(passed).toMatchObject({ passed: true, modelSha256 });
    expect(failed).toMatchObject({ passed: false, modelSha256 });
    const shown = contrechamp("journal", "show", "state", "--type", "certificate", "thresholds", "--json");
    const lines = shown.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual([
      ...["thresholds", "thresholds", "certificate", "certificate"],
    ]);
    expect(lines[2].payload.certificate).toEqual(failed);
    expect(contrechamp("journal", "verify", "state").status).toBe(1);
  });

  it("overwrites nothing, counts what went before, and says of a key that it may not certify", () => {
    expect(certify("--record", "run", ...LIBRARY).said).toContain("AUDIT_EXISTS");
    const other = certify(...["--record", "run", "--out", "elsewhere", "--key", "publishing.pem", "--json"]);
    expect(other.status, other.said).toBe(1);
    expect(JSON.parse(other.stdout)).toMatchObject({
      others: 0,
      comparedWithSuite: false,
      earlier: [{ passed: false }, { passed: true }],
      certificates: [{ signature: "unknown_key" }, { signature: "unknown_key" }],
    });
    const wrong = certify(
      ...["--record", "run", "--out", "documents", "--key", "publishing.pem", "--force", "--lang", "fr"],
    );
    expect(wrong.said).toContain("ÉCHEC  wrong_way");
    expect(wrong.said).toContain("ne reconnaît pas maintenant le droit de certifier");
    expect(certify("--record", "run", ...LIBRARY, "--force").said).not.toContain("The signature");
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
    writeFileSync(inside("documents", name), text.replace("hits: 50", "hits: 60"));
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
