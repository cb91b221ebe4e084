import { InvalidArgumentError } from "commander";

/** The value of an option as a number above 0. @throws InvalidArgumentError, as commander wants it */
export function positiveNumber(value: string): number {
  const number = Number(value);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError("A number above 0.");
  return number;
}

/** The same as a whole number. */
export function positiveInteger(value: string): number {
  const number = positiveNumber(value);
  if (!Number.isInteger(number)) throw new InvalidArgumentError("A whole number from 1.");
  return number;
}
