import { foreign, type Html, html } from "../../report/html.ts";
import type { Formats, Language } from "../../report/language.ts";
import { FORMATS } from "../../report/language.ts";
import type { AuditRecord } from "../record.ts";
import type { EventScores, Scores } from "../scores.ts";
import type { Assessment } from "../scoring/assessment.ts";
import type { SampleSummary } from "../scoring/estimates.ts";
import { tallyEvent } from "../scoring/tally.ts";
import { distractorWords } from "./distractors.ts";
import { clockNote } from "./log.ts";
import {
  both,
  capital,
  counted,
  each,
  eventNoun,
  eventTitle,
  listed,
  ofHundred,
  rateUnit,
  reasonWords,
  spokenDay,
  spokenFigure,
  spokenTime,
} from "./words.ts";

/** Fewer events than this say little, whatever the share. */
const FEW_EVENTS = 10;
const MOST_REASONS = 5;

/** What was found, missed and raised for nothing, in words, event by event; and, as loudly, what was not looked for. */
export function answerSection(record: AuditRecord, assessment: Assessment, scores: Scores): Html {
  // What was tested most comes first.
  const events = Object.entries(scores.events).toSorted(([, a], [, b]) => b.references - a.references);
  // A clock offset is estimated from the same pairs: what the system takes to alert is part of it.
  const clockMoved = record.log?.clockOffset?.applied === true;
  const unwatched = events.filter(([event]) => !isWatched(record, event));
  return html`<h1>${headline(record, events)}</h1>
<p class="lead">${lead(record)}</p>
${faultNote(record)}${clockNote(record)}${
  events.length === 0
    ? html`<p class="note warn">${both(
        "No rule was looked at and no event is known in these recordings: there is nothing to measure.",
        "Aucune règle n’a été examinée et aucun événement n’est connu dans ces enregistrements : il n’y a rien à mesurer.",
      )}</p>`
    : html`<div class="answers">${events
        .filter(([event]) => isWatched(record, event))
        .map(([event, of]) => {
          const timing = assessment.events.find((one) => one.event === event);
          return eventAnswer(record, event, of, clockMoved ? null : (timing?.secondsToAlert ?? null));
        })}${unwatchedAnswer(record, unwatched)}</div>`
}`;
}

/** Whether it was looked for anywhere. */
function isWatched({ clips }: AuditRecord, event: string): boolean {
  return clips.some(({ rules }) => rules.some((rule) => rule.event === event && rule.watched));
}

function headline(record: AuditRecord, events: readonly (readonly [string, EventScores])[]): Html {
  const sum = (of: (scores: EventScores) => number) => events.reduce((total, [, one]) => total + of(one), 0);
  const references = sum((one) => one.references);
  const hits = sum((one) => one.hits);
  const alarms = sum((one) => one.falseAlarms);
  const seconds = record.clips.reduce((total, clip) => total + clip.seconds, 0);
  return each((language, f) => {
    const time = spokenTime(seconds, language);
    if (language === "en") {
      const raised = alarms === 0 ? "no false alarm" : counted(alarms, "false alarm", "false alarms", "en");
      if (references === 0) return `Nothing happened in ${time}, and it raised ${raised}`;
      const found =
        references === 1
          ? hits === 1
            ? "It found the only event"
            : "It missed the only event"
          : `It found ${hits === references && hits === 2 ? "both" : hits === references ? `all ${f.number(references)}` : hits === 0 ? `none of ${f.number(references)}` : `${f.number(hits)} of ${f.number(references)}`} events`;
      return `${found}, and raised ${raised} in ${time}`;
    }
    const raised =
      alarms === 0 ? "aucune fausse alerte" : counted(alarms, "fausse alerte", "fausses alertes", "fr");
    if (references === 0) return `Rien ne s’est passé en ${time}, et il a levé ${raised}`;
    const found =
      references === 1
        ? `Le seul événement ${hits === 1 ? "a été trouvé" : "a été manqué"}`
        : hits === references
          ? hits === 2
            ? "Les deux événements ont été trouvés"
            : `Les ${f.number(references)} événements ont tous été trouvés`
          : hits === 0
            ? `Aucun des ${f.number(references)} événements n’a été trouvé`
            : `${counted(hits, "événement trouvé", "événements trouvés", "fr")} sur ${f.number(references)}`;
    return `${found} ; ${raised} en ${time}`;
  });
}

function lead({ system, suite, clips, endedAt }: AuditRecord): Html {
  const cameras = new Set(clips.map(({ camera }) => camera)).size;
  const what =
    system.kind === "engine"
      ? html`${foreign(system.name)} ${foreign(system.version)}`
      : html`${both("The alert log of", "Le journal d’alertes de")} ${foreign(system.name)}`;
  return html`${what}${both(", measured on ", ", mesuré sur ")}${each((language) =>
    language === "en"
      ? `${counted(clips.length, "recording", "recordings", "en")} of ${counted(cameras, "camera", "cameras", "en")}`
      : `${counted(clips.length, "enregistrement", "enregistrements", "fr")} de ${counted(cameras, "caméra", "caméras", "fr")}`,
  )} ${both(" (suite “", " (jeu d’essai « ")}${foreign(suite.name)}${both("”), ", " »), le ")}${each((language) => spokenDay(endedAt, language))}${notLookedFor(clips)}`;
}

/** Of what was missed, how much was not looked for: the headline alone would be unjust. */
function notLookedFor(clips: AuditRecord["clips"]): Html {
  const missed = clips.flatMap(({ rules }) =>
    rules.flatMap(({ watched, references }) =>
      references.flatMap(({ alert }) => (alert === null ? [watched] : [])),
    ),
  );
  const unwatched = missed.filter((watched) => !watched).length;
  if (unwatched === 0) return html`.`;
  return each((language, f) => {
    const all = f.number(missed.length);
    if (language === "en") {
      if (unwatched === missed.length) return ". What was missed was not looked for.";
      return `. Of ${all} events that were missed, ${f.number(unwatched)} ${unwatched === 1 ? "was" : "were"} not looked for.`;
    }
    if (unwatched === missed.length) return ". Ce qui a été manqué n’était pas cherché.";
    return `. Sur ${all} événements manqués, ${f.number(unwatched)} n’${unwatched === 1 ? "était" : "étaient"} pas ${unwatched === 1 ? "cherché" : "cherchés"}.`;
  });
}

function faultNote({ clips }: AuditRecord): Html {
  const failed = clips.filter(({ fault }) => fault !== null);
  if (failed.length === 0) return html``;
  return html`<div class="note warn"><p>${each((language) =>
    language === "en"
      ? `${counted(failed.length, "recording", "recordings", "en")} could not be analysed to the end. What happened after that counts as missed:`
      : `${counted(failed.length, "enregistrement n’a", "enregistrements n’ont", "fr")} pas pu être analysé${failed.length > 1 ? "s" : ""} jusqu’au bout. Ce qui s’y est passé ensuite compte comme manqué :`,
  )}</p><ul>${failed.map(({ id, fault }) => html`<li>${foreign(id)}: ${foreign(fault?.message ?? "")}</li>`)}</ul></div>`;
}

function eventAnswer(
  record: AuditRecord,
  event: string,
  scores: EventScores,
  timing: SampleSummary | null,
): Html {
  const seconds = tallyEvent(record.clips, event).exposureSeconds;
  return html`<article><h2>${eventTitle(event)}</h2>
<p class="found">${each((language, f) => `${foundWords(event, scores, language, f)} ${alarmWords(scores, seconds, language)}`)}</p>
${partlyUnwatched(record, event)}${further(scores, timing)}${distractorWords(record, event, scores)}</article>`;
}

/** What it did not look for anywhere, said once and as loudly as the rest. */
function unwatchedAnswer(record: AuditRecord, events: readonly (readonly [string, EventScores])[]): Html {
  if (events.length === 0) return html``;
  const missed = events.reduce((sum, [, { references }]) => sum + references, 0);
  const named = (language: Language) =>
    capital(
      listed(
        events.map(([event]) => eventNoun(event, language).many),
        language === "en" ? "and" : "et",
      ),
    );
  return html`<article><h2>${both("What it did not look for", "Ce qu’il ne cherchait pas")}</h2>
<p class="found">${each((language) => {
    if (language === "en") {
      const what = `${named("en")}: it did not look for ${events.length === 1 ? "this" : "these"} at all.`;
      return missed === 0
        ? `${what} Nothing of the kind happened.`
        : `${what} ${counted(missed, "event", "events", "en")} of the kind happened and ${missed === 1 ? "counts" : "count"} as missed.`;
    }
    const what = `${named("fr")} : il ne les cherchait pas du tout.`;
    if (missed === 0) return `${what} Rien de tel ne s’est produit.`;
    return missed === 1
      ? `${what} Un événement de ce genre s’est produit ; il compte comme manqué.`
      : `${what} ${counted(missed, "", "événements de ce genre se sont produits ; ils comptent comme manqués", "fr")}.`;
  })}</p>
<p class="muted">${reasons(
    record,
    events.map(([event]) => event),
  )}</p></article>`;
}

/** Why events were not looked for, each reason once. */
function reasons({ clips }: AuditRecord, events: readonly string[]): Html {
  const said = clips.flatMap(({ rules }) =>
    rules.flatMap(({ event, watched, reason }) =>
      watched || reason === null || !events.includes(event) ? [] : [reasonWords(reason)],
    ),
  );
  const once = [...new Map(said.map((words) => [words.toString(), words])).values()];
  return html`${once.slice(0, MOST_REASONS).map((words, index) => (index === 0 ? words : html` ${words}`))}`;
}

/** "Of 27 wrong-way passages it found 26. Of 100 more of the kind it would find between 82 and 99." */
export function foundWords(event: string, scores: EventScores, language: Language, f: Formats): string {
  const { references, hits, recallInterval } = scores;
  const { one, many, feminine } = eventNoun(event, language);
  const [low, high] = recallInterval.map((end) => ofHundred(end, f));
  if (language === "en") {
    if (references === 0)
      return `There was no ${one} in these recordings: whether it finds one was not measured.`;
    const more = `of 100 more of the kind it would find between ${low} and ${high}`;
    if (references === 1)
      return `There was one ${one}, and it ${hits === 1 ? "found" : "missed"} it. One event says almost nothing: ${more}.`;
    const found = hits === references ? (hits === 2 ? "both" : "all") : hits === 0 ? "none" : f.number(hits);
    const said = `Of ${f.number(references)} ${many} it found ${found}.`;
    return references < FEW_EVENTS ? `${said} So few say little: ${more}.` : `${said} ${capital(more)}.`;
  }
  const e = feminine ? "e" : "";
  if (references === 0)
    return `Aucun${e} ${one} dans ces enregistrements : on n’a pas mesuré s’il sait en trouver.`;
  const more = `sur 100 autres du même genre, il en trouverait entre ${low} et ${high}`;
  if (references === 1)
    return `Il y a eu un${e} seul${e} ${one}, et il l’a ${hits === 1 ? "trouvé" : "manqué"}${e}. Un seul cas ne prouve presque rien : ${more}.`;
  const found =
    hits === references
      ? `il les a tou${feminine ? "tes" : "s"} trouvé${e}s`
      : hits === 0
        ? `il n’en a trouvé aucun${e}`
        : `il en a trouvé ${f.number(hits)}`;
  const said = `Sur ${f.number(references)} ${many}, ${found}.`;
  return references < FEW_EVENTS ? `${said} C’est peu pour juger : ${more}.` : `${said} ${capital(more)}.`;
}

/**
 * "In 30 days it raised no false alarm. That leaves room for up to 0.12 a day." Where the time is so short that the
 * bound is no comfort, it says that: the upper end of Garwood's range is the rate at which none comes up once in forty.
 */
export function alarmWords(scores: EventScores, seconds: number, language: Language): string {
  const f = FORMATS[language];
  const { falseAlarms, falseAlarmsPerHour, falseAlarmsPerHourInterval } = scores;
  if (falseAlarmsPerHour === null || falseAlarmsPerHourInterval === null || seconds === 0) {
    return language === "en"
      ? "No recording was watched for this, so false alarms were not measured."
      : "Aucun enregistrement n’a été surveillé pour cela : les fausses alertes n’ont pas été mesurées.";
  }
  const [low, high] = falseAlarmsPerHourInterval;
  const unit = rateUnit(high);
  const short = unit.hours === 1;
  const of = (perHour: number) => spokenFigure(perHour * unit.hours, f);
  const time = spokenTime(seconds, language);
  if (language === "en") {
    if (falseAlarms > 0)
      return `In ${time} it raised ${counted(falseAlarms, "false alarm", "false alarms", "en")}, which makes ${of(falseAlarmsPerHour)} ${unit.en}; the true figure lies between ${of(low)} and ${of(high)}.`;
    return short
      ? `In ${time} it raised no false alarm. That is too short to be reassuring: even a system that raises ${of(high)} ${unit.en} may show none in so little time.`
      : `In ${time} it raised no false alarm. That leaves room for up to ${of(high)} ${unit.en}.`;
  }
  if (falseAlarms > 0)
    return `En ${time}, il a levé ${counted(falseAlarms, "fausse alerte", "fausses alertes", "fr")}, soit ${of(falseAlarmsPerHour)} ${unit.fr} ; le vrai chiffre se situe entre ${of(low)} et ${of(high)}.`;
  return short
    ? `En ${time}, il n’a levé aucune fausse alerte. C’est trop court pour rassurer : même un système qui en lève ${of(high)} ${unit.fr} peut n’en montrer aucune en si peu de temps.`
    : `En ${time}, il n’a levé aucune fausse alerte. Il peut tout de même en lever jusqu’à ${of(high)} ${unit.fr}.`;
}

/** Recordings in which an event was not looked for, though it was in others. */
function partlyUnwatched(record: AuditRecord, event: string): Html {
  const unwatched = record.clips.flatMap(({ id, rules }) =>
    rules.filter((rule) => rule.event === event && !rule.watched).map((rule) => ({ id, rule })),
  );
  if (unwatched.length === 0) return html``;
  const clips = new Set(unwatched.map(({ id }) => id)).size;
  const missed = unwatched.reduce((sum, { rule }) => sum + rule.references.length, 0);
  return html`<p class="note warn">${each((language) => {
    if (language === "en") {
      const where = `In ${counted(clips, "recording", "recordings", "en")} it did not look for this.`;
      return missed === 0
        ? `${where} Nothing of the kind happened there.`
        : `${where} ${counted(missed, "event", "events", "en")} that happened there ${missed === 1 ? "counts" : "count"} as missed.`;
    }
    const where = `Dans ${counted(clips, "enregistrement", "enregistrements", "fr")}, il ne le cherchait pas.`;
    return missed === 0
      ? `${where} Rien de tel ne s’y est produit.`
      : `${where} ${counted(missed, "événement survenu là compte comme manqué", "événements survenus là comptent comme manqués", "fr")}.`;
  })} ${reasons(record, [event])}</p>`;
}

/** How many alerts were right, how soon they came, how often they came again. */
function further(
  { hits, falseAlarms, duplicates, precisionInterval }: EventScores,
  timing: SampleSummary | null,
): Html {
  const alerts = hits + falseAlarms;
  const sentences = (language: Language, f: Formats): string[] => {
    const en = language === "en";
    const out: string[] = [];
    if (alerts > 1) {
      const [low, high] = precisionInterval.map((end) => ofHundred(end, f));
      const all = f.number(alerts);
      const right = f.number(hits);
      const more = en
        ? `; of 100 more, ${low} to ${high} would be.`
        : ` ; sur 100 autres, de ${low} à ${high} le seraient.`;
      if (hits === alerts)
        out.push(
          en
            ? `${hits === 2 ? "Both" : `All ${all}`} alerts were right${more}`
            : `Les ${hits === 2 ? "deux" : all} alertes étaient justes${more}`,
        );
      else if (hits === 0)
        out.push(
          en ? `Of ${all} alerts none was right${more}` : `Sur ${all} alertes, aucune n’était juste${more}`,
        );
      else
        out.push(
          en
            ? `Of ${all} alerts ${right} ${hits === 1 ? "was" : "were"} right${more}`
            : `Sur ${all} alertes, ${right} ${hits === 1 ? "était juste" : "étaient justes"}${more}`,
        );
    }
    if (duplicates === 1)
      out.push(
        en
          ? "One more alert was of an event that it had raised already."
          : "Une alerte de plus portait sur un événement déjà signalé.",
      );
    else if (duplicates > 1)
      out.push(
        en
          ? `${f.number(duplicates)} more alerts were of events that it had raised already.`
          : `${f.number(duplicates)} alertes de plus portaient sur des événements déjà signalés.`,
      );
    if (timing !== null) out.push(timingWords(timing, language, f));
    return out;
  };
  if (sentences("en", FORMATS.en).length === 0) return html``;
  return html`<p class="muted">${each((language, f) => sentences(language, f).join(" "))}</p>`;
}

/** How soon alerts came. Of few a share would say nothing, so the first and the last stand for all. */
function timingWords({ n, least, p50, p90, most }: SampleSummary, language: Language, f: Formats): string {
  const en = language === "en";
  const of = (seconds: number) => `${f.number(seconds, 1)}\u00a0s`;
  if (n === 1) {
    return en
      ? `Its alert came ${of(most)} after the beginning of the event.`
      : `Son alerte est venue ${of(most)} après le début de l’événement.`;
  }
  if (of(least) === of(most)) {
    return en
      ? `Each alert came ${of(most)} after the beginning of the event.`
      : `Chaque alerte est venue ${of(most)} après le début de l’événement.`;
  }
  if (n < FEW_EVENTS) {
    return en
      ? `Alerts came between ${of(least)} and ${of(most)} after the beginning of the event.`
      : `Les alertes sont venues entre ${of(least)} et ${of(most)} après le début de l’événement.`;
  }
  return en
    ? `Half of the alerts came within ${of(p50)} of the beginning of the event, nine in ten within ${of(p90)}.`
    : `Une alerte sur deux est venue dans les ${of(p50)} qui suivent le début de l’événement, neuf sur dix dans les ${of(p90)}.`;
}
