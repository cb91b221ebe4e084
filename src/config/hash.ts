import { createHash } from "node:crypto";
import { canonicalize } from "json-canonicalize";
import type { Config } from "./schema.ts";

/**
 * SHA-256 of what a configuration means, lower-case hex: of its canonical JSON (RFC 8785) with every default
 * filled in. Comments, the order of keys and the folder it lies in change nothing; credentials are not in it,
 * since an address and a path serialise as they may be shown.
 */
export function configSha256(config: Config): string {
  return createHash("sha256").update(canonicalize(config)).digest("hex");
}
