import { canonicalSha256 } from "../config/canonical-hash.ts";
import type { Decision } from "./question.ts";

/** How an alert names the decision that let it through: SHA-256 of the decision's canonical JSON (RFC 8785), hexadecimal. */
export function decisionRef(decision: Decision): string {
  return canonicalSha256(decision);
}
