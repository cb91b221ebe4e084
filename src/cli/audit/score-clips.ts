import { basename } from "node:path";
import { canonicalize } from "json-canonicalize";
import { parseReference } from "../../audit/load-reference.ts";
import type { Origin } from "../../audit/logs/log.ts";
import { readTime } from "../../audit/logs/times.ts";
import { readText } from "../../audit/read-text.ts";
import type { ScoredClip } from "../../audit/score/clip.ts";
import { headerOf, loadSuite } from "../../audit/suite.ts";
import { CodedError, fault } from "../../errors.ts";
import { sha256Of } from "../../files/sha256.ts";
import { recordingSha256 } from "../../sources/recording-hash.ts";
import type { Seconds, UtcMilliseconds } from "../../time/clock.ts";
import { parseDuration } from "../../time/duration.ts";

/** Options that may be given for each clip, as `VALUE` for all or `CLIP=VALUE` for one. */
export interface ClipOptions {
  readonly reference: readonly string[];
  readonly suite?: string;
  readonly exposure: readonly string[];
  readonly seconds: readonly string[];
  readonly video: readonly string[];
  readonly start: readonly string[];
  readonly framesPerSecond: readonly string[];
  readonly timeZone: string | null;
}

export interface GivenClips {
  readonly clips: readonly ScoredClip[];
  readonly suite: { readonly name: string; readonly sha256: string };
}

/**
 * The clips that a log is scored on, of a suite or of references alone.
 * @throws LOG_OPTION, LOG_NO_EXPOSURE, and what reading references, recordings and suites throws
 */
export async function givenClips(options: ClipOptions): Promise<GivenClips> {
  if ((options.suite === undefined) === (options.reference.length === 0)) {
    throw fault("LOG_OPTION", {
      what: "Give either --reference or --suite",
      help: "--reference FILE is the truth of one clip; --reference CLIP=FILE, several times, of several.",
    });
  }
  return options.suite === undefined ? fromReferences(options) : fromSuite(options.suite, options);
}

async function fromSuite(path: string, options: ClipOptions): Promise<GivenClips> {
  const suite = await loadSuite(path);
  const ids = suite.clips.map(({ id }) => id);
  const given = valuesOf(options, ids);
  const clips = suite.clips.map((clip): ScoredClip => {
    const seconds = given.seconds.get(clip.id) ?? clip.duration;
    const exposure = given.exposure.get(clip.id) ?? seconds;
    if (exposure === null) throw fault("LOG_NO_EXPOSURE", { clip: clip.id });
    return {
      id: clip.id,
      aliases: [basename(clip.video)],
      reference: clip.reference,
      rules: new Map(clip.view.rules.map((rule) => [rule.id, rule.event])),
      seconds: within(exposure, seconds, clip.id),
      length: seconds ?? exposure,
      start: given.start.get(clip.id) ?? null,
      framesPerSecond: given.framesPerSecond.get(clip.id) ?? null,
      camera: clip.cameraKey,
      conditions: clip.conditions,
      picture: clip.picture,
      videoSha256: clip.videoSha256,
      referenceSha256: clip.referenceSha256,
    };
  });
  return { clips, suite: { name: suite.name, sha256: suite.sha256 } };
}

async function fromReferences(options: ClipOptions): Promise<GivenClips> {
  const named = options.reference.map((text) => {
    const { clip, value } = split(text);
    return { id: clip ?? basename(value).replace(/\.(?:reference\.)?(?:json|ya?ml)$/i, ""), file: value };
  });
  const ids = named.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw fault("LOG_OPTION", {
      what: `Two references are of the clip ${twice}`,
      help: "Name each: --reference CLIP=FILE.",
    });
  }
  const given = valuesOf(options, ids);
  const clips: ScoredClip[] = [];
  for (const { id, file } of named) {
    const text = await readText(file);
    const video = given.video.get(id) ?? null;
    const info = video === null ? null : await headerOf(video);
    const seconds = given.seconds.get(id) ?? info?.duration ?? null;
    const exposure = given.exposure.get(id) ?? seconds;
    if (exposure === null) throw fault("LOG_NO_EXPOSURE", { clip: id });
    const reference = parseReference(text, file, { rules: null, duration: seconds });
    clips.push({
      id,
      aliases: [basename(file), ...(video === null ? [] : [basename(video)])],
      reference,
      rules: null,
      seconds: within(exposure, seconds, id),
      // Where nothing says how long it is, it is at least as long as what happened in it.
      length: seconds ?? reference.events.reduce((most, { end }) => Math.max(most, end), exposure),
      start: given.start.get(id) ?? null,
      framesPerSecond: given.framesPerSecond.get(id) ?? info?.nominalRate ?? null,
      camera: id,
      conditions: {},
      picture: info === null ? null : { width: info.width, height: info.height },
      videoSha256: video === null ? null : await recordingSha256(video),
      referenceSha256: sha256Of(text),
    });
  }
  const sealed = clips.map(({ id, referenceSha256, videoSha256, seconds }) => ({
    id,
    reference: referenceSha256,
    video: videoSha256,
    seconds,
  }));
  const seal = canonicalize({ schema: "contrechamp/references", clips: sealed });
  return { clips, suite: { name: ids.join(", "), sha256: sha256Of(seal) } };
}

/** A system cannot have watched a clip for longer than the clip is. */
function within(exposure: Seconds, length: Seconds | null, clip: string): Seconds {
  if (length !== null && exposure > length + 1) {
    throw fault("LOG_OPTION", {
      what: `The exposure of ${clip}, ${exposure} s, is longer than the clip, ${length} s`,
      help: "The exposure is how long the system watched this camera. Leave --exposure out if it watched all of the clip.",
    });
  }
  return exposure;
}

interface Values {
  readonly exposure: ReadonlyMap<string, Seconds>;
  readonly seconds: ReadonlyMap<string, Seconds>;
  readonly video: ReadonlyMap<string, string>;
  readonly start: ReadonlyMap<string, UtcMilliseconds>;
  readonly framesPerSecond: ReadonlyMap<string, number>;
}

function valuesOf(options: ClipOptions, ids: readonly string[]): Values {
  const each = <T>(
    name: string,
    texts: readonly string[],
    read: (text: string) => T | null,
    form: string,
  ) => {
    const values = new Map<string, T>();
    for (const text of texts) {
      const { clip, value } = split(text);
      const found = read(value);
      if (found === null) throw wrongValue(name, value, form);
      if (clip !== null && !ids.includes(clip)) {
        const help = `There is ${ids.slice(0, 20).join(", ")}.`;
        throw fault("LOG_OPTION", { what: `${name} is of the clip ${clip}, which there is not`, help });
      }
      // What is said of one clip goes before what is said of all.
      for (const id of ids) if (clip === id || (clip === null && !values.has(id))) values.set(id, found);
    }
    return values;
  };
  if (ids.length > 1 && options.exposure.some((text) => split(text).clip === null)) {
    throw fault("LOG_OPTION", {
      what: "--exposure is one length of time, and there are several clips",
      help: "Say it of each: --exposure CLIP=24h. Without it, all of each clip counts.",
    });
  }
  return {
    exposure: each("--exposure", options.exposure, positiveDuration, "a length of time, such as 24h or 90m"),
    seconds: each("--seconds", options.seconds, positive, "a number of seconds"),
    video: each("--video", options.video, (text) => text, "a file"),
    start: each(
      "--start",
      options.start,
      (text) => instant(text, options.timeZone),
      "an instant, such as 2026-03-01T08:00:00+01:00 (or without the offset, and --time-zone)",
    ),
    framesPerSecond: each("--frames-per-second", options.framesPerSecond, positive, "a number"),
  };
}

/** `CLIP=VALUE`, where the clip is no path. */
function split(text: string): { readonly clip: string | null; readonly value: string } {
  const match = /^([^=/\\]+)=(.+)$/s.exec(text);
  return match === null ? { clip: null, value: text } : { clip: match[1] ?? "", value: match[2] ?? "" };
}

function positive(text: string): number | null {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && value > 0 ? value : null;
}

function positiveDuration(text: string): Seconds | null {
  const seconds = parseDuration(text);
  return seconds !== null && seconds > 0 ? seconds : null;
}

function instant(text: string, zone: string | null): UtcMilliseconds | null {
  const origin: Origin = { file: "--start", line: 1 };
  try {
    const time = readTime(text, { unit: "auto", zone, dateOrder: null }, origin, () => null);
    return time instanceof CodedError || time.kind !== "instant" || time.again !== null ? null : time.utc;
  } catch (thrown) {
    if (thrown instanceof CodedError) return null;
    throw thrown;
  }
}

function wrongValue(name: string, found: string, form: string): CodedError {
  return fault("LOG_OPTION", { what: `${name} is ${JSON.stringify(found)}`, help: `Give ${form}.` });
}
