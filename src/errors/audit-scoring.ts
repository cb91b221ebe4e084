import { EXIT, entry } from "./entry.ts";

/** Scores, intervals, tracking scores and the comparison of two systems. */
export const AUDIT_SCORING_ERRORS = {
  CALCULATE_VALUE: entry<{ option: string; found: string; expected: string }>(
    EXIT.usage,
    (p) => `${p.option} takes ${p.expected}; found ${p.found}.`,
    () => "See `contrechamp audit calculate --help` for examples.",
  ),
  CALCULATE_MISSING: entry<{ options: string }>(
    EXIT.usage,
    (p) => `There is nothing to calculate with: ${p.options} is missing.`,
    () =>
      "Give --recall, --false-alarms-per-day and --events-per-year; or --from with a result of `audit run` or `audit score`, and --events-per-year.",
  ),
  CALCULATE_TWICE: entry<{ option: string }>(
    EXIT.usage,
    (p) => `Both --from and ${p.option} say how good the system is.`,
    () => "Leave one of them out.",
  ),
  CALCULATE_NEEDS: entry<{ option: string; needs: string }>(
    EXIT.usage,
    (p) => `${p.option} says nothing without ${p.needs}.`,
    (p) => `Give ${p.needs} too, or leave ${p.option} out.`,
  ),
  CALCULATE_WHICH_EVENT: entry<{ file: string; found: string; known: string }>(
    EXIT.usage,
    (p) => `${p.file} has ${p.known}: ${p.found}.`,
    () => "Name one of them with --event.",
  ),
  CALCULATE_NO_FORMAT: entry<{ file: string; found: string }>(
    EXIT.data,
    (p) => `${p.file} is ${p.found}; contrechamp/scores@1 or contrechamp/audit@1 is read here.`,
    () => "Give what `audit run` or `audit score` wrote: the file of --json, or the folder of --report.",
  ),
  CALCULATE_NOTHING_MEASURED: entry<{ file: string; event: string; what: string }>(
    EXIT.data,
    (p) => `${p.file} has ${p.what} of ${p.event}, so nothing can be calculated from it.`,
    () => "Measure it on a suite with such events and with clips in which it is looked for.",
  ),
  COMPARE_DIFFERENT: entry<{ list: string }>(
    EXIT.data,
    (p) => `The two systems were not measured on the same recordings:\n${p.list}`,
    () => "Run or score both on the same suite, or the same references, and compare those records.",
  ),
  COMPARE_ALIGNMENT: entry<{ a: string; b: string }>(
    EXIT.data,
    (p) => `The two systems were not measured by the same rule: the first by ${p.a}, the second by ${p.b}.`,
    () => "Run or score one of them again with the --alignment of the other.",
  ),
} as const;
