import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { type Alert, alertSchema } from "../../src/alerts/alert.ts";
import { readLog } from "../../src/journal/log-reader.ts";
import { verifyJournal } from "../../src/journal/verify.ts";
import { decisionRef } from "../../src/policy/decision-ref.ts";
import { prepareScene } from "../../src/scenes/catalogue.ts";
import { writeScene } from "../../src/scenes/write.ts";
import { recordingSha256 } from "../../src/sources/recording-hash.ts";
import { SITE_PLACE, writeSite } from "../support/authority.ts";
import { seededRandom } from "../support/mutate.ts";

/**
 * The engine of a site, killed with all its processes at random points, again and again on one state folder: what was
 * shown is in the journal, what was acknowledged is there, and the next start makes good what was left.
 */
const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));
const KILLS = 8;

describe("an engine that is killed", () => {
  let folder: string;
  let config: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "contrechamp-killed-engine-"));
    const scene = writeScene(prepareScene("plaza-intrusion", 1, { rate: 8 }), folder);
    const [view] = parse(await readFile(scene.config, "utf8")).cameras;
    config = join(folder, "site.yml");
    const startedAt = new Date(Date.now() - 1_800_000).toISOString();
    await writeFile(
      config,
      stringify({
        schema: "contrechamp/config@1",
        cameras: [{ ...view, ...SITE_PLACE, id: "gate", source: scene.video, startedAt }],
        authority: { profile: "private-premises", documents: "documents", state: "state" },
      }),
    );
    const event = "zone_intrusion" as const;
    await writeSite(join(folder, "documents"), {
      cameras: ["gate"],
      events: [event],
      zones: view.zones.map(({ polygon }: { polygon: [number, number][] }) => ({
        ...{ cameraId: "gate", event, polygon },
        nature: "forbidden",
        justification: "An example",
      })),
      overrides: { recordings: [{ name: "an example", sha256: await recordingSha256(scene.video) }] },
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function start(run: number) {
    const args = [LAUNCHER, "watch", "--config", config, "--out", join(folder, `out-${run}`), "--json"];
    // A group of its own: the kill reaches its cameras too.
    const child = spawn(process.execPath, args, {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, XDG_STATE_HOME: join(folder, "machine") },
    });
    const alerts: Alert[] = [];
    const first = Promise.withResolvers<void>();
    let pending = "";
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (pending + text).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) alerts.push(alertSchema.parse(JSON.parse(line)));
      if (lines.length > 0) first.resolve();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const ended = once(child, "close").finally(() => first.resolve());
    return { child, alerts, first: first.promise, ended, said: () => said };
  }

  it(`loses nothing that was shown or acknowledged, in ${KILLS} kills at random points`, async () => {
    const seed = Date.now();
    const random = seededRandom(seed);
    const shown: Alert[] = [];
    const disposed: string[] = [];
    let killed = 0;
    for (let run = 0; run < KILLS; run += 1) {
      const { child, alerts, first, ended, said } = start(run);
      const manner = run % 3;
      // While it opens and decodes; right after an alert, while its evidence is made; after a person has answered.
      if (manner === 0) await Promise.race([sleep(300 + random() * 3000), ended]);
      else await Promise.race([first, ended]);
      if (manner === 1) await sleep(random() * 400);
      const [alert] = alerts;
      if (manner === 2 && alert !== undefined && (await disposeOf(alert))) disposed.push(alert.id);
      if (killGroup(child)) killed += 1;
      await ended;
      expect(said(), `seed ${seed}`).not.toMatch(/JOURNAL_DAMAGED|VAULT_|INTERNAL/);
      shown.push(...alerts);
    }
    const last = start(KILLS);
    const [code] = await last.ended;
    expect(code, last.said()).toBe(0);
    shown.push(...last.alerts);

    const journal = join(folder, "state", "journal");
    const written = new Set<string>();
    const decisions = new Set<string>();
    const evidence = new Set<unknown>();
    const answered: unknown[] = [];
    let recoveries = 0;
    for await (const { leaf, content } of readLog(journal)) {
      if (content.kind !== "kept") continue;
      const { payload } = content;
      if (leaf.type === "decision") decisions.add(decisionRef(payload as never));
      if (leaf.type === "alert") {
        const { id, kind, decisionRef: ref } = alertSchema.parse(payload);
        expect(decisions, "the decision is written before its alert").toContain(ref);
        written.add(`${kind} ${id}`);
      }
      if (leaf.type === "disposition") answered.push(payload["alertId"]);
      if (leaf.type === "evidence") evidence.add(payload["evidenceId"]);
      if (leaf.type === "recovery") recoveries += 1;
    }
    expect(
      shown.filter(({ id, kind }) => !written.has(`${kind} ${id}`)),
      `seed ${seed}`,
    ).toEqual([]);
    expect(
      disposed.filter((id) => !answered.includes(id)),
      `seed ${seed}`,
    ).toEqual([]);
    // Each sealed evidence that was registered has its manifest: the last start has made good what the kills left.
    const manifests = join(folder, "state", "vault", "manifests");
    expect(existsSync(manifests) ? readdirSync(manifests).length : 0).toBe(evidence.size);
    const { verdict, findings } = await verifyJournal(journal, {});
    expect(verdict, JSON.stringify(findings)).toBe("alone");
    console.log(
      `seed ${seed}: ${killed} kills, ${recoveries} recoveries, ${shown.length} lines shown, ${disposed.length} disposed`,
    );
    // The kills must have met what they are for.
    expect(killed).toBeGreaterThan(KILLS / 2);
    expect(recoveries).toBeGreaterThan(KILLS / 3);
    expect(shown.length).toBeGreaterThan(KILLS / 2);
    expect(disposed.length).toBeGreaterThan(0);
  }, 240_000);

  /** @returns whether it was acknowledged */
  async function disposeOf(alert: Alert): Promise<boolean> {
    const args = ["dispose", alert.id, "--state", join(folder, "state"), "--by", "exemple-7"];
    const said = ["--outcome", "dismissed", "--reason", "permitted_presence", "--json"];
    const child = spawn(process.execPath, [LAUNCHER, ...args, ...said], { stdio: "ignore" });
    const [code] = await once(child, "exit");
    // 1: the journal has it, and evidence could not be erased yet.
    return code === 0 || code === 1;
  }
});

/** @returns whether there was still something to kill */
function killGroup(child: ChildProcess): boolean {
  if (child.pid === undefined || child.exitCode !== null) return false;
  try {
    process.kill(-child.pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}
