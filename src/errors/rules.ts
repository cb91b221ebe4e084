import { EXIT, entry } from "./entry.ts";

/** Rules. */
export const RULES_ERRORS = {
  RULE_PLACE: entry<{ rule: string; what: string }>(
    EXIT.config,
    (p) => `Rule ${p.rule} cannot watch its place: ${p.what}.`,
    () =>
      "Correct the rule, or the zone or line that it names. `contrechamp check --config FILE` lists them all.",
  ),
} as const;
