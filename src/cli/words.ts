import type { EventType } from "../alerts/event.ts";

/** The languages of the interface. */
export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What `watch` says to a person; each language is written for itself. */
interface Words {
  readonly events: Readonly<Record<EventType, string>>;
  readonly zone: (id: string) => string;
  readonly line: (id: string) => string;
  readonly view: string;
  readonly raised: string;
  readonly closed: (seconds: string) => string;
  readonly persons: (low: number, high: number) => string;
  readonly watching: (camera: string, address: string, size: string) => string;
  readonly pulling: (model: string) => string;
  readonly noRules: (camera: string, example: string) => string;
  readonly nothing: string;
  readonly kept: (folder: string) => string;
  readonly summary: (alerts: number, cameras: number, length: string) => string;
  readonly open: (path: string) => string;
  readonly stopping: string;
}

const EN: Words = {
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
  zone: (id) => `zone ${id}`,
  line: (id) => `line ${id}`,
  view: "whole view",
  raised: "alert",
  closed: (seconds) => `over after ${seconds} s`,
  persons: (low, high) => `${low} to ${high} persons`,
  watching: (camera, address, size) => `${camera}: ${address}, ${size}`,
  pulling: (model) => `Fetching the model ${model}`,
  noRules: (camera, example) =>
    `${camera} has no rules: nothing will alert. Give a configuration with --config; ${example} shows one.`,
  nothing: "No camera gave a picture: nothing was written, and earlier results stay as they are.",
  kept: (folder) => `The results of an earlier run are kept in ${folder}.`,
  summary: (alerts, cameras, length) =>
    `${count(alerts, "alert")} on ${count(cameras, "camera")}; ${length} of video analysed.`,
  open: (path) => `Open ${path}`,
  stopping: "Stopping: writing what is open. Press Ctrl-C again to leave at once.",
};

const FR: Words = {
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
  zone: (id) => `zone ${id}`,
  line: (id) => `ligne ${id}`,
  view: "toute la vue",
  raised: "alerte",
  closed: (seconds) => `terminé après ${seconds} s`,
  persons: (low, high) => `${low} à ${high} personnes`,
  watching: (camera, address, size) => `${camera} : ${address}, ${size}`,
  pulling: (model) => `Téléchargement du modèle ${model}`,
  noRules: (camera, example) =>
    `${camera} n'a aucune règle : rien ne donnera d'alerte. Donnez une configuration avec --config ; ${example} en montre une.`,
  nothing:
    "Aucune caméra n'a donné d'image : rien n'a été écrit, et les résultats précédents restent en place.",
  kept: (folder) => `Les résultats d'une analyse précédente sont conservés dans ${folder}.`,
  summary: (alerts, cameras, length) =>
    `${alerts} alerte${alerts > 1 ? "s" : ""} sur ${cameras} caméra${cameras > 1 ? "s" : ""} ; ${length} de vidéo.`,
  open: (path) => `Ouvrez ${path}`,
  stopping: "Arrêt : les fichiers ouverts sont terminés. Ctrl-C une seconde fois pour quitter aussitôt.",
};

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, fr: FR };

/** The language that the environment asks for, English where it asks for another. */
export function environmentLanguage(environment: Readonly<Record<string, string | undefined>>): Language {
  const wanted = environment["LC_ALL"] || environment["LC_MESSAGES"] || environment["LANG"] || "";
  return wanted.toLowerCase().startsWith("fr") ? "fr" : "en";
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
