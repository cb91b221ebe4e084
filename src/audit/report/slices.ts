import { foreign, type Html, html } from "../../report/html.ts";
import { FORMATS, type Language } from "../../report/language.ts";
import type { Assessment, SliceAssessment } from "../scoring/assessment.ts";
import type { SliceComparison } from "../scoring/slice-comparisons.ts";
import { conditionWord, conditionWords } from "./condition-words.ts";
import { both, counted, each, eventNoun, eventTitle, figure, shareCell } from "./words.ts";

const MOST_ROWS = 120;
const MOST_COMPARISONS = 60;
const MOST_FINDINGS = 10;

/**
 * The same figures under each declared condition, and whether their differences are more than chance.
 * @param preregistered keys of conditions that were named before anything was measured
 */
export function sliceSection(assessment: Assessment, preregistered: readonly string[]): Html {
  const { slices, comparisons, events } = assessment;
  const byEvent = events.flatMap(({ event, byEventCondition }) =>
    byEventCondition.map((one) => ({ event, ...one })),
  );
  if (slices.length === 0 && byEvent.length === 0 && preregistered.length === 0) return html``;
  const telling = slices.filter(tells);
  const rows = [
    ...telling.map(
      (slice) =>
        html`<tr><th scope="row">${conditionWords(slice.key, slice.value)}</th><td>${eventTitle(slice.event)}</td><td class="num">${foundCell(slice)}</td><td class="num">${alarmCell(slice)}</td></tr>`,
    ),
    ...byEvent.map(
      ({ event, key, value, recall }) =>
        html`<tr><th scope="row">${conditionWords(key, value)}<br><span class="small muted">${both("of single events", "d’événements un à un")}</span></th><td>${eventTitle(event)}</td><td class="num">${each((_, f) => html`${f.number(recall.k)} / ${f.number(recall.n)}<br>${shareCell(recall.value, recall.wilson, f)}`)}</td><td class="num">–</td></tr>`,
    ),
  ];
  const more = rows.length - MOST_ROWS;
  return html`<section><h2>${both("Under which conditions", "Dans quelles conditions")}</h2>
<p>${both(
    "A condition is what somebody wrote down about a recording or an event: night, rain, a crowd. The system infers none.",
    "Une condition est ce que quelqu’un a noté d’un enregistrement ou d’un événement : nuit, pluie, foule. Le système n’en déduit aucune.",
  )}</p>
${
  rows.length === 0
    ? ""
    : html`<div class="scroll"><table class="long"><thead><tr><th scope="col">${both("Condition", "Condition")}</th><th scope="col">${both("Event", "Événement")}</th><th scope="col" class="num">${both("Found, of those that happened", "Trouvés, sur ceux survenus")}</th><th scope="col" class="num">${both("False alarms, and how many an hour", "Fausses alertes, et combien par heure")}</th></tr></thead><tbody>${rows.slice(0, MOST_ROWS)}</tbody></table></div>`
}${
  more <= 0
    ? ""
    : html`<p class="small muted">${each((language, f) => (language === "en" ? `And ${f.number(more)} more in the scores.` : `Et ${f.number(more)} de plus dans les scores.`))}</p>`
}${
  telling.length === slices.length
    ? ""
    : html`<p class="small muted">${both(
        "Left out: what was not looked for under a condition, and where in less than an hour nothing happened and nothing was raised.",
        "Ne figurent pas : ce qui n’était pas cherché dans une condition, ni les cas où, en moins d’une heure, rien n’est arrivé et rien n’a été signalé.",
      )}</p>`
}
${comparisonPart(comparisons.comparisons, preregistered)}${
  comparisons.uncompared.length === 0
    ? ""
    : html`<p class="small muted">${both("Not compared, for it has too many values: ", "Non comparées, car elles ont trop de valeurs : ")}${comparisons.uncompared.map(({ key, values }, index) => html`${index === 0 ? "" : ", "}${foreign(key)} (${values})`)}.</p>`
}</section>`;
}

/** Whether there is anything in a row: nothing found of nothing in no time says nothing. */
function tells({ references, falseAlarms, falseAlarmsPerHour: { exposure } }: SliceAssessment): boolean {
  return exposure > 0 && (references > 0 || falseAlarms > 0 || exposure >= 1);
}

function foundCell({ references, hits, recall }: SliceAssessment): Html {
  if (references === 0) return both("none happened", "aucun survenu");
  return each(
    (_, f) =>
      html`${f.number(hits)} / ${f.number(references)}<br>${shareCell(recall.value, recall.wilson, f)}`,
  );
}

/** False alarms with the time in which they were raised, and the rate with its range. */
function alarmCell({ falseAlarms, falseAlarmsPerHour: { value, garwood, exposure } }: SliceAssessment): Html {
  if (value === null || garwood === null) return html`–`;
  return each(
    (language, f) =>
      html`${f.number(falseAlarms)} ${language === "en" ? "in" : "en"} ${f.duration(exposure * 3600)}<br>${figure(value, f)} (${figure(garwood[0], f)}–${figure(garwood[1], f)})`,
  );
}

function comparisonPart(comparisons: readonly SliceComparison[], preregistered: readonly string[]): Html {
  const compared = new Set(comparisons.map(({ key }) => key));
  const unanswered = preregistered.filter((key) => !compared.has(key));
  if (comparisons.length === 0 && unanswered.length === 0) return html``;
  // What was asked beforehand first: it is what the measurement answers.
  const ordered = comparisons.toSorted(
    (a, b) => Number(a.exploratory) - Number(b.exploratory) || a.adjustedP - b.adjustedP,
  );
  const findings = ordered.filter(({ different }) => different);
  const more = ordered.length - MOST_COMPARISONS;
  return html`<h3>${both("Are the differences more than chance?", "Les écarts dépassent-ils le hasard ?")}</h3>
${
  unanswered.length === 0
    ? ""
    : html`<p class="note warn">${both("Fixed before the run, and not answered: these recordings have nothing to compare by ", "Fixé avant la mesure, et sans réponse : ces enregistrements n’offrent rien à comparer selon ")}${unanswered.map((key, index) => html`${index === 0 ? "" : ", "}${conditionWord(key)}`)}.</p>`
}${
  ordered.length === 0
    ? ""
    : findings.length === 0
      ? html`<p>${each((language) =>
          language === "en"
            ? `None that can be told from chance, of ${counted(ordered.length, "comparison", "comparisons", "en")}. With few events that does not mean that there are none.`
            : `Aucun que l’on puisse distinguer du hasard, sur ${counted(ordered.length, "comparaison", "comparaisons", "fr")}. Avec peu d’événements, cela ne veut pas dire qu’il n’y en a pas.`,
        )}</p>`
      : html`<ul class="limits">${findings.slice(0, MOST_FINDINGS).map((finding) => html`<li>${findingWords(finding)}</li>`)}</ul>`
}
${statusNote(ordered)}
${
  ordered.length === 0
    ? ""
    : html`<div class="scroll"><table class="long"><thead><tr><th scope="col">${both("Compared", "Comparaison")}</th><th scope="col">${both("Event", "Événement")}</th><th scope="col" class="num">${both("First", "Première")}</th><th scope="col" class="num">${both("Second", "Seconde")}</th><th scope="col" class="num">${both("Difference (range)", "Écart (fourchette)")}</th><th scope="col" class="num">${both("By chance (corrected p)", "Par hasard (p corrigé)")}</th></tr></thead><tbody>${ordered.slice(0, MOST_COMPARISONS).map(comparisonRow)}</tbody></table></div>
<p class="small muted">${more > 0 ? each((language, f) => (language === "en" ? `And ${f.number(more)} more. ` : `Et ${f.number(more)} de plus. `)) : ""}${both(
        "Fisher’s exact test for shares found, the conditional test of two Poisson rates for false alarms; p after Holm’s correction for all comparisons made together, those fixed before the run apart from the others. Ranges at 95 %, each for itself (Newcombe’s way).",
        "Test exact de Fisher pour les parts trouvées, test conditionnel de deux taux de Poisson pour les fausses alertes ; p après correction de Holm pour l’ensemble des comparaisons, celles fixées avant la mesure à part des autres. Fourchettes à 95 %, chacune pour elle-même (à la manière de Newcombe).",
      )}</p>`
}`;
}

/** Which of them were questions beforehand. Every row and every finding says it of itself too. */
function statusNote(comparisons: readonly SliceComparison[]): Html {
  const exploratory = comparisons.filter((one) => one.exploratory).length;
  if (comparisons.length === 0) return html``;
  if (exploratory === 0) {
    return html`<p class="note">${both(
      "Which conditions to compare was fixed before the run.",
      "Les conditions à comparer avaient été fixées avant la mesure.",
    )}</p>`;
  }
  if (exploratory === comparisons.length) {
    return html`<p class="note warn">${both(
      "Exploratory: which conditions to compare was not fixed before the run. What stands out is a hint to look into on other recordings, not a finding.",
      "À titre exploratoire : les conditions à comparer n’avaient pas été fixées avant la mesure. Ce qui ressort est une piste à vérifier sur d’autres enregistrements, pas un constat.",
    )}</p>`;
  }
  return html`<p class="note warn">${both(
    "Some comparisons were fixed before the run; the others are exploratory: what stands out among them is a hint to look into on other recordings, not a finding.",
    "Certaines comparaisons avaient été fixées avant la mesure ; les autres sont exploratoires : ce qui en ressort est une piste à vérifier sur d’autres enregistrements, pas un constat.",
  )}</p>`;
}

function statusWords(exploratory: boolean): Html {
  return exploratory
    ? both("exploratory", "exploratoire")
    : both("fixed before the run", "fixé avant la mesure");
}

/** "Of 100 intrusions it finds 40 where light is night, and 95 where it is day." */
function findingWords({ event, key, measure, a, b, exploratory }: SliceComparison): Html {
  const said = (language: Language) => {
    const f = FORMATS[language];
    const share = measure === "recall";
    const of = (value: number) => (share ? f.number(value * 100) : figure(value, f));
    const noun = eventNoun(event, language).many;
    const [first, second] = [conditionWords(key, a.slice), conditionWord(b.slice)];
    if (language === "en")
      return share
        ? html`Of 100 ${noun} it finds ${of(a.value)} (${first}) or ${of(b.value)} (${second}).`
        : html`It raises ${of(a.value)} false alarms an hour (${first}) or ${of(b.value)} (${second}); ${noun}.`;
    return share
      ? html`Sur 100 ${noun}, il en trouve ${of(a.value)} (${first}) ou ${of(b.value)} (${second}).`
      : html`Il lève ${of(a.value)} fausses alertes par heure (${first}) ou ${of(b.value)} (${second}) ; ${noun}.`;
  };
  return html`${each(said)} <span class="muted">(${statusWords(exploratory)})</span>`;
}

function comparisonRow(comparison: SliceComparison): Html {
  const { event, key, measure, a, b, difference, interval, adjustedP, exploratory } = comparison;
  const share = measure === "recall";
  const cell = (value: number, language: Language) => {
    const f = FORMATS[language];
    return share ? f.percent(value) : figure(value, f);
  };
  const signed = (value: number, language: Language) => {
    const f = FORMATS[language];
    const size = share ? f.number(Math.abs(value) * 100) : figure(Math.abs(value), f);
    return `${value === 0 ? "" : value < 0 ? "−" : "+"}${size}`;
  };
  return html`<tr><th scope="row">${conditionWords(key, a.slice)} / ${conditionWord(b.slice)}<br><span class="small muted">${share ? both("share found", "part trouvée") : both("false alarms an hour", "fausses alertes par heure")}, ${statusWords(exploratory)}</span></th><td>${eventTitle(event)}</td><td class="num">${each((language) => cell(a.value, language))}</td><td class="num">${each((language) => cell(b.value, language))}</td><td class="num">${each((language) => `${signed(difference, language)} (${signed(interval[0], language)}${language === "en" ? " to " : " à "}${signed(interval[1], language)})`)}</td><td class="num">${each((_, f) => (adjustedP < 0.001 ? `< ${f.number(0.001, 3)}` : f.number(adjustedP, 3)))}</td></tr>`;
}
