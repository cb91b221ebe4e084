import { EXIT, entry } from "./entry.ts";

/** Scores, intervals, tracking scores and the comparison of two systems. */
export const AUDIT_SCORING_ERRORS = {} as const;
