import type { VERIFICATIONS } from "../policy/profile.ts";
import type { FootageKind, Use } from "../policy/question.ts";
import type { Language } from "../report/language.ts";

type Verification = (typeof VERIFICATIONS)[number];

/** What `check` says to a person; each language is written for itself. */
export interface CheckWords {
  readonly usable: (file: string, sha256: string) => string;
  readonly unusable: (file: string) => string;
  readonly model: (name: string) => string;
  readonly modelStates: Readonly<Record<"ready" | "refused", string>>;
  readonly modelAbsent: (name: string) => string;
  readonly camera: (id: string, source: string) => string;
  readonly missingVariable: (name: string) => string;
  readonly calibration: (pairs: number, residual: string) => string;
  readonly asAlways: string;
  readonly zone: (id: string, nature: string, area: string) => string;
  readonly natures: Readonly<Record<string, string>>;
  readonly place: (place: string) => string;
  readonly noRules: string;
  readonly rule: (id: string, event: string, place: string, after: string) => string;
  readonly severities: Readonly<Record<"error" | "warning", string>>;

  readonly asked: (when: string, use: string) => string;
  readonly uses: Readonly<Record<Use, string>>;
  readonly notAsked: string;
  readonly all: (count: number) => string;
  readonly some: (allowed: number, of: number) => string;
  readonly none: (count: number) => string;
  readonly statistics: (allow: boolean) => string;
  readonly on: (when: string) => string;
  readonly until: (when: string) => string;
  readonly atLeastUntil: (when: string) => string;
  readonly noEnd: string;
  readonly from: (when: string) => string;
  readonly andMore: (count: number) => string;
  readonly noFootage: string;
  readonly footage: Readonly<Record<FootageKind, string>>;
  readonly noStart: string;

  readonly mayRun: (rules: string) => string;
  readonly mayNotRun: (rules: string) => string;
  readonly statisticsOf: (events: string) => string;
  readonly label: Readonly<Record<Label, string>>;
  /** Between what is named and what is said of it. */
  readonly colon: string;
  readonly wouldPermit: (would: boolean) => string;
  readonly says: (text: string) => string;
  readonly checked: (verification: Verification, by: string | null, on: string | null) => string;
  readonly ends: (when: string, why: string) => string;
  readonly opens: (when: string) => string;
  readonly onlyOthers: string;
  readonly sealed: Readonly<Record<"encrypted" | "clear", string>>;
  readonly kept: (atMost: string, undecided: string | null) => string;
  readonly keptAtMost: (atMost: string) => string;
  readonly nothingShown: string;

  readonly site: string;
  readonly noProfile: string;
  readonly profile: (title: string, id: string, version: string) => string;
  readonly rules: (verified: number, secondary: number, unverified: number, last: string | null) => string;
  readonly documents: (
    folder: string,
    authorisations: number,
    certificates: number,
    notices: number,
  ) => string;
  readonly noDocuments: string;
  readonly authorisation: (reference: string, authority: string, from: string, until: string) => string;
  readonly fault: (file: string) => string;
  readonly faults: string;
  readonly noHolds: string;
  readonly startHeld: string;
  readonly stateFolder: (folder: string, exists: boolean, writable: boolean) => string;
  readonly noJournal: string;
  readonly journal: (leaves: string, newest: string | null, writable: boolean) => string;
  readonly checkpoint: (leaves: string, at: string) => string;
  readonly noCheckpoint: string;
}

/** What stands before a line. */
type Label =
  | "law"
  | "source"
  | "check"
  | "remedy"
  | "authorisation"
  | "nearest"
  | "until"
  | "evidence"
  | "time"
  | "ifVerified"
  | "ifDone"
  | "profile"
  | "overlay"
  | "documents"
  | "holds"
  | "state"
  | "journal";

const EN: CheckWords = {
  usable: (file, sha256) => `${file} can be used (SHA-256 ${sha256})`,
  unusable: (file) => `${file} cannot be used`,
  model: (name) => `model ${name}`,
  modelStates: { ready: "ready", refused: "refused" },
  modelAbsent: (name) =>
    `not here yet; it is fetched when it is first needed, or now: contrechamp models pull ${name}`,
  camera: (id, source) => `camera ${id}: ${source}`,
  missingVariable: (name) => `the environment variable ${name} is not set here`,
  calibration: (pairs, residual) => `calibration: ${pairs} points, residual ${residual}`,
  asAlways: ", as always with 4",
  zone: (id, nature, area) => `zone ${id}: ${nature}${area}`,
  natures: {},
  place: (place) => place,
  noRules: "no rules: nothing will alert, only statistics of the whole view",
  rule: (id, event, place, after) => `rule ${id}: ${event}, ${place}, after ${after}`,
  severities: { error: "error", warning: "warning" },

  asked: (when, use) => `What may run on ${when}, ${use}:`,
  uses: { alert: "for alerts that a person sees", shadow: "counted in the dark, shown to nobody" },
  notAsked: "What may run was not asked: first mend what is wrong above.",
  all: (count) => (count === 1 ? "its only rule MAY RUN" : `all ${count} rules MAY RUN`),
  some: (allowed, of) => `${allowed} of ${of} rules MAY RUN`,
  none: (count) => (count === 1 ? "its only rule MAY NOT RUN" : `its ${count} rules MAY NOT RUN`),
  statistics: (allow) =>
    allow ? "no rules; statistics of its view MAY RUN" : "no rules, and even statistics MAY NOT RUN",
  on: (when) => `, judged on ${when}`,
  until: (when) => `, until ${when}`,
  atLeastUntil: (when) => `at least until ${when}`,
  noEnd: ", without an end in sight",
  from: (when) => `, from ${when} on`,
  andMore: (count) => ` (and ${count} more ${count === 1 ? "reason" : "reasons"} below)`,
  noFootage: "its footage cannot be read, and `watch` leaves it out",
  footage: { live: "live stream", recording: "recording", rendered: "scene that Contrechamp drew" },
  noStart:
    "the configuration does not say when this recording began (startedAt): it is judged by the law of now",

  mayRun: (rules) => `MAY RUN: ${rules}`,
  mayNotRun: (rules) => `MAY NOT RUN: ${rules}`,
  statisticsOf: (events) => `statistics of the whole view (${events})`,
  label: {
    law: "permitted by",
    source: "source",
    check: "checked",
    remedy: "what would change it",
    authorisation: "authorisation",
    nearest: "nearest authorisation",
    until: "until",
    evidence: "evidence",
    time: "in time",
    ifVerified: "would permit if it were verified",
    ifDone: "if that is done",
    profile: "law",
    overlay: "law that only forbids",
    documents: "documents",
    holds: "holds",
    state: "state",
    journal: "journal",
  },
  colon: ": ",
  wouldPermit: (would) =>
    would
      ? "the law would permit this; what else stands against it remains"
      : "it still permits nothing: its text is not known to be in force",
  says: (text) => `“${text}”`,
  checked: (verification, by, on) =>
    verification === "verified"
      ? `compared with the official text by ${by ?? "somebody unnamed"}${on === null ? "" : ` on ${on}`}`
      : verification === "secondary"
        ? "known from secondary sources only; nobody has compared it with the official text"
        : "NOT VERIFIED: nobody has compared it with the official text",
  ends: (when, why) => `${when}. Then: ${why}`,
  opens: (when) => `it may run from ${when}, if nothing else changes`,
  onlyOthers: "time alone changes nothing: somebody has to do something",
  sealed: { encrypted: "sealed (encrypted)", clear: "in clear, as files" },
  kept: (atMost, undecided) =>
    `kept for ${atMost} at most${undecided === null ? "" : `; its clip goes after ${undecided} unless a person confirms the alert`}`,
  keptAtMost: (atMost) => `never kept for longer than ${atMost}`,
  nothingShown: "none: nothing is shown or kept, episodes are counted",

  site: "The site",
  noProfile: "none is named: without a profile (authority.profile, or --profile) nothing is permitted",
  profile: (title, id, version) => `${title} (${id} ${version})`,
  rules: (verified, secondary, unverified, last) =>
    `its rules: ${several([
      [verified, "compared with the official text"],
      [secondary, "known from secondary sources"],
      [unverified, "not verified"],
    ])}${last === null ? "" : `; last check ${last}`}`,
  documents: (folder, authorisations, certificates, notices) =>
    `${folder}: ${counted(authorisations, "authorisation")}, ${counted(certificates, "certificate")}, ${counted(notices, "notice")}`,
  noDocuments: "no folder is named (authority.documents, or --documents)",
  authorisation: (reference, authority, from, until) =>
    `${reference}, ${authority}: from ${from} to ${until}`,
  fault: (file) => `CANNOT BE READ: ${file}`,
  faults: "While a document cannot be read, nothing runs: it might forbid.",
  noHolds: "nothing is stopped",
  startHeld: "A start would be held, until a person resumes with a reason:",
  stateFolder: (folder, exists, writable) =>
    `${folder}${exists ? "" : ", not there yet"}${writable ? "" : ": CANNOT BE WRITTEN by this user"}`,
  noJournal: "none yet; a start begins one",
  journal: (leaves, newest, writable) =>
    `${leaves} entries${newest === null ? "" : `, the last on ${newest}`}${writable ? "" : "; CANNOT BE WRITTEN by this user"}`,
  checkpoint: (leaves, at) => `last checkpoint: ${leaves} entries signed, the last of ${at}`,
  noCheckpoint: "no checkpoint yet",
};

const FR: CheckWords = {
  usable: (file, sha256) => `${file} est utilisable (SHA-256 ${sha256})`,
  unusable: (file) => `${file} n’est pas utilisable`,
  model: (name) => `modèle ${name}`,
  modelStates: { ready: "prêt", refused: "refusé" },
  modelAbsent: (name) =>
    `pas encore ici ; téléchargé au premier besoin, ou maintenant : contrechamp models pull ${name}`,
  camera: (id, source) => `caméra ${id} : ${source}`,
  missingVariable: (name) => `la variable d’environnement ${name} n’est pas définie ici`,
  calibration: (pairs, residual) => `calibration : ${pairs} points, écart ${residual}`,
  asAlways: ", comme toujours avec 4",
  zone: (id, nature, area) => `zone ${id} : ${nature}${area}`,
  natures: { forbidden: "interdite", sensitive: "sensible", counting: "comptage" },
  place: (place) => place.replace("whole view", "toute la vue").replace(/^line /, "ligne "),
  noRules: "aucune règle : rien ne donnera d’alerte, seulement des statistiques de toute la vue",
  rule: (id, event, place, after) => `règle ${id} : ${event}, ${place}, après ${after}`,
  severities: { error: "erreur", warning: "avertissement" },

  asked: (when, use) => `Ce qui peut tourner le ${when}, ${use} :`,
  uses: { alert: "pour des alertes qu’une personne voit", shadow: "compté sans rien montrer à personne" },
  notAsked: "Ce qui peut tourner n’a pas été demandé : corrigez d’abord ce qui précède.",
  all: (count) => (count === 1 ? "sa seule règle PEUT TOURNER" : `ses ${count} règles PEUVENT TOURNER`),
  some: (allowed, of) =>
    `${allowed} ${allowed === 1 ? "règle" : "règles"} sur ${of} ${allowed === 1 ? "PEUT" : "PEUVENT"} TOURNER`,
  none: (count) =>
    count === 1 ? "sa seule règle NE PEUT PAS TOURNER" : `ses ${count} règles NE PEUVENT PAS TOURNER`,
  statistics: (allow) =>
    allow
      ? "aucune règle ; les statistiques de sa vue PEUVENT TOURNER"
      : "aucune règle, et même les statistiques NE PEUVENT PAS TOURNER",
  on: (when) => `, jugé au ${when}`,
  until: (when) => `, jusqu’au ${when}`,
  atLeastUntil: (when) => `au moins jusqu’au ${when}`,
  noEnd: ", sans terme en vue",
  from: (when) => `, à partir du ${when}`,
  andMore: (count) => ` (et ${count} ${count === 1 ? "autre motif" : "autres motifs"} plus bas)`,
  noFootage: "ses images ne peuvent pas être lues, et `watch` la laisse de côté",
  footage: {
    live: "flux en direct",
    recording: "enregistrement",
    rendered: "scène dessinée par Contrechamp",
  },
  noStart:
    "la configuration ne dit pas quand cet enregistrement commence (startedAt) : il est jugé selon le droit d’aujourd’hui",

  mayRun: (rules) => `PEUT TOURNER : ${rules}`,
  mayNotRun: (rules) => `NE PEUT PAS TOURNER : ${rules}`,
  statisticsOf: (events) => `statistiques de toute la vue (${events})`,
  label: {
    law: "permis par",
    source: "source",
    check: "vérification",
    remedy: "ce qui y changerait quelque chose",
    authorisation: "autorisation",
    nearest: "autorisation la plus proche",
    until: "jusqu’au",
    evidence: "éléments gardés",
    time: "avec le temps",
    ifVerified: "permettrait, une fois vérifié",
    ifDone: "une fois cela fait",
    profile: "droit",
    overlay: "droit qui ne fait qu’interdire",
    documents: "documents",
    holds: "arrêts",
    state: "état",
    journal: "journal",
  },
  colon: " : ",
  wouldPermit: (would) =>
    would
      ? "le droit le permettrait ; les autres motifs demeurent"
      : "rien n’est permis pour autant : on ne sait pas si son texte est en vigueur",
  says: (text) => `« ${text} »`,
  checked: (verification, by, on) =>
    verification === "verified"
      ? `comparé au texte officiel par ${by ?? "quelqu’un qui n’est pas nommé"}${on === null ? "" : ` le ${on}`}`
      : verification === "secondary"
        ? "connu par des sources secondaires seulement ; personne ne l’a comparé au texte officiel"
        : "NON VÉRIFIÉ : personne ne l’a comparé au texte officiel",
  ends: (when, why) => `${when}. Ensuite : ${why}`,
  opens: (when) => `possible à partir du ${when}, si rien d’autre ne change`,
  onlyOthers: "le temps seul n’y change rien : quelqu’un doit agir",
  sealed: { encrypted: "scellés (chiffrés)", clear: "en clair, dans des fichiers" },
  kept: (atMost, undecided) =>
    `gardés ${atMost} au plus${undecided === null ? "" : ` ; la séquence est effacée après ${undecided} si personne ne confirme l’alerte`}`,
  keptAtMost: (atMost) => `jamais gardés plus de ${atMost}`,
  nothingShown: "aucun : rien n’est montré ni gardé, les épisodes sont comptés",

  site: "Le site",
  noProfile: "aucun profil n’est nommé : sans profil (authority.profile ou --profile), rien n’est permis",
  profile: (title, id, version) => `${title} (${id} ${version})`,
  rules: (verified, secondary, unverified, last) =>
    `ses règles : ${several([
      [verified, verified < 2 ? "comparée au texte officiel" : "comparées au texte officiel"],
      [secondary, `${secondary < 2 ? "connue" : "connues"} par des sources secondaires`],
      [unverified, unverified < 2 ? "non vérifiée" : "non vérifiées"],
    ])}${last === null ? "" : ` ; dernière vérification le ${last}`}`,
  documents: (folder, authorisations, certificates, notices) =>
    `${folder} : ${compte(authorisations, "autorisation")}, ${compte(certificates, "certificat")}, ${compte(notices, "avis", "avis")}`,
  noDocuments: "aucun dossier n’est nommé (authority.documents ou --documents)",
  authorisation: (reference, authority, from, until) => `${reference}, ${authority} : du ${from} au ${until}`,
  fault: (file) => `ILLISIBLE : ${file}`,
  faults: "Tant qu’un document est illisible, rien ne tourne : il pourrait interdire.",
  noHolds: "rien n’est arrêté",
  startHeld: "Un démarrage serait retenu, jusqu’à ce qu’une personne le relance en disant pourquoi :",
  stateFolder: (folder, exists, writable) =>
    `${folder}${exists ? "" : ", pas encore là"}${writable ? "" : " : CET UTILISATEUR NE PEUT PAS Y ÉCRIRE"}`,
  noJournal: "aucun pour l’instant ; un démarrage en commence un",
  journal: (leaves, newest, writable) =>
    `${leaves} inscriptions${newest === null ? "" : `, la dernière le ${newest}`}${writable ? "" : " ; CET UTILISATEUR NE PEUT PAS Y ÉCRIRE"}`,
  checkpoint: (leaves, at) => `dernier point signé : ${leaves} inscriptions, la dernière du ${at}`,
  noCheckpoint: "aucun point signé pour l’instant",
};

export const CHECK_WORDS: Readonly<Record<Language, CheckWords>> = { en: EN, fr: FR };

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function compte(nombre: number, nom: string, pluriel = `${nom}s`): string {
  return `${nombre} ${nombre < 2 ? nom : pluriel}`;
}

/** Those of which there are any. */
function several(parts: readonly (readonly [count: number, what: string])[]): string {
  const some = parts.filter(([count]) => count > 0);
  return some.length === 0 ? "0" : some.map(([count, what]) => `${count} ${what}`).join(", ");
}
