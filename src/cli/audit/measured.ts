import { readFile } from "node:fs/promises";
import type { Measured } from "../../audit/certify/certify.ts";
import type { JournalKeys } from "../../audit/certify/fixed-thresholds.ts";
import { readRecord, recordPath } from "../../audit/record-file.ts";
import { fault } from "../../errors.ts";
import { sha256Of } from "../../files/sha256.ts";
import { keyLine } from "../journal/place.ts";

/** Keys that a person got from somebody else than the journal: lines, or files with them. */
export interface KeyOptions {
  readonly journalKey?: string;
  readonly witnessKey: readonly string[];
}

/** @throws JOURNAL_INPUT */
export async function journalKeys({ journalKey, witnessKey }: KeyOptions): Promise<JournalKeys> {
  return {
    ...(journalKey === undefined ? {} : { logKey: await keyLine(journalKey) }),
    witnessKeys: await Promise.all(witnessKey.map(keyLine)),
  };
}

/** A record with the hash of its file. @throws what `readRecord` throws */
export async function readMeasured(path: string): Promise<Measured> {
  const record = await readRecord(path);
  const file = await recordPath(path);
  return {
    record,
    file,
    sha256: sha256Of(await readFile(file)),
  };
}

/** An option that the command cannot do without. @throws CERTIFY_USAGE */
export function needed(option: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw fault("CERTIFY_USAGE", { what: `${option} is missing` });
}
