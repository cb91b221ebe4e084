import type { EventType } from "../event.ts";
import type { AnalyticAuthorisation } from "./authorisation.ts";
import type { LanguageMap } from "./fields.ts";
import type { Regime } from "./profile.ts";
import { dateAndTime, dayWords, durationWords, type TextLanguage } from "./time-words.ts";

/** What the text of a notice depends on beside the authorisation: the clock it is told in, and whose law. */
export type NoticeLaw = Pick<Regime, "jurisdiction" | "timeZone" | "requires">;

/**
 * The notice to the public in both languages: plain text, one statement a line, generated from the authorisation
 * so that what people are told is what the engine reads. Information beforehand and at the place of capture: loi
 * 2023-380, article 10, III; code de la sécurité intérieure (CSI), R.253-6; CNIL, délibération 2023-068.
 * @param noticeUrl where people find the notice and the decision
 */
export function publicNotice(
  authorisation: AnalyticAuthorisation,
  law: NoticeLaw,
  noticeUrl: string,
): LanguageMap {
  const of = (language: TextLanguage) => paragraphs(authorisation, law, noticeUrl, language).join("\n");
  return { fr: of("fr"), en: of("en") };
}

/** The eight events as people say them (décret 2023-828, article 3). */
export const EVENT_PHRASES: Readonly<Record<TextLanguage, Readonly<Record<EventType, string>>>> = {
  fr: {
    abandoned_object: "un objet abandonné",
    weapon: "la présence ou l’utilisation d’une arme",
    wrong_way: "une personne ou un véhicule à contresens",
    zone_intrusion: "une présence dans une zone interdite ou sensible, ou son franchissement",
    person_down: "une personne au sol après une chute",
    crowd_movement: "un mouvement de foule",
    crowd_density: "une densité de personnes trop importante",
    fire: "un départ de feu",
  },
  en: {
    abandoned_object: "an abandoned object",
    weapon: "a weapon, present or in use",
    wrong_way: "a person or a vehicle going the wrong way",
    zone_intrusion: "someone or something in a forbidden or sensitive zone, or crossing into it",
    person_down: "a person on the ground after a fall",
    crowd_movement: "a sudden movement of a crowd",
    crowd_density: "too many people for the space",
    fire: "the outbreak of a fire",
  },
};

/** What the engine has no means to do, as people ask about it. Each refusal is an absence that a test proves. */
export const CANNOT_DO: Readonly<Record<TextLanguage, readonly string[]>> = {
  fr: [
    "reconnaître un visage ou une personne, ni la rapprocher d’un fichier",
    "suivre une personne d’une caméra à l’autre, ni la retrouver plus tard",
    "décrire une personne : taille, sexe, âge, peau, vêtements, démarche",
    "lire une plaque d’immatriculation",
    "enregistrer ou écouter le son",
    "noter ou classer une personne, décider ou sanctionner à la place d’un humain",
  ],
  en: [
    "recognise a face or a person, or match one with a file",
    "follow a person from one camera to another, or find them again later",
    "describe a person: height, sex, age, skin, clothing, gait",
    "read a number plate",
    "record or listen to sound",
    "score or rank a person, or decide or sanction in the place of a human",
  ],
};

function paragraphs(
  a: AnalyticAuthorisation,
  law: NoticeLaw,
  noticeUrl: string,
  language: TextLanguage,
): readonly string[] {
  const t = TEXTS[language];
  const at = (instant: string) => dateAndTime(instant, law.timeZone, language);
  return [
    a.use === "shadow" ? t.headingShadow : t.heading,
    a.title[language],
    "",
    t.what,
    ...a.events.map((event) => `- ${EVENT_PHRASES[language][event]}`),
    a.use === "shadow" ? t.counted : t.human,
    "",
    t.where(a.cameras),
    t.when(at(a.validFrom), at(a.validUntil), law.timeZone),
    ...a.dailyWindows.map((window) => t.daily(window.from, window.until, dayWords(window.days, language))),
    t.why(a.purpose[language]),
    "",
    t.controller(a.controller.name, a.controller.service, a.controller.contact),
    ...(a.controller.dpo === null ? [] : [t.dpo(a.controller.dpo)]),
    t.decision(a.reference, a.issuingAuthority.name, at(a.decidedAt), a.publicationUrl),
    t.kept(durationWords(a.retention.clips, language)),
    "",
    t.cannot,
    ...CANNOT_DO[language].map((item) => `- ${item}`),
    "",
    t.rights,
    ...rights(law, a.controller.contact, language).map((item) => `- ${item}`),
    t.appeal(a.appeal.court, a.appeal.deadline, a.appeal.howTo[language]),
    "",
    t.more(noticeUrl),
  ];
}

/**
 * On the public way in France the code de la sécurité intérieure gives a right to see one's pictures and takes the
 * right to object away (R.253-6); everywhere else the GDPR's articles 15 and 21 stand.
 */
function rights(law: NoticeLaw, contact: string, language: TextLanguage): readonly string[] {
  const french = law.jurisdiction === "FR" || law.jurisdiction.startsWith("FR-");
  const t = TEXTS[language];
  if (french && law.requires.cameraAuthorisation) return t.publicRights(contact);
  return [...t.generalRights(contact), french ? t.complaintFrance : t.complaint];
}

interface NoticeWords {
  readonly heading: string;
  readonly headingShadow: string;
  readonly what: string;
  readonly human: string;
  readonly counted: string;
  readonly where: (cameras: readonly string[]) => string;
  readonly when: (from: string, until: string, zone: string) => string;
  readonly daily: (from: string, until: string, days: string) => string;
  readonly why: (purpose: string) => string;
  readonly controller: (name: string, service: string, contact: string) => string;
  readonly dpo: (dpo: string) => string;
  readonly decision: (reference: string, authority: string, at: string, url: string | null) => string;
  readonly kept: (length: string) => string;
  readonly cannot: string;
  readonly rights: string;
  readonly publicRights: (contact: string) => readonly string[];
  readonly generalRights: (contact: string) => readonly string[];
  readonly complaintFrance: string;
  readonly complaint: string;
  readonly appeal: (court: string, deadline: string, how: string) => string;
  readonly more: (url: string) => string;
}

const FR: NoticeWords = {
  heading: "VIDÉOSURVEILLANCE AVEC ANALYSE AUTOMATIQUE DES IMAGES",
  headingShadow: "VIDÉOSURVEILLANCE : ESSAI D’UNE ANALYSE AUTOMATIQUE DES IMAGES",
  what: "Un logiciel regarde les images et signale :",
  human: "Un humain regarde chaque signal et décide. Le logiciel ne décide de rien.",
  counted:
    "C’est un essai : les signaux sont comptés, personne ne les voit et rien n’est décidé d’après eux.",
  where: (cameras) =>
    cameras.length === 1
      ? `Où : la caméra ${cameras.join("")}.`
      : `Où : ${cameras.length} caméras (${cameras.join(", ")}).`,
  when: (from, until, zone) =>
    `Quand : du ${from} au ${until} (fuseau horaire ${zone}). Ensuite l’analyse cesse.`,
  daily: (from, until, days) => `Heures : de ${from} à ${until}, ${days}.`,
  why: (purpose) => `Pourquoi : ${purpose}`,
  controller: (name, service, contact) =>
    `Responsable : ${name}, ${service}. Pour toute question : ${contact}.`,
  dpo: (dpo) => `Délégué à la protection des données : ${dpo}.`,
  decision: (reference, authority, at, url) =>
    `Décision : ${reference}, ${authority}, le ${at}${url === null ? "." : `, publiée à ${url}`}`,
  kept: (length) =>
    `Conservation : les images d’une alerte ne montrent que des silhouettes, dès qu’elles sont faites ; elles sont effacées au plus tard après ${length}.`,
  cannot: "Ce système ne peut pas :",
  rights: "Vos droits :",
  publicRights: (contact) => [
    `Vous pouvez demander à voir les images où vous figurez et à en obtenir une copie : ${contact} (article R.253-6 du code de la sécurité intérieure).`,
    "Il n’y a pas de droit d’opposition à être filmé ici (article R.253-6 du code de la sécurité intérieure).",
    "Réclamation : auprès de la CNIL, www.cnil.fr/plaintes, ou de la commission départementale de vidéoprotection, à la préfecture, que toute personne peut saisir (article L.253-5 du même code).",
  ],
  generalRights: (contact) => [
    `Vous pouvez demander l’accès à vos données, leur effacement et la limitation de leur traitement : ${contact} (RGPD, articles 15, 17 et 18).`,
    `Vous pouvez vous opposer au traitement, pour des raisons tenant à votre situation : ${contact} (RGPD, article 21).`,
  ],
  complaintFrance: "Réclamation : auprès de la CNIL, www.cnil.fr/plaintes.",
  complaint: "Réclamation : auprès de l’autorité de protection des données de votre pays.",
  appeal: (court, deadline, how) => `Recours contre la décision : ${court}. Délai : ${deadline}. ${how}`,
  more: (url) => `Cet avis et la décision : ${url}`,
};

const EN: NoticeWords = {
  heading: "VIDEO SURVEILLANCE WITH AUTOMATIC ANALYSIS OF THE PICTURES",
  headingShadow: "VIDEO SURVEILLANCE: TRIAL OF AN AUTOMATIC ANALYSIS OF THE PICTURES",
  what: "Software looks at the pictures and signals:",
  human: "A human looks at each signal and decides. The software decides nothing.",
  counted: "This is a trial: signals are counted, nobody sees them and nothing is decided by them.",
  where: (cameras) =>
    cameras.length === 1
      ? `Where: camera ${cameras.join("")}.`
      : `Where: ${cameras.length} cameras (${cameras.join(", ")}).`,
  when: (from, until, zone) => `When: from ${from} to ${until} (${zone} time). Then the analysis ends.`,
  daily: (from, until, days) => `Hours: ${from} to ${until}, ${days}.`,
  why: (purpose) => `Why: ${purpose}`,
  controller: (name, service, contact) => `Controller: ${name}, ${service}. For any question: ${contact}.`,
  dpo: (dpo) => `Data protection officer: ${dpo}.`,
  decision: (reference, authority, at, url) =>
    `Decision: ${reference}, ${authority}, ${at}${url === null ? "." : `, published at ${url}`}`,
  kept: (length) =>
    `Keeping: the pictures of an alert show nothing but silhouettes from the moment they are made; they are erased after ${length} at the latest.`,
  cannot: "This system cannot:",
  rights: "Your rights:",
  publicRights: (contact) => [
    `You may ask to see the pictures that show you and to have a copy of them: ${contact} (article R.253-6 of the French code de la sécurité intérieure).`,
    "There is no right to object to being filmed here (article R.253-6 of the code de la sécurité intérieure).",
    "Complaints: to the CNIL, www.cnil.fr/plaintes, or to the commission départementale de vidéoprotection at the prefecture, which anybody may turn to (article L.253-5 of the same code).",
  ],
  generalRights: (contact) => [
    `You may ask for access to your data, their erasure and the restriction of their processing: ${contact} (GDPR, articles 15, 17 and 18).`,
    `You may object to the processing on grounds relating to your situation: ${contact} (GDPR, article 21).`,
  ],
  complaintFrance: "Complaints: to the CNIL, www.cnil.fr/plaintes.",
  complaint: "Complaints: to the data protection authority of your country.",
  appeal: (court, deadline, how) => `Appeal against the decision: ${court}. Time limit: ${deadline}. ${how}`,
  more: (url) => `This notice and the decision: ${url}`,
};

const TEXTS: Readonly<Record<TextLanguage, NoticeWords>> = { fr: FR, en: EN };
