import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Episode } from "../alerts/episode.ts";
import { H264Writer } from "../encoding/h264-writer.ts";
import { asCoded, type CodedError } from "../errors.ts";
import { formatUtc, type UtcMilliseconds } from "../time/clock.ts";
import type { Backdrop } from "./backdrop.ts";
import { createComposer } from "./compose.ts";
import type { BackgroundLimits } from "./display-background.ts";
import {
  evidenceNames,
  notWritten,
  partialPath,
  settle,
  type WrittenFile,
  writeWhole,
} from "./evidence-files.ts";
import { CELL, type EvidenceGrid } from "./evidence-grid.ts";
import type { BackgroundState, EvidenceManifest } from "./manifest.ts";
import type { GeometryDrawing } from "./rule-geometry.ts";
import { SHAPE_SCORE, type ShapeLayer } from "./silhouettes.ts";

/** An alert's evidence, of which the clip and the manifest are still to be written. */
export interface PendingEvidence {
  readonly id: string;
  readonly episode: Episode;
  /** Instant of the alert. */
  readonly at: UtcMilliseconds;
  readonly grid: EvidenceGrid;
  readonly geometry: GeometryDrawing;
  /** Null where it could not be written: then there is no clip and no manifest either. */
  readonly still: Promise<(WrittenFile & { readonly background: BackgroundState }) | null>;
  /** The clip's pictures, in their order. */
  readonly layers: readonly ShapeLayer[];
  /** What may stand behind the shapes at the time of asking. */
  backdrop(): Backdrop;
  /** Grows whenever a part of the background was taken back. */
  wipes(): number;
}

export interface ClipSettings {
  readonly cameraId: string;
  readonly folder: string;
  readonly framesPerSecond: number;
  /** What the background was learnt by, for the manifest to say. */
  readonly limits: BackgroundLimits;
  /** Told when the clip could not be written; the manifest then says that there is none. */
  readonly onFault: (error: CodedError) => void;
}

/** @throws CodedError EVIDENCE_NOT_WRITTEN where the manifest could not be written */
export async function writeClipAndManifest(evidence: PendingEvidence, settings: ClipSettings): Promise<void> {
  const still = await evidence.still;
  if (still === null) return;
  const { id, episode, grid } = evidence;
  const { cameraId, folder, limits } = settings;
  const names = evidenceNames(id);
  const clip = await writeClip(evidence, settings, names.clip);
  const { background, ...file } = still;
  const manifest: EvidenceManifest = {
    schema: "contrechamp/evidence@1",
    id,
    cameraId,
    episodeId: episode.id,
    ruleId: episode.ruleId,
    event: episode.event,
    streamTime: episode.raisedAt,
    at: formatUtc(evidence.at),
    still: { file: names.still, ...file, background },
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
  await writeWhole(join(folder, names.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** @returns what the manifest says of the clip, null where it could not be written. */
async function writeClip(
  evidence: PendingEvidence,
  settings: ClipSettings,
  name: string,
): Promise<EvidenceManifest["clip"]> {
  const { grid, layers } = evidence;
  const { folder, framesPerSecond, onFault } = settings;
  const composer = createComposer(grid);
  let wipes = evidence.wipes();
  const { image, state } = evidence.backdrop();
  composer.setBackground(image);
  composer.setGeometry(evidence.geometry);
  const path = join(folder, name);
  const partial = partialPath(path);
  try {
    await mkdir(folder, { recursive: true });
    const writer = new H264Writer(partial, {
      width: grid.width,
      height: grid.height,
      nominalRate: framesPerSecond,
    });
    const from = layers[0]?.at ?? 0;
    let to = from;
    try {
      for (const layer of layers) {
        // What was taken back while this clip is being written is taken back in the rest of it.
        if (evidence.wipes() !== wipes) {
          wipes = evidence.wipes();
          composer.setBackground(evidence.backdrop().image);
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
    return { file: name, ...written, background: state, from, to, pictures: layers.length };
  } catch (error) {
    onFault(asCoded(asCoded(error).code === "INTERNAL" ? notWritten(path, error) : error));
    return null;
  }
}
