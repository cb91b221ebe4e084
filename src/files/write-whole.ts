import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

export interface WriteOptions {
  /** Permissions of the file. Default 0o640; a secret is 0o600. */
  readonly mode?: number;
  /** Permissions of folders that have to be made. Default 0o750. */
  readonly folderMode?: number;
}

/**
 * Writes a file whole or not at all, whenever the machine stops: beside its place, to the disk, then renamed, and the
 * folder to the disk too. Makes its folder. Rejects with the system's own error; nothing is left behind then.
 */
export async function writeWhole(
  path: string,
  bytes: Uint8Array | string,
  { mode = 0o640, folderMode = 0o750 }: WriteOptions = {},
): Promise<void> {
  const folder = dirname(path);
  // In the same folder, so that the rename is atomic; hidden, and with the extension kept.
  const partial = path.replace(/([^/\\]+)$/, `.${randomUUID()}.part-$1`);
  try {
    await mkdir(folder, { recursive: true, mode: folderMode });
    const file = await open(partial, "wx", mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Makes a rename, a new file or a removal in a folder survive the loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, "r");
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
