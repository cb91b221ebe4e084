import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Episode } from "../alerts/episode.ts";
import type { Detection } from "../detectors/detector.ts";
import { H264Writer } from "../encoding/h264-writer.ts";
import { asCoded, type CodedError, fault } from "../errors.ts";
import type { Frame, RgbImage } from "../frames/frame.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Box } from "../geometry/shapes.ts";
import { formatUtc, type Seconds, type UtcMilliseconds } from "../time/clock.ts";
import { type ApprovedBackground, writeCandidate } from "./approved-background.ts";
import { type Composer, createComposer } from "./compose.ts";
import {
  type BackgroundLimits,
  createDisplayBackground,
  type DisplayBackground,
  LIVE_LIMITS,
  RECORDING_LIMITS,
} from "./display-background.ts";
import { notWritten, partialPath, settle, type WrittenFile, writePng, writeWhole } from "./evidence-files.ts";
import { activeCells, CELL, dilateCells, type EvidenceGrid, evidenceGrid } from "./evidence-grid.ts";
import type { EvidenceManifest } from "./manifest.ts";
import { drawGeometry, type GeometryDrawing, type RuleGeometry } from "./rule-geometry.ts";
import { SHAPE_SCORE, type ShapeLayer, shapeLayer } from "./silhouettes.ts";

export interface EvidenceRecorderOptions {
  readonly cameraId: string;
  /** Where evidence of this camera is written; made when first needed. */
  readonly folder: string;
  /** A live view shows only an approved background; a recording shows the one learnt from it. */
  readonly live: boolean;
  /** Live: the still that a person approved (`loadApproved`), or null for shapes on grey. */
  readonly approved: ApprovedBackground | null;
  /** Live: where the still to be approved is written, `.../background.png`; null writes none. */
  readonly candidate: string | null;
  /** How much of the time before and after the alert a clip shows. Default 4 s each. */
  readonly before?: Seconds;
  readonly after?: Seconds;
  /** Pictures a second of a clip, at most. Default 5. */
  readonly framesPerSecond?: number;
  /** Long side of stills and clips, evidence pixels. Default 640. */
  readonly longSide?: number;
  /** Default RECORDING_LIMITS or LIVE_LIMITS. */
  readonly limits?: BackgroundLimits;
  /** Most clips that may wait or be written at a time. Default 32. */
  readonly mostClips?: number;
  /** Told of everything that could not be written. The analysis goes on. */
  readonly onFault: (error: CodedError) => void;
}

/** One analysed picture and what was found in it. */
export interface EvidenceObservation {
  /** Not yet released; read during the call only. */
  readonly frame: Frame;
  /** Of this very frame. */
  readonly scene: SceneState;
  /** Of this very frame, down to the lowest score there is; null when it was not inferred. */
  readonly detections: readonly Detection[] | null;
  /** What parts the detector saw, image coordinates. Default: the whole picture, where it was inferred. */
  readonly views?: readonly Box[];
}

/** File names, relative to the recorder's folder. */
export interface EvidenceRef {
  readonly still: string;
  readonly clip: string;
  readonly manifest: string;
}

/** Keeps shapes of the last seconds in memory and writes evidence of alerts. One a camera. */
export interface EvidenceRecorder {
  observe(observation: EvidenceObservation): void;
  /**
   * Starts the evidence of an episode: the still is written at once, the clip when its time has passed.
   * @returns null where none can be made (no picture yet, too many clips waiting; `onFault` says which)
   */
  opened(episode: Episode, geometry: RuleGeometry): EvidenceRef | null;
  /** Share of the evidence picture that is grey now, 0 to 1; 1 before the first picture. */
  greyShare(): number;
  /** Forgets the background, as after a cut: all grey until it is learnt anew. */
  reset(): void;
  /** Writes all that is still to be written, clips cut where the stream ended. Idempotent, never rejects. */
  finish(): Promise<void>;
}

/** A detection stands for the pictures after it for so long. */
const DETECTION_LASTS: Seconds = 0.6;
/** Correlation of structure above which an approved still fits the live view. */
const FITS = 0.5;
const FIT_CHECK_EVERY: Seconds = 10;
/** A live candidate is written when so much is known, and again when so much more is. */
const CANDIDATE_COVERAGE = 0.5;
const CANDIDATE_GAIN = 0.05;
const CANDIDATE_CHECK_EVERY: Seconds = 60;

/** A clip that waits for its time to pass. */
interface Job {
  readonly id: string;
  readonly ref: EvidenceRef;
  readonly episode: Episode;
  readonly at: UtcMilliseconds;
  readonly grid: EvidenceGrid;
  readonly geometry: GeometryDrawing;
  readonly still: Promise<(WrittenFile & { background: BackgroundState }) | null>;
  readonly layers: ShapeLayer[];
  readonly until: Seconds;
}

type BackgroundState = EvidenceManifest["still"]["background"];

interface View {
  readonly grid: EvidenceGrid;
  readonly background: DisplayBackground;
  readonly composer: Composer;
  readonly pictureWidth: number;
  readonly pictureHeight: number;
}

export function createEvidenceRecorder(options: EvidenceRecorderOptions): EvidenceRecorder {
  const {
    cameraId,
    folder,
    live,
    approved,
    before = 4,
    after = 4,
    framesPerSecond = 5,
    longSide = 640,
    limits = live ? LIVE_LIMITS : RECORDING_LIMITS,
    mostClips = 32,
    onFault,
  } = options;

  let view: View | null = null;
  let ring: ShapeLayer[] = [];
  let latest: { at: Seconds; detections: readonly Detection[] } | null = null;
  let nextLayer = Number.NEGATIVE_INFINITY;
  let lastAt: Seconds = 0;
  let lastWallClock: UtcMilliseconds = 0;
  let moved = false;

  // Live only: whether the approved still fits, and when that was last looked at.
  let fits = false;
  let fitCheckedAt = Number.NEGATIVE_INFINITY;
  let candidateCheckedAt = Number.NEGATIVE_INFINITY;
  let candidateCoverage = 0;
  let candidateWrite: Promise<void> = Promise.resolve();

  const collecting: Job[] = [];
  let waiting = 0;
  let queue: Promise<void> = Promise.resolve();

  function viewOf(frame: Frame): View {
    if (view !== null && view.pictureWidth === frame.width && view.pictureHeight === frame.height)
      return view;
    // Another size is another picture: nothing of the old one fits it.
    endCollecting();
    ring = [];
    latest = null;
    const grid = evidenceGrid(frame, longSide);
    view = {
      grid,
      background: createDisplayBackground(grid, limits),
      composer: createComposer(grid),
      pictureWidth: frame.width,
      pictureHeight: frame.height,
    };
    return view;
  }

  /** What stands behind the shapes now, and what to say of it. */
  function currentBackground(of: View): { image: RgbImage | null; state: BackgroundState } {
    const none = { kind: "none", greyShare: 1, sha256: null, approvedBy: null } as const;
    if (moved) return { image: null, state: none };
    if (live) {
      if (approved === null || !fits) return { image: null, state: none };
      const { sha256, coverage } = approved.record;
      const greyShare = rounded(1 - coverage);
      return {
        image: approved.image,
        state: { kind: "approved", greyShare, sha256, approvedBy: approved.approval.by },
      };
    }
    const picture = of.background.picture();
    if (picture.greyShare === 1) return { image: null, state: none };
    const greyShare = rounded(picture.greyShare);
    return { image: picture, state: { kind: "learnt", greyShare, sha256: null, approvedBy: null } };
  }

  function checkFit(at: Seconds, of: View): void {
    if (!live || approved === null || at - fitCheckedAt < FIT_CHECK_EVERY) return;
    const match = of.background.resembles(approved.image);
    if (match === null) return;
    fitCheckedAt = at;
    fits = match >= FITS;
  }

  function writeCandidateIfBetter(at: Seconds, of: View, force: boolean): void {
    if (!live || options.candidate === null || moved) return;
    if (!force && at - candidateCheckedAt < CANDIDATE_CHECK_EVERY) return;
    candidateCheckedAt = at;
    const picture = of.background.picture();
    const coverage = 1 - picture.greyShare;
    const { learntFrom, learntTo } = of.background;
    if (coverage < Math.max(CANDIDATE_COVERAGE, candidateCoverage + CANDIDATE_GAIN)) return;
    if (learntFrom === null || learntTo === null) return;
    candidateCoverage = coverage;
    const path = options.candidate;
    const about = {
      cameraId,
      learntFrom: Math.round(lastWallClock - 1000 * (at - learntFrom)),
      learntTo: Math.round(lastWallClock - 1000 * (at - learntTo)),
    };
    candidateWrite = candidateWrite
      .then(() => writeCandidate(path, picture, about))
      .then(() => undefined, report);
  }

  function forget(): void {
    view?.background.reset();
    fits = false;
    fitCheckedAt = Number.NEGATIVE_INFINITY;
  }

  function report(error: unknown): void {
    onFault(asCoded(error));
  }

  function endCollecting(): void {
    for (const job of collecting.splice(0)) enqueue(job);
  }

  function enqueue(job: Job): void {
    const owner = view;
    queue = queue
      .then(() => writeClipAndManifest(job, owner))
      .catch(report)
      .finally(() => {
        waiting--;
      });
  }

  async function writeClipAndManifest(job: Job, owner: View | null): Promise<void> {
    const still = await job.still;
    if (still === null) return;
    const { grid } = job;
    const composer = createComposer(grid);
    const now = owner === null || owner.grid !== grid ? null : currentBackground(owner);
    const state: BackgroundState = now?.state ?? {
      kind: "none",
      greyShare: 1,
      sha256: null,
      approvedBy: null,
    };
    composer.setBackground(now?.image ?? null);
    composer.setGeometry(job.geometry);
    let wipes = owner?.background.wipes ?? 0;

    const path = join(folder, job.ref.clip);
    const partial = partialPath(path);
    let clip: EvidenceManifest["clip"] = null;
    try {
      await mkdir(folder, { recursive: true });
      const writer = new H264Writer(partial, {
        width: grid.width,
        height: grid.height,
        nominalRate: framesPerSecond,
      });
      const from = job.layers[0]?.at ?? 0;
      let to = from;
      try {
        for (const layer of job.layers) {
          // What was taken back while this clip is being written is taken back in the rest of it.
          if (owner !== null && owner.background.wipes !== wipes) {
            wipes = owner.background.wipes;
            composer.setBackground(currentBackground(owner).image);
          }
          writer.write(composer.draw(layer).value, layer.at - from);
          to = layer.at;
          // A picture takes some milliseconds; the camera's other work goes on between two of them.
          await new Promise<void>((resolve) => setImmediate(resolve));
        }
        writer.close();
      } catch (error) {
        writer.abort();
        throw error;
      }
      const written = await settle(partial, path);
      clip = { file: job.ref.clip, ...written, background: state, from, to, pictures: job.layers.length };
    } catch (error) {
      report(asCoded(error).code === "INTERNAL" ? notWritten(path, error) : error);
    }
    const { background, ...file } = still;
    const manifest: EvidenceManifest = {
      schema: "contrechamp/evidence@1",
      id: job.id,
      cameraId,
      episodeId: job.episode.id,
      ruleId: job.episode.ruleId,
      event: job.episode.event,
      streamTime: job.episode.raisedAt,
      at: formatUtc(job.at),
      still: { file: job.ref.still, ...file, background },
      clip,
      redaction: {
        method: "background-and-shapes",
        width: grid.width,
        height: grid.height,
        cell: CELL,
        shapeScore: SHAPE_SCORE,
        showAfterSeconds: limits.showAfter,
        detectorPasses: limits.passes,
        tolerance: limits.tolerance,
      },
      sound: false,
    };
    await writeWhole(join(folder, job.ref.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
  }

  return {
    observe({ frame, scene, detections, views }) {
      const at = frame.pts;
      const current = viewOf(frame);
      const { grid, background } = current;
      lastAt = at;
      lastWallClock = frame.wallClock;
      if (scene.viewMoved) {
        if (!moved) forget();
        moved = true;
      } else moved = false;

      if (detections !== null) {
        latest = { at, detections };
        const whole = [{ x: 0, y: 0, width: frame.width, height: frame.height }];
        if (!moved) background.noteDetections(at, scene, detections, views ?? whole);
      }
      // A hair early rather than a whole frame late: presentation times are not exact multiples.
      if (at < nextLayer - 0.01) return;
      nextLayer = Math.max(nextLayer + 1 / framesPerSecond, at + 0.5 / framesPerSecond);

      const active = activeCells(grid, scene);
      if (!moved) {
        background.noteActivity(at, dilateCells(grid, active));
        if (background.due(at)) background.learn(frame, scene);
        checkFit(at, current);
        writeCandidateIfBetter(at, current, false);
      }
      const fresh = latest !== null && at - latest.at <= DETECTION_LASTS ? latest.detections : [];
      const layer = shapeLayer(grid, at, scene, fresh, active);
      ring.push(layer);
      while ((ring[0]?.at ?? at) < at - before) ring.shift();
      for (const job of [...collecting]) {
        if (at <= job.until) job.layers.push(layer);
        if (at >= job.until) {
          collecting.splice(collecting.indexOf(job), 1);
          enqueue(job);
        }
      }
    },

    opened(episode, geometry) {
      const current = view;
      const layer = ring.at(-1);
      if (current === null || layer === undefined) return null;
      if (waiting >= mostClips) {
        onFault(fault("EVIDENCE_QUEUE_FULL", { camera: cameraId, waiting }));
        return null;
      }
      waiting++;
      const { grid, composer } = current;
      const id = randomUUID();
      const ref = { still: `${id}.png`, clip: `${id}.mp4`, manifest: `${id}.json` };
      const drawing = drawGeometry(grid, geometry);
      const { image, state } = currentBackground(current);
      composer.setBackground(image);
      composer.setGeometry(drawing);
      const still = writePng(join(folder, ref.still), composer.draw(layer)).then(
        (written) => ({ ...written, background: state }),
        (error: unknown) => {
          report(error);
          return null;
        },
      );
      collecting.push({
        id,
        ref,
        episode,
        at: lastWallClock,
        grid,
        geometry: drawing,
        still,
        layers: [...ring],
        until: lastAt + after,
      });
      return ref;
    },

    greyShare() {
      if (view === null) return 1;
      return currentBackground(view).state.greyShare;
    },

    reset: forget,

    async finish() {
      endCollecting();
      if (view !== null) writeCandidateIfBetter(lastAt, view, true);
      await queue;
      await candidateWrite;
    },
  };
}

function rounded(share: number): number {
  return Math.round(1000 * share) / 1000;
}
