import { basename, extname } from "node:path";
import { fault } from "../../errors.ts";
import { parseAddress } from "../../sources/address.ts";
import { headerOf } from "../suite.ts";

/** A video file, as far as annotation has to know it. */
export interface Recording {
  readonly path: string;
  /** File name without its folder. */
  readonly name: string;
  /** Media type, RFC 4337 and others. */
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly codec: string;
  readonly rate: number | null;
  readonly duration: number | null;
  /** The command that makes a copy which browsers play. */
  readonly convert: string;
}

/** Containers that some browser opens. */
const TYPES: Readonly<Record<string, string>> = {
  ".mp4": "video/mp4",
  ".m4v": "video/mp4",
  ".mov": "video/mp4",
  ".webm": "video/webm",
  ".mkv": "video/webm",
  ".ogv": "video/ogg",
};

/** Codecs, by libav's names, that some browser decodes. Whether the reader's own does, it says itself. */
const PLAYED: ReadonlySet<string> = new Set(["h264", "hevc", "vp8", "vp9", "av1", "theora"]);

/**
 * Looks at what is to be annotated. Its first picture is decoded in memory to learn its size, and forgotten.
 * @throws ANNOTATE_NOT_A_FILE, ANNOTATE_NOT_PLAYABLE, and what a source throws (SOURCE_NOT_FOUND and others)
 */
export async function describeRecording(path: string): Promise<Recording> {
  const address = parseAddress(path);
  if (address.kind !== "file") throw fault("ANNOTATE_NOT_A_FILE", { address: address.shown });
  const { width, height, codec, nominalRate, duration } = await headerOf(path);
  const convert = convertCommand(path);
  const type = TYPES[extname(address.location).toLowerCase()];
  if (type === undefined || !PLAYED.has(codec)) {
    const form = `${codec} in ${extname(address.location) || "a file without extension"}`;
    throw fault("ANNOTATE_NOT_PLAYABLE", { file: address.shown, codec: form, command: convert });
  }
  const name = basename(address.location);
  return { path: address.location, name, type, width, height, codec, rate: nominalRate, duration, convert };
}

/** Same pictures, same times, no sound; H.264 plays everywhere. */
export function convertCommand(path: string): string {
  const target = `${path.slice(0, path.length - extname(path).length)}.annotate.mp4`;
  const quality = "-an -c:v libx264 -crf 18 -pix_fmt yuv420p -fps_mode passthrough -movflags +faststart";
  return `ffmpeg -i ${shellQuoted(path)} ${quality} ${shellQuoted(target)}`;
}

/** POSIX shell. */
function shellQuoted(text: string): string {
  return /^[\w./-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
