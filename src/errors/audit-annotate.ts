import { EXIT, entry } from "./entry.ts";

/** Annotation of references, and the agreement of two of them. */
export const ANNOTATE_ERRORS = {} as const;
