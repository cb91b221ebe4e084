import { EXIT, entry } from "./entry.ts";

/** Rendered scenes and encoding. */
export const SCENES_ERRORS = {
  VIDEO_NOT_WRITTEN: entry<{ file: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The video ${p.file} could not be written: ${p.reason}.`,
    () =>
      "Check that the folder exists, may be written, has room, and that the name ends in .mp4, .mkv, .avi or .ts.",
  ),
  SCENE_NOT_WRITTEN: entry<{ file: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The rendered scene could not be written to ${p.file}: ${p.reason}`,
    () => "Check that the folder may be written and has room.",
  ),
  ENCODER_FAILED: entry<{ reason: string }>(
    EXIT.internal,
    (p) => `The H.264 encoder failed: ${p.reason}.`,
    () =>
      "Check that `npm ci` ran without errors and that there is free memory; then report it with the full output.",
  ),
  SCENE_UNKNOWN: entry<{ name: string; names: string }>(
    EXIT.usage,
    (p) => `There is no rendered scene named "${p.name}".`,
    (p) => `Take one of: ${p.names}.`,
  ),
  SCENE_OPTION: entry<{ option: string; value: string; allowed: string }>(
    EXIT.usage,
    (p) => `The value "${p.value}" of ${p.option} cannot be used.`,
    (p) => `Allowed is ${p.allowed}.`,
  ),
} as const;
