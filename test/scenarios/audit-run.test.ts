import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeExample } from "../../src/audit/example/write-example.ts";
import { auditRecordSchema } from "../../src/audit/record.ts";
import { runSuite } from "../../src/audit/run/run-suite.ts";
import { type Scores, scoresSchema } from "../../src/audit/scores.ts";
import { scoresOf } from "../../src/audit/scoring/scores.ts";
import { loadSuite } from "../../src/audit/suite.ts";
import { defaultConfig } from "../../src/config/load.ts";
import { systemClock } from "../../src/time/clock.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/contrechamp", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "contrechamp-audit-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const state = join(folder, "state");

interface Ended {
  readonly exitCode: number | null;
  readonly said: string;
}

/** `contrechamp audit run ARGS`, started as its user would start it. @param until stops it once this was said */
function auditRun(args: readonly string[], until?: RegExp): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCHER, "audit", "run", ...args, "--lang", "en"], {
      env: { ...process.env, XDG_STATE_HOME: state, CONTRECHAMP_CHROMIUM: "/nowhere" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    let stopped = false;
    const hear = (text: string) => {
      said += text;
      if (stopped || until?.test(said) !== true) return;
      stopped = true;
      child.kill("SIGINT");
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.stderr.setEncoding("utf8").on("data", hear);
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, said }));
  });
}

const scores = (file: string): Scores =>
  scoresSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
/** Without what the clock and the processor say. */
const timeless = (of: Scores) => ({
  ...of,
  clips: of.clips.map((clip) => ({ ...clip, wallSeconds: 0, cpuSeconds: 0 })),
});

describe("contrechamp audit run", () => {
  let suite: string;
  let first: Ended;

  beforeAll(async () => {
    suite = writeExample(join(folder, "suite"), { small: true }).suite;
    first = await auditRun([
      suite,
      "--json",
      join(folder, "a.json"),
      "--report",
      join(folder, "report"),
      "--contested",
    ]);
  });

  it("runs every clip through the engine and writes its scores", () => {
    expect(first.said).not.toContain("INTERNAL");
    expect(first.exitCode).toBe(0);
    const { clips, events, engine, exposureHours, slices } = scores("a.json");
    expect(clips.map(({ id }) => id)).toEqual(["square-day", "square-passers", "corridor-in"]);
    expect(exposureHours).toBeCloseTo(30 / 3600, 3);
    expect(engine.modelSha256).toMatch(/^[0-9a-f]{64}$/);
    for (const { seconds, wallSeconds, cpuSeconds } of clips) {
      expect(seconds).toBeGreaterThan(9.5);
      expect(wallSeconds).toBeGreaterThan(0);
      expect(cpuSeconds).toBeGreaterThan(0);
    }
    // Drawn scenes of the plainest kind: what happens in them is found.
    expect(events["zone_intrusion"]).toMatchObject({ references: 1, hits: 1, misses: 0, recall: 1 });
    expect(events["wrong_way"]?.references).toBeGreaterThan(0);
    expect(Object.keys(slices)).toContain("weather=dry");
    // Their true tracks are known too.
    for (const { tracking } of clips) expect(tracking?.hota).toBeGreaterThan(0.2);
  });

  it("leaves a record that says all that the scores rest on, its authorisation, and redacted stills", () => {
    const report = join(folder, "report");
    const record = auditRecordSchema.parse(JSON.parse(readFileSync(join(report, "audit.json"), "utf8")));
    expect(record.system).toMatchObject({ kind: "engine" });
    const stills = record.clips.flatMap(({ background, rules }) => [
      background,
      ...rules.flatMap(({ references, alerts }) => [...references, ...alerts].map(({ still }) => still)),
    ]);
    expect(stills.length).toBeGreaterThan(4);
    for (const still of stills) expect(existsSync(join(report, still ?? "nowhere"))).toBe(true);
    const authorisation = readFileSync(join(report, "authorisation.yml"), "utf8");
    for (const { videoSha256 } of record.clips) expect(authorisation).toContain(videoSha256);
    const page = readFileSync(join(report, "report.html"), "utf8");
    // Long hashes may be broken over lines.
    expect(page.replaceAll("<wbr>", "")).toContain(record.suite.sha256);
    expect(record.clips.flatMap(({ contested }) => contested).length).toBeGreaterThan(0);
    // No track of anybody is in it.
    expect(JSON.stringify(record)).not.toMatch(/track_?id|trajectory|embedding/i);
  });

  it("forgets what it kept in case of an interruption", () => {
    expect(
      existsSync(join(state, "contrechamp", "audit")) ? readdirSync(join(state, "contrechamp", "audit")) : [],
    ).toEqual([]);
  });

  it("overwrites nothing that it was not told to", async () => {
    const before = readFileSync(join(folder, "a.json"), "utf8");
    const { exitCode, said } = await auditRun([suite, "--json", join(folder, "a.json")]);
    expect(exitCode).toBe(73);
    expect(said).toContain("AUDIT_EXISTS");
    expect(readFileSync(join(folder, "a.json"), "utf8")).toBe(before);
  });

  it("goes on where it was stopped, and then gives the very same scores", async () => {
    // An empty file, as mktemp makes it, is nobody's.
    writeFileSync(join(folder, "b.json"), "");
    const args = [suite, "--json", join(folder, "b.json"), "--jobs", "1"];
    const stopped = await auditRun(args, /1 of 3/);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.said).toContain("AUDIT_INTERRUPTED");
    expect(readFileSync(join(folder, "b.json"), "utf8")).toBe("");
    const resumed = await auditRun(args);
    expect(resumed.exitCode).toBe(0);
    expect(resumed.said).toContain("before an interruption");
    expect(resumed.said).not.toContain("1 of 3");
    expect(timeless(scores("b.json"))).toEqual(timeless(scores("a.json")));
  });

  it("scores the other clips where one cannot be analysed, whose events count as missed", async () => {
    const other = join(folder, "broken");
    cpSync(join(folder, "suite"), other, { recursive: true });
    const loaded = await loadSuite(join(other, "suite.yml"));
    const gone = loaded.clips.find(({ id }) => id === "corridor-in");
    rmSync(gone?.video ?? "nowhere");
    const ended: string[] = [];
    const { record, forget } = await runSuite(loaded, {
      engine: defaultConfig([]).engine,
      alignment: "instant",
      recallBias: 1,
      jobs: null,
      contested: false,
      folder: null,
      fresh: true,
      by: "a test",
      command: "",
      clock: systemClock,
      signal: new AbortController().signal,
      onProgress: ({ ended: one }) => {
        if (one !== null) ended.push(`${one.id} ${one.error?.code ?? "done"}`);
      },
    });
    await forget();
    expect(ended.toSorted()).toEqual([
      "corridor-in SOURCE_NOT_FOUND",
      "square-day done",
      "square-passers done",
    ]);
    const { clips, events } = scoresOf(record);
    expect(clips.map(({ seconds }) => seconds > 0)).toEqual([true, true, false]);
    expect(events["wrong_way"]).toMatchObject({ hits: 0, falseAlarmsPerHour: null });
    expect(events["wrong_way"]?.misses).toBeGreaterThan(0);
    expect(events["zone_intrusion"]?.hits).toBe(1);
  });
});
