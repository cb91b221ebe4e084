import { createHash } from "node:crypto";

/** SHA-256 of bytes, or of a text as UTF-8: 64 small hexadecimal digits, as `sha256sum` says it. */
export function sha256Of(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
