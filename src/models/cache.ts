import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fault } from "../errors.ts";
import type { ModelManifest } from "./manifest.ts";

const PARTIAL = ".partial";
/** A partial file older than this was left by a process that was killed. */
const ABANDONED_SECONDS = 3600;

/**
 * Where networks are kept: CONTRECHAMP_MODELS, else contrechamp/models in the user's cache folder
 * (XDG base directories: $XDG_CACHE_HOME, else ~/.cache).
 */
export function modelsFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env["CONTRECHAMP_MODELS"];
  if (own !== undefined && own !== "") return resolve(own);
  const cache = env["XDG_CACHE_HOME"];
  // The specification has relative values ignored.
  const base = cache?.startsWith("/") === true ? cache : join(homedir(), ".cache");
  return join(base, "contrechamp", "models");
}

/** The place of a manifest's network: named by its hash, so that two versions never meet. */
export function cachedPath(manifest: ModelManifest, folder: string): string {
  return join(folder, manifest.name, `${manifest.onnx.sha256}.onnx`);
}

/**
 * Writes a file so that it is there whole or not at all, whatever happens and however many write it at once:
 * a file of its own name first, then renamed into place. Clears what killed processes left beside it.
 * @throws CodedError MODEL_CACHE
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const partial = `${path}.${process.pid}.${randomBytes(6).toString("hex")}${PARTIAL}`;
  try {
    await mkdir(folder, { recursive: true });
    await clearAbandoned(folder);
    const file = await open(partial, "wx", 0o644);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw fault(
      "MODEL_CACHE",
      { folder, why: error instanceof Error ? error.message : String(error) },
      error,
    );
  }
}

async function clearAbandoned(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (!entry.endsWith(PARTIAL)) continue;
    const path = join(folder, entry);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_SECONDS * 1000)
      await rm(path, { force: true });
  }
}
