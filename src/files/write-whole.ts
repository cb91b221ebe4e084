import { randomUUID } from "node:crypto";
import { type FileHandle, link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./system-error.ts";

export interface WriteOptions {
  /** Permissions of the file. Default 0o640; a secret is 0o600. */
  readonly mode?: number;
  /** Permissions of folders that have to be made. Default 0o750. */
  readonly folderMode?: number;
  /** Replace nothing: where there is a file already, it rejects with EEXIST. Default false. */
  readonly exclusive?: boolean;
  /**
   * Where the file stands until it is whole, in the same folder; what a killed process left there is overwritten.
   * By default a hidden name that no other writer has.
   */
  readonly partial?: string;
  /** Called with the new file while it is empty, for what a mode cannot say, such as its owner. */
  readonly prepare?: (file: FileHandle) => Promise<void>;
}

/**
 * Writes a file whole or not at all, whenever the machine stops: beside its place, to the disk, then renamed, and the
 * folder to the disk too. Makes its folder. Rejects with the system's own error; nothing is left behind then.
 */
export async function writeWhole(
  path: string,
  bytes: Uint8Array | string,
  options: WriteOptions = {},
): Promise<void> {
  const { mode = 0o640, folderMode = 0o750, exclusive = false, prepare } = options;
  const folder = dirname(path);
  // In the same folder, so that the rename is atomic; hidden, and with the extension kept.
  const partial = options.partial ?? path.replace(/([^/\\]+)$/, `.${randomUUID()}.part-$1`);
  try {
    await mkdir(folder, { recursive: true, mode: folderMode });
    if (options.partial !== undefined) await rm(partial, { force: true });
    const file = await open(partial, "wx", mode);
    try {
      await prepare?.(file);
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    if (exclusive) await linkNew(partial, path);
    else await rename(partial, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Unlike a rename, a link is not made where a name is taken. */
async function linkNew(partial: string, path: string): Promise<void> {
  await link(partial, path);
  await rm(partial);
}

/**
 * Makes a rename, a new file or a removal in a folder survive the loss of power. Some file systems cannot write a
 * folder's own entries out on demand; they do it by themselves.
 */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const opened = await open(folder, "r");
    try {
      await opened.sync();
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!NOT_ON_DEMAND.has(systemCode(error) ?? "")) throw error;
  }
}

const NOT_ON_DEMAND: ReadonlySet<string> = new Set(["EISDIR", "EPERM", "EINVAL", "ENOTSUP"]);
