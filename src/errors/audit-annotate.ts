import { EXIT, entry } from "./entry.ts";

/** Annotation of references, and the agreement of two of them. */
export const ANNOTATE_ERRORS = {
  ANNOTATE_NOT_A_FILE: entry<{ address: string }>(
    EXIT.usage,
    (p) => `${p.address} is no single recording: annotation shows one video file.`,
    () =>
      "Give the path of a video file. Of a folder of images make one first: ffmpeg -framerate 10 -pattern_type glob -i 'FOLDER/*.jpg' -c:v libx264 -pix_fmt yuv420p OUT.mp4.",
  ),
  ANNOTATE_NOT_PLAYABLE: entry<{ file: string; codec: string; command: string }>(
    EXIT.data,
    (p) => `${p.file} (${p.codec}) is in a form that browsers do not play.`,
    (p) =>
      `Make a copy with the same pictures at the same times, and annotate that: ${p.command}. The copy shows what the recording shows: keep and delete it under the same rules.`,
  ),
  ANNOTATE_CLIP: entry<{ file: string; clip: string; known: string }>(
    EXIT.usage,
    (p) => `The suite ${p.file} has no clip ${p.clip}; it has ${p.known}.`,
    () => "Name one of its clips with --clip.",
  ),
  ANNOTATE_OPTIONS: entry<{ what: string }>(
    EXIT.usage,
    (p) => `${p.what}.`,
    () => "Give VIDEO, or --suite SUITE with --clip ID; --reference names the file that is written.",
  ),
  ANNOTATE_NOT_JSON: entry<{ file: string }>(
    EXIT.data,
    (p) => `${p.file} is not JSON, and annotation writes JSON: its comments and its form would be lost.`,
    () => "Convert it to JSON first, or name another file with --reference.",
  ),
  ANNOTATE_PORT: entry<{ port: number; reason: string }>(
    EXIT.unavailable,
    (p) => `Port ${p.port} of this machine cannot be used: ${p.reason}.`,
    () => "Leave --port out: a free one is taken.",
  ),
  ANNOTATE_VIDEO_CHANGED: entry<{ file: string }>(
    EXIT.data,
    (p) => `${p.file} was changed or removed while it was annotated.`,
    () => "What is annotated is saved. Put the recording back and start again.",
  ),
  AGREE_OPTION: entry<{ option: string; value: string; allowed: string }>(
    EXIT.usage,
    (p) => `${p.option} is ${JSON.stringify(p.value)}; it must be ${p.allowed}.`,
    () => "Correct the option and start again.",
  ),
} as const;
