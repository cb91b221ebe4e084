import { join } from "node:path";
import { expandSource } from "../config/address.ts";
import type { CameraConfig, RuleConfig } from "../config/schema.ts";
import { checkPicture } from "../config/view.ts";
import { createDetector } from "../detectors/create.ts";
import type { Detector } from "../detectors/detector.ts";
import type { CodedError } from "../errors.ts";
import { loadApproved } from "../evidence/approved-background.ts";
import { clearStore } from "../evidence/clear-store.ts";
import type { EvidenceStore } from "../evidence/evidence-store.ts";
import { createEvidenceRecorder, type EvidenceRecorder } from "../evidence/recorder.ts";
import type { RuleGeometry } from "../evidence/rule-geometry.ts";
import { SiteKey } from "../evidence/vault/site-key.ts";
import { Vault } from "../evidence/vault/vault.ts";
import { vaultStore } from "../evidence/vault/vault-store.ts";
import { createScene } from "../frames/background-scene.ts";
import { createIgnoreMask, type IgnoreMask } from "../frames/masked-frame.ts";
import type { Scene } from "../frames/scene.ts";
import { Homography } from "../geometry/homography.ts";
import { resolveModel } from "../models/models.ts";
import { createRule } from "../rules/registry.ts";
import type { Rule } from "../rules/rule.ts";
import type { ViewGeometry } from "../rules/view-geometry.ts";
import { createSource } from "../sources/open-source.ts";
import type { Source, SourceInfo } from "../sources/source.ts";
import type { Clock } from "../time/clock.ts";
import { createTracker } from "../tracking/byte-tracker.ts";
import type { Tracker } from "../tracking/tracker.ts";
import { Attention } from "./attention.ts";
import { anyCounts, CountLooks } from "./count-looks.ts";
import type { CameraJob, CameraMessage } from "./messages.ts";
import { SlotNetworks } from "./slot-networks.ts";
import { SlotWatch } from "./slot-watch.ts";

/** Everything one camera's run is made of, opened and ready. */
export interface CameraParts {
  readonly source: Source;
  readonly info: SourceInfo;
  readonly detector: Detector;
  readonly mask: IgnoreMask;
  readonly scene: Scene;
  readonly attention: Attention;
  /** Null where no rule counts. */
  readonly countLooks: CountLooks | null;
  readonly tracker: Tracker;
  readonly rules: readonly Rule[];
  readonly geometry: ReadonlyMap<string, RuleGeometry>;
  readonly evidence: EvidenceRecorder;
  /** Networks that rules name for themselves. */
  readonly networks: SlotNetworks;
  readonly slots: SlotWatch;
}

/** Live: frames that may wait for the analysis before the oldest is dropped. */
const QUEUE_FRAMES = 4;

/**
 * Opens the source and the model and builds the rest for the picture's size.
 * @param onEvidenceFault told of evidence that could not be written
 * @param say told of evidence that was sealed
 * @throws CodedError for whatever makes analysis impossible; nothing stays open then
 */
export async function openCamera(
  job: CameraJob,
  clock: Clock,
  onEvidenceFault: (error: CodedError) => void,
  say: (message: CameraMessage) => void,
): Promise<CameraParts> {
  const { camera } = job;
  // The networks first: a stream that is open while it loads would fill its queue and drop pictures.
  const networks = await SlotNetworks.open(camera.rules);
  const detector = await createDetector(await resolveModel(job.engine.model), {
    threads: job.engine.threads,
  });
  const source = createSource(expandSource(camera.source, process.env), {
    clock,
    realtime: job.realtime,
    startedAt: camera.startedAt ?? null,
    transport: camera.transport,
    // No rule reads them: docs/decisions/0025-flow-from-luma.md.
    motionVectors: false,
    decoderThreads: 1,
    queueFrames: QUEUE_FRAMES,
  });
  try {
    const info = await source.open();
    // Zones and lines were drawn on a picture of a certain size: on another they would lie elsewhere.
    const misfit = checkPicture(camera, info).find((finding) => finding.severity === "error");
    if (misfit !== undefined) throw misfit.fault(`camera ${camera.id}`);
    const view = viewGeometry(camera, info);
    const rules = camera.rules.map((rule) => createRule(rule, view));
    const folder = join(job.out, camera.id);
    const approved = camera.background === null ? null : await loadApproved(camera.background, camera.id);
    return {
      source,
      info,
      detector,
      mask: createIgnoreMask(camera.masks, info),
      scene: createScene(),
      attention: new Attention({
        picture: info,
        input: detector.inputSize,
        inputLongSide: job.engine.inputLongSide,
        detectionsPerSecond: job.engine.detectionsPerSecond,
        learning: info.live ? LIVE_LEARNING : RECORDING_LEARNING,
      }),
      countLooks: anyCounts(rules)
        ? new CountLooks({
            picture: info,
            input: detector.inputSize,
            inputLongSide: job.engine.inputLongSide,
          })
        : null,
      tracker: createTracker({ width: info.width, height: info.height }),
      rules,
      networks,
      slots: new SlotWatch({
        ...{ camera, rules, networks, picture: info },
        inputLongSide: job.engine.inputLongSide,
      }),
      geometry: new Map(camera.rules.map((rule) => [rule.id, ruleGeometry(rule, view)])),
      evidence: createEvidenceRecorder({
        cameraId: camera.id,
        store: evidenceStore(job, join(folder, "evidence"), say),
        live: info.live,
        approved,
        candidate: info.live ? join(folder, "background.png") : null,
        before: job.evidence.before,
        after: job.evidence.after,
        framesPerSecond: job.evidence.framesPerSecond,
        longSide: job.evidence.longSide,
        onFault: onEvidenceFault,
      }),
    };
  } catch (thrown) {
    await source.close();
    await detector.close();
    throw thrown;
  }
}

function evidenceStore(
  { vault }: CameraJob,
  folder: string,
  say: (message: CameraMessage) => void,
): EvidenceStore {
  if (vault === null) return clearStore(folder);
  return vaultStore({
    vault: new Vault(vault.folder),
    siteKey: new SiteKey(vault.siteKey),
    onSealed: (record) => say({ kind: "sealed", record }),
  });
}

/** The evidence's background is learnt where the network looks and names nobody: while it is new, look more often. */
const RECORDING_LEARNING = { every: 0.5, during: 40 } as const;
const LIVE_LEARNING = { every: 1, during: 600 } as const;

function viewGeometry(camera: CameraConfig, info: SourceInfo): ViewGeometry {
  return {
    width: info.width,
    height: info.height,
    zones: camera.zones,
    lines: camera.lines,
    homography: camera.calibration.length === 0 ? null : new Homography(camera.calibration),
  };
}

function ruleGeometry(rule: RuleConfig, view: ViewGeometry): RuleGeometry {
  const zone = view.zones.find((candidate) => candidate.id === rule.zone);
  if (zone !== undefined) return { kind: "zone", polygon: zone.polygon, against: null };
  const line = "line" in rule ? view.lines.find((candidate) => candidate.id === rule.line) : undefined;
  if (line === undefined) return { kind: "view" };
  return { kind: "line", line, against: "forbidden" in rule ? SENSES[rule.forbidden ?? "none"] : null };
}

/** The senses of movement as seen in the picture. */
const SENSES = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
  none: null,
} as const;
