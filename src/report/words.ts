import type { Alert } from "../alerts/alert.ts";
import type { RunSummary } from "../engine/run-summary.ts";
import type { HealthKind } from "../frames/health.ts";
import { ALERT_WORDS, type AlertWords } from "./alert-words.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { both, FORMATS, type Formats } from "./language.ts";

/** All that the report says; each language is written for itself. */
export interface Words extends AlertWords {
  readonly answer: (alerts: number, video: string) => string;
  /** @param hours camera-hours, null where the answer's minutes say enough */
  readonly exposure: (cameras: number, hours: string | null) => string;
  readonly outcome: Readonly<Record<RunSummary["outcome"], string>>;
  readonly nothing: string;
  readonly question: string;
  readonly persons: (number: string) => string;
  readonly health: Readonly<Record<HealthKind, string>>;
  readonly closed: Readonly<Record<NonNullable<Alert["reason"]>, string>>;
  readonly stages: Readonly<Record<string, string>>;
  readonly frames: Readonly<Record<"decoded" | "analysed" | "inferred" | "gated" | "dropped", string>>;
  readonly limits: readonly string[];
}

const EN: Words = {
  answer: (alerts, video) =>
    `${alerts === 0 ? "No alert" : alerts === 1 ? "1 alert" : `${alerts} alerts`} in ${video} of video`,
  exposure: (cameras, hours) =>
    `${cameras === 1 ? "1 camera" : `${cameras} cameras`}${hours === null ? "" : `, ${hours} camera-hours`}`,
  outcome: {
    complete: "All of it was analysed.",
    partial:
      "Part of it could not be analysed: a camera was lost or a recording could not be read to its end.",
    interrupted: "The analysis was stopped by hand before its end.",
  },
  nothing:
    "That nothing was raised does not mean that nothing happened. How much this system misses here has not been measured.",
  question:
    "An alert is a question to a human, not a finding. How often it is wrong here has not been measured: an error rate needs footage with known truth.",
  ...ALERT_WORDS.en,
  persons: (number) => (number === "1" ? "1 person" : `${number} persons`),
  health: {
    camera_blind: "No picture",
    camera_back: "Picture back",
    stream_damaged: "Part of the stream could not be decoded",
    frames_dropped: "Pictures let go: the machine was too slow",
    view_moved: "The view moved: analysis suspended",
    view_restored: "The view is back: analysis goes on",
    picture_dark: "Too dark or covered to see: analysis suspended",
    picture_clear: "It can be seen again: analysis goes on",
    worker_restarted: "The camera's process ended unexpectedly and was started again",
    detector_restarted: "The detector failed and was started again",
    evidence_missing: "A still or clip could not be written",
    ended: "The recording ended",
  },
  closed: {
    cleared: "the condition no longer held",
    longest_life: "its longest life was over",
    stream_ended: "the video ended",
    suspended: "the camera was suspended",
  },
  stages: {
    decode: "wait for a decoded picture",
    scene: "background and motion",
    views: "colour for the network",
    detect: "wait for the network",
    track: "tracking",
    rules: "rules",
    evidence: "evidence",
  },
  frames: {
    decoded: "decoded",
    analysed: "looked at for motion",
    inferred: "seen by the network",
    gated: "kept from it, for nothing moved",
    dropped: "let go, for the machine was too slow",
  },
  limits: [
    "It sees shapes of people and vehicles, and nothing of who they are. It does not know why somebody is where they are.",
    "It misses people who are small, far away, half hidden, lying down or in poor light, and it takes other things for people.",
    "Stills and clips show a learnt background and flat shapes. What stays grey was not known for long enough to be shown. The size of a shape is a rough one.",
    "Counts are bands, not numbers; the more people overlap, the wider they should be read.",
    "Instants of a recording are its start plus the time in the video. If the start was not stated, they are only as good as the file's own date.",
  ],
};

const FR: Words = {
  answer: (alerts, video) =>
    `${alerts === 0 ? "Aucune alerte" : alerts === 1 ? "1 alerte" : `${alerts} alertes`} en ${video} de vidéo`,
  exposure: (cameras, hours) =>
    `${cameras === 1 ? "1 caméra" : `${cameras} caméras`}${hours === null ? "" : `, ${hours} heures de caméra`}`,
  outcome: {
    complete: "Tout a été analysé.",
    partial:
      "Une partie n’a pas pu être analysée : une caméra a été perdue, ou un enregistrement n’a pas pu être lu jusqu’au bout.",
    interrupted: "L’analyse a été arrêtée à la main avant la fin.",
  },
  nothing:
    "L’absence d’alerte ne veut pas dire qu’il ne s’est rien passé. Ce que ce système manque ici n’a pas été mesuré.",
  question:
    "Une alerte est une question posée à une personne, pas un constat. On n’a pas mesuré combien de fois elle se trompe ici : il faut pour cela des images dont la vérité est connue.",
  ...ALERT_WORDS.fr,
  persons: (number) => (number === "1" ? "1 personne" : `${number} personnes`),
  health: {
    camera_blind: "Plus d’image",
    camera_back: "L’image est revenue",
    stream_damaged: "Une partie du flux n’a pas pu être décodée",
    frames_dropped: "Images abandonnées : la machine était trop lente",
    view_moved: "La vue a bougé : analyse suspendue",
    view_restored: "La vue est revenue : l’analyse reprend",
    picture_dark: "Trop sombre ou masquée : analyse suspendue",
    picture_clear: "L’image est de nouveau lisible : l’analyse reprend",
    worker_restarted: "Le processus de la caméra s’est arrêté et a été relancé",
    detector_restarted: "Le détecteur a échoué et a été relancé",
    evidence_missing: "Une image ou une séquence n’a pas pu être écrite",
    ended: "Fin de l’enregistrement",
  },
  closed: {
    cleared: "la condition n’était plus remplie",
    longest_life: "sa durée maximale était atteinte",
    stream_ended: "la vidéo s’est terminée",
    suspended: "la caméra a été suspendue",
  },
  stages: {
    decode: "attente d’une image décodée",
    scene: "fond et mouvement",
    views: "couleur pour le réseau",
    detect: "attente du réseau",
    track: "suivi du mouvement",
    rules: "règles",
    evidence: "images conservées",
  },
  frames: {
    decoded: "décodées",
    analysed: "où l’on a cherché du mouvement",
    inferred: "montrées au réseau",
    gated: "écartées, car rien ne bougeait",
    dropped: "abandonnées, car la machine était trop lente",
  },
  limits: [
    "Il voit des formes de personnes et de véhicules, rien de leur identité. Il ignore pourquoi quelqu’un se trouve là.",
    "Il manque des personnes petites, lointaines, à demi cachées, couchées ou mal éclairées, et prend parfois autre chose pour une personne.",
    "Images et séquences montrent un fond appris et des formes planes. Ce qui reste gris n’a pas été connu assez longtemps pour être montré. La taille d’une forme est approximative.",
    "Les comptages sont des fourchettes ; plus les personnes se recouvrent, plus il faut les lire largement.",
    "Les instants d’un enregistrement sont son début plus le temps écoulé dans la vidéo. Si ce début n’a pas été indiqué, ils ne valent que ce que vaut la date du fichier.",
  ],
};

/** The same for text in SVG. */
export function saySvg(sentence: (words: Words, formats: Formats) => Fragment): Html {
  return html`<tspan lang="en">${sentence(EN, FORMATS.en)}</tspan><tspan lang="fr">${sentence(FR, FORMATS.fr)}</tspan>`;
}

/** The same sentence, made from each language's words and formats. */
export function say(sentence: (words: Words, formats: Formats) => Fragment): Html {
  return both(sentence(EN, FORMATS.en), sentence(FR, FORMATS.fr));
}
