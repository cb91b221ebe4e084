import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { type Alert, alertLine } from "../alerts/alert.ts";
import { redactAddress } from "../config/address.ts";
import { configSha256 } from "../config/hash.ts";
import type { Config } from "../config/schema.ts";
import {
  type CameraSummary,
  RUN_SCHEMA_ID,
  type RunSummary,
  runSummarySchema,
} from "../engine/run-summary.ts";
import type { CameraResult } from "../engine/supervisor.ts";
import { engineVersion } from "../engine/version.ts";
import { fault } from "../errors.ts";
import { resolveModel } from "../models/models.ts";
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
  }): Promise<{ alerts: number; cameras: number; videoSeconds: number }>;
}

const ALERTS = "alerts.jsonl";

/**
 * Opens a folder for a run. Results of an earlier run are moved aside, never overwritten.
 * @throws OUTPUT_NOT_WRITTEN
 */
export async function openRunFolder(out: string, startedAt: UtcMilliseconds): Promise<RunFolder> {
  const reportPath = join(out, "report.html");
  try {
    const kept = await moveAside(out);
    await mkdir(out, { recursive: true });
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
        return {
          alerts: summary.cameras
            .flatMap((camera) => camera.alerts)
            .filter((alert) => alert.kind === "raised").length,
          cameras: summary.cameras.length,
          videoSeconds: summary.cameras.reduce((sum, camera) => sum + camera.videoSeconds, 0),
        };
      },
    };
  } catch (thrown) {
    throw fault(
      "OUTPUT_NOT_WRITTEN",
      { folder: out, reason: thrown instanceof Error ? thrown.message : String(thrown) },
      thrown,
    );
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
}): Promise<RunSummary> {
  const { manifest, sha256 } = await resolveModel(run.config.engine.model, { offline: true });
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
    outcome: run.interrupted
      ? "interrupted"
      : run.results.every((result) => result.error === null && result.summary?.failed === false)
        ? "complete"
        : "partial",
    configSha256: configSha256(run.config),
    models: [{ name: manifest.name, sha256, licence: manifest.licence.spdx, limits: manifest.card.limits }],
    cameras: run.config.cameras.map((camera) => {
      const result = run.results.find((candidate) => candidate.cameraId === camera.id);
      return result?.summary ?? withoutPictures(camera, result ?? null, run.endedAt);
    }),
  } satisfies RunSummary);
}

/** What there is to say of a camera whose run gave no summary. */
function withoutPictures(
  camera: Config["cameras"][number],
  result: CameraResult | null,
  at: UtcMilliseconds,
): CameraSummary {
  const error = result?.error ?? null;
  return {
    id: camera.id,
    address: redactAddress(camera.source),
    live: false,
    width: null,
    height: null,
    startedAt: null,
    videoSeconds: 0,
    suspendedSeconds: 0,
    failed: error !== null,
    rules: [],
    frames: { decoded: 0, analysed: 0, inferred: 0, gated: 0, dropped: 0 },
    stages: [],
    cpuSecondsPerVideoSecond: null,
    peakRssBytes: null,
    greyShare: null,
    health:
      error === null
        ? []
        : [
            {
              kind: "camera_blind",
              at: formatUtc(at),
              streamTime: null,
              code: error.code,
              detail: `${error.message} ${error.help}`,
              count: null,
            },
          ],
    alerts: [],
    counts: [],
  };
}
