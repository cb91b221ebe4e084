import type { Episode } from "../alerts/episode.ts";
import { asCoded, type CodedError, fault } from "../errors.ts";
import type { RgbImage } from "../frames/frame.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import type { Backdrop } from "./backdrop.ts";
import { createComposer } from "./compose.ts";
import type { BackgroundLimits } from "./display-background.ts";
import { type ClipPicture, encodeClip, encodeStill } from "./encode.ts";
import { digestOf } from "./evidence-files.ts";
import { CELL, type EvidenceGrid } from "./evidence-grid.ts";
import type { EvidenceRef, EvidenceStore } from "./evidence-store.ts";
import type { EvidenceGrounds } from "./grounds.ts";
import type { BackgroundState, EvidenceManifest } from "./manifest.ts";
import type { Redacted } from "./redacted.ts";
import type { GeometryDrawing } from "./rule-geometry.ts";
import { SHAPE_SCORE, type ShapeLayer } from "./silhouettes.ts";

/** What is known of an alert's evidence from its first instant. */
export interface BegunEvidence {
  readonly ref: EvidenceRef;
  readonly episode: Episode;
  /** Instant of the alert. */
  readonly at: UtcMilliseconds;
  readonly grid: EvidenceGrid;
}

/** An alert's evidence, of which the clip and the manifest are still to be kept. */
export interface PendingEvidence extends BegunEvidence {
  readonly geometry: GeometryDrawing;
  /** What is known with the still; null where it could not be kept: then there is no clip and no manifest either. */
  readonly still: Promise<EvidenceManifest | null>;
  /** The clip's pictures, in their order. */
  readonly layers: readonly ShapeLayer[];
  /** What may stand behind the shapes at the time of asking. */
  backdrop(): Backdrop;
  /** Grows whenever a part of the background was taken back. */
  wipes(): number;
}

export interface EvidenceSettings {
  readonly cameraId: string;
  readonly store: EvidenceStore;
  readonly framesPerSecond: number;
  /** What the background was learnt by, for the manifest to say. */
  readonly limits: BackgroundLimits;
  /** Told when the clip could not be kept; the manifest then says that there is none. */
  readonly onFault: (error: CodedError) => void;
}

/** Keeps the still. @returns the manifest as far as it is known @throws what the store throws */
export async function keepStill(
  { ref, episode, at, grid }: BegunEvidence,
  image: Redacted<RgbImage>,
  background: BackgroundState,
  grounds: EvidenceGrounds | null,
  { cameraId, store, limits }: EvidenceSettings,
): Promise<EvidenceManifest> {
  const still = await encodeStill(image).catch((error: unknown) => {
    throw notEncoded(ref.still, error);
  });
  const manifest: EvidenceManifest = {
    schema: "contrechamp/evidence@1",
    id: ref.id,
    cameraId,
    episodeId: episode.id,
    ruleId: episode.ruleId,
    event: episode.event,
    streamTime: episode.raisedAt,
    at: formatUtc(at),
    still: { file: ref.still, ...digestOf(still.value), background },
    clip: null,
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
  await store.keepStill(manifest, still, grounds);
  return manifest;
}

/** Keeps the clip and the whole manifest. @throws what the store throws where the manifest could not be kept */
export async function completeEvidence(evidence: PendingEvidence, settings: EvidenceSettings): Promise<void> {
  const known = await evidence.still;
  if (known === null) return;
  const { store, onFault } = settings;
  try {
    const { bytes, about } = await makeClip(evidence, settings);
    await store.complete({ ...known, clip: about }, bytes);
    return;
  } catch (error) {
    onFault(asCoded(error));
  }
  await store.complete(known, null);
}

async function makeClip(
  evidence: PendingEvidence,
  { framesPerSecond }: EvidenceSettings,
): Promise<{ bytes: Redacted<Uint8Array>; about: NonNullable<EvidenceManifest["clip"]> }> {
  const { grid, layers, ref } = evidence;
  const composer = createComposer(grid);
  let wipes = evidence.wipes();
  const { image, state } = evidence.backdrop();
  composer.setBackground(image);
  composer.setGeometry(evidence.geometry);
  const from = layers[0]?.at ?? 0;

  function* pictures(): Generator<ClipPicture> {
    for (const layer of layers) {
      // What was taken back while this clip is being made is taken back in the rest of it.
      if (evidence.wipes() !== wipes) {
        wipes = evidence.wipes();
        composer.setBackground(evidence.backdrop().image);
      }
      yield { image: composer.draw(layer), at: layer.at - from };
    }
  }

  const { width, height } = grid;
  const bytes = await encodeClip(pictures(), { width, height, nominalRate: framesPerSecond }).catch(
    (error: unknown) => {
      throw notEncoded(ref.clip, error);
    },
  );
  const about = {
    file: ref.clip,
    ...digestOf(bytes.value),
    background: state,
    from,
    to: layers.at(-1)?.at ?? from,
    pictures: layers.length,
  };
  return { bytes, about };
}

/** A coded error stays what it is. */
function notEncoded(path: string, error: unknown): CodedError {
  const coded = asCoded(error);
  if (coded.code !== "INTERNAL") return coded;
  const reason = error instanceof Error ? error.message : String(error);
  return fault("EVIDENCE_NOT_WRITTEN", { path, reason }, error);
}
