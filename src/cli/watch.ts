import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { expandSource, redactAddress } from "../config/address.ts";
import { configSha256 } from "../config/hash.ts";
import { defaultCamera, defaultConfig, loadConfig } from "../config/load.ts";
import type { CameraConfig, Config } from "../config/schema.ts";
import type { SupervisedJob } from "../engine/messages.ts";
import { type CameraResult, Supervisor } from "../engine/supervisor.ts";
import { EXIT, type ExitCode, fault } from "../errors.ts";
import { LANGUAGES, type Language, languageOf } from "../report/language.ts";
import { BUILT_EVENTS } from "../rules/registry.ts";
import { isLive } from "../sources/address.ts";
import { systemClock } from "../time/clock.ts";
import { parseDuration } from "../time/duration.ts";
import { Narrator } from "./narrator.ts";
import { createRunDisplay, type RunDisplay } from "./run-display.ts";
import { incomplete, openRunFolder, type RunFolder } from "./run-folder.ts";

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
    .addHelpText(
      "after",
      `
Exit codes: 0 all went well, also where live cameras were stopped by Ctrl-C; 1 part of it failed: a camera was
lost, a file could not be read to its end; 130 stopped before the end of a recording. Where no camera gave a
picture, the first one's own: 65 not a video, 66 not found, 69 not reachable; then nothing is written.
Otherwise 64 wrong usage; 70 a fault of Contrechamp; 73 cannot write; 78 bad configuration.`,
    )
    .action(watch);
}

async function watch(sources: readonly string[], options: WatchOptions): Promise<void> {
  const longest = options.for === undefined ? null : parseDuration(options.for);
  if (options.for !== undefined && longest === null) {
    throw fault("USAGE_DURATION", { option: "--for", found: options.for });
  }
  const config = await configuration(sources, options);
  refuseUnbuilt(config);
  const out = resolve(options.out ?? config.output.directory ?? "out");
  // Somebody who names one camera alone wants to know at once that it is not there.
  const patient = config.cameras.length > 1 || options.config !== undefined;
  const jobs = toJobs(config, { out, realtime: options.realtime, longest, patient });
  const display = createRunDisplay(options.quiet);
  const narrator = new Narrator(display, options.lang ?? languageOf(process.env), options.json);
  await narrator.model(config.engine.model);
  const folder = await openRunFolder(out, systemClock.now());
  const { results, interrupted } = await supervise(jobs, folder, narrator, display);
  display.close();
  if (results.some((result) => result.ran)) {
    const outcome = await folder.finish({ config, results, interrupted, endedAt: systemClock.now() });
    if (folder.kept !== null) narrator.kept(folder.kept);
    narrator.finished(outcome, folder.reportPath);
  } else {
    await folder.discard();
    narrator.nothing();
  }
  process.exitCode = exitCode(jobs, results, interrupted);
}

/** A rule that would not run is refused before anything starts: somebody relies on it. */
function refuseUnbuilt(config: Config): void {
  const built: readonly string[] = BUILT_EVENTS;
  const list = config.cameras.flatMap((camera) =>
    camera.rules
      .filter((rule) => !built.includes(rule.event))
      .map((rule) => `rule ${rule.id} of camera ${camera.id} (${rule.event})`),
  );
  if (list.length > 0) throw fault("RULES_NOT_BUILT", { list: list.join(", "), known: built.join(", ") });
}

/** The cameras to watch: the configuration's own, or SOURCE in the place of one of them, or SOURCE alone. */
async function configuration(sources: readonly string[], options: WatchOptions): Promise<Config> {
  const twice = sources.find((source, index) => sources.indexOf(source) !== index);
  if (twice !== undefined) throw fault("USAGE_SOURCE_TWICE", { source: redactAddress(twice) });
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

function toJobs(
  config: Config,
  { patient, ...run }: Pick<SupervisedJob, "out" | "realtime" | "longest" | "patient">,
): SupervisedJob[] {
  const sha256 = configSha256(config);
  const threads = config.engine.threads === "auto" ? inferenceThreads() : config.engine.threads;
  return config.cameras.map((camera) => {
    const live = isLive(expandSource(camera.source, process.env));
    return {
      ...run,
      camera,
      engine: { ...config.engine, threads },
      evidence: config.evidence,
      configSha256: sha256,
      live,
      patient: live && patient,
    };
  });
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
  let saidNoRules = false;
  const supervisor = new Supervisor({
    clock: systemClock,
    parallelRecordings: Math.max(1, Math.floor(availableParallelism() / 2)),
    events: {
      ready: (cameraId, info) => {
        display.begin(cameraId, info.duration);
        narrator.ready(cameraId, info);
        const rules = jobs.find((job) => job.camera.id === cameraId)?.camera.rules ?? [];
        if (rules.length > 0 || saidNoRules) return;
        saidNoRules = true;
        narrator.noRules(cameraId);
      },
      alert: (alert) => {
        folder.alert(alert);
        narrator.alert(alert);
      },
      health: (cameraId, health) => narrator.health(cameraId, health),
      progress: (cameraId, videoSeconds, wallSeconds) =>
        display.progress(cameraId, videoSeconds, wallSeconds),
      ended: (cameraId, error) => {
        display.end(cameraId);
        if (error !== null) narrator.failed(cameraId, error);
      },
    },
  });
  const stop = () => {
    if (interrupted) {
      display.close();
      supervisor.kill();
      process.exit(INTERRUPTED);
    }
    interrupted = true;
    narrator.stopping();
    supervisor.stop();
  };
  // Whoever reads the alerts has left (`| head`): as if by Ctrl-C, with what there is written.
  const unread = () => {
    if (!interrupted) stop();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.stdout.on("error", unread);
  try {
    return { results: await supervisor.run(jobs), interrupted };
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    process.stdout.off("error", unread);
  }
}

/** As a shell has it: 128 and SIGINT. */
const INTERRUPTED = 130;

/**
 * 0 when every camera ran to its end, and for live cameras that is when they are told to stop; 130 when recordings
 * were not seen to theirs; the first camera's own code when none ran; 1 when part of it failed.
 */
function exitCode(
  jobs: readonly SupervisedJob[],
  results: readonly CameraResult[],
  interrupted: boolean,
): ExitCode | typeof INTERRUPTED {
  if (interrupted && jobs.some((job) => !job.live)) return INTERRUPTED;
  const error = results.find((result) => result.error !== null)?.error ?? null;
  if (error !== null) return results.some((result) => result.ran) ? EXIT.partial : error.exit;
  return results.some((result) => incomplete(result.summary)) ? EXIT.partial : EXIT.ok;
}
