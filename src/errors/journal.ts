/** The journal and its verification. */
export const JOURNAL_ERRORS = {} as const;
