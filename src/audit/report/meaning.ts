import { type Html, html } from "../../report/html.ts";
import { FORMATS, type Language } from "../../report/language.ts";
import type { Assessment, EventAssessment } from "../scoring/assessment.ts";
import { type Circumstances, type Meaning, meaningOf, type Ranged, rangesOf } from "../scoring/meaning.ts";
import { inOrderOfEvents } from "./forest.ts";
import { both, capital, each, eventNoun, eventTitle, figure, ofHundred, spokenTime } from "./words.ts";

/** How often an event really happens before one camera: nobody knows it beforehand, so several are shown. */
const BASE_RATES = [
  { perYear: 1, en: "once a year", fr: "une fois par an" },
  { perYear: 12, en: "once a month", fr: "une fois par mois" },
  { perYear: 52, en: "once a week", fr: "une fois par semaine" },
  { perYear: 365, en: "once a day", fr: "une fois par jour" },
] as const;
/** False alarms by camera, and a share found, that no system at hand is said to have. */
const ALARM_RATES = [
  { perDay: 24, en: "One false alarm an hour", fr: "Une fausse alerte par heure" },
  { perDay: 1, en: "One a day", fr: "Une par jour" },
  { perDay: 12 / 365, en: "One a month", fr: "Une par mois" },
  { perDay: 1 / 365, en: "One a year", fr: "Une par an" },
] as const;
const GOOD_RECALL = 0.9;
const CAMERAS = [10, 300] as const;
/** An assumption, and said to be one. */
const SECONDS_PER_ALERT = 60;
const DAYS_A_YEAR = 365;

/** What the figures come to in a street, where events are rare: worked out beforehand, for the page has no script. */
export function meaningSection({ events, exposureHours }: Assessment): Html {
  const parts = events.flatMap((event) => {
    const watchedHours = event.falseAlarmsPerHour.exposure;
    // Without an event or without time watched there is nothing to calculate with.
    if (event.references === 0 || watchedHours === 0) return [];
    return [{ event, ranges: rangesOf({ ...event, exposureHours: watchedHours }) }];
  });
  if (events.length === 0) return html``;
  const ordered = inOrderOfEvents(
    parts.map(({ event, ranges }) => ({ event, ranges, references: event.references })),
  );
  return html`<section><h2>${both("What it means in a street", "Ce que cela donne dans une rue")}</h2>
<p>${each((language, f) => {
    const time = spokenTime(exposureHours * 3600, language);
    const happened = f.number(events.reduce((sum, { references }) => sum + references, 0));
    return language === "en"
      ? `In these recordings ${happened} events happen in ${time}; before a real camera, nearly nothing does. The rarer an event, the more of the alerts are false, however good the system is. So the same system means different things in different places. The tables below say what, by how often the event really happens before each camera.`
      : `Dans ces enregistrements, ${happened} événements surviennent en ${time} ; devant une vraie caméra, il ne se passe presque rien. Plus un événement est rare, plus la part des fausses alertes est grande, si bon que soit le système. Le même système ne vaut donc pas la même chose partout. Les tableaux ci-dessous disent quoi, selon la fréquence réelle de l’événement devant chaque caméra.`;
  })}</p>
${tooShort(ordered.filter(({ ranges }) => saysNothing(ranges)))}
${ordered.filter(({ ranges }) => !saysNothing(ranges)).map(({ event, ranges }) => eventTable(event, ranges))}
${anySystem()}
<p class="small muted">${both(
    `Alerts that are right = events × share found ÷ (events × share found + false alarms). Ranges hold with at least 95 %: from exact ranges of 97.5 % each, of the share found and of the false alarms. The work assumes one minute for each alert. Recordings are watched all day here as in the test: nights and quiet hours may differ.`,
    `Alertes justes = événements × part trouvée ÷ (événements × part trouvée + fausses alertes). Les fourchettes valent à 95 % au moins : elles viennent de fourchettes exactes à 97,5 % chacune, de la part trouvée et des fausses alertes. Le travail suppose une minute par alerte. On suppose toute la journée semblable à l’essai : nuits et heures creuses peuvent différer.`,
  )}</p>
<p class="small muted">${both("With your own number of cameras, base rate, wages and costs:", "Avec votre nombre de caméras, la fréquence chez vous, vos salaires et vos coûts :")} <span class="mono">contrechamp audit calculate --help</span></p></section>`;
}

type Ranges = Pick<Circumstances, "recall" | "falseAlarmsPerCameraDay">;

function at(ranges: Ranges, eventsPerCameraYear: number, cameras: number): Meaning {
  return meaningOf({
    ...ranges,
    eventsPerCameraYear,
    cameras,
    operators: 1,
    costPerYear: null,
    secondsPerAlert: SECONDS_PER_ALERT,
    // An hour of work costs one hour: the cost of a confirmed alert is then the work that goes into it.
    wagePerHour: 1,
    usefulShare: null,
  });
}

function eventTable({ event, falseAlarms }: EventAssessment, ranges: Ranges): Html {
  const monthly = at(ranges, 12, 1).precision;
  const title = html`<h3>${eventTitle(event)}</h3>`;
  // Without a false alarm the ranges say what is known; one figure would say that there will be none.
  const exact = falseAlarms > 0;
  const rows = BASE_RATES.map(({ perYear, en, fr }) => {
    const one = at(ranges, perYear, 1);
    return html`<tr><th scope="row">${both(en, fr)}</th><td class="num">${sharesCell(one.precision, exact)}</td>${CAMERAS.map(
      (cameras) => html`<td class="num">${dailyCell(at(ranges, perYear, cameras).alertsPerYear, exact)}</td>`,
    )}<td class="num">${workCell(one.costPerConfirmed, exact)}</td></tr>`;
  });
  return html`${title}
<p>${each((language) => monthlyWords(event, monthly, exact, language))}</p>
<div class="scroll"><table><thead><tr><th scope="col">${both("Before one camera", "Devant une caméra")}</th><th scope="col" class="num">${both("Alerts that are right", "Alertes justes")}</th>${CAMERAS.map((cameras) => html`<th scope="col" class="num">${each((language) => (language === "en" ? `Alerts a day from ${cameras} cameras` : `Alertes par jour pour ${cameras} caméras`))}</th>`)}<th scope="col" class="num">${both("Work for each right alert", "Travail par alerte juste")}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** What any system would have to reach: no figure of this one. */
function anySystem(): Html {
  const rows = BASE_RATES.map(
    ({ perYear, en, fr }) =>
      html`<tr><th scope="row">${both(en, fr)}</th>${ALARM_RATES.map(({ perDay }) => {
        const given = { value: perDay, interval: null };
        const { precision } = at(
          { recall: { value: GOOD_RECALL, interval: null }, falseAlarmsPerCameraDay: given },
          perYear,
          1,
        );
        return html`<td class="num">${precision === null ? "–" : each((language) => share(precision.value, language))}</td>`;
      })}</tr>`,
  );
  return html`<h3>${both("What any system would have to reach", "Ce que tout système devrait atteindre")}</h3>
<p>${both(
    "No figures of this system: how many alerts are right if a system finds 90 of 100 events, by how often it raises a false alarm on one camera, and by how often the event really happens there.",
    "Ce ne sont pas des chiffres de ce système : combien d’alertes sont justes si un système trouve 90 événements sur 100, selon la fréquence de ses fausses alertes sur une caméra et celle de l’événement lui-même.",
  )}</p>
<div class="scroll"><table><thead><tr><th scope="col">${both("It happens", "Cela arrive")}</th>${ALARM_RATES.map(({ en, fr }) => html`<th scope="col" class="num">${both(en, fr)}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Where the range holds nearly everything, a table of it would only look like knowledge. */
function saysNothing(ranges: Ranges): boolean {
  const [low, high] = at(ranges, 12, 1).precision?.interval ?? [0, 1];
  return low < 0.01 && (high ?? 1) > 0.9;
}

/** Events of which the recordings are too short to say anything in a street, all in one place. */
function tooShort(parts: readonly { readonly event: EventAssessment; readonly ranges: Ranges }[]): Html {
  if (parts.length === 0) return html``;
  const items = parts.map(
    ({ event: { event }, ranges }) =>
      html`<li>${each((language) => {
        const [low, high] = at(ranges, 12, 1).precision?.interval ?? [0, 1];
        const name = capital(eventNoun(event, language).many);
        const [from, to] = [share(low, language), share(high ?? 1, language)];
        return language === "en" ? `${name}: from ${from} to ${to}.` : `${name} : de ${from} à ${to}.`;
      })}</li>`,
  );
  return html`<h3>${both("Too little was watched to say", "On n’a pas regardé assez longtemps pour le dire")}</h3>
<p>${both(
    "If there is one such event a month before each camera, the share of alerts that are right may be nearly anything:",
    "À raison d’un événement par mois devant chaque caméra, la part d’alertes justes peut être presque n’importe laquelle :",
  )}</p>
<ul class="limits">${items}</ul>
<p>${both(
    "No false alarm, or few, in minutes may still mean many in a year. Only longer recordings can tell.",
    "Peu ou pas de fausses alertes en quelques minutes peut encore en faire beaucoup en un an. Seuls des enregistrements plus longs le diront.",
  )}</p>`;
}

/** "If there is one intrusion a month before each camera, about 3 alerts of 100 are right (from 1 of 100 to 9 of 100)." */
function monthlyWords(event: string, precision: Ranged | null, exact: boolean, language: Language): string {
  const { one, feminine } = eventNoun(event, language);
  const when =
    language === "en"
      ? `If there is one ${one} a month before each camera`
      : `À raison d’un${feminine ? "e" : ""} ${one} par mois devant chaque caméra`;
  if (precision === null)
    return language === "en"
      ? `${when}, there would be no alert at all.`
      : `${when}, il n’y aurait aucune alerte.`;
  const { value, interval } = precision;
  const [low, high] = [share(interval?.[0] ?? value, language), share(interval?.[1] ?? value, language)];
  if (!exact) {
    return language === "en"
      ? `${when}, the share of alerts that are right would lie between ${low} and ${high}.`
      : `${when}, la part d’alertes justes irait de ${low} à ${high}.`;
  }
  const rare = value > 0 && value < 0.015;
  const about = rare ? figure(1 / value, FORMATS[language]) : ofHundred(value, FORMATS[language]);
  if (language === "en") {
    const right = rare
      ? `one alert in about ${about} would be right`
      : `about ${about} alerts of 100 would be right`;
    return `${when}, ${right} (from ${low} to ${high}).`;
  }
  const right = rare
    ? `environ une alerte sur ${about} serait juste`
    : `environ ${about} alertes sur 100 seraient justes`;
  return `${when}, ${right} (de ${low} à ${high}).`;
}

/** "32 of 100"; of what is rarer, "1 in 2,300". */
function share(value: number, language: Language): string {
  const f = FORMATS[language];
  if (value >= 0.01 || value <= 0)
    return language === "en" ? `${ofHundred(value, f)} of 100` : `${ofHundred(value, f)} sur 100`;
  // Beyond a million the number is no news, and the formula's rather than the recordings'.
  if (value < 1e-6) return `${language === "en" ? "fewer than 1 in" : "moins de 1 sur"} ${f.number(1e6)}`;
  return `1 ${language === "en" ? "in" : "sur"} ${figure(1 / value, f)}`;
}

function sharesCell(of: Ranged | null, exact: boolean): Html {
  return ranged(of, 1, exact, share);
}

function dailyCell(alerts: Ranged, exact: boolean): Html {
  return ranged(alerts, DAYS_A_YEAR, exact, (value, language) => figure(value, FORMATS[language]));
}

/** Hours of work as minutes or hours. */
function workCell(hours: Ranged | null, exact: boolean): Html {
  return ranged(hours, 1, exact, (value, language) => {
    const f = FORMATS[language];
    if (value < 1) return `${figure(value * 60, f)}\u00a0min`;
    return `${figure(value, f)}\u00a0h`;
  });
}

/** The figure and its range beneath it, or the range alone. What nothing bounds has no upper end. */
function ranged(
  of: Ranged | null,
  by: number,
  exact: boolean,
  words: (value: number, language: Language) => string,
): Html {
  if (of === null) return html`–`;
  const { value, interval } = of;
  const range = (language: Language) => {
    if (interval === null) return "";
    const [low, high] = interval;
    const from = words(low / by, language);
    if (high === null || !Number.isFinite(high))
      return language === "en" ? `${from} or more` : `${from} ou plus`;
    const to = words(high / by, language);
    return from === to ? from : `${from} – ${to}`;
  };
  if (!exact && interval !== null) return each(range);
  return html`${each((language) => words(value / by, language))}<br><span class="small muted">${each(range)}</span>`;
}
