import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { type Alert, alertLine } from "../alerts/alert.ts";
import { redactAddress } from "../config/address.ts";
import { configSha256 } from "../config/hash.ts";
import { ownModels } from "../config/own-model.ts";
import type { Config } from "../config/schema.ts";
import {
  type AuthoritySummary,
  type CameraSummary,
  RUN_SCHEMA_ID,
  type RunSummary,
  runSummarySchema,
} from "../engine/run-summary.ts";
import type { CameraResult } from "../engine/supervisor.ts";
import { engineVersion } from "../engine/version.ts";
import { fault } from "../errors.ts";
import { resolveModel } from "../models/models.ts";
import { slotManifest } from "../models/slot-models.ts";
import { writeReport } from "../report/report.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";

/** Where one run writes: alerts as they come, and at the end what it did and the report. */
export interface RunFolder {
  /** Where the results of an earlier run were moved to, null where there were none. */
  readonly kept: string | null;
  readonly reportPath: string;
  alert(alert: Alert): void;
  finish(run: {
    config: Config;
    results: readonly CameraResult[];
    interrupted: boolean;
    endedAt: UtcMilliseconds;
    authority: AuthoritySummary;
  }): Promise<{ alerts: number; cameras: number; videoSeconds: number }>;
  /**
   * Leaves everything as it was before: no camera gave a picture, and there is nothing to tell of.
   * @param state the state's folder, to go too where it lies in the run's own; null keeps it
   */
  discard(state: string | null): Promise<void>;
}

const ALERTS = "alerts.jsonl";
/** Holds the process number of the run under way; a run that was killed leaves it, and it counts for nothing. */
const RUNNING = ".running";

/**
 * Opens a folder for a run. Results of an earlier run are moved aside, never overwritten.
 * @throws OUTPUT_NOT_WRITTEN, OUTPUT_IN_USE
 */
export async function openRunFolder(out: string, startedAt: UtcMilliseconds): Promise<RunFolder> {
  const reportPath = join(out, "report.html");
  await refuseWhileRunning(out);
  try {
    const kept = await moveAside(out);
    const made = await mkdir(out, { recursive: true });
    await writeFile(join(out, RUNNING), String(process.pid));
    const alerts = openSync(join(out, ALERTS), "ax", 0o640);
    return {
      kept,
      reportPath,
      // At once and in order: an alert that was shown is on the disk, whatever happens next.
      alert: (alert) => void writeSync(alerts, `${alertLine(alert)}\n`),
      finish: async (run) => {
        closeSync(alerts);
        const summary = await summarise({ ...run, startedAt });
        await writeFile(join(out, "run.json"), `${JSON.stringify(summary, null, 2)}\n`);
        await writeReport(summary, reportPath);
        await rm(join(out, RUNNING), { force: true });
        return {
          alerts: summary.cameras
            .flatMap((camera) => camera.alerts)
            .filter((alert) => alert.kind === "raised").length,
          cameras: summary.cameras.length,
          videoSeconds: summary.cameras.reduce((sum, camera) => sum + camera.videoSeconds, 0),
        };
      },
      discard: async (state) => {
        closeSync(alerts);
        if (state === join(out, "state")) await rm(state, { recursive: true, force: true });
        for (const name of [ALERTS, RUNNING]) await rm(join(out, name), { force: true });
        // A folder that was there before stays; one in which something was written after all stays, too.
        const gone = (made !== undefined || kept !== null) && (await removeEmpty(out));
        if (gone && kept !== null) await rename(kept, out);
      },
    };
  } catch (thrown) {
    throw fault("OUTPUT_NOT_WRITTEN", { folder: out, reason: reasonOf(thrown) }, thrown);
  }
}

function reasonOf(thrown: unknown): string {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
  switch (code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "this user may not write there";
    case "EEXIST":
    case "ENOTDIR":
      return "a part of that path is a file, not a folder";
    case "ENOSPC":
      return "the disk is full";
    default:
      return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** Removes a folder that holds nothing but empty folders. @returns false where it holds more */
async function removeEmpty(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || !(await removeEmpty(join(folder, entry.name)))) return false;
  }
  await rmdir(folder);
  return true;
}

/** Whether a camera did not see all that it was given: it failed, or its recording was cut short. */
export function incomplete(summary: CameraSummary): boolean {
  return summary.failed || summary.health.some((entry) => entry.code === "SOURCE_TRUNCATED");
}

/** Two runs in one folder would write into each other's results. */
async function refuseWhileRunning(out: string): Promise<void> {
  const text = await readFile(join(out, RUNNING), "utf8").catch(() => "");
  const other = Number(text);
  if (text === "" || !Number.isSafeInteger(other) || other <= 0 || !isAlive(other)) return;
  throw fault("OUTPUT_IN_USE", { folder: out, process: other });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // It is there, and another user's.
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}

async function moveAside(out: string): Promise<string | null> {
  if (!existsSync(join(out, ALERTS))) return null;
  const began = await startOf(join(out, "run.json"));
  for (let copy = 0; ; copy += 1) {
    const kept = `${out}-${began}${copy === 0 ? "" : `-${copy}`}`;
    if (existsSync(kept)) continue;
    await rename(out, kept);
    return kept;
  }
}

/** When an earlier run began, for the name of its folder. */
async function startOf(runFile: string): Promise<string> {
  try {
    const run = runSummarySchema.parse(JSON.parse(await readFile(runFile, "utf8")));
    return run.startedAt.slice(0, 19).replaceAll(/[-:]/g, "");
  } catch {
    // A run that was killed wrote no summary; its alerts are kept all the same.
    return "unfinished";
  }
}

async function summarise(run: {
  config: Config;
  results: readonly CameraResult[];
  interrupted: boolean;
  startedAt: UtcMilliseconds;
  endedAt: UtcMilliseconds;
  authority: AuthoritySummary;
}): Promise<RunSummary> {
  const { manifest } = await resolveModel(run.config.engine.model, { offline: true });
  const own = ownModels(run.config.cameras.flatMap(({ rules }) => rules));
  const models = [manifest, ...(await Promise.all(own.map(slotManifest)))];
  const cores = cpus();
  return runSummarySchema.parse({
    schema: RUN_SCHEMA_ID,
    engine: { version: engineVersion(), node: process.version },
    machine: {
      description: cores[0]?.model.trim() || process.arch,
      cores: cores.length,
      memoryBytes: totalmem(),
    },
    command: ["contrechamp", ...process.argv.slice(2).map(redactAddress)].join(" "),
    startedAt: formatUtc(run.startedAt),
    endedAt: formatUtc(run.endedAt),
    authority: run.authority,
    outcome: run.interrupted
      ? "interrupted"
      : run.results.some((result) => incomplete(result.summary))
        ? "partial"
        : "complete",
    configSha256: configSha256(run.config),
    models: models.map(({ name, onnx, licence, card }) => {
      return { name, sha256: onnx.sha256, licence: licence.spdx, limits: card.limits };
    }),
    cameras: run.results.map((result) => result.summary),
  } satisfies RunSummary);
}
