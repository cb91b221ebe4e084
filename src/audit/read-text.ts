import { readFile, stat } from "node:fs/promises";
import { type CodedError, fault } from "../errors.ts";

/** A file that a person wrote or a program of theirs: references of hours, logs of years. */
export const LARGEST_TEXT_BYTES = 256 * 1024 * 1024;

/**
 * The text of a file, UTF-8.
 * @throws AUDIT_UNREADABLE, AUDIT_TOO_LARGE
 */
export async function readText(path: string, limit: number = LARGEST_TEXT_BYTES): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > limit) throw fault("AUDIT_TOO_LARGE", { file: path, bytes: size, limit });
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

/** What a text says as JSON; null where it is none, which a reader that knows lines then says. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unreadable(file: string, thrown: unknown): CodedError | unknown {
  if (thrown instanceof TypeError)
    return fault("AUDIT_UNREADABLE", { file, reason: "it is not UTF-8 text" }, thrown);
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
  const reason = typeof code === "string" ? REASONS[code] : undefined;
  return reason === undefined ? thrown : fault("AUDIT_UNREADABLE", { file, reason }, thrown);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  ENOTDIR: "a part of its path is not a folder",
};
