import { InvalidArgumentError } from "commander";

/**
 * Keys of conditions, as `--slices light,weather` names them before anything is measured. Their comparisons are then
 * answers to a question; those of all other keys stay hints.
 */
export function conditionKeys(value: string): readonly string[] {
  const keys = value.split(",").map((key) => key.trim());
  if (keys.some((key) => key === "")) throw new InvalidArgumentError("keys of conditions: light,weather");
  return [...new Set(keys)];
}
