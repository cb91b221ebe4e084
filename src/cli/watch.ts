import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { expandSource } from "../config/address.ts";
import { configSha256 } from "../config/hash.ts";
import { defaultCamera, defaultConfig, loadConfig } from "../config/load.ts";
import type { CameraConfig, Config } from "../config/schema.ts";
import { type CameraResult, type SupervisedJob, Supervisor } from "../engine/supervisor.ts";
import { EXIT, fault } from "../errors.ts";
import { isLive } from "../sources/address.ts";
import { systemClock } from "../time/clock.ts";
import { parseDuration } from "../time/duration.ts";
import { Narrator } from "./narrator.ts";
import { createRunDisplay, type RunDisplay } from "./run-display.ts";
import { openRunFolder, type RunFolder } from "./run-folder.ts";
import { environmentLanguage, LANGUAGES, type Language } from "./words.ts";

interface WatchOptions {
  readonly config?: string;
  readonly camera?: string;
  readonly out?: string;
  readonly realtime: boolean;
  readonly for?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly lang?: Language;
}

export function watchCommand(): Command {
  return new Command("watch")
    .description(
      "Analyse recordings or live streams now: alerts as they come, redacted evidence, a report at the end.",
    )
    .argument("[source...]", "files, folders of images, devices, or rtsp, rtsps, http and https addresses")
    .option("--config <file>", "cameras, zones, lines and rules; without SOURCE its cameras are watched")
    .option("--camera <id>", "which camera of the configuration stands for SOURCE, where it has several")
    .option("--out <dir>", "where results are written (default: out)")
    .option("--realtime", "hold recordings to their own pace", false)
    .option("--for <duration>", "stop after so much video, such as 30s or 10m")
    .option("--json", "alerts as JSON lines on standard output", false)
    .option("--quiet", "results only: no bars, no notes", false)
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .action(watch);
}

async function watch(sources: readonly string[], options: WatchOptions): Promise<void> {
  const longest = options.for === undefined ? null : parseDuration(options.for);
  if (options.for !== undefined && longest === null) {
    throw fault("USAGE_DURATION", { option: "--for", found: options.for });
  }
  const config = await configuration(sources, options);
  const out = resolve(options.out ?? config.output.directory ?? "out");
  const folder = await openRunFolder(out, systemClock.now());
  const display = createRunDisplay(options.quiet);
  const narrator = new Narrator(display, options.lang ?? environmentLanguage(process.env), options.json);
  if (folder.kept !== null) narrator.kept(folder.kept);
  const jobs = toJobs(config, out, options.realtime, longest);
  await narrator.model(config.engine.model);
  const { results, interrupted } = await supervise(jobs, folder, narrator, display);
  display.close();
  const outcome = await folder.finish({ config, results, interrupted, endedAt: systemClock.now() });
  narrator.finished(outcome, folder.reportPath);
  process.exitCode = exitCode(results);
}

/** The cameras to watch: the configuration's own, or SOURCE in the place of one of them, or SOURCE alone. */
async function configuration(sources: readonly string[], options: WatchOptions): Promise<Config> {
  if (options.config === undefined) {
    if (sources.length === 0) throw fault("USAGE_NO_SOURCE", {});
    return defaultConfig(
      sources.map((source, index) => defaultCamera(source, cameraName(index, sources.length))),
    );
  }
  const config = await loadConfig(options.config);
  const chosen = choose(config.cameras, options.camera);
  if (sources.length === 0) return { ...config, cameras: chosen };
  const [like, ...others] = chosen;
  if (like === undefined || others.length > 0) {
    throw fault("USAGE_WHICH_CAMERA", { cameras: config.cameras.map((camera) => camera.id).join(", ") });
  }
  return {
    ...config,
    cameras: sources.map((source, index) => {
      const id = sources.length === 1 ? like.id : `${like.id}-${index + 1}`;
      return { ...like, id, source: defaultCamera(source, id).source };
    }),
  };
}

function choose(cameras: readonly CameraConfig[], id: string | undefined): readonly CameraConfig[] {
  if (id === undefined) return cameras;
  const found = cameras.filter((camera) => camera.id === id);
  if (found.length === 0) {
    throw fault("USAGE_UNKNOWN_CAMERA", { id, cameras: cameras.map((camera) => camera.id).join(", ") });
  }
  return found;
}

function cameraName(index: number, of: number): string {
  return of === 1 ? "camera" : `camera-${index + 1}`;
}

function toJobs(config: Config, out: string, realtime: boolean, longest: number | null): SupervisedJob[] {
  const sha256 = configSha256(config);
  const threads = config.engine.threads === "auto" ? inferenceThreads() : config.engine.threads;
  return config.cameras.map((camera) => ({
    camera,
    engine: { ...config.engine, threads },
    evidence: config.evidence,
    configSha256: sha256,
    out,
    realtime,
    longest,
    live: isLive(expandSource(camera.source, process.env)),
  }));
}

/** One core is left to decode. More than four threads no longer speed a network of the default's size. */
function inferenceThreads(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1));
}

async function supervise(
  jobs: readonly SupervisedJob[],
  folder: RunFolder,
  narrator: Narrator,
  display: RunDisplay,
): Promise<{ results: readonly CameraResult[]; interrupted: boolean }> {
  let interrupted = false;
  const supervisor = new Supervisor({
    clock: systemClock,
    parallelRecordings: Math.max(1, Math.floor(availableParallelism() / 2)),
    events: {
      ready: (cameraId, info) => {
        display.begin(cameraId, info.duration);
        narrator.ready(
          cameraId,
          info,
          jobs.find((job) => job.camera.id === cameraId)?.camera.rules.length ?? 0,
        );
      },
      alert: (alert) => {
        folder.alert(alert);
        narrator.alert(alert);
      },
      health: (cameraId, health) => narrator.health(cameraId, health),
      progress: (cameraId, videoSeconds, wallSeconds) =>
        display.progress(cameraId, videoSeconds, wallSeconds),
      failed: (cameraId, error) => {
        display.end(cameraId);
        narrator.failed(cameraId, error);
      },
    },
  });
  const stop = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    narrator.stopping();
    supervisor.stop();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    return { results: await supervisor.run(jobs), interrupted };
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

/** 0 when every camera ran to its end; the camera's own code when none ran; 1 when some did. */
function exitCode(results: readonly CameraResult[]): number {
  const failed = results.flatMap((result) => (result.error === null ? [] : [result.error]));
  const [first] = failed;
  if (first === undefined) return results.some((result) => result.summary?.failed) ? EXIT.partial : EXIT.ok;
  return failed.length === results.length ? first.exit : EXIT.partial;
}
