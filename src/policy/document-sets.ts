import type { Problem, YamlSource } from "../config/diagnostics.ts";
import { CodedError, ERRORS, fault } from "../errors.ts";
import { AUTHORISATION_SCHEMA_NAME, type Authorisation } from "./authorisation.ts";
import { checkRenewal } from "./authorisation-checks.ts";
import { CERTIFICATE_SCHEMA_NAME, type Certificate } from "./certificate.ts";
import { NOTICE_SCHEMA_NAME, type Notice } from "./notice.ts";
import { TRUST_SCHEMA_NAME, type Trust } from "./signature.ts";

/** What documents of one folder say of each other. */

/** Whatever a folder of documents may hold, told apart by `schema`. */
export type AuthorityDocument = Authorisation | Certificate | Notice | Trust;

/** A document that is sound by itself, with the way to say where something in it stands. */
export interface Found {
  readonly file: string;
  readonly document: AuthorityDocument;
  readonly locate: YamlSource["locate"];
}

/** Takes what keeps a document from being used, or what is to be known of it. */
export type Refuse = (file: string, error: CodedError) => void;

/** Of documents with one id neither counts. */
export function withoutDoubles(found: readonly Found[], refuse: Refuse): readonly Found[] {
  const byId = Map.groupBy(found, ({ document }) => `${document.schema} ${idOf(document)}`);
  return found.filter((one) => {
    const id = idOf(one.document);
    const other = byId.get(`${one.document.schema} ${id}`)?.find((another) => another !== one);
    if (id === null || other === undefined) return true;
    const what = WHAT[one.document.schema];
    refuse(one.file, fault("DOCUMENT_ID_TWICE", { file: one.file, what, id, first: other.file }));
    return false;
  });
}

const WHAT: { readonly [S in AuthorityDocument["schema"]]: string } = {
  [AUTHORISATION_SCHEMA_NAME]: "authorisation",
  [CERTIFICATE_SCHEMA_NAME]: "certificate",
  [NOTICE_SCHEMA_NAME]: "notice of the authorisation",
  [TRUST_SCHEMA_NAME]: "trust file",
};

/** What tells a document apart from others of its kind: of a notice its authorisation's id, of a trust file nothing. */
export function idOf(document: AuthorityDocument): string | null {
  switch (document.schema) {
    case AUTHORISATION_SCHEMA_NAME:
    case CERTIFICATE_SCHEMA_NAME:
      return document.id;
    case NOTICE_SCHEMA_NAME:
      return document.authorisationId;
    case TRUST_SCHEMA_NAME:
      return null;
  }
}

/** Compares each renewal with what it renews, where that lies in the same folder. Keeps those that agree. */
export function withoutWrongRenewals(
  found: readonly Found[],
  warn: Refuse,
  refuse: Refuse,
): readonly Found[] {
  const authorisations = new Map<string, Authorisation>();
  for (const { document } of found) {
    if (document.schema === AUTHORISATION_SCHEMA_NAME) authorisations.set(document.id, document);
  }
  return found.filter(({ file, document, locate }) => {
    if (document.schema !== AUTHORISATION_SCHEMA_NAME || document.kind !== "analytic_authorisation")
      return true;
    const renewed = document.renewalOf === null ? undefined : authorisations.get(document.renewalOf);
    if (renewed === undefined) return true;
    const problems = checkRenewal(document, renewed).map(locate);
    const errors = problems.filter((problem) => problem.severity === "error");
    if (errors.length > 0) refuse(file, invalid(file, errors));
    for (const problem of problems.filter(({ severity }) => severity === "warning"))
      warn(file, coded(problem));
    return errors.length === 0;
  });
}

const SHOWN_PROBLEMS = 50;

/** What keeps a document from being used, as one error: the problem itself where there is but one. */
export function invalid(file: string, problems: readonly Problem[]): CodedError {
  const errors = problems.filter((found) => found.severity === "error");
  const [first] = errors;
  if (errors.length === 1 && first !== undefined) {
    return coded(first);
  }
  const shown = errors.slice(0, SHOWN_PROBLEMS).map((found) => `  ${found.message}`);
  if (errors.length > SHOWN_PROBLEMS) shown.push(`  and ${errors.length - SHOWN_PROBLEMS} more`);
  return fault("DOCUMENT_INVALID", { file, count: errors.length, list: shown.join("\n") });
}

/** A problem of a file as an error by itself. */
export function coded({ code, message, help }: Problem): CodedError {
  return new CodedError(code, message, help, ERRORS[code].exit);
}
