import { resolve } from "node:path";
import { Command, Option } from "commander";
import { configSha256 } from "../config/hash.ts";
import { ownModels } from "../config/own-model.ts";
import type { Config } from "../config/schema.ts";
import { neverRan } from "../engine/camera-account.ts";
import type { SupervisedJob } from "../engine/messages.ts";
import type { CameraResult } from "../engine/supervisor.ts";
import { EXIT, type ExitCode, fault } from "../errors.ts";
import { loadRegime } from "../policy/profile-load.ts";
import { LANGUAGES, type Language, languageOf } from "../report/language.ts";
import { systemClock } from "../time/clock.ts";
import { parseDuration } from "../time/duration.ts";
import { Narrator } from "./narrator.ts";
import { createRunDisplay } from "./run-display.ts";
import { incomplete, openRunFolder, type RunFolder } from "./run-folder.ts";
import { type OpenSite, openSite } from "./site.ts";
import { modelOf, outputFolder, slotsOf, stateFolder } from "./site-sources.ts";
import { type ChosenCameras, watchedConfig, watchJobs } from "./watch-jobs.ts";
import { INTERRUPTED, supervise } from "./watch-run.ts";

export interface WatchOptions extends ChosenCameras {
  readonly out?: string;
  readonly state?: string;
  readonly realtime: boolean;
  readonly for?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly lang?: Language;
}

export function watchCommand(): Command {
  return new Command("watch")
    .description(
      "Analyse recordings or live streams now: alerts as they come, redacted evidence, a report at the end. Nothing runs without an authorisation.",
    )
    .argument("[source...]", "files, folders of images, devices, or rtsp, rtsps, http and https addresses")
    .option("--config <file>", "cameras, zones, lines and rules; without SOURCE its cameras are watched")
    .option("--camera <id>", "which camera of the configuration stands for SOURCE, where it has several")
    .option("--profile <id>", "the law that applies, as data: see `contrechamp profile list`")
    .option("--documents <dir>", "folder of authorisations, certificates, notices and trusted keys")
    .option("--state <dir>", "folder of the journal, the holds and the keys (default: state in --out)")
    .option("--shadow", "count episodes and show nothing to anyone", false)
    .option("--out <dir>", "where results are written (default: out)")
    .option("--realtime", "hold recordings to their own pace", false)
    .option("--for <duration>", "stop after so much video, such as 30s or 10m")
    .option("--json", "alerts as JSON lines on standard output", false)
    .option("--quiet", "results only: no bars, no notes", false)
    .addOption(new Option("--lang <language>", "language of what is printed").choices([...LANGUAGES]))
    .addHelpText(
      "after",
      `
Exit codes: 0 all went well, also where live cameras were stopped by Ctrl-C or their authorisation ended; 1 part of
it failed: a camera was lost, held, or a file could not be read to its end; 77 nothing may run, and why; 130 stopped
before the end of a recording. Where no camera gave a picture, the first one's own: 65 not a video, 66 not found,
69 not reachable; then nothing is written. Otherwise 64 wrong usage; 70 a fault of Contrechamp; 73 cannot write;
78 bad configuration.`,
    )
    .action(watch);
}

/** What stands beside the cameras while they run, and after them: the server. */
export interface Beside {
  /** Resolves when somebody has ended it; until then it stands, also where no camera may run. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Opens what stands beside the cameras, once the site is open. */
export type OpenBeside = (site: OpenSite, config: Config, state: string) => Promise<Beside>;

async function watch(sources: readonly string[], options: WatchOptions): Promise<void> {
  await runWatch(sources, options, null);
}

/** Runs the cameras as `watch` does. @param openBeside null where nothing stands beside them */
export async function runWatch(
  sources: readonly string[],
  options: WatchOptions,
  openBeside: OpenBeside | null,
): Promise<void> {
  const longest = options.for === undefined ? null : parseDuration(options.for);
  if (options.for !== undefined && longest === null) {
    throw fault("USAGE_DURATION", { option: "--for", found: options.for });
  }
  const config = await watchedConfig(sources, options);
  const { profile } = config.authority;
  const regime = profile === null ? null : (await loadRegime(profile)).profile;
  const out = outputFolder(config, options.out);
  const state = stateFolder(config, regime, options.state, out);
  // Somebody who names one camera alone wants to know at once that it is not there.
  const patient = config.cameras.length > 1 || options.config !== undefined;
  const display = createRunDisplay(options.quiet);
  const narrator = new Narrator(display, options.lang ?? languageOf(process.env), options.json);
  const named = await watchJobs(config, { regime, out, realtime: options.realtime, longest, patient });
  const unnamed = named.filter(({ error }) => error !== null);
  for (const { job, error } of unnamed) if (error !== null) narrator.failed(job.camera.id, error);
  const jobs = named.filter(({ error }) => error === null).map(({ job }) => job);

  const folder = await openRunFolder(out, systemClock.now());
  const stopping = new AbortController();
  const site = await openSite({
    config,
    configFile: options.config === undefined ? null : resolve(options.config),
    configSha256: configSha256(config),
    state,
    cameras: jobs.map(({ camera, authority }) => ({ camera, authority })),
    model: await modelOf(config),
    slots: await slotsOf(config),
    clock: systemClock,
    onFault: (error) => {
      narrator.failed("journal", error);
      stopping.abort();
    },
    onWarning: (error) => narrator.failed("state", error),
  });
  const refused = jobs.filter(({ camera }) => !site.authority.mayRun(camera.id));
  for (const { file, code, message } of site.authority.world.faults) narrator.unreadable(file, code, message);
  for (const { camera } of refused) narrator.refused(site.authority.decisions(camera.id));
  // Who starts it wants to know at once that a document cannot be read; found while it runs, it is waited for.
  const waits = site.authority.world.faults.length === 0;
  const never = refused.filter(({ camera }) => !waits || !site.authority.waits(camera.id));
  if (openBeside === null && jobs.length > 0 && never.length === jobs.length) {
    await site.close();
    // What the gate said stays in the journal, where an earlier run's results were.
    if (folder.kept !== null) narrator.kept(folder.kept);
    await folder.discard(null);
    display.close();
    process.exitCode = EXIT.notPermitted;
    return;
  }
  if (jobs.length > 0) await narrator.model(config.engine.model);
  const permitted = jobs.flatMap(({ camera }) => {
    const allowed = new Set(
      site.authority.decisions(camera.id).flatMap(({ allow, ruleId }) => (allow ? [ruleId] : [])),
    );
    return camera.rules.filter(({ id }) => allowed.has(id));
  });
  for (const { manifest } of ownModels(permitted)) await narrator.model(manifest);
  const beside =
    openBeside === null ? null : await besideOrClose(openBeside, { site, config, state, folder });
  const { results, interrupted } = await supervise({
    jobs: jobs.map((job) => ({ ...job, vault: site.vault?.forCameras ?? null })),
    site,
    state,
    folder,
    narrator,
    display,
    signal: stopping.signal,
  });
  // What leaves no trace is not served either.
  const untraced = new Promise<void>((resolve) => {
    if (stopping.signal.aborted) resolve();
    stopping.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  if (beside !== null) await Promise.race([beside.ended, untraced]);
  await beside?.close();
  const authority = site.summary();
  await site.close();
  display.close();
  const all = [...results, ...unnamed.map(({ job, error }) => neverRan(job, error, systemClock))];
  if (results.some((result) => result.ran)) {
    const outcome = await folder.finish({
      config,
      results: all,
      interrupted,
      endedAt: systemClock.now(),
      authority,
    });
    if (folder.kept !== null) narrator.kept(folder.kept);
    narrator.finished(outcome, folder.reportPath);
  } else {
    await folder.discard(state);
    narrator.nothing();
  }
  process.exitCode = exitCode(jobs, all, interrupted);
}

/** Where it cannot be opened nothing of the run is left open either. */
async function besideOrClose(
  open: OpenBeside,
  run: {
    readonly site: OpenSite;
    readonly config: Config;
    readonly state: string;
    readonly folder: RunFolder;
  },
): Promise<Beside> {
  try {
    return await open(run.site, run.config, run.state);
  } catch (error) {
    await run.site.close();
    await run.folder.discard(null);
    throw error;
  }
}

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
