import { randomUUID } from "node:crypto";
import type { Episode } from "../alerts/episode.ts";
import type { Detection } from "../detectors/detector.ts";
import { asCoded, type CodedError, fault } from "../errors.ts";
import type { Frame } from "../frames/frame.ts";
import type { SceneState } from "../frames/scene.ts";
import type { Box } from "../geometry/shapes.ts";
import type { Authorised } from "../policy/mint.ts";
import type { Seconds } from "../time/clock.ts";
import type { ApprovedBackground } from "./approved-background.ts";
import { type Backdrop, createBackdropChooser, NO_BACKDROP } from "./backdrop.ts";
import { completeEvidence, keepStill, type PendingEvidence } from "./clip-and-manifest.ts";
import { type Composer, createComposer } from "./compose.ts";
import {
  type BackgroundLimits,
  createDisplayBackground,
  type DisplayBackground,
  LIVE_LIMITS,
  RECORDING_LIMITS,
} from "./display-background.ts";
import { encodeStill } from "./encode.ts";
import { activeCells, dilateCells, type EvidenceGrid, evidenceGrid } from "./evidence-grid.ts";
import type { EvidenceRef, EvidenceStore } from "./evidence-store.ts";
import type { EvidenceGrounds } from "./grounds.ts";
import type { Redacted } from "./redacted.ts";
import { drawGeometry, type RuleGeometry } from "./rule-geometry.ts";
import { emptyLayer, type ShapeLayer, shapeLayer } from "./silhouettes.ts";

export interface EvidenceRecorderOptions {
  readonly cameraId: string;
  /** Where evidence of this camera is kept. */
  readonly store: EvidenceStore;
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

/** Keeps shapes of the last seconds in memory and writes evidence of alerts. One a camera. */
export interface EvidenceRecorder {
  observe(observation: EvidenceObservation): void;
  /**
   * Starts the evidence of an episode: the still is kept at once, the clip when its time has passed.
   * @param grounds of the alert; a store that encrypts keeps nothing without
   * @returns null where none can be made (no picture yet, too many clips waiting; `onFault` says which)
   */
  opened(
    episode: Authorised<Episode>,
    geometry: RuleGeometry,
    grounds?: EvidenceGrounds | null,
  ): EvidenceRef | null;
  /**
   * Remembers the shapes of now, for a moment that matters though nothing was raised (the audit bench looks at what
   * was missed). @returns draws them on what is known of the background when it is called; null before the first
   * picture, and where the view has changed since
   */
  remember(geometry: RuleGeometry): (() => Promise<Redacted<Uint8Array> | null>) | null;
  /** What is known of the view without anybody or anything in it; null before the first picture. */
  emptyView(): Promise<Redacted<Uint8Array>> | null;
  /** Share of the evidence picture that is grey now, 0 to 1; 1 before the first picture. */
  greyShare(): number;
  /** Forgets the background, as after a cut: all grey until it is learnt anew. */
  reset(): void;
  /** Writes all that is still to be written, clips cut where the stream ended. Idempotent, never rejects. */
  finish(): Promise<void>;
}

/** A detection stands for the pictures after it for so long. */
const DETECTION_LASTS: Seconds = 0.6;

/** A clip that waits for its time to pass. */
interface Job extends PendingEvidence {
  readonly layers: ShapeLayer[];
  readonly until: Seconds;
}

/** What is kept of pictures of one size. */
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
    store,
    live,
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
  let last = { at: 0, wallClock: 0 };
  let moved = false;

  const backdrops = createBackdropChooser(options);
  const settings = { cameraId, store, framesPerSecond, limits, onFault };
  const collecting: Job[] = [];
  let waiting = 0;
  let queue: Promise<void> = Promise.resolve();

  function viewOf(frame: Frame): View {
    if (view !== null && view.pictureWidth === frame.width && view.pictureHeight === frame.height)
      return view;
    // Another size is another picture: nothing of the old one fits it.
    endCollecting();
    backdrops.forget();
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

  /** While the view has moved nothing that was learnt fits it. */
  function backdropOf({ background }: View): Backdrop {
    return moved ? NO_BACKDROP : backdrops.choose(background);
  }

  function forget(): void {
    view?.background.reset();
    backdrops.forget();
  }

  function report(error: unknown): void {
    onFault(asCoded(error));
  }

  function endCollecting(): void {
    for (const job of collecting.splice(0)) enqueue(job);
  }

  function enqueue(job: Job): void {
    queue = queue
      .then(() => completeEvidence(job, settings))
      .catch(report)
      .finally(() => {
        waiting--;
      });
  }

  return {
    observe({ frame, scene, detections, views }) {
      const at = frame.pts;
      const current = viewOf(frame);
      const { grid, background } = current;
      last = { at, wallClock: frame.wallClock };
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
        backdrops.follow(last, background);
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

    opened(episode, geometry, grounds = null) {
      const current = view;
      const layer = ring.at(-1);
      if (current === null || layer === undefined) return null;
      if (waiting >= mostClips) {
        onFault(fault("EVIDENCE_QUEUE_FULL", { camera: cameraId, waiting }));
        return null;
      }
      waiting++;
      const { grid, composer } = current;
      const ref = store.ref(randomUUID());
      const drawing = drawGeometry(grid, geometry);
      const { image, state } = backdropOf(current);
      composer.setBackground(image);
      composer.setGeometry(drawing);
      const alert = { ref, episode, at: last.wallClock, grid };
      const still = keepStill(alert, composer.draw(layer), state, grounds, settings).catch(
        (error: unknown) => {
          report(error);
          return null;
        },
      );
      collecting.push({
        ...alert,
        geometry: drawing,
        still,
        layers: [...ring],
        until: last.at + after,
        backdrop: () => backdropOf(current),
        wipes: () => current.background.wipes,
      });
      return ref;
    },

    remember(geometry) {
      const current = view;
      const layer = ring.at(-1);
      if (current === null || layer === undefined) return null;
      const drawing = drawGeometry(current.grid, geometry);
      return async () => {
        if (view !== current) return null;
        const { composer } = current;
        composer.setBackground(backdropOf(current).image);
        composer.setGeometry(drawing);
        return encodeStill(composer.draw(layer));
      };
    },

    emptyView() {
      if (view === null) return null;
      const { composer, grid } = view;
      composer.setBackground(backdropOf(view).image);
      composer.setGeometry(null);
      return encodeStill(composer.draw(emptyLayer(grid, last.at)));
    },

    greyShare() {
      if (view === null) return 1;
      return backdropOf(view).state.greyShare;
    },

    reset: forget,

    async finish() {
      endCollecting();
      const offered = backdrops.finish(last, moved ? null : (view?.background ?? null));
      await queue;
      await offered;
    },
  };
}
