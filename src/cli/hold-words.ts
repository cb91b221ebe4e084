import type { Hold, HoldCause } from "../policy/hold.ts";
import type { EngineAnswer } from "../policy/hold-seen.ts";
import { FORMATS, type Language } from "../report/language.ts";

/** What `stop` and `resume` say to a person; each language is written for itself. */
interface HoldWords {
  readonly causes: Readonly<Record<HoldCause, string>>;
  readonly everything: string;
  readonly site: string;
  readonly camera: (id: string) => string;
  readonly held: (what: string, cause: string, since: string, by: string) => string;
  readonly nothingHeld: string;
  readonly nothingHeldHere: string;
  readonly stopped: (what: string, seconds: string) => string;
  readonly noEngine: (folder: string | null) => string;
  readonly elsewhere: (pid: number, folder: string) => string;
  readonly answers: Readonly<Record<EngineAnswer["state"], (pid: number, cameras: string) => string>>;
  readonly notYet: (pids: string) => string;
  readonly nobodys: (camera: string) => string;
  readonly brokenConfig: (file: string) => string;
  readonly trace: (leaves: string) => string;
  readonly noTrace: (reason: string) => string;
  readonly noJournal: string;
  readonly resumeWith: string;
  readonly noReason: string;
  readonly ask: (count: number) => string;
  readonly unchanged: string;
  readonly released: (count: number) => string;
  readonly stillHeld: string;
}

const EN: HoldWords = {
  causes: {
    stop_switch: "stop switch",
    clock_set_back: "the clock was set back",
    view_moved: "the view moved",
    model_changed: "the model changed",
    configuration_changed: "the configuration changed",
    condition_lapsed: "a condition lapsed",
    incident: "incident",
  },
  everything: "everything on this machine",
  site: "the site",
  camera: (id) => `camera ${id}`,
  held: (what, cause, since, by) => `${what}: ${cause}, since ${since}, by ${by}`,
  nothingHeld: "Nothing is held.",
  nothingHeldHere:
    "Nothing is held on this machine as a whole. Give --state or --config for a site's own holds.",
  stopped: (what, seconds) => `STOPPED: ${what}. The hold stood after ${seconds} s and survives a restart.`,
  noEngine: (folder) =>
    folder === null
      ? "No engine of this user runs now; one that starts decodes nothing."
      : `No engine with the state folder ${folder} runs now; one that starts decodes nothing of it.`,
  elsewhere: (pid, folder) => `NOT STOPPED by this: process ${pid}, with the state folder ${folder}.`,
  answers: {
    stands: (pid) => `Process ${pid}: it stands, no picture is decoded.`,
    decoding: (pid, cameras) => `Process ${pid}: STILL DECODES ${cameras}.`,
    silent: (pid) => `Process ${pid}: HAS NOT ANSWERED.`,
    unseen: (pid) => `Process ${pid}, perhaps in a container: has not answered.`,
  },
  notYet: (pids) => `To end it by force: kill -9 ${pids}`,
  nobodys: (camera) => `No engine that runs has a camera ${camera}. Check its name.`,
  brokenConfig: (file) => `${file} has errors; its state folder was found all the same.`,
  trace: (leaves) => `Written to the journal, leaf ${leaves}.`,
  noTrace: (reason) => `It is stopped, but the journal did not take it: ${reason}`,
  noJournal: "No journal was named, so none says it. With --state or --config it is written there.",
  resumeWith: 'It runs again only by: contrechamp resume … --by "NAME" --reason "TEXT"',
  noReason: "no reason was given",
  ask: (count) => (count === 1 ? "Release this hold?" : `Release these ${count} holds?`),
  unchanged: "Nothing was changed: it is held as before.",
  released: (count) => (count === 1 ? "1 hold released." : `${count} holds released.`),
  stillHeld: "Still held:",
};

const FR: HoldWords = {
  causes: {
    stop_switch: "arrêt demandé",
    clock_set_back: "horloge reculée",
    view_moved: "vue déplacée",
    model_changed: "modèle changé",
    configuration_changed: "configuration changée",
    condition_lapsed: "condition échue",
    incident: "incident",
  },
  everything: "tout sur cette machine",
  site: "le site",
  camera: (id) => `caméra ${id}`,
  held: (what, cause, since, by) => `${what} : ${cause}, depuis le ${since}, par ${by}`,
  nothingHeld: "Rien n'est arrêté.",
  nothingHeldHere:
    "Rien n'est arrêté pour la machine entière. Donnez --state ou --config pour les arrêts propres à un site.",
  stopped: (what, seconds) =>
    `ARRÊTÉ : ${what}. L'arrêt vaut depuis ${seconds} s et survit à un redémarrage.`,
  noEngine: (folder) =>
    folder === null
      ? "Aucun moteur de cet utilisateur ne tourne ; celui qui démarrerait ne décoderait rien."
      : `Aucun moteur ne tourne avec le dossier d'état ${folder} ; celui qui démarrerait n'en décoderait rien.`,
  elsewhere: (pid, folder) =>
    `N'EST PAS ARRÊTÉ par là : le processus ${pid}, avec le dossier d'état ${folder}.`,
  answers: {
    stands: (pid) => `Processus ${pid} : l'arrêt est effectif, aucune image n'est décodée.`,
    decoding: (pid, cameras) => `Processus ${pid} : DÉCODE ENCORE ${cameras}.`,
    silent: (pid) => `Processus ${pid} : N'A PAS RÉPONDU.`,
    unseen: (pid) => `Processus ${pid}, peut-être dans un conteneur : n'a pas répondu.`,
  },
  notYet: (pids) => `Pour le terminer de force : kill -9 ${pids}`,
  nobodys: (camera) => `Aucun moteur en marche n'a de caméra ${camera}. Vérifiez son nom.`,
  brokenConfig: (file) => `${file} contient des erreurs ; son dossier d'état a été trouvé tout de même.`,
  trace: (leaves) => `Inscrit au journal, feuille ${leaves}.`,
  noTrace: (reason) => `C'est arrêté, mais le journal ne l'a pas inscrit : ${reason}`,
  noJournal: "Aucun journal n'a été désigné : aucun ne le dit. Avec --state ou --config il y est inscrit.",
  resumeWith: 'Reprise seulement par : contrechamp resume … --by "NOM" --reason "MOTIF"',
  noReason: "aucun motif n'a été donné",
  ask: (count) => (count === 1 ? "Lever cet arrêt ?" : `Lever ces ${count} arrêts ?`),
  unchanged: "Rien n'a changé : l'arrêt est maintenu.",
  released: (count) => (count === 1 ? "1 arrêt levé." : `${count} arrêts levés.`),
  stillHeld: "Toujours arrêté :",
};

export const HOLD_WORDS: Readonly<Record<Language, HoldWords>> = { en: EN, fr: FR };

/** What a hold is about. */
export function scopeText(scope: Hold["scope"], language: Language): string {
  const words = HOLD_WORDS[language];
  return scope.kind === "camera" ? words.camera(plain(scope.cameraId)) : words[scope.kind];
}

/** One hold as lines for a person. */
export function holdLines(hold: Hold, language: Language): readonly string[] {
  const words = HOLD_WORDS[language];
  const since = FORMATS[language].instant(hold.at);
  const what = words.held(scopeText(hold.scope, language), words.causes[hold.cause], since, plain(hold.by));
  return [what, `  ${plain(hold.reason)}`, `  ${hold.id}`];
}

/** What somebody wrote, without what would make a terminal do things. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/\p{Cc}|\p{Cf}/gu, "�");
}
