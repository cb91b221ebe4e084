import { EXIT, entry } from "./entry.ts";

/** Thresholds and certificates. */
export const AUDIT_CERTIFY_ERRORS = {} as const;
