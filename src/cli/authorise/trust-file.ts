import { stat } from "node:fs/promises";
import { fault } from "../../errors.ts";
import { readDocument, writeDocument } from "../../policy/documents.ts";
import type { KeyRole, Trust } from "../../policy/signature.ts";
import { TRUST_SCHEMA_NAME } from "../../policy/signature.ts";
import { formatUtc, type UtcMilliseconds } from "../../time/clock.ts";

/** A key that is to be believed. */
export interface NewTrust {
  readonly keyId: string;
  readonly publicKey: string;
  readonly holder: string;
  readonly roles: readonly KeyRole[];
  readonly validFrom: UtcMilliseconds;
}

/** The trust file, empty where there is none yet. @throws what `readDocument` throws, AUTHORISE_VALUE */
export async function readTrust(file: string): Promise<Trust> {
  if (!(await exists(file))) return { schema: TRUST_SCHEMA_NAME, keys: [] };
  const document = await readDocument(file);
  if (document.schema === TRUST_SCHEMA_NAME) return document;
  throw fault("AUTHORISE_VALUE", { option: "--trust", found: document.schema, expected: "a trust file" });
}

/**
 * Adds the public half of a key to a trust file, which is made where there is none. A key that stands there already
 * keeps its holder and its time, and gains the roles that it lacks.
 * @returns whether the file was changed
 */
export async function trustKey(file: string, added: NewTrust): Promise<boolean> {
  const trust = await readTrust(file);
  const known = trust.keys.find(({ keyId }) => keyId === added.keyId);
  if (known === undefined) {
    const { validFrom, roles, ...key } = added;
    const entry = { ...key, roles: [...roles], validFrom: formatUtc(validFrom), validUntil: null };
    await writeDocument(file, { ...trust, keys: [...trust.keys, entry] });
    return true;
  }
  const lacking = added.roles.filter((role) => !known.roles.includes(role));
  if (lacking.length === 0) return false;
  const keys = trust.keys.map((key) => (key === known ? { ...key, roles: [...key.roles, ...lacking] } : key));
  await writeDocument(file, { ...trust, keys });
  return true;
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
