import type { AuditRecord } from "../../audit/record.ts";
import { alarmWords, foundWords } from "../../audit/report/answer.ts";
import { betweenShares, capital, counted, eventNoun, ofHundred } from "../../audit/report/words.ts";
import type { ScoredLog } from "../../audit/score/score-log.ts";
import type { EventScores, Scores } from "../../audit/scores.ts";
import { fScore } from "../../audit/scoring/scores.ts";
import { tallyEvent } from "../../audit/scoring/tally.ts";
import type { CodedError } from "../../errors.ts";
import { FORMATS, type Language } from "../../report/language.ts";

/** Reasons that are spelt out; the report and the record have up to 1000. */
const SHOWN_ROWS = 3;

/** What `audit score` says to a person: the answer, what could not be scored, and what the clock has to do with it. */
export function answer(scored: ScoredLog, scores: Scores, language: Language): string {
  const { record } = scored;
  const f = FORMATS[language];
  const fr = language === "fr";
  const lines: string[] = [];
  const name = record.system.name;
  const hours = f.hours(scores.exposureHours * 3600);
  lines.push(fr ? `${name} : ${hours} heures-caméra.` : `${name}: ${hours} camera-hours.`);
  for (const [event, found] of Object.entries(scores.events)) {
    const tally = tallyEvent(record.clips, event);
    lines.push("", capital(eventNoun(event, language).many));
    lines.push(`  ${foundWords(event, found, language, f)}`);
    lines.push(`  ${alarmWords(found, tally.exposureSeconds, language)}`);
    lines.push(...precisionLines(found, record, language).map((line) => `  ${line}`));
  }
  lines.push("", ...rowLines(scored, language), "", ...clockLines(scored, language));
  lines.push(
    "",
    fr
      ? "Les fourchettes sont à 95 %. Ce qui se passe ailleurs est une autre affaire."
      : "Ranges are 95 % intervals. What happens elsewhere is another matter.",
  );
  return `${lines.join("\n")}\n`;
}

function precisionLines(found: EventScores, record: AuditRecord, language: Language): readonly string[] {
  const f = FORMATS[language];
  const fr = language === "fr";
  const lines: string[] = [];
  const { recallBias } = record.settings;
  const { precision, precisionInterval, duplicates, secondsToAlert } = found;
  if (precision !== null) {
    const between = betweenShares(precisionInterval, language);
    lines.push(
      fr
        ? `Sur 100 alertes, ${ofHundred(precision, f)} étaient justes (${between}).`
        : `Of 100 alerts, ${ofHundred(precision, f)} were right (${between}).`,
    );
  }
  if (duplicates > 0) {
    const all = counted(
      duplicates,
      fr ? "alerte de plus" : "further alert",
      fr ? "alertes de plus" : "further alerts",
      language,
    );
    lines.push(
      fr
        ? `${all} pour des événements déjà trouvés : ni justes ni fausses.`
        : `${all} of events that were found already: neither right nor wrong.`,
    );
  }
  const { p50, p90 } = secondsToAlert;
  // Of a clock that was set right by the alerts themselves, no time to alert can be told.
  if (p50 !== null && p90 !== null && record.log?.clockOffset?.applied !== true) {
    lines.push(
      fr
        ? `Délai d’alerte, depuis le début de l’événement : ${f.number(p50, 1)} s en médiane ; neuf fois sur dix, au plus ${f.number(p90, 1)} s.`
        : `Time to alert, from the event’s begin: ${f.number(p50, 1)} s in the median; nine times out of ten, at most ${f.number(p90, 1)} s.`,
    );
  }
  if (recallBias !== 1) {
    const score = fScore(found.recall, found.precision, recallBias);
    const shown = score === null ? "–" : f.number(score, 3);
    lines.push(
      fr
        ? `F1 i-LIDS avec un biais de rappel de ${f.number(recallBias)} : ${shown}.`
        : `i-LIDS F1 with a recall bias of ${f.number(recallBias)}: ${shown}.`,
    );
  }
  return lines;
}

function rowLines(
  { record, rejectedByCode, broken, byRule }: ScoredLog,
  language: Language,
): readonly string[] {
  const { log } = record;
  if (log === null) return [];
  const f = FORMATS[language];
  const fr = language === "fr";
  const lines: string[] = [];
  if (broken)
    lines.push(
      fr
        ? "ATTENTION : le journal s’interrompt avant sa fin. Ce qui suit manque à ces résultats."
        : "WARNING: the log breaks off before its end. What follows is missing from these results.",
    );
  const rows = counted(log.rows, fr ? "ligne" : "row", fr ? "lignes" : "rows", language);
  if (log.rejected === 0)
    lines.push(fr ? `${rows} dans le journal, toutes notées.` : `${rows} in the log, all scored.`);
  else {
    lines.push(
      fr
        ? `${rows} dans le journal, dont ${f.number(log.rejected)} n’ont pas pu être notées : elles ne comptent ni pour ni contre le système.`
        : `${rows} in the log, of which ${f.number(log.rejected)} could not be scored: they count neither for nor against the system.`,
    );
  }
  for (const [code, count] of rejectedByCode) {
    lines.push(`  ${f.number(count)} × ${reason(code, language)} (${code})`);
    for (const { message } of log.rejections.filter((one) => one.code === code).slice(0, SHOWN_ROWS))
      lines.push(`      ${message}`);
  }
  const named = [...byRule].sort().join(", ");
  if (named !== "") lines.push(fr ? `Rapprochés par règle : ${named}.` : `Matched by rule: ${named}.`);
  return lines;
}

function clockLines({ record, corrected }: ScoredLog, language: Language): readonly string[] {
  const f = FORMATS[language];
  const fr = language === "fr";
  const offset = record.log?.clockOffset ?? null;
  if (offset === null) {
    return [
      fr
        ? "Horloge : on n’a pas pu estimer si celle du journal s’accorde avec la référence (trop peu d’alertes concordent, ou il y en a partout)."
        : "Clock: whether the log's agrees with the reference's could not be estimated (too few alerts agree, or they are everywhere).",
    ];
  }
  const { seconds, applied, pairs, spread } = offset;
  const sign = seconds < 0 ? "−" : "+";
  const by = `${sign}${f.number(Math.abs(seconds), 1)} s`;
  const from = counted(
    pairs,
    fr ? "couple alerte-événement" : "pair of alert and event",
    fr ? "couples alerte-événement" : "pairs of alert and event",
    language,
  );
  const lines = [
    fr
      ? `Horloge : journal moins référence ${by} (${from}, à ${f.number(spread, 1)} s près) ; le délai du système y est compris. ${applied ? "Corrigé avant de noter : on ne dit pas de délai d’alerte, puisqu’il y est compris." : "Non corrigé."}`
      : `Clock: log minus reference ${by} (${from}, give or take ${f.number(spread, 1)} s); what the system takes to alert is in it. ${applied ? "Corrected before scoring: times to alert are not said, for what it takes is in it." : "Not corrected."}`,
  ];
  if (corrected === null) return lines;
  const { before, after } = corrected;
  if (before.hits === after.hits && before.falseAlarms === after.falseAlarms) {
    lines.push(
      fr ? "  La corriger ne changerait pas le résultat." : "  To correct it would not change the result.",
    );
  } else if (after.hits <= before.hits) {
    lines.push(
      fr
        ? "  La corriger ne ferait pas trouver plus d’événements."
        : "  To correct it would find no more events.",
    );
  } else {
    lines.push(
      fr
        ? `  LA CORRIGER CHANGERAIT LE RÉSULTAT : ${f.number(after.hits)} événements trouvés au lieu de ${f.number(before.hits)}, ${f.number(after.falseAlarms)} fausses alertes au lieu de ${f.number(before.falseAlarms)} (--clock-offset ${seconds}).`
        : `  TO CORRECT IT WOULD CHANGE THE RESULT: ${f.number(after.hits)} events found instead of ${f.number(before.hits)}, ${f.number(after.falseAlarms)} false alarms instead of ${f.number(before.falseAlarms)} (--clock-offset ${seconds}).`,
    );
  }
  return lines;
}

/** Why rows could not be scored, in few words. */
function reason(code: CodedError["code"], language: Language): string {
  return REASONS[code]?.[language] ?? code;
}

const REASONS: Readonly<Partial<Record<CodedError["code"], Readonly<Record<Language, string>>>>> = {
  LOG_BROKEN: { en: "the log breaks off", fr: "le journal s’interrompt" },
  LOG_ROW_SHAPE: { en: "not of the format's shape", fr: "ligne mal formée" },
  LOG_ROW_NO_TIME: { en: "no time", fr: "pas d’heure" },
  LOG_ROW_TIME: { en: "a time that is none", fr: "heure illisible" },
  LOG_ROW_TIME_SKIPPED: { en: "an hour that did not exist", fr: "heure qui n’a pas existé" },
  LOG_ROW_TIME_TWICE: { en: "an hour that came twice", fr: "heure qui est venue deux fois" },
  LOG_ROW_NUMBER: { en: "a number that is none", fr: "nombre illisible" },
  LOG_ROW_BOX: { en: "a place outside the picture, or none", fr: "lieu hors de l’image, ou illisible" },
  LOG_ROW_EVENT: {
    en: "an event that the reference says nothing of",
    fr: "événement dont la référence ne dit rien",
  },
  LOG_ROW_NO_EVENT: { en: "no event", fr: "pas d’événement" },
  LOG_ROW_RULE: { en: "a rule that the reference has not", fr: "règle inconnue de la référence" },
  LOG_ROW_CLIP: { en: "a clip without a reference", fr: "séquence sans référence" },
  LOG_ROW_BEFORE: { en: "before the clip begins", fr: "avant le début de la séquence" },
  LOG_ROW_BEYOND: { en: "beyond the clip's end", fr: "après la fin de la séquence" },
  LOG_ROW_OTHER_YEAR: { en: "of another year", fr: "d’une autre année" },
  LOG_ROW_ENDS_BEFORE: { en: "ends before it begins", fr: "finit avant de commencer" },
  LOG_ROW_DUPLICATE: { en: "said already", fr: "déjà dit" },
  LOG_ROW_DECLINED: {
    en: "not raised, by the system's own decision",
    fr: "non signalé, de l’avis même du système",
  },
};
