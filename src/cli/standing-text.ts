import type { Decision } from "../policy/question.ts";
import { REASON_TEXTS } from "../policy/reason-texts.ts";
import type { Language } from "../report/language.ts";
import { WORDS } from "./words.ts";

/**
 * What the gate says of one or several rules of a camera, for a person.
 * @param rules their ids
 */
export function standingText(decision: Decision, rules: string, language: Language): string {
  const words = WORDS[language];
  const place = words.rulesOf(decision.cameraId, rules);
  if (decision.allow) return words.runsAgain(place);
  const reasons = decision.reasons.map(
    ({ code, source }) =>
      `  ${REASON_TEXTS[code].why[language]} (${code})\n    ${source}\n    ${REASON_TEXTS[code].remedy[language]}`,
  );
  return [words.mayNotRun(place), ...reasons].join("\n");
}
