import { EXIT, entry } from "./entry.ts";

/** The command `contrechamp authorise`: what a person gave, or did not. */
export const AUTHORISE_COMMAND_ERRORS = {
  AUTHORISE_INCOMPLETE: entry<{ count: number; list: string }>(
    EXIT.usage,
    (p) =>
      `The authorisation cannot be written: ${p.count} ${p.count === 1 ? "thing is" : "things are"} missing or wrong.\n${p.list}`,
    () =>
      "Give them as options or with --fill FILE.yml, or run the command in a terminal to be asked. Nothing was written.",
  ),
  AUTHORISE_NOT_WRITTEN: entry<{ file: string; reason: string }>(
    EXIT.cannotCreate,
    (p) => `${p.file} could not be written: ${p.reason}.`,
    () =>
      "Check that the folder exists, that you may write to it and that the disk has room. Nothing was changed.",
  ),
  AUTHORISE_FILL: entry<{ file: string; what: string }>(
    EXIT.data,
    (p) => `${p.file} cannot fill an authorisation: ${p.what}.`,
    () =>
      "Write a mapping with the keys of an authorisation, as `contrechamp authorise show --json` prints one.",
  ),
  AUTHORISE_RENEWAL: entry<{ what: string }>(
    EXIT.usage,
    (p) => `This cannot be renewed so: ${p.what}.`,
    () =>
      "A renewal decides anew on grounds and dates and takes the rest over. For all else write a new authorisation.",
  ),
  AUTHORISE_KIND: entry<{ id: string; what: string }>(
    EXIT.data,
    (p) => `${p.id} authorises filming, and only an authorisation to analyse can be ${p.what}.`,
    () => "Give the file of the authorisation to analyse.",
  ),
  AUTHORISE_UNKNOWN: entry<{ id: string; folder: string; known: string }>(
    EXIT.noInput,
    (p) => `There is no authorisation ${p.id} in ${p.folder}.`,
    (p) => `It has: ${p.known}.`,
  ),
  AUTHORISE_VALUE: entry<{ option: string; found: string; expected: string }>(
    EXIT.usage,
    (p) => `${p.option} takes ${p.expected}; found ${p.found}.`,
    () => "Correct it. Nothing was changed.",
  ),
  AUTHORISE_STUDY_PROFILE: entry<{ id: string; what: string }>(
    EXIT.usage,
    (p) => `--recording is for a profile under which people authorise their own study; ${p.id} ${p.what}.`,
    () => "Take --profile recording-study, or demonstration for footage that Contrechamp drew.",
  ),
} as const;
