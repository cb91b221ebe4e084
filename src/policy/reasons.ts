/**
 * Why the gate answers as it does: a closed list, in the order in which the gate looks. Each denial carries every
 * reason that holds, so that nobody mends one only to meet the next.
 */
export const REASON_CODES = [
  // the question itself
  "question_unreadable",
  "unknown_event",
  "documents_unreadable",
  // holds: somebody or something has stopped it, and only a person lets it run again
  "stopped",
  "clock_set_back",
  "view_moved",
  "model_changed",
  "configuration_changed",
  "condition_lapse_held",
  "incident_held",
  // the law
  "no_profile",
  "footage_not_permitted",
  "use_not_permitted",
  "overlay_forbids",
  "no_legal_basis",
  "decree_missing",
  "expired",
  "annulled",
  "unverified_basis",
  // the authorisation to film
  "no_camera_authorisation",
  // the authorisation to analyse
  "no_analytic_authorisation",
  "event_not_authorised",
  "analytic_not_authorised",
  "model_not_authorised",
  "recording_not_authorised",
  "zone_not_authorised",
  "outside_perimeter",
  "location_unknown",
  // either authorisation, as a document
  "other_profile",
  "decision_unsigned",
  "publication_unsigned",
  "not_published",
  "not_active",
  "suspended",
  "ended",
  "duration_too_long",
  "retention_too_long",
  "not_yet_valid",
  "authorisation_expired",
  "outside_daily_window",
  "condition_not_attested",
  "condition_lapsed",
  // what must stand beside it
  "no_certificate",
  "certificate_other_model",
  "certificate_expired",
  "certificate_failed",
  "no_notice",
  // the two evaluators
  "evaluators_differ",
  "second_opinion_failed",
  // the only one of a yes
  "permitted",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** One reason, with what it rests on. */
export interface Reason {
  readonly code: ReasonCode;
  /** The profile's rule, the document's id or the hold's id; null where nothing is there to name. */
  readonly ruleId: string | null;
  /** Instrument and article, with its address where it has one: what a reader can look up. */
  readonly source: string;
}
