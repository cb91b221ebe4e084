/** The stop switch and other holds. */
export const HOLD_ERRORS = {} as const;
