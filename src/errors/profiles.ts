/** Profiles: law as data. */
export const PROFILE_ERRORS = {} as const;
