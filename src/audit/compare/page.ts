import { renderDocument } from "../../report/document.ts";
import { foreign, type Html, html } from "../../report/html.ts";
import { clockTime, type Language } from "../../report/language.ts";
import { AUDIT_STYLE } from "../report/style.ts";
import { both, COLON, counted, each, eventTitle } from "../report/words.ts";
import type { ComparedSystem, Comparison, EventComparison, FoundByOne } from "./compare.ts";
import { differenceDrawing } from "./drawing.ts";
import { FEWEST_CAMERAS } from "./paired-intervals.ts";
import {
  countTests,
  eventRows,
  eventSentences,
  type FigureRow,
  headline,
  otherRows,
  readingOrder,
  recordingsWords,
  systemWords,
} from "./sentences.ts";

export interface ComparisonPageInput {
  readonly comparison: Comparison;
  /** What the page opens in; both languages are in it. */
  readonly language: Language;
  /** Style rules of the embedded typefaces, may be empty. */
  readonly fonts: string;
}

/** The comparison as one self-contained HTML file, the answer first. */
export function renderComparison({ comparison, language, fonts }: ComparisonPageInput): string {
  const { a, b } = comparison;
  // What neither looked for comes last: it tells nothing of either.
  const events = readingOrder(comparison).toSorted((a, b) => Number(isUnwatched(a)) - Number(isUnwatched(b)));
  const tests = countTests(comparison);
  return renderDocument({
    title: { en: `${a.name} and ${b.name} compared`, fr: `${a.name} et ${b.name} comparés` },
    kind: { en: "comparison", fr: "comparaison" },
    language,
    fonts,
    style: `${AUDIT_STYLE}h1 + dl.proof { margin-top: 24px; }\n`,
    body: html`<h1>${each((one) => headline(comparison, one))}</h1>
<dl class="proof"><dt>A</dt><dd>${foreign(systemWords(a))}</dd><dt>B</dt><dd>${foreign(systemWords(b))}</dd>
<dt>${both("Measured on", "Mesurés sur")}</dt><dd>${foreign(comparison.suite.name)}${COLON}${each((one) => recordingsWords(comparison, one))}</dd></dl>
${faults("A", a)}${faults("B", b)}
<div class="answers">${events.map((event) => answer(event, tests))}</div>
${figures(events.filter((of) => eventRows(of, "en").length > 0))}
${other(comparison)}
${events.map(moments)}
${method(comparison)}`,
  });
}

function isUnwatched({ exposureSeconds: { a, b } }: EventComparison): boolean {
  return a === 0 && b === 0;
}

function answer(of: EventComparison, tests: number): Html {
  const said = (language: Language) => eventSentences(of, tests, language);
  return html`<article><h2>${eventTitle(of.event)}</h2>
<p class="found">${each((language) => said(language).slice(0, 1).join(" "))}</p>
<p class="muted">${each((language) => said(language).slice(1).join(" "))}</p></article>`;
}

function faults(name: string, { faults: count }: ComparedSystem): Html {
  if (count === 0) return html``;
  return html`<p class="note warn">${each((language) =>
    language === "en"
      ? `${name} could not analyse ${counted(count, "recording", "recordings", "en")} to the end. What happened there counts as missed.`
      : `${name} n’a pas pu analyser ${counted(count, "enregistrement", "enregistrements", "fr")} jusqu’au bout. Ce qui s’y est passé compte comme manqué.`,
  )}</p>`;
}

function figures(events: readonly EventComparison[]): Html {
  if (events.length === 0) return html``;
  return html`<section><h2>${both("The differences, with how sure they are", "Les écarts, et leur degré de certitude")}</h2>
<p>${both(
    "Each mark is B minus A; the line through it is the range in which the difference lies, as far as these recordings can tell. Where it crosses the middle, the two may as well be alike.",
    "Chaque marque est B moins A ; le trait qui la traverse est la fourchette où se trouve l’écart, autant que ces enregistrements permettent de le dire. S’il traverse le milieu, les deux peuvent aussi bien se valoir.",
  )}</p>
${differenceDrawing(events)}
${events.map((of) => html`<h3>${eventTitle(of.event)}</h3>${table((language) => eventRows(of, language))}`)}</section>`;
}

function other(comparison: Comparison): Html {
  if (otherRows(comparison, "en").length === 0) return html``;
  return html`<section><h2>${both("Counts and tracks", "Comptages et pistes")}</h2>${table((language) => otherRows(comparison, language))}</section>`;
}

/** Rows of the two languages differ in words alone. */
function table(rows: (language: Language) => readonly FigureRow[]): Html {
  const french = rows("fr");
  const cell = (en: FigureRow, fr: FigureRow | undefined, name: keyof FigureRow) =>
    both(en[name], fr?.[name] ?? en[name]);
  return html`<div class="scroll"><table><thead><tr><td></td><th scope="col" class="num">A</th><th scope="col" class="num">B</th><th scope="col" class="num">B − A</th><th scope="col" class="num">${both("95 % range", "Fourchette à 95 %")}</th></tr></thead><tbody>${rows(
    "en",
  ).map((en, index) => {
    const fr = french[index];
    return html`<tr><th scope="row">${cell(en, fr, "label")}</th>${(["a", "b", "difference", "interval"] as const).map((name) => html`<td class="num">${cell(en, fr, name)}</td>`)}</tr>`;
  })}</tbody></table></div>`;
}

function moments(of: EventComparison): Html {
  if (of.onlyA.length + of.onlyB.length === 0) return html``;
  return html`<section><h2>${eventTitle(of.event)}${COLON}${both("found by one alone", "trouvés par un seul")}</h2>
${momentTable("A", of.onlyA)}${momentTable("B", of.onlyB)}</section>`;
}

function momentTable(name: string, found: readonly FoundByOne[]): Html {
  if (found.length === 0) return html``;
  const rows = found.map(
    ({ clip, rule, begin, end, at }) =>
      html`<tr><th scope="row">${foreign(clip)}</th><td>${foreign(rule)}</td><td class="num">${clockTime(begin)}–${clockTime(end)}</td><td class="num">${clockTime(at)}</td></tr>`,
  );
  return html`<div class="scroll"><table><caption>${both(`By ${name} alone`, `Par ${name} seul`)}</caption><thead><tr><th scope="col">${both("Recording", "Enregistrement")}</th><th scope="col">${both("Rule", "Règle")}</th><th scope="col" class="num">${both("When", "Quand")}</th><th scope="col" class="num">${both("Raised at", "Levée à")}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function method(comparison: Comparison): Html {
  const { suite, a, b, cameras } = comparison;
  return html`<section><h2>${both("How they were compared", "Comment on a comparé")}</h2>
<ul class="limits">
<li>${both(
    "Both saw the same recordings with the same truth, and are compared event by event: what both find, or both miss, says nothing of a difference. Whether the rest is chance: McNemar’s exact test.",
    "Les deux ont vu les mêmes enregistrements, avec la même vérité, et sont comparés événement par événement : ce que les deux trouvent, ou manquent, ne dit rien d’un écart. Le hasard suffit-il à expliquer le reste : test exact de McNemar.",
  )}</li>
<li>${
    cameras >= FEWEST_CAMERAS
      ? both(
          "Ranges: whole cameras drawn again, 2,000 times, both systems together, because events of one camera resemble each other.",
          "Fourchettes : caméras entières retirées au sort 2 000 fois, les deux systèmes ensemble, car les événements d’une même caméra se ressemblent.",
        )
      : both(
          `With fewer than ${FEWEST_CAMERAS} cameras, cameras cannot be drawn again. Ranges take each event for itself (Newcombe’s method 10 for pairs, exact Poisson for false alarms), and are narrower than they should be.`,
          `Avec moins de ${FEWEST_CAMERAS} caméras, on ne peut pas retirer les caméras au sort. Les fourchettes prennent chaque événement à part (méthode 10 de Newcombe pour les paires, Poisson exact pour les fausses alertes) et sont plus étroites qu’elles ne devraient l’être.`,
        )
  }</li>
<li>${both(
    "Questions asked of the same recordings are corrected for their number (Holm). A difference is called more than chance below 0.05 after that, and only if its range leaves out zero.",
    "Les questions posées aux mêmes enregistrements sont corrigées de leur nombre (Holm). On ne parle de plus que du hasard qu’en dessous de 0,05 après cela, et si la fourchette exclut zéro.",
  )}</li>
<li>${both(
    "No difference shown does not mean that there is none: with few events, only great differences show.",
    "Ne pas montrer d’écart ne veut pas dire qu’il n’y en a pas : avec peu d’événements, seuls les grands écarts se voient.",
  )}</li>
<li>${both(
    "These recordings are no sample of a city. Which system is better elsewhere is another question.",
    "Ces enregistrements ne représentent pas une ville. Savoir quel système est meilleur ailleurs est une autre question.",
  )}</li>
</ul>
<dl class="proof"><dt>${both("Seal of the suite", "Scellé de la suite")}</dt><dd${suite.sha256 === null ? "" : MONO}>${
    suite.sha256 ??
    both(
      "not the same for both; recordings and events were found to agree one by one",
      "différent pour les deux ; enregistrements et événements concordent un à un",
    )
  }</dd>
<dt>A</dt><dd>${each((_, f) => f.instant(a.endedAt))}</dd><dt>B</dt><dd>${each((_, f) => f.instant(b.endedAt))}</dd></dl></section>`;
}

const MONO = html` class="mono"`;
