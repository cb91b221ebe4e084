import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Alert } from "../../alerts/alert.ts";
import { runCamera } from "../../engine/camera-run.ts";
import type { CameraJob } from "../../engine/messages.ts";
import type { Moments } from "../../engine/moment-stills.ts";
import { fault } from "../../errors.ts";
import { Homography } from "../../geometry/homography.ts";
import type { Observation } from "../../rules/rule.ts";
import type { SourceInfo } from "../../sources/source.ts";
import { type Clock, type Seconds, systemClock } from "../../time/clock.ts";
import { type ContestedWatch, contestedWatch } from "../contested/contested-watch.ts";
import type { TrackingFact } from "../record.ts";
import { writeResult } from "../record-file.ts";
import { TrackCollector } from "../tracking/collector.ts";
import type { MotFrames, TrackBox } from "../tracking/frames.ts";
import { readMotFile, scoredRows } from "../tracking/mot-file.ts";
import type { ClipOrder } from "./clip-order.ts";
import { CountSamples } from "./count-samples.ts";
import type { ClipOutcome } from "./outcome.ts";
import { pictureTimes } from "./picture-times.ts";

export interface ClipRunOptions {
  readonly onProgress: (videoSeconds: Seconds) => void;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Runs one clip through the engine, the very one that watches cameras, and notes what it raises, counts and follows.
 * Tracks are compared with the true ones here, in memory, and are gone with this process.
 * @throws CodedError for whatever makes analysis impossible; AUDIT_NOT_WRITTEN where a still cannot be kept,
 * AUDIT_REFUSED where the gate permitted less than all of it
 */
export async function runClip(order: ClipOrder, options: ClipRunOptions): Promise<ClipOutcome> {
  const { job, stills } = order;
  const { clock = systemClock, signal, onProgress } = options;
  const raised: Alert[] = [];
  const ended = new Map<string, Seconds>();
  const counts = order.counts === null ? null : new CountSamples(order.counts);
  const tracking = order.tracks === null ? null : await trackingOf(order.tracks);
  const seen: { info: SourceInfo | null; contested: ContestedWatch | null } = { info: null, contested: null };
  const refusals = new Set<string>();
  const momentStills: (string | null)[] = order.moments.map(() => null);
  let background: string | null = null;

  const moments: Moments | null =
    stills === null
      ? null
      : {
          of: order.moments,
          take: async (index, png) => {
            const name = `moment-${String(index + 1).padStart(3, "0")}.png`;
            await writeResult(join(stills, name), png.value);
            momentStills[index] = name;
          },
          takeEmptyView: async (png) => {
            background = "view.png";
            await writeResult(join(stills, background), png.value);
          },
        };
  const began = clock.monotonic();
  const cpu = process.cpuUsage();
  const summary = await runCamera(job, {
    clock,
    signal,
    ...(moments === null ? {} : { moments }),
    ...(tracking === null ? {} : { onPicture: (at) => void tracking.decoded.push(at) }),
    onMeasure: (ruleId, measure) => counts?.observe(ruleId, measure),
    onObservation: (observation) => {
      if (observation.detections !== null) tracking?.collector.observe(observation.at, people(observation));
      seen.contested?.observe(observation);
    },
    say: (message) => {
      if (message.kind === "ready") {
        seen.info = message.info;
        if (order.contested) seen.contested = contestedWatch(message.info, groundOf(job));
      } else if (message.kind === "progress") onProgress(message.videoSeconds);
      else if (message.kind === "incident") refusals.add("the two evaluators do not agree");
      else if (message.kind === "standing") {
        for (const { allow, reasons } of message.decisions)
          if (!allow) for (const { code } of reasons) refusals.add(code);
      } else if (message.kind === "alert" && message.alert.kind === "raised") raised.push(message.alert);
      else if (message.kind === "alert") ended.set(message.alert.id, message.alert.streamTime);
    },
  });
  // What was not looked at holds no misses: it says nothing.
  if (refusals.size > 0) throw fault("AUDIT_REFUSED", { reasons: [...refusals].sort().join(", ") });
  const used = process.cpuUsage(cpu);
  const wallSeconds = clock.monotonic() - began;
  const end = summary.videoSeconds;
  seen.contested?.finish(end);
  return {
    seconds: end,
    wallSeconds,
    cpuSeconds: (used.user + used.system) / 1e6,
    suspendedSeconds: summary.suspendedSeconds,
    alerts: await Promise.all(
      raised.map(async (alert, index) => ({
        ruleId: alert.ruleId,
        at: alert.streamTime,
        until: ended.get(alert.id) ?? null,
        box: alert.place.box,
        still: await keptStill(alert, job.out, stills, index),
      })),
    ),
    momentStills,
    background,
    counts: counts?.facts(end) ?? null,
    tracking:
      tracking === null
        ? null
        : trackingFact(tracking, {
            rate: seen.info?.nominalRate ?? null,
            damaged: summary.health.some(({ code }) => code === "SOURCE_DAMAGED"),
          }),
    contested: seen.contested?.facts() ?? [],
    health: summary.health
      .filter(({ kind }) => kind !== "ended")
      .map(({ kind, streamTime, detail }) => ({ kind, at: streamTime, detail })),
  };
}

/** The alert's own still, beside those of the moments; null where none was wanted or none could be made. */
async function keptStill(
  { evidence }: Alert,
  out: string,
  stills: string | null,
  index: number,
): Promise<string | null> {
  if (stills === null || evidence?.kind !== "clear") return null;
  const name = `alert-${String(index + 1).padStart(3, "0")}.png`;
  const png = await readFile(join(out, evidence.still)).catch(() => null);
  // The engine has said why it could not be written; the alert stands without.
  if (png === null) return null;
  await writeResult(join(stills, name), png);
  return name;
}

interface Tracking {
  readonly reference: MotFrames;
  /** Presentation times of all pictures so far. */
  readonly decoded: Seconds[];
  readonly collector: TrackCollector;
}

async function trackingOf(file: string): Promise<Tracking> {
  return { reference: scoredRows(await readMotFile(file)), decoded: [], collector: new TrackCollector() };
}

function trackingFact(
  { reference, decoded, collector }: Tracking,
  stream: { readonly rate: number | null; readonly damaged: boolean },
): TrackingFact {
  const { hota, mota, idf1, idSwitches } = collector.scores(
    reference,
    pictureTimes(decoded, reference.length, stream),
  );
  return { hota, mota, idf1, idSwitches };
}

/** Persons that are followed at this instant: the benchmarks' references are of persons. */
function people({ tracks }: Observation): readonly TrackBox[] {
  return tracks
    .filter((track) => track.confirmed && !track.coasting && track.class === "person")
    .map(({ id, box }) => ({ id: String(id), box }));
}

/** From the picture to the ground, where the camera is calibrated. */
function groundOf({ camera }: CameraJob): Homography | null {
  return camera.calibration.length === 0 ? null : new Homography(camera.calibration);
}
