import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Files that are there wholly or not at all, also after the loss of power: written under another name, forced to
 * the disk, renamed, and the folder forced to the disk.
 */

/** A file to be written: its path below the folder, and its bytes. */
export type FileContents = ReadonlyMap<string, Uint8Array>;

/**
 * Writes files below a folder, and the folders that they need. When it resolves, all of them would survive the
 * loss of power; when it rejects, each is there in its old or its new form, never half.
 */
export async function writeDurably(folder: string, files: FileContents, mode = 0o600): Promise<void> {
  const changed = new Set<string>();
  for (const [path, bytes] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeUnderOtherName(target, bytes, mode);
    await rename(`${target}${UNFINISHED}`, target);
    // Up to the top: a folder on the way may be new, made now or by a process that was killed before this line.
    for (let one = dirname(path); one !== "."; one = dirname(one)) changed.add(join(folder, one));
  }
  changed.add(folder);
  for (const one of changed) await syncFolder(one);
}

/**
 * Replaces a file, then overwrites what it held with zeros where it lay. On a disk that writes elsewhere what is
 * overwritten (flash, copy on write) the old bytes can outlast this until the disk uses their place again.
 */
export async function replaceAndWipe(path: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
  await writeUnderOtherName(path, bytes, mode);
  const old = await openIfThere(path);
  try {
    await rename(`${path}${UNFINISHED}`, path);
    await syncFolder(dirname(path));
    if (old !== null) await wipe(old);
  } finally {
    await old?.close();
  }
}

/** Overwrites all of an open file with zeros. */
export async function wipe(file: FileHandle): Promise<void> {
  const zeros = Buffer.alloc(65_536);
  const { size } = await file.stat();
  for (let at = 0; at < size; at += zeros.length) {
    await writeAll(file, zeros.subarray(0, Math.min(zeros.length, size - at)), at);
  }
  await file.datasync();
}

/** Writes all bytes at a place; a disk that takes only a part of them is asked again, and says why it does not. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error("the disk takes no more bytes");
    done += bytesWritten;
  }
}

/**
 * Reads a file that another process may be replacing by `replaceAndWipe`: as it is before or after, never as zeros. What
 * still has its name when it has been read was not being wiped.
 */
export async function readUnwiped(path: string): Promise<Buffer> {
  for (;;) {
    const file = await open(path, "r");
    try {
      // As long as it is open its number is given to no other file.
      const { ino } = await file.stat();
      const bytes = await file.readFile();
      if ((await stat(path)).ino === ino) return bytes;
    } finally {
      await file.close();
    }
  }
}

/** Forces the names in a folder to the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What the name of a file ends in while it is being written. */
export const UNFINISHED = ".part";

async function writeUnderOtherName(target: string, bytes: Uint8Array, mode: number): Promise<void> {
  const part = `${target}${UNFINISHED}`;
  const file = await open(part, "w", mode);
  try {
    await writeAll(file, bytes, 0);
    await file.sync();
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return (await stat(path)).isFile() ? await open(path, "r+") : null;
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

/** Whether a failed call says that there is no such file. */
export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}

/** What the system says of a failed call, in words for a person and without the path. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const code = "code" in thrown ? String(thrown.code) : "";
  return SYSTEM_WORDS.get(code) ?? thrown.message;
}

const SYSTEM_WORDS: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "this user's share of the disk is full"],
  ["EFBIG", "a file would grow beyond the limit that this process has"],
  ["EROFS", "the disk is mounted read-only"],
  ["EACCES", "this user may not do that there"],
  ["EPERM", "this user may not do that there"],
  ["EIO", "the disk reports an error"],
  ["ENOENT", "it is not there"],
  ["ENOTDIR", "a part of its path is not a folder"],
  ["EEXIST", "there is already something else of that name"],
  ["EMFILE", "this process has too many files open"],
]);
