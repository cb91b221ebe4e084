import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * SHA-256 of the program as it lies on the disk: of a checkout's sources, or of the package's modules, kernels
 * included. The version alone does not tell two states of a checkout apart.
 */
export function codeSha256(): string {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const hash = createHash("sha256");
  for (const name of globSync("**/*.{ts,js,wasm}", { cwd: root }).sort()) {
    if (name.endsWith(".test.ts") || name.endsWith(".d.ts")) continue;
    hash
      .update(`${name}\0`)
      .update(readFileSync(`${root}${name}`))
      .update("\0");
  }
  return hash.digest("hex");
}
