import { opendir, realpath } from "node:fs/promises";
import { LARGEST_FILE_BYTES } from "../config/diagnostics.ts";
import { type CodedError, fault } from "../errors.ts";
import { readText } from "../files/read-text.ts";
import { reasonOf, systemCode } from "../files/system-error.ts";
import { writeWhole } from "../files/write-whole.ts";

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
  const found = await readText(path, LARGEST_FILE_BYTES);
  switch (found.kind) {
    case "text":
      return found.text;
    case "too_large":
      throw tooLarge(name, found.bytes);
    case "unreadable":
      throw fault("DOCUMENT_UNREADABLE", { file: name, reason: found.reason }, found.cause);
    case "not_text":
      throw fault("DOCUMENT_NOT_TEXT", { file: name }, found.cause);
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
    const target = exclusive ? path : await realpath(path).catch(() => path);
    await writeWhole(target, text, { mode: 0o644, exclusive });
  } catch (thrown) {
    if (exclusive && systemCode(thrown) === "EEXIST") throw fault("DOCUMENT_EXISTS", { path }, thrown);
    throw fault("DOCUMENT_NOT_WRITTEN", { path, reason: reasonOf(thrown) }, thrown);
  }
}

export function tooLarge(file: string, bytes: number): CodedError {
  return fault("DOCUMENT_TOO_LARGE", { file, bytes, limit: LARGEST_FILE_BYTES });
}

export function unreadableDocument(file: string, why: unknown): CodedError {
  return fault("DOCUMENT_UNREADABLE", { file, reason: reasonOf(why) }, why);
}
