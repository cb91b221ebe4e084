/**
 * Every error that a person can meet, in one place: what is wrong, where, and what to do.
 * The page docs/reference/errors.md is made from this table and checked against it.
 */

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
  config: 78,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

type Parameters = Readonly<Record<string, string | number>>;

interface Entry<P extends Parameters> {
  /** What is wrong, and where. One sentence. */
  readonly message: (p: P) => string;
  /** What to do about it. One or two sentences. */
  readonly help: (p: P) => string;
  readonly exit: ExitCode;
}

function entry<P extends Parameters>(
  exit: ExitCode,
  message: (p: P) => string,
  help: (p: P) => string,
): Entry<P> {
  return { exit, message, help };
}

export const ERRORS = {
  // ── anything ────────────────────────────────────────────────────────────────────────────────────
  INTERNAL: entry<{ what: string }>(
    EXIT.internal,
    (p) => `Something failed that should not: ${p.what}`,
    () => "This is a fault of Contrechamp. Please report it with the command and the full output.",
  ),

  // ── command line ────────────────────────────────────────────────────────────────────────────────

  // ── configuration ───────────────────────────────────────────────────────────────────────────────

  // ── sources ─────────────────────────────────────────────────────────────────────────────────────

  // ── models ──────────────────────────────────────────────────────────────────────────────────────

  // ── detection ───────────────────────────────────────────────────────────────────────────────────

  // ── rules ───────────────────────────────────────────────────────────────────────────────────────

  // ── engine ──────────────────────────────────────────────────────────────────────────────────────
  CAMERA_PROCESS_ENDED: entry<{ camera: string; how: string }>(
    EXIT.partial,
    (p) => `The process of camera ${p.camera} ended unexpectedly (${p.how}).`,
    () =>
      "Other cameras go on. If it happens again with the same recording, please report it with the recording's format.",
  ),

  // ── evidence and output ─────────────────────────────────────────────────────────────────────────
} as const satisfies Record<string, Entry<never>>;

export type ErrorCode = keyof typeof ERRORS;
type ParametersOf<C extends ErrorCode> = (typeof ERRORS)[C] extends Entry<infer P> ? P : never;

/** The one error class. `message` says what and where, `help` what to do, `code` is stable. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly help: string;
  readonly exit: ExitCode;

  constructor(code: ErrorCode, message: string, help: string, exit: ExitCode, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CodedError";
    this.code = code;
    this.help = help;
    this.exit = exit;
  }
}

/** Makes the error of a code. @param p what the code's message needs */
export function fault<C extends ErrorCode>(code: C, p: ParametersOf<C>, cause?: unknown): CodedError {
  // The table's entries are functions of their own parameters; the signature above keeps them together.
  const found = ERRORS[code] as unknown as Entry<Parameters>;
  return new CodedError(code, found.message(p), found.help(p), found.exit, cause);
}

/** Anything thrown, as a CodedError: itself, or wrapped as INTERNAL. */
export function asCoded(thrown: unknown): CodedError {
  if (thrown instanceof CodedError) return thrown;
  return fault("INTERNAL", { what: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
}
