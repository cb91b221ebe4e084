import { dirname, resolve } from "node:path";
import { canonicalize } from "json-canonicalize";
import { z } from "zod";
import { redactAddress } from "../config/address.ts";
import {
  applySchema,
  type Finding,
  inFileOrder,
  type KeyPath,
  type Problem,
  readYaml,
} from "../config/diagnostics.ts";
import { ownModel, withOwnModel } from "../config/own-model.ts";
import { slug, text } from "../config/quantities.ts";
import { type CameraView, cameraViewSchema } from "../config/schema.ts";
import { checkPicture, checkView, duplicates } from "../config/view.ts";
import { asCoded, fault } from "../errors.ts";
import { sha256Of } from "../files/sha256.ts";
import { type SlotHashes, type SlotModel, slotHashes, slotModel } from "../models/slot-models.ts";
import { isLive } from "../sources/address.ts";
import { createSource } from "../sources/open-source.ts";
import { recordingSha256 } from "../sources/recording-hash.ts";
import type { SourceInfo } from "../sources/source.ts";
import { type Seconds, systemClock } from "../time/clock.ts";
import { inspectReference, invalidFile, latestInstant, wrong, wrongSchema } from "./load-reference.ts";
import { LARGEST_TEXT_BYTES, readText } from "./read-text.ts";
import { type Conditions, conditionsSchema, itemName, type Reference } from "./reference.ts";
import { parseMot } from "./tracking/mot-file.ts";

export const SUITE_SCHEMA_NAME = "contrechamp/suite@1";

/** Keys that they do not name are left unread, and said. */
const clipSchema = z.object({
  id: itemName.describe("Name of the clip, unique in the suite."),
  video: text("a path of a recording, relative to this file"),
  reference: text("a path of a reference, relative to this file"),
  conditions: conditionsSchema.prefault({}).describe("What is declared of it: light, weather, place, crowd."),
  camera: cameraViewSchema
    .extend({ id: slug().exactOptional() })
    .describe("What is declared of the view, as in a configuration."),
});

export const suiteSchema = z.object({
  schema: z.literal(SUITE_SCHEMA_NAME),
  name: text("a name", 200),
  clips: z
    .array(clipSchema, { error: "a list of clips" })
    .min(1, { error: "at least one clip" })
    .max(10_000, { error: "at most 10000 clips" }),
});

/** A recording with its truth. */
export interface SuiteClip {
  readonly id: string;
  /** Absolute paths. */
  readonly video: string;
  readonly referenceFile: string;
  readonly reference: Reference;
  readonly view: CameraView;
  readonly conditions: Conditions;
  /** Clips that share it are of one camera. */
  readonly cameraKey: string;
  readonly picture: { readonly width: number; readonly height: number };
  /** As the file's header says; null where it does not. */
  readonly duration: Seconds | null;
  readonly videoSha256: string;
  readonly referenceSha256: string;
  /** Of the tracks that the reference names; null without. */
  readonly tracksSha256: string | null;
}

/** A suite of recordings with known truth, all of it read, checked and hashed. */
export interface Suite {
  readonly name: string;
  /** As it was given. */
  readonly file: string;
  /** The seal: SHA-256 of the canonical JSON of all that it names, files by their hash. Where it lies changes nothing. */
  readonly sha256: string;
  readonly clips: readonly SuiteClip[];
  /** Networks that rules name for themselves, one an event: it is what a certificate of that event is about. */
  readonly slots: readonly SlotModel[];
  /** What is unwise in it, and keys that are not known. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads a suite and every reference that it names, and looks into every recording.
 * @throws AUDIT_UNREADABLE, AUDIT_TOO_LARGE, AUDIT_INVALID with every fault of the suite and of its references, each
 * with file, line and column
 */
export async function loadSuite(path: string): Promise<Suite> {
  const source = readYaml(await readText(path), path, LARGEST_TEXT_BYTES);
  if (!("value" in source)) throw invalidFile(path, inFileOrder(source));
  const problems: Problem[] = [];
  const say = (...findings: readonly Finding[]) =>
    problems.push(...inFileOrder(findings.map((finding) => source.locate(finding))));

  const other = wrongSchema(source.value, SUITE_SCHEMA_NAME);
  if (other !== null) throw invalidFile(path, [source.locate(other)]);
  const { value, findings } = applySchema(suiteSchema, source.value);
  if (value === null) {
    say(...findings);
    throw invalidFile(path, problems);
  }
  say(...duplicates(value.clips, "clip", ["clips"]), ...unknownKeys(source.value));
  const clips: SuiteClip[] = [];
  const models = await inspectModels(value.clips, dirname(path));
  say(...models.findings);
  for (const [index, clip] of value.clips.entries()) {
    const at = ["clips", index] as const;
    say(...checkView(clip.camera, [...at, "camera"]));
    const found = await inspectClip(clip, dirname(path));
    say(...found.findings.map(({ key, what }) => wrong([...at, key], what)));
    if (found.stream !== null) {
      const address = found.stream;
      say({
        severity: "error",
        path: [...at, "video"],
        fault: (place) => fault("AUDIT_STREAM", { at: place, address }),
      });
    }
    if (found.clip !== null) say(...checkPicture(clip.camera, found.clip.picture, [...at, "camera"]));
    problems.push(...found.problems);
    if (found.clip !== null) clips.push(found.clip);
  }
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw invalidFile(path, errors);
  return {
    name: value.name,
    file: path,
    sha256: seal(value.name, clips, slotHashes(models.slots)),
    clips,
    slots: models.slots,
    warnings: problems.filter(({ severity }) => severity === "warning"),
  };
}

interface InspectedClip {
  readonly clip: SuiteClip | null;
  readonly findings: readonly { readonly key: string; readonly what: string }[];
  /** Of the reference, by its own lines. */
  readonly problems: readonly Problem[];
  readonly stream: string | null;
}

async function inspectClip(declared: z.output<typeof clipSchema>, directory: string): Promise<InspectedClip> {
  const findings: { key: string; what: string }[] = [];
  const attempt = async <T>(key: string, read: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (thrown) {
      const { message } = asCoded(thrown);
      findings.push({ key, what: message.replace(/\.$/, "") });
      return null;
    }
  };
  const live = await attempt("video", () => isLive(declared.video));
  if (live !== false) {
    const stream = live === true ? redactAddress(declared.video) : null;
    return { clip: null, findings, problems: [], stream };
  }
  const video = resolve(directory, declared.video);
  const referenceFile = resolve(directory, declared.reference);
  // The hash first: it refuses a playlist, which to open might already reach for a network.
  const videoSha256 = await attempt("video", () => recordingSha256(video));
  const info = videoSha256 === null ? null : await attempt("video", () => headerOf(video));
  const referenceText = await attempt("reference", () => readText(referenceFile));
  if (referenceText === null) return { clip: null, findings, problems: [], stream: null };
  const { id: cameraId, ...written } = declared.camera;
  const rules = written.rules.map((rule) => withOwnModel(rule, (path) => resolve(directory, path)));
  const view = { ...written, rules };
  const { reference, problems } = inspectReference(referenceText, referenceFile, {
    rules: new Map(view.rules.map((rule) => [rule.id, rule.event])),
    duration: info?.duration ?? null,
    ...(info === null ? {} : { picture: info }),
  });
  const tracks = reference?.tracks ?? null;
  const tracksSha256 =
    tracks === null ? null : await attempt("reference", async () => await inspectTracks(tracks, info));
  if (info === null || videoSha256 === null || reference === null || findings.length > 0) {
    return { clip: null, findings, problems, stream: null };
  }
  const clip: SuiteClip = {
    id: declared.id,
    video,
    referenceFile,
    reference,
    view,
    conditions: declared.conditions,
    cameraKey: cameraId ?? sha256Of(canonicalize(written)).slice(0, 12),
    picture: { width: info.width, height: info.height },
    duration: info.duration,
    videoSha256,
    referenceSha256: sha256Of(referenceText),
    tracksSha256,
  };
  return { clip, findings, problems, stream: null };
}

/**
 * Looks into the manifests of networks that rules name for themselves. All rules of an event must name the same one, or
 * all none: figures of two networks together say nothing of either.
 */
async function inspectModels(
  clips: readonly { readonly camera: Pick<CameraView, "rules"> }[],
  directory: string,
): Promise<{ readonly slots: readonly SlotModel[]; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  const slots: SlotModel[] = [];
  const named = clips.flatMap(({ camera }, clip) =>
    camera.rules.map((rule, index) => {
      const own = ownModel(withOwnModel(rule, (path) => resolve(directory, path)));
      return { event: rule.event, own, path: ["clips", clip, "camera", "rules", index] };
    }),
  );
  for (const { event, own, path } of named) {
    const first = named.find((one) => one.event === event)?.own ?? null;
    const known = slots.some((slot) => slot.event === event);
    if (own?.manifest !== first?.manifest) {
      const other = first === null ? "no network of its own" : first.manifest;
      const what = `another rule for ${event} names ${other}: a suite measures one network an event`;
      findings.push(wrong(path, what));
    } else if (own !== null && !known) {
      try {
        slots.push(await slotModel(own));
      } catch (thrown) {
        findings.push(wrong([...path, "model"], asCoded(thrown).message.replace(/\.$/, "")));
        return { slots, findings };
      }
    }
  }
  return { slots, findings };
}

/**
 * SHA-256 of a file of true tracks, which is read as it will be when the clip has run.
 * @throws AUDIT_UNREADABLE, AUDIT_TOO_LARGE, AUDIT_INVALID with each faulty line
 */
async function inspectTracks(path: string, info: SourceInfo | null): Promise<string> {
  const text = await readText(path);
  const pictures = parseMot(text, path).length;
  const { duration = null, nominalRate = null } = info ?? {};
  if (duration !== null && nominalRate !== null && (pictures - 1) / nominalRate > latestInstant(duration)) {
    const of = `the clip, which has about ${Math.round(duration * nominalRate)}`;
    throw fault("AUDIT_VALUE", { at: path, what: `its ${pictures} pictures reach beyond ${of}` });
  }
  return sha256Of(text);
}

/** What the recording's header says. */
export async function headerOf(video: string): Promise<SourceInfo> {
  const source = createSource(video, {
    clock: systemClock,
    realtime: false,
    startedAt: null,
    transport: "tcp",
    decoderThreads: 1,
    queueFrames: 1,
  });
  try {
    return await source.open();
  } finally {
    await source.close();
  }
}

/** Keys that mean nothing here are said and left: a misspelt one would change what is measured. */
function unknownKeys(written: unknown): readonly Finding[] {
  const unknown = (value: unknown, known: readonly string[], path: KeyPath) =>
    Object.keys(typeof value === "object" && value !== null ? value : {})
      .filter((key) => !known.includes(key))
      .map(
        (key): Finding => ({
          ...wrong([...path, key], `the key ${key} is not known and is left unread`),
          severity: "warning",
        }),
      );
  const clips = typeof written === "object" && written !== null && "clips" in written ? written.clips : [];
  return [
    ...unknown(written, Object.keys(suiteSchema.shape), []),
    ...(Array.isArray(clips) ? clips : []).flatMap((clip: unknown, index) =>
      unknown(clip, Object.keys(clipSchema.shape), ["clips", index]),
    ),
  ];
}

/** Where a network's manifest lies changes nothing: what stands in the seal is the network. */
function seal(name: string, clips: readonly SuiteClip[], slots: SlotHashes): string {
  const sealed = (view: CameraView) => {
    return { ...view, rules: view.rules.map((rule) => withOwnModel(rule, (path) => slots.get(path) ?? "")) };
  };
  return sha256Of(
    canonicalize({
      schema: SUITE_SCHEMA_NAME,
      name,
      clips: clips.map(({ id, videoSha256, referenceSha256, tracksSha256, conditions, view, cameraKey }) => ({
        id,
        video: videoSha256,
        reference: referenceSha256,
        tracks: tracksSha256,
        conditions,
        camera: sealed(view),
        cameraKey,
      })),
    }),
  );
}
