import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, link, open, opendir, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LARGEST_FILE_BYTES } from "../config/diagnostics.ts";
import { type CodedError, fault } from "../errors.ts";
import { syncFolder, writeWhole } from "../files/write-whole.ts";

/** Documents as files: read within limits, written whole or not at all. */

/** More files than any site has documents. */
export const MOST_FILES = 10_000;

/**
 * The names of the documents of a folder, in their order: .yml, .yaml and .json, without those that begin with a dot.
 * @throws CodedError DOCUMENTS_UNREADABLE, DOCUMENTS_TOO_MANY
 */
export async function documentNames(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  let count = 0;
  try {
    for await (const { name } of await opendir(folder)) {
      count++;
      if (count > MOST_FILES) {
        throw fault("DOCUMENTS_TOO_MANY", { folder, what: "files", limit: String(MOST_FILES) });
      }
      if (/\.(?:ya?ml|json)$/i.test(name) && !name.startsWith(".")) names.push(name);
    }
  } catch (thrown) {
    if (systemCode(thrown) === null) throw thrown;
    throw fault("DOCUMENTS_UNREADABLE", { folder, reason: reasonOf(thrown) }, thrown);
  }
  return names.toSorted();
}

/**
 * The text of a document.
 * @param name how errors call it
 * @throws CodedError DOCUMENT_UNREADABLE, DOCUMENT_TOO_LARGE, DOCUMENT_NOT_TEXT
 */
export async function readDocumentText(path: string, name: string): Promise<string> {
  let file: FileHandle | null = null;
  let bytes: Buffer;
  try {
    // Not blocking: a named pipe would wait for a writer for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) throw unreadableDocument(name, "it is not a regular file");
    if (stat.size > LARGEST_FILE_BYTES) throw tooLarge(name, stat.size);
    bytes = await file.readFile();
  } catch (thrown) {
    if (systemCode(thrown) === null) throw thrown;
    throw unreadableDocument(name, thrown);
  } finally {
    await file?.close();
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw fault("DOCUMENT_NOT_TEXT", { file: name }, thrown);
  }
}

/**
 * Writes a text whole or not at all and waits until it lies on the disk.
 * @param exclusive do not replace a file
 * @throws CodedError DOCUMENT_EXISTS, DOCUMENT_NOT_WRITTEN
 */
export async function writeDocumentText(path: string, text: string, exclusive: boolean): Promise<void> {
  try {
    // The file that a link names is replaced, not the link.
    if (exclusive) await writeNew(path, text);
    else await writeWhole(await realpath(path).catch(() => path), text, { mode: 0o644 });
  } catch (thrown) {
    if (exclusive && systemCode(thrown) === "EEXIST") throw fault("DOCUMENT_EXISTS", { path }, thrown);
    throw fault("DOCUMENT_NOT_WRITTEN", { path, reason: reasonOf(thrown) }, thrown);
  }
}

/** Whole or not at all, and never over another file: unlike a rename, a link is not made where a name is taken. */
async function writeNew(path: string, text: string): Promise<void> {
  const partial = join(dirname(path), `.${randomUUID()}.part`);
  try {
    await writeWhole(partial, text, { mode: 0o644 });
    await link(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
  await syncFolder(dirname(path));
}

export function tooLarge(file: string, bytes: number): CodedError {
  return fault("DOCUMENT_TOO_LARGE", { file, bytes, limit: LARGEST_FILE_BYTES });
}

export function unreadableDocument(file: string, why: unknown): CodedError {
  return fault("DOCUMENT_UNREADABLE", { file, reason: reasonOf(why) }, why);
}

function systemCode(thrown: unknown): string | null {
  return thrown instanceof Error && "code" in thrown && "syscall" in thrown ? String(thrown.code) : null;
}

function reasonOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  return systemCode(thrown) ?? (thrown instanceof Error ? thrown.message : String(thrown));
}
