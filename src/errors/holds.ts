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
  HOLD_NO_STATE: entry<Record<never, never>>(
    EXIT.usage,
    () => "Nothing is stopped: it was not said of which engine.",
    () =>
      "Give the engine's --state folder or its --config file. Without both, everything is stopped: contrechamp stop --everything",
  ),
  HOLD_UNKNOWN_CAMERA: entry<{ ids: string; file: string; cameras: string }>(
    EXIT.usage,
    (p) => `Nothing is stopped: ${p.file} has no camera ${p.ids}.`,
    (p) => `It has ${p.cameras}. To stop them all: --site.`,
  ),
  HOLD_NO_NAME: entry<Record<never, never>>(
    EXIT.usage,
    () => "It is held as before: it was not said who lets it run again.",
    () => 'Say it with --by "NAME".',
  ),
  HOLD_NO_REASON: entry<Record<never, never>>(
    EXIT.usage,
    () => "It is held as before: no reason was given to let it run again.",
    () => 'Say it with --reason "TEXT", at most 2000 characters. It is written to the journal.',
  ),
  HOLD_NOTHING_HELD: entry<{ what: string; held: string }>(
    EXIT.noInput,
    (p) => `Nothing is held as ${p.what}.`,
    (p) => `What is held: ${p.held}. Holds are released one scope at a time, or by --hold ID.`,
  ),
  HOLD_NO_TRACE: entry<{ reason: string }>(
    EXIT.cannotCreate,
    (p) => `It is held as before: the journal did not take the release: ${p.reason}`,
    () => "Nothing runs again without a trace. Mend the journal first: contrechamp journal verify",
  ),
  HOLD_NOT_PLACED: entry<{ file: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `NOTHING IS STOPPED: the hold could not be written to ${p.file}: ${p.reason}.`,
    () =>
      "End the engine's processes by hand. Then give this user the right to write there, or free space, and stop it again so that it stays stopped.",
  ),
  HOLD_NOT_EVERYWHERE: entry<{ file: string; machine: string; reason: string }>(
    EXIT.cannotCreate,
    (p) =>
      `It is stopped in ${p.file}, but not for the other engines of this machine: ${p.machine}: ${p.reason}.`,
    () => "Stop the other engines one by one, with their own --state or --config.",
  ),
  HOLD_NOT_RELEASED: entry<{ file: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `It is held as before: ${p.file} could not be changed: ${p.reason}.`,
    () =>
      "Run it as the user that the engine runs as. Where another process is writing, try again; where holds.lock is damaged, delete that file.",
  ),
} as const;
