import { EXIT, entry } from "./entry.ts";

/** The audit report as a page and as PDF. */
export const AUDIT_REPORT_ERRORS = {} as const;
