import { join } from "node:path";
import { writeDocument } from "../../policy/documents.ts";
import { writeResult } from "../record-file.ts";
import type { SuiteAuthority } from "./authority.ts";

const AUTHORISATION_FILE = "authorisation.yml";
const DECISION_FILE = "authorisation.txt";
const TRUST_FILE = "trust.yml";

/** What `writeAuthority` writes: a folder may hold somebody's own files of these names. */
export const AUTHORITY_FILES: readonly string[] = [AUTHORISATION_FILE, DECISION_FILE, TRUST_FILE];

/** Writes on what authority a suite ran into the folder of its record. @throws AUDIT_NOT_WRITTEN and others */
export async function writeAuthority(
  { authorisation, text, trust }: SuiteAuthority,
  folder: string,
): Promise<void> {
  await writeDocument(join(folder, AUTHORISATION_FILE), authorisation);
  await writeResult(join(folder, DECISION_FILE), text);
  await writeDocument(join(folder, TRUST_FILE), trust);
}
