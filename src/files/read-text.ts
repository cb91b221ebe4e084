import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { reasonOf, systemCode } from "./system-error.ts";

/** A file's text, or why there is none. */
export type TextRead =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unreadable"; readonly reason: string; readonly cause: unknown }
  | { readonly kind: "too_large"; readonly bytes: number }
  /** Its bytes are not UTF-8. */
  | { readonly kind: "not_text"; readonly cause: unknown };

/**
 * Reads a plain file of UTF-8 text. Devices and pipes are refused: they may have no end.
 * @param mostBytes larger files are not read
 */
export async function readText(path: string, mostBytes: number): Promise<TextRead> {
  let file: FileHandle | null = null;
  let bytes: Buffer;
  try {
    // Not blocking: a named pipe would wait for a writer for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    // Of the open file, so that it cannot be exchanged between the look and the reading.
    const found = await file.stat();
    if (!found.isFile()) {
      const reason = found.isDirectory() ? "it is a folder" : "it is not a regular file";
      return { kind: "unreadable", reason, cause: undefined };
    }
    if (found.size > mostBytes) return { kind: "too_large", bytes: found.size };
    bytes = await file.readFile();
  } catch (cause) {
    if (systemCode(cause) === null) throw cause;
    return { kind: "unreadable", reason: reasonOf(cause), cause };
  } finally {
    await file?.close();
  }
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (cause) {
    return { kind: "not_text", cause };
  }
}
