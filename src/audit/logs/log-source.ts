import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { fault } from "../../errors.ts";

const HEAD_BYTES = 65_536;
/** Parsers work a piece at a time, so this and their own limits bound what a file of any size takes. */
const PIECE_BYTES = 65_536;

/** The bytes of a log as text, from the beginning as often as a reader needs. */
export interface LogSource {
  /** Without its folders. */
  readonly name: string;
  /** At most its first 64 KiB, without a byte-order mark. */
  readonly head: string;
  /** Its text, piece by piece, without a byte-order mark. Its hash is known when it has been read to its end. */
  pieces(): AsyncIterable<string>;
}

/** A log that lies on the disk. */
export interface LogFile extends LogSource {
  readonly path: string;
  /** SHA-256 of its bytes. Reads the whole file. */
  sha256(): Promise<string>;
}

/**
 * Opens a log. UTF-8 and UTF-16 by their byte-order marks; else UTF-8 where its beginning is that, and
 * Windows-1252, which spreadsheets in France still write, where it is not.
 * @throws AUDIT_UNREADABLE
 */
export async function openLog(path: string): Promise<LogFile> {
  try {
    const file = await open(path, "r");
    try {
      if (!(await file.stat()).isFile()) throw unreadable(path, "it is not a file");
      const bytes = Buffer.alloc(HEAD_BYTES);
      const { bytesRead } = await file.read(bytes, 0, HEAD_BYTES, 0);
      const encoding = encodingOf(bytes.subarray(0, bytesRead));
      const head = new TextDecoder(encoding).decode(bytes.subarray(0, bytesRead), { stream: true });
      return {
        path,
        name: basename(path),
        head,
        pieces: () => pieces(path, encoding),
        sha256: () => hash(path),
      };
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw asUnreadable(path, thrown);
  }
}

/** A log that is a text already. */
export function textSource(name: string, text: string): LogSource {
  return {
    name,
    head: text.slice(0, HEAD_BYTES),
    async *pieces() {
      for (let at = 0; at < text.length; at += PIECE_BYTES) yield text.slice(at, at + PIECE_BYTES);
    },
  };
}

async function* pieces(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
      const text = decoder.decode(piece, { stream: true });
      if (text !== "") yield text;
    }
    const rest = decoder.decode();
    if (rest !== "") yield rest;
  } catch (thrown) {
    throw asUnreadable(path, thrown);
  }
}

async function hash(path: string): Promise<string> {
  const sha256 = createHash("sha256");
  try {
    for await (const piece of createReadStream(path)) sha256.update(piece);
  } catch (thrown) {
    throw asUnreadable(path, thrown);
  }
  return sha256.digest("hex");
}

function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  try {
    // With `stream`, a letter that the end of the head cuts in two is no fault.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of its path is not a folder",
  EISDIR: "it is a folder",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
};

function asUnreadable(path: string, thrown: unknown): unknown {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  const reason = REASONS[code];
  return reason === undefined ? thrown : unreadable(path, reason, thrown);
}

function unreadable(file: string, reason: string, cause?: unknown) {
  return fault("AUDIT_UNREADABLE", { file, reason }, cause);
}
