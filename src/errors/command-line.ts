import { EXIT, entry } from "./entry.ts";

/** How the command line is used. */
export const COMMAND_LINE_ERRORS = {
  USAGE_NO_SOURCE: entry<Record<never, never>>(
    EXIT.usage,
    () => "Nothing to watch: neither a source nor a configuration was given.",
    () =>
      "Give a file, a folder of images, a device or an address, or --config with a file that names cameras.",
  ),
  USAGE_WHICH_CAMERA: entry<{ cameras: string }>(
    EXIT.usage,
    (p) => `The configuration has several cameras (${p.cameras}): which of them stands for the source?`,
    () => "Name it with --camera, or leave the source out to watch all of them.",
  ),
  USAGE_UNKNOWN_CAMERA: entry<{ id: string; cameras: string }>(
    EXIT.usage,
    (p) => `The configuration has no camera ${p.id}.`,
    (p) => `It has: ${p.cameras}.`,
  ),
  USAGE_PORT: entry<{ found: string }>(
    EXIT.usage,
    (p) => `--port takes a whole number from 0 to 65535; found ${p.found}.`,
    () => "0 takes one that is free.",
  ),
  USAGE_DURATION: entry<{ option: string; found: string }>(
    EXIT.usage,
    (p) => `${p.option} takes a duration; found ${p.found}.`,
    () => "Write it with its unit, such as 30s, 10m or 1h.",
  ),
  USAGE_SOURCE_TWICE: entry<{ source: string }>(
    EXIT.usage,
    (p) => `The source ${p.source} is given twice.`,
    () => "Give it once. To watch one source with two sets of rules, write two cameras in a configuration.",
  ),
  STATE_NOT_NAMED: entry<{ profile: string }>(
    EXIT.config,
    (p) => `The profile ${p.profile} is for a site, and no folder is named for its state.`,
    () =>
      "Name one that lasts in `authority.state`, or with --state: the journal, the holds and the evidence at rest are kept there.",
  ),
  STATE_ELSEWHERE: entry<{ configured: string; option: string }>(
    EXIT.config,
    (p) =>
      `The configuration names the site's state, ${p.configured}, and --state another folder, ${p.option}.`,
    () =>
      "Leave --state out: in another folder the site's holds would not bind it, and its journal would begin anew.",
  ),
  STATE_IN_OUTPUT: entry<{ state: string; out: string }>(
    EXIT.config,
    (p) => `The site's state, ${p.state}, lies in the folder of results, ${p.out}.`,
    () =>
      "Each run moves the results of the one before aside. Name a folder beside it, which stays where it is.",
  ),
} as const;
