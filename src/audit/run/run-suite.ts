import { existsSync } from "node:fs";
import { cp, mkdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { canonicalize } from "json-canonicalize";
import { configSha256 } from "../../config/hash.ts";
import { defaultCamera, defaultConfig } from "../../config/load.ts";
import {
  type CameraConfig,
  cameraViewSchema,
  type EngineConfig,
  type EvidenceConfig,
} from "../../config/schema.ts";
import { engineVersion } from "../../engine/version.ts";
import { CodedError, fault } from "../../errors.ts";
import { sha256Of } from "../../files/sha256.ts";
import { resolveModel } from "../../models/models.ts";
import { machineFolder } from "../../policy/hold-files.ts";
import { type Clock, formatUtc, type Seconds } from "../../time/clock.ts";
import { WHOLE_VIEW } from "../contested/whole-view.ts";
import type { AlignmentKind, AuditRecord, ClipFact } from "../record.ts";
import { RECORD_SCHEMA_NAME } from "../record.ts";
import type { Suite, SuiteClip } from "../suite.ts";
import { CLIP_CAMERA, type SuiteAuthority, suiteAuthority } from "./authority.ts";
import { clipFacts, referenceMoments } from "./clip-facts.ts";
import type { ClipOrder } from "./clip-order.ts";
import { runClips } from "./clip-pool.ts";
import { codeSha256 } from "./code-hash.ts";
import { KeptOutcomes, type OutcomeKey } from "./kept-outcomes.ts";
import type { ClipOutcome } from "./outcome.ts";
import { settingsSha256 } from "./settings-hash.ts";
import { heedStopSwitch } from "./stop-switch.ts";

export interface RunSuiteOptions {
  /** Engine settings; `threads` is one for each clip, whatever they say: clips run side by side. */
  readonly engine: EngineConfig;
  readonly alignment: AlignmentKind;
  readonly recallBias: number;
  /** Keys of conditions whose comparison is a question of this run, named beforehand. */
  readonly preregistered?: readonly string[];
  /** Clips at a time; null takes one for each core. */
  readonly jobs: number | null;
  /** Whether contested rules are measured too. */
  readonly contested: boolean;
  /** Where stills go, below `stills/`, absolute; null where none are wanted. */
  readonly folder: string | null;
  /** Begin anew even where a run of the same was interrupted. */
  readonly fresh: boolean;
  /** Who measures. */
  readonly by: string;
  /** The command as it was given. */
  readonly command: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SuiteProgress) => void;
}

/** How far a suite is. */
export interface SuiteProgress {
  readonly clips: number;
  readonly done: number;
  /** Seconds of video of all clips together, and of those how many are analysed. */
  readonly videoSeconds: Seconds;
  readonly analysedSeconds: Seconds;
  /** Of these, analysed in an earlier run that was interrupted. */
  readonly keptSeconds: Seconds;
  /** The clip that has just ended; null between. */
  readonly ended: { readonly id: string; readonly error: CodedError | null } | null;
}

export interface SuiteRun {
  readonly record: AuditRecord;
  readonly authority: SuiteAuthority;
  /** Takes away what was kept in case of an interruption; call it once the results are written. */
  readonly forget: () => Promise<void>;
}

/** Evidence is a still: nobody watches clips of a measurement. */
const EVIDENCE: Pick<EvidenceConfig, "before" | "after"> = { before: 0, after: 0 };

/**
 * Runs every clip of a suite through the engine and notes what it found beside what happened. The same suite, model
 * and settings give the same record, but for times of the clock and of the processor.
 * @throws AUDIT_INTERRUPTED where the signal stopped it, AUDIT_HELD where the stop switch did, MODEL_… where there is no model
 */
export async function runSuite(suite: Suite, options: RunSuiteOptions): Promise<SuiteRun> {
  const { clock } = options;
  const { manifest } = await resolveModel(options.engine.model);
  const model = { name: manifest.name, sha256: manifest.onnx.sha256 };
  // Once for all clips, which run side by side.
  for (const { manifest: path } of suite.slots) await resolveModel(path);
  const slots = suite.slots.map(({ event, name, sha256 }) => ({ event, name, sha256 }));
  const authority = await suiteAuthority(suite, model, options.by, clock);
  const engine = { ...options.engine, threads: 1 };
  const evidence = { ...defaultConfig([]).evidence, ...EVIDENCE };
  const configuration = settingsSha256(options.engine, model.name);
  const run = sha256Of(canonicalize([suite.sha256, configuration])).slice(0, 16);
  const place = join(machineFolder(process.env), "audit", run);
  let kept = await KeptOutcomes.open(place);
  if (options.fresh) {
    await kept.forget();
    kept = await KeptOutcomes.open(place);
  }
  const startedAt = await kept.begun(formatUtc(clock.now()));

  const code = codeSha256();
  const planned = suite.clips.map((clip) => {
    const camera = cameraOf(clip, options.contested || clip.reference.tracks !== null);
    const config = { ...defaultConfig([camera]), engine: options.engine };
    const key: OutcomeKey = {
      codeSha256: code,
      modelSha256: model.sha256,
      configSha256: configuration,
      clip: {
        id: clip.id,
        view: clip.view,
        slots,
        video: clip.videoSha256,
        reference: clip.referenceSha256,
        tracks: clip.tracksSha256,
        contested: options.contested,
        stills: options.folder !== null,
      },
    };
    const folder = kept.clipFolder(key);
    const order: ClipOrder = {
      job: {
        camera,
        engine,
        evidence,
        authority: {
          world: authority.world,
          use: "alert",
          footage: "recording",
          recordingSha256: clip.videoSha256,
          instant: "now",
        },
        vault: null,
        configSha256: configSha256(config),
        out: join(folder, "out"),
        realtime: false,
        longest: null,
      },
      moments: referenceMoments(clip).map(({ at, ruleId }) => ({ at, ruleId })),
      stills: options.folder === null ? null : join(folder, "stills"),
      counts: clip.reference.counts,
      tracks: clip.reference.tracks,
      contested: options.contested,
    };
    return { clip, key, order, duration: clip.duration ?? 0 };
  });

  const results: (ClipOutcome | CodedError | null)[] = [];
  for (const { key } of planned) results.push(await kept.find(key));
  const { signal, refuseHeld, close } = await heedStopSwitch(options.signal, CLIP_CAMERA, clock);
  await execute(planned, results, kept, { ...options, signal }).finally(close);
  const done = results.filter((one) => one !== null).length;
  if (done < planned.length && !kept.lasting) await kept.forget();
  refuseHeld();
  if (done < planned.length) throw fault("AUDIT_INTERRUPTED", { done, of: planned.length });

  const clips: ClipFact[] = [];
  for (const [index, { clip, order }] of planned.entries()) {
    const result = results[index];
    if (result === undefined || result === null) throw new TypeError(`clip ${clip.id} has no result`);
    const stills = await takeStills(order, options.folder, index);
    clips.push(clipFacts({ clip, result, alignment: options.alignment, stills }));
  }
  const record: AuditRecord = {
    schema: RECORD_SCHEMA_NAME,
    suite: { name: suite.name, sha256: suite.sha256 },
    system: {
      kind: "engine",
      name: "Contrechamp",
      version: engineVersion(),
      model: model.name,
      modelSha256: model.sha256,
      ...(slots.length === 0 ? {} : { slots }),
      configSha256: configuration,
    },
    settings: {
      alignment: options.alignment,
      recallBias: options.recallBias,
      ...(options.preregistered === undefined ? {} : { preregistered: [...options.preregistered] }),
    },
    startedAt,
    endedAt: formatUtc(clock.now()),
    command: options.command,
    clips,
    log: null,
  };
  return { record, authority, forget: () => kept.forget() };
}

interface Planned {
  readonly clip: SuiteClip;
  readonly key: OutcomeKey;
  readonly order: ClipOrder;
  readonly duration: Seconds;
}

/** Runs the clips that have no result yet, and puts their results in their places. */
async function execute(
  planned: readonly Planned[],
  results: (ClipOutcome | CodedError | null)[],
  kept: KeptOutcomes,
  { jobs, signal, onProgress }: RunSuiteOptions,
): Promise<void> {
  const analysed = planned.map(({ duration }, index) => (results[index] === null ? 0 : duration));
  const keptSeconds = sum(analysed);
  const tell = (ended: SuiteProgress["ended"]) =>
    onProgress({
      clips: planned.length,
      done: results.filter((result) => result !== null).length,
      videoSeconds: sum(planned.map(({ duration }) => duration)),
      analysedSeconds: sum(analysed),
      keptSeconds,
      ended,
    });
  tell(null);
  const open = planned
    .map((one, index) => ({ ...one, index }))
    .filter(({ index }) => results[index] === null);
  // What cannot be written is no fault of a clip: the run stops, and goes on from what is kept.
  const unwritable = new AbortController();
  await runClips(open, {
    jobs: jobs ?? availableParallelism(),
    signal: AbortSignal.any([signal, unwritable.signal]),
    onProgress: (position, videoSeconds) => {
      const one = open[position];
      if (one === undefined) return;
      analysed[one.index] = Math.min(videoSeconds, one.duration);
      tell(null);
    },
    onDone: async (position, result) => {
      const one = open[position];
      if (one === undefined) return;
      const error = result instanceof CodedError ? result : null;
      try {
        if (error?.code === "AUDIT_NOT_WRITTEN") throw error;
        if (!(result instanceof CodedError)) await kept.keep(one.key, result);
      } catch (thrown) {
        unwritable.abort(thrown);
        return;
      }
      results[one.index] = result;
      analysed[one.index] = one.duration;
      tell({ id: one.clip.id, error });
    },
  });
  unwritable.signal.throwIfAborted();
}

/**
 * The clip's view as a camera.
 * @param anyway whether it is to be analysed also where it has no rule
 */
function cameraOf(clip: SuiteClip, anyway: boolean): CameraConfig {
  const { rules } = clip.view;
  const silent = rules.length === 0 && anyway ? cameraViewSchema.parse({ rules: [WHOLE_VIEW] }).rules : [];
  return { ...defaultCamera(clip.video, CLIP_CAMERA), ...clip.view, rules: [...rules, ...silent] };
}

/** Copies a clip's stills beside the record. @returns their folder, relative to the record's @throws AUDIT_NOT_WRITTEN */
async function takeStills(order: ClipOrder, folder: string | null, index: number): Promise<string | null> {
  if (folder === null || order.stills === null) return null;
  const name = `stills/${String(index + 1).padStart(3, "0")}`;
  const place = join(folder, name);
  try {
    // Those of an earlier report would stand beside these and mean nothing.
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { recursive: true });
    // A clip that failed may have none.
    if (existsSync(order.stills)) await cp(order.stills, place, { recursive: true });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw fault("AUDIT_NOT_WRITTEN", { file: place, reason }, thrown);
  }
  return name;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
