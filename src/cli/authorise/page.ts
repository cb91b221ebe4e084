import { stripVTControlCharacters, styleText } from "node:util";
import type { AuthorisationPage, PageBlock, PageValue } from "../../policy/authorisation-page.ts";
import { renderDocument } from "../../report/document.ts";
import { foreign, type Html, html } from "../../report/html.ts";
import type { Language } from "../../report/language.ts";

/** The page in both languages. */
export type Pages = Readonly<Record<Language, AuthorisationPage>>;

/**
 * One self-contained HTML file.
 * @param language what it opens in; the reader can change it
 * @param fonts style rules of the embedded typefaces, may be empty
 */
export function renderHtml({ en, fr }: Pages, language: Language, fonts: string): string {
  return renderDocument({
    title: { en: en.title, fr: fr.title },
    kind: { en: en.kind, fr: fr.kind },
    language,
    fonts,
    style: OWN_STYLE,
    body: html`<div lang="en">${pageBody(en)}</div>
<div lang="fr">${pageBody(fr)}</div>`,
  });
}

// Beside the report's style: a table of texts needs its columns' width shared, a fact its address to wrap.
const OWN_STYLE = `
td, dd { overflow-wrap: anywhere; }
table.texts td { min-width: 8em; }
main .note { font-size: 20px; line-height: 1.4; }
ul.plain { padding-left: 20px; margin: 8px 0; }
p + p, p + dl, dl + p, ul + p { margin-top: 12px; }
`;

function pageBody(page: AuthorisationPage): Html {
  return html`<h1>${foreign(page.title)}</h1>
<p class="note${page.permits ? "" : " warn"}">${foreign(page.standing)}</p>
${page.sections.map(
  ({ heading, blocks }) => html`<section><h2>${heading}</h2>${blocks.map(blockHtml)}</section>`,
)}`;
}

function blockHtml(block: PageBlock): Html {
  switch (block.kind) {
    case "text":
      return html`<p>${foreign(block.text)}</p>`;
    case "list":
      return html`<ul class="plain">${block.items.map((item) => html`<li>${foreign(item)}</li>`)}</ul>`;
    case "facts":
      return html`<dl class="facts">${block.rows.map(([name, value]) => html`<dt>${name}</dt><dd>${valueHtml(value)}</dd>`)}</dl>`;
    case "table":
      return html`<div class="scroll"><table class="texts"><thead><tr>${block.head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${block.rows.map(
        (row) => html`<tr>${row.map((cell) => html`<td>${foreign(cell)}</td>`)}</tr>`,
      )}</tbody></table></div>`;
  }
}

function valueHtml(value: PageValue): Html {
  if (typeof value === "string") return foreign(value);
  if ("digits" in value) return html`<span class="mono">${foreign(value.digits)}</span>`;
  // The schema admits https and http addresses alone.
  return html`<a href="${value.href}">${foreign(value.href)}</a>`;
}

/** The page for a terminal. What a document says cannot steer it. @param width columns to wrap at */
export function renderText(page: AuthorisationPage, width: number): string {
  const lines = [
    styleText("dim", page.kind),
    styleText("bold", safe(page.title)),
    styleText(page.permits ? "green" : "yellow", safe(page.standing)),
  ];
  for (const { heading, blocks } of page.sections) {
    lines.push("", styleText("bold", heading));
    for (const block of blocks) lines.push(...blockText(block, width));
  }
  return lines.join("\n");
}

function blockText(block: PageBlock, width: number): readonly string[] {
  switch (block.kind) {
    case "text":
      return wrap(safe(block.text), width, "  ", "  ");
    case "list":
      return block.items.flatMap((item) => wrap(safe(item), width, "  - ", "    "));
    case "facts": {
      const column = Math.min(30, Math.max(...block.rows.map(([name]) => name.length)) + 2);
      return block.rows.flatMap(([name, value]) => {
        const head = `  ${safe(name).padEnd(column)}`;
        return wrap(safe(plainValue(value)), width, head, " ".repeat(column + 2));
      });
    }
    case "table":
      return block.rows.flatMap((row) =>
        wrap(safe(row.filter((cell) => cell !== "").join(" · ")), width, "  - ", "    "),
      );
  }
}

function plainValue(value: PageValue): string {
  if (typeof value === "string") return value;
  return "href" in value ? value.href : value.digits;
}

function wrap(text: string, width: number, first: string, others: string): readonly string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(/\s+/)) {
    if (line.trim() !== "" && line !== first && line.length + word.length + 1 > width) {
      lines.push(line.trimEnd());
      line = others;
    }
    line += line === first || line === others ? word : ` ${word}`;
  }
  return [...lines, line.trimEnd()];
}

function safe(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, " ");
}
