import type { Alert } from "../alerts/alert.ts";
import type { EventType } from "../event.ts";
import type { Language } from "./language.ts";

/** What an alert is called and where it is: the same words in the report and on the command line. */
export interface AlertWords {
  readonly events: Readonly<Record<EventType, string>>;
  readonly place: (kind: Alert["place"]["kind"], id: string | null) => string;
}

const EN: AlertWords = {
  events: {
    abandoned_object: "abandoned object",
    weapon: "weapon",
    wrong_way: "wrong way",
    zone_intrusion: "intrusion",
    person_down: "person on the ground",
    crowd_movement: "crowd movement",
    crowd_density: "crowd density",
    fire: "fire",
  },
  place: (kind, id) => (kind === "view" || id === null ? "whole view" : `${kind} ${id}`),
};

const FR: AlertWords = {
  events: {
    abandoned_object: "objet abandonné",
    weapon: "arme",
    wrong_way: "sens de circulation non respecté",
    zone_intrusion: "intrusion",
    person_down: "personne au sol",
    crowd_movement: "mouvement de foule",
    crowd_density: "densité de personnes",
    fire: "départ de feu",
  },
  place: (kind, id) =>
    kind === "view" || id === null ? "toute la vue" : `${kind === "zone" ? "zone" : "ligne"} ${id}`,
};

export const ALERT_WORDS: Readonly<Record<Language, AlertWords>> = { en: EN, fr: FR };
