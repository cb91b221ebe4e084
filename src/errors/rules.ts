import { EXIT, entry } from "./entry.ts";

/** Rules. */
export const RULES_ERRORS = {
  RULE_NOT_BUILT: entry<{ rule: string; event: string; known: string }>(
    EXIT.config,
    (p) => `Rule ${p.rule} asks for the event ${p.event}, which this version cannot detect.`,
    (p) => `Remove the rule, or use one of: ${p.known}.`,
  ),
  RULES_NOT_BUILT: entry<{ list: string; known: string }>(
    EXIT.config,
    (p) => `Nothing was started: this version does not detect what is asked for by ${p.list}.`,
    (p) => `Remove what it cannot do, so that nobody relies on it. It detects: ${p.known}.`,
  ),
  RULE_PLACE: entry<{ rule: string; what: string }>(
    EXIT.config,
    (p) => `Rule ${p.rule} cannot watch its place: ${p.what}.`,
    () =>
      "Correct the rule, or the zone or line that it names. `contrechamp check --config FILE` lists them all.",
  ),
} as const;
