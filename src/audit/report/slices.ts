import { foreign, type Html, html } from "../../report/html.ts";
import { FORMATS, type Language } from "../../report/language.ts";
import type { Assessment, SliceAssessment } from "../scoring/assessment.ts";
import type { SliceComparison } from "../scoring/slice-comparisons.ts";
import { both, counted, each, eventNoun, eventTitle, figure, shareCell } from "./words.ts";

const MOST_ROWS = 120;
const MOST_COMPARISONS = 60;

/** The same figures under each declared condition, and whether their differences are more than chance. */
export function sliceSection(assessment: Assessment): Html {
  const { slices, comparisons, events } = assessment;
  const byEvent = events.flatMap(({ event, byEventCondition }) =>
    byEventCondition.map((one) => ({ event, ...one })),
  );
  if (slices.length === 0 && byEvent.length === 0) return html``;
  const rows = [
    ...slices.map(
      (slice) =>
        html`<tr><th scope="row">${foreign(slice.key)}${both(": ", " : ")}${foreign(slice.value)}</th><td>${eventTitle(slice.event)}</td><td class="num">${foundCell(slice)}</td><td class="num">${rateCell(slice)}</td></tr>`,
    ),
    ...byEvent.map(
      ({ event, key, value, recall }) =>
        html`<tr><th scope="row">${foreign(key)}${both(": ", " : ")}${foreign(value)}</th><td>${eventTitle(event)}</td><td class="num">${each((_, f) => `${f.number(recall.k)} / ${f.number(recall.n)} · ${shareCell(recall.value, recall.wilson, f)}`)}</td><td class="num">–</td></tr>`,
    ),
  ];
  const more = rows.length - MOST_ROWS;
  return html`<section><h2>${both("Under which conditions", "Dans quelles conditions")}</h2>
<p>${both(
    "A condition is what somebody wrote down about a recording or an event: night, rain, a crowd. The system infers none.",
    "Une condition est ce que quelqu’un a noté d’un enregistrement ou d’un événement : nuit, pluie, foule. Le système n’en déduit aucune.",
  )}</p>
<div class="scroll"><table class="long"><thead><tr><th scope="col">${both("Condition", "Condition")}</th><th scope="col">${both("Event", "Événement")}</th><th scope="col" class="num">${both("Found, of those that happened", "Trouvés, sur ceux survenus")}</th><th scope="col" class="num">${both("False alarms an hour", "Fausses alertes par heure")}</th></tr></thead><tbody>${rows.slice(0, MOST_ROWS)}</tbody></table></div>${
    more <= 0
      ? ""
      : html`<p class="small muted">${each((language, f) => (language === "en" ? `And ${f.number(more)} more in the scores.` : `Et ${f.number(more)} de plus dans les scores.`))}</p>`
  }
${comparisonPart(comparisons.comparisons)}${
  comparisons.uncompared.length === 0
    ? ""
    : html`<p class="small muted">${both("Not compared, for it has too many values: ", "Non comparées, car elles ont trop de valeurs : ")}${comparisons.uncompared.map(({ key, values }, index) => html`${index === 0 ? "" : ", "}${foreign(key)} (${values})`)}.</p>`
}</section>`;
}

function foundCell({ references, hits, recall }: SliceAssessment): Html {
  return each((_, f) =>
    references === 0
      ? "–"
      : `${f.number(hits)} / ${f.number(references)} · ${shareCell(recall.value, recall.wilson, f)}`,
  );
}

function rateCell({ falseAlarmsPerHour: { value, garwood } }: SliceAssessment): Html {
  if (value === null || garwood === null) return html`–`;
  return each((_, f) => `${figure(value, f)} (${figure(garwood[0], f)}–${figure(garwood[1], f)})`);
}

function comparisonPart(comparisons: readonly SliceComparison[]): Html {
  if (comparisons.length === 0) return html``;
  const ordered = comparisons.toSorted((a, b) => a.adjustedP - b.adjustedP);
  const findings = ordered.filter(({ different }) => different);
  const more = ordered.length - MOST_COMPARISONS;
  const exploratory = ordered.some((one) => one.exploratory);
  return html`<h3>${both("Are the differences more than chance?", "Les écarts dépassent-ils le hasard ?")}</h3>
${
  findings.length === 0
    ? html`<p>${each((language) =>
        language === "en"
          ? `None that can be told from chance, of ${counted(ordered.length, "comparison", "comparisons", "en")}. With few events that does not mean that there are none.`
          : `Aucun que l’on puisse distinguer du hasard, sur ${counted(ordered.length, "comparaison", "comparaisons", "fr")}. Avec peu d’événements, cela ne veut pas dire qu’il n’y en a pas.`,
      )}</p>`
    : html`<ul class="limits">${findings.slice(0, 10).map((finding) => html`<li>${findingWords(finding)}</li>`)}</ul>`
}
${
  exploratory
    ? html`<p class="note warn">${both(
        "Exploratory: which conditions to compare was not fixed before the run. What stands out is a hint to look into on other recordings, not a finding.",
        "À titre exploratoire : les conditions à comparer n’avaient pas été fixées avant la mesure. Ce qui ressort est une piste à vérifier sur d’autres enregistrements, pas un constat.",
      )}</p>`
    : ""
}
<div class="scroll"><table class="long"><thead><tr><th scope="col">${both("Compared", "Comparaison")}</th><th scope="col">${both("Event", "Événement")}</th><th scope="col" class="num">${both("First", "Première")}</th><th scope="col" class="num">${both("Second", "Seconde")}</th><th scope="col" class="num">${both("Difference (range)", "Écart (fourchette)")}</th><th scope="col" class="num">${both("By chance (corrected p)", "Par hasard (p corrigé)")}</th></tr></thead><tbody>${ordered.slice(0, MOST_COMPARISONS).map(comparisonRow)}</tbody></table></div>
<p class="small muted">${more > 0 ? each((language, f) => (language === "en" ? `And ${f.number(more)} more. ` : `Et ${f.number(more)} de plus. `)) : ""}${both(
    "Fisher’s exact test for shares found, the conditional test of two Poisson rates for false alarms; p after Holm’s correction for all comparisons made together. Ranges at 95 %, each for itself (Newcombe’s way).",
    "Test exact de Fisher pour les parts trouvées, test conditionnel de deux taux de Poisson pour les fausses alertes ; p après correction de Holm pour l’ensemble des comparaisons. Fourchettes à 95 %, chacune pour elle-même (à la manière de Newcombe).",
  )}</p>`;
}

/** "Intrusions, light: it found 40 of 100 under night and 95 under day." */
function findingWords({ event, key, measure, a, b, exploratory }: SliceComparison): Html {
  const said = (language: Language) => {
    const f = FORMATS[language];
    const share = measure === "recall";
    const of = (value: number) => (share ? f.number(value * 100) : figure(value, f));
    const noun = eventNoun(event, language).many;
    if (language === "en")
      return share
        ? html`Of 100 ${noun} it finds ${of(a.value)} where ${foreign(key)} is ${foreign(a.slice)}, and ${of(b.value)} where it is ${foreign(b.slice)}.`
        : html`It raises ${of(a.value)} false alarms an hour (${noun}) where ${foreign(key)} is ${foreign(a.slice)}, and ${of(b.value)} where it is ${foreign(b.slice)}.`;
    return share
      ? html`Sur 100 ${noun}, il en trouve ${of(a.value)} quand ${foreign(key)} vaut ${foreign(a.slice)}, et ${of(b.value)} quand c’est ${foreign(b.slice)}.`
      : html`Il lève ${of(a.value)} fausses alertes par heure (${noun}) quand ${foreign(key)} vaut ${foreign(a.slice)}, et ${of(b.value)} quand c’est ${foreign(b.slice)}.`;
  };
  return html`${each(said)}${exploratory ? html` <span class="muted">${both("(exploratory)", "(exploratoire)")}</span>` : ""}`;
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
  return html`<tr><th scope="row">${foreign(key)}${both(": ", " : ")}${foreign(a.slice)} / ${foreign(b.slice)}<br><span class="small muted">${share ? both("share found", "part trouvée") : both("false alarms an hour", "fausses alertes par heure")}${exploratory ? both(", exploratory", ", exploratoire") : ""}</span></th><td>${eventTitle(event)}</td><td class="num">${each((language) => cell(a.value, language))}</td><td class="num">${each((language) => cell(b.value, language))}</td><td class="num">${each((language) => `${signed(difference, language)} (${signed(interval[0], language)}${language === "en" ? " to " : " à "}${signed(interval[1], language)})`)}</td><td class="num">${each((_, f) => (adjustedP < 0.001 ? `< ${f.number(0.001, 3)}` : f.number(adjustedP, 3)))}</td></tr>`;
}
