import type { Circumstances, Meaning, Ranged } from "../../audit/scoring/meaning.ts";
import { FORMATS, type Language } from "../../report/language.ts";

/** A number as it is written, and whether its noun stands in the singular. */
interface Amount {
  readonly text: string;
  readonly one: boolean;
}

/** What `audit calculate` says; each language is written for itself. Numbers come formatted. */
interface Words {
  readonly given: (recall: string, rate: Amount, events: string, cameras: string) => string;
  readonly noAlerts: string;
  readonly allTrue: string;
  readonly noneTrue: string;
  readonly true: (of: string, count: string, range: string) => string;
  readonly load: (perHour: Amount, operators: number, every: string, range: string) => string;
  readonly year: (alerts: string, confirmed: string, falseAlarms: string, missed: string) => string;
  readonly hours: (hours: string, range: string) => string;
  readonly cost: (amount: string, range: string) => string;
  readonly useful: (amount: string, range: string) => string;
  readonly between: (low: string, high: string | null) => string;
  readonly ranges: string;
  readonly noRanges: string;
}

const EN: Words = {
  given: (recall, rate, events, cameras) =>
    `It finds ${recall} of true events and raises ${rate.text} false alarm${rate.one ? "" : "s"} by camera and day. True events by camera and year: ${events}. Cameras: ${cameras}.`,
  noAlerts: "There would be no alert at all.",
  allTrue: "All alerts would be true.",
  noneTrue: "No alert would be true.",
  true: (of, count, range) => `Of ${of} alerts about ${count} ${count === "1" ? "is" : "are"} true${range}.`,
  load: (perHour, operators, every, range) =>
    `${operators === 1 ? "An operator" : "Each operator"} gets ${perHour.text} alert${perHour.one ? "" : "s"} an hour${range}: one every ${every}.`,
  year: (alerts, confirmed, falseAlarms, missed) =>
    `In a year: ${alerts} alerts, of these ${confirmed} true and ${falseAlarms} false; ${missed} events are missed.`,
  hours: (hours, range) => `To look at them takes ${hours} hours a year${range}.`,
  cost: (amount, range) => `Each true alert costs ${amount}${range}.`,
  useful: (amount, range) => `Each that changed anything costs ${amount}${range}.`,
  between: (low, high) => (high === null ? ` (at least ${low})` : ` (between ${low} and ${high})`),
  ranges:
    "Ranges follow from what was counted, by exact intervals, and hold with at least 95% confidence, for a place like the one it was tested in.",
  noRanges:
    "These figures were given without counts, so there is no saying how sure they are: 27/30 says more than 0.9.",
};

const FR: Words = {
  given: (recall, rate, events, cameras) =>
    `Le système trouve ${recall} des événements réels et donne ${rate.text} ${rate.one ? "fausse alerte" : "fausses alertes"} par caméra et par jour. Événements réels par caméra et par an : ${events}. Caméras : ${cameras}.`,
  noAlerts: "Il n’y aurait aucune alerte.",
  allTrue: "Toutes les alertes seraient vraies.",
  noneTrue: "Aucune alerte ne serait vraie.",
  true: (of, count, range) =>
    `Sur ${of} alertes, ${count === "1" ? "une seule environ est vraie" : `environ ${count} sont vraies`}${range}.`,
  load: (perHour, operators, every, range) =>
    `${operators === 1 ? "L’opérateur" : "Chaque opérateur"} reçoit ${perHour.text} alerte${perHour.one ? "" : "s"} par heure${range}, soit une toutes les ${every}.`,
  year: (alerts, confirmed, falseAlarms, missed) =>
    `En un an : ${alerts} alertes, dont ${confirmed} vraies et ${falseAlarms} fausses ; ${missed} événements passent inaperçus.`,
  hours: (hours, range) => `Les examiner prend ${hours} heures par an${range}.`,
  cost: (amount, range) => `Chaque alerte vraie revient à ${amount}${range}.`,
  useful: (amount, range) => `Chaque alerte qui a changé quelque chose revient à ${amount}${range}.`,
  between: (low, high) => (high === null ? ` (au moins ${low})` : ` (entre ${low} et ${high})`),
  ranges:
    "Les fourchettes viennent de ce qui a été compté, par des intervalles exacts ; elles valent avec une confiance d’au moins 95 %, pour un lieu semblable à celui du test.",
  noRanges:
    "Ces chiffres ont été donnés sans effectifs : rien ne dit à quel point ils sont sûrs. 27/30 en dit plus que 0.9.",
};

const WORDS: Readonly<Record<Language, Words>> = { en: EN, fr: FR };

/** A calculation in plain sentences, one a line. */
export function calculationText(
  given: Circumstances,
  meaning: Meaning,
  currency: string,
  language: Language,
): string {
  const words = WORDS[language];
  const { number, percent, duration } = FORMATS[language];
  const plain = (value: number) => number(value, digitsOf(value));
  // English has one of exactly 1, French of all below 2.
  const amount = (value: number): Amount => ({
    text: plain(value),
    one: language === "fr" ? value < 2 : value === 1,
  });
  const money = (value: number) =>
    new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", {
      style: "currency",
      currency,
      maximumFractionDigits: value < 100 ? 2 : 0,
    }).format(value);
  const range = ({ interval }: Ranged, format: (value: number) => string) =>
    interval === null
      ? ""
      : words.between(format(interval[0]), interval[1] === null ? null : format(interval[1]));
  const { alertsPerOperatorHour: load, operatorHoursPerYear: hours } = meaning;
  const { costPerConfirmed: cost, costPerUseful: useful } = meaning;
  const { recall, falseAlarmsPerCameraDay: rate } = given;
  const lines = [
    words.given(
      percent(recall.value),
      amount(rate.value),
      plain(given.eventsPerCameraYear),
      number(given.cameras),
    ),
    truth(meaning, language),
  ];
  if (load.value > 0) {
    const every = duration(3600 / load.value);
    lines.push(words.load(amount(load.value), given.operators, every, range(load, plain)));
  }
  lines.push(
    words.year(
      plain(meaning.alertsPerYear.value),
      plain(meaning.confirmedPerYear.value),
      plain(meaning.falseAlarmsPerYear.value),
      plain(meaning.missedPerYear.value),
    ),
  );
  if (hours !== null) lines.push(words.hours(plain(hours.value), range(hours, plain)));
  if (cost !== null) lines.push(words.cost(money(cost.value), range(cost, money)));
  if (useful !== null) lines.push(words.useful(money(useful.value), range(useful, money)));
  lines.push(recall.interval === null && rate.interval === null ? words.noRanges : words.ranges);
  return lines.join("\n");
}

/** How many alerts are true, of as many as it takes for the answer to be a whole number that says something. */
function truth({ precision }: Meaning, language: Language): string {
  const words = WORDS[language];
  const { number } = FORMATS[language];
  if (precision === null) return words.noAlerts;
  if (precision.value === 0) return words.noneTrue;
  if (precision.value === 1 && precision.interval === null) return words.allTrue;
  let of = 100;
  while (of < 1_000_000 && Math.round(precision.value * of) === 0) of *= 10;
  const low = (precision.interval?.[0] ?? 0) * of;
  const high = (precision.interval?.[1] ?? 1) * of;
  const between =
    precision.interval === null
      ? ""
      : words.between(number(low, low < 10 ? 1 : 0), number(high, high < 10 ? 1 : 0));
  return words.true(number(of), number(Math.round(precision.value * of)), between);
}

/** So many digits that a small number says something and a large one no more than it knows; no zeros at the end. */
function digitsOf(value: number): number {
  const most = value >= 100 ? 0 : value >= 1 ? 1 : value >= 0.1 ? 2 : 4;
  const rounded = Number(value.toFixed(most));
  for (let digits = 0; digits < most; digits++) if (Number(value.toFixed(digits)) === rounded) return digits;
  return most;
}
