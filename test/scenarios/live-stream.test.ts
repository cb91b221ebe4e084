import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { evidenceManifestSchema } from "../../src/evidence/manifest.ts";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene } from "../../src/scenes/write.ts";
import { SITE_PLACE, writeSite } from "../support/authority.ts";
import { RtspServer, rtspServerMissing } from "../support/rtsp-server.ts";
import { startWatch, type Watched, type Watching } from "../support/watch.ts";

const missing = rtspServerMissing();
const PASSWORD = "p@ss/word:1";
const CAMERA = "plaza-intrusion";
const SEEN_BY = ["--by", "somebody", "--reason", "a test"];
const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));

async function until(what: string, seconds: number, holds: () => boolean): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what} did not come within ${seconds} s`);
    await sleep(100);
  }
}

describe.skipIf(missing !== null)(`a live camera over RTSP${missing === null ? "" : ` (${missing})`}`, () => {
  let folder: string;
  let server: RtspServer;
  let watching: Watching;
  let watched: Watched;
  let alertsBeforeCut = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "contrechamp-live-"));
    const scene = writeScene(prepareScene("plaza-intrusion", 1, { rate: 12 }), folder);
    server = new RtspServer({ file: scene.video, user: "camera", password: PASSWORD });
    await server.start();
    const config = parse(await readFile(scene.config, "utf8"));
    const [camera] = config.cameras;
    const source = server.address.replace(/:[^:@]*@/, `:\${CAMERA_PASSWORD}@`);
    Object.assign(camera, { ...SITE_PLACE, id: CAMERA, source });
    config.authority = { profile: "private-premises", documents: "documents", state: "state" };
    await writeSite(join(folder, "documents"), {
      cameras: [CAMERA],
      events: ["zone_intrusion"],
      zones: camera.zones.map(({ polygon }: { polygon: [number, number][] }) => ({
        cameraId: CAMERA,
        event: "zone_intrusion",
        polygon,
        nature: "forbidden",
        justification: "An example",
      })),
    });
    const file = join(folder, "live.yml");
    await writeFile(file, stringify(config));

    watching = startWatch(["--config", file, "--for", "60s"], join(folder, "out"), {
      CAMERA_PASSWORD: PASSWORD,
    });
    const raised = () => watching.alerts.filter((alert) => alert.kind === "raised").length;
    await until("the first alert", 55, () => raised() > 0);
    await server.cut();
    await until("the loss of the stream", 20, () => /ended the stream|stopped|lost/i.test(watching.said()));
    alertsBeforeCut = raised();
    await server.start();
    watched = await watching.done;
  }, 150_000);

  afterAll(async () => {
    watching?.process.kill();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function evidenceCommand(...args: readonly string[]): string {
    const all = [LAUNCHER, "evidence", ...args, "--state", join(folder, "state"), "--json"];
    const run = spawnSync(process.execPath, all, { encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    return run.stdout;
  }

  const health = () => watched.run?.cameras[0]?.health.map((entry) => entry.kind) ?? [];

  it("goes blind when the stream is cut, sees again when it is back, and goes on to its end", () => {
    expect(watched.exitCode).toBe(0);
    expect(watched.run?.outcome).toBe("complete");
    expect(health().indexOf("camera_blind")).toBeGreaterThanOrEqual(0);
    expect(health().indexOf("camera_back")).toBeGreaterThan(health().indexOf("camera_blind"));
  });

  it("alerts before the cut and after it", () => {
    const raised = watched.alerts.filter((alert) => alert.kind === "raised");
    expect(alertsBeforeCut).toBeGreaterThan(0);
    expect(raised.length).toBeGreaterThan(alertsBeforeCut);
    expect(raised.every((alert) => alert.event === "zone_intrusion" && alert.ruleId === "area")).toBe(true);
  });

  it("closes each alert that it raised", () => {
    const ids = (kind: string) =>
      watched.alerts.filter((alert) => alert.kind === kind).map((alert) => alert.id);
    expect(ids("closed").toSorted()).toEqual(ids("raised").toSorted());
  });

  it("tells nobody the password", async () => {
    const texts = [watched.errors];
    for (const written of ["out", "state"]) {
      const entries = await readdir(join(folder, written), { recursive: true, withFileTypes: true });
      for (const entry of entries) {
        if (entry.isFile()) texts.push(await readFile(join(entry.parentPath, entry.name), "latin1"));
      }
    }
    for (const text of texts) {
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain(encodeURIComponent(PASSWORD));
    }
  });

  it("shows only shapes on grey, since nobody has approved a background", async () => {
    const raised = watched.alerts.filter((alert) => alert.kind === "raised");
    for (const { evidence } of raised) {
      if (evidence?.kind !== "sealed") throw new Error("evidence of a live camera lies in the vault");
      // It is encrypted: whoever wants to see it says who he is and why.
      const file = join(folder, "seen", `${evidence.id}.json`);
      evidenceCommand("view", evidence.id, "--file", "description", "--out", file, ...SEEN_BY);
      const manifest = evidenceManifestSchema.parse(JSON.parse(await readFile(file, "utf8")));
      expect(manifest.still.background).toMatchObject({ kind: "none", greyShare: 1 });
      expect(manifest.sound).toBe(false);
    }
    const { entries } = JSON.parse(evidenceCommand("list"));
    expect(entries).toHaveLength(raised.length);
    // Each has its place in the journal.
    expect(entries.every(({ leaf }: { leaf: number | null }) => leaf !== null)).toBe(true);
  });
});
