import type { EngineConfig } from "../../config/schema.ts";
import { documentSha256 } from "../../policy/signed-texts.ts";

/**
 * SHA-256 of the engine's settings as a suite runs under them, canonical JSON: `system.configSha256` of a record. One
 * thread for each clip, whatever the settings say; the model by its name, wherever its manifest lies.
 * @param modelName as its manifest has it
 */
export function settingsSha256(engine: EngineConfig, modelName: string): string {
  return documentSha256({ engine: { ...engine, threads: 1, model: modelName } });
}
