import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { readLog } from "../../src/journal/log-reader.ts";
import type { AnalyticAuthorisation } from "../../src/policy/authorisation.ts";
import { readDocument, writeDocument } from "../../src/policy/documents.ts";
import { resume, suspend } from "../../src/policy/lifecycle.ts";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene } from "../../src/scenes/write.ts";
import { SITE_PLACE, type SiteOf, writeSite } from "../support/authority.ts";
import { testKeys } from "../support/policy-fixtures.ts";
import { RtspServer, rtspServerMissing } from "../support/rtsp-server.ts";
import { startWatch, type Watching } from "../support/watch.ts";

/**
 * A live camera of a closed site, under a real profile, real documents, a real journal and a real vault: what runs,
 * what does not, and how soon it ends when it must.
 */
const missing = rtspServerMissing();
const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));

describe.skipIf(missing !== null)(`a site under authority${missing === null ? "" : ` (${missing})`}`, () => {
  let scenes: string;
  let server: RtspServer;
  let view: { zones: { id: string; polygon: [number, number][] }[] };
  let folder: string;
  let config: string;
  let watching: Watching | null = null;

  beforeAll(async () => {
    scenes = await mkdtemp(join(tmpdir(), "contrechamp-authority-"));
    const scene = writeScene(prepareScene("plaza-intrusion", 1, { rate: 8 }), scenes);
    server = new RtspServer({ file: scene.video });
    await server.start();
    const file = parse(await readFile(scene.config, "utf8"));
    [view] = file.cameras;
  });
  afterAll(async () => {
    await server?.stop();
    await rm(scenes, { recursive: true, force: true });
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "contrechamp-site-"));
    config = join(folder, "site.yml");
    await writeFile(
      config,
      stringify({
        schema: "contrechamp/config@1",
        cameras: [{ ...view, ...SITE_PLACE, id: "gate", source: server.address }],
        authority: { profile: "private-premises", documents: "documents", state: "state" },
      }),
    );
  });
  afterEach(async () => {
    watching?.process.kill("SIGKILL");
    await watching?.done;
    watching = null;
    await rm(folder, { recursive: true, force: true });
  });

  const allowed = (over: Partial<SiteOf> = {}) =>
    writeSite(join(folder, "documents"), {
      cameras: ["gate"],
      events: ["zone_intrusion"],
      zones: view.zones.map(({ polygon }) => ({
        cameraId: "gate",
        event: "zone_intrusion",
        polygon,
        nature: "forbidden",
        justification: "An example",
      })),
      ...over,
    });
  const watch = (...args: readonly string[]) => {
    watching = startWatch(["--config", config, ...args], join(folder, "out"));
    return watching;
  };
  const command = (...args: readonly string[]) => {
    const run = spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: "utf8" });
    return { status: run.status, said: `${run.stdout}${run.stderr}` };
  };
  const raised = (of: Watching) => of.alerts.filter(({ kind }) => kind === "raised");
  const stateFile = (name: string) => join(folder, "state", name);
  const decoding = (): readonly string[] =>
    JSON.parse(readFileSync(stateFile("holds-seen.json"), "utf8")).decoding;
  const leaves = async (type: string) => {
    const found = [];
    for await (const entry of readLog(join(folder, "state", "journal"))) {
      if (entry.leaf.type === type) found.push(entry);
    }
    return found;
  };

  it("raises nothing without an authorisation, and says why with its source", async () => {
    const missing = await watch().done;
    expect(missing.exitCode).toBe(77);
    expect(missing.errors).toContain("documents_unreadable");
    await mkdir(join(folder, "documents"));
    const { exitCode, alerts, errors } = await watch().done;
    expect(exitCode).toBe(77);
    expect(alerts).toEqual([]);
    expect(errors).toContain("no_analytic_authorisation");
    expect(errors).toMatch(/RGPD|GDPR|2016\/679/);
    expect(existsSync(stateFile("journal/checkpoint"))).toBe(true);
    expect(await leaves("decision")).not.toHaveLength(0);
    expect(await leaves("alert")).toEqual([]);
  });

  it("raises alerts with one, and stops at the second at which it ends", async () => {
    const validUntil = Math.floor(Date.now() / 1000) * 1000 + 60_000;
    await allowed({ validUntil });
    const run = watch();
    await until("an alert", 58, () => raised(run).length > 0);
    const { exitCode, alerts } = await run.done;
    const over = Date.now();
    expect(exitCode).toBe(0);
    expect(over).toBeGreaterThanOrEqual(validUntil);
    expect(over - validUntil).toBeLessThan(8000);
    for (const alert of alerts.filter(({ kind }) => kind === "raised")) {
      expect(Date.parse(alert.at)).toBeLessThan(validUntil);
    }
    expect(alerts.filter(({ kind }) => kind === "closed")).toHaveLength(raised(run).length);
    const written = await leaves("alert");
    expect(written).toHaveLength(alerts.length);
    const again = await watch().done;
    expect(again.exitCode).toBe(77);
    expect(again.errors).toContain("authorisation_expired");
  });

  it("keeps evidence encrypted, with a leaf and a manifest for each", async () => {
    await allowed();
    const run = watch();
    await until("an alert", 90, () => raised(run).length > 0);
    await sleep(1000);
    run.process.kill("SIGINT");
    const { alerts } = await run.done;
    expect(alerts[0]?.evidence?.kind).toBe("sealed");
    expect(await leaves("trust")).toHaveLength(1);
    const sealed = await leaves("evidence");
    expect(sealed.length).toBeGreaterThan(0);
    expect(readdirSync(stateFile("vault/manifests"))).toHaveLength(sealed.length);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const { name, parentPath } of files) {
      const bytes = readFileSync(join(parentPath, name));
      expect(bytes.includes("ftyp"), name).toBe(false);
      expect(bytes.subarray(1, 4).toString("latin1"), name).not.toBe("PNG");
    }
  });

  it("stops within a second by the switch, over a kill and a restart, until a person resumes it", async () => {
    await allowed();
    const run = watch();
    await until("the camera", 30, () => run.said().includes("640×360"));
    const stopped = command(
      "stop",
      "--site",
      "--config",
      config,
      "--by",
      "someone",
      "--reason",
      "a test",
      "--json",
    );
    expect(stopped.status, stopped.said).toBe(0);
    const at = Date.now();
    await until("the end of decoding", 1, () => decoding().length === 0);
    expect(Date.now() - at).toBeLessThan(1000);
    run.process.kill("SIGKILL");
    await run.done;

    const again = watch();
    await until("the refusal", 20, () => again.said().includes("stopped"));
    await sleep(2000);
    expect(again.said()).not.toContain("640×360");
    expect(command("resume", "--site", "--config", config, "--by", "someone").status).not.toBe(0);
    const resumed = command(
      ...["resume", "--site", "--config", config, "--by", "someone", "--reason", "the test is over", "--yes"],
    );
    expect(resumed.status, resumed.said).toBe(0);
    await until("the camera", 20, () => again.said().includes("640×360"));
    again.process.kill("SIGINT");
    await again.done;
    expect((await leaves("hold")).length).toBeGreaterThan(0);
    expect((await leaves("hold_released")).length).toBeGreaterThan(0);
  });

  it("stops when its authorisation is suspended, and when its configuration is changed", async () => {
    await allowed();
    const run = watch();
    await until("the camera", 30, () => run.said().includes("640×360"));
    const file = join(folder, "documents", "site.yml");
    const document = (await readDocument(file)) as AnalyticAuthorisation;
    const act = { by: "someone", at: Date.now(), reason: "a test", key: null };
    const suspended = suspend(document, act);
    await writeDocument(file, suspended);
    await until("the end of decoding", 3, () => decoding().length === 0);
    expect(run.said()).toContain("suspended");
    const { issuing } = testKeys();
    await writeDocument(file, resume(suspended, { ...act, at: Date.now(), key: issuing }));
    await until("the camera again", 20, () => decoding().length === 1);

    await writeFile(config, `${await readFile(config, "utf8")}\n# another byte\n`);
    await until("the end of decoding", 3, () => decoding().length === 0);
    expect(run.said()).toContain("configuration_changed");
    run.process.kill("SIGINT");
    await run.done;
    const again = watch();
    await until("the refusal", 20, () => again.said().includes("configuration_changed"));
    expect(again.said()).not.toContain("640×360");
  });

  it("counts in the dark, and shows nothing to anyone", async () => {
    await allowed({ use: "shadow" });
    const run = watch("--shadow");
    await until("the camera", 30, () => run.said().includes("640×360"));
    await sleep(25_000);
    run.process.kill("SIGINT");
    const { alerts, run: summary } = await run.done;
    expect(alerts).toEqual([]);
    expect(summary?.cameras[0]?.alerts).toEqual([]);
    expect(summary?.cameras[0]?.shadow).toEqual([{ ruleId: "area", episodes: expect.any(Number) }]);
    expect(readFileSync(join(folder, "out", "alerts.jsonl"), "utf8")).toBe("");
    expect(existsSync(join(folder, "out", "gate", "evidence"))).toBe(false);
    expect(await leaves("alert")).toEqual([]);
    expect(await leaves("shadow_counts")).not.toHaveLength(0);
  });
});

async function until(what: string, seconds: number, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 1000 * seconds; !holds(); await sleep(20)) {
    if (Date.now() > end) throw new Error(`${what} did not come within ${seconds} s`);
  }
}
