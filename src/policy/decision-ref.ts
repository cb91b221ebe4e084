import { createHash } from "node:crypto";
import { canonicalize } from "json-canonicalize";
import type { Decision } from "./question.ts";

/** How an alert names the decision that let it through: SHA-256 of the decision's canonical JSON (RFC 8785), hexadecimal. */
export function decisionRef(decision: Decision): string {
  return createHash("sha256").update(canonicalize(decision)).digest("hex");
}
