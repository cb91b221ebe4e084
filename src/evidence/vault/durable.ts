import { randomBytes } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder, writeWhole } from "../../files/write-whole.ts";

/** Writes a file of the vault whole or not at all; only this user may read it, or the folders that are made for it. */
export function writePrivate(path: string, bytes: Uint8Array | string): Promise<void> {
  return writeWhole(path, bytes, { mode: 0o600, folderMode: 0o700 });
}

/**
 * Overwrites a file with random bytes, makes sure that they are on the disk, and removes it. Where the disk keeps
 * old blocks (copy on write, wear levelling) the overwriting is no guarantee; docs/operate/evidence.md says so.
 * @returns false where it was not there
 */
export async function destroyFile(path: string): Promise<boolean> {
  try {
    const file = await open(path, "r+");
    try {
      const { size } = await file.stat();
      await file.write(randomBytes(size), 0, size, 0);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  await removeFile(path);
  return true;
}

/** Removes a file that is no secret, and makes sure that it stays removed. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
