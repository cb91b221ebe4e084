import type { Authorisation, AuthorisationStatus } from "./authorisation.ts";
import type { SignatureState } from "./signature.ts";
import type { TextLanguage } from "./time-words.ts";

/** What the page of an authorisation says around the words of the authorisation itself. */
export interface AuthorisationWords {
  readonly kinds: Readonly<Record<Authorisation["kind"], string>>;
  readonly statuses: Readonly<Record<AuthorisationStatus, string>>;
  readonly signatures: Readonly<Record<SignatureState, string>>;
  readonly natures: Readonly<Record<"forbidden" | "sensitive" | "counting", string>>;
  readonly standing: {
    readonly permits: (until: string) => string;
    readonly suspended: (at: string, by: string, reason: string) => string;
    readonly draft: string;
    readonly ended: (status: string, at: string) => string;
    readonly over: (until: string) => string;
    readonly notYet: (from: string) => string;
    readonly lacks: string;
    readonly unknown: string;
  };
  readonly missing: { readonly heading: string; readonly head: readonly string[] };
  readonly what: {
    readonly heading: string;
    readonly films: string;
    readonly uses: Readonly<Record<"alert" | "shadow", string>>;
    readonly only: string;
  };
  readonly where: {
    readonly heading: string;
    readonly cameras: (count: number, names: string) => string;
    readonly perimeter: (west: number, south: number, east: number, north: number) => string;
    readonly zones: readonly string[];
    readonly recordings: string;
  };
  readonly when: {
    readonly heading: string;
    readonly from: string;
    readonly until: string;
    readonly hours: string;
    readonly allDay: string;
    readonly gathering: string;
    readonly span: (start: string, end: string) => string;
    readonly attendance: (persons: number) => string;
    readonly renews: string;
    readonly renewal: (count: number, of: string) => string;
  };
  readonly why: { readonly heading: string; readonly basis: string; readonly profile: string };
  readonly conditions: {
    readonly heading: string;
    readonly head: readonly string[];
    readonly never: string;
    readonly by: (who: string, at: string, signature: string) => string;
    readonly lapsed: (at: string) => string;
  };
  readonly who: {
    readonly heading: string;
    readonly authority: string;
    readonly controller: string;
    readonly contact: string;
    readonly dpo: string;
    readonly services: string;
    readonly processor: string;
    readonly operators: string;
    readonly designated: (count: number, act: string) => string;
  };
  readonly papers: {
    readonly heading: string;
    readonly clips: string;
    readonly logs: string;
    readonly aggregates: string;
    readonly location: string;
    readonly dpia: string;
    readonly fria: string;
    readonly attestation: string;
    readonly opinion: string;
    readonly told: string;
    readonly notTold: string;
    readonly notice: string;
    readonly exempted: string;
    readonly model: string;
  };
  readonly decision: {
    readonly heading: string;
    readonly reference: string;
    readonly decided: string;
    readonly published: string;
    readonly where: string;
    readonly beside: string;
    readonly document: string;
    readonly id: string;
    readonly file: string;
  };
  readonly signed: {
    readonly heading: string;
    readonly explained: string;
    readonly head: readonly string[];
    readonly decision: string;
    readonly publication: string;
    readonly nobody: string;
  };
  readonly history: {
    readonly heading: string;
    readonly head: readonly string[];
    /** The reasons that the life of an authorisation writes by itself, as they stand in the document. */
    readonly reasons: Readonly<Record<string, string>>;
  };
  readonly appeal: { readonly heading: string; readonly court: string; readonly deadline: string };
}

const EN: AuthorisationWords = {
  kinds: {
    camera_authorisation: "Authorisation to film",
    analytic_authorisation: "Authorisation to analyse",
  },
  statuses: {
    draft: "draft",
    published: "published",
    active: "in force",
    suspended: "suspended",
    expired: "expired",
    withdrawn: "withdrawn",
    annulled: "annulled",
    never_took_effect: "never took effect",
    renewed: "renewed by another",
  },
  signatures: {
    valid: "valid",
    missing: "not signed",
    unknown_key: "signed with a key that nobody vouches for",
    wrong_key: "signed with a key that is not trusted for this, or not then",
    broken: "does not fit: something was changed after it was signed",
  },
  natures: { forbidden: "forbidden", sensitive: "sensitive", counting: "counting" },
  standing: {
    permits: (until) => `In force, until ${until}.`,
    suspended: (at, by, reason) => `Suspended on ${at} by ${by}: ${reason}`,
    draft: "A draft: it is not published and permits nothing.",
    ended: (status, at) => `Ended: ${status}, on ${at}. It permits nothing.`,
    over: (until) => `Its time was over on ${until}. It permits nothing.`,
    notYet: (from) => `It begins on ${from}. Until then it permits nothing.`,
    lacks: "Something is missing: at present it permits nothing.",
    unknown: "Whether it permits anything depends on a profile that is not at hand.",
  },
  missing: { heading: "What is missing", head: ["What", "On what ground", "What would change it"] },
  what: {
    heading: "What it allows",
    films: "To film. Nothing that a camera sees may be analysed on this ground.",
    uses: {
      alert: "Software looks at the pictures and shows a human who decides:",
      shadow: "A trial: software counts the following, and shows it to nobody:",
    },
    only: "Nothing else is detected. Nobody is recognised, followed or described.",
  },
  where: {
    heading: "Where",
    cameras: (count, names) => `${count} camera${count === 1 ? "" : "s"}: ${names}.`,
    perimeter: (west, south, east, north) =>
      `Within a perimeter between longitudes ${west} and ${east}, and latitudes ${south} and ${north}.`,
    zones: ["Camera", "Event", "Zone", "Justification"],
    recordings: "Only these recordings, by their SHA-256:",
  },
  when: {
    heading: "From when until when",
    from: "From",
    until: "Until",
    hours: "Hours",
    allDay: "day and night",
    gathering: "Gathering",
    span: (start, end) => `from ${start} to ${end}`,
    attendance: (persons) => `${persons.toLocaleString("en-GB")} people expected`,
    renews: "Renewal",
    renewal: (count, of) => `number ${count}, of ${of}`,
  },
  why: { heading: "On what grounds", basis: "It rests on:", profile: "profile" },
  conditions: {
    heading: "Conditions: without a fresh attestation it ends",
    head: ["Condition", "Attested", "Lapses"],
    never: "never",
    by: (who, at, signature) => `by ${who}, ${at} (signature: ${signature})`,
    lapsed: (at) => `lapsed, ${at}`,
  },
  who: {
    heading: "Who",
    authority: "Authority",
    controller: "Controller",
    contact: "For any question",
    dpo: "Data protection officer",
    services: "Associated services",
    processor: "Processor",
    operators: "Operators",
    designated: (count, act) => `${count}, designated by ${act}`,
  },
  papers: {
    heading: "What is kept, and the papers behind it",
    clips: "Pictures of alerts",
    logs: "Log of who looked",
    aggregates: "Counts",
    location: "Data are in",
    dpia: "Impact assessment",
    fria: "Fundamental rights assessment",
    attestation: "Attestation of conformity",
    opinion: "Opinion of the commission",
    told: "The public is told by",
    notTold: "The public is not told",
    notice: "Notice",
    exempted: "exempted",
    model: "Detection network (SHA-256)",
  },
  decision: {
    heading: "The decision",
    reference: "Number",
    decided: "Decided",
    published: "Published",
    where: "To be read at",
    beside: "not on the web: its text stands beside this file",
    document: "SHA-256 of the decision",
    id: "Identifier",
    file: "SHA-256 of this document",
  },
  signed: {
    heading: "Signatures",
    explained: "Checked with the keys that the trust file beside it believes.",
    head: ["Of", "State", "Whose key"],
    decision: "the decision",
    publication: "its publication",
    nobody: "–",
  },
  history: { heading: "What became of it", head: ["When", "Status", "By", "Why", "Signature"], reasons: {} },
  appeal: { heading: "To challenge it", court: "Before", deadline: "Time limit" },
};

const FR: AuthorisationWords = {
  kinds: {
    camera_authorisation: "Autorisation de filmer",
    analytic_authorisation: "Autorisation d’analyser",
  },
  statuses: {
    draft: "projet",
    published: "publiée",
    active: "en vigueur",
    suspended: "suspendue",
    expired: "expirée",
    withdrawn: "retirée",
    annulled: "annulée",
    never_took_effect: "n’a jamais pris effet",
    renewed: "renouvelée par une autre",
  },
  signatures: {
    valid: "valide",
    missing: "non signé",
    unknown_key: "signé avec une clé dont personne ne répond",
    wrong_key: "signé avec une clé qui n’est pas admise pour cela, ou pas à cette date",
    broken: "ne correspond pas : quelque chose a changé après la signature",
  },
  natures: { forbidden: "interdite", sensitive: "sensible", counting: "comptage" },
  standing: {
    permits: (until) => `En vigueur, jusqu’au ${until}.`,
    suspended: (at, by, reason) => `Suspendue le ${at} par ${by} : ${reason}`,
    draft: "Un projet : il n’est pas publié et ne permet rien.",
    ended: (status, at) => `Terminée : ${status}, le ${at}. Elle ne permet rien.`,
    over: (until) => `Son temps est écoulé depuis le ${until}. Elle ne permet rien.`,
    notYet: (from) => `Elle commence le ${from}. D’ici là elle ne permet rien.`,
    lacks: "Il manque quelque chose : pour l’instant elle ne permet rien.",
    unknown: "Ce qu’elle permet dépend d’un profil qui n’est pas disponible ici.",
  },
  missing: { heading: "Ce qui manque", head: ["Quoi", "Sur quel fondement", "Ce qui le changerait"] },
  what: {
    heading: "Ce qu’elle permet",
    films: "De filmer. Rien de ce que voit une caméra ne peut être analysé sur ce fondement.",
    uses: {
      alert: "Un logiciel regarde les images et montre à un humain, qui décide :",
      shadow: "Un essai : un logiciel compte ce qui suit, et ne le montre à personne :",
    },
    only: "Rien d’autre n’est détecté. Personne n’est reconnu, suivi ni décrit.",
  },
  where: {
    heading: "Où",
    cameras: (count, names) => `${count} caméra${count > 1 ? "s" : ""} : ${names}.`,
    perimeter: (west, south, east, north) =>
      `Dans un périmètre entre les longitudes ${west} et ${east}, et les latitudes ${south} et ${north}.`,
    zones: ["Caméra", "Événement", "Zone", "Justification"],
    recordings: "Ces enregistrements seulement, par leur SHA-256 :",
  },
  when: {
    heading: "De quand à quand",
    from: "Du",
    until: "Au",
    hours: "Heures",
    allDay: "jour et nuit",
    gathering: "Manifestation",
    span: (start, end) => `du ${start} au ${end}`,
    attendance: (persons) => `${persons.toLocaleString("fr-FR")} personnes attendues`,
    renews: "Renouvellement",
    renewal: (count, of) => `numéro ${count}, de ${of}`,
  },
  why: { heading: "Pour quels motifs", basis: "Elle se fonde sur :", profile: "profil" },
  conditions: {
    heading: "Conditions : sans attestation récente, elle cesse",
    head: ["Condition", "Attestée", "Caduque"],
    never: "jamais",
    by: (who, at, signature) => `par ${who}, le ${at} (signature : ${signature})`,
    lapsed: (at) => `caduque depuis le ${at}`,
  },
  who: {
    heading: "Qui",
    authority: "Autorité",
    controller: "Responsable du traitement",
    contact: "Pour toute question",
    dpo: "Délégué à la protection des données",
    services: "Services associés",
    processor: "Sous-traitant",
    operators: "Opérateurs",
    designated: (count, act) => `${count}, désignés par ${act}`,
  },
  papers: {
    heading: "Ce qui est conservé, et les pièces",
    clips: "Images d’alerte",
    logs: "Journal de qui a regardé",
    aggregates: "Comptes",
    location: "Les données sont en",
    dpia: "Analyse d’impact",
    fria: "Analyse d’impact sur les droits fondamentaux",
    attestation: "Attestation de conformité",
    opinion: "Avis de la commission",
    told: "Le public est informé par",
    notTold: "Le public n’est pas informé",
    notice: "Avis au public",
    exempted: "dispense",
    model: "Réseau de détection (SHA-256)",
  },
  decision: {
    heading: "La décision",
    reference: "Numéro",
    decided: "Décidée",
    published: "Publiée",
    where: "À lire à",
    beside: "pas sur le web : son texte est à côté de ce fichier",
    document: "SHA-256 de la décision",
    id: "Identifiant",
    file: "SHA-256 de ce document",
  },
  signed: {
    heading: "Signatures",
    explained: "Vérifiées avec les clés que le fichier de confiance du dossier admet.",
    head: ["De", "État", "Clé de"],
    decision: "la décision",
    publication: "sa publication",
    nobody: "–",
  },
  history: {
    heading: "Ce qu’elle est devenue",
    head: ["Quand", "État", "Par", "Motif", "Signature"],
    reasons: {
      Drafted: "Rédigée",
      Published: "Publiée",
      "In force as published": "En vigueur dès sa publication",
    },
  },
  appeal: { heading: "Pour la contester", court: "Devant", deadline: "Délai" },
};

export const AUTHORISATION_WORDS: Readonly<Record<TextLanguage, AuthorisationWords>> = { en: EN, fr: FR };
