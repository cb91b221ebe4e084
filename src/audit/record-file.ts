import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { applySchema, inFileOrder, readYaml } from "../config/diagnostics.ts";
import { fault } from "../errors.ts";
import { writeWhole } from "../files/write-whole.ts";
import { invalidFile, wrongSchema } from "./load-reference.ts";
import { LARGEST_TEXT_BYTES, parsedJson, readText } from "./read-text.ts";
import { type AuditRecord, auditRecordSchema, RECORD_SCHEMA_NAME } from "./record.ts";

/** The record's name in a report's folder; its stills lie beside it. */
export const RECORD_FILE = "audit.json";

/** The record's file, of a folder that `audit run --report` wrote or of the file itself. */
export async function recordPath(folderOrFile: string): Promise<string> {
  const found = await stat(folderOrFile).catch(() => null);
  return found?.isDirectory() === true ? join(folderOrFile, RECORD_FILE) : folderOrFile;
}

/** @throws AUDIT_UNREADABLE, AUDIT_TOO_LARGE, AUDIT_INVALID */
export async function readRecord(folderOrFile: string): Promise<AuditRecord> {
  const path = await recordPath(folderOrFile);
  const text = await readText(path);
  const parsed = auditRecordSchema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  const source = readYaml(text, path, LARGEST_TEXT_BYTES);
  if (!("value" in source)) throw invalidFile(path, inFileOrder(source));
  const other = wrongSchema(source.value, RECORD_SCHEMA_NAME);
  const findings = other === null ? applySchema(auditRecordSchema, source.value).findings : [other];
  throw invalidFile(path, inFileOrder(findings.map((finding) => source.locate(finding))));
}

/** Writes a record into a folder, whole. @returns the file @throws AUDIT_NOT_WRITTEN */
export async function writeRecord(record: AuditRecord, folder: string): Promise<string> {
  const path = join(folder, RECORD_FILE);
  await writeResult(path, `${JSON.stringify(record, null, 1)}\n`);
  return path;
}

/** Writes a result whole. @throws AUDIT_NOT_WRITTEN */
export async function writeResult(path: string, bytes: string | Uint8Array): Promise<void> {
  try {
    // To be handed on: readable as whoever writes a file of theirs would have it.
    await writeWhole(path, bytes, { mode: 0o644, folderMode: 0o755 });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw fault("AUDIT_NOT_WRITTEN", { file: path, reason }, thrown);
  }
}

/**
 * Refuses what would overwrite a file of somebody's, and what cannot be written: before the work, not after it. An
 * empty file, as `mktemp` makes it, is nobody's. A folder or a device is never replaced by a file.
 * @throws AUDIT_EXISTS, AUDIT_NOT_WRITTEN
 */
export async function mayWrite(path: string, force: boolean): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found !== null && !found.isFile()) {
    throw fault("AUDIT_NOT_WRITTEN", { file: path, reason: "it is a folder or a device, not a file" });
  }
  if (found !== null && found.size > 0 && !force) throw fault("AUDIT_EXISTS", { file: path });
  await mayMake(dirname(resolve(path)), path);
}

/** Whether files can be made in a folder, or it can be made: the nearest one above it that is there says so. */
async function mayMake(folder: string, file: string): Promise<void> {
  for (let place = folder; ; place = dirname(place)) {
    const found = await stat(place).catch(() => null);
    if (found === null && place !== dirname(place)) continue;
    if (found?.isDirectory() !== true) {
      throw fault("AUDIT_NOT_WRITTEN", { file, reason: `${place} is no folder` });
    }
    try {
      await access(place, constants.W_OK | constants.X_OK);
    } catch (thrown) {
      throw fault("AUDIT_NOT_WRITTEN", { file, reason: `you may not write in ${place}` }, thrown);
    }
    return;
  }
}
