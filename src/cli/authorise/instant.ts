import { fault } from "../../errors.ts";
import type { UtcMilliseconds } from "../../time/clock.ts";
import { when } from "./answers.ts";

/** An instant from an option. @returns null where it was not given @throws AUTHORISE_VALUE */
export function instantOption(
  option: string,
  text: string | undefined,
  timeZone: string,
): UtcMilliseconds | null {
  if (text === undefined) return null;
  const answer = when(text, timeZone);
  if (answer.expected !== undefined) {
    throw fault("AUTHORISE_VALUE", { option, found: JSON.stringify(text), expected: answer.expected.en });
  }
  return Date.parse(String(answer.value));
}
