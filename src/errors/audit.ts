import { EXIT, entry } from "./entry.ts";

/** Suites, references, records and the running of a suite. */
export const AUDIT_ERRORS = {
  AUDIT_TOO_LARGE: entry<{ file: string; bytes: number; limit: number }>(
    EXIT.data,
    (p) => `${p.file} has ${p.bytes} bytes; at most ${p.limit} are read.`,
    () => "Split it: one reference a clip, and clips of some hours at most.",
  ),
  AUDIT_UNREADABLE: entry<{ file: string; reason: string }>(
    EXIT.noInput,
    (p) => `${p.file} cannot be read: ${p.reason}.`,
    () => "Check the spelling, the folder the command runs in, and who may read the file.",
  ),
  AUDIT_SCHEMA: entry<{ at: string; found: string; expected: string }>(
    EXIT.data,
    (p) => `${p.at}: the format is ${p.found}; ${p.expected} is read here.`,
    () => "Give the file that the command asks for. A newer format needs a newer version of Contrechamp.",
  ),
  AUDIT_INVALID: entry<{ file: string; count: number; list: string }>(
    EXIT.data,
    (p) => `${p.file} has ${p.count === 1 ? "1 fault" : `${p.count} faults`}:\n${p.list}`,
    () => "Correct them all; nothing was run or written. docs/audit describes the formats.",
  ),
  AUDIT_VALUE: entry<{ at: string; what: string }>(
    EXIT.data,
    (p) => `${p.at}: ${p.what}.`,
    () => "Correct it and start again; nothing was run or written. docs/audit describes the formats.",
  ),
  AUDIT_EXISTS: entry<{ file: string }>(
    EXIT.cannotCreate,
    (p) => `${p.file} exists already.`,
    () => "Give another name, or --force to overwrite it.",
  ),
  AUDIT_NOT_WRITTEN: entry<{ file: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `${p.file} could not be written: ${p.reason}.`,
    () => "Check that the folder may be written and that the disk is not full.",
  ),
  AUDIT_CLIP_CRASHED: entry<{ how: string }>(
    EXIT.internal,
    (p) => `The process of this clip ended unexpectedly, twice (${p.how}).`,
    () => "Its references count as missed. Play the file in a video player; if it plays there, report this.",
  ),
  AUDIT_REFUSED: entry<{ reasons: string }>(
    EXIT.notPermitted,
    (p) => `The gate did not let this clip be analysed to its end (${p.reasons}).`,
    () =>
      "Its references count as missed. The authorisation of a measurement holds for a week and for the recordings as they were when it began: start it again.",
  ),
  AUDIT_INTERRUPTED: entry<{ done: number; of: number }>(
    EXIT.partial,
    (p) => `Stopped by hand: ${p.done} of ${p.of} clips are done, and kept.`,
    () => "Start the same command again: it goes on where it was. --fresh begins anew.",
  ),
  AUDIT_HELD: entry<{ by: string; at: string; reason: string }>(
    EXIT.notPermitted,
    (p) => `Everything on this machine was stopped by ${p.by} at ${p.at}: ${p.reason}`,
    () =>
      "Nothing is decoded until a person lets it run again: contrechamp resume. Clips that are done are kept.",
  ),
  AUDIT_STREAM: entry<{ at: string; address: string }>(
    EXIT.usage,
    (p) => `${p.at}: ${p.address} is a stream, and the audit bench reads recordings only.`,
    () => "Record it first, lawfully, and name the file.",
  ),
} as const;
