/** Exit codes of the command line, after sysexits.h where one fits. */
export const EXIT = {
  ok: 0,
  /** Something ran, and part of it failed (a camera was lost, a file could not be read to its end). */
  partial: 1,
  usage: 64,
  data: 65,
  noInput: 66,
  unavailable: 69,
  internal: 70,
  cannotCreate: 73,
  /** The gate says no: no profile, authorisation, certificate or notice allows it. */
  notPermitted: 77,
  config: 78,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export type Parameters = Readonly<Record<string, string | number>>;

/** One kind of error: its message and help are made from parameters. */
export interface Entry<P extends Parameters> {
  /** What is wrong, and where. One sentence. */
  readonly message: (p: P) => string;
  /** What to do about it. One or two sentences. */
  readonly help: (p: P) => string;
  readonly exit: ExitCode;
}

export function entry<P extends Parameters>(
  exit: ExitCode,
  message: (p: P) => string,
  help: (p: P) => string,
): Entry<P> {
  return { exit, message, help };
}
