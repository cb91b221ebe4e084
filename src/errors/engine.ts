import { EXIT, entry } from "./entry.ts";

/** The cameras' processes. */
export const ENGINE_ERRORS = {
  CAMERA_PROCESS_ENDED: entry<{ camera: string; how: string }>(
    EXIT.partial,
    (p) => `The process of camera ${p.camera} ended unexpectedly (${p.how}).`,
    () =>
      "Other cameras go on. If it happens again with the same recording, please report it with the recording's format.",
  ),
  CAMERA_HELD: entry<{ camera: string; reasons: string }>(
    EXIT.partial,
    (p) => `Camera ${p.camera} was stopped before its end: ${p.reasons}.`,
    () =>
      "`contrechamp check` says what holds it. A hold ends only by a person's word: `contrechamp resume` with a reason.",
  ),
  GATE_PASSED_BY: entry<Record<never, never>>(
    EXIT.internal,
    () => "Something tried to raise an alert that the gate has not let through; it was not raised.",
    () => "This is a fault of Contrechamp. Please report it with the command and the full output.",
  ),
} as const;
