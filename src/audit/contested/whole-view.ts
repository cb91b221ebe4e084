/**
 * A rule that never speaks: it takes more persons than any view holds. Under it the whole view of a recording is
 * analysed although nothing that is raised is looked for there, for what is measured beside alerts: contested rules,
 * and how well people are followed.
 */
export const WHOLE_VIEW = { id: "whole-view", event: "crowd_density", persons: 10_000 } as const;
