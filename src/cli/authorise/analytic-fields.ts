import { EVENT_TYPES } from "../../event.ts";
import { DEFAULT_MODEL } from "../../models/manifest.ts";
import { longestClips } from "../../policy/authorisation-template.ts";
import {
  address,
  certificateOfEvent,
  conditionLine,
  countFrom,
  dailyHours,
  eventName,
  fileOrHash,
  length,
  oneLine,
  oneOf,
  prose,
  when,
} from "./answers.ts";
import { bilingual } from "./common-fields.ts";
import { always, type Field, inPublic, never } from "./field.ts";

const only = "analytic_authorisation" as const;

const FIELDS: readonly Field[] = [
  {
    path: "events",
    flag: "event",
    placeholder: "event",
    many: true,
    read: eventName,
    choices: EVENT_TYPES,
    question: { fr: "Événements à détecter", en: "Events to detect" },
    why: {
      fr: "Une liste fermée de huit (décret 2023-828, article 3).",
      en: "A closed list of eight (décret 2023-828, article 3).",
    },
    needed: always,
  },
  {
    path: "use",
    flag: "use",
    placeholder: "use",
    read: oneOf(["alert", "shadow"]),
    choices: ["alert", "shadow"],
    question: { fr: "Usage", en: "Use" },
    why: {
      fr: "alert montre les signaux à un humain ; shadow les compte sans les montrer, pour un essai (article 10, VI).",
      en: "alert shows signals to a human; shadow counts them and shows none, for a trial (article 10, VI).",
    },
    needed: never,
    initial: () => "alert",
  },
  {
    path: "eventGathering.name",
    flag: "gathering",
    placeholder: "name",
    read: oneLine,
    question: { fr: "Manifestation à sécuriser", en: "Gathering to be kept safe" },
    why: {
      fr: "Sportive, récréative ou culturelle, particulièrement exposée (loi 2023-380, article 10, I).",
      en: "Of sport, recreation or culture, and particularly exposed (loi 2023-380, article 10, I).",
    },
    needed: inPublic,
  },
  {
    path: "eventGathering.start",
    flag: "gathering-start",
    placeholder: "instant",
    read: when,
    question: { fr: "Elle commence le", en: "It begins" },
    why: {
      fr: "La durée de l’autorisation est proportionnée à celle de la manifestation (article 10, VII).",
      en: "The length of the authorisation is proportionate to that of the gathering (article 10, VII).",
    },
    needed: inPublic,
  },
  {
    path: "eventGathering.end",
    flag: "gathering-end",
    placeholder: "instant",
    read: when,
    question: { fr: "Elle finit le", en: "It ends" },
    why: {
      fr: "Après elle, rien ne justifie plus l’analyse.",
      en: "After it nothing justifies the analysis any longer.",
    },
    needed: inPublic,
  },
  {
    path: "eventGathering.attendanceExpected",
    flag: "attendance",
    placeholder: "number",
    read: countFrom(0),
    question: { fr: "Affluence attendue", en: "Expected attendance" },
    why: {
      fr: "L’exposition tient à l’ampleur de la fréquentation ou aux circonstances (article 10, I).",
      en: "It is exposed by its attendance or by its circumstances (article 10, I).",
    },
    needed: inPublic,
  },
  ...bilingual("eventGathering.exposureGrounds", "exposure", prose, inPublic, {
    fr: [
      "Ce qui l’expose",
      "À un risque de terrorisme ou d’atteinte grave à la sécurité des personnes (article 10, I).",
    ],
    en: ["What exposes it", "To terrorism or to serious harm to persons (article 10, I)."],
  }).map((field) => ({ ...field, only })),
  {
    path: "model",
    flag: "model",
    placeholder: "name",
    read: oneLine,
    question: { fr: "Réseau de détection", en: "Detection network" },
    why: {
      fr: "Son nom ou le SHA-256 de ses octets : un autre réseau suspend tout (article 10, VI).",
      en: "Its name or the SHA-256 of its bytes: another network suspends everything (article 10, VI).",
    },
    needed: never,
    initial: ({ config }) => config?.engine.model ?? DEFAULT_MODEL,
  },
  {
    path: "zoneJustification",
    flag: "zone-justification",
    placeholder: "text",
    read: oneLine,
    question: {
      fr: "Ce qui justifie les zones de la configuration",
      en: "What justifies the zones of the configuration",
    },
    why: {
      fr: "Chaque zone interdite ou sensible se justifie (décret 2023-828, article 3).",
      en: "Each forbidden or sensitive zone is justified (décret 2023-828, article 3).",
    },
    needed: ({ profile, kind, config }) => kind === only && profile.requires.declaredZones && config !== null,
  },
  {
    path: "certificates",
    flag: "certificate",
    placeholder: "event=uri",
    many: true,
    read: certificateOfEvent,
    question: { fr: "Certificats du banc d’audit", en: "Certificates of the audit bench" },
    why: {
      fr: "La mesure de chaque analyse, en conditions analogues (article 10, VI).",
      en: "What was measured of each analysis, in analogous conditions (article 10, VI).",
    },
    needed: never,
  },
  {
    path: "conditions",
    flag: "condition",
    placeholder: "id|fr|en|duration",
    many: true,
    read: conditionLine,
    question: { fr: "Condition à attester", en: "Condition to be attested" },
    why: {
      fr: "Dès qu’une condition n’est plus remplie, l’autorisation cesse (Conseil constitutionnel, 2023-850 DC).",
      en: "As soon as a condition is no longer met the authorisation ends (Conseil constitutionnel, 2023-850 DC).",
    },
    needed: never,
  },
  {
    path: "dailyWindows",
    flag: "daily",
    placeholder: "hours",
    many: true,
    read: dailyHours,
    question: { fr: "Heures de la journée", en: "Hours of the day" },
    why: {
      fr: "Sans elles, l’analyse est permise jour et nuit, jusqu’à la fin.",
      en: "Without them the analysis is permitted day and night until the end.",
    },
    needed: never,
  },
  {
    path: "publicInformation.means",
    flag: "means",
    placeholder: "text",
    many: true,
    read: oneLine,
    question: {
      fr: "Comment le public est informé, séparé par des virgules",
      en: "How the public is told, separated by commas",
    },
    why: {
      fr: "Par avance et sur place : affichettes, site, presse (article 10, III ; CNIL, 2023-068).",
      en: "Beforehand and on the spot: signs, web site, press (article 10, III; CNIL, 2023-068).",
    },
    needed: always,
  },
  {
    path: "publicInformation.noticeUrl",
    flag: "notice-url",
    placeholder: "url",
    read: address,
    question: { fr: "Adresse de l’avis au public", en: "Address of the notice to the public" },
    why: {
      fr: "L’avis publié y est ; sans avis, aucune alerte (article 10, III).",
      en: "Where the notice is published; without it there is no alert (article 10, III).",
    },
    needed: ({ profile, kind }) => kind === only && profile.requires.notice,
  },
  {
    path: "operators.designationAct",
    flag: "designation",
    placeholder: "text",
    read: oneLine,
    question: { fr: "Acte qui désigne les opérateurs", en: "Act that designates the operators" },
    why: {
      fr: "Des agents individuellement désignés, habilités et formés (article 10, VIII).",
      en: "Agents who are individually designated, authorised and trained (article 10, VIII).",
    },
    needed: inPublic,
  },
  {
    path: "operators.count",
    flag: "operators",
    placeholder: "number",
    read: countFrom(1),
    question: { fr: "Nombre d’opérateurs", en: "Number of operators" },
    why: { fr: "Ceux que cet acte nomme.", en: "Those whom the act names." },
    needed: inPublic,
  },
  {
    path: "operators.trainingSyllabusSha256",
    flag: "syllabus",
    placeholder: "file",
    read: fileOrHash,
    question: {
      fr: "Fichier du programme de formation (ou son SHA-256)",
      en: "File of the training syllabus (or its SHA-256)",
    },
    why: {
      fr: "Ce qu’ils ont appris, fautes du système comprises (règlement (UE) 2024/1689, article 14).",
      en: "What they were taught, the system’s faults included (Regulation (EU) 2024/1689, article 14).",
    },
    needed: inPublic,
  },
  {
    path: "retention.clips",
    flag: "keep-clips",
    placeholder: "duration",
    read: length,
    question: { fr: "Conservation des images d’alerte", en: "Keeping of the pictures of alerts" },
    why: {
      fr: "Un mois au plus, puis effacement automatique (CSI, L.252-5 et R.253-4).",
      en: "A month at most, then erased by itself (CSI, L.252-5 and R.253-4).",
    },
    needed: never,
    initial: ({ profile }) => longestClips(profile),
  },
  {
    path: "retention.accessLogs",
    flag: "keep-access-logs",
    placeholder: "duration",
    read: length,
    question: { fr: "Conservation du journal des accès", en: "Keeping of the access log" },
    why: {
      fr: "De six mois (règlement (UE) 2024/1689, article 26) à trois ans (CSI, R.253-5).",
      en: "From six months (Regulation (EU) 2024/1689, article 26) to three years (CSI, R.253-5).",
    },
    needed: never,
  },
  {
    path: "retention.aggregates",
    flag: "keep-aggregates",
    placeholder: "duration",
    read: length,
    question: { fr: "Conservation des comptes", en: "Keeping of the counts" },
    why: { fr: "Des nombres, sans personne dedans.", en: "Numbers, with nobody in them." },
    needed: never,
  },
  {
    path: "dpia.sha256",
    flag: "dpia",
    placeholder: "file",
    read: fileOrHash,
    question: {
      fr: "Fichier de l’analyse d’impact (ou son SHA-256)",
      en: "File of the impact assessment (or its SHA-256)",
    },
    why: {
      fr: "L’analyse d’impact précède le traitement (article 10, V ; RGPD, article 35).",
      en: "The impact assessment comes before the processing (article 10, V; GDPR, article 35).",
    },
    needed: inPublic,
  },
  {
    path: "dpia.date",
    flag: "dpia-date",
    placeholder: "instant",
    read: when,
    question: { fr: "Date de l’analyse d’impact", en: "Date of the impact assessment" },
    why: { fr: "Elle dit si elle est à jour.", en: "It says whether it is up to date." },
    needed: inPublic,
  },
  {
    path: "dpia.url",
    flag: "dpia-url",
    placeholder: "url",
    read: address,
    question: { fr: "Adresse de l’analyse d’impact", en: "Address of the impact assessment" },
    why: { fr: "Pour que chacun la lise.", en: "For anybody to read it." },
    needed: never,
  },
  {
    path: "conformityAttestation.by",
    flag: "attestation-by",
    placeholder: "name",
    read: oneLine,
    question: { fr: "Autorité qui a attesté la conformité", en: "Authority that attested conformity" },
    why: {
      fr: "Seul un traitement développé par l’État ou attesté peut servir (décret 2023-828, article 14).",
      en: "Only what the State developed or attested may be used (décret 2023-828, article 14).",
    },
    needed: inPublic,
  },
  {
    path: "conformityAttestation.date",
    flag: "attestation-date",
    placeholder: "instant",
    read: when,
    question: { fr: "Date de l’attestation", en: "Date of the attestation" },
    why: { fr: "Antérieure à l’usage.", en: "Before it is used." },
    needed: inPublic,
  },
  {
    path: "conformityAttestation.url",
    flag: "attestation-url",
    placeholder: "url",
    read: address,
    question: { fr: "Adresse de l’attestation publiée", en: "Address of the published attestation" },
    why: {
      fr: "Elle est publiée avant l’usage (article 10, VI).",
      en: "It is published before use (article 10, VI).",
    },
    needed: inPublic,
  },
];

/** What only the authorisation to analyse says. In the order in which a person is asked. */
export const ANALYTIC_FIELDS: readonly Field[] = FIELDS.map((field) => ({ ...field, only }));

/** What only the authorisation to film says. */
export const CAMERA_FIELDS: readonly Field[] = [
  {
    path: "retention.clips",
    flag: "keep-clips",
    placeholder: "duration",
    only: "camera_authorisation",
    read: length,
    question: { fr: "Conservation des enregistrements", en: "Keeping of the recordings" },
    why: {
      fr: "Un mois au plus, puis effacement automatique (CSI, L.252-5 et R.253-4).",
      en: "A month at most, then erased by itself (CSI, L.252-5 and R.253-4).",
    },
    needed: never,
    initial: ({ profile }) => longestClips(profile),
  },
];
