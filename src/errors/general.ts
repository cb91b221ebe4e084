import { EXIT, entry } from "./entry.ts";

/** Anything at all. */
export const GENERAL_ERRORS = {
  INTERNAL: entry<{ what: string }>(
    EXIT.internal,
    (p) => `Something failed that should not: ${p.what}`,
    () => "This is a fault of Contrechamp. Please report it with the command and the full output.",
  ),
} as const;
