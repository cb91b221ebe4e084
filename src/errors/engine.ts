import { EXIT, entry } from "./entry.ts";

/** The cameras' processes. */
export const ENGINE_ERRORS = {
  CAMERA_PROCESS_ENDED: entry<{ camera: string; how: string }>(
    EXIT.partial,
    (p) => `The process of camera ${p.camera} ended unexpectedly (${p.how}).`,
    () =>
      "Other cameras go on. If it happens again with the same recording, please report it with the recording's format.",
  ),
} as const;
