import { availableParallelism } from "node:os";
import { expandSource, redactAddress } from "../config/address.ts";
import { authorityOverride } from "../config/authority-override.ts";
import { configSha256 } from "../config/hash.ts";
import { defaultCamera, defaultConfig, loadConfig } from "../config/load.ts";
import type { CameraConfig, Config } from "../config/schema.ts";
import type { SupervisedJob } from "../engine/messages.ts";
import type { JobAuthority } from "../engine/permission.ts";
import { asCoded, type CodedError, fault } from "../errors.ts";
import type { Regime } from "../policy/profile.ts";
import type { FootageKind, Use } from "../policy/question.ts";
import { EMPTY_WORLD } from "../policy/world.ts";
import { provenance } from "../scenes/provenance.ts";
import { isLive } from "../sources/address.ts";
import { recordingSha256 } from "../sources/recording-hash.ts";
import type { Seconds } from "../time/clock.ts";

/** What of a command line says which cameras are meant, and on what authority. */
export interface ChosenCameras {
  readonly config?: string;
  readonly camera?: string;
  readonly profile?: string;
  readonly documents?: string;
  readonly shadow: boolean;
}

/** The cameras to watch: the configuration's own, or SOURCE in the place of one of them, or SOURCE alone. */
export async function watchedConfig(sources: readonly string[], options: ChosenCameras): Promise<Config> {
  return authorityOverride(await camerasMeant(sources, options), options);
}

async function camerasMeant(sources: readonly string[], options: ChosenCameras): Promise<Config> {
  if (options.config !== undefined) {
    return inPlaceOf(await loadConfig(options.config), sources, options.camera);
  }
  refuseTwice(sources);
  if (sources.length === 0) throw fault("USAGE_NO_SOURCE", {});
  return defaultConfig(
    sources.map((source, index) => defaultCamera(source, cameraName(index, sources.length))),
  );
}

/**
 * A configuration's own cameras, or SOURCE in the place of one of them.
 * @param camera id of the one that is meant, where there are several
 * @throws USAGE_SOURCE_TWICE, USAGE_WHICH_CAMERA, USAGE_UNKNOWN_CAMERA
 */
export function inPlaceOf(config: Config, sources: readonly string[], camera: string | undefined): Config {
  refuseTwice(sources);
  const chosen = choose(config.cameras, camera);
  if (sources.length === 0) return { ...config, cameras: chosen };
  const [like, ...others] = chosen;
  if (like === undefined || others.length > 0) {
    throw fault("USAGE_WHICH_CAMERA", { cameras: config.cameras.map(({ id }) => id).join(", ") });
  }
  return {
    ...config,
    cameras: sources.map((source, index) => {
      const id = sources.length === 1 ? like.id : `${like.id}-${index + 1}`;
      return { ...like, id, source: defaultCamera(source, id).source };
    }),
  };
}

function refuseTwice(sources: readonly string[]): void {
  const twice = sources.find((source, index) => sources.indexOf(source) !== index);
  if (twice !== undefined) throw fault("USAGE_SOURCE_TWICE", { source: redactAddress(twice) });
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

/** A camera's job, or why its footage could not even be named. */
export interface WatchJob {
  readonly job: SupervisedJob;
  readonly error: CodedError | null;
}

export interface JobOptions {
  readonly regime: Regime | null;
  readonly out: string;
  readonly realtime: boolean;
  readonly longest: Seconds | null;
  readonly patient: boolean;
}

/** Names each camera's footage, and makes its job; the gate's world is filled in when it starts. */
export async function watchJobs(config: Config, options: JobOptions): Promise<readonly WatchJob[]> {
  const { regime, patient, ...run } = options;
  const sha256 = configSha256(config);
  const threads = config.engine.threads === "auto" ? inferenceThreads() : config.engine.threads;
  const jobs: WatchJob[] = [];
  for (const camera of config.cameras) {
    const { live, error, authority } = await nameCamera(
      expandSource(camera.source, process.env),
      config.authority.use,
      regime,
    );
    jobs.push({
      error,
      job: {
        ...run,
        camera,
        engine: { ...config.engine, threads },
        evidence: config.evidence,
        authority: { ...authority, world: EMPTY_WORLD },
        vault: null,
        configSha256: sha256,
        live,
        patient: live && patient,
      },
    });
  }
  return jobs;
}

/** What a camera's pictures are, and on what authority they are asked about; or why they could not be named. */
export interface NamedCamera {
  readonly live: boolean;
  readonly authority: Omit<JobAuthority, "world">;
  readonly error: CodedError | null;
}

/** @param source with its variables filled in */
export async function nameCamera(source: string, use: Use, regime: Regime | null): Promise<NamedCamera> {
  const live = isLive(source);
  const named = live ? STREAM : await nameFootage(source, regime);
  return {
    live,
    error: named.error,
    authority: {
      use,
      footage: named.footage,
      recordingSha256: named.sha256,
      // A site's recordings are judged by the law of their own time, a study's by that of the study.
      instant: regime?.handling.journal === "site" ? "picture" : "now",
    },
  };
}

interface NamedFootage {
  readonly footage: FootageKind;
  readonly sha256: string | null;
  readonly error: CodedError | null;
}

const STREAM: NamedFootage = { footage: "live", sha256: null, error: null };

/** A recording by its hash; and where a profile is for rendered footage alone, whether it was really drawn. */
async function nameFootage(path: string, regime: Regime | null): Promise<NamedFootage> {
  try {
    const sha256 = await recordingSha256(path);
    const mustBeDrawn =
      regime?.footage.includes("rendered") === true && !regime.footage.includes("recording");
    const footage = mustBeDrawn ? (await provenance(path)).kind : "recording";
    return { footage, sha256, error: null };
  } catch (thrown) {
    return { footage: "recording", sha256: null, error: asCoded(thrown) };
  }
}

/** One core is left to decode. More than four threads no longer speed a network of the default's size. */
function inferenceThreads(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1));
}
