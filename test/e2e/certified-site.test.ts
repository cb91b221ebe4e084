import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { checkReportSchema } from "../../src/cli/check-report.ts";
import { DEFAULT_MODEL, loadManifest } from "../../src/models/manifest.ts";
import { writeDocument } from "../../src/policy/documents.ts";
import { analyticId } from "../../src/policy/question.ts";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene, writeSuite } from "../../src/scenes/write.ts";
import { SITE_PLACE, siteAuthorisation } from "../support/authority.ts";
import { exampleNotice, testKeys } from "../support/policy-fixtures.ts";

/** A closed site by commands alone: thresholds, a suite that was drawn, the engine's run, and what the gate says. */

const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));
const HALL: [number, number][] = [
  [120, 120],
  [480, 120],
  [480, 380],
  [120, 380],
];
const DAY = 24 * 3_600_000;

const folder = mkdtempSync(join(tmpdir(), "contrechamp-certified-site-"));
const inside = (...parts: readonly string[]) => join(folder, ...parts);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const script = prepareScene("plaza-intrusion", 1, { rate: 5, width: 480, height: 270, seconds: 8 });
  const { clip } = writeScene(script, inside("suite"));
  writeSuite("drawn", [clip], inside("suite"));
  writeFileSync(
    inside("thresholds.yml"),
    stringify({
      schema: "contrechamp/thresholds@1",
      id: "urn:example:thresholds:drawn",
      suite: { path: "suite/suite.yml" },
      model: { name: DEFAULT_MODEL },
      events: {
        // One event, found without a false alarm, shows at least 0.025 of each.
        zone_intrusion: { recall: 0.02, precision: 0.02, falseAlarmsPerHour: null, minimumEvents: 1 },
      },
      validFor: "P6M",
      conditions: { fr: "Exemple : scène dessinée.", en: "Example: a drawn scene." },
      issuer: "An example of a bench",
    }),
  );
  writeFileSync(
    inside("site.yml"),
    stringify({
      schema: "contrechamp/config@1",
      cameras: [
        {
          ...{ id: "gate", source: "rtsp://127.0.0.1/stream", ...SITE_PLACE },
          zones: [{ id: "hall", nature: "forbidden", polygon: HALL }],
          rules: [{ id: "enters", event: "zone_intrusion", zone: "hall" }],
        },
      ],
      authority: { profile: "private-premises", documents: "documents", state: "state" },
    }),
  );
  const pem = testKeys().certifying.privateKey.export({ type: "pkcs8", format: "pem" });
  writeFileSync(inside("certifying.pem"), pem, { mode: 0o600 });
  await writeDocument(inside("documents", "trust.yml"), testKeys().trust);
});

function contrechamp(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args], {
    cwd: folder,
    env: { ...process.env, LC_ALL: "C", XDG_STATE_HOME: inside("machine") },
    encoding: "utf8",
  });
  return { status, stdout, said: `${stdout}${stderr}` };
}

const certify = (...args: readonly string[]) =>
  contrechamp("audit", "certify", ...["--thresholds", "thresholds.yml", "--state", "state"], ...args);
const running = ["--run", "measured", "--key", "certifying.pem", "--out", "documents"];

/** What `contrechamp check` says: its exit code, and the reasons of its one rule. */
function check(...args: readonly string[]): string {
  const { status, stdout } = contrechamp("check", "--config", "site.yml", "--json", ...args);
  const { gate } = checkReportSchema.parse(JSON.parse(stdout));
  const [answer] = gate?.cameras[0]?.answers ?? [];
  return `${status} ${answer?.reasons.map(({ code }) => code).join(" ")}`;
}

async function authorise(certificateId: string): Promise<void> {
  const { onnx } = await loadManifest(DEFAULT_MODEL);
  const authorisation = siteAuthorisation({
    cameras: ["gate"],
    events: ["zone_intrusion"],
    zones: [
      {
        ...{ cameraId: "gate", event: "zone_intrusion", polygon: HALL, nature: "forbidden" },
        justification: "An example",
      },
    ],
    validUntil: Date.now() + 300 * DAY,
    overrides: {
      maxDuration: "P1Y",
      analytics: [
        {
          ...{ analyticId: analyticId("zone_intrusion"), modelSha256: onnx.sha256 },
          benchCertificateId: certificateId,
        },
      ],
    },
  });
  await writeDocument(inside("documents", "site.yml"), authorisation);
  const notice = exampleNotice({
    ...{ authorisationId: authorisation.id, events: ["zone_intrusion"], cameras: ["gate"] },
    publishedAt: new Date(Date.now() - 3 * DAY).toISOString(),
  });
  await writeDocument(inside("documents", "notice.yml"), notice);
}

describe("a closed site, from a suite to what the gate says", () => {
  it("measures nothing before thresholds were fixed", () => {
    const { status, said } = certify(...running);
    expect(status, said).not.toBe(0);
    expect(said).not.toContain("Running");
    expect(readdirSync(folder)).not.toContain("measured");
  });

  it("runs what was fixed, and lets the gate say yes with the certificate, and no without it or later", async () => {
    const fixed = contrechamp("audit", "certify", "fix", "thresholds.yml", "--state", "state");
    expect(fixed.status, fixed.said).toBe(0);
    const { status, said, stdout } = certify(...running, "--json");
    expect(status, said).toBe(0);
    expect(readdirSync(inside("measured"))).toEqual(
      expect.arrayContaining(["audit.json", "authorisation.yml", "stills", "trust.yml"]),
    );
    const [certified] = JSON.parse(stdout).certificates;
    expect(certified).toMatchObject({ event: "zone_intrusion", passed: true, signature: "valid" });
    await authorise(certified.id);
    expect(check()).toBe("0 permitted");
    const later = new Date(Date.now() + 200 * DAY).toISOString();
    expect(check("--at", later)).toBe("77 certificate_expired");
    const file = inside(certified.file);
    renameSync(file, `${file}.elsewhere`);
    expect(check()).toBe("77 no_certificate");
    const text = readFileSync(`${file}.elsewhere`, "utf8");
    writeFileSync(file, text.replace("recall: 0.02", "recall: 0.01"));
    expect(check()).toBe("77 no_certificate");
  });

  it("overwrites no measurement, and measures nothing else than what was fixed", () => {
    const again = certify(...running);
    expect(again.status).toBe(73);
    expect(again.said).toContain("AUDIT_EXISTS");
    const reference = inside("suite", "plaza-intrusion.reference.json");
    const text = readFileSync(reference, "utf8");
    const easier = { ...JSON.parse(text), events: [] };
    writeFileSync(reference, JSON.stringify(easier));
    const other = certify("--run", "other", "--key", "certifying.pem");
    writeFileSync(reference, text);
    expect(other.status).toBe(65);
    expect(other.said).toContain("the suite's seal is");
    expect(readdirSync(folder)).not.toContain("other");
  });
});
