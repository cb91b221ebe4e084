/**
 * The eight kinds of event that décret 2023-828, article 3 (France) lists. Closed: no other event can be
 * named in a configuration, an alert or a certificate.
 */
export const EVENT_TYPES = [
  "abandoned_object",
  "weapon",
  "wrong_way",
  "zone_intrusion",
  "person_down",
  "crowd_movement",
  "crowd_density",
  "fire",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
