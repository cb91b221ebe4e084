import { EXIT, entry } from "./entry.ts";

/** Contested rules, which only the audit bench runs. */
export const CONTESTED_ERRORS = {} as const;
