/** Evidence at rest. */
export const VAULT_ERRORS = {} as const;
