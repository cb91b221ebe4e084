import {
  absoluteUri,
  cameraName,
  country,
  fileOrHash,
  oneLine,
  oneOf,
  perimeterFile,
  prose,
  siren,
  when,
} from "./answers.ts";
import { always, type Field, inFrance, never, type Situation } from "./field.ts";

/** What both kinds of authorisation say. In the order in which a person is asked. */
export const COMMON_FIELDS: readonly Field[] = [
  {
    path: "reference",
    flag: "reference",
    placeholder: "number",
    read: oneLine,
    question: { fr: "Numéro de la décision", en: "Number of the decision" },
    why: {
      fr: "Celui de l’arrêté, par lequel chacun peut le demander (CSI, R.252-16).",
      en: "That of the arrêté, by which anybody can ask for it (CSI, R.252-16).",
    },
    needed: always,
  },
  {
    path: "id",
    flag: "id",
    placeholder: "uri",
    read: absoluteUri,
    question: { fr: "Identifiant", en: "Identifier" },
    why: {
      fr: "Une URI que rien d’autre ne porte ; par défaut elle est faite du numéro.",
      en: "A URI that nothing else has; by default it is made of the number.",
    },
    needed: never,
  },
  ...bilingual("title", "title", oneLine, always, {
    fr: ["Titre", "Ce qui est autorisé, en une ligne que l’affichette reprend."],
    en: ["Title", "What is authorised, in one line, which the notice repeats."],
  }),
  {
    path: "issuingAuthority.name",
    flag: "authority",
    placeholder: "name",
    read: oneLine,
    question: { fr: "Autorité qui décide", en: "Authority that decides" },
    why: {
      fr: "Le préfet, à Paris le préfet de police (loi 2023-380, article 10, VII ; CSI, L.252-1).",
      en: "The prefect, in Paris the préfet de police (loi 2023-380, article 10, VII; CSI, L.252-1).",
    },
    needed: always,
  },
  {
    path: "issuingAuthority.type",
    flag: "authority-type",
    placeholder: "type",
    read: oneOf(["prefet", "prefet_de_police", "court", "other"]),
    choices: ["prefet", "prefet_de_police", "court", "other"],
    question: { fr: "Nature de cette autorité", en: "Kind of authority" },
    why: {
      fr: "Elle dit devant quel juge la décision se conteste.",
      en: "It says before which court the decision can be challenged.",
    },
    needed: always,
    initial: (situation) => (inFrance(situation) ? "prefet" : "other"),
  },
  {
    path: "issuingAuthority.territory",
    flag: "territory",
    placeholder: "code",
    read: oneLine,
    question: { fr: "Code INSEE de son territoire", en: "INSEE code of its territory" },
    why: {
      fr: "Celui du département, ou de la commune du siège.",
      en: "That of the département, or of the commune of its seat.",
    },
    needed: always,
  },
  {
    path: "controller.name",
    flag: "controller",
    placeholder: "name",
    read: oneLine,
    question: { fr: "Responsable du traitement", en: "Controller" },
    why: {
      fr: "Qui répond des images devant les personnes filmées (CSI, R.253-6 ; RGPD, article 13).",
      en: "Who answers for the pictures to those who are filmed (CSI, R.253-6; GDPR, article 13).",
    },
    needed: always,
  },
  {
    path: "controller.SIREN",
    flag: "siren",
    placeholder: "digits",
    read: siren,
    question: { fr: "SIREN du responsable", en: "SIREN of the controller" },
    why: { fr: "Neuf chiffres, au répertoire Sirene.", en: "Nine digits, of the Sirene register." },
    needed: never,
  },
  {
    path: "controller.service",
    flag: "service",
    placeholder: "name",
    read: oneLine,
    question: { fr: "Service qui exploite le système", en: "Service that runs the system" },
    why: {
      fr: "Police, gendarmerie, secours, police municipale, sûreté de la SNCF ou de la RATP (décret 2023-828, article 13).",
      en: "Police, gendarmerie, fire service, police municipale, SNCF or RATP security (décret 2023-828, article 13).",
    },
    needed: always,
  },
  {
    path: "controller.contact",
    flag: "contact",
    placeholder: "address",
    read: oneLine,
    question: { fr: "Adresse pour exercer ses droits", en: "Address for exercising one’s rights" },
    why: {
      fr: "Courriel ou adresse postale, imprimés sur l’affichette (CSI, R.253-6).",
      en: "An e-mail or postal address, printed on the notice (CSI, R.253-6).",
    },
    needed: always,
  },
  {
    path: "controller.dpo",
    flag: "dpo",
    placeholder: "address",
    read: oneLine,
    question: { fr: "Délégué à la protection des données", en: "Data protection officer" },
    why: { fr: "RGPD, articles 37 à 39.", en: "GDPR, articles 37 to 39." },
    needed: never,
  },
  ...bilingual("purpose", "purpose", prose, always, {
    fr: ["Finalité", "Pourquoi, parmi ce que la loi admet (CSI, L.251-2 ; loi 2023-380, article 10, I)."],
    en: ["Purpose", "What for, among what the law admits (CSI, L.251-2; loi 2023-380, article 10, I)."],
  }),
  ...bilingual("grounds", "grounds", prose, always, {
    fr: [
      "Motifs",
      "Nécessité, proportionnalité et autres voies examinées : la décision est motivée (article 10, VII).",
    ],
    en: [
      "Grounds",
      "Necessity, proportionality and the alternatives considered: the decision states them (article 10, VII).",
    ],
  }),
  {
    path: "cameras",
    flag: "camera",
    placeholder: "id",
    many: true,
    read: cameraName,
    question: { fr: "Caméras, séparées par des virgules", en: "Cameras, separated by commas" },
    why: {
      fr: "Leurs noms dans la configuration ; la demande en donne le nombre et l’emplacement (CSI, R.252-3).",
      en: "Their names in the configuration; the application gives their number and position (CSI, R.252-3).",
    },
    needed: always,
  },
  {
    path: "perimeter",
    flag: "perimeter",
    placeholder: "file",
    read: perimeterFile,
    question: { fr: "Périmètre : fichier GeoJSON", en: "Perimeter: a GeoJSON file" },
    why: {
      fr: "Le périmètre géographique de la décision ; une caméra qui voit au-delà est refusée (article 10, VII, 3°).",
      en: "The geographic perimeter of the decision; a camera that sees beyond it is denied (article 10, VII, 3°).",
    },
    needed: ({ profile }) => profile.requires.perimeter,
  },
  {
    path: "validFrom",
    flag: "valid-from",
    placeholder: "instant",
    read: when,
    question: { fr: "Valable à partir de", en: "Valid from" },
    why: {
      fr: "Premier instant où elle vaut, à l’heure du profil.",
      en: "The first instant at which it is valid, in the profile’s time zone.",
    },
    needed: always,
  },
  {
    path: "validUntil",
    flag: "valid-until",
    placeholder: "instant",
    read: when,
    question: { fr: "Valable jusqu’à", en: "Valid until" },
    why: {
      fr: "Premier instant où elle ne vaut plus : un mois au plus pour analyser (article 10, VII), cinq ans pour filmer (CSI, L.252-4).",
      en: "The first instant at which it no longer is: a month at most to analyse (article 10, VII), five years to film (CSI, L.252-4).",
    },
    needed: always,
  },
  {
    path: "decidedAt",
    flag: "decided-at",
    placeholder: "instant",
    read: when,
    question: { fr: "Décidée le", en: "Decided on" },
    why: { fr: "La date de la décision.", en: "The date of the decision." },
    needed: always,
  },
  {
    path: "documentSha256",
    flag: "decision",
    placeholder: "file",
    read: fileOrHash,
    question: {
      fr: "Fichier de la décision signée (ou son SHA-256)",
      en: "File of the signed decision (or its SHA-256)",
    },
    why: {
      fr: "Son empreinte lie ce fichier à l’arrêté tel qu’il a été signé.",
      en: "Its hash ties this file to the decision as it was signed.",
    },
    needed: always,
  },
  {
    path: "dataLocation",
    flag: "data-location",
    placeholder: "country",
    many: true,
    read: country,
    question: { fr: "Pays où sont les données", en: "Countries where the data are" },
    why: {
      fr: "Ni transfert ni accès hors de l’Union (CNIL, délibération 2023-068).",
      en: "No transfer and no access outside the Union (CNIL, délibération 2023-068).",
    },
    needed: never,
  },
  {
    path: "appeal.court",
    flag: "appeal-court",
    placeholder: "name",
    read: oneLine,
    question: { fr: "Juge du recours", en: "Court of appeal against it" },
    why: {
      fr: "Une décision dit devant qui, et sous quel délai, elle se conteste (code de justice administrative, R.421-5).",
      en: "A decision says before whom, and how soon, it can be challenged (code de justice administrative, R.421-5).",
    },
    needed: always,
    initial: (situation) => (inFrance(situation) ? "Tribunal administratif" : null),
  },
  {
    path: "appeal.deadline",
    flag: "appeal-deadline",
    placeholder: "text",
    read: oneLine,
    question: { fr: "Délai de recours", en: "Time limit of the appeal" },
    why: {
      fr: "Deux mois en France (code de justice administrative, R.421-1).",
      en: "Two months in France (code de justice administrative, R.421-1).",
    },
    needed: always,
    initial: (situation) => (inFrance(situation) ? "deux mois / two months" : null),
  },
  ...bilingual(
    "appeal.howTo",
    "appeal",
    prose,
    always,
    {
      fr: ["Comment former ce recours", "Pour qui n’est pas juriste."],
      en: ["How to appeal", "For somebody who is no lawyer."],
    },
    {
      fr: (situation) =>
        inFrance(situation) ? "Requête au greffe du tribunal, ou sur www.telerecours.fr." : null,
      en: (situation) =>
        inFrance(situation) ? "Application to the registry of the court, or at www.telerecours.fr." : null,
    },
  ),
];

type Saying = readonly [question: string, why: string];

/** A text in both languages is two fields: neither stands for the other. */
export function bilingual(
  path: string,
  flag: string,
  read: Field["read"],
  needed: Field["needed"],
  say: Readonly<Record<"fr" | "en", Saying>>,
  initial?: Readonly<Record<"fr" | "en", (situation: Situation) => string | null>>,
): readonly Field[] {
  return (["fr", "en"] as const).map((language) => ({
    path: `${path}.${language}`,
    flag: `${flag}-${language}`,
    placeholder: "text",
    read,
    question: {
      fr: `${say.fr[0]}, en ${language === "fr" ? "français" : "anglais"}`,
      en: `${say.en[0]}, in ${language === "fr" ? "French" : "English"}`,
    },
    why: { fr: say.fr[1], en: say.en[1] },
    needed,
    ...(initial === undefined ? {} : { initial: initial[language] }),
  }));
}
