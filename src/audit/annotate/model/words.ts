import type { KeyGroup, KeyName } from "./keys.ts";
import type { PageLanguage } from "./session.ts";

/** What the page says; each language is written for itself. */
export interface Words {
  readonly title: string;
  readonly writes: (file: string) => string;
  readonly otherLanguage: string;
  readonly keys: string;
  readonly close: string;
  readonly keyIntro: string;
  /** What stands on keys whose name is not the same everywhere. */
  readonly keyNames: Readonly<Record<string, string>>;
  readonly groups: Readonly<Record<KeyGroup, string>>;
  readonly does: Readonly<Record<KeyName, string>>;
  readonly saved: string;
  readonly saving: string;
  readonly unsaved: string;
  readonly lost: string;
  readonly failed: (why: string) => string;
  readonly download: string;
  readonly conflict: string;
  readonly takeTheirs: string;
  readonly writeMine: string;
  readonly windows: (others: number) => string;
  readonly restored: string;
  readonly problems: (count: number) => string;
  readonly notPlayable: (codec: string) => string;
  readonly convertWith: string;
  readonly copyRule: string;
  readonly workArea: string;
  readonly picture: string;
  readonly play: string;
  readonly pause: string;
  readonly frameBack: string;
  readonly frameForward: string;
  readonly noRate: string;
  readonly timeline: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly zoomAll: string;
  readonly now: string;
  readonly event: string;
  readonly add: string;
  readonly nothingYet: string;
  readonly nothingSelected: string;
  readonly events: (count: number) => string;
  readonly kind: string;
  readonly otherKind: string;
  readonly kindWrong: string;
  readonly ruleOf: string;
  readonly begin: string;
  readonly end: string;
  readonly setHere: string;
  readonly tolerance: string;
  readonly toleranceHelp: string;
  readonly box: string;
  readonly noBox: string;
  readonly draw: string;
  readonly redraw: string;
  readonly remove: string;
  readonly boxHelp: string;
  readonly conditions: string;
  readonly conditionsHelp: string;
  readonly conditionsWrong: string;
  readonly note: string;
  readonly noteHelp: string;
  readonly noteWarning: (words: string) => string;
  readonly timeWrong: string;
  readonly delete: string;
  readonly undo: string;
  readonly redo: string;
  readonly counts: string;
  readonly countsAbout: string;
  readonly countRule: string;
  readonly countEvery: string;
  readonly countStart: string;
  readonly countGoOn: string;
  readonly countOver: string;
  readonly countDelete: string;
  readonly countDone: (values: number, until: string) => string;
  readonly countHelp: (number: number, at: string) => string;
  readonly countNeeds: string;
  /** What the live region says. */
  readonly did: {
    readonly added: (kind: string, at: string) => string;
    readonly begin: (at: string) => string;
    readonly end: (at: string) => string;
    readonly kind: (kind: string) => string;
    readonly deleted: string;
    readonly undone: string;
    readonly redone: string;
    readonly nothingToUndo: string;
    readonly nothingToRedo: string;
    readonly selected: (index: number, of: number, kind: string, begin: string, end: string) => string;
    readonly noEvent: string;
    readonly drawing: string;
    readonly boxDone: string;
    readonly boxRemoved: string;
    readonly cancelled: string;
    readonly counted: (number: number) => string;
    readonly marked: (number: number) => string;
    readonly rate: (rate: string) => string;
    readonly replaced: string;
  };
}

const EN: Words = {
  title: "Annotate",
  writes: (file) => `writes ${file}`,
  otherLanguage: "Français",
  keys: "Keys",
  close: "Close",
  keyIntro: "Tab leaves the work area after the last event, and everything works without a mouse.",
  keyNames: { Delete: "Del" },
  groups: {
    playing: "Watch",
    marking: "Mark events",
    drawing: "Draw a box",
    counting: "Count persons",
    page: "Page",
  },
  does: {
    playPause: "play, pause",
    frames: "one picture back or on",
    seconds: "one second back or on",
    shuttle: "backwards, stop, faster",
    ends: "to the first or last picture",
    add: "new event here",
    begin: "begins here",
    end: "ends here",
    choose: "kind of the event",
    walk: "next or previous event",
    delete: "delete the event",
    undo: "undo, as often as you like",
    redo: "redo",
    box: "draw the event's box",
    boxMove: "move it",
    boxSize: "change its size",
    boxFine: "by one pixel",
    boxAccept: "accept it",
    boxRemove: "remove it",
    count: "count at the next instant",
    countOne: "one more or fewer, or click each head",
    countAccept: "accept, go to the next instant",
    countBack: "count the instant before again",
    zoom: "show less or more time",
    zoomAll: "show all",
    cancel: "cancel",
    help: "these keys",
  },
  saved: "Saved",
  saving: "Saving…",
  unsaved: "Not saved yet",
  lost: "No connection to the program: nothing is lost, it is sent again. Is it still running?",
  failed: (why) => `Not saved, tried again: ${why}`,
  download: "Keep a copy",
  conflict: "The file was changed elsewhere: by another window or another program. Which one holds?",
  takeTheirs: "The file's (undo brings mine back)",
  writeMine: "Mine: overwrite the file",
  windows: (others) =>
    others === 1
      ? "This recording is open in another window too."
      : `This recording is open in ${others} other windows too.`,
  restored: "Changes that had not been saved were brought back.",
  problems: (count) =>
    count === 1 ? "The audit would refuse 1 thing in this file:" : `The audit would refuse ${count} things:`,
  notPlayable: (codec) => `Your browser does not play this recording (${codec}).`,
  convertWith: "Make a copy with the same pictures at the same times, and annotate that:",
  copyRule: "The copy shows what the recording shows: keep and delete it under the same rules.",
  workArea: "Work area: keys act here. Press ? for the list.",
  picture: "The recording",
  play: "Play",
  pause: "Pause",
  frameBack: "One picture back",
  frameForward: "One picture on",
  noRate: "The file does not say how long a picture stands; steps are found by trying.",
  timeline: "Timeline",
  zoomIn: "Show less time",
  zoomOut: "Show more time",
  zoomAll: "Show all",
  now: "now",
  event: "Event",
  add: "New event",
  nothingYet: "Nothing marked yet. Go to where something begins, and press N.",
  nothingSelected: "No event is selected.",
  events: (count) => (count === 1 ? "1 event" : `${count} events`),
  kind: "Kind",
  otherKind: "another…",
  kindWrong: "Small letters, digits, _ and - only, such as fight.",
  ruleOf: "Rule",
  begin: "Begins",
  end: "Ends",
  setHere: "here",
  tolerance: "May be off by (s)",
  toleranceHelp: "How far another careful observer could be from your times.",
  box: "Box",
  noBox: "none: anywhere in the view",
  draw: "Draw",
  redraw: "Change",
  remove: "Remove",
  boxHelp: "Drag over the picture, or use the arrows. Enter accepts, Esc cancels.",
  conditions: "Conditions",
  conditionsHelp: "light: night, crowd: dense",
  conditionsWrong: "Write pairs: light: night, crowd: dense",
  note: "Note",
  noteHelp: "What happens. Never who it is or what somebody looks like.",
  noteWarning: (words) => `This may describe a person: ${words}. Say what happens, not to whom.`,
  timeWrong: "Write seconds (62.16) or minutes and seconds (1:02.16).",
  delete: "Delete",
  undo: "Undo",
  redo: "Redo",
  counts: "Persons counted",
  countsAbout:
    "For the error of crowd counts: the number of persons in a rule's area, every so many seconds.",
  countRule: "Rule",
  countEvery: "Every (s)",
  countStart: "Count",
  countGoOn: "Go on",
  countOver: "All instants are counted.",
  countDelete: "Delete the counts",
  countDone: (values, until) => `${values} ${values === 1 ? "number" : "numbers"}, up to ${until}`,
  countHelp: (number, at) => `${number} at ${at}. Click each head, or press ↑. Enter accepts.`,
  countNeeds: "Name the rule whose area you count, and a number of seconds.",
  did: {
    added: (kind, at) => `New event, ${kind}, at ${at}`,
    begin: (at) => `Begins at ${at}`,
    end: (at) => `Ends at ${at}`,
    kind: (kind) => `Kind: ${kind}`,
    deleted: "Event deleted",
    undone: "Undone",
    redone: "Redone",
    nothingToUndo: "Nothing to undo",
    nothingToRedo: "Nothing to redo",
    selected: (index, of, kind, begin, end) => `Event ${index} of ${of}: ${kind}, ${begin} to ${end}`,
    noEvent: "Select an event first, or press N for a new one",
    drawing: "Drawing a box: arrows move it, Shift and arrows size it, Enter accepts",
    boxDone: "Box set",
    boxRemoved: "Box removed",
    cancelled: "Cancelled",
    counted: (number) => `${number} noted`,
    marked: (number) => String(number),
    rate: (rate) => `Speed ${rate}`,
    replaced: "The file's state is shown",
  },
};

const FR: Words = {
  title: "Annoter",
  writes: (file) => `écrit dans ${file}`,
  otherLanguage: "English",
  keys: "Touches",
  close: "Fermer",
  keyIntro: "Après le dernier événement, Tab quitte la zone de travail. Tout se fait sans souris.",
  keyNames: {
    Space: "Espace",
    Shift: "Maj",
    Home: "Début",
    End: "Fin",
    Delete: "Suppr",
    Enter: "Entrée",
    Esc: "Échap",
  },
  groups: {
    playing: "Regarder",
    marking: "Marquer",
    drawing: "Tracer un cadre",
    counting: "Compter les personnes",
    page: "Page",
  },
  does: {
    playPause: "lecture, pause",
    frames: "une image en arrière ou en avant",
    seconds: "une seconde en arrière ou en avant",
    shuttle: "à reculons, arrêt, plus vite",
    ends: "première ou dernière image",
    add: "nouvel événement ici",
    begin: "début ici",
    end: "fin ici",
    choose: "nature de l'événement",
    walk: "événement suivant ou précédent",
    delete: "supprimer l'événement",
    undo: "annuler, sans limite",
    redo: "rétablir",
    box: "tracer le cadre de l'événement",
    boxMove: "le déplacer",
    boxSize: "changer sa taille",
    boxFine: "d'un pixel",
    boxAccept: "le garder",
    boxRemove: "le supprimer",
    count: "compter à l'instant suivant",
    countOne: "un de plus ou de moins, ou un clic par tête",
    countAccept: "noter et passer à l'instant suivant",
    countBack: "recompter l'instant d'avant",
    zoom: "montrer moins ou plus de temps",
    zoomAll: "tout montrer",
    cancel: "abandonner",
    help: "ces touches",
  },
  saved: "Enregistré",
  saving: "Enregistrement…",
  unsaved: "Pas encore enregistré",
  lost: "Plus de liaison avec le programme : rien n'est perdu, l'envoi est réessayé. Tourne-t-il encore ?",
  failed: (why) => `Pas enregistré, nouvel essai en cours : ${why}`,
  download: "Garder une copie",
  conflict: "Le fichier a changé ailleurs : dans une autre fenêtre ou un autre programme. Lequel vaut ?",
  takeTheirs: "Celui du fichier (annuler rend le mien)",
  writeMine: "Le mien : remplacer le fichier",
  windows: (others) =>
    others === 1
      ? "Cet enregistrement est aussi ouvert dans une autre fenêtre."
      : `Cet enregistrement est aussi ouvert dans ${others} autres fenêtres.`,
  restored: "Des changements qui n'étaient pas enregistrés ont été repris.",
  problems: (count) =>
    count === 1
      ? "L'audit refuserait un point de ce fichier :"
      : `L'audit refuserait ${count} points de ce fichier :`,
  notPlayable: (codec) => `Votre navigateur ne lit pas cet enregistrement (${codec}).`,
  convertWith: "Faites-en une copie, mêmes images aux mêmes instants, et annotez-la :",
  copyRule:
    "La copie montre ce que montre l'enregistrement : conservez-la et effacez-la sous les mêmes règles.",
  workArea: "Zone de travail : les touches agissent ici. ? en donne la liste.",
  picture: "L'enregistrement",
  play: "Lecture",
  pause: "Pause",
  frameBack: "Une image en arrière",
  frameForward: "Une image en avant",
  noRate: "Le fichier ne dit pas combien dure une image ; les pas sont trouvés par essai.",
  timeline: "Chronologie",
  zoomIn: "Montrer moins de temps",
  zoomOut: "Montrer plus de temps",
  zoomAll: "Tout montrer",
  now: "maintenant",
  event: "Événement",
  add: "Nouvel événement",
  nothingYet: "Rien n'est encore marqué. Allez où quelque chose commence, et tapez N.",
  nothingSelected: "Aucun événement n'est choisi.",
  events: (count) => (count < 2 ? `${count} événement` : `${count} événements`),
  kind: "Nature",
  otherKind: "autre…",
  kindWrong: "Minuscules sans accent, chiffres, _ et - seulement, par exemple fight.",
  ruleOf: "Règle",
  begin: "Début",
  end: "Fin",
  setHere: "ici",
  tolerance: "À tant près (s)",
  toleranceHelp: "L'écart possible avec un autre observateur attentif.",
  box: "Cadre",
  noBox: "aucun : partout dans la vue",
  draw: "Tracer",
  redraw: "Changer",
  remove: "Supprimer",
  boxHelp: "Tirez sur l'image, ou servez-vous des flèches. Entrée garde, Échap abandonne.",
  conditions: "Conditions",
  conditionsHelp: "lumiere: nuit, foule: dense",
  conditionsWrong: "Écrivez des paires, noms sans accent : lumiere: nuit, foule: dense",
  note: "Note",
  noteHelp: "Ce qui se passe. Jamais qui c'est, ni à quoi quelqu'un ressemble.",
  noteWarning: (words) => `Cela décrit peut-être une personne : ${words}. Dites ce qui arrive, pas à qui.`,
  timeWrong: "Écrivez des secondes (62,16) ou des minutes et secondes (1:02,16).",
  delete: "Supprimer",
  undo: "Annuler",
  redo: "Rétablir",
  counts: "Personnes comptées",
  countsAbout:
    "Pour l'erreur des comptages de foule : le nombre de personnes dans la zone d'une règle, à intervalle fixe.",
  countRule: "Règle",
  countEvery: "Toutes les (s)",
  countStart: "Compter",
  countGoOn: "Continuer",
  countOver: "Tous les instants sont comptés.",
  countDelete: "Supprimer les comptages",
  countDone: (values, until) => `${values} nombre${values > 1 ? "s" : ""}, jusqu'à ${until}`,
  countHelp: (number, at) => `${number} à ${at}. Cliquez sur chaque tête, ou tapez ↑. Entrée valide.`,
  countNeeds: "Nommez la règle dont vous comptez la zone, et un nombre de secondes.",
  did: {
    added: (kind, at) => `Nouvel événement, ${kind}, à ${at}`,
    begin: (at) => `Début à ${at}`,
    end: (at) => `Fin à ${at}`,
    kind: (kind) => `Nature : ${kind}`,
    deleted: "Événement supprimé",
    undone: "Annulé",
    redone: "Rétabli",
    nothingToUndo: "Rien à annuler",
    nothingToRedo: "Rien à rétablir",
    selected: (index, of, kind, begin, end) => `Événement ${index} sur ${of} : ${kind}, de ${begin} à ${end}`,
    noEvent: "Choisissez d'abord un événement, ou tapez N pour en créer un",
    drawing: "Tracé d'un cadre : flèches pour déplacer, Maj et flèches pour la taille, Entrée pour garder",
    boxDone: "Cadre posé",
    boxRemoved: "Cadre supprimé",
    cancelled: "Abandonné",
    counted: (number) => `${number} noté${number > 1 ? "s" : ""}`,
    marked: (number) => String(number),
    rate: (rate) => `Vitesse ${rate}`,
    replaced: "L'état du fichier est affiché",
  },
};

export const WORDS: Readonly<Record<PageLanguage, Words>> = { en: EN, fr: FR };
