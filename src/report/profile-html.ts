import type {
  PageInstrument,
  PageLane,
  PagePractice,
  PageRule,
  PageStatement,
  ProfilePage,
} from "../policy/profile-page.ts";
import { PROFILE_WORDS, type ProfileWords } from "../policy/profile-words.ts";
import { renderDocument } from "./document.ts";
import { foreign, Html, html } from "./html.ts";
import type { Language } from "./language.ts";
import { laneDrawing } from "./profile-timeline.ts";

export interface ProfileHtmlInput {
  readonly pages: Readonly<Record<Language, ProfilePage>>;
  /** What the page opens in; the reader can change it. */
  readonly language: Language;
  /** Style rules of the embedded typefaces, may be empty. */
  readonly fonts: string;
}

/** A profile as one file for people, in both languages. */
export function renderProfile({ pages, language, fonts }: ProfileHtmlInput): string {
  return renderDocument({
    title: { en: pages.en.title, fr: pages.fr.title },
    kind: { en: "law as data", fr: "le droit en données" },
    language,
    fonts,
    style: PROFILE_STYLE,
    patterns: PATTERN,
    body: [pages.en, pages.fr].map(body),
  });
}

function body(page: ProfilePage): Html {
  const words = PROFILE_WORDS[page.language];
  const { heading } = words;
  return html`<div lang="${page.language}">
<h1>${foreign(page.title)}</h1>
<p class="lead">${foreign(page.summary)}</p>
<dl class="proof">${page.facts.map(([name, value]) => html`<dt>${name}</dt><dd${value.startsWith("sha256 ") ? MONO : ""}>${foreign(value)}</dd>`)}</dl>
<p class="note">${words.notLegalAdvice}</p>
<section><h2>${heading.timeline}</h2>${page.lanes.map((lane) => laneSection(lane, words))}</section>
${
  page.conditions.length === 0
    ? ""
    : html`<section><h2>${heading.conditions}</h2><p>${words.nothingElse}</p><ul class="limits">${page.conditions.map((text) => html`<li>${text}</li>`)}</ul></section>`
}
${page.rules.length === 0 ? "" : html`<section><h2>${heading.rules}</h2>${page.rules.map((rule) => ruleArticle(rule, words))}</section>`}
${page.otherwise === null ? "" : html`<section><h2>${heading.otherwise}</h2><p>${foreign(page.otherwise.text)}</p><dl class="facts">${grounds(page.otherwise, words)}</dl></section>`}
${page.practices.length === 0 ? "" : html`<section><h2>${heading.practices}</h2>${page.practices.map((practice) => practiceArticle(practice, words))}</section>`}
<section><h2>${heading.instruments}</h2>${page.instruments.map((instrument) => instrumentArticle(instrument, words))}</section>
<section><h2>${heading.correction}</h2>${page.correction.map((text) => html`<p class="correction">${text.replaceAll("`", "")}</p>`)}</section>
</div>`;
}

/** The picture says nothing that the table under it does not say in words, so readers' aids skip it. */
function laneSection(lane: PageLane, { heading }: ProfileWords): Html {
  const rows = lane.spans.map(
    ({ fromWords, untilWords, verdict, answer, ruleIds }, index) =>
      html`<tr><th scope="row" class="num">${index + 1}</th><td class="when">${fromWords}</td><td class="when">${untilWords}</td><td class="${verdict}">${answer}</td><td>${ruleIds.map((id, at) => html`${at === 0 ? "" : ", "}<span class="mono">${foreign(id)}</span>`)}</td></tr>`,
  );
  return html`<h3 class="first">${lane.about}</h3>
${lane.spans.length > 1 ? laneDrawing(lane) : ""}
<div class="scroll"><table><thead><tr><th scope="col" class="num"></th><th scope="col">${heading.from}</th><th scope="col">${heading.until}</th><th scope="col">${heading.answer}</th><th scope="col">${heading.by}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function ruleArticle(rule: PageRule, words: ProfileWords): Html {
  const { heading } = words;
  return html`<article class="rule"><h3 class="mono">${foreign(rule.id)}</h3>
<p><b>${rule.effectWords}</b> ${rule.days}. ${foreign(rule.text)}</p>
<dl class="facts"><dt>${heading.concerns}</dt><dd>${rule.about}</dd>
${rule.territory === null ? "" : html`<dt>${heading.jurisdiction}</dt><dd>${foreign(rule.territory)}</dd>`}
<dt>${heading.text}</dt><dd>${foreign(rule.instrument)}</dd>${grounds(rule, words)}</dl></article>`;
}

function practiceArticle(practice: PagePractice, words: ProfileWords): Html {
  const { heading } = words;
  return html`<article class="rule"><h3 class="mono">${foreign(practice.id)}</h3>
<p>${foreign(practice.text)} <span class="muted">(${practice.days})</span></p>
<dl class="facts"><dt>${heading.absence}</dt><dd>${foreign(practice.absence)}</dd>
<dt>${heading.proofs}</dt><dd>${practice.proofs.map((path) => html`<span class="mono">${foreign(path)}</span><br>`)}</dd>${grounds(practice, words)}</dl></article>`;
}

function instrumentArticle(instrument: PageInstrument, words: ProfileWords): Html {
  const { heading } = words;
  return html`<article class="rule"><h3>${foreign(instrument.text)}</h3>
${instrument.note === null ? "" : html`<p>${foreign(instrument.note)}</p>`}
<dl class="facts"><dt>${heading.status}</dt><dd>${instrument.status}</dd>${grounds(instrument, words)}
<dt>${heading.name}</dt><dd class="mono">${foreign(instrument.id)}</dd></dl></article>`;
}

/** Source and check: what every statement ends with. The mark is a word, and a sign for those who skim. */
function grounds({ citation, url, check, verified }: PageStatement, { heading }: ProfileWords): Html {
  const cited =
    url === null ? foreign(citation) : html`<a href="${url}" rel="noreferrer">${foreign(citation)}</a>`;
  return html`<dt>${heading.source}</dt><dd>${cited}</dd>
<dt>${heading.check}</dt><dd class="${verified ? "checked" : "unchecked"}">${verified ? "✓ " : "? "}${foreign(check)}</dd>`;
}

const MONO = Html.trusted(' class="mono"');

/** The hatching of what is refused, drawn once. */
const PATTERN = html`<svg class="marks" aria-hidden="true"><defs><pattern id="refused" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs></svg>`;

const PROFILE_STYLE = `
:root { --allowed: #2f6b4f; }
@media (prefers-color-scheme: dark) { :root { --allowed: #7cc9a3; } }
.timeline .permitted { fill: var(--allowed); stroke: var(--allowed); }
.timeline .denied { fill: url(#refused); stroke: var(--muted); }
.timeline .unverified { fill: none; stroke: var(--open); stroke-dasharray: 4 3; }
.timeline .silent { fill: none; stroke: var(--rule); }
.timeline .number { font-size: 12px; text-anchor: middle; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.timeline .number.on { fill: var(--paper); stroke: none; }
td.permitted { color: var(--allowed); font-weight: 650; } td.unverified { color: var(--open); }
dd.checked { color: var(--allowed); } dd.unchecked { color: var(--open); }
article.rule { padding: 16px 0; border-bottom: 1px solid var(--rule); break-inside: avoid; }
article.rule:last-child { border-bottom: 0; } article.rule h3 { margin: 0 0 4px; }
.correction { margin-bottom: 12px; }
@media (max-width: 640px) { dl.facts { grid-template-columns: minmax(0, 1fr); gap: 0; } dl.facts dd { margin-bottom: 8px; } }
@media print { :root { --allowed: #2f6b4f; } }
`;
