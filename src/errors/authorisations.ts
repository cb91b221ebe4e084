/** Authorisations, certificates, keys and notices. */
export const AUTHORISATION_ERRORS = {} as const;
