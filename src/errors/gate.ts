/** What the gate refuses. */
export const GATE_ERRORS = {} as const;
