import { EXIT, entry } from "./entry.ts";

/** Contested rules, which only the audit bench runs. */
export const CONTESTED_ERRORS = {
  CONTESTED_STREAM: entry<{ address: string }>(
    EXIT.usage,
    (p) =>
      `${p.address} is a stream, and what a contested rule would have flagged is measured on recordings alone.`,
    () => "Record it first, lawfully, and name the file. There is no setting that changes this.",
  ),
  CONTESTED_SUITE_ALONE: entry<{ file: string }>(
    EXIT.usage,
    (p) => `${p.file} is a suite, and something else is named beside it.`,
    () => "Give one suite, or recordings; a suite names its recordings itself.",
  ),
} as const;
