import { foreign, type Html, html } from "../../report/html.ts";
import type { Formats, Language } from "../../report/language.ts";
import { FORMATS } from "../../report/language.ts";
import type { AuditRecord, RuleFact } from "../record.ts";
import type { EventScores, Scores } from "../scores.ts";
import type { Assessment } from "../scoring/assessment.ts";
import type { SampleSummary } from "../scoring/estimates.ts";
import { tallyEvent } from "../scoring/tally.ts";
import {
  betweenShares,
  both,
  counted,
  each,
  eventNoun,
  eventTitle,
  figure,
  rateUnit,
  spokenDay,
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
  const few = events.some(([, { references }]) => references > 0 && references < FEW_EVENTS);
  return html`<h1>${headline(record, events)}</h1>
<p class="lead">${lead(record)}</p>
${faultNote(record)}${
  events.length === 0
    ? html`<p class="note warn">${both(
        "No rule was looked at and no event is known in these recordings: there is nothing to measure.",
        "Aucune règle n’a été examinée et aucun événement n’est connu dans ces enregistrements : il n’y a rien à mesurer.",
      )}</p>`
    : html`<div class="answers">${events.map(([event, of]) => {
        const timing = assessment.events.find((one) => one.event === event);
        return eventAnswer(record, event, of, clockMoved ? null : (timing?.secondsToAlert ?? null));
      })}</div>${
        few
          ? html`<p class="note">${both(
              `Where fewer than ${FEW_EVENTS} events happened the range is wide: that says what happened here, and little of what will happen elsewhere.`,
              `Là où moins de ${FEW_EVENTS} événements se sont produits, la fourchette est large : cela dit ce qui s’est passé ici, et peu de ce qui se passera ailleurs.`,
            )}</p>`
          : ""
      }`
}`;
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
          : `It found ${hits === references ? `all ${f.number(references)}` : hits === 0 ? `none of ${f.number(references)}` : `${f.number(hits)} of ${f.number(references)}`} events`;
      return `${found}, and raised ${raised} in ${time}`;
    }
    const raised =
      alarms === 0 ? "aucune fausse alerte" : counted(alarms, "fausse alerte", "fausses alertes", "fr");
    if (references === 0) return `Rien ne s’est passé en ${time}, et il a levé ${raised}`;
    const found =
      references === 1
        ? `Le seul événement ${hits === 1 ? "a été trouvé" : "a été manqué"}`
        : hits === references
          ? `Les ${f.number(references)} événements ont tous été trouvés`
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
  )} (${foreign(suite.name)}), ${each((language) => spokenDay(endedAt, language))}`;
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
  const watched = record.clips.some(({ rules }) =>
    rules.some((rule) => rule.event === event && rule.watched),
  );
  return html`<article><h2>${eventTitle(event)}</h2>
${
  watched
    ? html`<p class="found">${each((language, f) => `${foundWords(event, scores, language, f)} ${alarmWords(scores, seconds, language)}`)}</p>`
    : ""
}${unwatchedWords(record, event, !watched)}
${further(scores, timing)}</article>`;
}

/** "Of 27 wrong-way passages it found 26 (it would find between 82 and 99 of 100)." */
export function foundWords(event: string, scores: EventScores, language: Language, f: Formats): string {
  const { references, hits, recallInterval } = scores;
  const { one, many, feminine } = eventNoun(event, language);
  const between = betweenShares(recallInterval, language);
  if (language === "en") {
    if (references === 0)
      return `There was no ${one} in these recordings: whether it finds one was not measured.`;
    if (references === 1)
      return `There was one ${one}, and it ${hits === 1 ? "found" : "missed"} it. One event says almost nothing (it would find ${between}).`;
    const found = hits === references ? (hits === 2 ? "both" : "all") : hits === 0 ? "none" : f.number(hits);
    return `Of ${f.number(references)} ${many} it found ${found} (it would find ${between}).`;
  }
  const e = feminine ? "e" : "";
  if (references === 0)
    return `Aucun${e} ${one} dans ces enregistrements : on n’a pas mesuré s’il sait en trouver.`;
  if (references === 1)
    return `Il y a eu un${e} seul${e} ${one}, et il l’a ${hits === 1 ? "trouvé" : "manqué"}${e}. Un seul événement ne dit presque rien (il en trouverait ${between}).`;
  if (hits === references)
    return `Sur ${f.number(references)} ${many}, il les a tou${feminine ? "tes" : "s"} trouvé${e}s (il en trouverait ${between}).`;
  const found = hits === 0 ? `il n’en a trouvé aucun${e}` : `il en a trouvé ${f.number(hits)}`;
  return `Sur ${f.number(references)} ${many}, ${found} (il en trouverait ${between}).`;
}

/** "In 40 minutes it raised no false alarm: that rules out more than 5.5 an hour, no less." */
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
  const of = (perHour: number) => figure(perHour * unit.hours, f);
  const time = spokenTime(seconds, language);
  if (language === "en") {
    if (falseAlarms === 0)
      return `In ${time} it raised no false alarm: that rules out more than ${of(high)} ${unit.en}, no less.`;
    return `In ${time} it raised ${counted(falseAlarms, "false alarm", "false alarms", "en")}: ${of(falseAlarmsPerHour)} ${unit.en}, between ${of(low)} and ${of(high)}.`;
  }
  if (falseAlarms === 0)
    return `En ${time}, il n’a levé aucune fausse alerte : cela exclut plus de ${of(high)} ${unit.fr}, pas moins.`;
  return `En ${time}, il a levé ${counted(falseAlarms, "fausse alerte", "fausses alertes", "fr")} : ${of(falseAlarmsPerHour)} ${unit.fr}, entre ${of(low)} et ${of(high)}.`;
}

/** Where a rule of the event was not looked for at all, and why. */
function unwatchedWords(record: AuditRecord, event: string, everywhere: boolean): Html {
  const unwatched = record.clips.flatMap(({ id, rules }) =>
    rules.filter((rule) => rule.event === event && !rule.watched).map((rule) => ({ id, rule })),
  );
  if (unwatched.length === 0) return html``;
  const clips = new Set(unwatched.map(({ id }) => id)).size;
  const missed = unwatched.reduce((sum, { rule }) => sum + rule.references.length, 0);
  const reasons = [...new Set(unwatched.flatMap(({ rule }: { rule: RuleFact }) => rule.reason ?? []))];
  return html`<div class="note warn"><p class="found">${each((language) => {
    if (language === "en") {
      const where = everywhere
        ? "It did not look for this at all."
        : `In ${counted(clips, "recording", "recordings", "en")} it did not look for this.`;
      return missed === 0
        ? `${where} Nothing of the kind happened there.`
        : `${where} ${counted(missed, "event", "events", "en")} that happened there ${missed === 1 ? "counts" : "count"} as missed.`;
    }
    const where = everywhere
      ? "Il ne le cherchait pas du tout."
      : `Dans ${counted(clips, "enregistrement", "enregistrements", "fr")}, il ne le cherchait pas.`;
    return missed === 0
      ? `${where} Rien de tel ne s’y est produit.`
      : `${where} ${counted(missed, "événement survenu là compte comme manqué", "événements survenus là comptent comme manqués", "fr")}.`;
  })}</p>${reasons.slice(0, MOST_REASONS).map((reason) => html`<p>${foreign(reason)}</p>`)}</div>`;
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
      const between = betweenShares(precisionInterval, language);
      const all = f.number(alerts);
      const right = f.number(hits);
      if (hits === alerts)
        out.push(
          en
            ? `${hits === 2 ? "Both" : `All ${all}`} alerts were right (${between}).`
            : `Les ${hits === 2 ? "deux" : all} alertes étaient justes (${between}).`,
        );
      else if (hits === 0)
        out.push(
          en
            ? `Of ${all} alerts none was right (${between}).`
            : `Sur ${all} alertes, aucune n’était juste (${between}).`,
        );
      else
        out.push(
          en
            ? `Of ${all} alerts ${right} ${hits === 1 ? "was" : "were"} right (${between}).`
            : `Sur ${all} alertes, ${right} ${hits === 1 ? "était juste" : "étaient justes"} (${between}).`,
        );
    }
    if (duplicates > 0) {
      out.push(
        en
          ? `${counted(duplicates, "further alert was", "further alerts were", "en")} of an event that it had raised already.`
          : `${counted(duplicates, "autre alerte portait", "autres alertes portaient", "fr")} sur un événement déjà signalé.`,
      );
    }
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
    : `La moitié des alertes sont venues dans les ${of(p50)} après le début de l’événement, neuf sur dix dans les ${of(p90)}.`;
}
