import { EXIT, entry } from "./entry.ts";

/** What the gate refuses. */
export const GATE_ERRORS = {
  CARRIED_UNAUTHORISED: entry<{ id: string }>(
    EXIT.internal,
    (p) => `An authorisation was to be carried on from ${p.id}, which no gate let through`,
    () => "This is a fault of the program, and nothing was shown. Please report it.",
  ),
  CARRIED_TO_ANOTHER: entry<{ from: string; to: string }>(
    EXIT.internal,
    (p) => `The authorisation of ${p.from} was to be carried on to ${p.to}, which is another one`,
    () => "This is a fault of the program, and nothing was shown. Please report it.",
  ),
} as const;
