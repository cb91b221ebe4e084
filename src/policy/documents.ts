import { realpath } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { Document, isScalar, visit } from "yaml";
import type { z } from "zod";
import {
  applySchema,
  type Finding,
  formatPath,
  inFileOrder,
  type KeyPath,
  LARGEST_FILE_BYTES,
  type Problem,
  readYaml,
  showValue,
  type YamlSource,
} from "../config/diagnostics.ts";
import { asCoded, type CodedError, fault } from "../errors.ts";
import { AUTHORISATION_SCHEMA_NAME, authorisationSchema } from "./authorisation.ts";
import { checkAuthorisation } from "./authorisation-checks.ts";
import { CERTIFICATE_SCHEMA_NAME, certificateSchema } from "./certificate.ts";
import { checkCertificate, checkNotice, checkTrust } from "./certificate-checks.ts";
import {
  documentNames,
  readDocumentText,
  tooLarge,
  unreadableDocument,
  writeDocumentText,
} from "./document-files.ts";
import {
  type AuthorityDocument,
  coded,
  type Found,
  idOf,
  invalid,
  type Refuse,
  withoutDoubles,
  withoutWrongRenewals,
} from "./document-sets.ts";
import { NOTICE_SCHEMA_NAME, noticeSchema } from "./notice.ts";
import { TRUST_SCHEMA_NAME, type Trust, trustSchema } from "./signature.ts";
import { DEFAULT_TIME_ZONE } from "./validity.ts";
import {
  signatureFault,
  signatureFaults,
  verifyAuthorisation,
  verifyCertificate,
  verifyNotice,
} from "./verify-documents.ts";
import type { VerifiedAuthorisation, VerifiedCertificate, VerifiedNotice } from "./world.ts";

export interface DocumentOptions {
  /** The profile's, in which dates, offsets and months are read. */
  readonly timeZone?: string;
}

/** Something that keeps a document from being used, or that a reader should know of it. */
export interface DocumentFault {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

export interface LoadedDocuments {
  readonly authorisations: VerifiedAuthorisation[];
  readonly certificates: VerifiedCertificate[];
  readonly notices: VerifiedNotice[];
  readonly trust: Trust | null;
  /** What could not be used. With one of these nothing may run: what was not read might forbid. */
  readonly faults: DocumentFault[];
  /**
   * What can be read and does not hold or is unwise: a signature that is missing or wrong, a renewal with the grounds of
   * the one before.
   */
  readonly warnings: DocumentFault[];
  /** Where each document that is used was found: its id (of a notice, its authorisation's), and its file's name. */
  readonly files: { readonly schema: string; readonly id: string | null; readonly file: string }[];
}

/** All documents of a folder together, in bytes. */
export const LARGEST_FOLDER_BYTES = 67_108_864;

/**
 * Reads every .yml, .yaml and .json file of a folder (not of those within it; names that begin with a dot are left
 * out) and checks all signatures against its trust file. Never rejects: what cannot be used becomes a fault, and the
 * other documents are read all the same.
 */
export async function loadDocuments(folder: string, options: DocumentOptions = {}): Promise<LoadedDocuments> {
  const loaded: LoadedDocuments = {
    authorisations: [],
    certificates: [],
    notices: [],
    trust: null,
    faults: [],
    warnings: [],
    files: [],
  };
  const refuse = (file: string, { code, message }: CodedError): void => {
    loaded.faults.push({ file, code, message });
  };
  const warn: Refuse = (file, { code, message }) => {
    loaded.warnings.push({ file, code, message });
  };
  let found: readonly Found[];
  try {
    const names = await documentNames(folder);
    found = await readAll(await realpath(folder), names, options, warn, refuse);
  } catch (thrown) {
    refuse(folder, asCoded(thrown));
    return loaded;
  }
  const trusts = found.filter((one) => one.document.schema === TRUST_SCHEMA_NAME);
  for (const one of trusts.length > 1 ? trusts : []) {
    const other = trusts.find((another) => another !== one) ?? one;
    refuse(one.file, fault("DOCUMENT_TRUST_TWICE", { file: one.file, first: other.file }));
  }
  const trust = trusts.length === 1 ? (trusts[0]?.document ?? null) : null;
  const single = withoutDoubles(found, refuse);
  const sound = withoutWrongRenewals(single, warn, refuse);
  const believed = trust?.schema === TRUST_SCHEMA_NAME ? trust : null;
  for (const { document, file } of sound) {
    loaded.files.push({ schema: document.schema, id: idOf(document), file });
    const unsound: CodedError[] = [];
    if (document.schema === AUTHORISATION_SCHEMA_NAME) {
      const verified = verifyAuthorisation(document, believed);
      loaded.authorisations.push(verified);
      unsound.push(...signatureFaults(verified, file));
    } else if (document.schema === CERTIFICATE_SCHEMA_NAME) {
      const verified = verifyCertificate(document, believed);
      loaded.certificates.push(verified);
      const { signature: state } = verified;
      if (state !== "valid") unsound.push(signatureFault(file, "the certificate", state, document.signature));
    } else if (document.schema === NOTICE_SCHEMA_NAME) {
      const verified = verifyNotice(document, believed);
      loaded.notices.push(verified);
      const { signature: state } = verified;
      if (state !== "valid") unsound.push(signatureFault(file, "the notice", state, document.signature));
    }
    for (const error of unsound) warn(file, error);
  }
  return { ...loaded, trust: believed };
}

/**
 * Reads the text of a document and says all that is wrong or unwise in it, without throwing.
 * @param name how problems call the file
 * @returns the document where there is no error, and every problem in the order of the file
 */
export function inspectDocument(
  text: string,
  name: string,
  options: DocumentOptions = {},
): { readonly document: AuthorityDocument | null; readonly problems: readonly Problem[] } {
  const { document, problems } = inspect(text, name, options);
  return { document, problems };
}

/**
 * Reads one document, signed or not.
 * @throws CodedError DOCUMENT_UNREADABLE, DOCUMENT_TOO_LARGE, DOCUMENT_NOT_TEXT, or what is wrong in it: the one
 * problem's code, or DOCUMENT_INVALID, which lists all
 */
export async function readDocument(path: string, options: DocumentOptions = {}): Promise<AuthorityDocument> {
  const { document, problems } = inspectDocument(await readDocumentText(path, path), path, options);
  if (document === null) throw invalid(path, problems);
  return document;
}

/**
 * Writes a document whole or not at all, its keys in the schema's order, and waits until it lies on the disk. YAML, or
 * JSON where the name ends in .json. Comments of an older file are not kept.
 * @param options.exclusive do not replace a file
 * @throws CodedError DOCUMENT_INVALID (it does not fit its schema), DOCUMENT_EXISTS, DOCUMENT_NOT_WRITTEN
 */
export async function writeDocument(
  path: string,
  document: AuthorityDocument,
  options: { readonly exclusive?: boolean } = {},
): Promise<void> {
  await writeDocumentText(path, documentText(document, path), options.exclusive ?? false);
}

/** The text that `writeDocument` writes. @param name says by its ending whether it is JSON @throws DOCUMENT_INVALID */
export function documentText(document: AuthorityDocument, name: string): string {
  const { value, findings } = applySchema<AuthorityDocument>(SCHEMAS[document.schema], document);
  if (value === null) {
    const list = findings
      .map((finding) => `  ${finding.fault(`${name} ${formatPath(finding.path)}`.trim()).message}`)
      .join("\n");
    throw fault("DOCUMENT_INVALID", { file: name, count: findings.length, list });
  }
  if (extname(name) === ".json") return `${JSON.stringify(value, null, 2)}\n`;
  // Texts that a reader of YAML 1.1 would take for a time or a number are quoted.
  const yaml = new Document(value, { aliasDuplicateObjects: false, compat: "yaml-1.1", version: "1.2" });
  visit(yaml, {
    Seq(_, list) {
      // A position on one line.
      if (list.items.every((item) => isScalar(item) && typeof item.value === "number")) list.flow = true;
    },
  });
  return yaml.toString({ lineWidth: 100 });
}

const SCHEMAS: { readonly [S in AuthorityDocument["schema"]]: z.ZodType<AuthorityDocument> } = {
  [AUTHORISATION_SCHEMA_NAME]: authorisationSchema,
  [CERTIFICATE_SCHEMA_NAME]: certificateSchema,
  [NOTICE_SCHEMA_NAME]: noticeSchema,
  [TRUST_SCHEMA_NAME]: trustSchema,
};

async function readAll(
  folder: string,
  names: readonly string[],
  options: DocumentOptions,
  warn: Refuse,
  refuse: Refuse,
): Promise<Found[]> {
  const found: Found[] = [];
  let bytes = 0;
  for (const file of names) {
    try {
      const path = await realpath(join(folder, file)).catch((thrown: unknown) => {
        throw unreadableDocument(file, thrown);
      });
      if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep))
        throw fault("DOCUMENT_OUTSIDE", { file });
      const text = await readDocumentText(path, file);
      bytes += Buffer.byteLength(text);
      if (bytes > LARGEST_FOLDER_BYTES) {
        throw fault("DOCUMENTS_TOO_MANY", { folder, what: "bytes", limit: String(LARGEST_FOLDER_BYTES) });
      }
      const { document, problems, locate } = inspect(text, file, options);
      if (document === null || locate === null) throw invalid(file, problems);
      for (const problem of problems) warn(file, coded(problem));
      found.push({ file, document, locate });
    } catch (thrown) {
      const error = asCoded(thrown);
      if (error.code === "DOCUMENTS_TOO_MANY") throw error;
      refuse(file, error);
    }
  }
  return found;
}

function inspect(
  text: string,
  name: string,
  options: DocumentOptions,
): {
  readonly document: AuthorityDocument | null;
  readonly problems: readonly Problem[];
  readonly locate: YamlSource["locate"] | null;
} {
  const timeZone = options.timeZone ?? DEFAULT_TIME_ZONE;
  try {
    const bytes = Buffer.byteLength(text);
    if (bytes > LARGEST_FILE_BYTES) return alone(tooLarge(name, bytes));
    const source = readYaml(text, name);
    if (!("value" in source)) {
      // The parser says the same of each bracket that is left open.
      const once = source.filter(
        (found, index) => source.findIndex((one) => one.message === found.message) === index,
      );
      return { document: null, problems: inFileOrder(once.map(ofDocument)), locate: null };
    }
    const kind = schemaOf(source.value);
    const { value, findings } =
      kind === null
        ? { value: null, findings: [unknownSchema(source.value)] }
        : applySchema<AuthorityDocument>(SCHEMAS[kind], source.value);
    const all = value === null ? findings : checkDocument(value, timeZone);
    const problems = inFileOrder(all.map((finding) => ofDocument(source.locate(finding))));
    const sound = value !== null && !problems.some((found) => found.severity === "error");
    return { document: sound ? value : null, problems, locate: sound ? source.locate : null };
  } catch (thrown) {
    // The parser, the schema and the checks go down by recursion; a text that was made for it ends the stack.
    if (thrown instanceof RangeError) return alone(fault("DOCUMENT_NESTED", { at: `${name}:1:1` }, thrown));
    throw thrown;
  }
}

function alone(error: CodedError): ReturnType<typeof inspect> {
  const { code, message, help } = error;
  const problem: Problem = { severity: "error", code, message, help, line: 1, column: 1, path: "" };
  return { document: null, problems: [problem], locate: null };
}

/** Sends the reader of a general problem to the page that is about documents. */
function ofDocument(problem: Problem): Problem {
  if (!problem.code.startsWith("CONFIG_")) return problem;
  const help =
    "Correct it and run `contrechamp authorise check FILE`. `contrechamp authorise new` writes one in the right form.";
  return { ...problem, help };
}

function checkDocument(document: AuthorityDocument, timeZone: string): readonly Finding[] {
  switch (document.schema) {
    case AUTHORISATION_SCHEMA_NAME:
      return checkAuthorisation(document, timeZone);
    case CERTIFICATE_SCHEMA_NAME:
      return checkCertificate(document, timeZone);
    case NOTICE_SCHEMA_NAME:
      return checkNotice(document, timeZone);
    case TRUST_SCHEMA_NAME:
      return checkTrust(document, timeZone);
  }
}

function schemaOf(value: unknown): AuthorityDocument["schema"] | null {
  if (typeof value !== "object" || value === null || !("schema" in value)) return null;
  const { schema } = value;
  return typeof schema === "string" && Object.hasOwn(SCHEMAS, schema)
    ? (schema as AuthorityDocument["schema"])
    : null;
}

function unknownSchema(value: unknown): Finding {
  const mapping = typeof value === "object" && value !== null && !Array.isArray(value);
  const stated = mapping && "schema" in value;
  const found = stated ? showValue(value.schema) : mapping ? "no key schema" : showValue(value);
  const path: KeyPath = stated ? ["schema"] : [];
  return {
    severity: "error",
    path,
    fault: (at) => fault("DOCUMENT_SCHEMA", { at, found, expected: Object.keys(SCHEMAS).join(", ") }),
  };
}
