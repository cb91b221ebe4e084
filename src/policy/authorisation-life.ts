import type { Authorisation } from "./authorisation.ts";

/** What happens to an authorisation once it is decided: no part of the decision, and of what its signature covers. */
export const LIFE_FIELDS = [
  "status",
  "statusHistory",
  "publishedAt",
  "publicationUrl",
  "decisionSignature",
  "publicationSignature",
] as const;
export type LifeField = (typeof LIFE_FIELDS)[number];

/** The fields of an authorisation as they were decided, with the attestations of its conditions. */
export function withoutLife<A extends Authorisation>(a: A): Omit<A, LifeField> {
  const {
    status: _status,
    statusHistory: _history,
    publishedAt: _publishedAt,
    publicationUrl: _publicationUrl,
    decisionSignature: _decision,
    publicationSignature: _publication,
    ...decided
  } = a;
  return decided;
}
