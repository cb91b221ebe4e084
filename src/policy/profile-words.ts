import type { LanguageMap } from "./fields.ts";
import type { DayInterval, Instrument, Profile, ProfileRule, Regime } from "./profile.ts";
import type { FootageKind, Use } from "./question.ts";
import type { TextLanguage } from "./time-words.ts";
import type { Verdict } from "./timeline.ts";

/** The reasons that the law itself gives. */
export type LawReason = NonNullable<ProfileRule["reason"]>;

/** What a profile's page says beside the profile's own texts. Each language written for itself. */
export interface ProfileWords {
  readonly kind: Readonly<Record<Profile["kind"], string>>;
  readonly footage: Readonly<Record<FootageKind, string>>;
  readonly use: Readonly<Record<Use, string>>;
  readonly allEvents: string;
  readonly about: (events: string, footage: string, uses: string) => string;
  readonly verdict: Readonly<Record<Verdict, string>>;
  readonly refused: (reasons: readonly string[]) => string;
  readonly reason: Readonly<Record<LawReason, string>>;
  readonly effect: Readonly<Record<ProfileRule["effect"], string>>;
  readonly status: Readonly<Record<Instrument["status"], string>>;
  readonly annulment: Readonly<Record<"procedural" | "substantive", string>>;
  readonly verified: (by: string, on: string) => string;
  readonly unverified: Readonly<Record<"secondary" | "unverified", string>>;
  readonly checkOf: (mark: string, consequence: string) => string;
  /** What that mark means for a rule. */
  readonly consequence: Readonly<Record<ProfileRule["effect"], string>>;
  readonly requires: Readonly<Record<keyof Regime["requires"], readonly [demanded: string, not: string]>>;
  /** The authorisation to analyse, which every regime asks for. */
  readonly analytic: string;
  readonly maxDuration: (duration: string) => string;
  readonly maxRetention: (duration: string) => string;
  readonly attestation: (duration: string) => string;
  readonly evidence: Readonly<Record<Regime["handling"]["evidence"], string>>;
  readonly clips: (kept: Regime["handling"]["clips"], undecided: string) => string;
  readonly sinks: Readonly<Record<"true" | "false", string>>;
  readonly journal: Readonly<Record<Regime["handling"]["journal"], string>>;
  readonly interval: (interval: DayInterval) => string;
  readonly day: (date: string) => string;
  readonly heading: Readonly<Record<ProfileHeading, string>>;
  readonly nothingElse: string;
  readonly notLegalAdvice: string;
  readonly correct: (id: string) => readonly string[];
}

const HEADINGS = [
  "kind",
  "from",
  "until",
  "answer",
  "by",
  "place",
  "forWhom",
  "jurisdiction",
  "timeZone",
  "version",
  "timeline",
  "rules",
  "otherwise",
  "instruments",
  "practices",
  "conditions",
  "correction",
  "concerns",
  "source",
  "check",
  "absence",
  "proofs",
  "fingerprint",
  "text",
  "status",
  "name",
] as const;
export type ProfileHeading = (typeof HEADINGS)[number];

const DATE: Readonly<Record<keyof LanguageMap, Intl.DateTimeFormat>> = {
  fr: new Intl.DateTimeFormat("fr-FR", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" }),
  en: new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" }),
};

function frenchDay(date: string): string {
  return DATE.fr.format(new Date(`${date}T00:00:00Z`)).replace(/^1 /, "1er ");
}

function englishDay(date: string): string {
  return DATE.en.format(new Date(`${date}T00:00:00Z`));
}

export const PROFILE_WORDS: Readonly<Record<TextLanguage, ProfileWords>> = {
  fr: {
    kind: { regime: "un régime, qui peut permettre", overlay: "une surcouche, qui ne fait qu’interdire" },
    footage: {
      live: "flux en direct",
      recording: "enregistrements",
      rendered: "scènes dessinées par Contrechamp",
    },
    use: { alert: "montrer à un humain", shadow: "compter sans rien montrer" },
    allEvents: "les huit événements",
    about: (events, footage, uses) => `${events} ; ${footage} ; ${uses}`,
    refused: (reasons) => `refusé : ${reasons.join(" ; ")}`,
    verdict: {
      permitted: "permis",
      denied: "refusé",
      unverified: "non vérifié : refusé",
      silent: "ne dit rien",
    },
    reason: {
      no_legal_basis: "aucune base légale",
      decree_missing: "le décret manque",
      expired: "la permission a pris fin",
      annulled: "le texte a été annulé",
      overlay_forbids: "une surcouche l’interdit",
      unverified_basis: "la permission n’est pas vérifiée",
    },
    effect: { permit: "Permet", forbid: "Interdit" },
    status: {
      in_force: "en vigueur",
      expired: "arrivé à son terme",
      annulled: "annulé",
      never_took_effect: "n’a jamais pris effet",
      pending: "annoncé ; entrée en vigueur inconnue",
    },
    annulment: { procedural: "pour un motif de procédure", substantive: "sur le fond" },
    verified: (by, on) => `vérifié sur le texte par ${by}, le ${on}`,
    unverified: {
      secondary: "d’après des sources secondaires ; à vérifier",
      unverified: "non vérifié",
    },
    checkOf: (mark, consequence) => `${mark} : ${consequence}`,
    consequence: {
      permit: "ne permet rien tant que personne ne l’a vérifié",
      forbid: "interdit néanmoins",
    },
    requires: {
      cameraAuthorisation: [
        "une autorisation de filmer, distincte de l’autorisation d’analyser",
        "aucune autorisation de filmer n’est demandée",
      ],
      certificate: [
        "pour une alerte, un certificat du banc d’essai, réussi et en cours de validité",
        "aucun certificat du banc d’essai n’est demandé",
      ],
      notice: ["une information du public, publiée", "aucune information du public n’est demandée"],
      perimeter: [
        "la caméra et ce qu’elle voit tiennent dans le périmètre autorisé",
        "aucun périmètre n’est demandé",
      ],
      declaredZones: [
        "chaque règle regarde dans une zone que l’autorisation déclare pour elle",
        "les zones n’ont pas à figurer dans l’autorisation",
      ],
      listedRecordings: [
        "chaque enregistrement est inscrit par son empreinte dans l’autorisation",
        "les enregistrements n’ont pas à figurer dans l’autorisation",
      ],
      separateKeys: [
        "décider et publier relèvent de deux détenteurs de clés",
        "un même détenteur peut décider et publier",
      ],
      resumeByPerson: [
        "après une vue déplacée, un modèle ou un réglage changé, une horloge reculée, seule une personne fait reprendre",
        "la reprise ne demande pas de personne",
      ],
    },
    analytic:
      "une autorisation d’analyser, signée, publiée et en cours de validité, qui nomme caméras et événements",
    maxDuration: (duration) => `une autorisation vaut au plus ${duration}`,
    maxRetention: (duration) => `rien n’est gardé au-delà de ${duration}`,
    attestation: (duration) => `l’attestation d’une condition vaut au plus ${duration}`,
    evidence: { encrypted: "les éléments gardés sont chiffrés", clear: "les éléments gardés sont en clair" },
    clips: (kept, undecided) =>
      kept === "always"
        ? "une séquence caviardée est gardée pour chaque alerte"
        : `une séquence caviardée n’est gardée que si une personne confirme l’alerte, et effacée sinon après ${undecided}`,
    sinks: {
      true: "une alerte ne sort vers un autre système qu’une fois qu’une personne a statué",
      false: "aucune alerte ne sort vers un autre système",
    },
    journal: { site: "un journal pour tout le site", run: "un journal avec les résultats de chaque analyse" },
    interval: ({ from, until }) => {
      if (from === null && until === null) return "sans limite de date";
      if (from === null) return `jusqu’au ${frenchDay(until ?? "")} inclus`;
      if (until === null) return `à partir du ${frenchDay(from)}`;
      return `du ${frenchDay(from)} au ${frenchDay(until)} inclus`;
    },
    day: frenchDay,
    heading: {
      kind: "Nature",
      from: "Du",
      until: "Au (inclus)",
      answer: "Réponse",
      by: "Par la règle",
      place: "Lieux",
      forWhom: "Pour qui",
      jurisdiction: "Pays ou territoire",
      timeZone: "Heure légale",
      version: "Version",
      timeline: "Ce que dit le droit, dans le temps",
      rules: "Règle par règle",
      otherwise: "Quand aucune règle ne répond",
      instruments: "Les textes",
      practices: "Ce qui est interdit quel que soit l’événement",
      conditions: "Ce qu’il faut en plus du droit",
      correction: "Corriger cette page",
      concerns: "Concerne",
      source: "Source",
      check: "Vérification",
      absence: "À la place",
      proofs: "Preuves",
      fingerprint: "Empreinte",
      text: "Texte",
      status: "État",
      name: "Nom dans les règles",
    },
    nothingElse: "Le droit ne suffit pas : même permis, rien ne tourne sans tout ce qui suit.",
    notLegalAdvice: "Cette page n’est pas un conseil juridique. Elle dit ce que le logiciel lit, et d’où.",
    correct: (id) => [
      `Cette page est faite du fichier \`profiles/${id}.yml\`, que le logiciel lit tel quel.`,
      "Si une date, un article, un statut ou une phrase est faux, ou si un texte manque : dites-le, en nommant la règle et en citant le texte. Aucune connaissance technique n’est nécessaire. CONTRIBUTING.md dit à qui écrire.",
      "Une permission ne devient « vérifiée » que lorsqu’une personne l’a comparée au texte primaire ; son nom et la date paraissent ici. Une restriction n’a pas besoin de l’être pour valoir.",
    ],
  },
  en: {
    kind: { regime: "a regime, which can permit", overlay: "an overlay, which only forbids" },
    footage: { live: "live streams", recording: "recordings", rendered: "scenes that Contrechamp drew" },
    use: { alert: "shown to a human", shadow: "counted, nothing shown" },
    allEvents: "all eight events",
    about: (events, footage, uses) => `${events}; ${footage}; ${uses}`,
    refused: (reasons) => `refused: ${reasons.join("; ")}`,
    verdict: {
      permitted: "permitted",
      denied: "refused",
      unverified: "not verified: refused",
      silent: "silent",
    },
    reason: {
      no_legal_basis: "no legal basis",
      decree_missing: "the decree is missing",
      expired: "the permission has ended",
      annulled: "the text was annulled",
      overlay_forbids: "an overlay forbids it",
      unverified_basis: "the permission is not verified",
    },
    effect: { permit: "Permits", forbid: "Forbids" },
    status: {
      in_force: "in force",
      expired: "has come to its end",
      annulled: "annulled",
      never_took_effect: "never took effect",
      pending: "announced; not known to be in force",
    },
    annulment: { procedural: "on a procedural ground", substantive: "on its substance" },
    verified: (by, on) => `checked against the text by ${by} on ${on}`,
    unverified: { secondary: "from secondary sources; to be checked", unverified: "not verified" },
    checkOf: (mark, consequence) => `${mark}: ${consequence}`,
    consequence: {
      permit: "permits nothing until somebody has checked it",
      forbid: "forbids all the same",
    },
    requires: {
      cameraAuthorisation: [
        "an authorisation to film, apart from the one to analyse",
        "no authorisation to film is asked for",
      ],
      certificate: [
        "for an alert, a passing and current certificate of the audit bench",
        "no certificate of the audit bench is asked for",
      ],
      notice: ["a published notice to the public", "no notice to the public is asked for"],
      perimeter: [
        "the camera and what it sees lie inside the authorised perimeter",
        "no perimeter is asked for",
      ],
      declaredZones: [
        "each rule looks inside a zone that the authorisation declares for it",
        "zones need not stand in the authorisation",
      ],
      listedRecordings: [
        "each recording is listed by its hash in the authorisation",
        "recordings need not stand in the authorisation",
      ],
      separateKeys: [
        "two holders of keys: one decides, another publishes",
        "one holder may decide and publish",
      ],
      resumeByPerson: [
        "after a moved view, a changed model or setting, or a clock set back, only a person lets it run again",
        "no person is needed to let it run again",
      ],
    },
    analytic: "an authorisation to analyse, signed, published and valid now, that names cameras and events",
    maxDuration: (duration) => `an authorisation is valid for ${duration} at most`,
    maxRetention: (duration) => `nothing is kept for longer than ${duration}`,
    attestation: (duration) => `an attestation of a condition holds for ${duration} at most`,
    evidence: { encrypted: "what is kept is encrypted", clear: "what is kept is not encrypted" },
    clips: (kept, undecided) =>
      kept === "always"
        ? "a redacted clip is kept of every alert"
        : `a redacted clip is kept only if a person confirms the alert, and erased after ${undecided} otherwise`,
    sinks: {
      true: "an alert goes to another system only once a person has disposed of it",
      false: "no alert goes to another system",
    },
    journal: { site: "one journal for the whole site", run: "a journal with the results of each run" },
    interval: ({ from, until }) => {
      if (from === null && until === null) return "without limit of date";
      if (from === null) return `until ${englishDay(until ?? "")} included`;
      if (until === null) return `from ${englishDay(from)} on`;
      return `from ${englishDay(from)} to ${englishDay(until)} included`;
    },
    day: englishDay,
    heading: {
      kind: "Kind",
      from: "From",
      until: "To (included)",
      answer: "Answer",
      by: "By the rule",
      place: "Places",
      forWhom: "For whom",
      jurisdiction: "Country or territory",
      timeZone: "Legal time",
      version: "Version",
      timeline: "What the law says, through time",
      rules: "Rule by rule",
      otherwise: "Where no rule answers",
      instruments: "The texts",
      practices: "What is prohibited whatever the event",
      conditions: "What it takes beside the law",
      correction: "Correct this page",
      concerns: "About",
      source: "Source",
      check: "Check",
      absence: "Instead",
      proofs: "Proofs",
      fingerprint: "Hash",
      text: "Text",
      status: "Status",
      name: "Name in the rules",
    },
    nothingElse:
      "The law alone is not enough: even where it permits, nothing runs without all of the following.",
    notLegalAdvice: "This page is no legal advice. It says what the software reads, and from where.",
    correct: (id) => [
      `This page is made from the file \`profiles/${id}.yml\`, which the software reads as it is.`,
      "If a date, an article, a status or a sentence is wrong, or a text is missing: say so, name the rule and cite the text. No technical knowledge is needed. CONTRIBUTING.md says whom to write to.",
      "A permission becomes “verified” only when a person has compared it with the primary text; the name and the day appear here. A restriction need not be verified to count.",
    ],
  },
};
