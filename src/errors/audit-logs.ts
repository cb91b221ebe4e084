import { EXIT, entry } from "./entry.ts";

/** Vendors' alert logs, and what of them cannot be scored. */
export const AUDIT_LOG_ERRORS = {} as const;
