import { dirname } from "node:path";
import { readYaml } from "../../config/diagnostics.ts";
import { readConfigFile } from "../../config/load.ts";
import { CodedError, fault } from "../../errors.ts";
import type { AnalyticAuthorisation, Authorisation } from "../../policy/authorisation.ts";
import { AUTHORISATION_SCHEMA_NAME } from "../../policy/authorisation.ts";
import type { Draft } from "../../policy/authorisation-template.ts";
import { readDocumentText } from "../../policy/document-files.ts";
import { loadDocuments, readDocument } from "../../policy/documents.ts";
import type { Regime } from "../../policy/profile.ts";
import { loadRegime } from "../../policy/profile-load.ts";
import type { Trust } from "../../policy/signature.ts";
import { DEFAULT_TIME_ZONE } from "../../policy/validity.ts";
import { isMapping, valueAt } from "./draft-parts.ts";

/** An authorisation as it lies in its file, with the profile that it names and the keys that its folder trusts. */
export interface OpenedAuthorisation {
  readonly authorisation: Authorisation;
  /** Null where the profile is none that ships and none was given. */
  readonly profile: Regime | null;
  readonly timeZone: string;
  /** Of the file's folder; null without a trust file. */
  readonly trust: Trust | null;
}

/**
 * Reads an authorisation from its file.
 * @param profileOption id or path of its profile; by default the one that it names
 * @throws what `readDocument` throws, and AUTHORISE_VALUE where the file is another document
 */
export async function openAuthorisation(
  file: string,
  profileOption: string | undefined,
): Promise<OpenedAuthorisation> {
  const profile = await profileNamedIn(file, profileOption);
  const timeZone = profile?.timeZone ?? DEFAULT_TIME_ZONE;
  const document = await readDocument(file, { timeZone });
  if (document.schema !== AUTHORISATION_SCHEMA_NAME) {
    throw fault("AUTHORISE_VALUE", { option: "FILE", found: document.schema, expected: "an authorisation" });
  }
  const { trust } = await loadDocuments(dirname(file), { timeZone });
  return { authorisation: document, profile, timeZone, trust };
}

/** The authorisation to analyse in a file. @param what as in "can be attested" @throws AUTHORISE_KIND */
export function analytic(authorisation: Authorisation, what: string): AnalyticAuthorisation {
  if (authorisation.kind === "analytic_authorisation") return authorisation;
  throw fault("AUTHORISE_KIND", { id: authorisation.id, what });
}

/** The profile that a document names, null where it names none that can be found. */
export async function profileNamedIn(
  file: string,
  profileOption: string | undefined,
): Promise<Regime | null> {
  if (profileOption !== undefined) return (await loadRegime(profileOption)).profile;
  const source = readYaml(await readDocumentText(file, file), file);
  const bases = "value" in source && isMapping(source.value) ? source.value["legalBasis"] : null;
  const [first] = Array.isArray(bases) ? bases : [];
  const named = isMapping(first) ? valueAt(first, "profileId") : null;
  return typeof named === "string" ? regimeOrNull(named) : null;
}

/** A regime by its id, null where no such one ships. */
export async function regimeOrNull(id: string): Promise<Regime | null> {
  try {
    return (await loadRegime(id)).profile;
  } catch (error) {
    if (error instanceof CodedError) return null;
    throw error;
  }
}

/** The fields that a person wrote to a file. What only the life of an authorisation can give is left out. */
export async function readFill(file: string): Promise<Draft> {
  const source = readYaml(await readConfigFile(file), file);
  if (!("value" in source)) {
    throw fault("AUTHORISE_FILL", { file, what: source.map(({ message }) => message).join("; ") });
  }
  if (!isMapping(source.value)) throw fault("AUTHORISE_FILL", { file, what: "it is no mapping of keys" });
  return Object.fromEntries(Object.entries(source.value).filter(([key]) => !LIVED.includes(key)));
}
const LIVED: readonly string[] = [
  "status",
  "statusHistory",
  "publishedAt",
  "publicationUrl",
  "decisionSignature",
  "publicationSignature",
];

/** A reference as a file name and the end of an id: small Latin letters, digits and hyphens. */
export function slugOf(reference: string): string {
  const plain = reference
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return plain === "" ? "authorisation" : plain.slice(0, 100);
}
