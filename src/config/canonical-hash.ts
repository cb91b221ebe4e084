import { createHash } from "node:crypto";
import { canonicalize } from "json-canonicalize";

/** SHA-256 of a value's canonical JSON (RFC 8785), hexadecimal: the order of keys changes nothing. */
export function canonicalSha256(value: unknown): string {
  return createHash("sha256").update(canonicalize(value)).digest("hex");
}
