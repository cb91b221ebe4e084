import { EXIT, entry } from "./entry.ts";

/** Evidence and output. */
export const EVIDENCE_ERRORS = {
  OUTPUT_NOT_WRITTEN: entry<{ folder: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `Results cannot be written to ${p.folder}: ${p.reason}.`,
    () => "Give another folder with --out, or make this one writable.",
  ),
  OUTPUT_IN_USE: entry<{ folder: string; process: number }>(
    EXIT.cannotCreate,
    (p) => `Another run is writing to ${p.folder} (process ${p.process}).`,
    () => "Give this one a folder of its own with --out, or let the other end first.",
  ),
  EVIDENCE_NOT_WRITTEN: entry<{ path: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `Evidence could not be written to ${p.path}: ${p.reason}`,
    () =>
      "Check that the folder may be written and that the disk is not full. The analysis goes on; this alert has no picture.",
  ),
  EVIDENCE_QUEUE_FULL: entry<{ camera: string; waiting: number }>(
    EXIT.unavailable,
    (p) =>
      `Camera ${p.camera} raised an alert while ${p.waiting} clips were still waiting to be written; this one gets no evidence`,
    () =>
      "Many alerts at once point to a rule that is too wide. If they are right, give the machine more time or shorten the clips.",
  ),
  BACKGROUND_UNREADABLE: entry<{ path: string; reason: string }>(
    EXIT.noInput,
    (p) => `The background ${p.path} cannot be used: ${p.reason}`,
    () =>
      "Take the background.png that `contrechamp watch` wrote for this camera, with its background.json beside it.",
  ),
  BACKGROUND_NOT_APPROVED: entry<{ path: string }>(
    EXIT.data,
    (p) => `The background ${p.path} has not been approved by a person`,
    (p) => `Look at it; if it shows nobody, run: contrechamp background approve ${p.path} --by "YOUR NAME"`,
  ),
  BACKGROUND_CHANGED: entry<{ path: string }>(
    EXIT.data,
    (p) => `The background ${p.path} is not the picture that its record describes`,
    () => "The picture was changed after it was written or approved. Take a new one and approve that.",
  ),
  BACKGROUND_OTHER_CAMERA: entry<{ path: string; found: string; wanted: string }>(
    EXIT.config,
    (p) => `The background ${p.path} belongs to camera ${p.found}, not to ${p.wanted}`,
    () => "Name the background that was learnt from this camera.",
  ),
  APPROVER_MISSING: entry<{ path: string }>(
    EXIT.usage,
    (p) => `Nobody is named who approves ${p.path}`,
    () => 'Say who looked at it: --by "NAME".',
  ),
  REPORT_NOT_WRITTEN: entry<{ path: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `The report could not be written to ${p.path}: ${p.reason}`,
    () => "Check that the folder may be written and that the disk is not full.",
  ),
} as const;
