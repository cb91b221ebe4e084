import { createHash } from "node:crypto";
import { type Fragment, Html, html } from "./html.ts";
import { both, type Language } from "./language.ts";
import { styleSheet } from "./style.ts";

export interface DocumentInput {
  readonly title: { readonly en: string; readonly fr: string };
  /** What stands beside the name at the top. */
  readonly kind: { readonly en: string; readonly fr: string };
  /** What the page opens in; the reader can change it. */
  readonly language: Language;
  /** Style rules of the embedded typefaces, may be empty. */
  readonly fonts: string;
  /** Rules of this page alone. A constant of the code. */
  readonly style: string;
  /** Drawn patterns that the body's pictures refer to. */
  readonly patterns?: Html;
  /** Whether the page holds pictures, inline; without this the content policy refuses them too. */
  readonly pictures?: boolean;
  readonly body: Fragment;
}

/**
 * A page of its own in the report's style: one file, no script, nothing fetched; the content policy refuses all but
 * the style sheet whose hash it names, and fonts (and pictures, where it has any) within the page.
 */
export function renderDocument(input: DocumentInput): string {
  const { title, kind, language, fonts, style, patterns = "", pictures = false, body } = input;
  const sheet = `${styleSheet(fonts)}${style}`;
  const hash = createHash("sha256").update(sheet).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}';${pictures ? " img-src data:;" : ""} font-src data:; base-uri 'none'; form-action 'none'`;
  const checked = (of: Language) => (of === language ? Html.trusted(" checked") : "");
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title[language]} · Contrechamp</title>
<style>${Html.trusted(sheet)}</style>
</head>
<body>
<input class="choice" type="radio" name="language" id="lang-en"${checked("en")}><input class="choice" type="radio" name="language" id="lang-fr"${checked("fr")}>
${patterns}
<header class="bar"><p><b>Contrechamp</b> <span class="muted">${both(kind.en, kind.fr)}</span></p>
<p class="languages"><label for="lang-en">English</label><label for="lang-fr">Français</label></p></header>
<main>
${body}
</main>
</body>
</html>
`.toString();
}
