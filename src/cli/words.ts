import { ALERT_WORDS, type AlertWords } from "../report/alert-words.ts";
import type { Language } from "../report/language.ts";

/** What `watch` says to a person; each language is written for itself. */
interface Words extends AlertWords {
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
  readonly sealed: (id: string) => string;
  readonly stopping: string;
  readonly rulesOf: (camera: string, rules: string) => string;
  readonly mayNotRun: (place: string) => string;
  readonly runsAgain: (place: string) => string;
}

const EN: Words = {
  ...ALERT_WORDS.en,
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
  sealed: (id) => `evidence ${id}`,
  stopping: "Stopping: writing what is open. Press Ctrl-C again to leave at once.",
  rulesOf: (camera, rules) => `${camera} (${rules})`,
  mayNotRun: (place) => `${place} may not run now:`,
  runsAgain: (place) => `${place} may run again.`,
};

const FR: Words = {
  ...ALERT_WORDS.fr,
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
  sealed: (id) => `preuve ${id}`,
  stopping: "Arrêt : les fichiers ouverts sont terminés. Ctrl-C une seconde fois pour quitter aussitôt.",
  rulesOf: (camera, rules) => `${camera} (${rules})`,
  mayNotRun: (place) => `${place} : rien ne peut tourner maintenant :`,
  runsAgain: (place) => `${place} : l'analyse peut reprendre.`,
};

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, fr: FR };

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
