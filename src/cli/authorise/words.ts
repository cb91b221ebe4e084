import type { Authorisation } from "../../policy/authorisation.ts";
import type { StudyFacts } from "../../policy/authorisation-template.ts";
import { dateAndTime } from "../../policy/time-words.ts";
import type { Language } from "../../report/language.ts";
import { formatUtc } from "../../time/clock.ts";

/** What the commands say when they have changed something; each language is written for itself. */
export interface AuthoriseWords {
  readonly written: (a: Authorisation, file: string) => string;
  readonly signed: (a: Authorisation, file: string, keyId: string) => string;
  readonly published: (a: Authorisation, file: string, at: string) => string;
  readonly attested: (a: Authorisation, condition: string, by: string, until: string) => string;
  readonly suspended: (a: Authorisation, by: string) => string;
  readonly resumed: (a: Authorisation, by: string) => string;
  readonly ended: (a: Authorisation, status: string, by: string) => string;
  readonly unsignedKey: string;
  readonly signatureState: (state: string) => string;
  readonly keyMade: (file: string, keyId: string) => string;
  readonly keyTrusted: (holder: string, roles: string, trust: string) => string;
  readonly noKeys: (file: string) => string;
  readonly studyKey: (file: string, keyId: string, made: boolean, holder: string, trust: string) => string;
  readonly studied: (
    file: string,
    recordings: number,
    events: number,
    until: string,
    timeZone: string,
  ) => string;
  readonly studyText: (facts: Omit<StudyFacts, "documentSha256"> & { readonly model: string }) => string;
  readonly notice: (file: string, reference: string) => string;
  readonly certified: (id: string, file: string, keyId: string) => string;
  readonly page: (file: string) => string;
}

const EN: AuthoriseWords = {
  written: (a, file) =>
    `${a.decisionSignature === null ? "Drafted" : "Drafted and signed"}: ${a.reference}, ${KINDS.en[a.kind]}, in ${file}. It permits nothing before it is published.`,
  signed: (a, file, keyId) => `Signed: the decision ${a.reference} in ${file}, by the key ${keyId}.`,
  published: (a, file, at) => `Published and in force: ${a.reference} in ${file}, on ${at}.`,
  attested: (a, condition, by, until) =>
    `Attested: ${condition} of ${a.reference}, by ${by}. It lapses on ${until}.`,
  suspended: (a, by) => `Suspended: ${a.reference}, by ${by}. Nothing runs on it until a person resumes it.`,
  resumed: (a, by) => `Resumed: ${a.reference}, by ${by}.`,
  ended: (a, status, by) =>
    `Ended: ${a.reference} is ${status.replaceAll("_", " ")}, by ${by}. It does not begin again.`,
  unsignedKey: "It is not signed: a restriction needs no signature, and counts all the same.",
  signatureState: (state) =>
    `With the trust file beside it this signature is: ${state}. It counts only when it is valid.`,
  keyMade: (file, keyId) => `Key ${keyId} made: ${file}. Keep it secret; whoever has it can sign.`,
  keyTrusted: (holder, roles, trust) => `Trusted: ${holder}, for ${roles}, in ${trust}.`,
  noKeys: (file) => `${file} trusts no key.`,
  studyKey: (file, keyId, made, holder, trust) =>
    `${made ? "Made" : "Used"} the key ${keyId} of ${holder} (${file}), trusted in ${trust}.`,
  studied: (file, recordings, events, until, timeZone) =>
    `Signed and published ${file}: ${recordings} recording${recordings === 1 ? "" : "s"}, ${events} kind${events === 1 ? "" : "s"} of event, until ${dateAndTime(until, timeZone, "en")} (${timeZone}).`,
  studyText: studyTextOf,
  certified: (id, file, keyId) => `Signed: the certificate ${id} in ${file}, by the key ${keyId}.`,
  notice: (file, reference) => `Notice to the public for ${reference} written and signed: ${file}.`,
  page: (file) => `Open ${file}`,
};

const FR: AuthoriseWords = {
  written: (a, file) =>
    `${a.decisionSignature === null ? "Projet écrit" : "Projet écrit et signé"} : ${a.reference}, ${KINDS.fr[a.kind]}, dans ${file}. Il ne permet rien avant d’être publié.`,
  signed: (a, file, keyId) => `Signée : la décision ${a.reference} dans ${file}, par la clé ${keyId}.`,
  published: (a, file, at) => `Publiée et en vigueur : ${a.reference} dans ${file}, le ${at}.`,
  attested: (a, condition, by, until) =>
    `Attestée : ${condition} de ${a.reference}, par ${by}. Elle devient caduque le ${until}.`,
  suspended: (a, by) =>
    `Suspendue : ${a.reference}, par ${by}. Rien ne tourne sur elle tant qu’une personne ne la rétablit pas.`,
  resumed: (a, by) => `Rétablie : ${a.reference}, par ${by}.`,
  ended: (a, status, by) =>
    `Terminée : ${a.reference} (${STATUSES_FR[status] ?? status}), par ${by}. Elle ne reprendra pas.`,
  unsignedKey: "Ce n’est pas signé : une restriction se passe de signature, et vaut quand même.",
  signatureState: (state) =>
    `Avec le fichier de confiance du dossier, cette signature est : ${state}. Elle ne compte que valide (valid).`,
  keyMade: (file, keyId) => `Clé ${keyId} faite : ${file}. Gardez-la secrète ; qui l’a peut signer.`,
  keyTrusted: (holder, roles, trust) => `Admise : ${holder}, pour ${roles}, dans ${trust}.`,
  noKeys: (file) => `${file} n’admet aucune clé.`,
  studyKey: (file, keyId, made, holder, trust) =>
    `Clé ${keyId} de ${holder} ${made ? "faite" : "reprise"} (${file}), admise dans ${trust}.`,
  studied: (file, recordings, events, until, timeZone) =>
    `Signé et publié ${file} : ${recordings} enregistrement${recordings > 1 ? "s" : ""}, ${events} sorte${events > 1 ? "s" : ""} d’événement, jusqu’au ${dateAndTime(until, timeZone, "fr")} (${timeZone}).`,
  studyText: studyTextOf,
  certified: (id, file, keyId) => `Signé : le certificat ${id} dans ${file}, par la clé ${keyId}.`,
  notice: (file, reference) => `Avis au public pour ${reference} écrit et signé : ${file}.`,
  page: (file) => `Ouvrez ${file}`,
};

export const WORDS: Readonly<Record<Language, AuthoriseWords>> = { en: EN, fr: FR };

export const KINDS: Readonly<Record<Language, Readonly<Record<Authorisation["kind"], string>>>> = {
  en: { camera_authorisation: "authorisation to film", analytic_authorisation: "authorisation to analyse" },
  fr: { camera_authorisation: "autorisation de filmer", analytic_authorisation: "autorisation d’analyser" },
};

const STATUSES_FR: Readonly<Record<string, string>> = {
  withdrawn: "retirée",
  annulled: "annulée",
  expired: "expirée",
  renewed: "renouvelée",
  never_took_effect: "n’a jamais pris effet",
};

/** The text that a study's authorisation names by its hash: the decision itself, in both languages. */
function studyTextOf(facts: Omit<StudyFacts, "documentSha256"> & { readonly model: string }): string {
  const { profile, recordings, events } = facts;
  const list = recordings.map(({ name, sha256 }) => `  ${sha256}  ${name}`);
  return `${[
    `DÉCISION / DECISION ${facts.slug}`,
    "",
    `Qui / Who: ${facts.by}`,
    `Pour quoi / What for: ${facts.purpose}`,
    `Profil / Profile: ${profile.id} ${profile.version} (${profile.title.fr} / ${profile.title.en})`,
    `Événements / Events: ${events.join(", ")}`,
    `Réseau / Network: ${facts.model} (SHA-256 ${facts.modelSha256})`,
    `Du / From: ${formatUtc(facts.validFrom)}`,
    `Au / Until: ${formatUtc(facts.validUntil)}`,
    `Décidé le / Decided on: ${formatUtc(facts.decidedAt)}`,
    "",
    "Enregistrements, par leur SHA-256 / Recordings, by their SHA-256:",
    ...list,
    "",
    "Seuls ces enregistrements sont analysés, hors de tout flux. Personne n’est alerté, personne n’est identifié.",
    "Only these recordings are analysed, and no stream. Nobody is alerted, nobody is identified.",
  ].join("\n")}\n`;
}
