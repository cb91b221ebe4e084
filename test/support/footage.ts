import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Real footage with ground truth is not part of this project: people are visible in it. Tests that measure on it
 * look for it in the folder that CONTRECHAMP_FOOTAGE names, else in `../shared` beside the checkout, and are
 * skipped where it is absent.
 */
const FOOTAGE =
  process.env["CONTRECHAMP_FOOTAGE"] ?? fileURLToPath(new URL("../../../shared", import.meta.url));

export function footage(path: string): string {
  return resolve(FOOTAGE, path);
}

/** Why tests on this footage cannot run, or null. */
export function missingFootage(...paths: readonly string[]): string | null {
  const missing = paths.filter((path) => !existsSync(footage(path)));
  return missing.length === 0 ? null : `no footage: ${missing.join(", ")} (set CONTRECHAMP_FOOTAGE)`;
}
