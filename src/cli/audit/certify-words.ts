import type { Certified } from "../../audit/certify/certify.ts";
import type { FixedThresholds } from "../../audit/certify/fixed-thresholds.ts";
import type { Shortfall } from "../../audit/certify/judge.ts";
import type { Outlook } from "../../audit/certify/pin.ts";
import type { Difference } from "../../audit/certify/recompute.ts";
import type { SignatureState } from "../../policy/signature.ts";
import { FORMATS, type Language } from "../../report/language.ts";

/** What `audit certify` says to a person; each language is written for itself. */
interface CertifyWords {
  readonly fixed: (id: string, sha256: string, seq: number, at: string, leafHash: string) => string;
  readonly pinned: (suite: string, seal: string, model: string, version: string) => string;
  readonly outlook: (outlook: Outlook, confidence: number) => readonly string[];
  readonly next: (command: string) => string;
  readonly verdict: (certified: Certified, file: string, seq: number) => readonly string[];
  readonly shortfall: (shortfall: Shortfall, references: number) => string;
  readonly history: (fixed: FixedThresholds) => readonly string[];
  readonly notCompared: string;
  readonly unwitnessed: string;
  readonly signature: (state: Exclude<SignatureState, "valid">, keyId: string, folder: string) => string;
  readonly verified: (id: string, passed: boolean, seq: number | null) => string;
  readonly differs: (id: string, differences: readonly Difference[]) => readonly string[];
  readonly running: (suite: string, clips: number) => string;
  readonly clip: (id: string, done: number, clips: number) => string;
}

const percent = (language: Language, share: number) => {
  const text = new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", {
    style: "percent",
    // Cut, not rounded: 94.96 % must not read as 95 %.
    roundingMode: "floor",
    maximumFractionDigits: 1,
  });
  return text.format(share);
};

/** A rate with three digits that count, rounded up: it must not read as less than it is. */
const rate = (language: Language, value: number) =>
  new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", {
    maximumSignificantDigits: 3,
    roundingMode: "ceil",
  }).format(value);

const events = (language: Language, count: number) =>
  language === "fr"
    ? `${count} événement${count >= 2 ? "s" : ""}`
    : `${count} event${count === 1 ? "" : "s"}`;

const hoursFr = (hours: number) => (hours >= 2 ? "heures-caméra" : "heure-caméra");

/** A certificate that was signed twice is one. */
const eachOnce = (certificates: FixedThresholds["earlier"]) => [
  ...new Map(certificates.map((one) => [one.id, one])).values(),
];

const EN: CertifyWords = {
  fixed: (id, sha256, seq, at, leafHash) =>
    `Fixed: ${id}, sha256 ${sha256}\n  leaf ${seq} of the journal, ${at}, leaf hash ${leafHash}`,
  pinned: (suite, seal, model, version) =>
    `  suite ${suite}, seal ${seal}\n  model ${model}, Contrechamp ${version}`,
  outlook: ({ event, demanded, eventsForRecall, eventsForPrecision, ...rest }, confidence) => [
    `${event}: recall ${percent("en", demanded.recall)}, precision ${percent("en", demanded.precision)}${
      demanded.falseAlarmsPerHour === null
        ? ""
        : `, at most ${rate("en", demanded.falseAlarmsPerHour)} false alarms an hour`
    }, each by the worse end of its ${percent("en", confidence)} interval`,
    `  to show that it takes at least ${Math.max(demanded.minimumEvents, eventsForRecall)} events without a miss, ${eventsForPrecision} alerts without a false one${
      rest.hoursForFalseAlarms === null
        ? ""
        : `, ${rate("en", rest.hoursForFalseAlarms)} camera-hours without a false alarm`
    }`,
    ...(rest.reachable === false
      ? [
          `  IT CANNOT PASS: the suite holds ${events("en", rest.inSuite ?? 0)}${
            rest.hoursInSuite === null ? "" : ` and ${FORMATS.en.number(rest.hoursInSuite, 2)} camera-hours`
          }; not even a system without any fault would`,
        ]
      : []),
  ],
  next: (command) => `Next: ${command}`,
  verdict: ({ event, certificate, judgement }, file, seq) => {
    const { references, hits, falseAlarms, exposureHours } = certificate.results;
    const [low] = judgement.bounds.recallInterval;
    const [precisionLow] = judgement.bounds.precisionInterval;
    const [, high] = judgement.bounds.falseAlarmsPerHourInterval;
    return [
      `${judgement.passed ? "PASSED" : "FAILED"}  ${event}, until ${FORMATS.en.instant(certificate.validUntil)}`,
      `  ${hits} of ${references} events found: recall at least ${percent("en", low)}`,
      `  ${falseAlarms} false alarms: precision at least ${percent("en", precisionLow)}; at most ${rate("en", high)} an hour, in ${FORMATS.en.number(exposureHours, 2)} camera-hours`,
      `  ${certificate.id}`,
      `  ${file}, leaf ${seq} of the journal`,
    ];
  },
  shortfall: ({ what, reached, wanted, needed }, references) => {
    switch (what) {
      case "events":
        return `  fails: ${events("en", reached)}, and ${wanted} were demanded; with recall as demanded it takes at least ${needed}, all of them found`;
      case "recall":
        return `  fails: recall is shown to be at least ${percent("en", reached)}, and ${percent("en", wanted)} was demanded${
          references < needed ? `; it takes at least ${needed} events, all of them found` : ""
        }`;
      case "precision":
        return `  fails: precision is shown to be at least ${percent("en", reached)}, and ${percent("en", wanted)} was demanded (it takes at least ${needed} right alerts)`;
      case "falseAlarmsPerHour":
        return `  fails: up to ${rate("en", reached)} false alarms an hour cannot be ruled out, and at most ${rate("en", wanted)} were demanded (it takes at least ${rate("en", needed)} camera-hours)`;
    }
  },
  history: ({ others, earlier: all }) => {
    const earlier = eachOnce(all);
    return [
      ...(others === 0
        ? []
        : [
            `The journal holds ${others} other ${others === 1 ? "set" : "sets"} of thresholds for this suite and model: say so where you publish.`,
          ]),
      ...(earlier.length === 0
        ? []
        : [
            `It holds ${earlier.length} earlier ${earlier.length === 1 ? "certificate" : "certificates"} of this suite and model, of which ${earlier.filter(({ passed }) => !passed).length} failed.`,
          ]),
    ];
  },
  notCompared:
    "The suite is not here (--suite): that the record leaves out no clip and no event of it was not checked.",
  unwitnessed:
    "Nobody independent vouches for the journal's line yet: give a witness's key (--witness-key), or say so.",
  signature: (state, keyId, folder) => {
    const words = {
      missing: "is missing",
      unknown_key: `is by the key ${keyId}, which no trust file in ${folder} knows: where that is so the certificate counts for nothing`,
      wrong_key: `is by the key ${keyId}, which the trust file in ${folder} does not believe for certifying now`,
      broken: "does not fit",
    } as const;
    return `The signature ${words[state]}.`;
  },
  verified: (id, passed, seq) =>
    `All of ${id} follows from thresholds, journal and record: ${passed ? "it passed" : "it failed"}.\n${
      seq === null
        ? "THE JOURNAL DOES NOT HOLD IT: nobody noted that it was issued."
        : `The journal holds it, leaf ${seq}.`
    }`,
  differs: (id, differences) => [
    `${id} DOES NOT FOLLOW from thresholds, journal and record:`,
    ...differences.map(
      ({ path, stated, follows }) =>
        `  ${path}: it says ${stated ?? "nothing"}; ${follows ?? "nothing"} follows`,
    ),
  ],
  running: (suite, clips) => `Running ${suite}: ${clips} clip${clips === 1 ? "" : "s"}`,
  clip: (id, done, clips) => `  ${done}/${clips}  ${id}`,
};

const FR: CertifyWords = {
  fixed: (id, sha256, seq, at, leafHash) =>
    `Fixés : ${id}, sha256 ${sha256}\n  feuille ${seq} du journal, ${at}, empreinte de feuille ${leafHash}`,
  pinned: (suite, seal, model, version) =>
    `  jeu d’essai ${suite}, scellé ${seal}\n  modèle ${model}, Contrechamp ${version}`,
  outlook: ({ event, demanded, eventsForRecall, eventsForPrecision, ...rest }, confidence) => [
    `${event} : rappel ${percent("fr", demanded.recall)}, précision ${percent("fr", demanded.precision)}${
      demanded.falseAlarmsPerHour === null
        ? ""
        : `, au plus ${rate("fr", demanded.falseAlarmsPerHour)} fausse alerte par heure`
    }, chacun jugé à la borne défavorable de son intervalle à ${percent("fr", confidence)}`,
    `  pour le démontrer il faut au moins ${Math.max(demanded.minimumEvents, eventsForRecall)} événements sans un seul manqué, ${eventsForPrecision} alertes sans une seule fausse${
      rest.hoursForFalseAlarms === null
        ? ""
        : `, ${rate("fr", rest.hoursForFalseAlarms)} heures-caméra sans fausse alerte`
    }`,
    ...(rest.reachable === false
      ? [
          `  RÉUSSITE IMPOSSIBLE : le jeu d’essai contient ${events("fr", rest.inSuite ?? 0)}${
            rest.hoursInSuite === null
              ? ""
              : ` et ${FORMATS.fr.number(rest.hoursInSuite, 2)} ${hoursFr(rest.hoursInSuite)}`
          } ; même un système sans défaut échouerait`,
        ]
      : []),
  ],
  next: (command) => `Ensuite : ${command}`,
  verdict: ({ event, certificate, judgement }, file, seq) => {
    const { references, hits, falseAlarms, exposureHours } = certificate.results;
    const [low] = judgement.bounds.recallInterval;
    const [precisionLow] = judgement.bounds.precisionInterval;
    const [, high] = judgement.bounds.falseAlarmsPerHourInterval;
    return [
      `${judgement.passed ? "RÉUSSI" : "ÉCHEC"}  ${event}, jusqu’au ${FORMATS.fr.instant(certificate.validUntil)}`,
      `  événements trouvés : ${hits} sur ${references} ; rappel d’au moins ${percent("fr", low)}`,
      `  fausses alertes : ${falseAlarms} ; précision d’au moins ${percent("fr", precisionLow)} ; au plus ${rate("fr", high)} par heure, sur ${FORMATS.fr.number(exposureHours, 2)} ${hoursFr(exposureHours)}`,
      `  ${certificate.id}`,
      `  ${file}, feuille ${seq} du journal`,
    ];
  },
  shortfall: ({ what, reached, wanted, needed }, references) => {
    switch (what) {
      case "events":
        return `  échec : ${events("fr", reached)}, il en était exigé ${wanted} ; pour le rappel exigé il en faut au moins ${needed}, tous trouvés`;
      case "recall":
        return `  échec : un rappel d’au moins ${percent("fr", reached)} est démontré, il était exigé ${percent("fr", wanted)}${
          references < needed ? ` ; il faut au moins ${needed} événements, tous trouvés` : ""
        }`;
      case "precision":
        return `  échec : une précision d’au moins ${percent("fr", reached)} est démontrée, il était exigé ${percent("fr", wanted)} (il faut au moins ${needed} alertes justes)`;
      case "falseAlarmsPerHour":
        return `  échec : jusqu’à ${rate("fr", reached)} fausses alertes par heure ne sont pas exclues, il en était exigé au plus ${rate("fr", wanted)} (il faut au moins ${rate("fr", needed)} heures-caméra)`;
    }
  },
  history: ({ others, earlier: all }) => {
    const earlier = eachOnce(all);
    return [
      ...(others === 0
        ? []
        : [
            `Le journal contient ${others} autre${others > 1 ? "s" : ""} jeu${others > 1 ? "x" : ""} de seuils pour ce jeu d’essai et ce modèle : à dire là où vous publiez.`,
          ]),
      ...(earlier.length === 0
        ? []
        : [
            `Il contient ${earlier.length} certificat${earlier.length > 1 ? "s" : ""} antérieur${earlier.length > 1 ? "s" : ""} de ce jeu d’essai et de ce modèle, dont ${earlier.filter(({ passed }) => !passed).length} en échec.`,
          ]),
    ];
  },
  notCompared:
    "Le jeu d’essai n’est pas là (--suite) : rien ne vérifie que le relevé n’en omet ni séquence ni événement.",
  unwitnessed:
    "Personne d’indépendant ne se porte encore garant de cette ligne du journal : donnez la clé d’un témoin (--witness-key), ou dites-le.",
  signature: (state, keyId, folder) => {
    const words = {
      missing: "manque",
      unknown_key: `est de la clé ${keyId}, qu’aucun fichier de confiance de ${folder} ne connaît : là où il en est ainsi le certificat ne compte pas`,
      wrong_key: `est de la clé ${keyId}, à laquelle le fichier de confiance de ${folder} ne reconnaît pas maintenant le droit de certifier`,
      broken: "ne correspond pas",
    } as const;
    return `La signature ${words[state]}.`;
  },
  verified: (id, passed, seq) =>
    `Tout, dans ${id}, découle des seuils, du journal et du relevé : ${passed ? "réussite" : "échec"}.\n${
      seq === null
        ? "LE JOURNAL NE LE CONTIENT PAS : personne n’a noté sa délivrance."
        : `Le journal le contient, feuille ${seq}.`
    }`,
  differs: (id, differences) => [
    `${id} NE DÉCOULE PAS des seuils, du journal et du relevé :`,
    ...differences.map(
      ({ path, stated, follows }) =>
        `  ${path} : il dit ${stated ?? "rien"} ; il en découle ${follows ?? "rien"}`,
    ),
  ],
  running: (suite, clips) => `Mesure sur ${suite} : ${clips} séquence${clips >= 2 ? "s" : ""}`,
  clip: (id, done, clips) => `  ${done}/${clips}  ${id}`,
};

export const CERTIFY_WORDS: Readonly<Record<Language, CertifyWords>> = { en: EN, fr: FR };
