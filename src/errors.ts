import { ACCOUNTS_ERRORS } from "./errors/accounts.ts";
import { API_ERRORS } from "./errors/api.ts";
import { AUDIT_ERRORS } from "./errors/audit.ts";
import { ANNOTATE_ERRORS } from "./errors/audit-annotate.ts";
import { AUDIT_CERTIFY_ERRORS } from "./errors/audit-certify.ts";
import { CONTESTED_ERRORS } from "./errors/audit-contested.ts";
import { AUDIT_LOG_ERRORS } from "./errors/audit-logs.ts";
import { AUDIT_REPORT_ERRORS } from "./errors/audit-report.ts";
import { AUDIT_SCORING_ERRORS } from "./errors/audit-scoring.ts";
import { AUTHORISATION_ERRORS } from "./errors/authorisations.ts";
import { AUTHORISE_COMMAND_ERRORS } from "./errors/authorise-command.ts";
import { COMMAND_LINE_ERRORS } from "./errors/command-line.ts";
import { CONFIGURATION_ERRORS } from "./errors/configuration.ts";
import { DETECTION_ERRORS } from "./errors/detection.ts";
import { ENGINE_ERRORS } from "./errors/engine.ts";
import { type Entry, EXIT, type ExitCode, type Parameters } from "./errors/entry.ts";
import { EVIDENCE_ERRORS } from "./errors/evidence.ts";
import { GATE_ERRORS } from "./errors/gate.ts";
import { GENERAL_ERRORS } from "./errors/general.ts";
import { HOLD_ERRORS } from "./errors/holds.ts";
import { JOURNAL_ERRORS } from "./errors/journal.ts";
import { MODELS_ERRORS } from "./errors/models.ts";
import { PROFILE_ERRORS } from "./errors/profiles.ts";
import { RULES_ERRORS } from "./errors/rules.ts";
import { SCENES_ERRORS } from "./errors/scenes.ts";
import { SOURCES_ERRORS } from "./errors/sources.ts";
import { STORE_ERRORS } from "./errors/store.ts";
import { VAULT_ERRORS } from "./errors/vault.ts";
import { VERIFICATION_ERRORS } from "./errors/verification.ts";

export { EXIT, type ExitCode };

/**
 * Every error that a person can meet, in one table, told apart by stage: what is wrong, where, and what to do.
 * The page docs/reference/errors.md is made from this table and checked against it.
 */
export const ERRORS = {
  ...GENERAL_ERRORS,
  ...COMMAND_LINE_ERRORS,
  ...CONFIGURATION_ERRORS,
  ...SOURCES_ERRORS,
  ...MODELS_ERRORS,
  ...DETECTION_ERRORS,
  ...RULES_ERRORS,
  ...ENGINE_ERRORS,
  ...EVIDENCE_ERRORS,
  ...SCENES_ERRORS,
  ...PROFILE_ERRORS,
  ...AUTHORISATION_ERRORS,
  ...AUTHORISE_COMMAND_ERRORS,
  ...GATE_ERRORS,
  ...JOURNAL_ERRORS,
  ...VERIFICATION_ERRORS,
  ...VAULT_ERRORS,
  ...HOLD_ERRORS,
  ...STORE_ERRORS,
  ...ACCOUNTS_ERRORS,
  ...API_ERRORS,
  ...AUDIT_ERRORS,
  ...ANNOTATE_ERRORS,
  ...AUDIT_CERTIFY_ERRORS,
  ...CONTESTED_ERRORS,
  ...AUDIT_LOG_ERRORS,
  ...AUDIT_REPORT_ERRORS,
  ...AUDIT_SCORING_ERRORS,
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
