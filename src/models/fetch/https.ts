import { fault } from "../../errors.ts";
import type { ModelManifest } from "../manifest.ts";
import { describe, shownAddress } from "./network-error.ts";
import type { FetchProgress } from "./progress.ts";

const TIMEOUT_SECONDS = 300;

/**
 * Fetches a manifest's files over https, one address a file. Reading stops as soon as more comes than the
 * manifest says.
 * @throws CodedError MODEL_FETCH
 */
export async function fetchOverHttps(
  manifest: ModelManifest,
  source: Extract<ModelManifest["source"], { kind: "https" }>,
  onProgress: FetchProgress,
): Promise<Map<string, Uint8Array>> {
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const found = new Map<string, Uint8Array>();
  let received = 0;
  for (const [i, file] of manifest.files.entries()) {
    const address = source.addresses[i] ?? "";
    const failed = (why: string, error?: unknown) =>
      fault("MODEL_FETCH", { model: manifest.name, from: shownAddress(address), why }, error);
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000) });
      if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`);
      if (!response.url.startsWith("https:")) throw new Error("the server led away from https");
      const bytes = new Uint8Array(file.bytes);
      let at = 0;
      for await (const chunk of response.body) {
        if (at + chunk.length > bytes.length)
          throw new Error(`more came than the ${file.bytes} bytes expected`);
        bytes.set(chunk, at);
        at += chunk.length;
        received += chunk.length;
        onProgress(received, total);
      }
      if (at < bytes.length) throw new Error(`${at} bytes came, ${file.bytes} were expected`);
      found.set(file.path, bytes);
    } catch (error) {
      throw failed(describe(error), error);
    }
  }
  return found;
}
