/** Says a line on standard output: a result, for a person or for a program. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The same of a value, as JSON that a person can read too. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}
