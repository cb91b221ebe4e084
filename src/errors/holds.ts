import { EXIT, entry } from "./entry.ts";

/** The stop switch and other holds, and what tells one recording from another. */
export const HOLD_ERRORS = {
  RECORDING_KIND: entry<{ path: string }>(
    EXIT.data,
    (p) => `${p.path} is neither a file nor a folder of images.`,
    () => "Only recordings have a SHA-256: give a video file or a folder of images.",
  ),
  RECORDING_CHANGED: entry<{ path: string }>(
    EXIT.data,
    (p) => `${p.path} changed while its SHA-256 was computed.`,
    () => "Something is still writing to it. Wait until it is complete, then ask again.",
  ),
} as const;
